//! A Rust toolchain that builds for wasm32-unknown-unknown: rustup's, or where that cannot be had one made from Debian's packages.

use crate::{Result, debian, process, target, tools};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub const TARGET: &str = "wasm32-unknown-unknown";
/// rustup's name for Debian's Rust, linked.
const DEBIAN: &str = "debian-wasm";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";

/// What builds for wasm32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The one that runs this.
    Current,
    /// Debian's, with the standard library that `build_std` made.
    Debian,
}

impl Toolchain {
    /// Makes `command` use this toolchain.
    pub fn apply(self, command: &mut Command) {
        // Set by the cargo that runs this; tools that heed it would mix two toolchains.
        command.env_remove("CARGO");
        if self == Self::Debian {
            command.env("RUSTUP_TOOLCHAIN", DEBIAN);
        }
    }

    fn rustc(self) -> Command {
        let mut rustc = Command::new("rustc");
        self.apply(&mut rustc);
        rustc
    }
}

/// Whether WASM_TOOLCHAIN asks for Debian's way.
///
/// # Errors
/// If it has another value.
fn debian_is_asked_for() -> Result<bool> {
    match std::env::var("WASM_TOOLCHAIN").as_deref() {
        Err(_) | Ok("") => Ok(false),
        Ok("debian") => Ok(true),
        Ok(other) => Err(format!("WASM_TOOLCHAIN is {other}; it may be \"debian\" or unset")),
    }
}

/// The toolchain that is ready to be used, if there is one. Takes some 50 ms, downloads nothing.
///
/// # Errors
/// If WASM_TOOLCHAIN is wrong.
pub fn ready() -> Result<Option<Toolchain>> {
    if !debian_is_asked_for()? && has_std(&mut Toolchain::Current.rustc()) {
        return Ok(Some(Toolchain::Current));
    }
    let linked = process::output(Toolchain::Debian.rustc().args(["--print", "sysroot"])).is_some_and(|root| root == "/usr");
    Ok((linked && has_std(&mut Toolchain::Debian.rustc()) && !tells_of_home()).then_some(Toolchain::Debian))
}

/// Whether `rustc` finds a standard library of its own version for wasm32: it compiles an empty crate.
fn has_std(rustc: &mut Command) -> bool {
    process::succeeds(rustc.args(["--target", TARGET, "--crate-type", "lib", "--emit", "metadata", "-o", "-", "-"]))
}

/// Whether the standard library in Debian's Rust has panics that say where this machine keeps the sources of crates: older ones were built so.
fn tells_of_home() -> bool {
    let home = tools::cargo_home();
    let rlibs = fs::read_dir(format!("/usr/lib/rustlib/{TARGET}/lib")).into_iter().flatten().flatten();
    // Of those that come from crates.io, hashbrown is the one whose panics reach the modules.
    let mut hashbrown = rlibs.filter(|file| file.file_name().to_string_lossy().starts_with("libhashbrown-"));
    hashbrown.any(|file| fs::read(file.path()).is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(&*home.to_string_lossy())))
}

/// Tries the ordinary way: rustup's prebuilt standard library.
///
/// # Errors
/// If WASM_TOOLCHAIN is wrong.
pub fn try_rustup() -> Result<bool> {
    if debian_is_asked_for()? || process::find("rustup").is_none() {
        return Ok(false);
    }
    println!("installing rustup's {TARGET}: the page is WebAssembly");
    Ok(process::run(Command::new("rustup").args(["target", "add", TARGET])).is_ok() && has_std(&mut Toolchain::Current.rustc()))
}

/// Debian's packages that `build_std` works with and that are missing, with the reason why.
pub fn debian_packages() -> Option<(&'static str, &'static str)> {
    let source = Path::new("/usr/lib/rustlib/src/rust/library/std/Cargo.toml");
    let complete = [Path::new(DEBIAN_RUSTC), Path::new(DEBIAN_CARGO), source].iter().all(|file| file.exists());
    (!complete || linker().is_none()).then_some((
        "rustc-web cargo-web rust-web-src rust-web-llvm lld-22",
        "Rust and the source of its standard library, to build it for WebAssembly",
    ))
}

/// Debian's linker for WebAssembly. `rust-lld` is a link into another package, so it may lead nowhere.
fn linker() -> Option<PathBuf> {
    fs::canonicalize("/usr/bin/rust-lld").ok()
}

/// Debian's package with the lints, if it is missing.
pub fn debian_clippy() -> Option<(&'static str, &'static str)> {
    (!Path::new("/usr/bin/cargo-clippy").exists()).then_some(("rust-web-clippy", "lints for the WebAssembly half"))
}

/// Builds the standard library for wasm32 from Debian's source, puts it into Debian's Rust and names that to rustup.
///
/// # Errors
/// If a step fails; what was there before is then still in place.
pub fn build_std() -> Result {
    if !has_std(&mut Command::new(DEBIAN_RUSTC)) || tells_of_home() {
        println!("building Rust's standard library for {TARGET} from Debian's source (about a minute)");
        let work = tools::cache().join("std-for-wasm");
        let built = compile_std(&work)?;
        install_std(&built)?;
        let _ = fs::remove_dir_all(&work);
        // cargo does not notice that the standard library is another one.
        let _ = fs::remove_dir_all(target().join(TARGET));
    }
    let name = ["toolchain", "link", DEBIAN, "/usr"];
    process::run(Command::new("rustup").args(name)).map_err(|why| format!("{why}; Debian's Rust is used through rustup"))
}

/// Compiles the standard library as the dependency of an empty crate in `work`; returns the folder of its rlibs.
fn compile_std(work: &Path) -> Result<PathBuf> {
    let manifest = "[package]\nname = \"std-for-wasm\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n";
    let file = |name: &str, text: &str| fs::write(work.join(name), text).map_err(|why| format!("cannot write {name}: {why}"));
    let _ = fs::remove_dir_all(work);
    fs::create_dir_all(work.join("src")).map_err(|why| format!("cannot make {}: {why}", work.display()))?;
    file("Cargo.toml", manifest)?;
    file("src/lib.rs", "#![no_std]")?;
    let mut cargo = Command::new(DEBIAN_CARGO);
    cargo.args(["build", "--quiet", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro"]);
    // Debian's cargo and rustc alone, not rustup's proxies; -Z on a stable toolchain; without embedded bitcode lto = true fails later.
    let flags = ["-Cembed-bitcode=yes".to_owned()].into_iter().chain(tools::without_home()).collect::<Vec<_>>().join(" ");
    cargo.env("PATH", "/usr/bin:/bin").env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", flags);
    cargo.env("CARGO_TARGET_DIR", work.join("target")).env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3");
    for set_by_the_cargo_that_runs_this in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTC", "CARGO_ENCODED_RUSTFLAGS"] {
        cargo.env_remove(set_by_the_cargo_that_runs_this);
    }
    process::run(cargo.current_dir(work))?;
    Ok(work.join("target").join(TARGET).join("release/deps"))
}

/// Copies the rlibs in `built` into Debian's Rust, all or none.
fn install_std(built: &Path) -> Result {
    let script = r#"set -e
        rm -rf "$2.new"; mkdir -p "$2.new/lib"; cp "$1"/*.rlib "$2.new/lib/"; rm -f "$2.new"/lib/libstd_for_wasm-*
        chmod -R a+rX "$2.new"; rm -rf "$2"; mv "$2.new" "$2""#;
    let home = format!("/usr/lib/rustlib/{TARGET}");
    process::run(debian::as_root("sh")?.args(["-c", script, "install-std"]).arg(built).arg(home).stdin(Stdio::null()))
        .map_err(|_| format!("cannot copy the standard library to /usr/lib/rustlib/{TARGET}"))
}
