//! gzip: one file inside, named as the packed one without `.gz`.
//!
//! Follows RFC 1952, with several members one after the other. The time in the head is UTC and becomes the
//! file's time; the length at the end is only modulo 2³² and of the last member, so no size is claimed from
//! it beyond that. Deliberately absent: the name in the head, which may be any old one.

use std::io::{self, Read};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use model::FileTime;

use super::bytes::{Fields, read_at};
use super::{Container, Opened, Opening};
use crate::tree::{Candidate, Child, Content, Unpacked};

/// The format.
pub(super) struct Gzip;

impl Container for Gzip {
    fn name(&self) -> &'static str {
        "gzip"
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        // Identification, deflate, and no flag that is reserved.
        candidate.begins_with(&[0x1f, 0x8b, 8]) && candidate.head().get(3).is_some_and(|flags| *flags < 0x20)
    }

    fn open(&self, opening: &Opening<'_>) -> Opened {
        let Some(entry) = opening.tree.entry(opening.file) else { return Opened::default() };
        let packed = Arc::clone(entry.content());
        let modified = time_in_head(&*packed);
        // Only where it costs nothing: what is packed itself would have to be unpacked for it.
        let claimed_bytes = if entry.container().is_none() { length_at_end(&*packed) } else { 0 };
        let path = inner_name(entry.name());
        let open = move || -> io::Result<Box<dyn Read + Send>> {
            Ok(Box::new(MultiGzDecoder::new(packed.stream()?)))
        };
        let content =
            Unpacked::new(claimed_bytes, opening.limits.unpacked_bytes, opening.spools, Box::new(open));
        let child = Child { path, modified, stored_sha256: None, content: Arc::new(content) };
        Opened { children: vec![child], ..Opened::default() }
    }
}

/// The time in the head, where there is one.
fn time_in_head(packed: &dyn Content) -> Option<FileTime> {
    let mut head = Vec::new();
    packed.stream().and_then(|stream| stream.take(10).read_to_end(&mut head)).ok()?;
    let seconds = Fields(head.get(4..)?).u32().filter(|seconds| *seconds != 0)?;
    Some(FileTime { seconds: seconds.into(), nanoseconds: 0 })
}

/// The length that stands at the end; 0 if that cannot be read.
fn length_at_end(packed: &dyn Content) -> u64 {
    let end = packed.random().and_then(|bytes| read_at(&*bytes, bytes.size_bytes().saturating_sub(4), 4));
    end.ok().and_then(|end| Fields(&end).u32()).map_or(0, u64::from)
}

fn inner_name(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let without =
        |ending: &str| name.get(..name.len().saturating_sub(ending.len())).unwrap_or(name).to_owned();
    match lower.rsplit_once('.').map(|(_, ending)| ending) {
        Some(ending @ "gz") if lower.len() > 3 => without(&format!(".{ending}")),
        Some(ending @ "tgz") if lower.len() > 4 => format!("{}.tar", without(&format!(".{ending}"))),
        _ => format!("{name} (unpacked)"),
    }
}
