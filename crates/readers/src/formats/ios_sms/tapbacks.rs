//! Reactions ("tapbacks"): rows of their own that name the message they react to.
//!
//! `associated_message_type` 2000 to 2007 sets a reaction, 3000 to 3007 takes it away.

use model::record::{Reaction, TimeReading};
use sqlite::Row;

use super::lists::Lists;
use super::message::Columns;
use crate::tables::{apple, text};

/// A reaction by its number in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tapback(i64);

/// Most reactions to one message that are told one by one.
const REACTIONS_MOST: usize = 2000;

/// Whether a reaction is set or taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Set.
    Set,
    /// Taken away.
    Removed,
}

impl Tapback {
    /// Whether this number of `associated_message_type` is a reaction.
    pub(super) fn is_one(number: i64) -> bool {
        (2000..=2007).contains(&number) || (3000..=3007).contains(&number)
    }

    /// The reaction of a row, if it is one.
    pub(super) fn of(number: i64) -> Option<Self> {
        Self::is_one(number).then_some(Self(number))
    }

    /// Set or taken away.
    pub(super) fn deed(self) -> Deed {
        if self.0 < 3000 { Deed::Set } else { Deed::Removed }
    }

    /// The sign; `emoji` is the one that the sender chose freely.
    pub(super) fn sign(self, emoji: Option<String>) -> String {
        let sign = match self.0 % 1000 {
            0 => "❤️",
            1 => "👍",
            2 => "👎",
            3 => "😂",
            4 => "‼️",
            5 => "❓",
            6 => return emoji.unwrap_or_else(|| self.0.to_string()),
            7 => "sticker",
            _ => return self.0.to_string(),
        };
        sign.to_owned()
    }
}

/// The reactions to a message that stand, and what else is to be said: those taken away, in words.
pub(super) fn to(
    lists: &Lists<'_>,
    columns: &Columns,
    message: i64,
) -> (Vec<Reaction>, Vec<(String, String)>) {
    let (mut reactions, mut removed) = (Vec::new(), Vec::new());
    let Some(table) = lists.database.table("message") else { return (reactions, removed) };
    for number in lists.reactions_to(message).take(REACTIONS_MOST) {
        let Ok(Some(row)) = lists.database.row(table, number) else { continue };
        let Some((tapback, reaction)) = reaction(lists, columns, &row.row()) else { continue };
        if tapback.deed() == Deed::Set {
            reactions.push(reaction);
            continue;
        }
        let same = |set: &Reaction| set.by == reaction.by && set.sign == reaction.sign;
        // What was taken away no longer stands, but when it was set is kept.
        let set = reactions.iter().rposition(same).map(|at| reactions.remove(at)).and_then(|set| set.at);
        let raw = |at: Option<TimeReading>| at.map(|at| at.raw).unwrap_or_default();
        let by = reaction.by.and_then(|by| by.id).unwrap_or_default();
        let words = format!("{} {by}; set {}; removed {}", reaction.sign, raw(set), raw(reaction.at));
        removed.push(("tapback removed".to_owned(), words));
    }
    let further = lists.reactions_to(message).skip(REACTIONS_MOST).count();
    if further > 0 {
        removed.push(("further reactions".to_owned(), further.to_string()));
    }
    (reactions, removed)
}

fn reaction(lists: &Lists<'_>, columns: &Columns, row: &Row<'_>) -> Option<(Tapback, Reaction)> {
    let tapback = Tapback::of(row.integer(columns.associated_message_type)?)?;
    let sign = tapback.sign(text(row, columns.associated_message_emoji));
    let by = columns.sender(lists, row);
    Some((tapback, Reaction { by, sign, at: apple(row.get(columns.date)), count: 1 }))
}
