//! IPv4 (RFC 791), IPv6 with its further headers (RFC 8200), UDP (RFC 768) and the head of TCP (RFC 9293).
//!
//! Packets inside packets (6in4, 4in6) are followed two deep. Fragments are counted and not put together: the
//! first one is looked at as far as it goes.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::cursor::Cursor;

/// An address with a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct End {
    /// The address.
    pub(super) address: IpAddr,
    /// The port.
    pub(super) port: u16,
}

/// From where to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Way {
    /// From.
    pub(super) from: End,
    /// To.
    pub(super) to: End,
}

/// What a packet carries.
#[derive(Debug)]
pub(super) struct Packet<'b> {
    /// From where to where; ports are 0 where there are none.
    pub(super) way: Way,
    /// What.
    pub(super) carries: Carries<'b>,
    /// Whether it is a part of a packet.
    pub(super) part: Part,
}

/// What a packet carries.
#[derive(Debug)]
pub(super) enum Carries<'b> {
    /// A datagram of UDP.
    Datagram(&'b [u8]),
    /// A segment of TCP.
    Segment {
        /// The number of its first byte.
        sequence: u32,
        /// Whether it opens a connection.
        opens: Opens,
        /// Its bytes.
        bytes: &'b [u8],
    },
    /// Anything else.
    Other,
}

/// Whether a segment opens a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opens {
    /// It asks for one.
    Asks,
    /// It answers.
    Answers,
    /// Neither.
    No,
}

/// Whether a packet is a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// A fragment.
    Fragment,
}

struct Head<'b> {
    from: IpAddr,
    to: IpAddr,
    protocol: u8,
    payload: &'b [u8],
    part: Part,
    /// Whether the payload begins where the packet begins.
    first: bool,
}

/// Takes a packet apart; none if it ends too early.
pub(super) fn packet(bytes: &[u8]) -> Option<Packet<'_>> {
    let mut head = head(bytes)?;
    let mut part = head.part;
    for _ in 0..2 {
        if !matches!(head.protocol, 4 | 41) || !head.first {
            break;
        }
        head = self::head(head.payload)?;
        part = if part == Part::Fragment { part } else { head.part };
    }
    let mut way = Way { from: End { address: head.from, port: 0 }, to: End { address: head.to, port: 0 } };
    let mut carries = Carries::Other;
    if head.first && matches!(head.protocol, 6 | 17) {
        let mut cursor = Cursor(head.payload);
        (way.from.port, way.to.port) = (cursor.two()?, cursor.two()?);
        carries = if head.protocol == 17 { datagram(cursor)? } else { segment(cursor)? };
    }
    Some(Packet { way, carries, part })
}

fn datagram(mut cursor: Cursor<'_>) -> Option<Carries<'_>> {
    let length = usize::from(cursor.two()?).saturating_sub(8);
    cursor.two()?;
    Some(Carries::Datagram(cursor.0.get(..length).unwrap_or(cursor.0)))
}

fn segment(mut cursor: Cursor<'_>) -> Option<Carries<'_>> {
    let sequence = cursor.four()?;
    cursor.four()?;
    let (length, flags) = (cursor.one()?, cursor.one()?);
    let options = usize::from(length >> 4).checked_mul(4)?.checked_sub(20)?;
    cursor.take(6)?;
    cursor.take(options)?;
    let opens = match flags & 0x12 {
        0x02 => Opens::Asks,
        0x12 => Opens::Answers,
        _ => Opens::No,
    };
    Some(Carries::Segment { sequence, opens, bytes: cursor.0 })
}

fn head(bytes: &[u8]) -> Option<Head<'_>> {
    match bytes.first()? >> 4 {
        4 => four(bytes),
        6 => six(bytes),
        _ => None,
    }
}

fn four(bytes: &[u8]) -> Option<Head<'_>> {
    let mut cursor = Cursor(bytes);
    let length = usize::from(cursor.one()? & 0x0f).checked_mul(4).filter(|length| *length >= 20)?;
    cursor.one()?;
    let whole = usize::from(cursor.two()?);
    cursor.two()?;
    let fragment = cursor.two()?;
    cursor.one()?;
    let protocol = cursor.one()?;
    cursor.two()?;
    let (from, to) = (Ipv4Addr::from_bits(cursor.four()?), Ipv4Addr::from_bits(cursor.four()?));
    // Network cards that split packets themselves leave the length at zero.
    let end = if whole == 0 { bytes.len() } else { whole.min(bytes.len()) };
    let payload = bytes.get(length..end)?;
    let (more, offset) = (fragment >> 13 & 1, fragment & 0x1fff);
    let first = offset == 0;
    let part = if more == 0 && first { Part::Whole } else { Part::Fragment };
    Some(Head { from: from.into(), to: to.into(), protocol, payload, part, first })
}

fn six(bytes: &[u8]) -> Option<Head<'_>> {
    let mut cursor = Cursor(bytes);
    cursor.four()?;
    let length = usize::from(cursor.two()?);
    let mut protocol = cursor.one()?;
    cursor.one()?;
    let mut address = || Some(Ipv6Addr::from(*cursor.take(16)?.first_chunk::<16>()?));
    let (from, to) = (address()?, address()?);
    let mut payload = cursor.0;
    if length > 0 {
        payload = payload.get(..length).unwrap_or(payload);
    }
    let (mut part, mut first) = (Part::Whole, true);
    for _ in 0..16 {
        let mut cursor = Cursor(payload);
        match protocol {
            0 | 43 | 60 | 135 | 139 | 140 => {
                protocol = cursor.one()?;
                let rest = usize::from(cursor.one()?).checked_mul(8)?.checked_add(6)?;
                cursor.take(rest)?;
            }
            44 => {
                protocol = cursor.one()?;
                cursor.one()?;
                let offset = cursor.two()?;
                cursor.four()?;
                if offset & 0xfff9 != 0 {
                    part = Part::Fragment;
                }
                first = first && offset & 0xfff8 == 0;
            }
            51 => {
                protocol = cursor.one()?;
                let rest = usize::from(cursor.one()?).checked_mul(4)?.checked_add(6)?;
                cursor.take(rest)?;
            }
            _ => break,
        }
        payload = cursor.0;
        if !first {
            break;
        }
    }
    Some(Head { from: from.into(), to: to.into(), protocol, payload, part, first })
}

/// Whether an address is somewhere outside: not of a local network, not for many.
pub(super) fn is_outside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => {
            let [first, second, ..] = four.octets();
            let is_shared = first == 100 && second & 0xc0 == 64;
            let is_local = four.is_private() || four.is_loopback() || four.is_link_local() || is_shared;
            !(is_local || first == 0 || first >= 224)
        }
        IpAddr::V6(six) => {
            let [first, ..] = six.segments();
            let is_local = six.is_loopback() || six.is_unspecified() || first & 0xfe00 == 0xfc00;
            !(is_local || first & 0xffc0 == 0xfe80 || first >> 8 == 0xff)
        }
    }
}
