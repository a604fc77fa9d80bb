//! Pages in the order of a walk: read ahead in ever larger pieces as long as the walk goes forward.

use crate::bytes::size;
use crate::pages::{PagePlace, Pages};
use crate::problem::{InFile, What};
use crate::wal::fill;

/// The largest piece read at once.
const AHEAD_BYTES: usize = 1 << 18;
/// A step forward of at most so many bytes counts as going on.
const STEP_BYTES: u64 = 1 << 16;

/// Reads pages one after the other.
pub(crate) struct Sequential<'d> {
    pages: &'d Pages,
    window: Vec<u8>,
    window_start: u64,
    last: u64,
    ahead: usize,
}

impl<'d> Sequential<'d> {
    pub(crate) fn new(pages: &'d Pages) -> Self {
        Self { pages, window: Vec::new(), window_start: 0, last: 0, ahead: 0 }
    }

    /// Copies a page into the buffer; it is cut where the file is, and at the reserved bytes.
    pub(crate) fn read(&mut self, page: u32, into: &mut Vec<u8>) -> Result<(), What> {
        let place = self.pages.place(page)?;
        if place.file == InFile::Wal {
            return self.pages.read_place(place, into);
        }
        if !self.holds(place) {
            self.load(place)?;
        }
        self.last = place.offset_bytes;
        let start = size(place.offset_bytes.saturating_sub(self.window_start));
        let rest = self.window.get(start..).unwrap_or_default();
        let length = rest.len().min(place.length).min(self.pages.usable_bytes());
        into.clear();
        into.extend_from_slice(rest.get(..length).unwrap_or_default());
        Ok(())
    }

    fn holds(&self, place: PagePlace) -> bool {
        let end = place.offset_bytes.saturating_add(place.length as u64);
        let window_end = self.window_start.saturating_add(self.window.len() as u64);
        place.offset_bytes >= self.window_start && end <= window_end
    }

    fn load(&mut self, place: PagePlace) -> Result<(), What> {
        let window_end = self.window_start.saturating_add(self.window.len() as u64);
        let step = place.offset_bytes.checked_sub(window_end);
        let onward = step.is_some_and(|step| step <= STEP_BYTES);
        let page_bytes = self.pages.page_bytes();
        self.ahead = if onward { (self.ahead * 2).min(AHEAD_BYTES) } else { 0 }.max(page_bytes);
        self.window.clear();
        self.window.resize(self.ahead, 0);
        self.window_start = place.offset_bytes;
        match fill(self.pages.main(), &mut self.window, place.offset_bytes) {
            Ok(length) => {
                self.window.truncate(length);
                Ok(())
            }
            // A bad spot further on must not cost this page.
            Err(_) if self.ahead > page_bytes => {
                self.ahead = 0;
                let result = self.pages.read_place(place, &mut self.window);
                if result.is_err() {
                    self.window.clear();
                }
                result
            }
            Err(error) => {
                self.window.clear();
                Err(What::Read(error.kind()))
            }
        }
    }
}
