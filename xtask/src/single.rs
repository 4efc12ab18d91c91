//! The page as one file: everything that it loads stands in it, packed, and its policy names each script and style by its hash.
//!
//! The site has it as single.html. There the page's own button finds it, and writes into it what the reader wants it to carry: this is the
//! only place where it is put together.

use crate::{Result, notices, root};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

// The page spells too: what a saved file carries beside this.
#[path = "../../src/web/page/spelling.rs"]
mod spelling;
use spelling::letters;

/// Its name in the site.
pub const NAME: &str = "single.html";

/// What it fetches on a server, besides the strings: all languages' are in it.
const PARTS: [&str; 7] = [
    "separation-playground_bg.wasm",
    "separation-engine_bg.wasm",
    "data/fashion-mnist-10x10/train-images-idx3-ubyte.gz",
    "data/fashion-mnist-10x10/train-labels-idx1-ubyte.gz",
    "data/fashion-mnist-10x10/test-images-idx3-ubyte.gz",
    "data/fashion-mnist-10x10/test-labels-idx1-ubyte.gz",
    "report/report.json",
];

/// Its styles, in their order.
const STYLES: [&str; 3] = ["tokens.css", "page.css", "tour.css"];

/// What scripts of the site say, and the one file's instead: parts stand beside each other there, and are one script here. The worker's is
/// no module: on a page from disk Chromium refuses those.
const CHANGES: [(&str, &str, &str); 4] = [
    ("boot.js", r#"import("./separation-playground.js")"#, "Promise.resolve({ default: __wbg_init })"),
    ("worker.js", "import { initSync } from \"./separation-engine.js\";\n", ""),
    ("separation-engine.js", "export { initSync, __wbg_init as default };\n", ""),
    ("separation-engine.js", "import.meta.url", "location.href"),
];

/// Writes the one file of `site` into it, its scripts and styles as `shrink` gives them: of which kind, "js" or "css", and the text.
///
/// # Errors
/// If the site lacks a part, one is not as it is expected to be, or `shrink` fails.
pub fn write(site: &Path, shrink: impl Fn(&str, &str) -> Result<String>) -> Result {
    let file = site.join(NAME);
    fs::write(&file, assemble(site, &shrink)?).map_err(|why| format!("cannot write {}: {why}", file.display()))
}

fn assemble(site: &Path, shrink: &dyn Fn(&str, &str) -> Result<String>) -> Result<String> {
    let text = |name: &str| String::from_utf8(read(&site.join(name))?).map_err(|why| format!("{name}: {why}"));
    let styles = shrink("css", &STYLES.map(text).into_iter().collect::<Result<String>>()?)?;
    let script = |name: &str| {
        CHANGES.iter().filter(|change| change.0 == name).try_fold(text(name)?, |script, (_, from, to)| {
            let once = script.matches(from).count() == 1;
            if once { Ok(script.replace(from, to)) } else { Err(format!("{name} has not one {from}")) }
        })
    };
    let host = String::from_utf8(read(&root().join("www/single.js"))?).map_err(|why| why.to_string())?;
    // In blocks: the names of one script are not those of the other.
    let both = |first: &str, second: &str| {
        let text = format!("{}\n{{\n{}\n}}\n", script(first)?, script(second)?);
        shrink("js", &text)
    };
    let module = both("separation-playground.js", "boot.js")?;
    let worker = both("separation-engine.js", "worker.js")?;
    if host.contains("</script") || host.contains("<!--") {
        return Err("single.js holds what would end a script of HTML".into());
    }

    let mut tail = String::new();
    let mut part = |name: &str, text: &str| tail += &format!("<script type=\"text/plain\" data-file=\"{name}\">{text}</script>\n");
    // Before them all stands what a browser without scripts shows.
    let page = text("index.html")?;
    let (head, rest) = page.split_once("<body>").ok_or("index.html has no <body>")?;
    let (body, _) = rest.rsplit_once("</body>").ok_or("index.html has no </body>")?;
    let (_, rest) = body.split_once("<noscript>").ok_or("index.html has no <noscript>")?;
    let (noscript, _) = rest.split_once("</noscript>").ok_or("index.html has no </noscript>")?;
    part("body.html", &letters(&gzipped(body.as_bytes())?));
    part("page.css", &letters(&gzipped(styles.as_bytes())?));
    part("module.js", &letters(&gzipped(module.as_bytes())?));
    part("worker.js", &letters(&gzipped(worker.as_bytes())?));
    let mut languages = fs::read_dir(site.join("strings"))
        .map_err(|why| format!("cannot read strings/: {why}"))?
        .flatten()
        .map(|file| format!("strings/{}", file.file_name().to_string_lossy()))
        .collect::<Vec<_>>();
    languages.sort();
    for name in languages.iter().map(String::as_str).chain(PARTS) {
        let bytes = read(&site.join(name))?;
        part(name, &letters(&if name.ends_with(".gz") { bytes } else { gzipped(&bytes)? }));
    }
    let notices = text(notices::NAME)?;
    if notices.contains("-->") || notices.contains("--!>") {
        return Err(format!("{} holds what would end a comment of HTML", notices::NAME));
    }
    // Before the host, which keeps what stands before it for the copies that the page saves.
    tail += &format!("<!--\n{notices}-->\n");
    tail += "<script type=\"application/json\" id=\"carried\">{}</script>\n";
    // The host, last in the document, unpacks body, styles and module and puts them in their places.
    tail += &format!("<script>{host}</script>\n");

    let policy = format!(
        "default-src 'none'; script-src '{}' '{}' 'wasm-unsafe-eval'; style-src '{}'; img-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'",
        hash(&host),
        hash(&module),
        hash(&styles)
    );
    let head = between(head, r#"http-equiv="Content-Security-Policy" content=""#, r#"">"#, &policy)?;
    let mut head = tag(&head, "boot.js", "")?;
    for name in STYLES {
        head = tag(&head, name, "")?;
    }
    Ok(format!("{head}<body>\n<noscript>{noscript}</noscript>\n{tail}</body>\n</html>\n"))
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).map_err(|why| format!("cannot read {}: {why}", file.display()))
}

/// `page` with what stands between `from` and the next `to` replaced.
fn between(page: &str, from: &str, to: &str, by: &str) -> Result<String> {
    let missing = || format!("index.html has no {from}...{to}");
    let (head, rest) = page.split_once(from).ok_or_else(missing)?;
    let (_, tail) = rest.split_once(to).ok_or_else(missing)?;
    Ok(format!("{head}{from}{by}{to}{tail}"))
}

/// `page` with the one tag, `<script>` with its end, that names `file` replaced.
fn tag(page: &str, file: &str, by: &str) -> Result<String> {
    let missing = || format!("index.html has no one tag for {file}");
    let [head, tail] = page.split(&format!("/{file}\"")).collect::<Vec<_>>()[..] else { return Err(missing()) };
    let head = &head[..head.rfind('<').ok_or_else(missing)?];
    let tail = tail.split_once('>').ok_or_else(missing)?.1;
    Ok(format!("{head}{by}{}", tail.strip_prefix("</script>").unwrap_or(tail)))
}

/// As small as gzip gets: this is written once and carried about.
fn gzipped(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, bytes, &mut packed).map_err(|why| format!("cannot pack: {why}"))?;
    Ok(packed)
}

/// A source of Content-Security-Policy: the hash of an inline script or style.
fn hash(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text)))
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().chain([&0, &0]).take(3).fold(0u32, |word, &byte| word << 8 | u32::from(byte));
        let letter = |at: usize| if at <= chunk.len() { char::from(LETTERS[(word >> (18 - 6 * at)) as usize & 63]) } else { '=' };
        text.extend((0..4).map(letter));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        let known = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        assert_eq!((0..=6).map(|length| base64(&b"foobar"[..length])).collect::<Vec<_>>(), known);
    }

    #[test]
    fn hashes_are_those_that_browsers_compute() {
        // The example of Content Security Policy Level 2.
        assert_eq!(hash("alert('Hello, world.');"), "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    }

    #[test]
    fn tags_go_with_their_ends() {
        let page = r#"<a><script type="module" src="./x.js"></script><b>"#;
        assert_eq!(tag(page, "x.js", "<c>"), Ok("<a><c><b>".to_owned()));
        assert!(tag(page, "y.js", "").is_err());
        assert_eq!(between("a[x]b", "[", "]", "y"), Ok("a[y]b".to_owned()));
    }
}
