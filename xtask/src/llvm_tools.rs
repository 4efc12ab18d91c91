//! llvm-profdata and llvm-cov of the LLVM that rustc is built on: rustup's, or where those cannot be had Debian's.

use crate::process;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder with both, if there is one.
pub fn folder() -> Option<PathBuf> {
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let rustup = Path::new(&sysroot).join("lib/rustlib").join(of_rustc("host")?).join("bin");
    let debian = Path::new("/usr/lib").join(debian_package()?).join("bin");
    let has = |folder: &PathBuf, program| folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)).is_file();
    [rustup, debian].into_iter().find(|folder| has(folder, "llvm-cov") && has(folder, "llvm-profdata"))
}

/// Tries the ordinary way.
pub fn try_rustup() -> bool {
    if process::find("rustup").is_none() {
        return false;
    }
    println!("installing rustup's llvm-tools: they read which lines ran");
    process::run(Command::new("rustup").args(["component", "add", "llvm-tools"])).is_ok() && folder().is_some()
}

/// Debian's package of rustc's version: the first number decides whether profiles can be read.
pub fn debian_package() -> Option<String> {
    let version = of_rustc("LLVM version")?;
    Some(format!("llvm-{}", version.split('.').next()?))
}

/// What `rustc -vV` says of itself under `key`.
fn of_rustc(key: &str) -> Option<String> {
    let text = process::output(Command::new("rustc").arg("-vV"))?;
    text.lines().find_map(|line| Some(line.strip_prefix(key)?.strip_prefix(": ")?.to_owned()))
}
