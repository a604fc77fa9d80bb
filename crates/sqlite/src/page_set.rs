//! A set of pages that were met: a bit for each page that the file has room for, a list for any other.

use std::collections::HashSet;

use crate::bytes::size;

/// The pages met in one walk.
#[derive(Debug, Default)]
pub(crate) struct PageSet {
    bits: Vec<u64>,
    dense: u32,
    others: HashSet<u32>,
}

impl PageSet {
    /// A set for a file of so many pages. Page numbers beyond (of a log that claims them) cost more.
    pub(crate) fn new(dense: u32) -> Self {
        Self { dense, ..Self::default() }
    }

    /// Adds a page; false if it was there.
    pub(crate) fn insert(&mut self, page: u32) -> bool {
        if page > self.dense {
            return self.others.insert(page);
        }
        let word = size(u64::from(page / 64));
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        let Some(bits) = self.bits.get_mut(word) else { return true };
        let bit = 1 << (page % 64);
        let new = *bits & bit == 0;
        *bits |= bit;
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_new_once() {
        let mut set = PageSet::new(200);
        for page in [0, 1, 63, 64, 200, 201, u32::MAX] {
            assert!(set.insert(page));
            assert!(!set.insert(page));
        }
    }
}
