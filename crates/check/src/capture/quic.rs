//! The first packets of QUIC (RFC 9000, version 2: RFC 9369): the name a client asks for, which is encrypted
//! under keys that anybody can work out.
//!
//! Frames that carry the client's first message may come in any order and in several packets; they are put
//! together for a bounded number of connections. Deliberately not read: the packets of servers, drafts.

use std::collections::HashMap;

use seal::foreign::{QuicInitialKeys, QuicVersion};

use super::cursor::Cursor;
use super::internet::Way;
use super::streams::{Assembly, Look};
use super::tls;

/// Most connections of one generation whose first message is not whole yet.
const OPENINGS_MOST: usize = 4096;
/// Most packets of one opening.
const PACKETS_MOST: u32 = 16;
/// Most packets in one datagram that are looked at.
const COALESCED_MOST: usize = 4;
/// Most ranges of acknowledgements in one frame.
const RANGES_MOST: u64 = 256;

/// Openings: those that are not whole yet, and those that were lately.
#[derive(Default)]
pub(super) struct Openings {
    young: HashMap<Way, Opening>,
    old: HashMap<Way, Opening>,
    given_up: u64,
}

struct Opening {
    destination: Vec<u8>,
    assembly: Assembly,
    packets: u32,
    is_done: bool,
}

impl Opening {
    fn new(destination: &[u8]) -> Self {
        let (destination, assembly) = (destination.to_vec(), Assembly::default());
        Self { destination, assembly, packets: 0, is_done: false }
    }
}

/// The head of a first packet.
struct Initial<'b> {
    version: QuicVersion,
    destination: &'b [u8],
    number_at: usize,
    end: usize,
}

/// Whether a datagram begins as a connection's first packets do.
pub(super) fn is_initial(datagram: &[u8]) -> bool {
    datagram.first().is_some_and(|first| first & 0xc0 == 0xc0) && head(datagram).is_some()
}

impl Openings {
    /// How many openings were begun and never became whole.
    pub(super) fn given_up(&self) -> u64 {
        let left = self.young.values().chain(self.old.values()).filter(|opening| !opening.is_done);
        self.given_up.saturating_add(left.count() as u64)
    }

    /// Looks at a datagram with first packets; tells the name.
    pub(super) fn datagram(&mut self, way: Way, datagram: &[u8], tell: &mut dyn FnMut(&str)) {
        let mut rest = datagram;
        for _ in 0..COALESCED_MOST {
            let Some(initial) = head(rest) else { return };
            let Some(packet) = rest.get(..initial.end) else { return };
            if self.packet(way, packet, &initial, tell) == Look::Done {
                return;
            }
            rest = rest.get(initial.end..).unwrap_or_default();
        }
    }

    fn packet(&mut self, way: Way, packet: &[u8], initial: &Initial<'_>, tell: &mut dyn FnMut(&str)) -> Look {
        let known = self.young.remove(&way).or_else(|| self.old.remove(&way));
        let is_again = |known: &Opening| known.is_done && known.destination == initial.destination;
        if known.as_ref().is_some_and(is_again) {
            self.keep(way, known);
            return Look::Done;
        }
        let open = |destination: &[u8]| {
            let keys = QuicInitialKeys::of_client(initial.version, destination).ok()?;
            keys.open(packet, initial.number_at).ok()
        };
        // Once the server has answered, the client calls it by another name; the keys stay.
        let before = known.as_ref().filter(|known| known.destination != initial.destination);
        let (frames, mut opening) = match (open(initial.destination), before) {
            (Some(frames), None) => (frames, known.unwrap_or_else(|| Opening::new(initial.destination))),
            (Some(frames), Some(_)) => (frames, Opening::new(initial.destination)),
            (None, before) => match (before.and_then(|before| open(&before.destination)), known) {
                (Some(frames), Some(known)) if !known.is_done => (frames, known),
                // The packet of a server, of nobody, or one that says nothing new.
                (_, known) => {
                    self.keep(way, known);
                    return Look::More;
                }
            },
        };
        pieces(&frames, &mut |offset, piece| {
            opening.assembly.add(offset, piece);
        });
        let look = tls::handshake(opening.assembly.bytes(), &mut |said| {
            if let tls::Said::Name(name) = said {
                tell(name);
            }
        });
        opening.packets = opening.packets.saturating_add(1);
        if look == Look::Done {
            (opening.is_done, opening.assembly) = (true, Assembly::default());
        } else if opening.packets >= PACKETS_MOST || opening.assembly.is_full() {
            self.given_up = self.given_up.saturating_add(1);
            return look;
        }
        self.keep(way, Some(opening));
        look
    }

    fn keep(&mut self, way: Way, opening: Option<Opening>) {
        let Some(opening) = opening else { return };
        if self.young.len() >= OPENINGS_MOST {
            let forgotten = std::mem::replace(&mut self.old, std::mem::take(&mut self.young));
            let left = forgotten.values().filter(|opening| !opening.is_done).count();
            self.given_up = self.given_up.saturating_add(left as u64);
        }
        self.young.insert(way, opening);
    }
}

/// The head of a first packet; none if it is another one.
fn head(datagram: &[u8]) -> Option<Initial<'_>> {
    let mut cursor = Cursor(datagram);
    let first = cursor.one()?;
    let version = QuicVersion::from_number(cursor.four()?)?;
    let kind = match version {
        QuicVersion::One => 0x00,
        QuicVersion::Two => 0x10,
    };
    if first & 0xf0 != 0xc0 | kind {
        return None;
    }
    let destination = cursor.piece_of_one().filter(|name| name.len() <= 20)?;
    cursor.piece_of_one()?;
    let token = number(&mut cursor)?;
    cursor.take(usize::try_from(token).ok()?)?;
    let length = usize::try_from(number(&mut cursor)?).ok()?;
    let number_at = datagram.len().checked_sub(cursor.0.len())?;
    cursor.take(length)?;
    Some(Initial { version, destination, number_at, end: number_at.checked_add(length)? })
}

/// A number of one, two, four or eight bytes (RFC 9000 section 16).
fn number(cursor: &mut Cursor<'_>) -> Option<u64> {
    let first = cursor.one()?;
    let more = 1_usize.checked_shl(u32::from(first >> 6))?.checked_sub(1)?;
    let rest = cursor.take(more)?;
    Some(rest.iter().fold(u64::from(first & 0x3f), |number, byte| number << 8 | u64::from(*byte)))
}

/// The pieces of the client's message in the frames of a packet.
fn pieces(frames: &[u8], take: &mut dyn FnMut(usize, &[u8])) -> Option<()> {
    let mut cursor = Cursor(frames);
    loop {
        match number(&mut cursor)? {
            // Padding, ping.
            0 | 1 => {}
            kind @ (2 | 3) => {
                number(&mut cursor)?;
                number(&mut cursor)?;
                let ranges = number(&mut cursor).filter(|ranges| *ranges <= RANGES_MOST)?;
                let counts = if kind == 3 { 3 } else { 0 };
                for _ in 0..ranges.checked_mul(2)?.checked_add(1)?.checked_add(counts)? {
                    number(&mut cursor)?;
                }
            }
            6 => {
                let (offset, length) = (number(&mut cursor)?, number(&mut cursor)?);
                let piece = cursor.take(usize::try_from(length).ok()?)?;
                take(usize::try_from(offset).ok()?, piece);
            }
            _ => return None,
        }
    }
}
