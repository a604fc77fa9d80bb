//! A picture, video or place by the other one right after the whereabouts were asked for, on several
//! days, and hardly ever the other way round: people who send each other what they see do it both ways.

use std::collections::HashMap;

use index::{ChatNumber, Cursor, PartyNumber};

use super::recent::{Recent, facts};
use super::{Moment, MomentSort, Rule, STRUCTURE, StructureHint};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
/// Chats whose last question is kept; then forgetting begins anew.
const MOST_CHATS: usize = 20_000;

/// The rule.
#[derive(Default)]
pub(super) struct Proof {
    /// In each chat who asked last, when, in which record.
    asked: HashMap<ChatNumber, (PartyNumber, i64, Cursor)>,
    of_chat: Recent<ChatNumber>,
    recent: Recent<(ChatNumber, PartyNumber)>,
}

impl Rule for Proof {
    fn see(&mut self, moment: &Moment<'_>, at_ms: i64, found: &mut Vec<StructureHint>) {
        let rule = &STRUCTURE.proof;
        let Some((chat, sender)) = moment.voice() else { return };
        if moment.wants_whereabouts() {
            if self.asked.len() >= MOST_CHATS && !self.asked.contains_key(&chat) {
                self.asked.clear();
            }
            self.asked.insert(chat, (sender, at_ms, moment.cursor));
            return;
        }
        let Some((asker, asked_ms, cursor)) = self.asked.get(&chat).copied() else { return };
        let within = at_ms.saturating_sub(asked_ms) <= rule.minutes.saturating_mul(MINUTE_MS);
        if moment.sort != MomentSort::Shows || asker == sender || !within {
            return;
        }
        self.asked.remove(&chat);
        let span_ms = rule.days.saturating_mul(DAY_MS);
        let both = self.of_chat.add(chat, (at_ms, cursor), span_ms).len();
        let shown = self.recent.add((chat, asker), (at_ms, cursor), span_ms);
        let mut days: Vec<i64> = shown.iter().map(|(at, _)| at.div_euclid(DAY_MS)).collect();
        days.dedup();
        if shown.len() >= rule.times
            && days.len() >= rule.spread
            && both.saturating_sub(shown.len()).saturating_mul(4) <= shown.len()
            && let Some((_, cursor)) = shown.front().copied()
        {
            let (code, facts) = ("monitor.proof".to_owned(), facts(shown));
            found.push(StructureHint { code, rule: "proof", cursor, facts });
            shown.clear();
        }
    }
}
