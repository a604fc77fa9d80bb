//! The frames of a Signal backup one after the other: found, checked, decrypted.
//!
//! Each frame has a length (from header version 1 on encrypted as the first four bytes of the frame), a
//! ciphertext and ten bytes of HMAC-SHA-256; a frame that announces a blob is followed by it. A frame whose
//! check fails is passed over if the one behind it fits again.

use std::io::{self, Read};
use std::sync::Arc;

use model::ReadAt;
use seal::foreign::{Counter, CtrKey, ForeignHmacSha256, SignalBackupKeys, signal_frame_iv};
use zeroize::Zeroizing;

use super::super::bytes::{Window, read_at};
use crate::wire;

/// Bytes of a frame's or a blob's check value.
pub(super) const MAC_BYTES: u64 = 10;

/// The first frame, which is not encrypted.
#[derive(Clone)]
pub(super) struct Header {
    /// The vector, whose first four bytes are the first counter.
    pub(super) iv: [u8; 16],
    /// The salt of the passphrase.
    pub(super) salt: Vec<u8>,
    version: u64,
    /// The frame as it stands in the file, without its length.
    frame: Vec<u8>,
}

impl Header {
    /// The header at the beginning of a file.
    pub(super) fn parse(head: &[u8]) -> Option<Self> {
        let (length, rest) = head.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok().filter(|length| *length <= 1024)?;
        let frame = rest.get(..length)?;
        let header = wire::bytes(frame, 1)?;
        let iv = wire::bytes(header, 1)?.try_into().ok()?;
        let salt = wire::bytes(header, 2).filter(|salt| salt.len() == 32)?.to_vec();
        let version = wire::number(header, 3).unwrap_or(0);
        Some(Self { iv, salt, version, frame: frame.to_vec() })
    }

    fn first_counter(&self) -> u32 {
        self.iv.first_chunk().copied().map_or(0, u32::from_be_bytes)
    }
}

/// A frame that was checked.
pub(super) struct Frame {
    /// The message in it.
    pub(super) message: Zeroizing<Vec<u8>>,
    /// The bytes behind it that it announces.
    pub(super) blob: Option<Blob>,
    /// Whether it is the last.
    pub(super) is_end: bool,
}

/// Bytes behind a frame: an attachment, an avatar, a sticker.
pub(super) struct Blob {
    /// Where it belongs, as a path.
    pub(super) path: String,
    /// Where its ciphertext begins.
    pub(super) offset: u64,
    /// How long that is.
    pub(super) length: u64,
    /// Its counter.
    pub(super) counter: u32,
}

/// What was found where a frame should be.
pub(super) enum Next {
    /// A frame.
    Frame(Frame),
    /// One whose check value does not fit, with others behind it.
    Bad,
    /// The rest of the file is no frame that can be read.
    Lost,
    /// The file ends without the last frame.
    Cut,
    /// The last frame was given.
    End,
}

/// Whether frames are compared with their check values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// Each is.
    Each,
    /// All were, and fitted.
    Done,
}

/// Goes from frame to frame.
pub(super) struct Frames {
    window: Window,
    bytes: Arc<dyn ReadAt>,
    /// Cipher and check value made ready, for there are many short frames.
    ready: Option<(CtrKey, ForeignHmacSha256)>,
    header: Header,
    most_bytes: u64,
    position: u64,
    counter: u32,
    check: Check,
    is_over: bool,
}

/// One frame where it lies.
struct Raw {
    message: Option<Zeroizing<Vec<u8>>>,
    end: u64,
}

impl Frames {
    /// From the first encrypted frame on; longer ones than `most_bytes` are not read.
    pub(super) fn new(
        bytes: &Arc<dyn ReadAt>,
        keys: &Arc<SignalBackupKeys>,
        header: &Header,
        most_bytes: u64,
        check: Check,
    ) -> Self {
        Self {
            window: Window::new(bytes),
            bytes: Arc::clone(bytes),
            ready: CtrKey::new(&keys.cipher_key)
                .and_then(|cipher| Ok((cipher, ForeignHmacSha256::new(keys.mac_key.as_bytes())?)))
                .ok(),
            header: header.clone(),
            most_bytes,
            position: (header.frame.len() as u64).saturating_add(4),
            counter: header.first_counter(),
            check,
            is_over: false,
        }
    }

    /// The next frame.
    pub(super) fn next(&mut self) -> io::Result<Next> {
        if self.is_over {
            return Ok(Next::End);
        }
        if self.position >= self.bytes.size_bytes() {
            self.is_over = true;
            return Ok(Next::Cut);
        }
        let Some(raw) = self.raw(self.position, self.counter)? else {
            self.is_over = true;
            let is_short = self.bytes.size_bytes().saturating_sub(self.position) <= self.most_bytes;
            return Ok(if is_short { Next::Cut } else { Next::Lost });
        };
        let counter = self.counter.wrapping_add(1);
        let Some(message) = raw.message else {
            // Believed only if what follows fits.
            let fits_again = self.raw(raw.end, counter)?.is_some_and(|next| next.message.is_some());
            (self.position, self.counter, self.is_over) = (raw.end, counter, !fits_again);
            return Ok(if fits_again { Next::Bad } else { Next::Lost });
        };
        (self.position, self.counter) = (raw.end, counter);
        let is_end = wire::number(&message, 6) == Some(1);
        self.is_over = is_end;
        let blob = self.blob(&message);
        Ok(Next::Frame(Frame { message, blob, is_end }))
    }

    /// What a frame announces; the position goes behind it.
    fn blob(&mut self, message: &[u8]) -> Option<Blob> {
        let attachment = |of: &[u8]| {
            let (row, id) = (wire::number(of, 1).unwrap_or(0), wire::number(of, 2).unwrap_or(0));
            (format!("attachments/{row}_{id}"), wire::number(of, 3))
        };
        let avatar = |of: &[u8]| {
            let name = wire::bytes(of, 3).or(wire::bytes(of, 1)).unwrap_or_default();
            (format!("avatars/{}", String::from_utf8_lossy(name)), wire::number(of, 2))
        };
        let sticker =
            |of: &[u8]| (format!("stickers/{}", wire::number(of, 1).unwrap_or(0)), wire::number(of, 2));
        let (path, length) = wire::bytes(message, 4)
            .map(attachment)
            .or_else(|| wire::bytes(message, 7).map(avatar))
            .or_else(|| wire::bytes(message, 8).map(sticker))?;
        let length = length.unwrap_or(0);
        let blob = Blob { path, offset: self.position, length, counter: self.counter };
        self.position = self.position.saturating_add(length).saturating_add(MAC_BYTES);
        self.counter = self.counter.wrapping_add(1);
        Some(blob)
    }

    /// The frame at a place; none if there is no whole one.
    fn raw(&mut self, position: u64, counter: u32) -> io::Result<Option<Raw>> {
        let iv = signal_frame_iv(&self.header.iv, counter);
        let Ok(stored) = <[u8; 4]>::try_from(self.window.get(position, 4)?) else { return Ok(None) };
        let Some((cipher, mac_key)) = &self.ready else { return Ok(None) };
        let mut length = stored;
        // The stream of the cipher begins with the length, where that is encrypted too.
        let is_hidden = self.header.version >= 1;
        if is_hidden {
            cipher.decrypt(Counter::BigEndian128, &iv, 0, &mut length)?;
        }
        let length = u64::from(u32::from_be_bytes(length));
        let start = position.saturating_add(4);
        let end = start.saturating_add(length);
        if length < MAC_BYTES || length > self.most_bytes || end > self.bytes.size_bytes() {
            return Ok(None);
        }
        let mut message = Zeroizing::new(body(&mut self.window, &*self.bytes, start, length)?);
        let Some((text, mac)) = message.split_last_chunk::<10>() else { return Ok(None) };
        if self.check == Check::Each {
            let mut check = mac_key.fork();
            check.update(if is_hidden { &stored } else { &[] });
            check.update(text);
            if !check.matches(mac) {
                return Ok(Some(Raw { message: None, end }));
            }
        }
        let text_bytes = text.len();
        message.truncate(text_bytes);
        cipher.decrypt(Counter::BigEndian128, &iv, if is_hidden { 4 } else { 0 }, &mut message)?;
        Ok(Some(Raw { message: Some(message), end }))
    }
}

/// A frame's bytes with its check value.
fn body(window: &mut Window, bytes: &dyn ReadAt, start: u64, length: u64) -> io::Result<Vec<u8>> {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let body = if length <= Window::BYTES {
        window.get(start, length)?.to_vec()
    } else {
        read_at(bytes, start, length)?
    };
    if body.len() == length { Ok(body) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// All frames as plaintext: each with its length in four bytes, big-endian, the header first.
pub(super) struct FrameStream {
    frames: Frames,
    /// The length of the frame that is being given.
    length: [u8; 4],
    message: Zeroizing<Vec<u8>>,
    /// How many bytes of both were given.
    given: usize,
}

impl FrameStream {
    /// From the header on.
    pub(super) fn new(frames: Frames) -> Self {
        let message = Zeroizing::new(frames.header.frame.clone());
        Self { frames, length: length_of(&message), message, given: 0 }
    }
}

impl Read for FrameStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.message.len().saturating_add(self.length.len()) {
            match self.frames.next()? {
                Next::Frame(frame) => {
                    self.length = length_of(&frame.message);
                    self.message = frame.message;
                    self.given = 0;
                }
                Next::Bad => {}
                // What is lost was said when the backup was opened.
                Next::Lost | Next::Cut | Next::End => return Ok(0),
            }
        }
        let mut length = self.length.get(self.given..).unwrap_or_default();
        let in_message = self.given.saturating_sub(self.length.len());
        let mut message = self.message.get(in_message..).unwrap_or_default();
        let first = length.read(buffer)?;
        let second = message.read(buffer.get_mut(first..).unwrap_or_default())?;
        let count = first.saturating_add(second);
        self.given = self.given.saturating_add(count);
        Ok(count)
    }
}

fn length_of(message: &[u8]) -> [u8; 4] {
    u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes()
}

/// How many bytes the header takes among the plaintext frames.
pub(super) fn header_bytes(header: &Header) -> u64 {
    (header.frame.len() as u64).saturating_add(4)
}
