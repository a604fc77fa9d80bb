//! The rules of the house as tests, and as a command that lists what breaks them.
//!
//! `cargo test -p xtask` is the check; `cargo run -p xtask` prints every place. Uses the standard library
//! only, so that it is compiled in seconds and runs before anything else. It does not format, lint or
//! compile: rustfmt, clippy and the compiler do that.

mod tidy;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// The folder of the workspace.
fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn main() -> std::io::Result<ExitCode> {
    let tree = tidy::Tree::load(workspace())?;
    let problems = tidy::problems(&tree);
    let mut out = std::io::stdout().lock();
    for problem in &problems {
        writeln!(out, "{problem}")?;
    }
    writeln!(out, "{} files, {} problems", tree.len(), problems.len())?;
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
