//! Running other programs.

use crate::Result;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

/// Runs `command` to its end, its output passed through.
///
/// # Errors
/// If it cannot be started or fails; the message names it.
pub fn run(command: &mut Command) -> Result {
    let status = command.status().map_err(|why| format!("cannot start {}: {why}", shown(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed ({status})", shown(command))) }
}

/// What `command` prints, trimmed, if it can be started and succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// What `command` makes of `text`.
///
/// # Errors
/// If it cannot be started or fails; the message names it.
pub fn filter(command: &mut Command, text: &str) -> Result<String> {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = piped.spawn().map_err(|why| format!("cannot start {}: {why}", shown(command)))?;
    let mut input = child.stdin.take().expect("piped");
    // It may write before it has read everything.
    let output = thread::scope(|scope| {
        scope.spawn(move || input.write_all(text.as_bytes()));
        child.wait_with_output().map_err(|why| format!("{}: {why}", shown(command)))
    })?;
    if !output.status.success() {
        return Err(format!("{} failed ({})", shown(command), output.status));
    }
    String::from_utf8(output.stdout).map_err(|why| format!("{}: {why}", shown(command)))
}

/// Whether `command` succeeds; its output is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    output(command).is_some()
}

/// The file that `program` names on PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    find_in(program, std::env::split_paths(&std::env::var_os("PATH")?))
}

fn find_in(program: &str, mut folders: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    folders.find_map(|folder| Some(folder.join(&file)).filter(|path| path.is_file()))
}

/// `command` as one would type it, long values shortened.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let mut words = vec![program.to_string_lossy()];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy()));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_in_the_first_folder_that_has_it() {
        let folder = std::env::temp_dir().join(format!("separation-playground-find-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let program = folder.join(format!("tool{}", std::env::consts::EXE_SUFFIX));
        std::fs::write(&program, "").unwrap();
        assert_eq!(find_in("tool", [PathBuf::from("/nowhere"), folder.clone()].into_iter()), Some(program));
        assert_eq!(find_in("other", [folder.clone()].into_iter()), None);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_failure_names_the_command() {
        let message = run(Command::new("cargo").args(["no-such-command"]).stderr(Stdio::null())).unwrap_err();
        assert!(message.starts_with("cargo no-such-command failed"), "{message}");
    }
}
