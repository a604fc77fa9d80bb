//! Where a place in the shadow form lies in the text it was made from, so that a hit can be marked in the
//! original.
//!
//! Text that was taken over byte for byte is one piece however long it is; everything else is a piece per
//! letter with its marks. A place inside a piece means the whole piece: who finds `s` of `ß` is shown `ß`.

use std::ops::Range;

/// The places of a shadow form, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    pieces: Vec<Piece>,
    source_bytes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    shadow: Range<usize>,
    source: Range<usize>,
    grain: Grain,
}

/// How far a piece can be told apart inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grain {
    /// ASCII on both sides, byte for byte.
    Byte,
    /// Only as a whole.
    Whole,
}

/// Told by the normaliser what it took and what it made of it.
pub(crate) trait Trace {
    /// So many bytes of ASCII gave as many bytes.
    fn same(&mut self, bytes: usize);
    /// So many bytes gave so many others.
    fn other(&mut self, source_bytes: usize, shadow_bytes: usize);
}

/// For those who do not ask where things were.
impl Trace for () {
    fn same(&mut self, _: usize) {}
    fn other(&mut self, _: usize, _: usize) {}
}

impl OffsetMap {
    /// The bytes of the original that a range of the shadow form was made from. Both ends lie between
    /// characters of the original. Whatever lies outside of the shadow form is cut off.
    pub fn to_source(&self, shadow: &Range<usize>) -> Range<usize> {
        if shadow.start >= shadow.end {
            let at =
                self.piece(shadow.start).map_or(self.source_bytes, |piece| inside(piece, shadow.start).start);
            return at..at;
        }
        let Some(first) = self.piece(shadow.start) else { return self.source_bytes..self.source_bytes };
        let start = inside(first, shadow.start).start;
        let last_byte = shadow.end.saturating_sub(1);
        let end =
            self.piece(last_byte).or(self.pieces.last()).map_or(start, |piece| inside(piece, last_byte).end);
        start..end.max(start)
    }

    /// The piece that holds this byte of the shadow form.
    fn piece(&self, shadow: usize) -> Option<&Piece> {
        let at = self.pieces.partition_point(|piece| piece.shadow.end <= shadow);
        self.pieces.get(at)
    }

    fn ends(&self) -> (usize, usize) {
        (self.pieces.last().map_or(0, |piece| piece.shadow.end), self.source_bytes)
    }
}

/// The bytes of the original behind one byte of the shadow form.
fn inside(piece: &Piece, shadow: usize) -> Range<usize> {
    match piece.grain {
        Grain::Whole => piece.source.clone(),
        Grain::Byte => {
            let most = piece.source.end.saturating_sub(1);
            let start =
                piece.source.start.saturating_add(shadow.saturating_sub(piece.shadow.start)).min(most);
            start..start.saturating_add(1)
        }
    }
}

impl Trace for OffsetMap {
    fn same(&mut self, bytes: usize) {
        if bytes == 0 {
            return;
        }
        let (shadow, source) = self.ends();
        self.source_bytes = source.saturating_add(bytes);
        match self.pieces.last_mut() {
            Some(last) if last.grain == Grain::Byte && last.source.end == source => {
                last.shadow.end = shadow.saturating_add(bytes);
                last.source.end = self.source_bytes;
            }
            _ => self.pieces.push(Piece {
                shadow: shadow..shadow.saturating_add(bytes),
                source: source..self.source_bytes,
                grain: Grain::Byte,
            }),
        }
    }

    fn other(&mut self, source_bytes: usize, shadow_bytes: usize) {
        let (shadow, source) = self.ends();
        self.source_bytes = source.saturating_add(source_bytes);
        if shadow_bytes > 0 {
            self.pieces.push(Piece {
                shadow: shadow..shadow.saturating_add(shadow_bytes),
                source: source..self.source_bytes,
                grain: Grain::Whole,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_again() {
        // "a ß" + soft hyphen + "bc" gives "a ssbc".
        let mut map = OffsetMap::default();
        map.same(2);
        map.other(2, 2);
        map.other(2, 0);
        map.same(2);
        assert_eq!(map.to_source(&(0..1)), 0..1);
        assert_eq!(map.to_source(&(2..3)), 2..4, "half of a letter is the letter");
        assert_eq!(map.to_source(&(3..5)), 2..7);
        assert_eq!(map.to_source(&(4..6)), 6..8);
        assert_eq!(map.to_source(&(6..6)), 8..8);
        assert_eq!(map.to_source(&(90..99)), 8..8);
        assert_eq!(map.to_source(&(5..99)), 7..8);
        assert_eq!(map.pieces.len(), 3);
    }
}
