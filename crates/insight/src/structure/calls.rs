//! Many calls of the same caller within an hour that nobody took: on several days, or very many at once.
//!
//! One such hour has ordinary reasons, an emergency or a friend who worries after a silence, so it is told
//! only when it comes again.

use std::collections::HashMap;

use index::{Cursor, PartyNumber};

use super::recent::{Recent, facts};
use super::{Facts, LooksAt, MOST_NAMED, Moment, MomentSort, Rule, STRUCTURE, StructureHint};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
/// Callers with such an hour that are kept; then forgetting begins anew.
const MOST_CALLERS: usize = 20_000;

/// The rule.
#[derive(Default)]
pub(super) struct Calls {
    recent: Recent<PartyNumber>,
    floods: HashMap<PartyNumber, Flood>,
}

/// The first hour of many calls of a caller.
struct Flood {
    cursor: Cursor,
    facts: Facts,
}

impl Rule for Calls {
    fn see(&mut self, moment: &Moment<'_>, at_ms: i64, found: &mut Vec<StructureHint>) {
        let rule = &STRUCTURE.calls;
        let Some(caller) = moment.sender.filter(|_| moment.sort == MomentSort::UnansweredCall) else {
            return;
        };
        let calls = self.recent.add(caller, (at_ms, moment.cursor), rule.minutes.saturating_mul(MINUTE_MS));
        let Some((_, cursor)) = calls.front().copied().filter(|_| calls.len() >= rule.times) else { return };
        let now = facts(calls);
        let code = "after.harass".to_owned();
        if calls.len() >= rule.once {
            calls.clear();
            self.floods.remove(&caller);
            found.push(StructureHint { code, rule: "calls", cursor, facts: now });
            return;
        }
        if self.floods.len() >= MOST_CALLERS && !self.floods.contains_key(&caller) {
            self.floods.clear();
        }
        let span_ms = rule.days.saturating_mul(DAY_MS);
        match self.floods.get(&caller) {
            Some(first) if is_later(&first.facts, &now, span_ms) => {
                let (cursor, facts) = (first.cursor, together(&first.facts, &now));
                calls.clear();
                self.floods.remove(&caller);
                found.push(StructureHint { code, rule: "calls", cursor, facts });
            }
            // The same hour goes on.
            Some(first) if now.until_ms.saturating_sub(first.facts.from_ms) < DAY_MS => {
                if first.facts.from_ms == now.from_ms {
                    self.floods.insert(caller, Flood { cursor, facts: now });
                }
            }
            _ => {
                self.floods.insert(caller, Flood { cursor, facts: now });
            }
        }
    }

    fn looks_at(&self) -> LooksAt {
        LooksAt::Everybody
    }
}

/// Whether an hour of calls lies on a later day than another one, and not too late.
fn is_later(first: &Facts, now: &Facts, span_ms: i64) -> bool {
    let day = |ms: i64| ms.div_euclid(DAY_MS);
    day(now.from_ms) > day(first.until_ms) && now.until_ms.saturating_sub(first.from_ms) <= span_ms
}

fn together(first: &Facts, now: &Facts) -> Facts {
    Facts {
        count: first.count.saturating_add(now.count),
        from_ms: first.from_ms,
        until_ms: now.until_ms,
        records: first.records.iter().chain(&now.records).copied().take(MOST_NAMED).collect(),
        other: None,
    }
}
