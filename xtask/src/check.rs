//! `cargo xtask check`: everything that must hold beside the tests, natively and for wasm32.

use crate::tools::{Need, prepare};
use crate::wasm_toolchain::TARGET;
use crate::{Result, no_arguments, process, root};
use std::process::Command;

/// Formatting, lints, documentation; the first that fails ends it.
pub fn run(args: &[String]) -> Result {
    no_arguments("check", args)?;
    let native = |args: &[&str]| {
        let mut cargo = Command::new("cargo");
        cargo.args(args).current_dir(root());
        cargo
    };
    process::run(&mut native(&["fmt", "--all", "--check"]))?;
    let lints = ["--", "-D", "warnings"];
    process::run(native(&["clippy", "--quiet", "--workspace", "--features", "xtask/data", "--all-targets"]).args(lints))?;

    let tools = prepare(&[Need::Wasm, Need::WasmClippy])?;
    let browser = |args: &[&str]| {
        let mut cargo = tools.command("cargo")?;
        cargo.args(args).args(["--target", TARGET]);
        Ok::<_, String>(cargo)
    };
    process::run(browser(&["clippy", "--quiet", "--package", "separation-playground"])?.args(lints))?;
    process::run(
        browser(&["clippy", "--quiet", "--package", "separation-playground", "--lib", "--no-default-features", "--features", "api"])?
            .args(lints),
    )?;
    process::run(browser(&["clippy", "--quiet", "--package", "web-tests", "--tests"])?.args(lints))?;

    process::run(native(&["doc", "--quiet", "--workspace", "--features", "xtask/data", "--no-deps"]).env("RUSTDOCFLAGS", "-Dwarnings"))?;
    let mut documentation = browser(&["doc", "--quiet", "--package", "separation-playground", "--no-deps"])?;
    // The variable replaces the flags of .cargo/config.toml.
    process::run(documentation.env("RUSTDOCFLAGS", "-Dwarnings -Ctarget-feature=+simd128"))
}
