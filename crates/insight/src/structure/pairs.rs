//! In which chats two people write to each other, and in which more.
//!
//! A source often does not say that a chat is a group, so the voices are counted: the third one makes it a
//! group, from that message on. What a group says to one of its members is not told by these rules.

use std::collections::HashMap;

use index::{ChatNumber, PartyNumber};

use super::{Moment, MomentSort};

/// Chats that are kept; then forgetting begins anew.
const MOST_CHATS: usize = 20_000;

/// The voices of chats, as far as two.
#[derive(Default)]
pub(super) struct Pairs {
    chats: HashMap<ChatNumber, Voices>,
}

/// The voices of a chat.
#[derive(Clone, Copy)]
enum Voices {
    One(PartyNumber),
    Two(PartyNumber, PartyNumber),
    Many,
}

impl Pairs {
    /// Whether a moment stands in a chat of three and more, as far as is known up to it.
    pub(super) fn is_among_many(&mut self, moment: &Moment<'_>) -> bool {
        let Some((chat, sender)) = moment.voice() else { return false };
        if matches!(moment.sort, MomentSort::Block | MomentSort::UnansweredCall) {
            return false;
        }
        if self.chats.len() >= MOST_CHATS && !self.chats.contains_key(&chat) {
            self.chats.clear();
        }
        let voices = self.chats.entry(chat).or_insert(Voices::One(sender));
        *voices = match *voices {
            Voices::One(one) if one != sender => Voices::Two(one, sender),
            Voices::Two(one, other) if one != sender && other != sender => Voices::Many,
            same => same,
        };
        matches!(voices, Voices::Many)
    }
}
