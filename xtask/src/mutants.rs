//! `cargo xtask mutants [FILE ...]`: cargo-mutants changes the arithmetic in one place at a time, and a change that no test notices is a failure.
//!
//! What cannot be noticed, and why, stands in `.cargo/mutants.toml`. The changes are made in a package that is laid out
//! anew in target/mutants: the files that are changed and their tests, all in one library, so that a change takes seconds to build and test.

use crate::tools::{Need, prepare};
use crate::{Result, process, root, target};
use std::fs;
use std::io;
use std::path::Path;

/// What is changed.
const CHANGED: [&str; 5] =
    ["src/collapse/**", "src/kernels/optimizer.rs", "src/kernels/softmax.rs", "src/network/schedule.rs", "src/separation/**"];
/// What the package is made of.
const SOURCES: [&str; 5] = ["src/collapse", "src/kernels", "src/network", "src/random.rs", "src/separation"];
const TESTS: [&str; 4] = ["collapse.rs", "golden", "layer_peeled.rs", "separation.rs"];
const LIBRARY: &str = "\
pub mod collapse;
pub mod network;
pub mod random;
pub mod separation;

#[cfg(test)]
extern crate self as separation_playground;
#[cfg(test)]
mod tests {
    mod collapse;
    mod layer_peeled;
    mod separation;
}
";
/// Of the dependencies, those that these files use.
const DEPENDENCIES: [&str; 7] = ["libm", "ndarray", "rand_chacha", "separation-kernels", "serde", "serde_bytes", "thiserror"];
const OF_TESTS: [&str; 3] = ["nalgebra", "proptest", "serde_json"];

/// The code that cargo-mutants ends with where tests have run out of time.
const TIMEOUT: i32 = 3;

/// What cargo-mutants never looks into, for most constructors only pass on; here they compute.
const CONSTRUCTOR: &str = "new";
/// The same, so that it does.
const FUNCTION: &str = "make";

/// Tests all mutants, or those of the files that are named.
pub fn run(args: &[String]) -> Result {
    if let Some(missing) = args.iter().find(|file| !root().join(file).is_file()) {
        return Err(format!("there is no file {missing}; name it as src/separation/law.rs"));
    }
    let tools = prepare(&[Need::Mutants])?;
    let work = target().join("mutants");
    let tree = work.join("tree");
    lay_out(&tree).map_err(|why| format!("cannot lay out {}: {why}", tree.display()))?;
    let mut mutants = tools.command("cargo-mutants")?;
    mutants.env_remove("RUSTUP_TOOLCHAIN").args(["mutants", "--workspace", "--in-place", "--colors", "never", "--dir"]).arg(&tree);
    mutants.arg("--config").arg(root().join(".cargo/mutants.toml")).arg("--output").arg(&work);
    let files: Vec<&str> = if args.is_empty() { CHANGED.to_vec() } else { args.iter().map(String::as_str).collect() };
    mutants.args(files.iter().flat_map(|file| ["--file", file]));
    // The same inputs each time, so that it is no chance whether a mutant survives; and no time for the smallest that fails.
    mutants.env("PROPTEST_RNG_SEED", "2023").env("PROPTEST_MAX_SHRINK_ITERS", "0").env("RUST_BACKTRACE", "0");
    mutants.env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "true");
    let status = mutants.status().map_err(|why| format!("cannot start {}: {why}", process::shown(&mutants)))?;
    let missed = work.join("mutants.out/missed.txt");
    // It fails where changes go round in circles, too; but these are noticed, by the time they take.
    let circles = status.code() == Some(TIMEOUT) && fs::read_to_string(&missed).is_ok_and(|names| names.is_empty());
    if status.success() || circles {
        return Ok(());
    }
    Err(format!("{} failed ({status}); {} says what no test noticed", process::shown(&mutants), missed.display()))
}

/// Makes the package, but for what cargo has built there before.
fn lay_out(tree: &Path) -> io::Result<()> {
    if tree.join("src").exists() {
        fs::remove_dir_all(tree.join("src"))?;
    }
    SOURCES.iter().try_for_each(|file| copy(&root().join(file), &tree.join(file)))?;
    TESTS.iter().try_for_each(|file| copy(&root().join("tests").join(file), &tree.join("src/tests").join(file)))?;
    fs::copy(root().join("Cargo.lock"), tree.join("Cargo.lock"))?;
    fs::write(tree.join("Cargo.toml"), package(&fs::read_to_string(root().join("Cargo.toml"))?))?;
    fs::write(tree.join("src/lib.rs"), LIBRARY)?;

    let sources = sources(&tree.join("src"))?;
    let mut types: Vec<String> = Vec::new();
    for file in &sources {
        types.extend(constructed(&fs::read_to_string(file)?).map(String::from));
    }
    for file in &sources {
        fs::write(file, without_constructors(&fs::read_to_string(file)?, &types))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_dir() {
        return fs::read_dir(from)?.try_for_each(|entry| entry.and_then(|entry| copy(&entry.path(), &to.join(entry.file_name()))));
    }
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    // Not when it was written: cargo would take it for built.
    fs::write(to, fs::read(from)?)
}

/// The .rs files under `folder`.
fn sources(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}

/// The types of which a file has a constructor.
fn constructed(source: &str) -> impl Iterator<Item = &str> {
    let mut of = "";
    source.lines().filter_map(move |line| {
        if let Some(head) = line.strip_prefix("impl") {
            let name = head.trim_end_matches(" {").rsplit(' ').next().unwrap_or_default();
            of = name.split('<').next().unwrap_or_default();
        }
        line.trim_start()
            .trim_start_matches("pub(super) ")
            .trim_start_matches("pub ")
            .starts_with(&format!("fn {CONSTRUCTOR}"))
            .then_some(of)
    })
}

/// `source` with the constructors of these types as functions of another name.
fn without_constructors(source: &str, types: &[String]) -> String {
    let calls = types.iter().map(String::as_str).chain(["Self"]);
    let source =
        calls.fold(source.to_owned(), |text, name| text.replace(&format!("{name}::{CONSTRUCTOR}"), &format!("{name}::{FUNCTION}")));
    source.replace(&format!("fn {CONSTRUCTOR}"), &format!("fn {FUNCTION}"))
}

/// The package's manifest, from this one's: quick to build, with tests that are not slow.
fn package(manifest: &str) -> String {
    let section = |name: &str| manifest.split("\n[").find_map(|section| section.strip_prefix(&format!("{name}]\n"))).unwrap_or_default();
    let of = |name: &str, wanted: &[&str]| {
        let lines = section(name).lines().filter(|line| wanted.contains(&line.split(' ').next().unwrap_or_default()));
        format!("[{name}]\n{}\n\n", lines.collect::<Vec<_>>().join("\n"))
    };
    [
        "[workspace]\nmembers = [\"src/kernels\"]\n\n[workspace.lints]\n\n[workspace.package]\nversion = \"0.0.0\"\n\n",
        "[package]\nname = \"separation-playground\"\nversion.workspace = true\nedition = \"2024\"\n\n[lib]\ndoctest = false\n\n",
        &of("dependencies", &DEPENDENCIES),
        &of("dev-dependencies", &OF_TESTS),
        "[profile.dev]\nopt-level = 1\ndebug = false\n\n[profile.dev.package.\"*\"]\nopt-level = 3\n",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_has_the_dependencies_of_its_files_and_no_others() {
        let manifest = "[package]\nname = \"x\"\n\n[dependencies]\nndarray = \"0.17\" # every matrix\nplotters = \"0.3\"\n\n[dev-dependencies]\nproptest = \"1\"\n";
        let package = package(manifest);
        assert!(
            package.contains("[dependencies]\nndarray = \"0.17\" # every matrix\n\n[dev-dependencies]\nproptest = \"1\"\n"),
            "{package}"
        );
    }

    #[test]
    fn constructors_become_functions_and_others_stay() {
        let source = "impl<'a> Sums<'a> {\n    pub fn new<T>(x: T) -> Self {\n        Self::of(Vec::new(), x)\n    }\n}\n\nfn f() -> Sums {\n    Sums::new(1)\n}\n";
        let types: Vec<_> = constructed(source).map(String::from).collect();
        assert_eq!(types, ["Sums"]);
        let expected = source.replace("pub fn new<", "pub fn make<").replace("Sums::new(", "Sums::make(");
        assert_eq!(without_constructors(source, &types), expected);
    }
}
