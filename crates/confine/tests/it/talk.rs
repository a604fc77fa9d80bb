//! The conversation: what is sent arrives, whole and in order; what is asked for is answered.

use std::io;

use confine::{Host, How, Limits, run};

use crate::world::{Told, act_with, short, worker};

#[test]
fn the_job_arrives_and_can_be_forgotten() {
    for size in [0, 1, 70_000, 5 << 20] {
        let job: Vec<u8> = (0..size).map(|number: u32| number.to_le_bytes()[0]).collect();
        let limits = Limits { message_bytes: 8 << 20, ..short() };
        let (ending, told) = act_with("echo", &limits, &job);
        assert_eq!(ending.how, How::Finished);
        assert!(told.messages == [job]);
    }
    assert_eq!(act_with("forget", &short(), b"password").1.messages, [b""]);
}

#[test]
fn a_hundred_thousand_messages_in_order() {
    for (count, size) in [(100_000_usize, 8), (1000, 65_533), (1000, 65_532), (30, 1 << 20)] {
        let (ending, told) = act_with("count", &short(), format!("{count} {size}").as_bytes());
        assert_eq!(ending.how, How::Finished);
        assert_eq!(told.messages.len(), count);
        for (number, message) in told.messages.iter().enumerate() {
            assert!(message.len() == size && message[..8] == (number as u64).to_le_bytes());
        }
    }
}

/// Bytes that differ everywhere.
fn bytes(count: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2) + 1;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(count).collect()
}

/// A job of numbers.
fn numbers(numbers: &[u64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

#[test]
fn contents_come_over_as_they_are_in_pieces_of_any_size() {
    let contents: Vec<Vec<u8>> =
        [0, 1, 65_535, 65_536, 65_537, 1_000_000, 6_000_001].iter().map(|n| bytes(*n, *n as u64)).collect();
    for piece in [1000_u64, 65_536, 262_143, 262_144, 1 << 20] {
        let mut job = vec![piece];
        job.extend(contents.iter().map(|content| content.len() as u64));
        let mut told = Told { contents: contents.clone(), ..Told::default() };
        let ending = run(&worker("copy"), &short(), &numbers(&job), &mut told).unwrap();
        assert_eq!(ending.how, How::Finished);
        let mut back: Vec<Vec<u8>> = vec![Vec::new()];
        for message in &told.messages {
            if message == b"end" { back.push(Vec::new()) } else { back.last_mut().unwrap().extend(message) }
        }
        back.pop();
        assert!(back == contents, "pieces of {piece}");
    }
}

#[test]
fn reading_in_order_asks_seldom() {
    /// Counts questions, gives zeros.
    struct Zeros(Vec<usize>);
    impl Host for Zeros {
        fn read_at(&mut self, _: u32, _: u64, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.push(buffer.len());
            Ok(buffer.len())
        }
        fn message(&mut self, _: &[u8]) -> std::ops::ControlFlow<()> {
            std::ops::ControlFlow::Continue(())
        }
    }
    let mut host = Zeros(Vec::new());
    let ending = run(&worker("copy"), &short(), &numbers(&[1000, 8 << 20]), &mut host).unwrap();
    assert_eq!(ending.how, How::Finished);
    let kib: Vec<usize> = host.0.iter().map(|length| length >> 10).collect();
    assert_eq!(kib, [64, 128, 256, 512, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 64]);
}

#[test]
fn reads_out_of_range_and_of_what_is_not_there() {
    let size = 100_000_usize;
    let mut told = Told { contents: vec![bytes(size, 1)], ..Told::default() };
    let ending = run(&worker("reads"), &short(), &numbers(&[size as u64]), &mut told).unwrap();
    assert_eq!(ending.how, How::Finished);
    assert_eq!(
        told.texts(),
        ["3", "0", "0", "3", "UnexpectedEof", "UnexpectedEof", "UnexpectedEof", "NotFound", "NotFound", "3"]
    );
}

#[test]
fn trouble_of_the_host_is_an_error_of_the_worker() {
    let mut told = Told { trouble: Some(io::ErrorKind::PermissionDenied), ..Told::default() };
    let ending = run(&worker("reads"), &short(), &numbers(&[1000]), &mut told).unwrap();
    assert_eq!(ending.how, How::Finished);
    let texts = told.texts();
    assert_eq!(texts[0], "PermissionDenied");
    assert_eq!(texts[1..3], ["0", "0"], "beyond the end nobody is asked");
    assert_eq!(texts[9], "PermissionDenied");
}
