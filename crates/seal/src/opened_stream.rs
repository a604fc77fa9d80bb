//! The plaintext of a sealed file in order: one thread reads ahead and hashes, workers decrypt, the caller
//! reads.
//!
//! Up to 1 MiB is done on the caller's thread. Memory is bounded by the number of buffers, which go round.

use crate::chunk_buffer::{CHUNKS, ChunkBuffer};
use crate::lanes::{self, Feed, Joined, Outlet};
use crate::payload::{ChunkOpener, SealedPayload};
use crate::{SealError, Sha256, positioned};
use model::Digest;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

/// The plaintext as a reader. Every byte it gives was authenticated, and the end of the file was before
/// the first.
pub struct OpenedStream {
    stage: Stage,
    current: ChunkBuffer,
}

enum Stage {
    Untouched(Source),
    Direct(Source, ChunkOpener),
    Ahead(ReadAhead),
    Done(Source),
    Failed(io::ErrorKind),
}

/// The running threads. The fields are dropped in this order: channels first, then the threads that wait
/// on them.
struct ReadAhead {
    give_back: Sender<ChunkBuffer>,
    outlet: Outlet<Result<ChunkBuffer, SealError>>,
    reader: Joined<Source>,
    workers: Vec<Joined<()>>,
}

/// Sealed bytes that were read, and the number of their first chunk.
type Piece = Result<(ChunkBuffer, u64), SealError>;

impl OpenedStream {
    pub(crate) fn hashed(payload: Arc<SealedPayload>) -> Self {
        Self::new(Source { payload, next_chunk: 0, hash: Some(Sha256::new()) })
    }

    pub(crate) fn unhashed(payload: Arc<SealedPayload>) -> Self {
        Self::new(Source { payload, next_chunk: 0, hash: None })
    }

    /// Reads and checks what was not read yet, and gives the SHA-256 of the whole sealed file, header
    /// included.
    pub fn finish(mut self) -> Result<Digest, SealError> {
        while self.advance()? {}
        match self.stage {
            Stage::Done(Source { hash: Some(hash), .. }) => Ok(hash.finish()),
            Stage::Failed(kind) => Err(SealError::Io(kind.into())),
            _ => Err(SealError::Cipher),
        }
    }

    fn new(source: Source) -> Self {
        Self { stage: Stage::Untouched(source), current: ChunkBuffer::default() }
    }

    /// Replaces the current buffer by the next one; false at the end. After an error every call fails.
    fn advance(&mut self) -> Result<bool, SealError> {
        let spent = std::mem::take(&mut self.current);
        match std::mem::replace(&mut self.stage, Stage::Failed(io::ErrorKind::InvalidData)) {
            Stage::Untouched(source) => {
                let few = source.payload.layout.chunks <= CHUNKS as u64;
                self.stage = if few {
                    let opener = source.payload.key.opener()?;
                    Stage::Direct(source, opener)
                } else {
                    Stage::Ahead(ReadAhead::start(source)?)
                };
                self.advance()
            }
            Stage::Direct(mut source, mut opener) => {
                let Some(piece) = source.next(spent) else {
                    self.stage = Stage::Done(source);
                    return Ok(false);
                };
                self.current = open(piece, &mut opener, &source.payload)?;
                self.stage = Stage::Direct(source, opener);
                Ok(true)
            }
            Stage::Ahead(mut ahead) => {
                // The reading thread has ended if it reads nothing more, and needs no buffer then.
                let _ = ahead.give_back.send(spent);
                if let Some(opened) = ahead.outlet.take() {
                    self.current = opened?;
                    self.stage = Stage::Ahead(ahead);
                    return Ok(true);
                }
                self.stage = Stage::Done(ahead.end()?);
                Ok(false)
            }
            Stage::Done(source) => {
                self.stage = Stage::Done(source);
                Ok(false)
            }
            Stage::Failed(kind) => Err(SealError::Io(kind.into())),
        }
    }
}

impl io::Read for OpenedStream {
    /// Errors are `SealError`s inside; `SealError::from` brings them back.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while self.current.unread().is_empty() {
            if !self.advance()? {
                return Ok(0);
            }
        }
        let count = self.current.unread().read(buffer)?;
        self.current.consume(count);
        Ok(count)
    }
}

impl ReadAhead {
    fn start(mut source: Source) -> Result<Self, SealError> {
        let openers = (0..lanes::worker_count()).map(|_| source.payload.key.opener());
        let openers = openers.collect::<Result<Vec<_>, _>>()?;
        let workers = openers.into_iter().map(|mut opener| {
            let payload = Arc::clone(&source.payload);
            move |piece: Piece| open(piece, &mut opener, &payload)
        });
        let (workers, outlet, mut feed) = lanes::start(workers.collect())?;
        let (give_back, returned) = channel();
        let reader = Joined::spawn(move || {
            read_all(&mut source, &mut feed, &returned);
            source
        })?;
        Ok(Self { give_back, outlet, reader, workers })
    }

    /// Gives the source back when everything was read.
    fn end(self) -> Result<Source, SealError> {
        let Self { give_back, outlet, reader, workers } = self;
        drop((give_back, outlet));
        let source = reader.join();
        drop(workers);
        let complete = source.filter(|source| source.next_chunk == source.payload.layout.chunks);
        complete.ok_or_else(|| SealError::Io(io::Error::other("the reading thread ended early")))
    }
}

/// Reads until the end, until an error, or until nobody takes the pieces any more.
fn read_all(source: &mut Source, feed: &mut Feed<Piece>, returned: &Receiver<ChunkBuffer>) {
    let mut unmade_buffers = lanes::buffer_count();
    loop {
        let buffer = if let Ok(buffer) = returned.try_recv() {
            buffer
        } else if unmade_buffers > 0 {
            unmade_buffers -= 1;
            ChunkBuffer::default()
        } else if let Ok(buffer) = returned.recv() {
            buffer
        } else {
            return;
        };
        let Some(piece) = source.next(buffer) else { return };
        let failed = piece.is_err();
        if feed.put(piece).is_err() || failed {
            return;
        }
    }
}

/// The sealed file from the start on.
struct Source {
    payload: Arc<SealedPayload>,
    next_chunk: u64,
    hash: Option<Sha256>,
}

impl Source {
    /// Reads the next chunks into a buffer; none at the end.
    fn next(&mut self, buffer: ChunkBuffer) -> Option<Piece> {
        let at_end = self.next_chunk == self.payload.layout.chunks;
        if at_end { None } else { Some(self.read_piece(buffer)) }
    }

    fn read_piece(&mut self, mut buffer: ChunkBuffer) -> Piece {
        let SealedPayload { file, layout, .. } = &*self.payload;
        let first = self.next_chunk;
        if let Some(hash) = self.hash.as_mut().filter(|_| first == 0) {
            let mut header = vec![0; usize::try_from(layout.offset_bytes).unwrap_or_default()];
            positioned::read_exact_at(&**file, &mut header, 0)?;
            hash.update(&header);
        }
        let sealed = buffer.sealed_mut(layout.sealed_bytes(first, CHUNKS as u64));
        positioned::read_exact_at(&**file, sealed, layout.chunk_offset_bytes(first))?;
        if let Some(hash) = &mut self.hash {
            hash.update(sealed);
        }
        self.next_chunk += buffer.chunks();
        Ok((buffer, first))
    }
}

fn open(piece: Piece, opener: &mut ChunkOpener, payload: &SealedPayload) -> Result<ChunkBuffer, SealError> {
    let (mut buffer, first) = piece?;
    buffer.open(opener, first, &payload.layout)?;
    Ok(buffer)
}
