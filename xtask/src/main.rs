//! The project's commands: `cargo xtask serve` and the rest. Each installs what it needs and is missing.

mod audit;
mod bench;
mod check;
mod coverage;
mod debian;
mod dist;
mod fuzz;
mod llvm_tools;
mod mutants;
mod notices;
mod npm;
mod page;
mod pkg;
mod process;
mod release;
mod serve;
mod server;
mod single;
mod slides;
mod test;
mod tools;
mod wasm_toolchain;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The error is a sentence for the person at the terminal.
type Result<T = ()> = std::result::Result<T, String>;

const HELP: &str = "\
cargo xtask COMMAND

  serve [--no-open] [--port N]   builds the page and serves it at http://localhost:8080
  test [STAGE ...]               runs the tests in Chromium: native, web, dist, release, node, examples, e2e
  test --all-browsers [STAGE ...] and what lasts or repeats, and in Firefox and WebKit: web-firefox, e2e-firefox, e2e-webkit
  test --thorough [...]          and all of Firefox, and what lasts at its full length
  check                          formatting, lints and documentation, natively and for wasm32
  audit                          the dependencies' licences, sources and known holes
  dist [--single [FILE]]         the static site in dist/, optimised; fails if its first load is too large.
                                 With --single also the whole page in one file, which needs no server: separation-playground.html
  pkg                            the npm package in pkg/
  release --dry-run              builds the site, the page as one file and the npm package, and checks what is in them
  bench [--python PATH] [...]    times a training step beside other libraries', and measuring, in Chromium
  bench --gpu [...]              times the GPU engine, natively and beside other libraries' in Chromium
  data [FOLDER]                  makes www/data from Fashion-MNIST's four files
  recording                      makes www/recording.json, what the page plays on arrival, by training the default run
  report [--check] [NAME ...]    trains the gallery's presets and the studies with several seeds and writes www/report, or compares with it
  fuzz [--minutes N] [TARGET ...] lets libFuzzer look for files that make a parser panic, N minutes each or 10; they go to tests/corpus
  mutants [FILE ...]             changes the arithmetic in one place at a time; fails where no test notices
  coverage                       the lines that the native tests run, by folder; fails below 95 %
  setup                          installs what serve and test need, and nothing else

Each command installs what it needs and is missing, once. WASM_TOOLCHAIN=debian builds the standard library for
wasm32-unknown-unknown from Debian's packages instead of asking rustup for it; CHROME and FIREFOX name the browsers for the tests.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = args.split_first().map_or(("help", [].as_slice()), |(command, rest)| (command.as_str(), rest));
    let result = match command {
        "serve" => serve::run(rest),
        "test" => test::run(rest),
        "check" => check::run(rest),
        "audit" => audit::run(rest),
        "dist" => dist::run(rest),
        "pkg" => pkg::run(rest),
        "release" => release::run(rest),
        "bench" => bench::run(rest),
        "data" => data(rest),
        "recording" => recording(rest),
        "report" => report(rest),
        "fuzz" => fuzz::run(rest),
        "mutants" => mutants::run(rest),
        "coverage" => coverage::run(rest),
        "setup" => tools::run(rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("unknown command {other}\n\n{HELP}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// `cargo xtask data` is a program of its own, so that no other command compiles what only this one needs.
fn data(args: &[String]) -> Result {
    if args.is_empty() && !Path::new("/usr/share/datasets/fashion-mnist").exists() {
        debian::install(&[("dataset-fashion-mnist", "Fashion-MNIST's four files")])?;
    }
    let program = ["run", "--quiet", "--package", "xtask", "--bin", "data", "--features", "data", "--"];
    process::run(Command::new("cargo").args(program).args(args))
}

/// A program of its own, as `data` is; optimised, since it trains.
fn recording(args: &[String]) -> Result {
    no_arguments("recording", args)?;
    let program = ["run", "--quiet", "--release", "--package", "xtask", "--bin", "recording", "--features", "data"];
    process::run(Command::new("cargo").args(program))
}

/// As `recording`.
fn report(args: &[String]) -> Result {
    let program = ["run", "--quiet", "--release", "--package", "xtask", "--bin", "report", "--features", "data", "--"];
    process::run(Command::new("cargo").args(program).args(args))
}

/// The repository's top folder.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ lies in the repository").to_path_buf()
}

/// Where cargo puts what it builds.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// Errors on arguments that a command without any was given.
fn no_arguments(command: &str, args: &[String]) -> Result {
    if args.is_empty() { Ok(()) } else { Err(format!("cargo xtask {command} takes no arguments, but was given {}", args.join(" "))) }
}
