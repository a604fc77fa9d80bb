//! The first bytes of streams, put together out of segments that may come late, twice or in the wrong order.
//!
//! Only as much as it takes to read who is at the other end. What is open at once is bounded: of two
//! generations of streams the older is forgotten when the younger is full.

use std::collections::HashMap;

use super::internet::Way;

/// Most bytes of a stream that are put together.
pub(super) const STREAM_BYTES_MOST: usize = 32 << 10;
/// Most segments that wait for one before them.
const WAITING_MOST: usize = 16;
/// How often the bytes of one stream are looked at.
const LOOKS_MOST: u32 = 64;
/// Most streams of one generation, and most bytes they hold.
const STREAMS_MOST: usize = 16_384;
const GENERATION_BYTES_MOST: usize = 32 << 20;

/// What a look at the first bytes of a stream came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// More bytes are needed.
    More,
    /// Nothing more is wanted.
    Done,
}

/// Pieces by their offsets, joined from the start on.
#[derive(Default)]
pub(super) struct Assembly {
    bytes: Vec<u8>,
    waiting: Vec<(usize, Vec<u8>)>,
}

impl Assembly {
    /// What is joined.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Adds a piece; how many bytes it cost. What is beyond the limit is left off.
    pub(super) fn add(&mut self, offset: usize, piece: &[u8]) -> usize {
        let room = STREAM_BYTES_MOST.saturating_sub(offset);
        let piece = piece.get(..room.min(piece.len())).unwrap_or_default();
        if offset > self.bytes.len() {
            let fits = !piece.is_empty() && self.waiting.len() < WAITING_MOST;
            if !fits {
                return 0;
            }
            self.waiting.push((offset, piece.to_vec()));
            return piece.len();
        }
        let before = self.bytes.len();
        self.join(offset, piece);
        while let Some(at) = self.waiting.iter().position(|(offset, _)| *offset <= self.bytes.len()) {
            let (offset, piece) = self.waiting.swap_remove(at);
            self.join(offset, &piece);
        }
        self.bytes.len().saturating_sub(before)
    }

    fn join(&mut self, offset: usize, piece: &[u8]) {
        let known = self.bytes.len().saturating_sub(offset);
        self.bytes.extend_from_slice(piece.get(known..).unwrap_or_default());
    }

    /// Whether nothing more can come.
    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() >= STREAM_BYTES_MOST
    }
}

/// A stream that is not yet understood.
struct Stream {
    first: u32,
    assembly: Assembly,
    looks: u32,
}

/// The streams that are open.
#[derive(Default)]
pub(super) struct Streams {
    young: HashMap<Way, Stream>,
    old: HashMap<Way, Stream>,
    young_bytes: usize,
    given_up: u64,
}

impl Streams {
    /// How many streams were begun to be put together and could not be.
    pub(super) fn given_up(&self) -> u64 {
        let left = self.young.values().chain(self.old.values());
        let begun = left.filter(|stream| !stream.assembly.bytes.is_empty()).count();
        self.given_up.saturating_add(begun as u64)
    }

    /// A connection is opened in this direction; its first byte has this number.
    pub(super) fn open(&mut self, way: Way, first: u32) {
        self.put(way, Stream { first, assembly: Assembly::default(), looks: 0 });
    }

    /// A segment with bytes. `is_begin` says whether bytes could be the first of something, `look` looks at
    /// the first bytes as far as they are there.
    pub(super) fn segment(
        &mut self,
        (way, sequence): (Way, u32),
        bytes: &[u8],
        is_begin: &dyn Fn(&[u8]) -> bool,
        look: &mut dyn FnMut(&[u8]) -> Look,
    ) {
        let mut stream = match self.young.remove(&way).or_else(|| self.old.remove(&way)) {
            Some(stream) => stream,
            None if is_begin(bytes) => Stream { first: sequence, assembly: Assembly::default(), looks: 0 },
            None => return,
        };
        let offset = usize::try_from(sequence.wrapping_sub(stream.first)).unwrap_or(usize::MAX);
        if offset == 0 && stream.assembly.bytes.is_empty() && stream.assembly.waiting.is_empty() {
            // Most often one segment is enough, and nothing is copied.
            if !is_begin(bytes) || look(bytes) == Look::Done {
                return;
            }
        }
        let cost = stream.assembly.add(offset, bytes);
        self.young_bytes = self.young_bytes.saturating_add(cost);
        let begun = stream.assembly.bytes();
        let is_over = if begun.is_empty() {
            // The first byte is missing; it may still come, if this is not far beyond.
            offset > STREAM_BYTES_MOST && offset < 1 << 31
        } else if offset > 0 || stream.looks > 0 {
            !is_begin(begun) || look(begun) == Look::Done
        } else {
            false
        };
        if is_over {
            return;
        }
        stream.looks = stream.looks.saturating_add(1);
        if stream.looks >= LOOKS_MOST || stream.assembly.is_full() {
            self.given_up = self.given_up.saturating_add(1);
            return;
        }
        self.put(way, stream);
    }

    fn put(&mut self, way: Way, stream: Stream) {
        if self.young.len() >= STREAMS_MOST || self.young_bytes > GENERATION_BYTES_MOST {
            let forgotten = std::mem::replace(&mut self.old, std::mem::take(&mut self.young));
            let begun = forgotten.values().filter(|stream| !stream.assembly.bytes.is_empty()).count();
            self.given_up = self.given_up.saturating_add(begun as u64);
            self.young_bytes = 0;
        }
        self.old.remove(&way);
        self.young.insert(way, stream);
    }
}
