//! The program opens no socket: the system itself is asked.

use std::fs;
use std::process::Command;

use crate::desk_of_one::{DeskOfOne, PROGRAM};

#[test]
fn securing_and_checking_open_no_socket() {
    let desk = DeskOfOne::with_case();
    if Command::new("strace").arg("-V").output().is_err() {
        eprintln!("strace is not installed: this test was skipped");
        return;
    }
    for line in [
        "secure case bring --source invented --gate no --signing-key-file me.key",
        "verify case --key-file case.key",
        "verify case --signing-key-file me.key",
    ] {
        let mut command = Command::new("strace");
        command.args(["-f", "-e", "trace=network,execve", "-o", "trace", PROGRAM]).args(line.split(' '));
        desk.place(&mut command);
        let ran = command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).output().unwrap();
        let trace = fs::read_to_string(desk.at("trace")).unwrap();
        if !trace.contains("execve") {
            eprintln!("strace may not trace here: this test was skipped");
            return;
        }
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let calls = |line: &&str| !line.contains("execve(") && !line.contains("+++") && !line.contains("---");
        let network: Vec<&str> = trace.lines().filter(calls).collect();
        assert!(network.is_empty(), "{network:?}");
    }
}
