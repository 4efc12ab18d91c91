//! Packages from npm, kept in the tools' cache: none of them becomes part of the repository.

use crate::{Result, process, tools};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Packages in fixed versions that are installed together.
pub struct Packages {
    /// The folder in the cache; another one when a version changes.
    name: &'static str,
    specs: &'static [&'static str],
    why: &'static str,
}

pub const BINARYEN: Packages =
    Packages { name: "binaryen-132.0.0", specs: &["binaryen@132.0.0"], why: "wasm-opt, which makes the module smaller" };
/// What leaves comments and long names out of the site's scripts and styles.
pub const ESBUILD: Packages =
    Packages { name: "esbuild-0.25.12", specs: &["esbuild@0.25.12"], why: "which makes scripts and styles smaller" };
/// What the page is tested with; playwright-core is the newest that runs in Debian 12's Node 18.
pub const PLAYWRIGHT: Packages = Packages {
    name: "playwright-core-1.61.1-axe-core-4.10.3",
    specs: &["playwright-core@1.61.1", "axe-core@4.10.3"],
    why: "what drives the browser from JavaScript, and what checks that everybody can use the page",
};
/// What the examples of www/examples are built with; Vite 6 is the newest that runs in Debian 12's Node 18.
pub const VITE: Packages = Packages {
    name: "vite-6.4.6-typescript-5.9.3",
    specs: &["vite@6.4.6", "typescript@5.9.3"],
    why: "the bundler and the type checker that the npm package is tested with",
};
/// What makes slides of the example deck.
pub const REVEAL: Packages =
    Packages { name: "reveal.js-5.2.1", specs: &["reveal.js@5.2.1"], why: "which makes slides of the example deck" };
/// What the benchmark compares with.
pub const PEERS: Packages = Packages {
    name: "peers-1",
    specs: &[
        "@jax-js/jax@0.1.25",
        "@tensorflow/tfjs@4.22.0",
        "@tensorflow/tfjs-backend-wasm@4.22.0",
        "@tensorflow/tfjs-backend-webgpu@4.22.0",
    ],
    why: "the libraries that the benchmark compares with",
};

impl Packages {
    /// The folder in the cache, whose name has their versions.
    pub fn home(&self) -> PathBuf {
        tools::cache().join(self.name)
    }

    /// What they are called together.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The folder that has them.
    pub fn folder(&self) -> PathBuf {
        self.home().join("node_modules")
    }

    /// Whether they are installed.
    pub fn are_here(&self) -> bool {
        self.folder().exists()
    }

    /// Installs them into the cache.
    ///
    /// # Errors
    /// If npm fails.
    pub fn install(&self) -> Result {
        println!("installing npm's {}: {}", self.specs.join(", "), self.why);
        // Moved into place when complete, so that what is in place is complete.
        let unfinished = tools::cache().join(format!("{}-unfinished", self.name));
        let _ = fs::remove_dir_all(&unfinished);
        fs::create_dir_all(&unfinished).map_err(|why| format!("cannot make {}: {why}", unfinished.display()))?;
        let flags = ["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
        let mut npm = npm();
        npm.args(flags).arg("--prefix").arg(&unfinished).args(self.specs).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        process::run(npm.stdout(Stdio::null()))?;
        let _ = fs::remove_dir_all(self.home());
        fs::rename(&unfinished, self.home()).map_err(|why| format!("cannot make {}: {why}", self.home().display()))
    }
}

/// The npm command.
pub fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}
