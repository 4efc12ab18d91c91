//! Packages from npm, kept in the tools' cache: none of them becomes part of the repository.

use crate::{Result, process, tools};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A package in one fixed version, or several that belong together.
pub struct Package {
    pub name: &'static str,
    pub version: &'static str,
    pub why: &'static str,
}

pub const BINARYEN: Package = Package { name: "binaryen", version: "132.0.0", why: "wasm-opt, which makes the module smaller" };
/// The newest that runs in Debian 12's Node 18.
pub const PLAYWRIGHT: Package = Package { name: "playwright-core", version: "1.56.1", why: "drives the browser in the end-to-end tests" };

impl Package {
    fn home(&self) -> PathBuf {
        tools::cache().join(format!("{}-{}", self.name, self.version))
    }

    /// The package's folder.
    pub fn folder(&self) -> PathBuf {
        self.home().join("node_modules").join(self.name)
    }

    /// Whether it is installed.
    pub fn is_here(&self) -> bool {
        self.folder().join("package.json").exists()
    }

    /// Installs it into the cache.
    ///
    /// # Errors
    /// If npm fails.
    pub fn install(&self) -> Result {
        println!("installing npm's {} {}: {}", self.name, self.version, self.why);
        let unfinished = tools::cache().join(format!("{}-{}-unfinished", self.name, self.version));
        let _ = fs::remove_dir_all(&unfinished);
        fs::create_dir_all(&unfinished).map_err(|why| format!("cannot make {}: {why}", unfinished.display()))?;
        let spec = format!("{}@{}", self.name, self.version);
        let flags = ["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
        process::run(npm().args(flags).arg("--prefix").arg(&unfinished).arg(spec).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
        let _ = fs::remove_dir_all(self.home());
        fs::rename(&unfinished, self.home()).map_err(|why| format!("cannot make {}: {why}", self.home().display()))
    }
}

/// The npm command.
pub fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}
