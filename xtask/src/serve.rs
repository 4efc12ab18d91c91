//! `cargo xtask serve`: the page, built and served on this machine.

use crate::tools::{PAGE, prepare};
use crate::{Result, page, process, server, single, target};
use std::env;
use std::process::{Command, Stdio};

/// Builds the page, serves it until interrupted and opens it in the browser.
pub fn run(args: &[String]) -> Result {
    let (mut port, mut open) = (8080, true);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--no-open" => open = false,
            "--port" => port = args.next().and_then(|port| port.parse().ok()).ok_or("--port takes a number up to 65535")?,
            other => return Err(format!("serve does not know {other}; it takes --no-open and --port N")),
        }
    }
    let tools = prepare(PAGE)?;
    println!("building the page");
    let folder = target().join("page");
    page::build(&tools, &folder)?;
    single::write(&folder, |_, text| Ok(text.to_owned()))?;
    let listener = server::listen(port).map_err(|why| format!("no free port from {port} on: {why}"))?;
    let address = listener.local_addr().map_err(|why| why.to_string())?;
    let url = format!("http://localhost:{}", address.port());
    println!("{url} (Ctrl-C ends it)");
    if open {
        open_browser(&url);
    }
    server::serve(listener, &folder);
    Ok(())
}

/// Shows `url` if this machine has a screen and a browser.
fn open_browser(url: &str) {
    let has_screen = !cfg!(target_os = "linux") || env::var_os("DISPLAY").is_some() || env::var_os("WAYLAND_DISPLAY").is_some();
    let (program, args): (&str, &[&str]) = match env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    if has_screen && (process::find(program).is_some() || cfg!(windows)) {
        let _ = Command::new(program).args(args).arg(url).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    }
}
