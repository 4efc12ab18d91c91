//! `cargo xtask release --dry-run`: builds what is given away, the site, the page as one file and the npm package, and looks through it.

use crate::tools::{self, Need, prepare};
use crate::{Result, dist, notices, npm, pkg, process, root, single, slides, target};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What it is built with, and npm, which packs the package.
pub const NEEDS: &[&[Need]] = &[dist::NEEDS, pkg::NEEDS, &[Need::Node]];

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where it says which version the messages between an embed and its host have: the file, and what stands before and after the number.
const PROTOCOL: [(&str, &str, &str); 6] = [
    ("src/web/page/embed/letters.rs", "const VERSION: f64 = ", ".0;"),
    ("src/web/messages.d.ts", "with `postMessage`. Version ", "."),
    ("src/web/messages.d.ts", "separationPlayground: ", ";"),
    ("www/strings/en.json", "This page writes version ", "."),
    ("README.md", "figure.postMessage({ separationPlayground: ", ","),
    ("CHANGELOG.md", "carry a version of their own, now ", ":"),
];

/// What the site has beside copies of the folders in www/.
const SITE: [&str; 12] = [
    notices::NAME,
    single::NAME,
    "boot.js",
    "index.html",
    "page.css",
    "separation-engine.js",
    "separation-engine_bg.wasm",
    "separation-playground.js",
    "separation-playground_bg.wasm",
    "tokens.css",
    "tour.css",
    "worker.js",
];

/// What the npm package has beside the images.
const PACKAGE: [&str; 10] = [
    notices::NAME,
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "package.json",
    "separation_playground.d.ts",
    "separation_playground.js",
    "separation_playground_bg.wasm",
    "separation_playground_bg.wasm.d.ts",
    "snippets/separation-playground-HASH/src/web/bundled.js",
];

/// Folders of people and of builds, wherever they are; nobody else has a use for such a path.
const PRIVATE: [&str; 5] = ["/root/", "/home/", "/Users/", "/tmp/", r"C:\Users"];

/// Builds and checks; what publishes is left to a person.
///
/// # Errors
/// Without `--dry-run`, or if something in what was built is missing, too much, or not as it should be; all of it is named.
pub fn run(args: &[String]) -> Result {
    if args != ["--dry-run"] {
        return Err(by_hand());
    }
    let tools = prepare(&NEEDS.concat())?;
    dist::build(&tools)?;
    dist::weigh()?;
    pkg::fresh(&tools)?;
    check()
}

fn by_hand() -> String {
    let tarball = tarball();
    format!(
        "publishing is done by hand. cargo xtask release --dry-run builds and checks what is to be published; then:
  1. put the day into CHANGELOG.md's entry of {VERSION}, commit it, and name that commit: git tag v{VERSION}
  2. npm publish {}
  3. copy dist/ to a web server, as README.md says under \"Host it yourself\"; dist/{} is the page as one file",
        tarball.strip_prefix(root()).unwrap_or(&tarball).display(),
        single::NAME
    )
}

/// Where the package lies when it is packed.
fn tarball() -> PathBuf {
    target().join("npm").join(format!("separation-playground-{VERSION}.tgz"))
}

/// Looks through the site in dist/ and the package in pkg/, which it packs.
///
/// # Errors
/// With all that is wrong, a line each.
pub fn check() -> Result {
    let mut wrong = versions()?;
    let site = files(&dist::folder())?;
    wrong.extend(difference("dist/", &site, &expected_site()?));
    let packed = pack()?;
    wrong.extend(difference("the npm package", &packed, &expected_package()?));
    for (folder, names) in [(dist::folder(), site), (pkg::folder(), files(&pkg::folder())?)] {
        for name in names {
            let bytes = fs::read(folder.join(&name)).map_err(|why| format!("cannot read {name}: {why}"))?;
            wrong.extend(flaws(&name, &bytes).into_iter().map(|flaw| format!("{name} {flaw}")));
        }
    }
    if wrong.is_empty() {
        println!("version {VERSION}: the site, the page as one file and {} hold what they should", tarball().display());
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

/// Where versions disagree.
fn versions() -> Result<Vec<String>> {
    let read = |file: &str| fs::read_to_string(root().join(file)).map_err(|why| format!("cannot read {file}: {why}"));
    let mut wrong = Vec::new();
    let newest = enclosed(&read("CHANGELOG.md")?, "\n## [", "]").unwrap_or_default();
    if newest != VERSION {
        wrong.push(format!("CHANGELOG.md begins with {newest}, but this is {VERSION}"));
    }
    let mut first = None;
    for (file, before, after) in PROTOCOL {
        let version = enclosed(&read(file)?, before, after).ok_or(format!("{file} does not say the messages' version: {before}"))?;
        let (in_file, one) = first.get_or_insert((file, version.clone()));
        if *one != version {
            wrong.push(format!("the messages have version {one} in {in_file}, {version} in {file}"));
        }
    }
    Ok(wrong)
}

/// What stands between the first `before` in `text` and the next `after`.
fn enclosed(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(inside, _)| inside.to_owned())
}

/// What `there` lacks and has too much.
fn difference(what: &str, there: &BTreeSet<String>, expected: &BTreeSet<String>) -> Vec<String> {
    let missing = expected.difference(there).map(|name| format!("{what} lacks {name}"));
    missing.chain(there.difference(expected).map(|name| format!("{what} has {name}, which it should not"))).collect()
}

fn expected_site() -> Result<BTreeSet<String>> {
    let mut names: BTreeSet<_> = SITE.map(str::to_owned).into();
    for folder in ["data", "strings", "report", "slides"] {
        names.extend(files(&root().join("www").join(folder))?.iter().map(|name| format!("{folder}/{name}")));
    }
    names.extend(slides::PARTS.map(|(_, name)| format!("slides/reveal/{name}")));
    Ok(names)
}

fn expected_package() -> Result<BTreeSet<String>> {
    let mut names: BTreeSet<_> = PACKAGE.map(str::to_owned).into();
    names.extend(files(&root().join("www/data"))?.iter().map(|name| format!("data/{name}")));
    Ok(names)
}

/// The files below `folder`, by their paths in it.
fn files(folder: &Path) -> Result<BTreeSet<String>> {
    let mut paths = Vec::new();
    dist::list(folder, &mut paths)?;
    Ok(paths.iter().map(|path| path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/")).collect())
}

/// Packs pkg/ as npm publishes it; returns what is inside, HASH for wasm-bindgen's hash of a folder.
fn pack() -> Result<BTreeSet<String>> {
    let tarball = tarball();
    let folder = tarball.parent().expect("a file in a folder");
    fs::create_dir_all(folder).map_err(|why| format!("cannot make {}: {why}", folder.display()))?;
    let mut npm = npm::npm();
    npm.args(["pack", "./pkg", "--loglevel=error", "--pack-destination"]).arg(folder);
    process::run(npm.current_dir(root()).stdout(Stdio::null()))?;
    let listed = process::output(Command::new("tar").arg("-tzf").arg(&tarball)).ok_or(format!("tar cannot list {}", tarball.display()))?;
    let without_hash = |name: &str| {
        let is_hash = |part: &&str| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = name.split(['-', '/']).find(is_hash);
        hash.map_or(name.to_owned(), |hash| name.replace(hash, "HASH"))
    };
    Ok(listed.lines().filter_map(|line| line.strip_prefix("package/")).map(without_hash).collect())
}

/// What is wrong with the file `name`: paths of this machine, references to a source map, addresses elsewhere that a browser would load.
fn flaws(name: &str, bytes: &[u8]) -> Vec<String> {
    // What is packed by chance spells anything; of the one file, all parts are files of the site.
    if [".gz", ".png"].iter().any(|end| name.ends_with(end)) {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(bytes);
    let mut flaws = Vec::new();
    if name != single::NAME {
        let here = [root(), target(), tools::cargo_home()].map(|path| path.display().to_string());
        let private = PRIVATE.iter().copied().chain(here.iter().map(String::as_str));
        flaws.extend(private.filter(|path| text.contains(path)).map(|path| format!("names {path}: {}", around(&text, path))));
    }
    if text.contains("sourceMappingURL=") {
        flaws.push("refers to a source map".to_owned());
    }
    if name.ends_with(".html") {
        flaws.extend(foreign(&text).into_iter().map(|tag| format!("loads from elsewhere: <{tag}>")));
    }
    if name.ends_with(".css") && ["@import", "url(http", "url(\"http", "url('http", "url(//"].iter().any(|way| text.contains(way)) {
        flaws.push("loads from elsewhere".to_owned());
    }
    flaws
}

/// `part` in `text`, with what stands after it.
fn around(text: &str, part: &str) -> String {
    text.split_once(part).map_or_else(String::new, |(_, rest)| format!("{part}{}", rest.chars().take(60).collect::<String>()))
}

/// The tags in `page` with an address elsewhere that a browser would load; links that a reader follows are none.
fn foreign(page: &str) -> Vec<&str> {
    let loads = |tag: &&str| {
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let elsewhere = ["=\"http:", "=\"https:", "=\"//", "='http:", "='https:", "='//"].iter().any(|address| tag.contains(address));
        elsewhere && ["link", "script", "img", "iframe", "image", "use", "source", "video", "audio", "embed", "object"].contains(&name)
    };
    page.split('<').filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag).filter(loads).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changelog_has_this_version_and_all_that_name_the_messages_version_agree() {
        assert_eq!(versions(), Ok(Vec::new()));
    }

    #[test]
    fn what_is_missing_and_what_is_too_much_is_named() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let wrong = difference("x", &names(&["a", "map"]), &names(&["a", "b"]));
        assert_eq!(wrong, ["x lacks b", "x has map, which it should not"]);
    }

    #[test]
    fn paths_source_maps_and_addresses_elsewhere_are_found() {
        let found = |name: &str, text: &str| flaws(name, text.as_bytes()).len();
        assert_eq!(found("a.wasm", "\0asm cargo/registry/src/x.rs /rustc/59807616/library/core"), 0);
        assert_eq!(found("a.wasm", "\0asm/home/ada/.cargo/x.rs"), 1);
        assert_eq!(flaws("a.js", format!("\"{}/src\"", root().display()).as_bytes()).last().unwrap().split(' ').next(), Some("names"));
        assert_eq!(found("a.js", "//# sourceMappingURL=a.js.map"), 1);
        assert_eq!(found("a.css", "@import 'b.css'"), 1);
        assert_eq!(
            found("a.html", r#"<a href="https://doi.org/x">x</a><link rel="icon" href="data:,"><script src="./boot.js"></script>"#),
            0
        );
        for tag in [r#"<script src="https://x/y.js">"#, r#"<link rel="stylesheet" href="//x/y.css">"#, "<img src='http://x/y.png'>"] {
            assert_eq!(found("a.html", tag), 1, "{tag}");
        }
    }
}
