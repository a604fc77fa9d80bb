//! The pages of a database, each from the log if it lies there, else from the database file; and a small
//! cache of them for looking rows up.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use model::ReadAt;

use crate::bytes::size;
use crate::problem::{InFile, Place, RowProblem, What};
use crate::wal::{Overlay, fill};

/// How much the cache holds at most.
const CACHE_BYTES: usize = 8 << 20;
/// How many pages the cache holds at most.
const CACHE_PAGES: usize = 1024;

/// Where the pages are.
pub(crate) struct Pages {
    main: Arc<dyn ReadAt>,
    wal: Option<Arc<dyn ReadAt>>,
    overlay: Overlay,
    page_bytes: u32,
    usable_bytes: u32,
    highest: u32,
    cache: Mutex<Cache>,
}

/// A page that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PagePlace {
    pub(crate) file: InFile,
    pub(crate) offset_bytes: u64,
    /// Less than a page where the file ends inside it.
    pub(crate) length: usize,
}

impl Pages {
    pub(crate) fn new(
        main: Arc<dyn ReadAt>,
        wal: Option<Arc<dyn ReadAt>>,
        overlay: Overlay,
        sizes: (u32, u32),
        highest: u32,
    ) -> Self {
        let (page_bytes, usable_bytes) = sizes;
        let slots = (CACHE_BYTES / size(u64::from(page_bytes)).max(1)).clamp(1, CACHE_PAGES);
        let cache = Mutex::new(Cache { slots, ..Cache::default() });
        Self { main, wal, overlay, page_bytes, usable_bytes, highest, cache }
    }

    pub(crate) fn main(&self) -> &dyn ReadAt {
        &*self.main
    }

    pub(crate) fn overlay(&self) -> &Overlay {
        &self.overlay
    }

    /// The size of a page.
    pub(crate) fn page_bytes(&self) -> usize {
        size(u64::from(self.page_bytes))
    }

    /// The part of a page that the database uses.
    pub(crate) fn usable_bytes(&self) -> usize {
        size(u64::from(self.usable_bytes))
    }

    /// The pages that the database file has room for, a cut one at the end included.
    pub(crate) fn main_pages(&self) -> u32 {
        let pages = self.main.size_bytes().div_ceil(u64::from(self.page_bytes).max(1));
        u32::try_from(pages).unwrap_or(u32::MAX)
    }

    /// Where a page lies.
    pub(crate) fn place(&self, page: u32) -> Result<PagePlace, What> {
        if page > self.highest {
            return Err(What::Limit("pages"));
        }
        let length = self.page_bytes();
        if let Some(offset_bytes) = self.overlay.pages.get(&page) {
            return Ok(PagePlace { file: InFile::Wal, offset_bytes: *offset_bytes, length });
        }
        let before = page.checked_sub(1).ok_or(What::NoPage(page))?;
        let offset_bytes = u64::from(before) * u64::from(self.page_bytes);
        let rest = self.main.size_bytes().saturating_sub(offset_bytes);
        if rest == 0 {
            return Err(What::NoPage(page));
        }
        Ok(PagePlace { file: InFile::Main, offset_bytes, length: length.min(size(rest)) })
    }

    /// Reads a page into the buffer; it is cut where the file is, and at the reserved bytes.
    pub(crate) fn read(&self, page: u32, into: &mut Vec<u8>) -> Result<PagePlace, What> {
        let place = self.place(page)?;
        self.read_place(place, into)?;
        Ok(place)
    }

    /// Reads a page whose place is known.
    pub(crate) fn read_place(&self, place: PagePlace, into: &mut Vec<u8>) -> Result<(), What> {
        into.clear();
        into.resize(place.length.min(self.usable_bytes()), 0);
        let file = match place.file {
            InFile::Main => &*self.main,
            InFile::Wal => self.wal.as_deref().unwrap_or(&*self.main),
        };
        let read = fill(file, into, place.offset_bytes).map_err(|error| What::Read(error.kind()))?;
        into.truncate(read);
        Ok(())
    }

    /// A page through the cache.
    pub(crate) fn cached(&self, page: u32) -> Result<Arc<[u8]>, What> {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = cache.get(page) {
            return Ok(bytes);
        }
        let mut bytes = Vec::new();
        self.read(page, &mut bytes)?;
        let bytes: Arc<[u8]> = bytes.into();
        cache.put(page, Arc::clone(&bytes));
        Ok(bytes)
    }

    /// Where bytes of a page lie in their file.
    pub(crate) fn locate(&self, page: u32, offset: usize, length: usize) -> Place {
        let (file, start) =
            self.place(page).map_or((InFile::Main, 0), |place| (place.file, place.offset_bytes));
        Place { file, page, offset_bytes: start.saturating_add(offset as u64), length_bytes: length as u64 }
    }

    /// A problem at an offset in a page.
    pub(crate) fn problem(&self, page: u32, offset: usize, what: What) -> RowProblem {
        let Place { file, offset_bytes, .. } = self.locate(page, offset, 0);
        RowProblem { file, page, offset_bytes, what }
    }
}

/// Pages that were used lately: a clock, whose hand passes over what was used since it last came by.
#[derive(Default)]
struct Cache {
    slots: usize,
    pages: Vec<Slot>,
    by_page: HashMap<u32, usize>,
    hand: usize,
}

struct Slot {
    page: u32,
    bytes: Arc<[u8]>,
    used: bool,
}

impl Cache {
    fn get(&mut self, page: u32) -> Option<Arc<[u8]>> {
        let slot = self.pages.get_mut(*self.by_page.get(&page)?)?;
        slot.used = true;
        Some(Arc::clone(&slot.bytes))
    }

    fn put(&mut self, page: u32, bytes: Arc<[u8]>) {
        let new = Slot { page, bytes, used: false };
        if self.pages.len() < self.slots {
            self.by_page.insert(page, self.pages.len());
            self.pages.push(new);
            return;
        }
        // Two rounds at most: the first one takes the marks away.
        for _ in 0..self.slots.saturating_mul(2) {
            let at = self.hand;
            self.hand = (self.hand + 1) % self.slots.max(1);
            let Some(slot) = self.pages.get_mut(at) else { continue };
            if slot.used {
                slot.used = false;
                continue;
            }
            self.by_page.remove(&slot.page);
            self.by_page.insert(page, at);
            *slot = new;
            return;
        }
    }
}

/// The whole file, up to a length, for the header.
pub(crate) fn beginning(file: &dyn ReadAt, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    let read = fill(file, &mut bytes, 0)?;
    bytes.truncate(read);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_stays_small_and_keeps_what_is_used() {
        let mut cache = Cache { slots: 4, ..Cache::default() };
        for page in 1..100 {
            cache.put(page, vec![0; 1].into());
            assert!(cache.get(1).is_some());
        }
        assert_eq!((cache.pages.len(), cache.by_page.len()), (4, 4));
    }
}
