//! `cargo xtask audit`: the dependencies' licences, sources and known holes.
//!
//! Licences and sources stand in Cargo.lock and in what cargo has downloaded. Holes stand in two lists elsewhere, RustSec's on GitHub and the
//! npm registry's; a machine that cannot ask them is told so and not failed, for nothing that the project could change is wrong then.

use crate::npm::{BINARYEN, ESBUILD, PLAYWRIGHT, REVEAL, VITE, npm};
use crate::tools::{Need, prepare};
use crate::{Result, no_arguments, process};
use std::process::{Command, Stdio};

/// Checks Cargo.lock against deny.toml, and the npm packages that build and test the page against the registry's list of holes.
pub fn run(args: &[String]) -> Result {
    no_arguments("audit", args)?;
    let tools = prepare(&[Need::Deny, Need::Node, Need::WasmOpt, Need::Esbuild, Need::Playwright, Need::Vite, Need::Reveal])?;
    let deny = |args: &[&str]| -> Result<Command> {
        let mut deny = tools.command("cargo-deny")?;
        deny.arg("--workspace").args(args);
        Ok(deny)
    };
    process::run(&mut deny(&["check", "licenses", "bans", "sources"])?)?;
    let mut unknown = Vec::new();
    if process::succeeds(&mut deny(&["fetch", "db"])?) {
        process::run(&mut deny(&["--offline", "check", "advisories"])?)?;
    } else {
        unknown.push("crates: RustSec's list cannot be reached".to_owned());
    }
    for packages in [&BINARYEN, &ESBUILD, &PLAYWRIGHT, &VITE, &REVEAL].into_iter().filter(|packages| packages.are_here()) {
        let mut audit = npm();
        audit.args(["audit", "--no-package-lock", "--json", "--prefix"]).arg(packages.home());
        let answer = audit.stderr(Stdio::null()).output().map_err(|why| format!("cannot start npm: {why}"))?;
        let report = String::from_utf8_lossy(&answer.stdout);
        match () {
            () if !report.contains("\"auditReportVersion\"") => {
                unknown.push(format!("{}: the registry answers no audits", packages.name()))
            }
            () if answer.status.success() => println!("{}: no known holes", packages.name()),
            () => return Err(format!("npm audit finds known holes in {}:\n{report}", packages.name())),
        }
    }
    unknown.iter().for_each(|what| println!("not known whether there are holes in {what}"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::root;
    use std::fs;

    /// The dependencies in a Cargo.toml that do not say in a comment on their last line what they are for.
    fn without_a_reason(manifest: &str) -> Vec<&str> {
        let mut wrong = Vec::new();
        let mut in_dependencies = false;
        let mut name = None;
        for line in manifest.lines() {
            if line.starts_with('[') {
                in_dependencies = line.trim_end().ends_with("dependencies]");
            }
            let begins = line.split_once('=').filter(|(key, _)| key.starts_with(|first: char| first.is_ascii_alphabetic()));
            if let Some((key, _)) = begins.filter(|_| in_dependencies) {
                name = Some(key.trim());
            }
            // The values here are strings and tables of strings, none with a sign of a comment in it.
            let (value, reason) = line.split_once('#').unwrap_or((line, ""));
            let ends =
                !value.trim().is_empty() && value.matches('[').count() <= value.matches(']').count() && !value.trim_end().ends_with(',');
            if ends && reason.trim().is_empty() {
                wrong.extend(name.take());
            } else if ends {
                name = None;
            }
        }
        wrong
    }

    #[test]
    fn a_dependency_without_a_comment_is_found_over_many_lines_too() {
        let manifest = "[package]\nname = \"x\"\n\n[dependencies]\na = \"1\" # does this\nb = \"1\"\nc = { features = [\n  \"d\",\n  \"e\",\n] }\n\
                        f = { features = [\n  \"g\",\n] } # does that\n\n[target.'cfg(unix)'.dev-dependencies]\nh = \"1\" #\n\n[lints]\ni = \"1\"\n";
        assert_eq!(without_a_reason(manifest), ["b", "c", "h"]);
    }

    #[test]
    fn every_dependency_says_what_it_is_for() {
        let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
        let members = workspace.lines().find(|line| line.starts_with("members")).unwrap().split('"').skip(1).step_by(2);
        for folder in members.chain([""]) {
            let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
            assert_eq!(without_a_reason(&manifest), [""; 0], "in {folder}/Cargo.toml do not say what they are for");
        }
    }
}
