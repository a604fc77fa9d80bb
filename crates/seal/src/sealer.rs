//! Sealing a stream: an age v1 file written at the speed of the hardware.
//!
//! Up to 1 MiB is sealed on the caller's thread when finishing; more goes through the pipeline. Nothing is
//! finished by dropping: a sealer that is dropped leaves a file that does not open.

use crate::chunk_buffer::ChunkBuffer;
use crate::payload::{NONCE_BYTES, PayloadKey, Position};
use crate::pipeline::{Job, Output, Pipeline};
use crate::{SealError, SealTo, file_key, header, random};
use model::Digest;
use std::io::{self, Write};

/// What is left when everything is sealed.
#[derive(Debug)]
pub struct Sealed<W> {
    /// The writer, flushed, not synced.
    pub inner: W,
    /// SHA-256 of the whole sealed file, header included.
    pub sha256: Digest,
    /// Size of the whole sealed file.
    pub size_bytes: u64,
}

/// Seals what is written to it. Must be finished.
pub struct Sealer<W: Write + Send + 'static> {
    stage: Stage<W>,
    key: PayloadKey,
    buffer: ChunkBuffer,
    next_chunk: u64,
    // What the finished file has to measure, known without asking the threads.
    expected_bytes: u64,
}

enum Stage<W> {
    Direct(Output<W>),
    Piped(Pipeline<W>),
    Failed(io::ErrorKind),
}

impl<W: Write + Send + 'static> Sealer<W> {
    /// Writes the header at once; with a passphrase this takes the time of scrypt.
    pub fn new(inner: W, to: &SealTo<'_>) -> Result<Self, SealError> {
        let (file_key, stanzas) = file_key::wrap(to)?;
        let nonce: [u8; NONCE_BYTES] = random()?;
        let mut start = header::write(&stanzas, &file_key)?;
        start.extend_from_slice(&nonce);
        let mut output = Output::new(inner);
        output.put(&start)?;
        Ok(Self {
            key: PayloadKey::derive(&file_key, &nonce)?,
            buffer: ChunkBuffer::default(),
            next_chunk: 0,
            expected_bytes: output.size_bytes,
            stage: Stage::Direct(output),
        })
    }

    /// Seals the rest, waits until all is written, and flushes the writer.
    pub fn finish(mut self) -> Result<Sealed<W>, SealError> {
        let last = self.take_job(Position::Last);
        let expected_bytes = self.expected_bytes;
        let mut output = match self.stage {
            Stage::Failed(kind) => return Err(SealError::Io(kind.into())),
            Stage::Piped(pipeline) => pipeline.finish(last)?,
            Stage::Direct(mut output) => {
                let Job { mut buffer, first, position } = last;
                buffer.seal(&mut self.key.sealer()?, first, position)?;
                output.put(buffer.sealed())?;
                output
            }
        };
        output.inner.flush()?;
        if output.size_bytes != expected_bytes {
            return Err(SealError::Io(io::Error::other("a sealing thread ended early")));
        }
        Ok(Sealed { inner: output.inner, sha256: output.hash.finish(), size_bytes: output.size_bytes })
    }

    fn take_job(&mut self, position: Position) -> Job {
        let buffer = std::mem::take(&mut self.buffer);
        let first = self.next_chunk;
        self.next_chunk += buffer.chunks();
        self.expected_bytes += buffer.sealed_bytes() as u64;
        Job { buffer, first, position }
    }

    /// Sends the full buffer on its way. Only called when more plaintext follows, so it is never the last
    /// one.
    fn send_buffer(&mut self) -> io::Result<()> {
        let job = self.take_job(Position::Middle);
        let mut pipeline = match std::mem::replace(&mut self.stage, Stage::Failed(io::ErrorKind::Other)) {
            Stage::Direct(output) => Pipeline::start(output, &self.key)?,
            Stage::Piped(pipeline) => pipeline,
            Stage::Failed(kind) => {
                self.stage = Stage::Failed(kind);
                return Err(kind.into());
            }
        };
        if let Ok(buffer) = pipeline.exchange(job) {
            self.buffer = buffer;
            self.stage = Stage::Piped(pipeline);
            return Ok(());
        }
        let error = pipeline.end().err().unwrap_or_else(|| io::Error::other("a sealing thread ended early"));
        self.stage = Stage::Failed(error.kind());
        Err(error)
    }
}

impl<W: Write + Send + 'static> Write for Sealer<W> {
    /// Takes everything. An error may belong to bytes of an earlier call; after it, all further calls fail.
    fn write(&mut self, plaintext: &[u8]) -> io::Result<usize> {
        if let Stage::Failed(kind) = self.stage {
            return Err(kind.into());
        }
        let mut rest = plaintext;
        while !rest.is_empty() {
            if self.buffer.is_full() {
                self.send_buffer()?;
            }
            let taken = self.buffer.push(rest);
            rest = rest.get(taken..).unwrap_or_default();
        }
        Ok(plaintext.len())
    }

    /// Does nothing: a chunk can only be sealed when it is full or the last. `finish` flushes.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
