//! Passages that may be threats become more, week after week, from the same voice.
//!
//! A week is seven days counted from 1970 by the source's clock, which begins on a Thursday; it is named as
//! dates, never as a week of the calendar.

use std::collections::HashMap;

use index::{ChatNumber, Cursor, PartyNumber};

use super::{Facts, LooksAt, MOST_NAMED, Moment, Rule, STRUCTURE, StructureHint};

const WEEK_MS: i64 = 7 * 86_400_000;
/// Voices that are kept; then forgetting begins anew.
const MOST_VOICES: usize = 20_000;

/// The rule.
#[derive(Default)]
pub(super) struct Escalation {
    voices: HashMap<(ChatNumber, PartyNumber), Weeks>,
}

/// The last weeks of a voice with how often each.
#[derive(Default)]
struct Weeks {
    counts: Vec<(i64, u64)>,
    first: Option<(i64, Cursor)>,
    records: Vec<i64>,
    told_in: Option<i64>,
}

impl Rule for Escalation {
    fn see(&mut self, moment: &Moment<'_>, at_ms: i64, found: &mut Vec<StructureHint>) {
        let rule = &STRUCTURE.escalation;
        let code = moment.codes.iter().find(|code| code.starts_with("threaten."));
        let (Some(voice), Some(code)) = (moment.voice(), code) else { return };
        if self.voices.len() >= MOST_VOICES && !self.voices.contains_key(&voice) {
            self.voices.clear();
        }
        let week = at_ms.div_euclid(WEEK_MS);
        let weeks = self.voices.entry(voice).or_default();
        weeks.add(week, at_ms, moment.cursor, rule.weeks);
        let last = weeks.counts.last().map_or(0, |(_, count)| *count);
        let rising = weeks.counts.len() >= rule.weeks
            && weeks
                .counts
                .is_sorted_by(|(one, few), (next, more)| one.saturating_add(1) == *next && few < more);
        if let Some((from_ms, cursor)) = weeks.first
            && rising
            && last >= rule.last
            && weeks.told_in != Some(week)
        {
            weeks.told_in = Some(week);
            let count = weeks.counts.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
            let facts =
                Facts { count, from_ms, until_ms: at_ms, records: weeks.records.clone(), other: None };
            found.push(StructureHint { code: (*code).to_owned(), rule: "escalation", cursor, facts });
        }
    }

    fn looks_at(&self) -> LooksAt {
        LooksAt::Everybody
    }
}

impl Weeks {
    fn add(&mut self, week: i64, at_ms: i64, cursor: Cursor, kept: usize) {
        match self.counts.last_mut() {
            Some((last, count)) if *last == week => *count = count.saturating_add(1),
            Some((last, _)) if last.saturating_add(1) == week => self.counts.push((week, 1)),
            _ => {
                *self = Self { counts: vec![(week, 1)], told_in: self.told_in, ..Self::default() };
            }
        }
        if self.counts.len() > kept {
            self.counts.remove(0);
        }
        self.first.get_or_insert((at_ms, cursor));
        if self.records.len() < MOST_NAMED {
            self.records.push(cursor.number.0);
        }
    }
}
