//! `cargo xtask coverage`: which lines the native tests run, by folder.

use crate::tools::{Need, prepare};
use crate::{Result, llvm_tools, no_arguments, process, root, target};
use std::fs;
use std::path::Path;

/// What everything shown comes from, and how much of it the tests must run, in percent of its lines.
const FOLDERS: [&str; 5] = ["dataset", "network", "separation", "collapse", "experiment"];
const LEAST: f64 = 95.0;

/// Runs the native tests, instrumented, and prints what they leave out; fails where a folder has less than it must.
pub fn run(args: &[String]) -> Result {
    no_arguments("coverage", args)?;
    let tools = prepare(&[Need::LlvmCov, Need::LlvmTools, Need::Vulkan])?;
    let llvm = llvm_tools::folder().ok_or("llvm-cov is missing, though it was just installed")?;
    let report = target().join("coverage.info");
    let mut cargo = tools.command("cargo")?;
    cargo.args(["llvm-cov", "--package", "separation-playground", "--lib", "--tests", "--quiet", "--lcov", "--output-path"]).arg(&report);
    // The Rust that runs this; its LLVM is the one that was looked for.
    cargo.env("LLVM_COV", llvm.join("llvm-cov")).env("LLVM_PROFDATA", llvm.join("llvm-profdata"));
    process::run(&mut cargo)?;
    let read = |file: &Path| fs::read_to_string(file).map_err(|why| format!("cannot read {}: {why}", file.display()));
    let report = read(&report)?;

    println!("\n{:16}{:>7}{:>10}", "folder", "lines", "covered");
    let (mut few, mut left_out) = (Vec::new(), String::new());
    for name in FOLDERS {
        let folder = root().join("src").join(name);
        let (mut all, mut ran) = (0, 0);
        for (file, lines) in files(&report).filter(|(file, _)| Path::new(file).starts_with(&folder)) {
            let tested = before_tests(&read(Path::new(file))?);
            let lines: Vec<_> = lines.into_iter().filter(|(line, _)| *line < tested).collect();
            let missed: Vec<usize> = lines.iter().filter(|(_, ran)| !ran).map(|(line, _)| *line).collect();
            (all, ran) = (all + lines.len(), ran + lines.len() - missed.len());
            if !missed.is_empty() {
                let file = Path::new(file).strip_prefix(root()).unwrap_or(Path::new(file));
                left_out += &format!("{}: {}\n", file.display(), ranges(&missed));
            }
        }
        let share = 100.0 * ran as f64 / f64::from(all.max(1) as u32);
        println!("{:16}{all:7}{share:8.1} %", format!("src/{name}"));
        if share < LEAST {
            few.push(format!("src/{name} {share:.1} %"));
        }
    }
    println!("\nlines that no test runs:\n{left_out}");
    if few.is_empty() { Ok(()) } else { Err(format!("the tests run too few lines of {}; {LEAST} % are needed", few.join(", "))) }
}

/// The files of an LCOV report, each with its lines that hold code and whether they ran.
fn files(report: &str) -> impl Iterator<Item = (&str, Vec<(usize, bool)>)> {
    report.split("end_of_record").filter_map(|record| {
        let file = record.lines().find_map(|line| line.strip_prefix("SF:"))?;
        let line = |line: &str| {
            let (number, count) = line.strip_prefix("DA:")?.split_once(',')?;
            Some((number.parse().ok()?, count != "0"))
        };
        Some((file, record.lines().filter_map(line).collect()))
    })
}

/// The line at which a file's own tests begin, at its foot: they run by themselves.
fn before_tests(source: &str) -> usize {
    source.lines().position(|line| line == "#[cfg(test)]").map_or(usize::MAX, |at| at + 1)
}

/// Ascending numbers as "1, 3-5".
fn ranges(numbers: &[usize]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [one] => one.to_string(),
        [first, .., last] => format!("{first}-{last}"),
        [] => String::new(),
    });
    runs.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_of_each_line_whether_it_ran() {
        let report = "SF:/a/b.rs\nFN:1,f\nDA:1,7\nDA:2,0\nLF:2\nend_of_record\nSF:/a/c.rs\nDA:10,1\nend_of_record\n";
        assert_eq!(files(report).collect::<Vec<_>>(), [("/a/b.rs", vec![(1, true), (2, false)]), ("/a/c.rs", vec![(10, true)])]);
    }

    #[test]
    fn a_files_tests_do_not_count() {
        assert_eq!(before_tests("fn f() {}\n\n#[cfg(test)]\nmod tests {\n}\n"), 3);
        assert_eq!(before_tests("fn f() {}\n"), usize::MAX);
    }

    #[test]
    fn lines_that_follow_each_other_are_a_range() {
        assert_eq!(ranges(&[1, 3, 4, 5, 9, 10]), "1, 3-5, 9-10");
        assert_eq!(ranges(&[]), "");
    }
}
