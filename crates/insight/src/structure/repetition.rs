//! The whereabouts asked for or demanded many times a day by the same voice in the same chat.
//!
//! A mother who asks every evening, or friends who look for each other for an hour, stay far below the
//! threshold. Once told, the count begins anew, so that a long day is told once and not at every question.

use index::{ChatNumber, PartyNumber};

use super::recent::{Recent, facts};
use super::{Moment, MomentSort, Rule, STRUCTURE, StructureHint};

const HOUR_MS: i64 = 3_600_000;

/// The rule.
#[derive(Default)]
pub(super) struct Repetition {
    recent: Recent<(ChatNumber, PartyNumber)>,
}

impl Rule for Repetition {
    fn see(&mut self, moment: &Moment<'_>, at_ms: i64, found: &mut Vec<StructureHint>) {
        let rule = &STRUCTURE.repetition;
        let Some(voice) = moment.voice().filter(|_| moment.wants_whereabouts()) else { return };
        if moment.sort == MomentSort::Other {
            return;
        }
        let moments = self.recent.add(voice, (at_ms, moment.cursor), rule.hours.saturating_mul(HOUR_MS));
        if moments.len() >= rule.times
            && let Some((_, cursor)) = moments.front().copied()
        {
            let (code, facts) = ("monitor.location".to_owned(), facts(moments));
            found.push(StructureHint { code, rule: "repetition", cursor, facts });
            moments.clear();
        }
    }
}
