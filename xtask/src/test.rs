//! `cargo xtask test`: every test there is, stage by stage, and one sum at the end.

use crate::npm::{PLAYWRIGHT, VITE};
use crate::tools::{self, Need, Tools, prepare};
use crate::{Result, dist, pkg, process, release, root};
use std::fs;
use std::io::{BufRead, BufReader};
use std::iter;
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Instant;

/// Seconds that a test in the browser may take; wasm-bindgen's own limit of 20 is short for a training.
const BROWSER_TEST_SECONDS: &str = "300";

/// How many tests passed and failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Count {
    passed: usize,
    failed: usize,
    /// What is said of those that failed, line by line.
    why: Vec<String>,
}

impl Count {
    fn one(result: Result) -> Self {
        match result {
            Ok(()) => Self { passed: 1, ..Self::default() },
            Err(message) => {
                eprintln!("error: {message}");
                Self { failed: 1, why: vec![message], ..Self::default() }
            }
        }
    }

    fn plus(mut self, other: Self) -> Self {
        self.why.extend(other.why);
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed, why: self.why }
    }
}

/// How long tests may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    /// What every test does once, for who has changed something and waits.
    Short,
    /// Also what does that again: at other sizes, in another language, after another fault, many times over. Of Firefox the journeys of a visit.
    Usual,
    /// Also what takes half an hour: all of Firefox, a thousand times what is usually done some hundred times.
    Thorough,
}

impl Length {
    /// What flags ask for.
    fn asked(flags: &[&str]) -> Self {
        if flags.contains(&THOROUGH) {
            Self::Thorough
        } else if flags.contains(&ALL_BROWSERS) {
            Self::Usual
        } else {
            Self::Short
        }
    }

    /// As tests find it in the variable LENGTH.
    fn name(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Usual => "usual",
            Self::Thorough => "thorough",
        }
    }
}

/// A group of tests that run together.
struct Stage {
    /// In another browser than Chromium `stage-browser`.
    name: &'static str,
    what: &'static str,
    needs: &'static [&'static [Need]],
    run: fn(&Run) -> Result<Count>,
}

impl Stage {
    /// Whether it times things or keeps all cores busy; the others have mostly use for one, and run beside each other.
    fn alone(&self) -> bool {
        ["node", "examples"].contains(&self.name) || self.name.starts_with("e2e")
    }
}

/// What a stage is run with.
struct Run<'a> {
    stage: &'static Stage,
    tools: &'a Tools,
    length: Length,
}

/// What adds the stages of the other browsers.
const ALL_BROWSERS: &str = "--all-browsers";
/// What has every test take its full length.
const THOROUGH: &str = "--thorough";

const STAGES: [Stage; 10] = [
    Stage { name: "native", what: "unit, golden and property tests, doctests", needs: &[&[Need::Vulkan]], run: native },
    Stage {
        name: "web",
        what: "Rust in a headless browser",
        needs: &[&[Need::Wasm, Need::Bindgen, Need::WasmPack, Need::Chromium]],
        run: |run| web(run, "--chrome"),
    },
    Stage {
        name: "web-firefox",
        what: "Rust in a headless Firefox",
        needs: &[&[Need::Wasm, Need::Bindgen, Need::WasmPack, Need::Firefox, Need::Vulkan]],
        run: |run| web(run, "--firefox"),
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
        run: |run| end_to_end(run, "chromium"),
    },
    Stage {
        name: "e2e-firefox",
        what: "the site in Firefox, end to end",
        needs: &[dist::NEEDS, &[Need::Playwright, Need::Firefox, Need::Vulkan, Need::Servers]],
        run: |run| end_to_end(run, "firefox"),
    },
    Stage {
        name: "e2e-webkit",
        what: "the site in WebKit, end to end",
        needs: &[dist::NEEDS, &[Need::Playwright, Need::WebKit]],
        run: |run| end_to_end(run, "webkit"),
    },
];

/// Runs the stages named in `args`, or all in Chromium; a stage that fails stops none of the others.
pub fn run(args: &[String]) -> Result {
    let (flags, names): (Vec<_>, Vec<_>) = args.iter().map(String::as_str).partition(|arg| [ALL_BROWSERS, THOROUGH].contains(arg));
    if let Some(unknown) = names.iter().find(|name| STAGES.iter().all(|stage| stage.name != **name)) {
        let known: Vec<_> = STAGES.iter().map(|stage| stage.name).collect();
        return Err(format!("no stage {unknown}; there are {}", known.join(", ")));
    }
    let stages: Vec<_> = STAGES.iter().filter(|stage| chosen(stage.name, &names, flags.contains(&ALL_BROWSERS))).collect();
    let needs: Vec<Need> = stages.iter().flat_map(|stage| stage.needs.concat()).collect();
    let tools = prepare(&needs)?;
    let length = Length::asked(&flags);
    let (last, first): (Vec<_>, Vec<_>) = stages.into_iter().partition(|stage| stage.alone());
    let mut results = beside(2, &first, |&stage| Run { stage, tools: &tools, length }.counted());
    results.extend(beside(1, &last, |&stage| Run { stage, tools: &tools, length }.counted()));
    let of_stages = || first.iter().map(|stage| stage.name).chain(last.iter().map(|stage| stage.name)).zip(&results);
    // Once more, where who sees nothing but the end of a log finds it.
    for (stage, (count, _)) in of_stages().filter(|(_, (count, _))| !count.why.is_empty()) {
        println!("\n== {stage}: what failed");
        count.why.iter().take(MOST_LINES).for_each(|line| println!("{line}"));
    }
    println!();
    for (stage, (count, seconds)) in of_stages() {
        println!("{stage:12}{:5} passed{:5} failed{seconds:8.1} s", count.passed, count.failed);
    }
    let total = results.into_iter().fold(Count::default(), |total, (count, _)| total.plus(count));
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 { Ok(()) } else { Err("some tests failed".into()) }
}

/// What `run` makes of each of `jobs`, so many of them beside each other, begun in their order.
fn beside<T: Sync, R: Send>(lanes: usize, jobs: &[T], run: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let queue = Mutex::new(jobs.iter().enumerate());
    let take = || queue.lock().expect("no stage panics").next();
    let lane = || iter::from_fn(take).map(|(at, job)| (at, run(job))).collect::<Vec<_>>();
    let mut all: Vec<_> = thread::scope(|scope| {
        let lanes: Vec<_> = (0..lanes).map(|_| scope.spawn(lane)).collect();
        lanes.into_iter().flat_map(|lane| lane.join().expect("no stage panics")).collect()
    });
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, result)| result).collect()
}

/// Whether `stage` runs where `names` are asked for, or none, with the stages of the other browsers or without.
fn chosen(stage: &str, names: &[&str], all_browsers: bool) -> bool {
    let in_chromium = stage.split('-').next().unwrap_or(stage);
    let asked = |name: &str| names.is_empty() || names.contains(&name);
    names.contains(&stage) || asked(in_chromium) && (stage == in_chromium || all_browsers)
}

impl Run<'_> {
    /// Runs the stage; how many tests passed and failed, and the seconds it took.
    fn counted(&self) -> (Count, f64) {
        println!("== {}: {}", self.stage.name, self.stage.what);
        let start = Instant::now();
        let count = (self.stage.run)(self).unwrap_or_else(|why| Count::one(Err(why)));
        (count, start.elapsed().as_secs_f64())
    }

    /// Runs `command`, passes its output through with the stage's name before each line, and sums the closing lines of the runners in it.
    fn count(&self, command: &mut Command) -> Result<Count> {
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(|why| format!("cannot start {}: {why}", process::shown(command)))?;
        let (mut count, mut of_failures) = (Count::default(), false);
        for line in BufReader::new(child.stdout.take().expect("piped")).lines() {
            let line = line.map_err(|why| why.to_string())?;
            println!("{}: {line}", self.stage.name);
            count = count.plus(closing_line(&line));
            of_failures = if of_failures { !ENDS.iter().any(|end| line.starts_with(end)) } else { BEGINNINGS.contains(&line.as_str()) };
            if of_failures {
                count.why.push(line);
            }
        }
        let status = child.wait().map_err(|why| why.to_string())?;
        // Something other than a test failed: a build, a timeout, a crash.
        let broke = !status.success() && count.failed == 0;
        if broke { Ok(count.plus(Count::one(Err(format!("{} failed ({status})", process::shown(command)))))) } else { Ok(count) }
    }

    /// Runs the test files in `folder` with Node's runner, one after the other: they time things.
    fn scripts(&self, folder: &str, node: &mut Command) -> Result<Count> {
        let entries = fs::read_dir(root().join(folder)).map_err(|why| format!("cannot read {folder}: {why}"))?;
        let mut files: Vec<_> =
            entries.flatten().map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with(".test.mjs")).collect();
        files.sort();
        self.count(node.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]).args(files))
    }
}

fn native(run: &Run) -> Result<Count> {
    let mut cargo = Command::new("cargo");
    // The benchmark's crates take minutes to build, and it checks itself.
    cargo.args(["test", "--workspace", "--exclude", "kernel-bench", "--features", "xtask/data", "--quiet", "--no-fail-fast"]);
    if run.length != Length::Short {
        cargo.args(["--", "--include-ignored"]);
    }
    run.count(cargo.current_dir(root()).env("LENGTH", run.length.name()))
}

fn web(run: &Run, browser: &str) -> Result<Count> {
    let mut wasm_pack = run.tools.command("wasm-pack")?;
    // As what ships is built, whose dependencies are then compiled for both.
    wasm_pack.args(["test", "--release", "--headless", browser, "tests/web"]).env("WASM_BINDGEN_TEST_TIMEOUT", BROWSER_TEST_SECONDS);
    run.count(&mut wasm_pack)
}

fn site(run: &Run) -> Result<Count> {
    fresh_site(run.tools)?;
    Ok(Count::one(dist::weigh()))
}

fn given_away(run: &Run) -> Result<Count> {
    fresh_site(run.tools)?;
    pkg::fresh(run.tools)?;
    Ok(Count::one(release::check()))
}

/// Builds dist/, once for all stages.
fn fresh_site(tools: &Tools) -> Result {
    static BUILT: OnceLock<Result> = OnceLock::new();
    BUILT.get_or_init(|| dist::build(tools)).clone()
}

fn node(run: &Run) -> Result<Count> {
    pkg::fresh(run.tools)?;
    run.scripts("tests/node", &mut run.tools.command("node")?)
}

fn examples(run: &Run) -> Result<Count> {
    pkg::fresh(run.tools)?;
    fresh_site(run.tools)?;
    run.scripts("tests/examples", driver(run.tools)?.env("VITE", VITE.folder()))
}

/// Some files beside each other, some alone: the script knows which.
fn end_to_end(run: &Run, browser: &str) -> Result<Count> {
    fresh_site(run.tools)?;
    run.count(driver(run.tools)?.arg("tests/e2e/run.mjs").env("BROWSER", browser).env("LENGTH", run.length.name()))
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

/// Between these lines, or until there are no more, the runners of cargo, wasm-bindgen and Node say what failed, and why.
const BEGINNINGS: [&str; 2] = ["failures:", "\u{2716} failing tests:"];
const ENDS: [&str; 3] = ["test result: ", "\u{2714} ", "\u{fe63} "];
/// So much of it is repeated of each stage.
const MOST_LINES: usize = 100;

/// How Node's spec reporter marks the lines of its summary.
const NODE_SUMMARY: &str = "\u{2139} ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_all_runners_are_read_and_other_lines_are_not() {
        let count = |passed, failed| Count { passed, failed, why: Vec::new() };
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
    fn one_browser_is_tested_in_short_and_all_at_the_usual_length() {
        assert_eq!(Length::asked(&[]), Length::Short);
        assert_eq!(Length::asked(&[ALL_BROWSERS]), Length::Usual);
        assert_eq!(Length::asked(&[ALL_BROWSERS, THOROUGH]), Length::Thorough);
        assert_eq!(Length::asked(&[THOROUGH]), Length::Thorough);
    }

    #[test]
    fn what_runs_beside_each_other_keeps_its_order() {
        // The first is done last.
        let (sender, receiver) = std::sync::mpsc::channel();
        let receiver = Mutex::new(receiver);
        let run = |&job: &usize| {
            if job == 0 {
                receiver.lock().unwrap().recv_timeout(std::time::Duration::from_secs(60)).expect("another runs beside it");
            } else if job == 3 {
                sender.send(()).unwrap();
            }
            10 * job
        };
        assert_eq!(beside(2, &[0, 1, 2, 3, 4], run), [0, 10, 20, 30, 40]);
        assert_eq!(beside(1, &[1, 2], |&job| job), [1, 2]);
        assert_eq!(beside(2, &[] as &[usize], |&job| job), []);
    }

    #[test]
    fn a_command_that_breaks_without_a_failed_test_counts_as_one() {
        let count = counted(Command::new("cargo").args(["no-such-command"]).stderr(Stdio::null()));
        assert_eq!((count.passed, count.failed), (0, 1));
        assert!(count.why[0].contains("no-such-command"), "{:?}", count.why);
    }

    #[test]
    fn what_a_runner_says_of_failures_is_kept_and_no_more() {
        let why = |said: &str| counted(Command::new("printf").args(["%s", said])).why;
        let cargo = "running 2 tests\nfailures:\n\n---- a stdout ----\nat a.rs:1\n\nfailures:\n    a\n\ntest result: FAILED. 1 passed; 1 failed\nnext";
        assert_eq!(why(cargo), ["failures:", "", "---- a stdout ----", "at a.rs:1", "", "failures:", "    a", ""]);
        let node = "\u{2714} a (1 ms)\n\u{2716} b (1 ms)\n\u{2139} pass 1\n\u{2139} fail 1\n\u{2716} failing tests:\n\u{2716} b (1 ms)\n  at b.mjs:1\n\u{2714} c (1 ms)\n";
        assert_eq!(why(node), ["\u{2716} failing tests:", "\u{2716} b (1 ms)", "  at b.mjs:1"]);
        assert_eq!(why("\u{2714} a (1 ms)\n\u{2139} pass 1\n"), [""; 0]);
    }

    fn counted(command: &mut Command) -> Count {
        Run { stage: &STAGES[0], tools: &prepare(&[]).unwrap(), length: Length::Short }.count(command).unwrap()
    }
}
