//! A temporary store for plaintext that has to be read again: in memory while small, otherwise in a file,
//! encrypted under a key that exists in memory only. What remains of the file after a crash opens for nobody.
//!
//! Same chunks as a sealed file, without a header. Making the file (unlinked or deleted on close) is up to
//! the caller.

use crate::chunk_buffer::ChunkBuffer;
use crate::payload::{ChunkSealer, Layout, PayloadKey, Position, SealedPayload};
use crate::positioned::FileAt;
use crate::random_access::RandomAccess;
use model::ReadAt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::sync::Arc;
use zeroize::Zeroizing;

type MakeFile = Box<dyn FnOnce() -> io::Result<Arc<File>> + Send>;

/// The store while it is written.
pub struct Spool {
    memory_bytes: usize,
    stage: Stage,
}

enum Stage {
    Memory(Zeroizing<Vec<u8>>, MakeFile),
    File(FileStage),
    Failed(io::ErrorKind),
}

struct FileStage {
    file: Arc<File>,
    key: PayloadKey,
    sealer: ChunkSealer,
    buffer: ChunkBuffer,
    next_chunk: u64,
    written_bytes: u64,
}

impl Spool {
    /// Holds up to `memory_bytes` in memory; `make_file` is called once if it gets more. The file must be
    /// new, empty, readable and writable, and nobody else's.
    pub fn new(memory_bytes: usize, make_file: Box<dyn FnOnce() -> io::Result<File> + Send>) -> Self {
        Self::lent(memory_bytes, Box::new(move || make_file().map(Arc::new)))
    }

    /// The same with a file that its owner takes back when nobody else holds it any more.
    pub fn lent(memory_bytes: usize, make_file: MakeFile) -> Self {
        Self { memory_bytes, stage: Stage::Memory(Zeroizing::new(Vec::new()), make_file) }
    }

    /// Ends writing and gives a reader at the start.
    pub fn finish(self) -> io::Result<SpoolReader> {
        let content = match self.stage {
            Stage::Memory(bytes, _) => Content::Memory(bytes),
            Stage::File(stage) => Content::File(stage.finish()?),
            Stage::Failed(kind) => return Err(kind.into()),
        };
        Ok(SpoolReader { content, position: 0 })
    }
}

impl Write for Spool {
    /// Takes everything; after an error all further calls fail.
    fn write(&mut self, plaintext: &[u8]) -> io::Result<usize> {
        let stage = std::mem::replace(&mut self.stage, Stage::Failed(io::ErrorKind::Other));
        let written = match stage {
            Stage::Memory(mut bytes, make_file) if bytes.len() + plaintext.len() <= self.memory_bytes => {
                bytes.extend_from_slice(plaintext);
                Ok(Stage::Memory(bytes, make_file))
            }
            Stage::Memory(bytes, make_file) => make_file()
                .and_then(FileStage::new)
                .and_then(|stage| stage.write(&bytes))
                .and_then(|stage| stage.write(plaintext))
                .map(Stage::File),
            Stage::File(stage) => stage.write(plaintext).map(Stage::File),
            Stage::Failed(kind) => Err(kind.into()),
        };
        match written {
            Ok(stage) => {
                self.stage = stage;
                Ok(plaintext.len())
            }
            Err(error) => {
                self.stage = Stage::Failed(error.kind());
                Err(error)
            }
        }
    }

    /// Does nothing: what counts is `finish`.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl FileStage {
    fn new(file: Arc<File>) -> io::Result<Self> {
        let key = PayloadKey::for_memory_only()?;
        let sealer = key.sealer()?;
        let buffer = ChunkBuffer::full_size();
        Ok(Self { file, key, sealer, buffer, next_chunk: 0, written_bytes: 0 })
    }

    fn write(mut self, plaintext: &[u8]) -> io::Result<Self> {
        let mut rest = plaintext;
        while !rest.is_empty() {
            if self.buffer.is_full() {
                self.put_buffer(Position::Middle)?;
            }
            let taken = self.buffer.push(rest);
            rest = rest.get(taken..).unwrap_or_default();
        }
        Ok(self)
    }

    fn put_buffer(&mut self, position: Position) -> io::Result<()> {
        self.buffer.seal(&mut self.sealer, self.next_chunk, position)?;
        (&*self.file).write_all(self.buffer.sealed())?;
        self.written_bytes += self.buffer.sealed().len() as u64;
        self.next_chunk += self.buffer.chunks();
        self.buffer.clear();
        Ok(())
    }

    fn finish(mut self) -> io::Result<RandomAccess> {
        self.put_buffer(Position::Last)?;
        let file = Arc::new(FileAt { file: self.file, size_bytes: self.written_bytes });
        let layout = Layout::new(0, self.written_bytes)?;
        Ok(RandomAccess::new(SealedPayload { file, key: self.key, layout })?)
    }
}

/// The store when it is written: reads from the start on, or anywhere.
pub struct SpoolReader {
    content: Content,
    position: u64,
}

enum Content {
    Memory(Zeroizing<Vec<u8>>),
    File(RandomAccess),
}

impl ReadAt for SpoolReader {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match &self.content {
            Content::Memory(bytes) => bytes.read_at(buffer, offset),
            Content::File(payload) => payload.read_at(buffer, offset),
        }
    }

    fn size_bytes(&self) -> u64 {
        match &self.content {
            Content::Memory(bytes) => bytes.size_bytes(),
            Content::File(payload) => payload.size_bytes(),
        }
    }
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.read_at(buffer, self.position)?;
        self.position += count as u64;
        Ok(count)
    }
}
