//! The whereabouts demanded in many nights, or asked for several times a night, by the clock of the source.
//!
//! One plain question a night does not count: parents and partners of shift workers wait for somebody, too.

use index::{ChatNumber, PartyNumber};

use super::recent::{Recent, facts};
use super::{Moment, Rule, STRUCTURE, StructureHint};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;
/// The night begins at 23 and ends at 5 o'clock.
const BEGINS: i64 = 23;
const ENDS: i64 = 5;
/// Plain questions of one night.
const NIGHT_MS: i64 = 6 * HOUR_MS;

/// The rule.
#[derive(Default)]
pub(super) struct Night {
    /// Questions of this night.
    tonight: Recent<(ChatNumber, PartyNumber)>,
    /// Nights that count, each with its demands.
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
        let at = (at_ms, moment.cursor);
        let asked = self.tonight.add(voice, at, NIGHT_MS).len();
        if asked < rule.times && !moment.demands_whereabouts() {
            return;
        }
        let asked = self.recent.add(voice, at, rule.days.saturating_mul(DAY_MS));
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
