//! The program opens no socket: the system itself is asked.

use std::fs;
use std::process::{Command, Stdio};

use crate::desk_of_one::{DeskOfOne, PROGRAM};

/// The system calls of these sorts that a run makes; none, and said so, where strace cannot tell.
pub(crate) fn calls(desk: &DeskOfOne, line: &str, sorts: &str) -> Option<Vec<String>> {
    if Command::new("strace").arg("-V").output().is_err() {
        eprintln!("strace is not installed: this test was skipped");
        return None;
    }
    let mut command = Command::new("strace");
    command
        .args(["-f", "-e", &format!("trace={sorts},execve"), "-o", "trace", PROGRAM])
        .args(line.split(' '));
    desk.place(&mut command);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let ran = command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).output().unwrap();
    let trace = fs::read_to_string(desk.at("trace")).unwrap();
    if !trace.contains("execve") {
        eprintln!("strace may not trace here: this test was skipped");
        return None;
    }
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    // `???(` is a thread that ended before strace could ask which call it was in.
    let others = ["execve(", "+++", "---", "???("];
    let is_call = |line: &&str| !others.iter().any(|other| line.contains(other));
    Some(trace.lines().filter(is_call).map(str::to_owned).collect())
}

#[test]
fn securing_and_checking_open_no_socket() {
    let desk = DeskOfOne::with_case();
    for line in [
        "secure case bring --source invented --gate no --signing-key-file me.key",
        "verify case --key-file case.key",
        "verify case --signing-key-file me.key",
    ] {
        let Some(network) = calls(&desk, line, "network") else { return };
        assert!(network.is_empty(), "{network:?}");
    }
}
