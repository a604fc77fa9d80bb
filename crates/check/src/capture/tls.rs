//! The opening of TLS: the name a client asks for, and the certificate a server shows up to TLS 1.2.
//!
//! RFC 8446 (1.3), RFC 5246 (1.2), RFC 6066 (the name). What comes after is encrypted and stays so; with TLS
//! 1.3 the certificate is too. A name that is itself encrypted (ECH) stays unread: the outer one is told.

use std::borrow::Cow;

use super::cursor::Cursor;
use super::streams::{Look, Standing};

/// What an opening says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said<'b> {
    /// The name that a client asks for.
    Name(&'b str),
    /// A server's certificate (DER).
    Certificate(&'b [u8]),
}

const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
const CERTIFICATE: u8 = 11;

/// Whether a stream begins as TLS does.
pub(super) fn is_begin(bytes: &[u8], standing: Standing) -> bool {
    match standing {
        Standing::First => matches!(bytes, [0x16] | [0x16, 3] | [0x16, 3, 0..=4, ..]),
        Standing::Anywhere => {
            matches!(bytes, [0x16, 3, 0..=4, 0..=0x40, _, CLIENT_HELLO | SERVER_HELLO, 0, ..])
        }
    }
}

/// Looks at the first bytes of a stream.
pub(super) fn look(stream: &[u8], tell: &mut dyn FnMut(Said<'_>)) -> Look {
    let mut cursor = Cursor(stream);
    let mut joined: Cow<'_, [u8]> = Cow::Borrowed(&[]);
    let mut ended = Look::More;
    loop {
        let record = cursor;
        let Some((22, _, length)) = record_head(&mut cursor) else {
            // Another kind of record: the open part is over. Or nothing is left.
            ended = if record.0.len() >= 5 { Look::Done } else { ended };
            break;
        };
        let there = cursor.0.len().min(length);
        let piece = cursor.take(there).unwrap_or_default();
        if joined.is_empty() {
            joined = Cow::Borrowed(piece);
        } else {
            joined.to_mut().extend_from_slice(piece);
        }
        if there < length {
            break;
        }
    }
    match handshake(&joined, tell) {
        Look::Done => Look::Done,
        Look::More => ended,
    }
}

fn record_head(cursor: &mut Cursor<'_>) -> Option<(u8, u16, usize)> {
    Some((cursor.one()?, cursor.two()?, usize::from(cursor.two()?)))
}

/// Looks at messages of the handshake, without records: as QUIC carries them too.
pub(super) fn handshake(bytes: &[u8], tell: &mut dyn FnMut(Said<'_>)) -> Look {
    let mut cursor = Cursor(bytes);
    loop {
        let Some((kind, length)) = cursor.one().zip(cursor.three()) else { return Look::More };
        let Some(body) = cursor.take(length) else {
            let is_wanted = matches!(kind, CLIENT_HELLO | SERVER_HELLO | CERTIFICATE);
            return if is_wanted { Look::More } else { Look::Done };
        };
        match kind {
            CLIENT_HELLO => {
                client(body, tell);
                return Look::Done;
            }
            SERVER_HELLO if is_later(body) => return Look::Done,
            SERVER_HELLO => {}
            CERTIFICATE => {
                certificate(body, tell);
                return Look::Done;
            }
            _ => return Look::Done,
        }
    }
}

/// The name in a client's first message.
fn client(body: &[u8], tell: &mut dyn FnMut(Said<'_>)) -> Option<()> {
    let mut cursor = Cursor(body);
    cursor.take(34)?;
    cursor.piece_of_one()?;
    cursor.piece_of_two()?;
    cursor.piece_of_one()?;
    let mut names = Cursor(extension(&mut cursor, 0)?);
    let mut list = Cursor(names.piece_of_two()?);
    while let Some(kind) = list.one() {
        let name = list.piece_of_two()?;
        if kind == 0
            && let Ok(name) = std::str::from_utf8(name)
        {
            tell(Said::Name(name));
        }
    }
    Some(())
}

/// The extension of this number, in what follows.
fn extension<'b>(cursor: &mut Cursor<'b>, wanted: u16) -> Option<&'b [u8]> {
    let mut extensions = Cursor(cursor.piece_of_two()?);
    loop {
        let (number, value) = (extensions.two()?, extensions.piece_of_two()?);
        if number == wanted {
            return Some(value);
        }
    }
}

/// Whether a server's first message says TLS 1.3: what follows is encrypted.
fn is_later(body: &[u8]) -> bool {
    let version = || {
        let mut cursor = Cursor(body);
        cursor.take(34)?;
        cursor.piece_of_one()?;
        cursor.take(3)?;
        extension(&mut cursor, 43)?.first_chunk::<2>()
    };
    version().is_some_and(|version| u16::from_be_bytes(*version) >= 0x0304)
}

/// The first certificate is the server's own.
fn certificate(body: &[u8], tell: &mut dyn FnMut(Said<'_>)) -> Option<()> {
    let mut cursor = Cursor(body);
    cursor.three()?;
    let length = cursor.three()?;
    tell(Said::Certificate(cursor.take(length)?));
    Some(())
}
