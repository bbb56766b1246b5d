//! The program: reads the command line, does what it says, and ends with one sentence where it can't.

use std::process::ExitCode;

fn main() -> ExitCode {
    match server::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            eprintln!("safe-place: {stop}");
            ExitCode::from(stop.code())
        }
    }
}
