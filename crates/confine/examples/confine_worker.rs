//! The worker that the tests start: its first argument says what it does, good or bad.
//!
//! An example and not a test, so that it is a program with a `main` of its own. Nothing of it is shipped.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::exit,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a program for tests"
)]

use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::time::Duration;

use confine::{Host, Limits, Program, Worker, enter, run};
use model::ReadAt;

fn main() {
    let act = std::env::args().nth(1).unwrap_or_default();
    match act.as_str() {
        // Before and without any doors: a program that is hostile from the start.
        "garbage at once" => print!("this is no frame, whatever comes behind it"),
        "exit at once" => std::process::exit(4),
        "flood" => while io::stdout().write_all(&[b'M'; 4096]).is_ok() {},
        "close stdout" => close_stdout(),
        "deaf" => deaf(),
        "parent" => parent(),
        _ => confined(&act),
    }
}

fn confined(act: &str) {
    // Opened before the doors close, as a descriptor that somebody left behind would be.
    let left_behind = (act == "left behind").then(|| std::fs::File::open("/etc/hostname").unwrap());
    #[cfg(target_os = "linux")]
    let parent = rustix::process::getppid();
    if act == "second thread" {
        std::thread::spawn(|| std::thread::sleep(Duration::from_mins(10)));
    }
    let mut worker = enter().unwrap();
    match act {
        "nothing" | "second thread" => {}
        "alive" => {
            for _ in 0..20 {
                std::thread::sleep(Duration::from_millis(100));
                worker.flush().unwrap();
            }
        }
        "echo" => worker.send(worker.job()).unwrap(),
        "forget" => {
            worker.forget_job();
            worker.send(worker.job()).unwrap();
        }
        #[cfg(target_os = "linux")]
        "doors" => doors::try_all(&worker, parent),
        "left behind" => println!("{:?}", left_behind.unwrap().read(&mut [0; 16])),
        #[cfg(target_os = "linux")]
        "forbidden call" => drop(rustix::process::getppid()),
        "memory at once" => println!("{}", vec![1_u8; 4 << 30].len()),
        "memory bit by bit" => eat(),
        "loop" => endless(),
        "silence" => std::thread::sleep(Duration::from_mins(10)),
        "pid and silence" => {
            worker.send(std::process::id().to_string().as_bytes()).unwrap();
            worker.flush().unwrap();
            std::thread::sleep(Duration::from_mins(10));
        }
        "panic" => panic!("invented"),
        "exit" => {
            worker.send(b"before").unwrap();
            worker.flush().unwrap();
            std::process::exit(3);
        }
        "garbage" => raw(b"xxxxxxxxxxxxxxxx"),
        "long frame" => raw(b"M\xff\xff\xff\xff"),
        "long message" => raw(&[&b"M\x0d\0\0\0\x09\0\0\0"[..], &[0; 9]].concat()),
        "broken messages" => raw(b"M\x05\0\0\0\x09\0\0\0x"),
        "greedy question" => raw(b"R\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff"),
        "layers twice" => raw(b"Y\x09\0\0\0\0\0\0\0\0\0\0\0\0"),
        "too long for honest" => {
            let error = worker.send(&[0; 9]).unwrap_err();
            worker.send(format!("{:?}", error.kind()).get(..8).unwrap().as_bytes()).unwrap();
        }
        "count" => count(&worker),
        "copy" => copy(&worker),
        "reads" => reads(&worker),
        "spool" => spool(&worker),
        "spool too large" => spool_too_large(&worker),
        "seal" => seal(&worker),
        "sum" => sum(&worker),
        "random" => random(&worker),
        other => panic!("no such act: {other}"),
    }
    worker.finish().unwrap();
}

/// Bytes on standard output, past the protocol.
fn raw(bytes: &[u8]) {
    io::stdout().write_all(bytes).unwrap();
    io::stdout().flush().unwrap();
    std::thread::sleep(Duration::from_mins(10));
}

#[cfg(target_os = "linux")]
fn close_stdout() {
    let null = std::fs::File::options().write(true).open("/dev/null").unwrap();
    rustix::stdio::dup2_stdout(&null).unwrap();
    std::thread::sleep(Duration::from_mins(10));
}

#[cfg(not(target_os = "linux"))]
fn close_stdout() {}

/// Asks and asks and never takes an answer.
fn deaf() {
    let mut out = io::stdout();
    out.write_all(b"Y\x09\0\0\0\0\0\0\0\0\0\0\0\0").unwrap();
    while out.write_all(b"R\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0").and_then(|()| out.flush()).is_ok() {
    }
}

/// Has a worker of its own that stays silent, and says its number.
fn parent() {
    struct Tell;
    impl Host for Tell {
        fn read_at(&mut self, _: u32, _: u64, _: &mut [u8]) -> io::Result<usize> {
            Ok(0)
        }
        fn message(&mut self, bytes: &[u8]) -> ControlFlow<()> {
            println!("{}", String::from_utf8_lossy(bytes));
            ControlFlow::Continue(())
        }
    }
    let program = Program::new(std::env::current_exe().unwrap(), "pid and silence");
    run(&program, &Limits::default(), b"", &mut Tell).unwrap();
}

fn eat() {
    let mut all: Vec<Vec<u8>> = Vec::new();
    loop {
        all.push(vec![1; 1 << 20]);
    }
}

fn endless() {
    let mut number = 0_u64;
    loop {
        number = std::hint::black_box(number).wrapping_add(1);
    }
}

/// Sends as many messages as the job says, of as many bytes, numbered.
fn count(worker: &Worker) {
    let job = String::from_utf8(worker.job().to_vec()).unwrap();
    let (count, size) = job.split_once(' ').unwrap();
    let mut message = vec![b'.'; size.parse().unwrap()];
    for number in 0..count.parse::<u64>().unwrap() {
        message[..8].copy_from_slice(&number.to_le_bytes());
        worker.send(&message).unwrap();
    }
}

/// The job gives a size in each eight bytes; every content is sent back in pieces of the job's size.
fn sizes(worker: &Worker) -> Vec<u64> {
    worker.job().chunks(8).map(|size| u64::from_le_bytes(size.try_into().unwrap())).collect()
}

fn copy(worker: &Worker) {
    let sizes = sizes(worker);
    let mut buffer = vec![0; usize::try_from(sizes[0]).unwrap()];
    for (number, size) in sizes[1..].iter().enumerate() {
        let content = worker.content(u32::try_from(number).unwrap(), *size);
        let mut offset = 0;
        loop {
            let read = content.read_at(&mut buffer, offset).unwrap();
            if read == 0 {
                break;
            }
            worker.send(&buffer[..read]).unwrap();
            offset += read as u64;
        }
        worker.send(b"end").unwrap();
    }
}

/// Reads that end in nothing or in an error; says for each how.
fn reads(worker: &Worker) {
    let size = sizes(worker)[0];
    let say = |content: &dyn ReadAt, offset: u64, length: usize| {
        let text = match content.read_at(&mut vec![0; length], offset) {
            Ok(count) => count.to_string(),
            Err(error) => format!("{:?}", error.kind()),
        };
        worker.send(text.as_bytes()).unwrap();
    };
    let honest = worker.content(0, size);
    say(&*honest, size - 3, 10);
    say(&*honest, size, 10);
    say(&*honest, u64::MAX, 10);
    let boastful = worker.content(0, u64::MAX);
    say(&*boastful, size - 3, 10);
    say(&*boastful, size, 10);
    say(&*boastful, size + (1 << 20), 1 << 20);
    say(&*boastful, u64::MAX - 1, 1);
    let absent = worker.content(9, 100);
    say(&*absent, 0, 10);
    say(&*absent, 0, 1 << 20);
    // A failed read leaves the pipe whole.
    say(&*honest, 0, 3);
}

fn spool(worker: &Worker) {
    use std::io::{Seek, SeekFrom};
    let mut files = Vec::new();
    let error = loop {
        match worker.make_spool_file() {
            Ok(file) => files.push(file),
            Err(error) => break error,
        }
    };
    for (number, file) in files.iter().enumerate() {
        let mut file = &**file;
        let text = vec![u8::try_from(number).unwrap(); 100_000];
        file.write_all(&text).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let mut back = Vec::new();
        file.read_to_end(&mut back).unwrap();
        assert!(back == text);
        file.set_len(0).unwrap();
    }
    let named = files.iter().filter(|file| file.metadata().is_ok_and(|about| about.len() > 0)).count();
    worker.send(format!("{} {named} {:?}", files.len(), error.kind()).as_bytes()).unwrap();
    // What is given back is lent again, empty and from its beginning.
    if let Some(mut file) = files.pop() {
        (&*file).write_all(b"from before").unwrap();
        drop(file);
        file = worker.make_spool_file().unwrap();
        assert_eq!((&*file).stream_position().unwrap(), 0);
        assert_eq!(file.metadata().unwrap().len(), 0);
    }
}

fn spool_too_large(worker: &Worker) {
    let file = worker.make_spool_file().unwrap();
    for _ in 0..64 {
        (&*file).write_all(&vec![7; 1 << 16]).unwrap();
    }
}

/// A spool as the rooms use it: sealed with a key in memory, written to a file, read back anywhere.
fn seal(worker: &Worker) {
    let spools = worker.spool_files();
    let mut spool = seal::Spool::lent(1000, Box::new(move || spools.make()));
    let text: Vec<u8> = (0..3_000_000_u32).map(|number| number.to_le_bytes()[1]).collect();
    spool.write_all(&text).unwrap();
    let reader = spool.finish().unwrap();
    let mut back = vec![0; 100_000];
    for offset in [0, 1_234_567, 2_900_000] {
        let read = reader.read_at(&mut back, offset).unwrap();
        let from = usize::try_from(offset).unwrap();
        assert!(back[..read] == text[from..from + read]);
    }
    worker.send(b"sealed and read back").unwrap();
}

/// Reads everything in pieces of 64 KiB, for measuring.
fn sum(worker: &Worker) {
    let size = sizes(worker)[0];
    let content = worker.content(0, size);
    let mut buffer = vec![0; 1 << 16];
    let (mut offset, mut sum) = (0, 0_u64);
    while offset < size {
        let read = content.read_at(&mut buffer, offset).unwrap();
        sum = sum.wrapping_add(u64::from(buffer[0]));
        offset += read as u64;
    }
    worker.send(&sum.to_le_bytes()).unwrap();
}

/// Reads 10,000 pages of 4 KiB here and there, for measuring.
fn random(worker: &Worker) {
    let size = sizes(worker)[0];
    let content = worker.content(0, size);
    let mut place = 1_u64;
    for _ in 0..10_000 {
        place = place.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let page = (place >> 16) % (size / 4096);
        assert!(content.read_at(&mut [0; 4096], page * 4096).unwrap() == 4096);
    }
}

/// Tries every door and reports what came of it, as `name=code`: 0 open, else the system's error number.
#[cfg(target_os = "linux")]
mod doors {
    use std::fs::{self, File};

    use rustix::net::{AddressFamily, SocketType, socket};
    use rustix::process::{Pid, PidfdFlags, pidfd_open, test_kill_process};

    use super::{Worker, io};

    pub(crate) fn try_all(worker: &Worker, parent: Option<Pid>) {
        let say = |name: &str, result: io::Result<()>| {
            let code = result.map_or_else(|error| error.raw_os_error().unwrap_or(-1), |()| 0);
            worker.send(format!("{name}={code}").as_bytes()).unwrap();
        };
        let environment = std::env::vars_os().count();
        worker.send(format!("environment={environment}").as_bytes()).unwrap();
        say("read /etc/passwd", File::open("/etc/passwd").map(drop));
        say("read itself", File::open("/proc/self/exe").map(drop));
        say("write a file", File::create("/var/tmp/erfunden").map(drop));
        say("make a folder", fs::create_dir("/var/tmp/erfunden"));
        say("list /proc", fs::read_dir("/proc").map(drop));
        say("look at a file", fs::metadata("/etc/passwd").map(drop));
        say("remove a file", fs::remove_file("/var/tmp/erfunden"));
        say("follow a link", fs::read_link("/proc/self/exe").map(drop));
        for (name, family, kind) in [
            ("TCP", AddressFamily::INET, SocketType::STREAM),
            ("TCP over IPv6", AddressFamily::INET6, SocketType::STREAM),
            ("UDP", AddressFamily::INET, SocketType::DGRAM),
            ("local socket", AddressFamily::UNIX, SocketType::STREAM),
            ("netlink", AddressFamily::NETLINK, SocketType::RAW),
            ("packets", AddressFamily::PACKET, SocketType::RAW),
        ] {
            say(name, socket(family, kind, None).map(drop).map_err(io::Error::from));
        }
        say("start a program", std::process::Command::new("/bin/true").spawn().map(drop));
        say("start a thread", std::thread::Builder::new().spawn(|| ()).map(drop));
        let parent = parent.unwrap();
        // Signal 0 asks only whether it would be possible.
        say("kill the parent", test_kill_process(parent).map_err(io::Error::from));
        say("hold the parent", pidfd_open(parent, PidfdFlags::empty()).map(drop).map_err(io::Error::from));
        say("read the parent", File::open(format!("/proc/{}/mem", parent.as_raw_nonzero())).map(drop));
    }
}
