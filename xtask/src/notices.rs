//! THIRD-PARTY.txt: whose work the compiled modules hold, and on what terms.
//!
//! Such licences ask for one thing: that their notice goes with every copy. So the site, the page as one file and the npm package carry it.

use crate::wasm_toolchain::TARGET;
use crate::{Result, process, root, tools};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Its name in the site and in the package.
pub const NAME: &str = "THIRD-PARTY.txt";

const HEAD: &str = "\
What the WebAssembly here, and the JavaScript that goes with it, is made of: this project's own code, Rust's standard library, and
packages of other people's. Their licences follow the list; where a package leaves the choice, it is taken under the MIT licence.
Images and slides have their licences beside them, in data/ and slides/reveal/.

";

/// Packages whose archive has no licence's text, only a link to one that was left out, and the one of the same author's that has it.
const LENT: [(&str, &str); 3] =
    [("plotters", "plotters-canvas"), ("plotters-backend", "plotters-canvas"), ("plotters-svg", "plotters-canvas")];

/// A package that is compiled in.
#[derive(Debug, PartialEq, Eq)]
struct Package {
    name: String,
    version: String,
    /// SPDX.
    licence: String,
    repository: String,
}

/// The list and the licences.
///
/// # Errors
/// If cargo cannot list the packages, or their sources cannot be read.
pub fn text() -> Result<String> {
    let mut tree = Command::new("cargo");
    tree.args(["tree", "--quiet", "--locked", "--package", "separation-playground", "--target", TARGET]);
    tree.args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--no-dedupe", "--format", "{p}|{l}|{r}"]);
    let listed = process::output(tree.current_dir(root())).ok_or("cargo tree does not list what the modules are made of")?;
    let own = fs::read_to_string(root().join("LICENSE-MIT")).map_err(|why| format!("cannot read LICENSE-MIT: {why}"))?;

    let packages = packages(&listed);
    let mut text = HEAD.to_owned();
    let mut licences = Licences::default();
    let _ = writeln!(text, "separation-playground {}: MIT OR Apache-2.0", env!("CARGO_PKG_VERSION"));
    licences.add("separation-playground", &own);
    // It is no package that could be read here; its MIT licence has the words of this project's.
    let _ = writeln!(text, "std: MIT OR Apache-2.0, https://github.com/rust-lang/rust");
    let (_, words) = split(&own);
    licences.add("std", &format!("Copyright (c) The Rust Project Contributors\n\n{words}"));
    for Package { name, version, licence, repository } in &packages {
        let _ = writeln!(text, "{name} {version}: {licence}, {repository}");
        let lender = LENT.iter().find(|(lent, _)| lent == name).map_or(name.as_str(), |&(_, lender)| lender);
        let Some(from) = packages.iter().find(|package| package.name == lender) else { return Err(format!("{lender} is not compiled in")) };
        for file in files(&tools::sources(&from.name, &from.version)?)? {
            licences.add(name, &fs::read_to_string(&file).map_err(|why| format!("cannot read {}: {why}", file.display()))?);
        }
    }
    Ok(text + &licences.text())
}

/// Writes it into `folder`.
///
/// # Errors
/// As `text`.
pub fn write(folder: &Path) -> Result {
    fs::write(folder.join(NAME), text()?).map_err(|why| format!("cannot write {NAME}: {why}"))
}

/// What `cargo tree` listed, once each, without this repository's own.
fn packages(listed: &str) -> Vec<Package> {
    let mut lines: Vec<&str> = listed.lines().filter(|line| !line.contains(" (")).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
        .iter()
        .filter_map(|line| {
            let [package, licence, repository] = line.split('|').collect::<Vec<_>>()[..] else { return None };
            let (name, version) = package.split_once(" v")?;
            let [name, version, licence, repository] = [name, version, licence, repository].map(str::to_owned);
            Some(Package { name, version, licence, repository })
        })
        .collect()
}

/// The licences in `folder` that count: MIT's where it is offered.
fn files(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|why| format!("cannot read {}: {why}", folder.display()))?;
    let named = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| named(path).starts_with("LICEN")).collect();
    files.sort();
    let offered = files.iter().find(|path| named(path).contains("MIT")).cloned();
    Ok(offered.map_or(files, |mit| vec![mit]))
}

/// Licences of many packages, each text once.
#[derive(Default)]
struct Licences {
    /// By the words without their line breaks: whose they are, of which packages, and the text.
    texts: BTreeMap<String, (Vec<String>, Vec<String>, String)>,
}

impl Licences {
    fn add(&mut self, name: &str, licence: &str) {
        let (holders, words) = split(licence);
        let key = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let (whose, of, _) = self.texts.entry(key).or_insert_with(|| (Vec::new(), Vec::new(), words));
        whose.extend(holders);
        of.push(name.to_owned());
    }

    fn text(self) -> String {
        let mut text = String::new();
        for (mut whose, of, words) in self.texts.into_values() {
            whose.sort();
            whose.dedup();
            let parts = ["=".repeat(80), of.join(", "), whose.join("\n"), words.trim().to_owned()];
            text.extend(parts.iter().filter(|part| !part.is_empty()).map(|part| format!("\n{part}\n")));
        }
        text
    }
}

/// Whose an MIT licence is, if it begins by saying so, and its words; of other licences all is words.
fn split(licence: &str) -> (Vec<String>, String) {
    let words = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let Some(at) = licence.find("Permission is hereby granted") else { return (Vec::new(), words(licence)) };
    let is_title = |line: &str| line.is_empty() || (line.len() < 40 && line.to_lowercase().contains("license"));
    let mut holders: Vec<String> = Vec::new();
    for line in licence[..at].lines().map(str::trim).filter(|line| !is_title(line)) {
        match holders.last_mut() {
            _ if line.starts_with("Copyright") => holders.push(line.to_owned()),
            Some(last) => *last += &format!(" {line}"),
            None => return (Vec::new(), words(licence)),
        }
    }
    (holders, words(&licence[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_listed_once_and_this_repositorys_own_are_not() {
        let listed = "own v0.1.0 (/here)|MIT|\nlibm v0.2.16|MIT|https://x\nash v1.0+2|MIT|https://y\nlibm v0.2.16|MIT|https://x";
        let packages: Vec<_> = packages(listed).into_iter().map(|package| format!("{}-{}", package.name, package.version)).collect();
        assert_eq!(packages, ["ash-1.0+2", "libm-0.2.16"]);
    }

    #[test]
    fn licences_that_differ_in_holder_title_and_line_breaks_stand_once_with_every_holder() {
        let mut licences = Licences::default();
        licences.add("a", "MIT License\n\nCopyright (c) A\n\nPermission is hereby granted,\nfree.");
        licences.add("b", "Copyright 2020 B\n  and others\nCopyright 2021 A\n\nPermission is hereby granted, free.\n");
        licences.add("c", "All of this.\n\nPermission is hereby granted. Copyright (c) C");
        let text = licences.text();
        assert_eq!(text.matches("Permission").count(), 2);
        assert!(
            text.contains("a, b\n\nCopyright (c) A\nCopyright 2020 B and others\nCopyright 2021 A\n\nPermission is hereby granted"),
            "{text}"
        );
        assert!(
            text.contains("All of this.\n\nPermission is hereby granted. Copyright (c) C\n"),
            "a text that begins otherwise stays whole: {text}"
        );
    }

    #[test]
    fn what_the_modules_are_made_of_has_its_licence() {
        let text = text().unwrap();
        let (list, licences) = text.split_once("====").unwrap();
        assert!(list.contains("\nplotters 0.") && list.contains("\nstd: "), "{list}");
        let licensed: Vec<&str> = licences.split(['\n', ',']).map(str::trim).collect();
        for name in list.lines().filter(|line| line.contains("http")).filter_map(|line| line.split([' ', ':']).next()) {
            // Of profiling only macros that expand to nothing are used, and its archive has no licence's text.
            assert!(licensed.contains(&name) || name == "profiling", "{name} has no licence's text");
        }
        assert!(licences.split("====").all(|licence| licence.is_empty() || licence.len() > 300), "a licence is longer: {licences}");
    }
}
