//! `cargo xtask dist`: the static site, optimised and weighed.

use crate::tools::{Need, PAGE, Tools, prepare};
use crate::{Result, no_arguments, page, process, root};
use flate2::{Compression, write::GzEncoder};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What the first load may weigh, gzipped: a slow phone's three seconds.
const LIMIT: usize = 450 * 1024;

/// Builds the site and weighs it.
pub fn run(args: &[String]) -> Result {
    no_arguments("dist", args)?;
    let tools = prepare(&[PAGE, &[Need::WasmOpt]].concat())?;
    build(&tools)?;
    weigh()
}

/// The folder of the finished site.
pub fn folder() -> PathBuf {
    root().join("dist")
}

/// Builds the site into dist/.
///
/// # Errors
/// If the build or wasm-opt fails.
pub fn build(tools: &Tools) -> Result {
    page::build(tools, &folder())?;
    optimize(tools, &folder().join("separation-playground_bg.wasm"))
}

/// Runs wasm-opt on `module`, in place.
///
/// # Errors
/// If wasm-opt fails.
pub fn optimize(tools: &Tools, module: &Path) -> Result {
    // It reads the features that the module uses from the module; with --all-features Chromium rejects the result.
    // No inlining: the matrix kernels inlined into one big function run at half the speed in Node and Firefox.
    // The lowest kilobyte of memory is the far end of the stack, which nothing reaches: then constants added to an address need not be
    // added, but can stand in the load itself. In the kernels' inner loop that is a tenth of the time.
    let flags = ["-O3", "-aimfs", "0", "-fimfs", "0", "-ocimfs", "0", "--low-memory-unused"];
    process::run(tools.command("wasm-opt")?.args(flags).arg(module).arg("-o").arg(module))
}

/// Prints what the first load weighs.
///
/// # Errors
/// If that is over the limit, or dist/ lacks a part of the site.
pub fn weigh() -> Result {
    let mut files = Vec::new();
    list(&folder(), &mut files)?;
    let mut sizes: Vec<(String, usize)> = Vec::new();
    for file in files {
        let name = file.strip_prefix(folder()).expect("listed in dist/").to_string_lossy().replace('\\', "/");
        if is_first_load(&name) {
            sizes.push((name, gzipped(&fs::read(&file).map_err(|why| format!("cannot read {}: {why}", file.display()))?)));
        }
    }
    let missing = ["index.html", "separation-playground_bg.wasm"].into_iter().find(|part| !sizes.iter().any(|(name, _)| name == part));
    if let Some(part) = missing {
        return Err(format!("dist/ has no {part}"));
    }
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let total: usize = sizes.iter().map(|(_, size)| size).sum();
    for (name, size) in &sizes {
        println!("{:>8.1} KB  {name}", kilobytes(*size));
    }
    println!("{:>8.1} KB  first load, gzipped; at most {:.0} KB", kilobytes(total), kilobytes(LIMIT));
    if total <= LIMIT { Ok(()) } else { Err(format!("the first load is {:.1} KB too large", kilobytes(total - LIMIT))) }
}

fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}

/// Whether the page loads `name`, relative to dist/, before the reader does anything. The images come when there is a sign of a reader.
fn is_first_load(name: &str) -> bool {
    !name.ends_with(".txt") && !name.starts_with("data/")
}

fn gzipped(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("a Vec takes everything");
    encoder.finish().expect("a Vec takes everything").len()
}

/// Adds every file below `folder`.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result {
    for entry in fs::read_dir(folder).map_err(|why| format!("cannot read {}: {why}", folder.display()))? {
        let path = entry.map_err(|why| why.to_string())?.path();
        if path.is_dir() { list(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_image_belongs_to_the_first_load() {
        assert!(is_first_load("index.html") && is_first_load("strings/en.json"));
        assert!(!is_first_load("data/fashion-mnist-10x10/train-images-idx3-ubyte.gz"));
        assert!(!is_first_load("data/LICENSE.txt"));
    }

    #[test]
    fn sizes_are_those_of_the_gzipped_file() {
        assert!(gzipped(&[7; 100_000]) < 200);
        assert!(gzipped(b"x") > 1);
    }
}
