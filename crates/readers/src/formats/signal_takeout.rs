//! Signal's export as JSON lines: each line one frame of the present backup in readable form.
//!
//! Known from libsignal (rust/message-backup, takeout export, 2025) and its test file: the first line holds
//! version and time of the backup, then come account, recipients, chats and chat items. See
//! [`crate::signal`].

use std::ops::ControlFlow;

use model::record::{Counted, Direction, Place, ProblemKind, Record, Unit, What};
use source::tree::Candidate;

use crate::lines::{Cut, Line, Lines};
use crate::signal::{Gave, People, read};
use crate::troubles::Troubles;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// Signal's export as JSON lines.
pub(super) struct SignalTakeout;

impl Format for SignalTakeout {
    fn name(&self) -> &'static str {
        "signal_takeout"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Signal, export as JSON lines",
            covers: "account, contacts, groups, messages with edits, reactions, receipts and attachments' \
                     descriptions, calls",
            leaves_out: "keys and settings; the attachments' files, which such an export names by hash only",
            source: "backup.proto and the takeout export of signalapp/libsignal (2025)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let head = candidate.head();
        let line = head.get(..memchr::memchr(b'\n', head).unwrap_or(head.len()))?;
        let header: serde_json::Value = serde_json::from_slice(line).ok()?;
        let is = header.get("backupTimeMs").is_some() && header.get("version").is_some();
        is.then(|| Claim::alone(Certainty::Certain))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let mut counted = Counted::new(input.file, Unit::Line, "");
        let mut troubles = Troubles::new(input.file);
        let stream = input.entry().and_then(|entry| entry.content().stream().ok());
        let stream = stream.unwrap_or_else(|| Box::new(Unreadable));
        let mut lines = Lines::new(stream, input.limits.unit_bytes);
        let mut people = People::default();
        let mut offset = 0;
        loop {
            match lines.next_line() {
                Ok(None) => break,
                Ok(Some(line)) => {
                    offset = line.offset.saturating_add(line.length);
                    counted.in_source = counted.in_source.saturating_add(1);
                    take(&line, &mut people, input, (&mut counted, &mut troubles, sink))?;
                }
                Err(_) => {
                    counted.in_source = counted.in_source.saturating_add(1);
                    counted.problems = counted.problems.saturating_add(1);
                    let place = Place::bytes(offset, 0);
                    let expected = ("bytes that can be read to the end", "the lines before");
                    troubles.say(sink, place, ProblemKind::Unreadable, expected)?;
                    break;
                }
            }
        }
        troubles.finish(sink)?;
        sink.counted(counted)
    }
}

/// Bytes that cannot be had.
struct Unreadable;

impl std::io::Read for Unreadable {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

fn take(
    line: &Line<'_>,
    people: &mut People,
    input: &Input<'_>,
    (counted, troubles, sink): (&mut Counted, &mut Troubles, &mut dyn Sink),
) -> Flow {
    let place = Place::bytes(line.offset, line.length);
    let mut trouble = |kind, expected| {
        counted.problems = counted.problems.saturating_add(1);
        troubles.say(sink, place.clone(), kind, (expected, ""))
    };
    if line.cut == Cut::Yes {
        return trouble(ProblemKind::Limit, "a shorter line");
    }
    if line.bytes.trim_ascii().is_empty() {
        counted.continuations = counted.continuations.saturating_add(1);
        return ControlFlow::Continue(());
    }
    let Ok(frame) = serde_json::from_slice(line.bytes) else {
        return trouble(ProblemKind::Damaged, "a line of JSON");
    };
    let records = match read(&frame, people) {
        Gave::Unknown => return trouble(ProblemKind::NotUnderstood, "a frame of a known sort"),
        Gave::Continuation => {
            counted.continuations = counted.continuations.saturating_add(1);
            return ControlFlow::Continue(());
        }
        Gave::System => {
            counted.system = counted.system.saturating_add(1);
            return ControlFlow::Continue(());
        }
        Gave::Records(records) => records,
    };
    give(records, &place, input, counted, sink)
}

/// Gives the records of a frame, which is counted once.
pub(super) fn give(
    records: Vec<What>,
    place: &Place,
    input: &Input<'_>,
    counted: &mut Counted,
    sink: &mut dyn Sink,
) -> Flow {
    match records.first() {
        Some(What::Message(message)) if message.direction == Direction::System => {
            counted.system = counted.system.saturating_add(1);
        }
        _ => counted.records = counted.records.saturating_add(1),
    }
    for (what, part) in records.into_iter().zip(0..) {
        sink.record(Record { file: input.file, place: place.clone(), part, what })?;
    }
    ControlFlow::Continue(())
}
