use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.split_first() {
        Some((command, rest)) if command == "data" => {
            let program = ["run", "--quiet", "--package", "xtask", "--bin", "data", "--features", "data", "--"];
            let status = Command::new("cargo").args(program).args(rest).status();
            if status.is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        _ => ExitCode::FAILURE,
    }
}
