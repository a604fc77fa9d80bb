//! A content of the parent's as the worker sees it: random access through the pipe, with a small cache.
//!
//! Random reads fetch one block of 64 KiB; reads in order fetch twice as many each time, up to 1 MiB; long
//! reads go past the cache. 4 MiB for all contents of a worker together.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use model::ReadAt;

use crate::frame::{READ_BYTES_MAX, ReadRequest};
use crate::link::Link;

/// Size of a block.
const BLOCK_BYTES: usize = 64 << 10;
/// Blocks in the cache.
const BLOCKS: usize = 64;
/// The most blocks fetched at once.
const RUN_BLOCKS_MAX: u64 = (READ_BYTES_MAX / BLOCK_BYTES) as u64;
/// A read of at least this length whose first block is not cached goes past the cache.
const DIRECT_BYTES: usize = 256 << 10;

/// The link and the cache, shared by all contents of a worker.
pub(crate) struct Shared {
    pub(crate) link: Link,
    cache: Cache,
}

impl Shared {
    pub(crate) fn new(link: Link) -> Self {
        Self { link, cache: Cache::new() }
    }
}

/// One numbered content.
pub(crate) struct Content {
    number: u32,
    size_bytes: u64,
    shared: Arc<Mutex<Shared>>,
    /// The block behind the last one fetched, and how many were fetched at once. Only touched under the lock.
    next_block: AtomicU64,
    run_blocks: AtomicU64,
}

impl Content {
    pub(crate) fn new(number: u32, size_bytes: u64, shared: Arc<Mutex<Shared>>) -> Self {
        let (next_block, run_blocks) = (AtomicU64::new(u64::MAX), AtomicU64::new(1));
        Self { number, size_bytes, shared, next_block, run_blocks }
    }

    /// Reads one piece, of one block or past the cache; 0 when the parent has less than it promised.
    fn read_piece(&self, shared: &mut Shared, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let block = offset / BLOCK_BYTES as u64;
        let within = usize::try_from(offset % BLOCK_BYTES as u64).unwrap_or(0);
        if let Some(slot) = shared.cache.find(self.number, block) {
            return Ok(shared.cache.copy(slot, within, buffer));
        }
        if buffer.len() >= DIRECT_BYTES {
            return self.read_direct(shared, buffer, offset);
        }
        let slot = self.fetch(shared, block)?;
        Ok(shared.cache.copy(slot, within, buffer))
    }

    /// Reads straight into the caller's buffer.
    fn read_direct(&self, shared: &mut Shared, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let length = buffer.len().min(READ_BYTES_MAX);
        let got = shared.link.ask(self.request(offset, length))?;
        shared.link.take(buffer.get_mut(..got).unwrap_or_default())?;
        Ok(got)
    }

    /// Fetches a block, and more behind it when reading goes in order. Returns the slot of the block.
    fn fetch(&self, shared: &mut Shared, block: u64) -> io::Result<usize> {
        let in_order = self.next_block.load(Ordering::Relaxed) == block;
        let before = self.run_blocks.load(Ordering::Relaxed);
        let wanted = if in_order { before.saturating_mul(2).min(RUN_BLOCKS_MAX) } else { 1 };
        let last = self.size_bytes.saturating_sub(1) / BLOCK_BYTES as u64;
        let mut run = 1;
        while run < wanted && block.saturating_add(run) <= last {
            if shared.cache.find(self.number, block.saturating_add(run)).is_some() {
                break;
            }
            run = run.saturating_add(1);
        }
        self.next_block.store(block.saturating_add(run), Ordering::Relaxed);
        self.run_blocks.store(wanted, Ordering::Relaxed);

        let start = block.saturating_mul(BLOCK_BYTES as u64);
        let there = self.size_bytes.saturating_sub(start).min(run.saturating_mul(BLOCK_BYTES as u64));
        let mut left = shared.link.ask(self.request(start, usize::try_from(there).unwrap_or(0)))?;
        let mut first = None;
        for number in block..block.saturating_add(run) {
            let length = left.min(BLOCK_BYTES);
            let slot = shared.cache.take(&mut shared.link, (self.number, number), length)?;
            first = first.or(Some(slot));
            left = left.saturating_sub(length);
        }
        first.ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }

    fn request(&self, offset: u64, length: usize) -> ReadRequest {
        ReadRequest { content: self.number, offset, length: u32::try_from(length).unwrap_or(0) }
    }
}

impl ReadAt for Content {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let there = usize::try_from(self.size_bytes.saturating_sub(offset)).unwrap_or(usize::MAX);
        let length = buffer.len().min(there);
        // A panic under this lock would have left the pipe in the middle of an answer.
        let mut shared =
            self.shared.lock().map_err(|_| io::Error::other("the pipe to the parent is lost"))?;
        let mut done = 0_usize;
        while let Some(rest) = buffer.get_mut(done..length).filter(|rest| !rest.is_empty()) {
            match self.read_piece(&mut shared, rest, offset.saturating_add(done as u64)) {
                Ok(count) if count > 0 => done = done.saturating_add(count),
                // What was read is worth having; who goes on reading meets the error again.
                _ if done > 0 => break,
                Ok(_) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

/// Blocks of all contents; the one unused longest makes room.
struct Cache {
    slots: Vec<Slot>,
    uses: u64,
    last: usize,
}

#[derive(Default)]
struct Slot {
    key: Option<(u32, u64)>,
    used: u64,
    bytes: Vec<u8>,
}

impl Cache {
    fn new() -> Self {
        Self { slots: (0..BLOCKS).map(|_| Slot::default()).collect(), uses: 0, last: 0 }
    }

    /// The slot that holds a block.
    fn find(&self, content: u32, block: u64) -> Option<usize> {
        let key = Some((content, block));
        if self.slots.get(self.last).is_some_and(|slot| slot.key == key) {
            return Some(self.last);
        }
        self.slots.iter().position(|slot| slot.key == key)
    }

    /// Copies from a slot; 0 when it holds nothing there.
    fn copy(&mut self, slot: usize, within: usize, buffer: &mut [u8]) -> usize {
        self.last = slot;
        let used = self.next_use();
        let Some(slot) = self.slots.get_mut(slot) else { return 0 };
        slot.used = used;
        let from = slot.bytes.get(within..).unwrap_or_default();
        let count = from.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), from.get(..count)) {
            to.copy_from_slice(from);
        }
        count
    }

    /// Takes a block off the pipe, into the slot unused longest.
    fn take(&mut self, link: &mut Link, key: (u32, u64), length: usize) -> io::Result<usize> {
        let used = self.next_use();
        let oldest = self.slots.iter().enumerate().min_by_key(|(_, slot)| slot.used);
        let place = oldest.map_or(0, |(place, _)| place);
        if let Some(slot) = self.slots.get_mut(place) {
            slot.key = None;
            slot.used = used;
            slot.bytes.resize(length, 0);
            link.take(&mut slot.bytes)?;
            slot.key = Some(key);
        }
        Ok(place)
    }

    fn next_use(&mut self) -> u64 {
        self.uses = self.uses.saturating_add(1);
        self.uses
    }
}
