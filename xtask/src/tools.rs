//! What the commands need: looked for, else installed once into a cache outside target/.

use crate::npm::{self, BINARYEN, ESBUILD, PEERS, PLAYWRIGHT, REVEAL, VITE};
use crate::wasm_toolchain::{self, Toolchain};
use crate::{Result, debian, llvm_tools, no_arguments, process, root};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, thread};

/// Something that a command cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A Rust that builds for wasm32.
    Wasm,
    /// Its lints.
    WasmClippy,
    /// wasm-bindgen, of the version that the crate is built with.
    Bindgen,
    Trunk,
    WasmPack,
    WasmOpt,
    /// What makes scripts and styles smaller.
    Esbuild,
    Node,
    Playwright,
    /// A bundler and a type checker, for the examples.
    Vite,
    /// What makes slides of the example deck.
    Reveal,
    /// The libraries that the benchmark compares with.
    Peers,
    /// Chromium or Chrome, and its driver.
    Chromium,
    /// Firefox and its driver.
    Firefox,
    /// What makes WebKitGTK's MiniBrowser do as it is told, and a screen for it that nobody sees.
    WebKit,
    /// A Vulkan for the tests of the GPU engine, if only one that runs on the CPU.
    Vulkan,
    /// The servers of the guide to hosting, which is tested with them. On Debian only: elsewhere those tests are skipped.
    Servers,
    /// What holds the dependencies against deny.toml.
    Deny,
    /// What runs the parsers under libFuzzer.
    Fuzz,
    /// What changes the source to see whether a test notices.
    Mutants,
    /// What counts the lines that tests run, and LLVM's part of it.
    LlvmCov,
    LlvmTools,
}

/// What shows the page.
pub const PAGE: &[Need] = &[Need::Wasm, Need::Bindgen, Need::Trunk];

/// Debian's package and program of Chromium without windows.
const SHELL: &str = "chromium-headless-shell";

/// The tools that were asked for, ready.
pub struct Tools {
    /// Folders of programs, before those on PATH.
    folders: Vec<PathBuf>,
    toolchain: Toolchain,
}

impl Tools {
    /// `program`, with every tool that was asked for within its reach.
    ///
    /// # Errors
    /// If PATH has a character that it cannot have.
    pub fn command(&self, program: &str) -> Result<Command> {
        let before = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(self.folders.iter().cloned().chain(env::split_paths(&before))).map_err(|why| format!("PATH: {why}"))?;
        // Command looks `program` up on this process's PATH, not on the one it passes on.
        let file = self.folders.iter().map(|folder| folder.join(program)).find(|file| file.is_file());
        let mut command = Command::new(file.unwrap_or_else(|| program.into()));
        command.env("PATH", path).current_dir(root());
        self.toolchain.apply(&mut command);
        if let Some(flag) = without_home() {
            // Joins the flags of .cargo/config.toml, where RUSTFLAGS would replace them.
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flag);
        }
        Ok(command)
    }
}

/// A program from crates.io.
struct CargoTool {
    name: &'static str,
    package: &'static str,
    version: String,
    /// How much of the version must agree.
    exact: bool,
    flags: &'static [&'static str],
    why: &'static str,
}

impl CargoTool {
    fn of(need: Need) -> Result<Option<Self>> {
        let tool = |name, version: &str, flags, why| Self { name, package: name, version: version.into(), exact: false, flags, why };
        Ok(match need {
            Need::Bindgen => Some(Self {
                package: "wasm-bindgen-cli",
                exact: true,
                ..tool("wasm-bindgen", &locked_version("wasm-bindgen")?, &[], "ties the WebAssembly module to JavaScript")
            }),
            // Fewest features: what is left out are its TLS and its look for newer versions.
            Need::Trunk => Some(tool("trunk", "0.21.14", &["--no-default-features"], "assembles the page")),
            Need::WasmPack => Some(tool("wasm-pack", "0.15.1", &[], "runs Rust tests in a browser")),
            Need::Firefox => Some(tool("geckodriver", "0.37.1", &[], "runs Rust tests in Firefox")),
            Need::Deny => Some(tool("cargo-deny", "0.20.2", &[], "holds the dependencies against deny.toml")),
            Need::Fuzz => Some(tool("cargo-fuzz", "0.13.2", &[], "runs the parsers under libFuzzer")),
            Need::Mutants => Some(tool("cargo-mutants", "27.1.0", &[], "changes the source to see whether a test notices")),
            Need::LlvmCov => Some(tool("cargo-llvm-cov", "0.9.1", &[], "counts the lines that the tests run")),
            _ => None,
        })
    }

    fn home(&self) -> PathBuf {
        cache().join(format!("{}-{}", self.name, self.version))
    }

    /// The folder to add to PATH, none if it is there already; an error if the tool is nowhere.
    fn folder(&self) -> Option<Option<PathBuf>> {
        if process::output(Command::new(self.name).arg("--version")).is_some_and(|text| self.serves(&text)) {
            return Some(None);
        }
        let file = self.home().join("bin").join(format!("{}{}", self.name, env::consts::EXE_SUFFIX));
        file.exists().then(|| Some(self.home().join("bin")))
    }

    /// Whether a program that answers `--version` with `text` will do.
    fn serves(&self, text: &str) -> bool {
        let Some(version) = text.split_whitespace().nth(1) else { return false };
        let minor = |version: &str| version.split('.').take(2).collect::<Vec<_>>().join(".");
        if self.exact { version == self.version } else { minor(version) == minor(&self.version) }
    }

    /// Installs it into the cache: prebuilt if cargo-binstall is there, else compiled with a light profile.
    fn install(&self) -> Result {
        println!("installing {} {}: {}", self.name, self.version, self.why);
        let spec = format!("{}@{}", self.package, self.version);
        let prebuilt = ["binstall", "--no-confirm", "--log-level", "error", "--root"];
        if process::find("cargo-binstall").is_some()
            && process::run(Command::new("cargo").args(prebuilt).arg(self.home()).arg(&spec)).is_ok()
        {
            return Ok(());
        }
        let mut cargo = Command::new("cargo");
        cargo.args(["install", "--quiet", "--locked", &spec, "--root"]).arg(self.home()).args(self.flags);
        // Run for a second or two at a time: a quick build matters more than a quick program.
        cargo.env("CARGO_TARGET_DIR", building()).env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
        cargo
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        process::run(cargo.current_dir(env::temp_dir()))
    }
}

/// `cargo xtask setup`: everything that serve and test need.
pub fn run(args: &[String]) -> Result {
    no_arguments("setup", args)?;
    use Need::*;
    prepare(&[Wasm, Bindgen, Trunk, WasmPack, WasmOpt, Esbuild, Node, Reveal, Playwright, Vite, Chromium, Servers])
        .map(|_| println!("everything is there"))
}

/// Looks for `needs` and installs those that are missing.
///
/// # Errors
/// If one of them can be neither found nor installed; the message says what to install by hand.
pub fn prepare(needs: &[Need]) -> Result<Tools> {
    let programs = needs.iter().filter_map(|need| CargoTool::of(*need).transpose()).collect::<Result<Vec<_>>>()?;
    fs::create_dir_all(cache()).map_err(|why| format!("cannot make {}: {why}", cache().display()))?;
    // Debian's packages come from the network while cargo keeps the processors busy.
    let (system, compiled) = thread::scope(|scope| {
        let compiling = scope.spawn(|| install_programs(&programs));
        (install_system(needs), compiling.join().expect("installing does not panic"))
    });
    match (system, compiled) {
        (Err(one), Err(other)) => return Err(format!("{one}\n{other}")),
        (one, other) => one.and(other)?,
    }
    let mut folders: Vec<PathBuf> = programs.iter().filter_map(|tool| tool.folder().flatten()).collect();
    if needs.contains(&Need::WasmOpt) && process::find("wasm-opt").is_none() && BINARYEN.are_here() {
        folders.push(BINARYEN.folder().join(".bin"));
    }
    if needs.contains(&Need::Esbuild) {
        folders.push(ESBUILD.folder().join(".bin"));
    }
    let toolchain = match needs.contains(&Need::Wasm) {
        true => wasm_toolchain::ready()?.ok_or("no Rust here builds for wasm32-unknown-unknown, though it was just installed")?,
        false => Toolchain::Current,
    };
    Ok(Tools { folders, toolchain })
}

fn install_programs(programs: &[CargoTool]) -> Result {
    let mut compiled = false;
    for tool in programs {
        // Asked anew each time: several may need the same one.
        if tool.folder().is_none() {
            tool.install()?;
            compiled = true;
        }
    }
    if compiled {
        let _ = fs::remove_dir_all(building());
    }
    Ok(())
}

/// Installs what does not come from crates.io.
fn install_system(needs: &[Need]) -> Result {
    let needed = |need| needs.contains(&need);
    let mut packages = Vec::new();
    let debian_std = needed(Need::Wasm) && wasm_toolchain::ready()?.is_none() && !wasm_toolchain::try_rustup()?;
    if debian_std {
        packages.extend(wasm_toolchain::debian_packages());
    }
    if needed(Need::WasmClippy) && (debian_std || wasm_toolchain::ready()? == Some(Toolchain::Debian)) {
        packages.extend(wasm_toolchain::debian_clippy());
    }
    if needed(Need::Node) && !node_is_here() {
        packages.push(("nodejs npm", "Node.js 18 or newer and npm, which run the tests written in JavaScript"));
    }
    let wasm_opt = needed(Need::WasmOpt) && process::find("wasm-opt").is_none() && !BINARYEN.are_here();
    let npm_comes = needed(Need::Node) || node_is_here();
    if wasm_opt && !npm_comes {
        packages.push(("binaryen", "wasm-opt, which makes the module smaller"));
    }
    if needed(Need::Chromium) && (chromium().is_none() || (process::find("chromedriver").is_none() && debian::is_here())) {
        packages.push(("chromium chromium-driver", "the browser that the tests run in"));
    }
    if needed(Need::Firefox) && firefox().is_none() {
        packages.push(("firefox-esr", "Firefox, which the tests run in too"));
    }
    if needed(Need::WebKit) && ["WebKitWebDriver", "Xvfb"].into_iter().any(|program| process::find(program).is_none()) {
        packages.push(("webkit2gtk-driver xvfb", "WebKit, which the tests run in too, and a screen for it that nobody sees"));
    }
    if needed(Need::Vulkan) && !vulkan_is_here() {
        packages.push(("mesa-vulkan-drivers libvulkan1", "lavapipe, a Vulkan on the CPU, which the tests of the GPU engine run on"));
    }
    let servers = ["nginx", "apache2"].into_iter().all(|server| Path::new("/usr/sbin").join(server).exists());
    if needed(Need::Servers) && !servers && debian::is_here() {
        packages.push(("nginx apache2-bin", "the web servers that the guide to hosting is tested with"));
    }
    let llvm = needed(Need::LlvmTools) && llvm_tools::folder().is_none() && !llvm_tools::try_rustup();
    let llvm = if llvm { llvm_tools::debian_package() } else { None };
    packages.extend(llvm.as_deref().map(|package| (package, "llvm-cov and llvm-profdata, which read the lines that the tests ran")));
    debian::install(&packages)?;
    if needed(Need::Playwright)
        && needed(Need::Chromium)
        && env::var_os("CHROME").is_none()
        && process::find(SHELL).is_none()
        && debian::is_here()
    {
        let package = (SHELL, "Chromium without windows, which takes a third less of the machine");
        if let Err(why) = debian::install(&[package]) {
            println!("{why}\nthe tests run in Chromium itself");
        }
    }
    if debian_std {
        wasm_toolchain::build_std()?;
    }
    if wasm_opt && npm_comes {
        BINARYEN.install()?;
    }
    let of_npm =
        [(Need::Esbuild, &ESBUILD), (Need::Playwright, &PLAYWRIGHT), (Need::Reveal, &REVEAL), (Need::Vite, &VITE), (Need::Peers, &PEERS)];
    for (need, packages) in of_npm {
        if needed(need) && !packages.are_here() {
            packages.install()?;
        }
    }
    Ok(())
}

/// Whether Node.js is there in a version that runs the tests, and npm.
fn node_is_here() -> bool {
    let major = |text: String| text.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    process::output(Command::new("node").arg("--version")).and_then(major).is_some_and(|major| major >= 18)
        && process::succeeds(npm::npm().arg("--version"))
}

/// Whether there is a Vulkan driver; only Linux lists them in folders, and elsewhere the tests will say.
fn vulkan_is_here() -> bool {
    let named = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"].iter().any(|name| env::var_os(name).is_some());
    let listed = |folder: &str| fs::read_dir(folder).is_ok_and(|mut drivers| drivers.next().is_some());
    !cfg!(target_os = "linux")
        || named
        || ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"].into_iter().any(listed)
}

/// The Chromium for the tests: the one that CHROME names, else Chromium or Chrome.
pub fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    browser("CHROME", &names, "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
}

/// Chromium without windows if it is there, for what is driven by Playwright; else the one above.
pub fn headless_chromium() -> Option<PathBuf> {
    process::find(SHELL).filter(|_| env::var_os("CHROME").is_none()).or_else(chromium)
}

/// The Firefox for the tests: the one that FIREFOX names, else one that is installed.
pub fn firefox() -> Option<PathBuf> {
    browser("FIREFOX", &["firefox-esr", "firefox"], "/Applications/Firefox.app/Contents/MacOS/firefox")
}

fn browser(variable: &str, names: &[&str], mac: &str) -> Option<PathBuf> {
    let named = env::var_os(variable).map(PathBuf::from);
    named.or_else(|| names.iter().find_map(|name| process::find(name))).or_else(|| Path::new(mac).exists().then(|| mac.into()))
}

/// The folder of installed tools, each in a folder of its own: `name-version`.
pub fn cache() -> PathBuf {
    let base = env::var_os("XDG_CACHE_HOME").map_or_else(|| home().join(".cache"), PathBuf::from);
    base.join("separation-playground/tools")
}

/// Where programs are compiled: by this process alone, for another one that installs something removes its folder when it has done.
fn building() -> PathBuf {
    cache().join(format!("target-{}", std::process::id()))
}

/// Where cargo keeps what it has downloaded.
pub fn cargo_home() -> PathBuf {
    env::var_os("CARGO_HOME").map_or_else(|| home().join(".cargo"), PathBuf::from)
}

/// What keeps this machine's paths out of the modules: a panic says where in the source it arose. None if a path has a space, which
/// separates flags; `cargo xtask release` would then complain.
pub fn without_home() -> Option<String> {
    let home = cargo_home().to_str()?.to_owned();
    (!home.contains(char::is_whitespace)).then(|| format!("--remap-path-prefix={home}=cargo"))
}

/// The sources of a package from crates.io.
///
/// # Errors
/// If cargo has not downloaded them.
pub fn sources(name: &str, version: &str) -> Result<PathBuf> {
    let id = format!("{name}-{version}");
    let registries = fs::read_dir(cargo_home().join("registry/src")).map_err(|why| format!("cannot read cargo's sources: {why}"))?;
    registries
        .flatten()
        .map(|registry| registry.path().join(&id))
        .find(|folder| folder.is_dir())
        .ok_or(format!("cargo has no sources of {id}"))
}

fn home() -> PathBuf {
    PathBuf::from(env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).unwrap_or_default())
}

/// The version of `package` in Cargo.lock.
fn locked_version(package: &str) -> Result<String> {
    let file = root().join("Cargo.lock");
    let lock = fs::read_to_string(&file).map_err(|why| format!("cannot read {}: {why}", file.display()))?;
    version_in(&lock, package).ok_or_else(|| format!("Cargo.lock has no {package}"))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let (_, after) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    after.split('"').next().map(str::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_gives_the_version_of_exactly_that_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.129"));
        assert_eq!(version_in(lock, "bindgen"), None);
    }

    #[test]
    fn wasm_bindgen_must_match_exactly_and_trunk_to_the_minor_version() {
        let tool = |exact| CargoTool { name: "x", package: "x", version: "0.21.14".into(), exact, flags: &[], why: "" };
        assert!(tool(true).serves("x 0.21.14") && !tool(true).serves("x 0.21.15"));
        assert!(tool(false).serves("x 0.21.9 (abc)") && !tool(false).serves("x 0.22.1") && !tool(false).serves(""));
    }
}
