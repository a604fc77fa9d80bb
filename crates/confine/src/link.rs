//! The worker's ends of the pipes: gathers messages, asks for bytes.

use std::fs::File;
use std::io::{self, Read, Write};

use crate::frame::{
    BATCH_BYTES, HEADER_BYTES, Kind, MESSAGE_HEADER_BYTES, ReadRequest, header, parse_header, trouble,
};

/// A batch that grew beyond this for one long message gives the memory back.
const BATCH_KEPT_BYTES: usize = 1 << 20;

/// Both pipes of the worker, unbuffered but for the batch of messages.
pub(crate) struct Link {
    input: File,
    output: File,
    /// Room for the header, then messages, each with its length.
    batch: Vec<u8>,
    message_bytes_max: usize,
}

impl Link {
    /// Takes the pipes. How long a message may be is known after the terms have come.
    pub(crate) fn new(input: File, output: File) -> Self {
        Self { input, output, batch: vec![0; HEADER_BYTES], message_bytes_max: 0 }
    }

    /// Says how long a message may be.
    pub(crate) fn set_message_bytes_max(&mut self, bytes: usize) {
        self.message_bytes_max = bytes;
    }

    /// Puts a message into the batch, and sends the batch when it is full.
    pub(crate) fn send(&mut self, message: &[u8]) -> io::Result<()> {
        let length = u32::try_from(message.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        if message.len() > self.message_bytes_max {
            let text = "the message is longer than the parent accepts";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let longer = self.batch.len().saturating_add(MESSAGE_HEADER_BYTES).saturating_add(message.len());
        if longer > HEADER_BYTES.saturating_add(BATCH_BYTES) {
            self.flush()?;
        }
        self.batch.extend_from_slice(&length.to_le_bytes());
        self.batch.extend_from_slice(message);
        Ok(())
    }

    /// Sends what is gathered.
    fn flush(&mut self) -> io::Result<()> {
        self.flush_with(&[])
    }

    /// Sends what is gathered and a frame behind it, in one write.
    pub(crate) fn flush_with(&mut self, frame: &[u8]) -> io::Result<()> {
        let payload = self.batch.len().saturating_sub(HEADER_BYTES);
        let from = if payload == 0 { HEADER_BYTES } else { 0 };
        self.batch.iter_mut().zip(header(Kind::Messages, payload)).for_each(|(to, from)| *to = from);
        self.batch.extend_from_slice(frame);
        let sent = self.output.write_all(self.batch.get(from..).unwrap_or_default());
        self.batch.truncate(HEADER_BYTES);
        self.batch.shrink_to(BATCH_KEPT_BYTES);
        sent
    }

    /// Asks for bytes; says how many come, at most those asked for. They must then be taken ([`Self::take`]).
    pub(crate) fn ask(&mut self, request: ReadRequest) -> io::Result<usize> {
        self.flush_with(&request.frame())?;
        match self.next_header()? {
            (Kind::Bytes, length) if length <= usize::try_from(request.length).unwrap_or(0) => Ok(length),
            (Kind::Trouble, 1) => {
                let mut byte = [0];
                self.take(&mut byte)?;
                Err(trouble(u8::from_le_bytes(byte)))
            }
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "not the answer of a host")),
        }
    }

    /// The header of the next frame from the parent.
    pub(crate) fn next_header(&mut self) -> io::Result<(Kind, usize)> {
        let mut bytes = [0; HEADER_BYTES];
        self.take(&mut bytes)?;
        parse_header(bytes).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no frame of a host"))
    }

    /// Fills the buffer from the parent.
    pub(crate) fn take(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        self.input.read_exact(buffer)
    }
}
