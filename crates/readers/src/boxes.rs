//! Boxes of ISO base media files (MP4, MOV, 3GP, HEIF): headers read one after the other, bodies on demand.
//!
//! ISO/IEC 14496-12, section 4.2, and QuickTime's atoms. A box that says more than is left is cut and says
//! so; a box that says less than its header ends the walk. Nothing is read or kept by a size that is only
//! claimed, and one budget counts all boxes of a file.

use std::cell::Cell;
use std::io;
use std::ops::Range;

use crate::media::{Bytes, number};

/// Most boxes of one file that are looked at.
const BOXES: u32 = 20_000;

/// A box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BoxAt {
    /// Its four letters.
    pub(crate) kind: [u8; 4],
    /// Where its body is.
    pub(crate) body: Range<u64>,
    /// Whether it says that it is longer than what is left.
    pub(crate) is_cut: bool,
}

/// The boxes of one file.
pub(crate) struct Boxes<'b> {
    pub(crate) bytes: &'b Bytes,
    left: Cell<u32>,
    trouble: Cell<Option<Trouble>>,
}

/// Why boxes could not be walked to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// A box says something that cannot be.
    Damaged,
    /// A box ends after the file does.
    Truncated,
    /// There are more boxes than are looked at.
    TooMany,
    /// The bytes could not be had.
    Unreadable,
}

impl<'b> Boxes<'b> {
    pub(crate) fn new(bytes: &'b Bytes) -> Self {
        Self { bytes, left: Cell::new(BOXES), trouble: Cell::new(None) }
    }

    /// What was wrong first.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        self.trouble.get()
    }

    pub(crate) fn say(&self, trouble: Trouble) {
        self.trouble.set(self.trouble.get().or(Some(trouble)));
    }

    /// The boxes in a range, as far as they can be walked.
    pub(crate) fn within(&self, range: Range<u64>) -> Vec<BoxAt> {
        let mut found = Vec::new();
        let mut at = range.start;
        while range.end.saturating_sub(at) >= 8 {
            let Some(left) = self.left.get().checked_sub(1) else {
                self.say(Trouble::TooMany);
                break;
            };
            self.left.set(left);
            let Ok(next) = self.header(at, range.end) else {
                self.say(Trouble::Unreadable);
                break;
            };
            let Some(next) = next else {
                self.say(Trouble::Damaged);
                break;
            };
            if next.is_cut {
                self.say(Trouble::Truncated);
            }
            at = next.body.end;
            found.push(next);
        }
        found
    }

    /// The first box of this kind in a range.
    pub(crate) fn first(&self, range: &Range<u64>, kind: [u8; 4]) -> Option<BoxAt> {
        self.within(range.clone()).into_iter().find(|found| found.kind == kind)
    }

    /// The body of the first box on a path, for example `mdia`, `hdlr`.
    pub(crate) fn path(&self, range: &Range<u64>, path: &[[u8; 4]]) -> Option<Range<u64>> {
        path.iter().try_fold(range.clone(), |range, kind| self.first(&range, *kind).map(|found| found.body))
    }

    /// The bytes of a body, at most so many of them.
    pub(crate) fn read(&self, body: &Range<u64>, most: usize) -> Vec<u8> {
        self.bytes.range(body, most).unwrap_or_else(|_| {
            self.say(Trouble::Unreadable);
            Vec::new()
        })
    }

    fn header(&self, at: u64, end: u64) -> io::Result<Option<BoxAt>> {
        let head = self.bytes.read(at, 16)?;
        let (Some(size), Some(kind)) =
            (number(&head, 0, 4), head.get(4..8).and_then(|kind| kind.try_into().ok()))
        else {
            return Ok(None);
        };
        let (header, size) = match size {
            // To the end of what it lies in; QuickTime ends lists with four zeros, which come out here too.
            0 => (8, end.saturating_sub(at)),
            1 => (16, number(&head, 8, 8).unwrap_or(0)),
            size => (8, size),
        };
        if size < header {
            return Ok(None);
        }
        let begin = at.saturating_add(header).min(end);
        let stop = at.saturating_add(size);
        Ok(Some(BoxAt { kind, body: begin..stop.min(end).max(begin), is_cut: stop > end }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: &[u8], body: &[u8]) -> Vec<u8> {
        let size = u32::try_from(body.len() + 8).unwrap();
        [&size.to_be_bytes(), kind, body].concat()
    }

    #[test]
    fn boxes_follow_each_other_and_nest() {
        let inner = [boxed(b"aaaa", b"1"), boxed(b"bbbb", b"22")].concat();
        let bytes =
            Bytes::held([boxed(b"moov", &inner), b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x12xy".to_vec()].concat());
        let boxes = Boxes::new(&bytes);
        let all = boxes.within(0..bytes.size());
        assert_eq!(all.iter().map(|found| found.kind).collect::<Vec<_>>(), [*b"moov", *b"mdat"]);
        let body = boxes.path(&(0..bytes.size()), &[*b"moov", *b"bbbb"]).unwrap();
        assert_eq!(boxes.read(&body, 100), b"22");
        assert_eq!(boxes.trouble(), None);
    }

    #[test]
    fn what_cannot_be_ends_the_walk() {
        let trouble = |bytes: &[u8]| {
            let bytes = Bytes::held(bytes.to_vec());
            let boxes = Boxes::new(&bytes);
            boxes.within(0..bytes.size());
            boxes.trouble()
        };
        assert_eq!(trouble(b"\0\0\0\x04moov"), Some(Trouble::Damaged));
        assert_eq!(trouble(b"\xff\xff\xff\xffmoovxx"), Some(Trouble::Truncated));
        assert_eq!(trouble(b"\0\0\0\x01moov\0\0\0\0\0\0\0\x03"), Some(Trouble::Damaged));
        assert_eq!(trouble(&b"\0\0\0\x08free".repeat(30_000)), Some(Trouble::TooMany));
    }

    proptest::proptest! {
        #[test]
        fn a_walk_ends_and_stays_inside(bytes: Vec<u8>, sizes in proptest::collection::vec(0_u8..40, 0..20)) {
            let mut file = Vec::new();
            for size in sizes {
                file.extend([0, 0, 0, size, b'm', b'o', b'o', b'v']);
                file.extend(bytes.iter().take(usize::from(size) / 2));
            }
            let bytes = Bytes::held(file);
            let boxes = Boxes::new(&bytes);
            let mut end = 0;
            for found in boxes.within(0..bytes.size()) {
                proptest::prop_assert!(found.body.start >= end && found.body.end <= bytes.size());
                end = found.body.end;
                boxes.within(found.body);
            }
        }
    }
}
