//! Many calls of the same caller within an hour that nobody took.

use index::PartyNumber;

use super::recent::{Recent, facts};
use super::{Moment, MomentSort, Rule, STRUCTURE, StructureHint};

const MINUTE_MS: i64 = 60_000;

/// The rule.
#[derive(Default)]
pub(super) struct Calls {
    recent: Recent<PartyNumber>,
}

impl Rule for Calls {
    fn see(&mut self, moment: &Moment<'_>, at_ms: i64, found: &mut Vec<StructureHint>) {
        let rule = &STRUCTURE.calls;
        let Some(caller) = moment.sender.filter(|_| moment.sort == MomentSort::UnansweredCall) else {
            return;
        };
        let calls = self.recent.add(caller, (at_ms, moment.cursor), rule.minutes.saturating_mul(MINUTE_MS));
        if calls.len() >= rule.times
            && let Some((_, cursor)) = calls.front().copied()
        {
            let (code, facts) = ("after.harass".to_owned(), facts(calls));
            found.push(StructureHint { code, rule: "calls", cursor, facts });
            calls.clear();
        }
    }
}
