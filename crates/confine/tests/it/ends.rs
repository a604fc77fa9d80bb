//! How workers end: every bad end has its name, and none leaves a process behind.

use std::io;
use std::ops::ControlFlow;

use confine::{ConfineError, Ending, Host, How, Limits, Program, Why, run};

use crate::world::{Told, act, act_with, short, worker};

fn died(why: Why) -> How {
    How::Died { why }
}

fn one_second() -> Limits {
    Limits { wall_seconds_without_word: 1, ..short() }
}

#[test]
fn a_good_end() {
    let (ending, told) = act("nothing");
    assert_eq!((ending.how, told.messages.len()), (How::Finished, 0));
}

#[test]
fn a_program_that_is_not_there() {
    let error = run(&Program::new("/erfunden/nicht/da", "x"), &short(), b"", &mut Told::default());
    assert!(matches!(error, Err(ConfineError::Start(_))));
}

#[test]
fn silence() {
    for name in ["silence", "deaf"] {
        let (ending, _) = act_with(name, &one_second(), b"");
        assert_eq!(ending.how, died(Why::Silence), "{name}");
    }
}

#[test]
fn a_sign_of_life_is_no_silence() {
    let (ending, told) = act_with("alive", &one_second(), b"");
    assert_eq!((ending.how, told.messages.len()), (How::Finished, 0));
}

#[test]
fn exits() {
    let (ending, told) = act("exit");
    assert_eq!(ending.how, died(Why::Exit(3)));
    assert_eq!(told.texts(), ["before"]);
    assert_eq!(act("exit at once").0, Ending { how: died(Why::Exit(4)), layers: None });
    assert_eq!(act("panic").0.how, died(Why::Exit(101)));
}

#[test]
fn a_job_larger_than_any_pipe_for_a_program_that_does_not_read() {
    let (ending, _) = act_with("exit at once", &short(), &vec![7; 8 << 20]);
    assert_eq!(ending.how, died(Why::Exit(4)));
}

#[test]
fn bad_words() {
    let limits = Limits { message_bytes: 8, ..short() };
    for name in [
        "garbage at once",
        "flood",
        "garbage",
        "long frame",
        "long message",
        "broken messages",
        "greedy question",
        "layers twice",
    ] {
        let (ending, told) = act_with(name, &limits, b"");
        assert_eq!(ending.how, died(Why::BadWord), "{name}");
        assert!(told.messages.is_empty(), "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_closed_pipe_of_a_living_worker() {
    assert_eq!(act("close stdout").0, Ending { how: died(Why::BadWord), layers: None });
}

#[test]
fn an_honest_worker_is_told_that_its_message_is_too_long() {
    let (ending, told) = act_with("too long for honest", &Limits { message_bytes: 8, ..short() }, b"");
    assert_eq!(ending.how, How::Finished);
    assert_eq!(told.texts(), ["InvalidI"]);
}

#[test]
fn the_host_stops() {
    let mut told = Told { stop_at: Some(500), ..Told::default() };
    let ending = run(&worker("count"), &short(), b"100000 40", &mut told).unwrap();
    assert_eq!((ending.how, told.messages.len()), (How::Stopped, 500));

    let mut told = Told { refuses: true, ..Told::default() };
    let ending = run(&worker("echo"), &short(), b"secret", &mut told).unwrap();
    assert_eq!((ending.how, told.messages.len()), (How::Stopped, 0));
}

/// A host that is slow, or panics, at the first message, which is the worker's process number.
struct Odd {
    pause_seconds: u64,
    panics: bool,
    process: String,
}

impl Host for Odd {
    fn read_at(&mut self, _: u32, _: u64, _: &mut [u8]) -> io::Result<usize> {
        Ok(0)
    }

    fn message(&mut self, bytes: &[u8]) -> ControlFlow<()> {
        self.process = String::from_utf8(bytes.to_vec()).unwrap();
        std::thread::sleep(std::time::Duration::from_secs(self.pause_seconds));
        assert!(!self.panics, "invented");
        ControlFlow::Break(())
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_process_stays_whatever_the_host_does() {
    for panics in [false, true] {
        let mut host = Odd { pause_seconds: 0, panics, process: String::new() };
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            run(&worker("pid and silence"), &short(), b"", &mut host).unwrap()
        }));
        assert_eq!(result.is_err(), panics);
        let folder = format!("/proc/{}", host.process);
        assert!(!std::path::Path::new(&folder).exists(), "not even a zombie");
    }
}

#[test]
fn time_that_the_host_takes_is_no_silence() {
    let mut host = Odd { pause_seconds: 2, panics: false, process: String::new() };
    let ending = run(&worker("pid and silence"), &one_second(), b"", &mut host).unwrap();
    assert_eq!(ending.how, How::Stopped);
}
