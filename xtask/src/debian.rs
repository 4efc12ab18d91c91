//! Debian's packages: the other way to what cannot be had in the ordinary one.

use crate::{Result, process};
use std::io::IsTerminal;
use std::path::Path;
use std::process::{Command, Stdio};

/// Whether this machine takes Debian's packages.
pub fn is_here() -> bool {
    Path::new("/etc/debian_version").exists() && process::find("apt-get").is_some()
}

/// Installs `packages`, each with the reason why.
///
/// # Errors
/// If this is not Debian, there is no way to become root, or a package is not to be had; the message says what to install by hand.
pub fn install(packages: &[(&str, &str)]) -> Result {
    if packages.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = packages.iter().flat_map(|(names, _)| names.split_whitespace()).collect();
    let by_hand = || packages.iter().map(|(names, why)| format!("\n  {names} ({why})")).collect::<String>();
    if !is_here() {
        return Err(format!("not a Debian machine; please install, by Debian's names:{}", by_hand()));
    }
    for (names, why) in packages {
        println!("installing Debian's {names}: {why}");
    }
    // Lists may be missing (a fresh container) or name versions that are gone. Without a network the old ones may still do.
    let _ = process::run(as_root("apt-get")?.args(["update", "-qq"]));
    // --no-remove: never take away a Rust that somebody installed from Debian.
    let mut apt = as_root("apt-get")?;
    apt.env("DEBIAN_FRONTEND", "noninteractive")
        .args(["install", "-y", "-qq", "-o", "Dpkg::Use-Pty=0", "--no-install-recommends", "--no-remove"])
        .args(&names)
        .stdout(Stdio::null());
    process::run(&mut apt).map_err(|why| format!("{why}; please install by hand:{}", by_hand()))
}

/// A command with root's rights.
///
/// # Errors
/// If the user is not root and sudo cannot ask for a password.
pub fn as_root(program: &str) -> Result<Command> {
    if process::output(Command::new("id").arg("-u")).as_deref() == Some("0") {
        return Ok(Command::new(program));
    }
    let asks = std::io::stdin().is_terminal() && process::find("sudo").is_some();
    if asks || process::succeeds(Command::new("sudo").args(["-n", "true"])) {
        let mut command = Command::new("sudo");
        command.args(["--preserve-env=DEBIAN_FRONTEND", program]);
        return Ok(command);
    }
    Err(format!("{program} needs root's rights: run this once as root, or where sudo works"))
}
