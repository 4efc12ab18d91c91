//! `cargo xtask bench`: how soon the page is there, how long the panels of Fig. 1 take, how fast measuring and the layer-peeled model are, and a training step beside other libraries'.

use crate::npm::{PEERS, PLAYWRIGHT};
use crate::tools::{Need, PAGE, Tools, chromium, prepare};
use crate::wasm_toolchain::TARGET;
use crate::{Result, dist, pkg, process, root, target};
use std::path::PathBuf;
use std::process::Command;

/// What `--gpu` compares in Chromium.
const GPU_ENGINES: &str = "own-webgpu,jaxjs-webgpu,tfjs-webgl,tfjs-webgpu";
/// The widths that it compares, and how many steps a round of each takes: every engine answers within minutes on a GPU that is a program.
const GPU_WORK: [(&str, &str); 2] = [("100", "64"), ("1000", "16")];

/// Builds the site and the package and times them in Chromium. The arguments are those of xtask/bench/peers/step.mjs; with `--gpu`, the GPU
/// engine alone, natively and in Chromium.
pub fn run(args: &[String]) -> Result {
    if let Some(at) = args.iter().position(|arg| arg == "--gpu") {
        return gpu(&[&args[..at], &args[at + 1..]].concat());
    }
    let tools = prepare(&[PAGE, pkg::NEEDS, &[Need::Node, Need::Playwright, Need::Peers, Need::Chromium]].concat())?;
    dist::build(&tools)?;
    pkg::fresh(&tools)?;
    let kernels = kernels(&tools)?;
    let script = |name: &str| -> Result<Command> {
        let mut node = script(&tools, name)?;
        node.env("KERNELS", &kernels);
        Ok(node)
    };
    // What is given, or the one on the path if it has PyTorch.
    let given = args.iter().any(|arg| arg == "--python");
    let found = !given && process::succeeds(Command::new("python3").args(["-c", "import torch"]));
    let python: &[&str] = if found { &["--python", "python3"] } else { &[] };
    for name in ["page.mjs", "panels.mjs", "measure.mjs", "layer_peeled.mjs", "products.mjs"] {
        process::run(script(name)?.args(python).args(args))?;
        println!();
    }
    process::run(script("peers/step.mjs")?.args(python).args(args))
}

/// The GPU engine natively beside the CPU engine, and in Chromium beside other libraries.
fn gpu(args: &[String]) -> Result {
    let tools = prepare(&[pkg::NEEDS, &[Need::Vulkan, Need::Node, Need::Playwright, Need::Peers, Need::Chromium]].concat())?;
    let program = ["run", "--quiet", "--release", "--package", "xtask", "--bin", "gpu-bench", "--features", "data"];
    process::run(Command::new("cargo").args(program))?;
    pkg::fresh(&tools)?;
    for (width, steps) in GPU_WORK {
        println!();
        let work = ["--engines", GPU_ENGINES, "--width", width, "--steps", steps, "--warm", "8"];
        process::run(script(&tools, "peers/step.mjs")?.args(work).args(args))?;
    }
    Ok(())
}

/// A script of xtask/bench, to be run by Node.
fn script(tools: &Tools, name: &str) -> Result<Command> {
    let browser = chromium().ok_or("no browser: install Chromium, or name one in CHROME")?;
    let mut node = tools.command("node")?;
    node.arg(root().join("xtask/bench").join(name)).env("CHROME", browser).env("PEERS", PEERS.folder());
    node.env("PLAYWRIGHT_CORE", PLAYWRIGHT.folder().join("playwright-core"));
    Ok(node)
}

/// Builds xtask/bench/kernels for the browser; returns its folder.
fn kernels(tools: &Tools) -> Result<PathBuf> {
    const MODULE: &str = "kernel_bench";
    let mut cargo = tools.command("cargo")?;
    cargo.args(["rustc", "--profile", "kernel-bench", "--target", TARGET, "--package", "kernel-bench", "--lib", "--crate-type", "cdylib"]);
    process::run(&mut cargo)?;
    let folder = target().join("kernel-bench");
    let module = target().join(TARGET).join("kernel-bench").join(format!("{MODULE}.wasm"));
    let mut bindgen = tools.command("wasm-bindgen")?;
    process::run(bindgen.args(["--target", "web", "--no-typescript", "--out-name", MODULE, "--out-dir"]).arg(&folder).arg(module))?;
    dist::optimize(tools, &folder.join(format!("{MODULE}_bg.wasm")))?;
    Ok(folder)
}
