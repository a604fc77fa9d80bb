//! The plaintext frames of a Signal backup one after the other: a length (four bytes, big-endian) and so
//! many bytes of a `BackupFrame`, lent without a copy where they lie in the buffer whole.

use std::io::{self, BufRead, BufReader, Read};

use model::record::Place;

use crate::wire::{Fields, Value};

/// The bytes in front of each frame.
const LENGTH_BYTES: usize = 4;

/// A stream of frames.
pub(super) struct Frames<R> {
    input: BufReader<R>,
    offset: u64,
    /// Bytes of the buffer that were lent and are to be passed over.
    lent: usize,
    own: Vec<u8>,
    most_bytes: u64,
}

/// What comes next in the stream.
pub(super) enum Next<'f> {
    /// A frame.
    Frame(Place, &'f [u8]),
    /// A frame that is longer than the limit; it was passed over.
    TooLong(Place),
    /// A frame that breaks off; nothing follows.
    Cut(Place),
    /// The bytes cannot be had from here on.
    Failed(Place),
    /// Nothing more.
    End,
}

/// What a frame holds.
pub(super) enum Held<'f> {
    /// A statement of the database with the message that holds its parameters.
    Statement { text: &'f [u8], message: &'f [u8] },
    /// A value of the program's own store: `account.aci` and the like.
    KeyValue(&'f [u8]),
    /// A preference.
    Preference(&'f [u8]),
    /// A file follows the frame in the backup: an attachment, an avatar, a sticker.
    File,
    /// Header, version, end.
    Mark,
    /// None of these, or broken.
    Unknown,
}

impl<R: Read> Frames<R> {
    /// Frames of at most `most_bytes` each.
    pub(super) fn new(input: R, most_bytes: u64) -> Self {
        let input = BufReader::with_capacity(256 << 10, input);
        Self { input, offset: 0, lent: 0, own: Vec::new(), most_bytes }
    }

    /// What comes next.
    pub(super) fn next(&mut self) -> Next<'_> {
        self.input.consume(self.lent);
        self.lent = 0;
        let start = self.offset;
        let failed = |had: u64| Next::Failed(Place::bytes(start, had));
        let length = match self.length() {
            Ok((LENGTH_BYTES, length)) => length,
            Ok((0, _)) => return Next::End,
            Ok((had, _)) => return Next::Cut(Place::bytes(start, had as u64)),
            Err(_) => return failed(0),
        };
        let place = Place::bytes(start, length.saturating_add(LENGTH_BYTES as u64));
        let size = usize::try_from(length).unwrap_or(usize::MAX);
        if size <= self.input.buffer().len() {
            self.lent = size;
            self.offset = self.offset.saturating_add(length);
            return Next::Frame(place, self.input.buffer().get(..size).unwrap_or_default());
        }
        self.own.clear();
        let had = if length > self.most_bytes {
            io::copy(&mut self.input.by_ref().take(length), &mut io::sink())
        } else {
            self.input.by_ref().take(length).read_to_end(&mut self.own).map(|had| had as u64)
        };
        let Ok(had) = had else { return failed(LENGTH_BYTES as u64) };
        self.offset = self.offset.saturating_add(had);
        if had < length {
            return Next::Cut(Place::bytes(start, had.saturating_add(LENGTH_BYTES as u64)));
        }
        if length > self.most_bytes { Next::TooLong(place) } else { Next::Frame(place, &self.own) }
    }

    /// The length of the next frame, and how many bytes of it there were.
    fn length(&mut self) -> io::Result<(usize, u64)> {
        let mut bytes = [0; LENGTH_BYTES];
        let mut had = 0;
        while let Some(room) = bytes.get_mut(had..).filter(|room| !room.is_empty()) {
            match self.input.read(room) {
                Ok(0) => break,
                Ok(count) => had = had.saturating_add(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.offset = self.offset.saturating_add(had as u64);
        Ok((had, u64::from(u32::from_be_bytes(bytes))))
    }
}

/// What a frame holds: the first field that is known.
pub(super) fn held(frame: &[u8]) -> Held<'_> {
    for field in Fields::new(frame) {
        let Ok(field) = field else { return Held::Unknown };
        return match (field.number, field.value) {
            (2, Value::Bytes(message)) => match Fields::new(message).next() {
                Some(Ok(first)) if first.number == 1 => match first.value.bytes() {
                    Some(text) => Held::Statement { text, message },
                    None => Held::Unknown,
                },
                _ => Held::Unknown,
            },
            (3, Value::Bytes(message)) => Held::Preference(message),
            (9, Value::Bytes(message)) => Held::KeyValue(message),
            (4 | 7 | 8, Value::Bytes(_)) => Held::File,
            (1 | 5, Value::Bytes(_)) | (6, _) => Held::Mark,
            _ => continue,
        };
    }
    Held::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_lie_end_to_end_also_where_the_buffer_ends() {
        let mut bytes = Vec::new();
        for size in [0_usize, 5, 300 << 10, 7] {
            bytes.extend_from_slice(&u32::try_from(size).unwrap().to_be_bytes());
            bytes.extend(std::iter::repeat_n(9, size));
        }
        bytes.extend_from_slice(&[0, 0, 1, 0, 4]);
        let mut frames = Frames::new(bytes.as_slice(), 1 << 20);
        let mut seen = Vec::new();
        loop {
            match frames.next() {
                Next::Frame(place, bytes) => seen.push((place.to_string(), bytes.len())),
                Next::Cut(place) => seen.push((place.to_string(), 0)),
                Next::End => break,
                _ => panic!("neither frame nor cut"),
            }
        }
        let seen: Vec<(&str, usize)> = seen.iter().map(|(place, size)| (place.as_str(), *size)).collect();
        let expected = [
            ("bytes 0+4", 0),
            ("bytes 4+9", 5),
            ("bytes 13+307204", 300 << 10),
            ("bytes 307217+11", 7),
            ("bytes 307228+5", 0),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_frame_over_the_limit_is_passed_over() {
        let mut bytes = (300_u32 << 10).to_be_bytes().to_vec();
        bytes.extend(std::iter::repeat_n(9, 300 << 10));
        bytes.extend_from_slice(&[0, 0, 0, 1, 5]);
        let mut frames = Frames::new(bytes.as_slice(), 1000);
        assert!(matches!(frames.next(), Next::TooLong(_)));
        assert!(matches!(frames.next(), Next::Frame(_, [5])));
    }
}
