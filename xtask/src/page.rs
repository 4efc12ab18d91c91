//! The page, assembled by trunk.

use crate::tools::Tools;
use crate::{Result, notices, process, target};
use std::fs;
use std::path::Path;

/// Builds the page into `folder`.
///
/// # Errors
/// If trunk fails, or the licences of what is compiled in cannot be read.
pub fn build(tools: &Tools, folder: &Path) -> Result {
    // trunk copies whatever lies in wasm-bindgen's output, older snippets too.
    let _ = fs::remove_dir_all(target().join("wasm-bindgen"));
    let mut trunk = tools.command("trunk")?;
    trunk.args(["--log", "warn", "build", "--release", "--dist"]).arg(folder);
    // trunk reads NO_COLOR as true or false only; by convention any value means yes.
    process::run(trunk.env_remove("NO_COLOR"))?;
    notices::write(folder)
}
