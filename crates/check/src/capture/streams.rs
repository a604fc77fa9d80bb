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

/// Where in a stream bytes stand that could be the first of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// At its start: what is there may be shorter than what tells.
    First,
    /// Anywhere: chance must not look like a beginning.
    Anywhere,
}

/// A stream.
struct Stream {
    first: u32,
    assembly: Assembly,
    looks: u32,
    /// How many bytes were understood, once they were.
    understood: Option<usize>,
}

impl Stream {
    fn new(first: u32) -> Self {
        Self { first, assembly: Assembly::default(), looks: 0, understood: None }
    }

    fn is_begun(&self) -> bool {
        self.understood.is_none() && !self.assembly.bytes.is_empty()
    }
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
        let begun = self.young.values().chain(self.old.values()).filter(|stream| stream.is_begun());
        self.given_up.saturating_add(begun.count() as u64)
    }

    /// A connection is opened in this direction; its first byte has this number.
    pub(super) fn open(&mut self, way: Way, first: u32) {
        self.put(way, Stream::new(first));
    }

    /// A segment with bytes. `is_begin` says whether bytes could be the first of something, `look` looks at
    /// the first bytes as far as they are there.
    pub(super) fn segment(
        &mut self,
        (way, sequence): (Way, u32),
        bytes: &[u8],
        is_begin: &dyn Fn(&[u8], Standing) -> bool,
        look: &mut dyn FnMut(&[u8]) -> Look,
    ) {
        let known = self.young.remove(&way).or_else(|| self.old.remove(&way));
        let begins = || is_begin(bytes, Standing::Anywhere);
        let mut stream = match known {
            Some(stream) => match stream.understood {
                None => stream,
                Some(understood) if offset(sequence, &stream) < understood || !begins() => {
                    // Sent again, or what follows and says nothing.
                    return self.put(way, stream);
                }
                Some(_) => Stream::new(sequence),
            },
            None if begins() => Stream::new(sequence),
            None => return,
        };
        match add(&mut stream, sequence, bytes, &|bytes| is_begin(bytes, Standing::First), look) {
            Added::Waits(cost) => self.young_bytes = self.young_bytes.saturating_add(cost),
            Added::Understood(understood) => {
                stream.understood = Some(understood);
                stream.assembly = Assembly::default();
            }
            Added::Nothing => return,
            Added::Enough => {
                self.given_up = self.given_up.saturating_add(1);
                return;
            }
        }
        self.put(way, stream);
    }

    fn put(&mut self, way: Way, stream: Stream) {
        if self.young.len() >= STREAMS_MOST || self.young_bytes > GENERATION_BYTES_MOST {
            let forgotten = std::mem::replace(&mut self.old, std::mem::take(&mut self.young));
            let begun = forgotten.values().filter(|stream| stream.is_begun()).count();
            self.given_up = self.given_up.saturating_add(begun as u64);
            self.young_bytes = 0;
        }
        self.young.insert(way, stream);
    }
}

/// What a segment added to a stream.
enum Added {
    /// So many bytes that are kept; more are needed.
    Waits(usize),
    /// So many bytes were understood.
    Understood(usize),
    /// Nothing that is wanted begins here.
    Nothing,
    /// It was looked at often enough, or holds enough, and was not understood.
    Enough,
}

fn offset(sequence: u32, stream: &Stream) -> usize {
    usize::try_from(sequence.wrapping_sub(stream.first)).unwrap_or(usize::MAX)
}

fn add(
    stream: &mut Stream,
    sequence: u32,
    bytes: &[u8],
    is_begin: &dyn Fn(&[u8]) -> bool,
    look: &mut dyn FnMut(&[u8]) -> Look,
) -> Added {
    let offset = offset(sequence, stream);
    let is_empty = stream.assembly.bytes.is_empty() && stream.assembly.waiting.is_empty();
    if offset == 0 && is_empty {
        // Most often one segment is enough, and nothing is copied.
        if !is_begin(bytes) {
            return Added::Nothing;
        }
        if look(bytes) == Look::Done {
            return Added::Understood(bytes.len());
        }
        stream.looks = stream.looks.saturating_add(1);
        return Added::Waits(stream.assembly.add(0, bytes));
    }
    let cost = stream.assembly.add(offset, bytes);
    let begun = stream.assembly.bytes();
    stream.looks = stream.looks.saturating_add(1);
    if begun.is_empty() {
        // The first byte is missing; it may still come, if this is not far beyond.
        let is_beyond = offset > STREAM_BYTES_MOST && offset < 1 << 31;
        return if is_beyond { Added::Nothing } else { Added::Waits(cost) };
    }
    if cost > 0 && !is_begin(begun) {
        return Added::Nothing;
    }
    if cost > 0 && look(begun) == Look::Done {
        return Added::Understood(begun.len());
    }
    if stream.looks >= LOOKS_MOST || stream.assembly.is_full() { Added::Enough } else { Added::Waits(cost) }
}
