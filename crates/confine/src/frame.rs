//! The words on the pipes: frames of one byte for the kind, four for the length (little endian), the payload.
//!
//! | kind | from | payload |
//! | --- | --- | --- |
//! | `L` | parent | limits: memory, cpu, spool, message as u64, then the spool folder in UTF-8 |
//! | `J` | parent | the job |
//! | `B` | parent | bytes that were asked for; fewer only at the content's end |
//! | `T` | parent | trouble instead of bytes: one byte for the kind of error |
//! | `Y` | worker | layers; the worker's first word |
//! | `R` | worker | question for bytes: content u32, offset u64, length u32 |
//! | `M` | worker | messages, each u32 length and bytes; only whole messages |
//! | `E` | worker | the end, empty |
//!
//! Our own protocol, between one program and itself; so it has no version.

use std::io::{self, Read};

use crate::Limits;

/// Length of a frame's header.
pub(crate) const HEADER_BYTES: usize = 5;
/// Length of a message's own header.
pub(crate) const MESSAGE_HEADER_BYTES: usize = 4;
/// Messages are gathered up to about this size before they are sent.
pub(crate) const BATCH_BYTES: usize = 64 << 10;
/// The most bytes one question may ask for.
pub(crate) const READ_BYTES_MAX: usize = 1 << 20;
/// Length of a question.
pub(crate) const READ_REQUEST_BYTES: usize = 16;
/// What the buffer of a [`FrameReader`] begins with: several batches.
const BUFFER_BYTES: usize = 256 << 10;
/// Longest terms: four numbers and a path.
pub(crate) const TERMS_BYTES_MAX: usize = 64 << 10;

/// The kinds of frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Limits,
    Job,
    Bytes,
    Trouble,
    Layers,
    Read,
    Messages,
    End,
}

/// Every kind and its letter.
const LETTERS: [(Kind, u8); 8] = [
    (Kind::Limits, b'L'),
    (Kind::Job, b'J'),
    (Kind::Bytes, b'B'),
    (Kind::Trouble, b'T'),
    (Kind::Layers, b'Y'),
    (Kind::Read, b'R'),
    (Kind::Messages, b'M'),
    (Kind::End, b'E'),
];

/// Header of a frame. A length beyond 4 GiB is the caller's mistake and is cut by the receiver as garbage.
pub(crate) fn header(kind: Kind, length: usize) -> [u8; HEADER_BYTES] {
    let letter = LETTERS.iter().find(|(known, _)| *known == kind).map_or(0, |(_, letter)| *letter);
    let [a, b, c, d] = u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    [letter, a, b, c, d]
}

/// Kind and length out of a header.
pub(crate) fn parse_header(bytes: [u8; HEADER_BYTES]) -> Option<(Kind, usize)> {
    let [letter, length @ ..] = bytes;
    let (kind, _) = LETTERS.iter().find(|(_, known)| *known == letter)?;
    Some((*kind, usize::try_from(u32::from_le_bytes(length)).ok()?))
}

/// Why there is no next frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The other side is gone.
    Gone,
    /// What came is no frame.
    Garbage,
}

/// Takes frames out of a stream with few reads and no copies.
pub(crate) struct FrameReader<R> {
    from: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    frame_bytes_max: usize,
}

impl<R: Read> FrameReader<R> {
    /// A reader of frames with payloads of at most so many bytes.
    pub(crate) fn new(from: R, frame_bytes_max: usize) -> Self {
        Self { from, buffer: vec![0; BUFFER_BYTES], start: 0, end: 0, frame_bytes_max }
    }

    /// The next frame.
    pub(crate) fn next(&mut self) -> Result<(Kind, &[u8]), Broken> {
        self.fill(HEADER_BYTES)?;
        let header = self.held().first_chunk().copied().ok_or(Broken::Gone)?;
        let (kind, length) = parse_header(header).ok_or(Broken::Garbage)?;
        if length > self.frame_bytes_max {
            return Err(Broken::Garbage);
        }
        let whole = HEADER_BYTES.saturating_add(length);
        self.fill(whole)?;
        let begin = self.start.saturating_add(HEADER_BYTES);
        self.start = self.start.saturating_add(whole);
        Ok((kind, self.buffer.get(begin..self.start).unwrap_or_default()))
    }

    fn held(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Reads until so many bytes are held.
    fn fill(&mut self, wanted: usize) -> Result<(), Broken> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
        if self.start.saturating_add(wanted) > self.buffer.len() {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end.saturating_sub(self.start));
            if wanted > self.buffer.len() {
                self.buffer.resize(wanted, 0);
            }
        }
        while self.end.saturating_sub(self.start) < wanted {
            match self.from.read(self.buffer.get_mut(self.end..).unwrap_or_default()) {
                Ok(count) if count > 0 => self.end = self.end.saturating_add(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                _ => return Err(Broken::Gone),
            }
        }
        Ok(())
    }
}

/// A worker's question for bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReadRequest {
    pub(crate) content: u32,
    pub(crate) offset: u64,
    pub(crate) length: u32,
}

impl ReadRequest {
    /// The form on the wire, with the frame's header.
    pub(crate) fn frame(self) -> [u8; HEADER_BYTES + READ_REQUEST_BYTES] {
        let mut frame = [0; HEADER_BYTES + READ_REQUEST_BYTES];
        let bytes = header(Kind::Read, READ_REQUEST_BYTES)
            .into_iter()
            .chain(self.content.to_le_bytes())
            .chain(self.offset.to_le_bytes())
            .chain(self.length.to_le_bytes());
        frame.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        frame
    }

    /// Reads the payload; nothing if it asks for more than allowed.
    pub(crate) fn parse(mut payload: &[u8]) -> Option<Self> {
        let content = u32::from_le_bytes(take(&mut payload)?);
        let offset = u64::from_le_bytes(take(&mut payload)?);
        let length = u32::from_le_bytes(take(&mut payload)?);
        let fits = payload.is_empty() && usize::try_from(length).is_ok_and(|length| length <= READ_BYTES_MAX);
        fits.then_some(Self { content, offset, length })
    }
}

/// The next message of a frame: `None` when no whole message of at most so many bytes follows.
pub(crate) fn next_message<'a>(payload: &mut &'a [u8], message_bytes_max: usize) -> Option<&'a [u8]> {
    let length = usize::try_from(u32::from_le_bytes(take(payload)?)).ok()?;
    let (message, rest) = payload.split_at_checked(length).filter(|_| length <= message_bytes_max)?;
    *payload = rest;
    Some(message)
}

/// The limits that the worker itself must know, and its spool folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) limits: Limits,
    pub(crate) spool_folder: String,
}

impl Terms {
    /// The frame with its header. How long the parent waits for a word is the parent's affair.
    pub(crate) fn frame(&self) -> Vec<u8> {
        let Limits { memory_bytes, cpu_seconds, spool_bytes, message_bytes, .. } = self.limits;
        let mut payload = Vec::new();
        for number in [memory_bytes, cpu_seconds, spool_bytes, message_bytes] {
            payload.extend_from_slice(&number.to_le_bytes());
        }
        payload.extend_from_slice(self.spool_folder.as_bytes());
        let mut frame = header(Kind::Limits, payload.len()).to_vec();
        frame.append(&mut payload);
        frame
    }

    /// Reads the payload.
    pub(crate) fn parse(mut payload: &[u8]) -> Option<Self> {
        let limits = Limits {
            memory_bytes: u64::from_le_bytes(take(&mut payload)?),
            cpu_seconds: u64::from_le_bytes(take(&mut payload)?),
            spool_bytes: u64::from_le_bytes(take(&mut payload)?),
            message_bytes: u64::from_le_bytes(take(&mut payload)?),
            ..Limits::default()
        };
        Some(Self { limits, spool_folder: String::from_utf8(payload.to_vec()).ok()? })
    }
}

/// The kinds of error that pass the pipe, with their bytes; every other is 0.
const TROUBLES: [(io::ErrorKind, u8); 7] = [
    (io::ErrorKind::NotFound, 1),
    (io::ErrorKind::PermissionDenied, 2),
    (io::ErrorKind::UnexpectedEof, 3),
    (io::ErrorKind::InvalidData, 4),
    (io::ErrorKind::InvalidInput, 5),
    (io::ErrorKind::TimedOut, 6),
    (io::ErrorKind::Unsupported, 7),
];

/// The byte of an error. Its text stays here: it may name a path.
pub(crate) fn trouble_byte(error: &io::Error) -> u8 {
    TROUBLES.iter().find(|(kind, _)| *kind == error.kind()).map_or(0, |(_, byte)| *byte)
}

/// The error of a byte.
pub(crate) fn trouble(byte: u8) -> io::Error {
    let kind = TROUBLES.iter().find(|(_, known)| *known == byte).map(|(kind, _)| *kind);
    kind.map_or_else(|| io::Error::other("the host could not read"), io::Error::from)
}

/// Splits a fixed number of bytes off.
fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_letter() {
        for (kind, letter) in LETTERS {
            let header = header(kind, 70_000);
            assert_eq!(header[0], letter);
            assert_eq!(parse_header(header), Some((kind, 70_000)));
        }
        assert_eq!(parse_header(*b"x\0\0\0\0"), None);
    }

    #[test]
    fn frames_come_out_as_they_went_in_whatever_the_reads() {
        /// Gives a few bytes at a time.
        struct Slow<'a>(&'a [u8], usize);
        impl Read for Slow<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let length = self.1.min(buffer.len());
                self.0.read(&mut buffer[..length])
            }
        }
        let sizes = [0, 1, 255, 70_000, 300_000, 3, 600_000];
        let mut wire = Vec::new();
        for size in sizes {
            wire.extend_from_slice(&header(Kind::Messages, size));
            wire.extend(std::iter::repeat_n(7, size));
        }
        for step in [1, 4, 5, 1000, 1 << 20] {
            let mut reader = FrameReader::new(Slow(&wire, step), 600_000);
            for size in sizes {
                assert_eq!(
                    reader.next().map(|(kind, payload)| (kind, payload.len())),
                    Ok((Kind::Messages, size))
                );
            }
            assert_eq!(reader.next(), Err(Broken::Gone));
        }
        let mut strict = FrameReader::new(Slow(&wire, 100), 69_999);
        assert_eq!((0..4).map(|_| strict.next().err()).last(), Some(Some(Broken::Garbage)));
    }

    #[test]
    fn questions_and_terms_survive_the_wire() {
        let request = ReadRequest { content: 3, offset: 1 << 40, length: 1 << 20 };
        assert_eq!(ReadRequest::parse(&request.frame()[HEADER_BYTES..]), Some(request));
        let greedy = ReadRequest { length: (1 << 20) + 1, ..request };
        assert_eq!(ReadRequest::parse(&greedy.frame()[HEADER_BYTES..]), None);
        assert_eq!(ReadRequest::parse(&[0; 17]), None);

        let terms = Terms { limits: Limits::default(), spool_folder: "/a/ü".to_owned() };
        assert_eq!(Terms::parse(&terms.frame()[HEADER_BYTES..]), Some(terms));
        assert_eq!(Terms::parse(b"short"), None);
    }

    proptest::proptest! {
        /// Whatever comes, there is an end, and never more than came.
        #[test]
        fn any_bytes_give_frames_or_an_end(wire: Vec<u8>, letter in 0..LETTERS.len(), length: u8) {
            let frame = [&header(LETTERS[letter].0, length.into())[..], &wire].concat();
            let mut reader = FrameReader::new(&frame[..], 100);
            let mut left = frame.len();
            while let Ok((_, mut payload)) = reader.next() {
                left -= HEADER_BYTES + payload.len();
                let _ = (ReadRequest::parse(payload), Terms::parse(payload));
                let _ = crate::Layers::from_bytes(payload);
                while let Some(message) = next_message(&mut payload, 50) {
                    proptest::prop_assert!(message.len() <= 50);
                }
            }
            proptest::prop_assert!(left <= frame.len());
        }
    }

    #[test]
    fn a_message_is_whole_or_none() {
        let mut payload: &[u8] = b"\x02\0\0\0ab\0\0\0\0\x03\0\0\0ab";
        assert_eq!(next_message(&mut payload, 9), Some(&b"ab"[..]));
        assert_eq!(next_message(&mut payload, 9), Some(&b""[..]));
        assert_eq!(next_message(&mut payload, 9), None);
        assert_eq!(next_message(&mut &b"\x03\0\0\0abc"[..], 2), None);
    }

    #[test]
    fn the_kind_of_trouble_passes_its_text_does_not() {
        for (kind, byte) in TROUBLES {
            assert_eq!(trouble(trouble_byte(&io::Error::new(kind, "/secret"))).kind(), kind, "{byte}");
        }
        assert_eq!(trouble(99).kind(), io::ErrorKind::Other);
    }
}
