//! Somebody who never wrote before writes soon after a block, and the message carries a hint of its own.

use std::collections::HashSet;

use index::{Cursor, PartyNumber};

use super::{Facts, LooksAt, Moment, MomentSort, Rule, STRUCTURE, StructureHint};

const HOUR_MS: i64 = 3_600_000;
/// Senders that are remembered; then forgetting begins anew, and nothing is told until the next block.
const MOST_SENDERS: usize = 100_000;

/// The rule.
#[derive(Default)]
pub(super) struct NewNumber {
    blocked: Option<(i64, Cursor)>,
    known: HashSet<PartyNumber>,
}

impl Rule for NewNumber {
    fn see(&mut self, moment: &Moment<'_>, at_ms: i64, found: &mut Vec<StructureHint>) {
        if moment.sort == MomentSort::Block {
            self.blocked = Some((at_ms, moment.cursor));
            return;
        }
        let Some(sender) = moment.sender else { return };
        if self.known.len() >= MOST_SENDERS {
            self.known.clear();
            self.blocked = None;
        }
        let is_new = self.known.insert(sender);
        let Some((blocked_ms, block)) = self.blocked.filter(|_| is_new && !moment.codes.is_empty()) else {
            return;
        };
        let span_ms = STRUCTURE.number.hours.saturating_mul(HOUR_MS);
        if at_ms.saturating_sub(blocked_ms) <= span_ms {
            let records = vec![block.number.0, moment.cursor.number.0];
            let facts = Facts { count: 1, from_ms: blocked_ms, until_ms: at_ms, records, other: None };
            let code = "after.harass".to_owned();
            found.push(StructureHint { code, rule: "number", cursor: moment.cursor, facts });
        }
    }

    fn looks_at(&self) -> LooksAt {
        LooksAt::Everybody
    }
}
