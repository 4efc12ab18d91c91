//! `cargo xtask bench`: how soon the page is there, how fast measuring is, and a training step beside other libraries'.

use crate::npm::{PEERS, PLAYWRIGHT};
use crate::tools::{Need, PAGE, browser, prepare};
use crate::{Result, dist, pkg, process, root};
use std::process::Command;

/// Builds the site and the package and times them in Chromium. The arguments are those of xtask/bench/peers/step.mjs.
pub fn run(args: &[String]) -> Result {
    let tools = prepare(&[PAGE, pkg::NEEDS, &[Need::Node, Need::Playwright, Need::Peers, Need::Browser]].concat())?;
    dist::build(&tools)?;
    pkg::build(&tools)?;
    let browser = browser().ok_or("no browser: install Chromium, or name one in CHROME")?;
    let script = |name: &str| -> Result<Command> {
        let mut node = tools.command("node")?;
        node.arg(root().join("xtask/bench").join(name)).env("CHROME", &browser).env("PEERS", PEERS.folder());
        node.env("PLAYWRIGHT_CORE", PLAYWRIGHT.folder().join("playwright-core"));
        Ok(node)
    };
    for name in ["page.mjs", "measure.mjs"] {
        process::run(&mut script(name)?)?;
        println!();
    }
    let mut step = script("peers/step.mjs")?;
    if !args.iter().any(|arg| arg == "--python") && process::succeeds(Command::new("python3").args(["-c", "import torch"])) {
        step.args(["--python", "python3"]);
    }
    process::run(step.args(args))
}
