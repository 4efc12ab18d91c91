//! `cargo xtask pkg`: the npm package, without the page and its drawings.

use crate::tools::{Need, Tools, prepare};
use crate::wasm_toolchain::TARGET;
use crate::{Result, dist, no_arguments, notices, process, root, target};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// What builds the package.
pub const NEEDS: &[Need] = &[Need::Wasm, Need::Bindgen, Need::WasmOpt];
/// As npm users import it.
const MODULE: &str = "separation_playground";
/// What the module may weigh, gzipped: a little more than it does. Who makes it heavier on purpose raises this, and says why.
const LIMIT: usize = 295 * 1024;

/// Builds the package.
pub fn run(args: &[String]) -> Result {
    no_arguments("pkg", args)?;
    fresh(&prepare(NEEDS)?)?;
    println!("{}", folder().display());
    Ok(())
}

/// The package's folder.
pub fn folder() -> PathBuf {
    root().join("pkg")
}

/// Builds the package into pkg/, once for all that want it.
///
/// # Errors
/// If a step fails; the message names it.
pub fn fresh(tools: &Tools) -> Result {
    static BUILT: OnceLock<Result> = OnceLock::new();
    BUILT.get_or_init(|| build(tools)).clone()
}

fn build(tools: &Tools) -> Result {
    let mut cargo = tools.command("cargo")?;
    cargo.args([
        "rustc",
        "--release",
        "--target",
        TARGET,
        "--package",
        "separation-playground",
        "--no-default-features",
        "--features",
        "api",
    ]);
    // Here alone a module is made of the library: as a second crate type everywhere, cargo would keep one build for all features.
    process::run(cargo.args(["--lib", "--crate-type", "cdylib"]))?;
    let module = target().join(TARGET).join("release").join(format!("{MODULE}.wasm"));

    let _ = fs::remove_dir_all(folder());
    let mut bindgen = tools.command("wasm-bindgen")?;
    bindgen.args(["--target", "web", "--typescript", "--out-name", MODULE, "--out-dir"]).arg(folder()).arg(module);
    process::run(&mut bindgen)?;
    let module = folder().join(format!("{MODULE}_bg.wasm"));
    dist::optimize(tools, &module)?;
    dist::weigh_module(&module, LIMIT)?;

    write("package.json", &manifest())?;
    for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&root().join(file), &folder().join(file))?;
    }
    notices::write(&folder())?;
    copy(&root().join("www/data"), &folder().join("data"))
}

fn manifest() -> String {
    format!(
        r#"{{
  "name": "separation-playground",
  "version": "{version}",
  "description": "The law of data separation: train small networks and measure how each layer separates the classes",
  "keywords": ["machine-learning", "neural-network", "wasm", "visualization", "teaching"],
  "license": "MIT OR Apache-2.0",
  "type": "module",
  "main": "./{MODULE}.js",
  "types": "./{MODULE}.d.ts",
  "exports": {{
    ".": {{ "types": "./{MODULE}.d.ts", "default": "./{MODULE}.js" }},
    "./{MODULE}_bg.wasm": "./{MODULE}_bg.wasm",
    "./data/*": "./data/*",
    "./package.json": "./package.json"
  }},
  "files": ["{MODULE}.js", "{MODULE}.d.ts", "{MODULE}_bg.wasm", "{MODULE}_bg.wasm.d.ts", "snippets", "data", "LICENSE-MIT", "LICENSE-APACHE", "{notices}"],
  "sideEffects": false,
  "engines": {{ "node": ">=20" }}
}}
"#,
        version = env!("CARGO_PKG_VERSION"),
        notices = notices::NAME
    )
}

fn write(name: &str, text: &str) -> Result {
    fs::write(folder().join(name), text).map_err(|why| format!("cannot write pkg/{name}: {why}"))
}

/// Copies a file, or a folder with everything in it.
fn copy(from: &Path, to: &Path) -> Result {
    let failed = |why| format!("cannot copy {}: {why}", from.display());
    if !from.is_dir() {
        return fs::copy(from, to).map(drop).map_err(failed);
    }
    fs::create_dir_all(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
