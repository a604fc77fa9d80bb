//! The doors on Linux: every one is tried, and the layer that holds it is named.

use confine::{Guard, How, Why};

use crate::world::{act, act_with, short};

/// Errors of the system: EPERM is what seccomp says here, EACCES what Landlock says, EMFILE what the limit on
/// descriptors says where seccomp is missing.
const EPERM: i32 = 1;
const EACCES: i32 = 13;
const EMFILE: i32 = 24;

/// Doors that Landlock alone would hold as well.
const PATHS: &[&str] = &["read /etc/passwd", "read itself", "write a file", "make a folder", "list /proc"];
const OTHERS: &[&str] = &[
    "remove a file",
    "look at a file",
    "follow a link",
    "TCP",
    "TCP over IPv6",
    "UDP",
    "local socket",
    "netlink",
    "packets",
    "start a program",
    "start a thread",
    "kill the parent",
    "hold the parent",
    "read the parent",
];

#[test]
fn every_door_is_closed_or_reported_open() {
    let (ending, told) = act("doors");
    let layers = ending.layers.unwrap();
    eprintln!("layers: {layers:?}");
    if layers.seccomp == Guard::On {
        assert_eq!(ending.how, How::Finished);
    }
    let said: Vec<(String, i32)> = told
        .texts()
        .iter()
        .map(|text| {
            text.split_once('=').map(|(door, code)| (door.to_owned(), code.parse().unwrap())).unwrap()
        })
        .collect();
    let code = |door: &str| said.iter().find(|(name, _)| name == door).unwrap().1;
    assert_eq!(code("environment"), 0, "no variable of the parent's");
    for door in PATHS.iter().chain(OTHERS) {
        let by_landlock = PATHS.contains(door) && layers.landlock.is_some();
        match (layers.seccomp, by_landlock) {
            (Guard::On, _) => assert_eq!(code(door), EPERM, "seccomp: {door}"),
            (Guard::Missing, true) => assert!([EACCES, EMFILE].contains(&code(door)), "Landlock: {door}"),
            (Guard::Missing, false) => {
                eprintln!("{door}: code {}, no layer here that must hold it", code(door));
                assert!(layers.missing().contains(&"seccomp"));
            }
        }
    }
    assert_eq!(said.len(), PATHS.len() + OTHERS.len() + 1, "every door was tried");
    assert!(!std::path::Path::new("/var/tmp/erfunden").exists());
}

#[test]
fn layers_are_reported_as_the_kernel_sees_them() {
    let (ending, _) = act("nothing");
    let layers = ending.layers.unwrap();
    let kernel_has = |name: &str| {
        std::fs::read_to_string("/proc/self/status").unwrap().lines().any(|line| line.starts_with(name))
    };
    assert_eq!(layers.seccomp == Guard::On, kernel_has("Seccomp_filters:"));
    assert_eq!(
        [layers.limits, layers.no_new_privileges, layers.untraceable, layers.dies_with_parent],
        [Guard::On; 4]
    );
    match layers.landlock {
        Some(version) => assert!((1..=7).contains(&version)),
        None => eprintln!("this kernel has no Landlock"),
    }
}

#[test]
fn a_layer_that_would_bind_one_thread_of_two_is_not_on() {
    let (ending, _) = act("second thread");
    let (alone, _) = act("nothing");
    let layers = ending.layers.unwrap();
    assert_eq!((ending.how, layers.landlock), (How::Finished, None));
    assert_eq!(layers.seccomp, alone.layers.unwrap().seccomp, "it is put on both");
}

#[test]
fn a_call_that_is_not_needed_kills() {
    for name in ["forbidden call", "left behind"] {
        let (ending, told) = act(name);
        if ending.layers.unwrap().seccomp == Guard::On {
            assert_eq!(ending.how, How::Died { why: Why::Signal(31) }, "{name}");
            assert!(told.messages.is_empty());
        } else {
            eprintln!("{name}: seccomp is missing here and reported so");
        }
    }
}

#[test]
fn memory_is_limited() {
    for name in ["memory at once", "memory bit by bit"] {
        let (ending, _) = act(name);
        assert_eq!(ending.how, How::Died { why: Why::Memory }, "{name}");
    }
}

#[test]
fn time_is_limited() {
    let (ending, _) = act("loop");
    assert_eq!(ending.how, How::Died { why: Why::Time });
}

#[test]
fn the_spool_is_limited_in_number_and_size() {
    let (ending, told) = act("spool");
    assert_eq!(ending.how, How::Finished);
    assert_eq!(told.texts(), ["64 0 StorageFull"]);
    let (ending, _) = act("spool too large");
    assert_eq!(ending.how, How::Died { why: Why::Spool });
}

#[test]
fn sealing_works_behind_the_doors() {
    let (ending, told) = act_with("seal", &confine::Limits { spool_bytes: 8 << 20, ..short() }, b"");
    assert_eq!(ending.how, How::Finished);
    assert_eq!(told.texts(), ["sealed and read back"]);
}

#[test]
fn without_a_spool_folder_there_is_an_error_and_no_death() {
    let mut told = crate::world::Told::default();
    let mut program = crate::world::worker("spool");
    program.spool_folder = Some("/erfunden/und/nicht/da".into());
    let ending = confine::run(&program, &short(), b"", &mut told).unwrap();
    assert_eq!(ending.how, How::Finished);
    assert_eq!(told.texts(), ["0 0 StorageFull"]);
    let folder = tempfile::tempdir().unwrap();
    program.spool_folder = Some(folder.path().to_owned());
    confine::run(&program, &short(), b"", &mut told).unwrap();
    assert_eq!(told.texts()[1], "64 0 StorageFull");
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "nothing stays behind");
}

#[test]
fn a_worker_dies_with_its_parent() {
    use std::io::{BufRead, BufReader};
    let program = crate::world::worker("parent");
    let mut parent = std::process::Command::new(&program.path)
        .args(&program.arguments)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut process = String::new();
    BufReader::new(parent.stdout.take().unwrap()).read_line(&mut process).unwrap();
    let process = process.trim();
    assert!(!crate::world::is_gone(process));
    parent.kill().unwrap();
    parent.wait().unwrap();
    let gone = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        crate::world::is_gone(process)
    });
    assert!(gone, "the worker outlives its parent");
}

#[test]
fn a_long_message_needs_memory_once() {
    // 16 MiB messages, the default, in a worker of 256 MiB.
    let limits = confine::Limits { message_bytes: 16 << 20, ..short() };
    let (ending, told) = act_with("count", &limits, format!("20 {}", 16 << 20).as_bytes());
    assert_eq!(ending.how, How::Finished);
    assert!(told.messages.iter().all(|message| message.len() == 16 << 20) && told.messages.len() == 20);
}
