//! Sealing on several threads: the caller fills buffers, workers encrypt them, one thread hashes and
//! writes in order.
//!
//! Memory is bounded by the number of buffers, which go round. Whichever end fails, the channels close
//! from there to the other end, nobody waits for ever, and the write error is found by joining the writing
//! thread.

use crate::chunk_buffer::ChunkBuffer;
use crate::lanes::{self, Closed, Feed, Joined, Outlet};
use crate::payload::{PayloadKey, Position};
use crate::{SealError, Sha256};
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender, channel};

const PIECE_BYTES: usize = 128 << 10;

/// Where ciphertext goes, hashed and counted on its way.
pub(crate) struct Output<W> {
    pub(crate) inner: W,
    pub(crate) hash: Sha256,
    pub(crate) size_bytes: u64,
}

impl<W: Write> Output<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new(), size_bytes: 0 }
    }

    pub(crate) fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        // In pieces that stay in the cache of the core from one use to the next: measured 10 to 20 % less
        // work than 1 MiB.
        for piece in bytes.chunks(PIECE_BYTES) {
            self.inner.write_all(piece)?;
            self.hash.update(piece);
        }
        self.size_bytes += bytes.len() as u64;
        Ok(())
    }
}

/// A buffer of plaintext to be sealed.
pub(crate) struct Job {
    pub(crate) buffer: ChunkBuffer,
    /// Number of its first chunk.
    pub(crate) first: u64,
    /// Position of its last chunk.
    pub(crate) position: Position,
}

type SealedBuffer = Result<ChunkBuffer, SealError>;

/// The running threads. The fields are dropped in this order: channels first, then the threads that wait
/// on them.
pub(crate) struct Pipeline<W> {
    feed: Feed<Job>,
    returned: Receiver<ChunkBuffer>,
    unmade_buffers: usize,
    workers: Vec<Joined<()>>,
    writer: Joined<io::Result<Output<W>>>,
}

impl<W: Write + Send + 'static> Pipeline<W> {
    /// Starts the threads; the output moves to the one that writes.
    pub(crate) fn start(output: Output<W>, key: &PayloadKey) -> io::Result<Self> {
        let sealers = (0..lanes::worker_count()).map(|_| key.sealer()).collect::<Result<Vec<_>, _>>()?;
        let work = sealers.into_iter().map(|mut sealer| {
            move |mut job: Job| -> SealedBuffer {
                job.buffer.seal(&mut sealer, job.first, job.position)?;
                Ok(job.buffer)
            }
        });
        let (workers, outlet, feed) = lanes::start(work.collect())?;
        let (give_back, returned) = channel();
        let writer = Joined::spawn(move || write_all(outlet, output, &give_back))?;
        // One buffer is with the caller already.
        Ok(Self { feed, returned, unmade_buffers: lanes::buffer_count() - 1, workers, writer })
    }

    /// Hands a buffer over and gives an empty one for it; waits while too many are under way.
    pub(crate) fn exchange(&mut self, job: Job) -> Result<ChunkBuffer, Closed> {
        self.feed.put(job)?;
        if let Ok(mut buffer) = self.returned.try_recv() {
            buffer.clear();
            return Ok(buffer);
        }
        if self.unmade_buffers > 0 {
            self.unmade_buffers -= 1;
            return Ok(ChunkBuffer::full_size());
        }
        let mut buffer = self.returned.recv().map_err(|_| Closed)?;
        buffer.clear();
        Ok(buffer)
    }

    /// Hands the last buffer over and waits until everything is written.
    pub(crate) fn finish(mut self, last: Job) -> io::Result<Output<W>> {
        // If this fails, joining tells why.
        let _ = self.feed.put(last);
        self.end()
    }

    /// Takes nothing more and waits for the threads; gives the error of the writing thread if there was one.
    pub(crate) fn end(self) -> io::Result<Output<W>> {
        let Self { feed, returned, workers, writer, .. } = self;
        drop((feed, returned));
        drop(workers);
        writer.join().unwrap_or_else(|| Err(io::Error::other("the writing thread ended early")))
    }
}

fn write_all<W: Write>(
    mut outlet: Outlet<SealedBuffer>,
    mut output: Output<W>,
    give_back: &Sender<ChunkBuffer>,
) -> io::Result<Output<W>> {
    while let Some(sealed) = outlet.take() {
        let buffer = sealed?;
        output.put(buffer.sealed())?;
        // Once the caller has finished, nobody needs buffers any more.
        let _ = give_back.send(buffer);
    }
    Ok(output)
}
