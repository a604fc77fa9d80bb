//! The first way through a part: what the thread says about itself, and where its messages lie.

use model::record::{FileNumber, ProblemKind};
use serde::de::IgnoredAny;

use super::header::Header;
use crate::Input;
use crate::elements::{Elements, Seen, Shape, Stop};
use crate::json::Step;
use crate::part::{self, At};

/// How messages of both exports begin.
const SHAPE: Shape =
    Shape { first_keys: &["sender_name", "senderName", "timestamp_ms"], near: &[], list: "messages" };

/// A part of a thread.
pub(super) struct Scanned {
    /// What stands beside the messages.
    pub(super) header: Header,
    /// Where the messages lie, in the order of the file.
    pub(super) messages: Vec<At>,
    /// What could not be read, what was expected there.
    pub(super) lost: Vec<(At, ProblemKind, &'static str)>,
}

/// Goes through a part once.
pub(super) fn scan(input: &Input<'_>, file: FileNumber) -> Scanned {
    let mut scanned = Scanned { header: Header::default(), messages: Vec::new(), lost: Vec::new() };
    let random = input.tree.entry(file).map(|entry| entry.content().random());
    let Some(Ok(bytes)) = random else {
        let all = At { offset: 0, length: 0 };
        scanned.lost.push((all, ProblemKind::Unreadable, "bytes that can be read at random"));
        return scanned;
    };
    let mut elements = Elements::new(bytes, input.limits.unit_bytes, SHAPE);
    let mut has_list = false;
    while let Some(seen) = elements.next(whole) {
        let in_list = matches!(elements.path(), [Step::Key(list), ..] if list == "messages");
        has_list |= in_list;
        match seen {
            Seen::Value(at) if in_list => message(&mut scanned, &mut elements, at),
            Seen::Value(at) => header(&mut scanned.header, &elements, at, input.limits.unit_bytes),
            Seen::Broken(at) => {
                has_list = true;
                scanned.lost.push((at, ProblemKind::Damaged, "a message"));
            }
            Seen::Stopped(at, stop) => {
                has_list = true;
                scanned.lost.push((at, kind(stop), "a message, or the end of the thread"));
            }
            Seen::Begin | Seen::End => {}
        }
    }
    if !has_list {
        scanned.lost.push((At { offset: 0, length: 0 }, ProblemKind::NotUnderstood, "a list of messages"));
    }
    scanned
}

fn whole(path: &[Step]) -> bool {
    match path {
        [Step::Key(key)] => key != "messages",
        [Step::Key(_), Step::Index(_)] => true,
        _ => false,
    }
}

fn message(scanned: &mut Scanned, elements: &mut Elements, at: At) {
    let bytes = elements.value();
    let cut = (bytes.len() as u64) < at.length;
    // The messages are read on the second way; here it matters only whether the next one was swallowed.
    let is_json = serde_json::from_slice::<IgnoredAny>(bytes).is_ok() && !part::is_too_rich(bytes);
    let sound = cut || is_json || part::value(bytes).is_some();
    if sound {
        scanned.messages.push(at);
    } else {
        let kind = part::trouble(bytes);
        scanned.lost.push((elements.recover(at), kind, "a message"));
    }
}

fn header(header: &mut Header, elements: &Elements, at: At, most_bytes: u64) {
    let [Step::Key(key)] = elements.path() else { return };
    let key = key.clone();
    if (elements.value().len() as u64) < at.length || part::is_too_rich(elements.value()) {
        header.too_large = true;
    } else if let Some((value, _)) = part::value(elements.value()) {
        header.put(&key, value, at.length, most_bytes);
    }
}

/// What sort of problem it is that a walk cannot go on.
pub(super) fn kind(stop: Stop) -> ProblemKind {
    match stop {
        Stop::Early => ProblemKind::Truncated,
        Stop::NoJson => ProblemKind::Damaged,
        Stop::Unreadable => ProblemKind::Unreadable,
    }
}
