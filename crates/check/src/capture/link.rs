//! What lies around the internet packet: the frames of Ethernet, Wi-Fi, Linux, BSD, Apple, and of apps that
//! capture on the phone itself.
//!
//! Link types as tcpdump.org/linktypes.html numbers them (2026-10). Read: no frame (loopback, raw), Ethernet
//! with VLAN and PPPoE, Linux cooked 1 and 2, 802.11 with and without radiotap if it is not encrypted,
//! Apple's pktap with the process, PCAPdroid's trailer with the app. Not read: frames put together of several
//! (A-MSDU), Bluetooth, USB.

use super::cursor::Cursor;

/// What is in a frame.
#[derive(Debug)]
pub(super) enum Inside<'b> {
    /// A packet of IPv4 or IPv6.
    Internet(&'b [u8]),
    /// Anything else.
    Other,
    /// Wi-Fi that is encrypted.
    Encrypted,
    /// A kind of frame that is not read.
    Unknown,
}

/// A frame.
pub(super) struct Frame<'b> {
    /// What is in it.
    pub(super) inside: Inside<'b>,
    /// The app or process it belongs to, if the capture tells.
    pub(super) app: Option<&'b str>,
}

/// Takes a frame apart; none if it ends too early.
pub(super) fn frame(link: u32, bytes: &[u8]) -> Option<Frame<'_>> {
    let mut cursor = Cursor(bytes);
    let mut app = None;
    let inside = match link {
        0 | 108 => {
            // In the order of the machine that captured: the families are small numbers.
            let family = cursor.four()?;
            family_of(family.min(family.swap_bytes()), cursor.0)
        }
        1 => {
            app = trailer(bytes);
            cursor.take(12)?;
            ethernet(cursor)?
        }
        12 | 14 | 101 | 228 | 229 => Inside::Internet(bytes),
        113 => {
            cursor.take(14)?;
            ethernet(cursor)?
        }
        276 => {
            let protocol = cursor.two()?;
            cursor.take(18)?;
            of_type(protocol, cursor)?
        }
        105 => wireless(cursor)?,
        127 => {
            cursor.take(2)?;
            let length = usize::from(cursor.two()?.swap_bytes());
            wireless(Cursor(bytes.get(length..)?))?
        }
        149 | 258 => return pktap(bytes),
        _ => Inside::Unknown,
    };
    Some(Frame { inside, app })
}

/// By the family that BSD writes in front; the numbers of IPv6 differ from system to system.
fn family_of(family: u32, rest: &[u8]) -> Inside<'_> {
    match family {
        2 | 10 | 23 | 24 | 28 | 30 => Inside::Internet(rest),
        _ => Inside::Other,
    }
}

/// From the type of Ethernet on.
fn ethernet(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let kind = cursor.two()?;
    of_type(kind, cursor)
}

fn of_type(kind: u16, mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let mut kind = kind;
    // VLANs, one in another.
    for _ in 0..4 {
        if !matches!(kind, 0x8100 | 0x88a8 | 0x9100) {
            break;
        }
        cursor.take(2)?;
        kind = cursor.two()?;
    }
    if kind == 0x8864 {
        cursor.take(6)?;
        kind = match cursor.two()? {
            0x0021 => 0x0800,
            0x0057 => 0x86dd,
            _ => 0,
        };
    }
    Some(if matches!(kind, 0x0800 | 0x86dd) { Inside::Internet(cursor.0) } else { Inside::Other })
}

/// A frame of Wi-Fi.
fn wireless(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let (kind, flags) = (cursor.one()?, cursor.one()?);
    let (has_control, has_data) = (kind & 0x80 != 0, kind & 0x40 == 0);
    if kind & 0x0c != 0x08 || !has_data {
        return Some(Inside::Other);
    }
    if flags & 0x40 != 0 {
        return Some(Inside::Encrypted);
    }
    let mut head = 22;
    head += if flags & 3 == 3 { 6 } else { 0 };
    head += if has_control { 2 } else { 0 };
    head += if has_control && flags & 0x80 != 0 { 4 } else { 0 };
    cursor.take(head)?;
    Some(match cursor.take(6)? {
        [0xaa, 0xaa, 3, 0, 0, 0] => ethernet(cursor)?,
        _ => Inside::Other,
    })
}

/// Apple's frame around another frame: its length, the kind of the inner one, the process.
fn pktap(bytes: &[u8]) -> Option<Frame<'_>> {
    let number = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    let (length, link) = (usize::try_from(number(0)?).ok()?, number(8)?);
    let before = usize::try_from(number(44)?).ok()?;
    if length < 108 || matches!(link, 149 | 258) {
        return Some(Frame { inside: Inside::Unknown, app: None });
    }
    let inner = bytes.get(length..)?;
    // The process that a service works for, before the service itself.
    let app = name(bytes.get(88..105)?).or_else(|| name(bytes.get(56..73)?));
    // A frame without a head of its own: tunnels and the mobile network.
    let inside = if before == 0 && link == 1 && starts_internet(inner) {
        Inside::Internet(inner)
    } else {
        frame(link, inner)?.inside
    };
    Some(Frame { inside, app })
}

fn starts_internet(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(0x45..=0x4f | 0x60..=0x6f))
}

/// The name that PCAPdroid puts behind a frame: a magic, a number, 20 bytes of name, a check sum.
fn trailer(bytes: &[u8]) -> Option<&str> {
    let trailer = bytes.get(bytes.len().checked_sub(32)?..)?;
    name(trailer.strip_prefix(&[0x01, 0x07, 0x20, 0x21])?.get(4..24)?)
}

/// A name that ends at a zero.
fn name(bytes: &[u8]) -> Option<&str> {
    let name = bytes.split(|byte| *byte == 0).next()?;
    std::str::from_utf8(name).ok().filter(|name| !name.is_empty())
}
