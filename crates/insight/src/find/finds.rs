//! What was found in one text so far, and which bytes of it are taken.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Found, Kind};

/// The finds of one text.
#[derive(Default)]
pub(super) struct Finds {
    found: Vec<Found>,
    /// First byte and the one after the last.
    taken: BTreeMap<usize, usize>,
}

impl Finds {
    /// Adds a find, unless its place is taken.
    pub(super) fn add(&mut self, kind: Kind, place: Range<usize>, key: String, rule: &'static str) {
        if !place.is_empty() && !self.is_taken(&place) {
            self.taken.insert(place.start, place.end);
            self.found.push(Found { kind, place, key, rule });
        }
    }

    /// Whether a byte of this place belongs to something else already.
    pub(super) fn is_taken(&self, place: &Range<usize>) -> bool {
        let before = self.taken.range(..place.end).next_back();
        before.is_some_and(|(_, end)| *end > place.start)
    }

    pub(super) fn in_order(mut self) -> Vec<Found> {
        self.found.sort_by(|a, b| {
            let of = |found: &Found| (found.place.start, found.place.end, found.kind);
            of(a).cmp(&of(b))
        });
        self.found
    }
}
