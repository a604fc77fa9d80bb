//! The command: `cargo run -p make -- SUBCOMMAND …`, one file or folder of the library for each.

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let subcommand = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let done = match subcommand.as_str() {
        "acquisitions" => make::acquisitions::command(&rest),
        "indicators" => make::indicators::command(&rest),
        "hints" => make::hints::command(&rest),
        _ => Err("make indicators DATA [OUT] | make acquisitions OUT [--seed 1] [--size small|bench] | \
                  make hints RULES SETS [LANGUAGE …]"
            .into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if this fails.
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}
