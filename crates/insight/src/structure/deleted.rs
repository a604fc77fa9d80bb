//! Messages that were sent right after a demand or a threat of the same voice and deleted later; and messages
//! deleted after the other one told her to delete.
//!
//! Sources rarely say when something was deleted, so the time of sending counts. What a deleted message said
//! is not known, and this rule does not guess it.

use std::collections::HashMap;

use index::{ChatNumber, PartyNumber};

use super::recent::{Recent, facts};
use super::{Moment, MomentSort, Rule, STRUCTURE, StructureHint};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
/// Chats whose last demand is kept; then forgetting begins anew.
const MOST_CHATS: usize = 20_000;

/// The rule.
#[derive(Default)]
pub(super) struct Deleted {
    /// In each chat who demanded or threatened last, and who told the other to delete.
    pressed: HashMap<ChatNumber, Pressed>,
    recent: Recent<(ChatNumber, PartyNumber)>,
}

#[derive(Clone, Copy, Default)]
struct Pressed {
    demand: Option<(PartyNumber, i64)>,
    delete: Option<(PartyNumber, i64)>,
}

impl Rule for Deleted {
    fn see(&mut self, moment: &Moment<'_>, at_ms: i64, found: &mut Vec<StructureHint>) {
        let rule = &STRUCTURE.deleted;
        let Some((chat, sender)) = moment.voice() else { return };
        if moment.sort != MomentSort::Deleted {
            self.press(moment, (chat, sender), at_ms);
            return;
        }
        let pressed = self.pressed.get(&chat).copied().unwrap_or_default();
        let span_ms = rule.minutes.saturating_mul(MINUTE_MS);
        let soon = |since: i64, span: i64| at_ms.saturating_sub(since) <= span;
        let own = pressed.demand.is_some_and(|(who, since)| who == sender && soon(since, span_ms));
        let told = pressed.delete.is_some_and(|(who, since)| who != sender && soon(since, DAY_MS));
        if !own && !told {
            return;
        }
        let gone = self.recent.add((chat, sender), (at_ms, moment.cursor), rule.days.saturating_mul(DAY_MS));
        if gone.len() >= rule.times
            && let Some((_, cursor)) = gone.front().copied()
        {
            let hint = StructureHint {
                code: "access.deleted".to_owned(),
                rule: "deleted",
                cursor,
                facts: facts(gone),
            };
            found.push(hint);
            gone.clear();
        }
    }
}

impl Deleted {
    fn press(&mut self, moment: &Moment<'_>, (chat, sender): (ChatNumber, PartyNumber), at_ms: i64) {
        let has = |begin: &str| moment.codes.iter().any(|code| code.starts_with(begin));
        let (demand, delete) =
            (has("monitor.") || has("threaten.") || has("image.") || has("exploit."), has("access.deleted"));
        if !demand && !delete {
            return;
        }
        if self.pressed.len() >= MOST_CHATS && !self.pressed.contains_key(&chat) {
            self.pressed.clear();
        }
        let pressed = self.pressed.entry(chat).or_default();
        if demand {
            pressed.demand = Some((sender, at_ms));
        }
        if delete {
            pressed.delete = Some((sender, at_ms));
        }
    }
}

#[cfg(test)]
mod tests {
    use index::{Cursor, RecordNumber};

    use super::super::{Asks, When};
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_no_pattern() {
        let (mut rule, mut found) = (Deleted::default(), Vec::new());
        for (number, sort) in [(1, MomentSort::Words), (2, MomentSort::Deleted)] {
            let moment = Moment {
                cursor: Cursor { order_ms: number, number: RecordNumber(number) },
                at: When::At(number),
                chat: Some(ChatNumber(1)),
                sender: Some(PartyNumber(1)),
                sort,
                asks: Asks::No,
                codes: &["threaten.family"],
            };
            rule.see(&moment, number, &mut found);
        }
        assert_eq!(found, []);
    }
}
