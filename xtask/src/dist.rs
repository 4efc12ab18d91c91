//! `cargo xtask dist`: the static site, optimised and weighed.

use crate::tools::{Need, Tools, prepare};
use crate::{Result, page, process, root, single, slides};
use flate2::{Compression, write::GzEncoder};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;

/// What the first load may weigh, gzipped: a slow phone's three seconds.
const LIMIT: usize = 450 * 1024;

/// The page's module, and the workers'.
const MODULES: [&str; 2] = ["separation-playground_bg.wasm", "separation-engine_bg.wasm"];

/// What these may weigh, gzipped: a little more than they do. Who makes one heavier on purpose raises its limit, and says why.
const MODULE_LIMITS: [usize; 2] = [400 * 1024, 325 * 1024];

/// What the site is made with.
pub const NEEDS: &[Need] = &[Need::Wasm, Need::Bindgen, Need::Trunk, Need::WasmOpt, Need::Esbuild, Need::Node, Need::Reveal];

/// What the page as one file may weigh: a mail takes it.
const SINGLE_LIMIT: usize = 1_200_000;

/// Builds the site and weighs it.
pub fn run(args: &[String]) -> Result {
    let file = match args {
        [] => None,
        [single] if single == "--single" => Some("separation-playground.html"),
        [single, file] if single == "--single" => Some(file.as_str()),
        _ => return Err(format!("dist takes --single and a file's name, not {}", args.join(" "))),
    };
    let tools = prepare(NEEDS)?;
    build(&tools)?;
    if let Some(file) = file {
        fs::copy(folder().join(single::NAME), file).map_err(|why| format!("cannot write {file}: {why}"))?;
        println!("{file}: the whole page");
    }
    weigh()
}

/// The folder of the finished site.
pub fn folder() -> PathBuf {
    root().join("dist")
}

/// Builds the site into dist/, and in it the page as one file.
///
/// # Errors
/// If the build or wasm-opt fails, or a part of the slides is missing.
pub fn build(tools: &Tools) -> Result {
    page::build(tools, &folder())?;
    // Beside each other: most of wasm-opt's time it has one thread.
    thread::scope(|scope| {
        let optimizing = MODULES.map(|module| scope.spawn(move || optimize(tools, &folder().join(module))));
        optimizing.into_iter().try_for_each(|module| module.join().unwrap_or_else(|_| Err("wasm-opt could not be waited for".into())))
    })?;
    slides::build(&folder().join("slides"))?;
    single::write(&folder(), |kind, text| minified(tools, kind, text))?;
    // The one file is put together of scripts as they are written, for it changes some of their lines.
    minify(tools)
}

/// Leaves comments, spaces and long names out of the scripts and styles of the page: 5 KB of its first load.
///
/// # Errors
/// If a file cannot be read or written, or esbuild fails.
fn minify(tools: &Tools) -> Result {
    for entry in fs::read_dir(folder()).map_err(|why| format!("cannot read dist/: {why}"))?.flatten() {
        let file = entry.path();
        let Some(kind @ ("js" | "css")) = file.extension().and_then(|ending| ending.to_str()) else { continue };
        let text = fs::read_to_string(&file).map_err(|why| format!("cannot read {}: {why}", file.display()))?;
        fs::write(&file, minified(tools, kind, &text)?).map_err(|why| format!("cannot write {}: {why}", file.display()))?;
    }
    Ok(())
}

/// `text`, "js" or "css", without what only people need.
///
/// # Errors
/// If esbuild fails.
fn minified(tools: &Tools, kind: &str, text: &str) -> Result<String> {
    let mut esbuild = tools.command("esbuild")?;
    esbuild.args(["--minify", "--charset=utf8", "--log-level=warning", &format!("--loader={kind}")]);
    process::filter(&mut esbuild, text)
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
    // By name, functions made of the same source stand together: gzip finds 7 KB more in the two modules.
    let flags = ["--reorder-functions-by-name", "-O3", "-aimfs", "0", "-fimfs", "0", "-ocimfs", "0", "--low-memory-unused"];
    process::run(tools.command("wasm-opt")?.args(flags).arg(module).arg("-o").arg(module))
}

/// When the page loads a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Load {
    /// Before the reader does anything.
    First,
    /// With the first worker: when there is a sign of a reader, or a link that asks for a run.
    Engine,
    /// With a data set, in another language or with the example deck, or never.
    Later,
}

/// Prints what the first load weighs, and the workers' part, which comes after it.
///
/// # Errors
/// If the first load is over the limit, or dist/ lacks a part of the site.
pub fn weigh() -> Result {
    let mut files = Vec::new();
    list(&folder(), &mut files)?;
    let mut sizes: Vec<(Load, String, usize)> = Vec::new();
    for file in files {
        let name = file.strip_prefix(folder()).expect("listed in dist/").to_string_lossy().replace('\\', "/");
        if load(&name) != Load::Later {
            let size = gzipped(&fs::read(&file).map_err(|why| format!("cannot read {}: {why}", file.display()))?);
            sizes.push((load(&name), name, size));
        }
    }
    let missing = ["index.html"].iter().chain(&MODULES).find(|&part| !sizes.iter().any(|(_, name, _)| name == part));
    if let Some(part) = missing {
        return Err(format!("dist/ has no {part}"));
    }
    sizes.sort_by_key(|(load, _, size)| (*load, std::cmp::Reverse(*size)));
    let total = |of: Load| sizes.iter().filter(|(load, ..)| *load == of).map(|(.., size)| size).sum::<usize>();
    for (_, name, size) in &sizes {
        println!("{:>8.1} KB  {name}", kilobytes(*size));
    }
    let first = total(Load::First);
    println!("{:>8.1} KB  first load, gzipped; at most {:.0} KB", kilobytes(first), kilobytes(LIMIT));
    println!("{:>8.1} KB  with the first worker", kilobytes(total(Load::Engine)));
    let single = fs::metadata(folder().join(single::NAME)).map_err(|why| format!("cannot read {}: {why}", single::NAME))?.len() as usize;
    println!("{:>8.1} KB  all in one file, as it is; at most {:.0} KB", kilobytes(single), kilobytes(SINGLE_LIMIT));
    let size = |module: &str| sizes.iter().find(|(_, name, _)| name == module).map_or(0, |(.., size)| *size);
    let modules = MODULES.into_iter().zip(MODULE_LIMITS).map(|(module, limit)| (module, size(module), limit));
    let whole = [("the first load", first, LIMIT), ("the one file", single, SINGLE_LIMIT)];
    whole.into_iter().chain(modules).try_for_each(|(what, size, limit)| hold(what, size, limit))
}

/// Errors where `what` weighs more than it may.
fn hold(what: &str, size: usize, limit: usize) -> Result {
    if size > limit { Err(format!("{what} is {:.1} KB too large", kilobytes(size - limit))) } else { Ok(()) }
}

/// Weighs a module of its own, which may weigh `limit` bytes gzipped.
///
/// # Errors
/// If it weighs more, or cannot be read.
pub fn weigh_module(module: &Path, limit: usize) -> Result {
    let size = gzipped(&fs::read(module).map_err(|why| format!("cannot read {}: {why}", module.display()))?);
    println!("{:>8.1} KB  {}, gzipped; at most {:.0} KB", kilobytes(size), module.display(), kilobytes(limit));
    hold(&module.display().to_string(), size, limit)
}

fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}

/// When the page loads `name`, relative to dist/.
fn load(name: &str) -> Load {
    match name {
        "worker.js" | "separation-engine.js" | "separation-engine_bg.wasm" => Load::Engine,
        "strings/en.json" => Load::First,
        single::NAME => Load::Later,
        _ if name.ends_with(".txt") || ["data/", "strings/", "report/", "slides/"].iter().any(|folder| name.starts_with(folder)) => {
            Load::Later
        }
        _ => Load::First,
    }
}

fn gzipped(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("a Vec takes everything");
    encoder.finish().expect("a Vec takes everything").len()
}

/// Adds every file below `folder`.
///
/// # Errors
/// If a folder cannot be read.
pub fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result {
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
    fn neither_images_nor_a_second_language_belong_to_the_first_load() {
        assert_eq!(["index.html", "strings/en.json", "separation-playground_bg.wasm"].map(load), [Load::First; 3]);
        assert_eq!(
            [
                "data/fashion-mnist-10x10/train-images-idx3-ubyte.gz",
                "data/LICENSE.txt",
                "strings/zh.json",
                "slides/index.html",
                single::NAME
            ]
            .map(load),
            [Load::Later; 5]
        );
        assert_eq!(["worker.js", "separation-engine.js", MODULES[1]].map(load), [Load::Engine; 3]);
    }

    #[test]
    fn what_is_too_heavy_is_named_with_what_is_too_much() {
        assert_eq!(hold("x.wasm", 2048, 2048), Ok(()));
        assert_eq!(hold("x.wasm", 3072, 2048), Err("x.wasm is 1.0 KB too large".into()));
    }

    #[test]
    fn sizes_are_those_of_the_gzipped_file() {
        assert!(gzipped(&[7; 100_000]) < 200);
        assert!(gzipped(b"x") > 1);
    }
}
