//! The example deck of the site: www/slides, with reveal.js beside it.

use crate::npm::REVEAL;
use crate::{Result, root};
use std::fs;
use std::path::Path;

/// What the deck takes of reveal.js, and where from in its package.
pub const PARTS: [(&str, &str); 4] = [
    ("dist/reveal.esm.js", "reveal.esm.js"),
    ("dist/reveal.css", "reveal.css"),
    ("dist/reset.css", "reset.css"),
    ("LICENSE", "LICENSE.txt"),
];

/// Copies the deck into `folder`.
///
/// # Errors
/// If a file cannot be read or written.
pub fn build(folder: &Path) -> Result {
    let reveal = folder.join("reveal");
    fs::create_dir_all(&reveal).map_err(|why| format!("cannot make {}: {why}", reveal.display()))?;
    for (from, to) in PARTS {
        let (from, to) = (REVEAL.folder().join("reveal.js").join(from), reveal.join(to));
        let text = fs::read_to_string(&from).map_err(|why| format!("cannot read {}: {why}", from.display()))?;
        // Its map is not here: developer tools would ask for it in vain.
        let text: String = text.split_inclusive('\n').filter(|line| !line.starts_with("//# sourceMappingURL=")).collect();
        fs::write(&to, text).map_err(|why| format!("cannot write {}: {why}", to.display()))?;
    }
    let deck = root().join("www/slides");
    for entry in fs::read_dir(&deck).map_err(|why| format!("cannot read {}: {why}", deck.display()))? {
        let file = entry.map_err(|why| why.to_string())?;
        copy(&file.path(), &folder.join(file.file_name()))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result {
    fs::copy(from, to).map(drop).map_err(|why| format!("cannot copy {} to {}: {why}", from.display(), to.display()))
}
