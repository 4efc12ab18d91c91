//! `cargo xtask fuzz [--minutes N] [TARGET ...]`: libFuzzer looks for inputs on which a parser panics, starting from the corpus. A discovery is
//! written into the corpus, where `cargo test` replays it.

use crate::tools::{Need, prepare};
use crate::{Result, process, root, target};
use std::fs;

/// Seconds that an input may take; more is a discovery too.
const SLOW: u32 = 20;

/// Fuzzes the parsers that are named, or all of them, one after the other.
pub fn run(args: &[String]) -> Result {
    let (mut minutes, mut chosen) = (10.0, Vec::new());
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match &arg[..] {
            "--minutes" => minutes = args.next().and_then(|value| value.parse::<f64>().ok()).ok_or("--minutes needs a number")?,
            name => chosen.push(name.to_owned()),
        }
    }
    let corpus = root().join("tests/corpus");
    let folders = fs::read_dir(&corpus).map_err(|why| format!("{}: {why}", corpus.display()))?;
    let folders = folders.flatten().filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut known: Vec<String> = folders.collect();
    known.sort();
    if let Some(name) = chosen.iter().find(|name| !known.contains(name)) {
        return Err(format!("no parser is called {name}; there are {}", known.join(", ")));
    }
    let tools = prepare(&[Need::Fuzz])?;
    for name in if chosen.is_empty() { known } else { chosen } {
        // What it learns goes on from one time to the next; only what it discovers goes into the corpus.
        let (learnt, seeds) = (target().join("fuzz/learnt").join(&name), corpus.join(&name));
        fs::create_dir_all(&learnt).map_err(|why| format!("cannot make {}: {why}", learnt.display()))?;
        let mut fuzz = tools.command("cargo-fuzz")?;
        // Natively, with the Rust that runs this; the instrumentation is a stable compiler's, sanitizers would want a nightly one.
        fuzz.env_remove("RUSTUP_TOOLCHAIN").args(["fuzz", "run", "--fuzz-dir", "tests/fuzz", "--sanitizer", "none"]);
        fuzz.arg("--target-dir").arg(target().join("fuzz")).arg(&name).arg(&learnt).arg(&seeds).arg("--");
        fuzz.arg(format!("-max_total_time={}", (60.0 * minutes) as u32)).arg(format!("-timeout={SLOW}")).arg("-max_len=32768");
        process::run(fuzz.arg(format!("-artifact_prefix={}/", seeds.display())))?;
    }
    Ok(())
}
