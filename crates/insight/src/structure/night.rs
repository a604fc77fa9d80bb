//! The whereabouts asked for in many nights, by the clock of the source.

use index::{ChatNumber, PartyNumber};

use super::recent::{Recent, facts};
use super::{Moment, Rule, STRUCTURE, StructureHint};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;
/// The night begins at 23 and ends at 5 o'clock.
const BEGINS: i64 = 23;
const ENDS: i64 = 5;

/// The rule.
#[derive(Default)]
pub(super) struct Night {
    recent: Recent<(ChatNumber, PartyNumber)>,
}

impl Rule for Night {
    fn see(&mut self, moment: &Moment<'_>, at_ms: i64, found: &mut Vec<StructureHint>) {
        let rule = &STRUCTURE.night;
        let Some(voice) = moment.voice().filter(|_| moment.wants_whereabouts()) else { return };
        let hour = at_ms.rem_euclid(DAY_MS).div_euclid(HOUR_MS);
        if (ENDS..BEGINS).contains(&hour) {
            return;
        }
        let asked = self.recent.add(voice, (at_ms, moment.cursor), rule.days.saturating_mul(DAY_MS));
        // What is asked after midnight belongs to the night before.
        let night = |at: &i64| at.saturating_sub(ENDS.saturating_mul(HOUR_MS)).div_euclid(DAY_MS);
        let mut nights: Vec<i64> = asked.iter().map(|(at, _)| night(at)).collect();
        nights.dedup();
        if nights.len() >= rule.nights
            && let Some((_, cursor)) = asked.front().copied()
        {
            let (code, facts) = ("monitor.proof".to_owned(), facts(asked));
            found.push(StructureHint { code, rule: "night", cursor, facts });
            asked.clear();
        }
    }
}
