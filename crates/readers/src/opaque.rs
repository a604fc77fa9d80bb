//! Files that no reader understands: listed with size, hash and type, never dropped.
//!
//! The type is told from the first bytes (crate `infer`) and is a help for a person, nothing more. A file of
//! the capsule itself has its hash in the capsule already; only what was packed is hashed here.

use std::io::Read;

use model::record::{Counted, FileFact, Place, Precision, ProblemKind, Record, TimeReading, Unit, What};
use model::{Digest, FileTime};
use seal::Sha256;

use crate::{Flow, Input, Sink};

/// How many first bytes are looked at.
const HEAD_BYTES: usize = 8 << 10;

pub(crate) fn read(input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
    let Some(entry) = input.entry() else { return Flow::Continue(()) };
    let looked = look(input);
    let mut counted = Counted::new(input.file, Unit::File, "");
    counted.in_source = 1;
    counted.records = 1;
    if looked.is_none() {
        let place = (input.file, Place::Whole);
        sink.trouble(place, ProblemKind::Unreadable, "bytes that can be read to the end", "name and size")?;
    }
    let (media_type, sha256) = looked.unwrap_or((UNKNOWN, None));
    let fact = FileFact {
        size_bytes: entry.size_bytes(),
        sha256: sha256.or_else(|| entry.sha256()),
        media_type: media_type.to_owned(),
        modified: entry.modified().map(modified),
        extra: Vec::new(),
    };
    sink.record(Record { file: input.file, place: Place::Whole, part: 0, what: What::File(Box::new(fact)) })?;
    sink.counted(counted)
}

/// The type of bytes that look like nothing known.
const UNKNOWN: &str = "application/octet-stream";

/// Type and hash; none if the bytes could not be read to the end.
fn look(input: &Input<'_>) -> Option<(&'static str, Option<Digest>)> {
    let entry = input.entry()?;
    let mut stream = entry.content().stream().ok()?;
    let mut head = Vec::new();
    stream.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).ok()?;
    let media_type = infer::get(&head).map_or(UNKNOWN, |kind| kind.mime_type());
    if entry.sha256().is_some() {
        return Some((media_type, None));
    }
    let mut hasher = Sha256::new();
    hasher.update(&head);
    let mut buffer = vec![0; 256 << 10];
    loop {
        let count = stream.read(&mut buffer).ok()?;
        let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else { break };
        hasher.update(piece);
    }
    Some((media_type, Some(hasher.finish())))
}

fn modified(time: FileTime) -> TimeReading {
    let ms = time.seconds.checked_mul(1000);
    let ms = ms.and_then(|ms| ms.checked_add(i64::from(time.nanoseconds / 1_000_000)));
    TimeReading::utc(time.to_string(), ms, Precision::Millisecond)
}
