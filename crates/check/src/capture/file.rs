//! Capture files, packet by packet: pcap and pcapng.
//!
//! pcap follows draft-ietf-opsawg-pcap (2025), with micro- and nanoseconds in both byte orders and the longer
//! records of an old patch (magic 0xa1b2cd34). pcapng follows draft-ietf-opsawg-pcapng (2025): sections,
//! interfaces with their clocks, enhanced, simple and old packets, resolved names; other blocks are passed
//! over, so secrets and statistics stay where they are. A record that contradicts itself ends the reading:
//! what follows cannot be told apart any more.

use std::io;

use super::window::{Passed, Window};

/// Longest packet; the tools that write captures stop at 256 KiB.
const PACKET_BYTES_MOST: usize = 16 << 20;
/// Most interfaces of one section.
const INTERFACES_MOST: usize = 65_536;
/// Longest block that is no packet and yet looked at.
const BLOCK_BYTES_MOST: usize = 1 << 20;
/// Most names of one block.
const NAMES_MOST: usize = 10_000;

/// A packet as it was captured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Captured<'b> {
    /// What its first bytes are: a number of the list of link types (tcpdump.org/linktypes.html).
    pub(super) link: u32,
    /// When.
    pub(super) at: Option<Moment>,
    /// What was kept of it.
    pub(super) bytes: &'b [u8],
    /// Whether that is all of it.
    pub(super) extent: Extent,
    /// Where its bytes lie in the file.
    pub(super) offset_bytes: u64,
}

/// A moment since 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Whole seconds.
    pub(super) seconds: i64,
    /// And so many billionths.
    pub(super) nanoseconds: u32,
}

/// Whether all of a packet was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All.
    Whole,
    /// Its end was cut off when it was captured.
    Cut,
}

/// What comes next in a file.
#[derive(Debug)]
pub(super) enum Next<'b> {
    /// A packet.
    Packet(Captured<'b>),
    /// Names that the capturing program had resolved.
    Names(Vec<String>),
    /// A packet that names an interface which is not described, or claims more than its block holds.
    Odd,
    /// Nothing more.
    End(Ending),
}

/// How a file ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Where it should.
    Whole,
    /// Within a packet.
    Truncated,
    /// A record contradicts itself.
    Damaged,
    /// The bytes could not be had.
    Unreadable,
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn two(self, bytes: [u8; 2]) -> u16 {
        if self == Self::Little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) }
    }

    fn four(self, bytes: [u8; 4]) -> u32 {
        if self == Self::Little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
    }

    fn take_two(self, bytes: &mut &[u8]) -> Option<u16> {
        let (taken, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(self.two(*taken))
    }

    fn take_four(self, bytes: &mut &[u8]) -> Option<u32> {
        let (taken, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(self.four(*taken))
    }
}

/// A capture file that is read.
pub(super) struct CaptureFile {
    window: Window,
    form: Form,
}

enum Form {
    Pcap(Pcap),
    Ng(Section),
}

#[derive(Clone, Copy)]
struct Pcap {
    order: Order,
    link: u32,
    /// How many parts a second has in the times.
    parts: u32,
    /// Bytes that an old patch put behind the head of each record.
    more_head: usize,
}

struct Section {
    order: Order,
    interfaces: Vec<Interface>,
}

#[derive(Clone, Copy)]
struct Interface {
    link: u32,
    kept_bytes: u32,
    /// How many parts a second has in the times.
    parts: u64,
    offset_seconds: i64,
}

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const OLD_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const NAMES: u32 = 4;
const PACKET: u32 = 6;

/// Whether these are the first bytes of a capture.
pub(crate) fn begins_one(head: &[u8]) -> bool {
    head.first_chunk().is_some_and(|magic| pcap_form(*magic).is_some() || *magic == SECTION.to_be_bytes())
}

fn pcap_form(magic: [u8; 4]) -> Option<(Order, u32, usize)> {
    [Order::Little, Order::Big].into_iter().find_map(|order| match order.four(magic) {
        0xa1b2_c3d4 => Some((order, 1_000_000, 0)),
        0xa1b2_3c4d => Some((order, 1_000_000_000, 0)),
        0xa1b2_cd34 => Some((order, 1_000_000, 8)),
        _ => None,
    })
}

impl CaptureFile {
    /// Opens one.
    pub(super) fn open(mut window: Window) -> Result<Self, Ending> {
        let unreadable = |_: io::Error| Ending::Unreadable;
        let magic =
            window.ahead(4).map_err(unreadable)?.first_chunk::<4>().copied().ok_or(Ending::Truncated)?;
        let form = match pcap_form(magic) {
            Some((order, parts, more_head)) => {
                let head = window.fixed::<24>().map_err(unreadable)?.ok_or(Ending::Truncated)?;
                let link = head.last_chunk::<4>().map_or(0, |link| order.four(*link)) & 0x0fff_ffff;
                Form::Pcap(Pcap { order, link, parts, more_head })
            }
            None if magic == SECTION.to_be_bytes() => {
                Form::Ng(Section { order: Order::Little, interfaces: Vec::new() })
            }
            None => return Err(Ending::Damaged),
        };
        Ok(Self { window, form })
    }

    /// How many bytes were read.
    pub(super) fn offset_bytes(&self) -> u64 {
        self.window.offset_bytes()
    }

    /// What comes next.
    pub(super) fn next(&mut self) -> Next<'_> {
        let next = match &mut self.form {
            Form::Pcap(form) => pcap_packet(&mut self.window, *form),
            Form::Ng(section) => block(&mut self.window, section),
        };
        next.unwrap_or(Next::End(Ending::Unreadable))
    }
}

fn pcap_packet(window: &mut Window, form: Pcap) -> io::Result<Next<'_>> {
    let Some(head) = window.fixed::<16>()? else { return ended(window) };
    let mut head = &head[..];
    let mut number = || form.order.take_four(&mut head).unwrap_or(0);
    let (seconds, part, kept, whole) = (number(), number(), number(), number());
    let kept_bytes = usize::try_from(kept).unwrap_or(usize::MAX);
    if kept_bytes > PACKET_BYTES_MOST {
        return Ok(Next::End(Ending::Damaged));
    }
    if window.pass(form.more_head as u64)? == Passed::Ended {
        return Ok(Next::End(Ending::Truncated));
    }
    let billionths = 1_000_000_000_u32.checked_div(form.parts).unwrap_or(1);
    let nanoseconds = part.checked_mul(billionths).filter(|nanoseconds| *nanoseconds < 1_000_000_000);
    let at = nanoseconds.map(|nanoseconds| Moment { seconds: i64::from(seconds), nanoseconds });
    let offset_bytes = window.offset_bytes();
    let extent = if kept < whole { Extent::Cut } else { Extent::Whole };
    Ok(match window.take(kept_bytes)? {
        Some(bytes) => Next::Packet(Captured { link: form.link, at, bytes, extent, offset_bytes }),
        None => Next::End(Ending::Truncated),
    })
}

/// The end, if nothing is left; within a head if something is.
fn ended(window: &mut Window) -> io::Result<Next<'_>> {
    Ok(Next::End(if window.ahead(1)?.is_empty() { Ending::Whole } else { Ending::Truncated }))
}

/// Goes on to the next block that says something.
fn block<'w>(window: &'w mut Window, section: &mut Section) -> io::Result<Next<'w>> {
    loop {
        let Some(head) = window.fixed::<8>()? else { return ended(window) };
        let (Some(kind), Some(length)) = (head.first_chunk::<4>(), head.last_chunk::<4>()) else {
            return Ok(Next::End(Ending::Damaged));
        };
        if *kind == SECTION.to_be_bytes() {
            let Some(order) = order_of(window.ahead(4)?) else { return Ok(Next::End(Ending::Damaged)) };
            *section = Section { order, interfaces: Vec::new() };
        }
        let order = section.order;
        let (kind, length) = (order.four(*kind), order.four(*length));
        // Head and tail are twelve bytes; the tail says the length again.
        let Some(body) = length.checked_sub(12).filter(|_| length % 4 == 0) else {
            return Ok(Next::End(Ending::Damaged));
        };
        let body_bytes = usize::try_from(body).unwrap_or(usize::MAX);
        let most = match kind {
            PACKET | OLD_PACKET | SIMPLE_PACKET => PACKET_BYTES_MOST,
            INTERFACE | NAMES => BLOCK_BYTES_MOST,
            _ => 0,
        };
        if body_bytes > most {
            if most == PACKET_BYTES_MOST {
                return Ok(Next::End(Ending::Damaged));
            }
            if window.pass(u64::from(body).saturating_add(4))? == Passed::Ended {
                return Ok(Next::End(Ending::Truncated));
            }
            continue;
        }
        let offset_bytes = window.offset_bytes();
        if kind == INTERFACE || kind == NAMES || body_bytes == 0 {
            let Some(bytes) = window.take(body_bytes.saturating_add(4))? else {
                return Ok(Next::End(Ending::Truncated));
            };
            let bytes = bytes.get(..body_bytes).unwrap_or_default();
            if kind == NAMES {
                return Ok(Next::Names(names(bytes, order)));
            }
            if kind == INTERFACE && section.interfaces.len() < INTERFACES_MOST {
                section.interfaces.extend(interface(bytes, order));
            }
            continue;
        }
        let Some(bytes) = window.take(body_bytes.saturating_add(4))? else {
            return Ok(Next::End(Ending::Truncated));
        };
        let bytes = bytes.get(..body_bytes).unwrap_or_default();
        let packet = packet(kind, bytes, offset_bytes, section);
        return Ok(packet.map_or(Next::Odd, Next::Packet));
    }
}

fn order_of(magic: &[u8]) -> Option<Order> {
    let magic = *magic.first_chunk::<4>()?;
    [Order::Little, Order::Big].into_iter().find(|order| order.four(magic) == 0x1a2b_3c4d)
}

fn interface(mut bytes: &[u8], order: Order) -> Option<Interface> {
    let link = u32::from(order.take_two(&mut bytes)?);
    order.take_two(&mut bytes)?;
    let kept_bytes = order.take_four(&mut bytes)?;
    let mut interface = Interface { link, kept_bytes, parts: 1_000_000, offset_seconds: 0 };
    while let Some((name, value)) = option(&mut bytes, order) {
        match (name, value) {
            (0, _) => break,
            (9, [power]) => interface.parts = parts(*power).unwrap_or(interface.parts),
            (14, value) => {
                let seconds = value.first_chunk::<8>().map(|value| match order {
                    Order::Little => i64::from_le_bytes(*value),
                    Order::Big => i64::from_be_bytes(*value),
                });
                interface.offset_seconds = seconds.unwrap_or(0);
            }
            _ => {}
        }
    }
    Some(interface)
}

fn option<'b>(bytes: &mut &'b [u8], order: Order) -> Option<(u16, &'b [u8])> {
    let (name, length) = (order.take_two(bytes)?, usize::from(order.take_two(bytes)?));
    let value = bytes.get(..length)?;
    *bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
    Some((name, value))
}

/// How many parts a second has: a power of 10, or of 2 if the highest bit is set.
fn parts(power: u8) -> Option<u64> {
    let exponent = u32::from(power & 0x7f);
    if power & 0x80 == 0 { 10_u64.checked_pow(exponent) } else { 1_u64.checked_shl(exponent) }
}

fn packet<'b>(kind: u32, mut bytes: &'b [u8], offset_bytes: u64, section: &Section) -> Option<Captured<'b>> {
    let (order, before) = (section.order, bytes.len());
    let number = match kind {
        PACKET => order.take_four(&mut bytes)?,
        OLD_PACKET => {
            let number = u32::from(order.take_two(&mut bytes)?);
            order.take_two(&mut bytes)?;
            number
        }
        _ => 0,
    };
    let interface = section.interfaces.get(usize::try_from(number).ok()?)?;
    let (at, kept, whole) = if kind == SIMPLE_PACKET {
        let whole = order.take_four(&mut bytes)?;
        let most = if interface.kept_bytes == 0 { u32::MAX } else { interface.kept_bytes };
        let there = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        (None, whole.min(most).min(there), whole)
    } else {
        let (high, low) = (order.take_four(&mut bytes)?, order.take_four(&mut bytes)?);
        let at = interface.moment(u64::from(high) << 32 | u64::from(low));
        (at, order.take_four(&mut bytes)?, order.take_four(&mut bytes)?)
    };
    let head = before.saturating_sub(bytes.len()) as u64;
    let extent = if kept < whole { Extent::Cut } else { Extent::Whole };
    let bytes = bytes.get(..usize::try_from(kept).ok()?)?;
    let offset_bytes = offset_bytes.saturating_add(head);
    Some(Captured { link: interface.link, at, bytes, extent, offset_bytes })
}

impl Interface {
    fn moment(&self, count: u64) -> Option<Moment> {
        let (whole, part) = (count.checked_div(self.parts)?, count.checked_rem(self.parts)?);
        let billionths = u128::from(part).checked_mul(1_000_000_000)?.checked_div(u128::from(self.parts))?;
        let seconds = i64::try_from(whole).ok()?.checked_add(self.offset_seconds)?;
        Some(Moment { seconds, nanoseconds: u32::try_from(billionths).ok()? })
    }
}

/// The names in a block of resolved names.
fn names(mut bytes: &[u8], order: Order) -> Vec<String> {
    let mut names = Vec::new();
    while let Some((kind, value)) = option(&mut bytes, order) {
        let address = match kind {
            1 => 4,
            2 => 16,
            0 => break,
            _ => continue,
        };
        let texts = value.get(address..).unwrap_or_default().split(|byte| *byte == 0);
        let left = NAMES_MOST.saturating_sub(names.len());
        let texts = texts.filter(|text| !text.is_empty()).take(left);
        names.extend(texts.filter_map(|text| Some(std::str::from_utf8(text).ok()?.to_owned())));
    }
    names
}
