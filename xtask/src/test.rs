//! `cargo xtask test`: every test there is, stage by stage, and one sum at the end.

use crate::npm::{PLAYWRIGHT, VITE};
use crate::tools::{self, Need, Tools, prepare};
use crate::{Result, dist, pkg, process, release, root};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Instant;

/// Seconds that a test in the browser may take; wasm-bindgen's own limit of 20 is short for a training.
const BROWSER_TEST_SECONDS: &str = "300";

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    passed: usize,
    failed: usize,
}

impl Count {
    fn one(result: Result) -> Self {
        match result {
            Ok(()) => Self { passed: 1, failed: 0 },
            Err(message) => {
                eprintln!("error: {message}");
                Self { passed: 0, failed: 1 }
            }
        }
    }

    fn plus(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// A group of tests that run together.
struct Stage {
    /// In another browser than Chromium `stage-browser`.
    name: &'static str,
    what: &'static str,
    needs: &'static [&'static [Need]],
    run: fn(&Tools) -> Result<Count>,
}

/// What adds the stages of the other browsers.
const ALL_BROWSERS: &str = "--all-browsers";

const STAGES: [Stage; 10] = [
    Stage { name: "native", what: "unit, golden and property tests, doctests", needs: &[&[Need::Vulkan]], run: native },
    Stage {
        name: "web",
        what: "Rust in a headless browser",
        needs: &[&[Need::Wasm, Need::Bindgen, Need::WasmPack, Need::Chromium]],
        run: |tools| web(tools, "--chrome"),
    },
    Stage {
        name: "web-firefox",
        what: "Rust in a headless Firefox",
        needs: &[&[Need::Wasm, Need::Bindgen, Need::WasmPack, Need::Firefox, Need::Vulkan]],
        run: |tools| web(tools, "--firefox"),
    },
    Stage { name: "dist", what: "the site builds and its first load is small", needs: &[dist::NEEDS], run: site },
    Stage { name: "release", what: "the site and the npm package hold what they should", needs: release::NEEDS, run: given_away },
    Stage { name: "node", what: "the npm package in Node.js", needs: &[pkg::NEEDS, &[Need::Node]], run: node },
    Stage {
        name: "examples",
        what: "the examples of www/examples: the package installed, in Node.js, with Vite and in a browser",
        needs: &[dist::NEEDS, pkg::NEEDS, &[Need::Playwright, Need::Vite, Need::Chromium]],
        run: examples,
    },
    Stage {
        name: "e2e",
        what: "the site in a real browser, end to end",
        needs: &[dist::NEEDS, &[Need::Playwright, Need::Chromium, Need::Servers]],
        run: |tools| end_to_end(tools, "chromium"),
    },
    Stage {
        name: "e2e-firefox",
        what: "the site in Firefox, end to end",
        needs: &[dist::NEEDS, &[Need::Playwright, Need::Firefox, Need::Vulkan, Need::Servers]],
        run: |tools| end_to_end(tools, "firefox"),
    },
    Stage {
        name: "e2e-webkit",
        what: "the site in WebKit, end to end",
        needs: &[dist::NEEDS, &[Need::Playwright, Need::WebKit]],
        run: |tools| end_to_end(tools, "webkit"),
    },
];

/// Runs the stages named in `args`, or all in Chromium; a stage that fails stops none of the others.
pub fn run(args: &[String]) -> Result {
    let (flags, names): (Vec<_>, Vec<_>) = args.iter().map(String::as_str).partition(|arg| *arg == ALL_BROWSERS);
    if let Some(unknown) = names.iter().find(|name| STAGES.iter().all(|stage| stage.name != **name)) {
        let known: Vec<_> = STAGES.iter().map(|stage| stage.name).collect();
        return Err(format!("no stage {unknown}; there are {}", known.join(", ")));
    }
    let stages: Vec<_> = STAGES.iter().filter(|stage| chosen(stage.name, &names, !flags.is_empty())).collect();
    let needs: Vec<Need> = stages.iter().flat_map(|stage| stage.needs.concat()).collect();
    let tools = prepare(&needs)?;
    let mut lines = Vec::new();
    let mut total = Count::default();
    for stage in stages {
        println!("\n== {}: {}", stage.name, stage.what);
        let start = Instant::now();
        let count = (stage.run)(&tools).unwrap_or_else(|why| Count::one(Err(why)));
        lines.push(format!("{:12}{:5} passed{:5} failed{:8.1} s", stage.name, count.passed, count.failed, start.elapsed().as_secs_f64()));
        total = total.plus(count);
    }
    println!("\n{}", lines.join("\n"));
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 { Ok(()) } else { Err("some tests failed".into()) }
}

/// Whether `stage` runs where `names` are asked for, or none, with the stages of the other browsers or without.
fn chosen(stage: &str, names: &[&str], all_browsers: bool) -> bool {
    let in_chromium = stage.split('-').next().unwrap_or(stage);
    let asked = |name: &str| names.is_empty() || names.contains(&name);
    names.contains(&stage) || asked(in_chromium) && (stage == in_chromium || all_browsers)
}

fn native(_: &Tools) -> Result<Count> {
    counted(
        // The benchmark's crates take minutes to build, and it checks itself.
        Command::new("cargo")
            .args(["test", "--workspace", "--exclude", "kernel-bench", "--features", "xtask/data", "--quiet", "--no-fail-fast"])
            .current_dir(root()),
    )
}

fn web(tools: &Tools, browser: &str) -> Result<Count> {
    let mut wasm_pack = tools.command("wasm-pack")?;
    wasm_pack.args(["test", "--headless", browser, "tests/web"]).env("WASM_BINDGEN_TEST_TIMEOUT", BROWSER_TEST_SECONDS);
    counted(&mut wasm_pack)
}

fn site(tools: &Tools) -> Result<Count> {
    fresh_site(tools)?;
    Ok(Count::one(dist::weigh()))
}

fn given_away(tools: &Tools) -> Result<Count> {
    fresh_site(tools)?;
    pkg::fresh(tools)?;
    Ok(Count::one(release::check()))
}

/// Builds dist/, once for all stages.
fn fresh_site(tools: &Tools) -> Result {
    static BUILT: OnceLock<Result> = OnceLock::new();
    BUILT.get_or_init(|| dist::build(tools)).clone()
}

fn node(tools: &Tools) -> Result<Count> {
    pkg::fresh(tools)?;
    scripts("tests/node", &mut tools.command("node")?)
}

fn examples(tools: &Tools) -> Result<Count> {
    pkg::fresh(tools)?;
    fresh_site(tools)?;
    scripts("tests/examples", driver(tools)?.env("VITE", VITE.folder()))
}

/// Some files beside each other, some alone: the script knows which.
fn end_to_end(tools: &Tools, browser: &str) -> Result<Count> {
    fresh_site(tools)?;
    counted(driver(tools)?.arg("tests/e2e/run.mjs").env("BROWSER", browser))
}

/// Node.js, which finds the browsers and what drives them.
fn driver(tools: &Tools) -> Result<Command> {
    let mut node = tools.command("node")?;
    for (name, browser) in [("CHROME", tools::headless_chromium()), ("FIREFOX", tools::firefox())] {
        node.envs(browser.map(|browser| (name, browser)));
    }
    node.env("PLAYWRIGHT_CORE", PLAYWRIGHT.folder().join("playwright-core"));
    Ok(node)
}

/// Runs the test files in `folder` with Node's runner, one after the other: they time things.
fn scripts(folder: &str, node: &mut Command) -> Result<Count> {
    let entries = fs::read_dir(root().join(folder)).map_err(|why| format!("cannot read {folder}: {why}"))?;
    let mut files: Vec<_> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with(".test.mjs")).collect();
    files.sort();
    counted(node.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]).args(files))
}

/// Runs `command`, its output passed through, and sums the closing lines of the runners in it.
fn counted(command: &mut Command) -> Result<Count> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|why| format!("cannot start {}: {why}", process::shown(command)))?;
    let mut count = Count::default();
    for line in BufReader::new(child.stdout.take().expect("piped")).lines() {
        let line = line.map_err(|why| why.to_string())?;
        println!("{line}");
        count = count.plus(closing_line(&line));
    }
    let status = child.wait().map_err(|why| why.to_string())?;
    // Something other than a test failed: a build, a timeout, a crash.
    let broke = !status.success() && count.failed == 0;
    if broke { Ok(count.plus(Count::one(Err(format!("{} failed ({status})", process::shown(command)))))) } else { Ok(count) }
}

/// What `line` adds, if it is a closing line of cargo's, wasm-bindgen's or Node's runner.
fn closing_line(line: &str) -> Count {
    let mut count = Count::default();
    let number = |word: Option<&str>| word.and_then(|word| word.parse().ok()).unwrap_or(0);
    if let Some(result) = line.strip_prefix("test result: ") {
        // test result: ok. 5 passed; 0 failed; 1 ignored; ...
        for part in result.split(['.', ';']) {
            let mut words = part.split_whitespace();
            match (words.next(), words.next()) {
                (passed, Some("passed")) => count.passed = number(passed),
                (failed, Some("failed")) => count.failed = number(failed),
                _ => {}
            }
        }
    } else if let Some(summary) = line.strip_prefix(NODE_SUMMARY) {
        let mut words = summary.split_whitespace();
        match words.next() {
            Some("pass") => count.passed = number(words.next()),
            Some("fail" | "cancelled") => count.failed = number(words.next()),
            _ => {}
        }
    }
    count
}

/// How Node's spec reporter marks the lines of its summary.
const NODE_SUMMARY: &str = "\u{2139} ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_all_runners_are_read_and_other_lines_are_not() {
        let count = |passed, failed| Count { passed, failed };
        assert_eq!(
            closing_line("test result: FAILED. 5 passed; 2 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.12s"),
            count(5, 2)
        );
        assert_eq!(closing_line("test result: ok. 3 passed; 0 failed; 0 ignored; 0 filtered out; finished in 1.2s"), count(3, 0));
        assert_eq!(closing_line("\u{2139} pass 14"), count(14, 0));
        assert_eq!(closing_line("\u{2139} fail 2"), count(0, 2));
        assert_eq!(closing_line("\u{2139} duration_ms 14"), count(0, 0));
        assert_eq!(closing_line("\u{2714} pass 3 epochs (2 ms)"), count(0, 0));
        assert_eq!(closing_line("test separation::tests::passed ... ok"), count(0, 0));
    }

    #[test]
    fn the_other_browsers_are_asked_for_by_flag_or_by_name() {
        let all = |names: &[&str], all_browsers| {
            STAGES.iter().map(|stage| stage.name).filter(|name| chosen(name, names, all_browsers)).collect::<Vec<_>>()
        };
        assert_eq!(all(&[], false), ["native", "web", "dist", "release", "node", "examples", "e2e"]);
        assert_eq!(all(&[], true).len(), STAGES.len());
        assert_eq!(all(&["e2e"], false), ["e2e"]);
        assert_eq!(all(&["e2e"], true), ["e2e", "e2e-firefox", "e2e-webkit"]);
        assert_eq!(all(&["native", "web-firefox"], false), ["native", "web-firefox"]);
    }

    #[test]
    fn a_command_that_breaks_without_a_failed_test_counts_as_one() {
        assert_eq!(counted(Command::new("cargo").args(["no-such-command"]).stderr(Stdio::null())), Ok(Count { passed: 0, failed: 1 }));
    }
}
