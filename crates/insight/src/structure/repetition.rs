//! The whereabouts asked for or demanded many times a day by the same voice in the same chat, over several
//! hours of the clock, and hardly ever by the other one.
//!
//! A mother who asks every evening stays far below the threshold; friends who look for each other ask within
//! an hour or two; a couple asks both ways. Once told, the count begins anew, so that a long day is told once
//! and not at every question.

use index::{ChatNumber, PartyNumber};

use super::recent::{Recent, facts};
use super::{Moment, MomentSort, Rule, STRUCTURE, StructureHint};

const HOUR_MS: i64 = 3_600_000;

/// The rule.
#[derive(Default)]
pub(super) struct Repetition {
    of_chat: Recent<ChatNumber>,
    recent: Recent<(ChatNumber, PartyNumber)>,
}

impl Rule for Repetition {
    fn see(&mut self, moment: &Moment<'_>, at_ms: i64, found: &mut Vec<StructureHint>) {
        let rule = &STRUCTURE.repetition;
        let Some(voice) = moment.voice().filter(|_| moment.wants_whereabouts()) else { return };
        if !matches!(moment.sort, MomentSort::Words | MomentSort::Shows) {
            return;
        }
        let (at, span_ms) = ((at_ms, moment.cursor), rule.hours.saturating_mul(HOUR_MS));
        let both = self.of_chat.add(voice.0, at, span_ms).len();
        let moments = self.recent.add(voice, at, span_ms);
        let mut hours: Vec<i64> = moments.iter().map(|(at, _)| at.div_euclid(HOUR_MS)).collect();
        hours.dedup();
        // The other one asks at most once for every four questions.
        let back = both.saturating_sub(moments.len()).saturating_mul(4);
        if moments.len() >= rule.times
            && hours.len() >= rule.spread
            && back <= moments.len()
            && let Some((_, cursor)) = moments.front().copied()
        {
            let (code, facts) = ("monitor.location".to_owned(), facts(moments));
            found.push(StructureHint { code, rule: "repetition", cursor, facts });
            moments.clear();
        }
    }
}
