//! The same message from two sources: found when an index is finished, shown once, never removed.
//!
//! A client often brings one conversation twice: the database of a phone and an exported text, two backups,
//! two exports. What is compared is the text in its shadow form and whether something is attached. First
//! pairs of chats are aligned by texts that stand once in each ([`align`]), because a text export shows wall
//! clocks whose zone nobody tells; then their messages are paired one to one, in the order of time, within
//! what their times leave open ([`pair`]). Two equal messages of one source always stay two.
//!
//! Deliberately not compared: names of people (one source has numbers, the other names), system messages,
//! messages without text and attachment, times known to the day only. What cannot be decided stays apart.

mod align;
mod pair;

use model::record::{Direction, Message, Precision, TimeReading, Zone};
use rusqlite::{Connection, Row, params};
use text::normalise_into;

use crate::error::IndexError;
use crate::key::SignKey;

/// Fewest bytes of a text that may say which chats belong together.
const FEWEST_TELLING_BYTES: usize = 8;
/// Most records with one and the same text that are paired; beyond, they stay apart.
const MOST_OF_ONE_TEXT: usize = 200_000;
/// What times of the same message may differ by beyond their precision: sources round differently.
const SLACK_MS: i64 = 2_000;
const QUARTER_HOUR_MS: i64 = 900_000;

/// What of a message is compared.
pub(crate) struct Sign {
    /// A number made from text and attachments that only this case's key makes so.
    pub(crate) text: i64,
    /// Precision, zone and direction.
    pub(crate) clock: i64,
}

/// A chat as one file has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Source {
    chat: i64,
    file: i64,
}

/// A record that may have twins.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    number: i64,
    source: Source,
    app: i64,
    first_ms: i64,
    second_ms: Option<i64>,
    clock: Clock,
}

/// What is known about the time of a record, and which way it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Clock(i64);

const COARSE: i64 = 0b11;
const NO_ZONE: i64 = 1 << 2;
const INCOMING: i64 = 1 << 3;
const OUTGOING: i64 = 1 << 4;
const TELLING: i64 = 1 << 5;

/// Makes signs; the memory is used again.
#[derive(Default)]
pub(crate) struct Signs {
    shadow: String,
}

impl Signs {
    /// What is compared of a message; nothing if it is never a twin.
    pub(crate) fn of(&mut self, key: &SignKey, message: &Message) -> Option<Sign> {
        let time = message.sent.as_ref().filter(|time| time.first_ms.is_some())?;
        let clock = Clock::of(time, message.direction)?;
        self.shadow.clear();
        if let Some(text) = message.text.as_deref().filter(|text| !text.trim().is_empty()) {
            normalise_into(text, &mut self.shadow);
        } else {
            let captions = message.attachments.iter().filter_map(|one| one.caption.as_deref());
            normalise_into(&captions.collect::<Vec<_>>().join("\n"), &mut self.shadow);
        }
        let text = self.shadow.trim();
        if text.is_empty() && message.attachments.is_empty() {
            return None;
        }
        let attached: &[u8] = if message.attachments.is_empty() { b"0" } else { b"1" };
        let telling = if text.len() >= FEWEST_TELLING_BYTES { TELLING } else { 0 };
        Some(Sign { text: key.sign(&[attached, text.as_bytes()]), clock: clock.0 | telling })
    }
}

impl Clock {
    fn of(time: &TimeReading, direction: Direction) -> Option<Self> {
        let coarse = match time.precision {
            Precision::Millisecond => 0,
            Precision::Second => 1,
            Precision::Minute => 2,
            Precision::Day => return None,
        };
        let zone = if time.zone == Zone::Unknown { NO_ZONE } else { 0 };
        let direction = match direction {
            Direction::Unknown => 0,
            Direction::Incoming => INCOMING,
            Direction::Outgoing => OUTGOING,
            Direction::System => return None,
        };
        Some(Self(coarse | zone | direction))
    }

    /// How long the moment is that the time leaves open.
    fn unit_ms(self) -> i64 {
        match self.0 & COARSE {
            0 => 1,
            1 => 1_000,
            _ => 60_000,
        }
    }

    fn has_zone(self) -> bool {
        self.0 & NO_ZONE == 0
    }

    fn contradicts(self, other: Self) -> bool {
        let both = (self.0 | other.0) & (INCOMING | OUTGOING);
        both == INCOMING | OUTGOING
    }
}

impl Candidate {
    /// In the order of the text, then of the source.
    const SELECT: &'static str = "SELECT sign, id, chat, file, app, order_ms, second_ms, clock FROM record
        INDEXED BY record_by_sign WHERE sign IS NOT NULL
        ORDER BY sign, chat, file, order_ms, second_ms, clock, app, id";

    fn from_row(row: &Row<'_>) -> rusqlite::Result<(i64, Self)> {
        let source = Source { chat: row.get(2)?, file: row.get(3)? };
        let candidate = Self {
            number: row.get(1)?,
            source,
            app: row.get(4)?,
            first_ms: row.get(5)?,
            second_ms: row.get(6)?,
            clock: Clock(row.get(7)?),
        };
        Ok((row.get(0)?, candidate))
    }

    fn readings(&self) -> impl Iterator<Item = i64> {
        [Some(self.first_ms), self.second_ms].into_iter().flatten()
    }
}

/// Whether two moments can be one; `later_ms` is what the clock of the other shows more.
fn meet(one: (i64, Clock), other: (i64, Clock), later_ms: i64) -> bool {
    let (start, end) = (one.0, one.0.saturating_add(one.1.unit_ms()));
    let other_start = other.0.saturating_sub(later_ms);
    let other_end = other_start.saturating_add(other.1.unit_ms());
    start.saturating_sub(SLACK_MS) < other_end && other_start.saturating_sub(SLACK_MS) < end
}

/// Goes over the candidates text by text; `most` of one text are kept, and none of it if there are more.
fn each_text(
    db: &Connection,
    most: usize,
    take: &mut dyn FnMut(&[Candidate]) -> Result<(), IndexError>,
) -> Result<(), IndexError> {
    let mut select = db.prepare(Candidate::SELECT)?;
    let mut rows = select.query([])?;
    let (mut text, mut same, mut too_many) = (0, Vec::new(), false);
    while let Some(row) = rows.next()? {
        let (sign, candidate) = Candidate::from_row(row)?;
        if sign != text {
            if !too_many {
                take(&same)?;
            }
            same.clear();
            (text, too_many) = (sign, false);
        }
        too_many = too_many || same.len() >= most;
        if !too_many {
            same.push(candidate);
        }
    }
    if too_many { Ok(()) } else { take(&same) }
}

/// Finds all twins anew.
pub(crate) fn find(db: &Connection) -> Result<(), IndexError> {
    db.execute_batch("DELETE FROM twin")?;
    let select = "SELECT count(*) FROM signed_file";
    let sources: i64 = db.query_row(select, [], |row| row.get(0))?;
    if sources < 2 {
        return Ok(());
    }
    db.execute_batch(
        "CREATE INDEX IF NOT EXISTS record_by_sign ON
         record(sign, chat, file, order_ms, second_ms, clock, app) WHERE sign IS NOT NULL",
    )?;
    let aligned = align::aligned(db)?;
    if aligned.is_empty() {
        return Ok(());
    }
    let mut insert = db.prepare("INSERT INTO twin(record, first, place) VALUES (?, ?, ?)")?;
    each_text(db, MOST_OF_ONE_TEXT, &mut |same| {
        for group in pair::groups(same, &aligned) {
            let first = group.first().copied().unwrap_or_default();
            for (place, record) in (0_i64..).zip(&group) {
                insert.execute(params![record, first, place])?;
            }
        }
        Ok(())
    })
}
