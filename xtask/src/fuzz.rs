//! `cargo xtask fuzz [--minutes N] [--seed N] [TARGET ...]`: looks for inputs on which a parser panics, by changing what is known.
//!
//! Without instrumentation, so that it runs wherever the tests do: an input is kept, and changed further, when the parser says of it what
//! it has not said before. A discovery is written into the corpus, where `cargo test` replays it.

#[path = "../../tests/corpus/targets.rs"]
mod targets;

use std::collections::HashSet;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use targets::{TARGETS, Target};

/// Longest input, bytes.
const LONGEST: usize = 1 << 15;
/// Most inputs that are kept.
const MOST_KEPT: usize = 4000;
/// An input that takes longer is a discovery too.
const SLOW: Duration = Duration::from_secs(5);
/// Numbers at the edges of what formats count with.
const EDGES: [u64; 12] = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 1 << 40, i64::MAX as u64, u64::MAX];

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<(), String> {
    let (mut minutes, mut seed, mut chosen) = (10.0, 1, Vec::new());
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().and_then(|value| value.parse::<f64>().ok()).ok_or(format!("{arg} needs a number"));
        match &arg[..] {
            "--minutes" => minutes = value()?,
            "--seed" => seed = value()? as u64,
            name => chosen.push(*TARGETS.iter().find(|target| target.0 == name).ok_or(format!("unknown target {name}"))?),
        }
    }
    let chosen = if chosen.is_empty() { TARGETS.to_vec() } else { chosen };
    std::panic::set_hook(Box::new(|_| ()));
    let mut found = 0;
    for (name, target) in chosen {
        found += fuzz(name, target, Duration::from_secs_f64(60.0 * minutes), seed)?;
    }
    if found == 0 { Ok(()) } else { Err(format!("{found} discoveries; they are in tests/corpus")) }
}

/// Fuzzes one parser; returns the number of discoveries.
fn fuzz(name: &str, target: Target, time: Duration, seed: u64) -> Result<usize, String> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus").join(name);
    let read = |path: PathBuf| std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()));
    let files = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut kept = files.filter_map(Result::ok).map(|file| read(file.path())).collect::<Result<Vec<_>, _>>()?;
    let (mut chance, mut said) = (Chance(seed | 1), HashSet::new());
    let (start, mut runs, mut found) = (Instant::now(), 0_u64, 0);
    while start.elapsed() < time {
        let input = change(&kept, &mut chance);
        let began = Instant::now();
        let outcome = catch_unwind(|| target(&input));
        runs += 1;
        match outcome {
            // Numbers aside, or every input would be new.
            Ok(outcome) if began.elapsed() < SLOW => {
                let kind: String = outcome.chars().filter(|c| !c.is_ascii_digit()).take(400).collect();
                if kept.len() < MOST_KEPT && said.insert(kind) {
                    kept.push(input);
                }
            }
            outcome => {
                found += 1;
                let path = folder.join(format!("found-{seed}-{runs}"));
                println!("{name}: {} on {}", if outcome.is_err() { "a panic" } else { "slow" }, path.display());
                std::fs::write(&path, &input).map_err(|error| error.to_string())?;
            }
        }
    }
    println!("{name}: {runs} inputs in {:.0} s, {} kept, {found} discoveries", start.elapsed().as_secs_f64(), kept.len());
    Ok(found)
}

/// One of the inputs, changed.
fn change(kept: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut input = kept[chance.below(kept.len())].clone();
    for _ in 0..=chance.below(6) {
        let at = chance.below(input.len() + 1);
        let length = chance.below(16).min(input.len() - at);
        match chance.below(8) {
            0 if at < input.len() => input[at] ^= 1 << chance.below(8),
            1 if at < input.len() => input[at] = chance.next() as u8,
            2 => drop(input.drain(at..at + length)),
            3 => input.truncate(at),
            4 => drop(input.splice(at..at, (0..length).map(|_| chance.next() as u8).collect::<Vec<_>>())),
            5 => {
                let number = EDGES[chance.below(EDGES.len())];
                let bytes = if chance.below(2) == 0 { number.to_le_bytes() } else { number.to_be_bytes() };
                let length = (1 << chance.below(4)).min(input.len() - at);
                input[at..at + length].copy_from_slice(&bytes[..length]);
            }
            6 => {
                let piece = input[at..at + length].to_vec();
                let to = chance.below(input.len() + 1);
                input.splice(to..to, piece);
            }
            _ => {
                let other = &kept[chance.below(kept.len())];
                let from = chance.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
        }
    }
    input.truncate(LONGEST);
    input
}

/// xorshift64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// 0 to less than `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}
