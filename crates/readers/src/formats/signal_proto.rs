//! Signal's present backup once its container has decrypted it: protocol buffers one after the other, each
//! with its length in front.
//!
//! First `BackupInfo`, then `Frame`s (backup.proto of signalapp/libsignal, 2024 to 2025); the length is a
//! varint. See [`crate::signal`].

use std::io::{self, BufReader, Read};

use model::record::{Counted, Place, ProblemKind, Unit};
use source::tree::Candidate;

use super::signal_takeout::give;
use crate::signal::{Gave, People, decode, read};
use crate::troubles::Troubles;
use crate::wire::varint;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// The frames of Signal's present backup.
pub(super) struct SignalProto;

/// What the container calls the frames.
const CHILD: &str = "frames.binproto";
/// What is expected of a stream.
const READABLE: &str = "bytes that can be read to the end";

impl Format for SignalProto {
    fn name(&self) -> &'static str {
        "signal_proto"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Signal, backup (version 2)",
            covers: "account, contacts, groups, messages with edits, reactions, receipts and attachments' \
                     descriptions, calls",
            leaves_out: "keys and settings; the attachments' files",
            source: "backup.proto of signalapp/libsignal (2024 to 2025)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let entry = candidate.entry();
        if entry.name() != CHILD && entry.extension() != "binproto" {
            return None;
        }
        let mut head = candidate.head();
        let length = usize::try_from(varint(&mut head)?).ok()?;
        let header = decode::header(head.get(..length)?).ok()?;
        header.get("backupTimeMs").is_some().then(|| Claim::alone(Certainty::Certain))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let mut counted = Counted::new(input.file, Unit::Frame, "");
        let mut troubles = Troubles::new(input.file);
        let mut people = People::default();
        let stream = input.entry().and_then(|entry| entry.content().stream().ok());
        let mut frames = Frames::new(stream, input.limits.unit_bytes);
        loop {
            let (place, trouble) = match frames.next() {
                Next::End => break,
                Next::Frame(place, bytes) => {
                    counted.in_source = counted.in_source.saturating_add(1);
                    let decode = if place_begins(&place) { decode::header } else { decode::frame };
                    match decode(bytes).map(|frame| read(&frame, &mut people)) {
                        Ok(Gave::Records(records)) => {
                            give(records, &place, input, &mut counted, sink)?;
                            continue;
                        }
                        Ok(Gave::Continuation) => {
                            counted.continuations = counted.continuations.saturating_add(1);
                            continue;
                        }
                        Ok(Gave::System) => {
                            counted.system = counted.system.saturating_add(1);
                            continue;
                        }
                        Ok(Gave::Unknown) => (place, (ProblemKind::NotUnderstood, "a frame of a known sort")),
                        Err(_) => (place, (ProblemKind::Damaged, "a protocol buffer")),
                    }
                }
                Next::Lost(place, kind, expected) => {
                    counted.in_source = counted.in_source.saturating_add(1);
                    (place, (kind, expected))
                }
            };
            counted.problems = counted.problems.saturating_add(1);
            troubles.say(sink, place, trouble.0, (trouble.1, ""))?;
        }
        troubles.finish(sink)?;
        sink.counted(counted)
    }
}

fn place_begins(place: &Place) -> bool {
    matches!(place, Place::Bytes { offset: 0, .. })
}

/// A stream of messages with their lengths.
struct Frames {
    input: Option<BufReader<Box<dyn Read + Send>>>,
    offset: u64,
    bytes: Vec<u8>,
    most_bytes: u64,
}

/// What comes next.
enum Next<'f> {
    /// A message.
    Frame(Place, &'f [u8]),
    /// One that cannot be read.
    Lost(Place, ProblemKind, &'static str),
    /// Nothing more.
    End,
}

impl Frames {
    fn new(stream: Option<Box<dyn Read + Send>>, most_bytes: u64) -> Self {
        let input = stream.or_else(|| Some(Box::new(Unreadable)));
        let input = input.map(|stream| BufReader::with_capacity(256 << 10, stream));
        Self { input, offset: 0, bytes: Vec::new(), most_bytes }
    }

    fn next(&mut self) -> Next<'_> {
        let start = self.offset;
        let Some(input) = self.input.as_mut() else { return Next::End };
        let (length, had) = match length(input) {
            Ok((Some(length), had)) => (length, had),
            Ok((None, 0)) => return Next::End,
            Ok((None, had)) => return self.over(start, had, ProblemKind::Truncated, "the length of a frame"),
            Err(_) => return self.over(start, 0, ProblemKind::Unreadable, READABLE),
        };
        self.bytes.clear();
        let read = if length > self.most_bytes {
            io::copy(&mut input.by_ref().take(length), &mut io::sink())
        } else {
            input.by_ref().take(length).read_to_end(&mut self.bytes).map(|read| read as u64)
        };
        let Ok(read) = read else {
            return self.over(start, had, ProblemKind::Unreadable, READABLE);
        };
        let whole = had.saturating_add(read);
        if read < length {
            return self.over(start, whole, ProblemKind::Truncated, "the rest of a frame");
        }
        self.offset = start.saturating_add(whole);
        let place = Place::bytes(start, whole);
        if length > self.most_bytes {
            return Next::Lost(place, ProblemKind::Limit, "a shorter frame");
        }
        Next::Frame(place, &self.bytes)
    }

    /// Nothing can be read behind this.
    fn over(&mut self, start: u64, had: u64, kind: ProblemKind, expected: &'static str) -> Next<'_> {
        self.input = None;
        Next::Lost(Place::bytes(start, had), kind, expected)
    }
}

/// A length and how many bytes it took; no length at the end, or where there is none.
fn length(input: &mut impl Read) -> io::Result<(Option<u64>, u64)> {
    let mut bytes = [0_u8; 10];
    for at in 0..bytes.len() {
        let Some(room) = bytes.get_mut(at..=at) else { break };
        if input.read(room)? == 0 {
            return Ok((None, at as u64));
        }
        let mut had = bytes.get(..=at).unwrap_or_default();
        if let Some(length) = varint(&mut had) {
            return Ok((Some(length), at.saturating_add(1) as u64));
        }
    }
    Ok((None, bytes.len() as u64))
}

/// Bytes that cannot be had.
struct Unreadable;

impl Read for Unreadable {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::NotFound.into())
    }
}
