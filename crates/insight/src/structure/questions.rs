//! Who asks whom: one of two asks for the whereabouts day after day, several times, and is hardly ever asked.
//!
//! Counts of both sides, no share is put on anybody. A mother who asks once an evening stays below the
//! threshold of questions a day; so does everybody who is asked back. Told once for each voice.

use std::collections::HashMap;

use index::{ChatNumber, Cursor, PartyNumber};

use super::{Facts, MOST_NAMED, Moment, MomentSort, Rule, STRUCTURE, StructureHint};

const DAY_MS: i64 = 86_400_000;
/// Chats that are kept; then forgetting begins anew.
const MOST_CHATS: usize = 20_000;

/// The rule.
#[derive(Default)]
pub(super) struct Questions {
    chats: HashMap<ChatNumber, Vec<Side>>,
}

/// What one of the two wrote so far.
struct Side {
    who: PartyNumber,
    messages: u64,
    asked: u64,
    days: u64,
    last_day: i64,
    first: Option<(i64, Cursor)>,
    records: Vec<i64>,
    told: bool,
}

impl Rule for Questions {
    fn see(&mut self, moment: &Moment<'_>, at_ms: i64, found: &mut Vec<StructureHint>) {
        let Some((chat, who)) = moment.voice() else { return };
        if !matches!(moment.sort, MomentSort::Words | MomentSort::Shows) {
            return;
        }
        if self.chats.len() >= MOST_CHATS && !self.chats.contains_key(&chat) {
            self.chats.clear();
        }
        let sides = self.chats.entry(chat).or_default();
        let Some(place) = place_of(sides, who) else { return };
        let Some(side) = sides.get_mut(place) else { return };
        side.messages = side.messages.saturating_add(1);
        if !moment.wants_whereabouts() {
            return;
        }
        side.add(at_ms, moment.cursor);
        let rule = &STRUCTURE.questions;
        let times = u64::try_from(rule.times).unwrap_or(u64::MAX);
        let days = u64::try_from(rule.days).unwrap_or(u64::MAX);
        let often =
            side.asked >= times && side.days >= days && side.asked >= rule.last.saturating_mul(side.days);
        let (asked, told) = (side.asked, side.told);
        let (back, answers) =
            sides.iter().find(|other| other.who != who).map_or((0, 0), |other| (other.asked, other.messages));
        if !often || told || back.saturating_mul(10) > asked || answers < times {
            return;
        }
        let Some(side) = sides.get_mut(place) else { return };
        side.told = true;
        if let Some((from_ms, cursor)) = side.first {
            let records = std::mem::take(&mut side.records);
            let facts = Facts { count: asked, from_ms, until_ms: at_ms, records, other: Some(back) };
            found.push(StructureHint {
                code: "monitor.location".to_owned(),
                rule: "questions",
                cursor,
                facts,
            });
        }
    }
}

/// Where the side of somebody is; nothing for a third one.
fn place_of(sides: &mut Vec<Side>, who: PartyNumber) -> Option<usize> {
    let known = sides.iter().position(|side| side.who == who);
    if known.is_some() || sides.len() >= 2 {
        return known;
    }
    sides.push(Side {
        who,
        messages: 0,
        asked: 0,
        days: 0,
        last_day: i64::MIN,
        first: None,
        records: Vec::new(),
        told: false,
    });
    Some(sides.len().saturating_sub(1))
}

impl Side {
    fn add(&mut self, at_ms: i64, cursor: Cursor) {
        let day = at_ms.div_euclid(DAY_MS);
        if day > self.last_day {
            self.last_day = day;
            self.days = self.days.saturating_add(1);
        }
        self.asked = self.asked.saturating_add(1);
        self.first.get_or_insert((at_ms, cursor));
        if self.records.len() < MOST_NAMED && !self.told {
            self.records.push(cursor.number.0);
        }
    }
}
