//! Which records a person wants to see, in her words; looked up in the index before anything is shown.
//!
//! Words are taken as the sources and the decisions have them: a chat by its name, its identifier or its
//! number; somebody by a key, a number in any spelling, or a name. Whoever was confirmed to be the same is
//! taken in. What fits nothing is an error that says so, never an empty answer.

use std::collections::BTreeSet;

use index::{
    Attachments, ChatNumber, Doubles, Filter, IdentifierNumber, Index, IndexError, Insights, Located,
    NearPoint, PartyNumber, SeenChat, SeenIdentifier, SeenParty, TimeRange,
};
use model::record::Point;
use model::{Date, EntryNumber};
use text::{Sameness, normalise, phone_key, same_number};

use crate::DeskError;
use crate::understanding::decisions::Decisions;

const DAY_MS: i64 = 86_400_000;
/// Chats or people looked through at once.
const PAGE: usize = 10_000;

/// Which records are wanted: those for which all of it holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordsWanted {
    /// From, to or about somebody: a party key, a number in any spelling, or a name.
    pub person: Option<String>,
    /// Only of this capsule.
    pub capsule: Option<EntryNumber>,
    /// Only of this kind: one of [`index::KINDS`].
    pub kind: Option<String>,
    /// Only of this service: `whatsapp`, `sms` …
    pub app: Option<String>,
    /// Only from this reader.
    pub reader: Option<String>,
    /// Only in this chat: its name, its identifier or its number.
    pub chat: Option<String>,
    /// Only from this day on.
    pub from: Option<Date>,
    /// Only up to this day, the day included.
    pub to: Option<Date>,
    /// Only with or without attachments.
    pub attachments: Attachments,
    /// Only those with a point on the earth.
    pub located: Option<Located>,
    /// Only those with this tag.
    pub tag: Option<String>,
    /// Only those with a hint of this code, or of one that begins with it up to a dot.
    pub hint: Option<String>,
    /// Only those in which this number, address or account occurs, as it is spelt where it was found.
    pub identifier: Option<String>,
    /// The same message from two sources: once, or as often as it is there.
    pub doubles: Doubles,
}

/// A circle as it is typed: degrees north, degrees east, metres, commas between.
pub fn near(text: &str) -> Result<Located, &'static str> {
    let wrong = "degrees north, degrees east and metres, commas between: 52.52,13.405,500";
    let numbers: Vec<f64> = text.split(',').map_while(|number| number.trim().parse().ok()).collect();
    let [north, east, metres] = numbers.as_slice() else { return Err(wrong) };
    let point = Point::new(*north, *east).filter(|_| metres.is_finite() && *metres > 0.0).ok_or(wrong)?;
    Ok(Located::Within(NearPoint { point, metres: *metres }))
}

/// Somebody whose records are shown.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct WantedParty {
    /// Their key.
    pub key: String,
    /// The service.
    pub app: String,
    /// The capsule.
    pub capsule: EntryNumber,
    /// The identifier in the source. May hold any character: show it escaped.
    pub id: Option<String>,
    /// The name in the source. May hold any character: show it escaped.
    pub name: Option<String>,
    /// Whether it was taken in because a person confirmed that it is the same.
    pub confirmed: bool,
}

/// What was wanted, as the index can be asked for it.
pub(crate) struct Resolved {
    /// The filter.
    pub(crate) filter: Filter,
    /// Whose records are shown, if somebody was named.
    pub(crate) parties: Vec<WantedParty>,
}

impl RecordsWanted {
    /// Looks the words up. `insights` is there if a hint or an identifier is wanted.
    pub(crate) fn resolve(
        &self,
        index: &Index,
        insights: Option<&Insights>,
        decisions: &Decisions,
    ) -> Result<Resolved, DeskError> {
        let parties = self.person.as_deref().map(|person| parties(index, decisions, person));
        let parties = parties.transpose()?.unwrap_or_default();
        let identifier = self.identifier.as_deref().zip(insights);
        let filter = Filter {
            capsule: self.capsule,
            reader: self.reader.clone(),
            kind: self.kind.clone(),
            app: self.app.clone(),
            chat: self.chat.as_deref().map(|chat| chat_number(index, chat)).transpose()?,
            parties: parties.iter().map(|(number, _)| *number).collect(),
            time: self.time(),
            attachments: self.attachments,
            hint: self.hint.clone(),
            identifier: identifier.map(|(typed, insights)| identifier_number(insights, typed)).transpose()?,
            located: self.located,
            records: self.tag.as_deref().map(|tag| decisions.tagged(tag)),
            doubles: self.doubles,
            ..Filter::default()
        };
        Ok(Resolved { filter, parties: parties.into_iter().map(|(_, party)| party).collect() })
    }

    /// Whether the file of hints and identifiers is needed.
    pub(crate) fn needs_insights(&self) -> bool {
        self.hint.is_some() || self.identifier.is_some()
    }

    fn time(&self) -> Option<TimeRange> {
        (self.from.is_some() || self.to.is_some()).then(|| TimeRange {
            from_ms: self.from.map_or(i64::MIN, |day| day.days.saturating_mul(DAY_MS)),
            until_ms: self.to.map_or(i64::MAX, |day| day.days.saturating_add(1).saturating_mul(DAY_MS)),
        })
    }
}

/// The chat of that number, identifier or name.
fn chat_number(index: &Index, wanted: &str) -> Result<ChatNumber, DeskError> {
    let name = normalise(wanted);
    let mut found: Vec<SeenChat> = Vec::new();
    each(|after, most| index.chats(after, most), |chat| chat.number, &mut |chat: SeenChat| {
        let is_named = chat.name.as_deref().is_some_and(|own| normalise(own) == name);
        if is_named || chat.source_id == wanted || chat.number.0.to_string() == wanted {
            found.push(chat);
        }
    })?;
    match found.as_slice() {
        [] => Err(DeskError::Unknown(wanted.to_owned())),
        [chat] => Ok(chat.number),
        chats => Err(DeskError::SeveralChats(chats.iter().map(|chat| chat.number.0).collect())),
    }
}

/// The identifier of that key, of whatever kind; a telephone number in any spelling.
fn identifier_number(insights: &Insights, wanted: &str) -> Result<IdentifierNumber, DeskError> {
    let (plain, number) = (normalise(wanted), phone_key(wanted));
    let mut found = None;
    each(
        |after, most| insights.identifiers(None, after, most),
        |seen| seen.number,
        &mut |seen: SeenIdentifier| {
            let is_number = || number.as_ref().is_some_and(|number| means(number, &seen.key));
            if found.is_none() && (seen.key == wanted || normalise(&seen.shown) == plain || is_number()) {
                found = Some(seen.number);
            }
        },
    )?;
    found.ok_or_else(|| DeskError::Unknown(wanted.to_owned()))
}

fn means(number: &text::PhoneKey, there: &str) -> bool {
    phone_key(there).is_some_and(|there| same_number(&there, number, None) != Sameness::Different)
}

/// Those meant by a key, number or name, and whoever a person confirmed to be the same.
fn parties(
    index: &Index,
    decisions: &Decisions,
    wanted: &str,
) -> Result<Vec<(PartyNumber, WantedParty)>, DeskError> {
    let (name, number) = (normalise(wanted), phone_key(wanted));
    let mut found: Vec<(PartyNumber, WantedParty)> = Vec::new();
    each(|after, most| index.parties(after, most), |party| party.number, &mut |party: SeenParty| {
        let key = party.key.to_string();
        let is_named = party.name.as_deref().is_some_and(|own| normalise(own) == name);
        let is_numbered = number.as_ref().is_some_and(|number| {
            party.source_id.as_deref().or(party.name.as_deref()).is_some_and(|id| means(number, id))
        });
        if is_named || is_numbered || key == wanted || party.source_id.as_deref() == Some(wanted) {
            found.push((party.number, wanted_party(party, false)));
        }
    })?;
    if found.is_empty() {
        return Err(DeskError::Unknown(wanted.to_owned()));
    }
    let named: BTreeSet<String> = found.iter().map(|(_, party)| party.key.clone()).collect();
    let mut all = named.clone();
    decisions.add_confirmed(&mut all);
    for key in all.difference(&named) {
        let party = key.parse().ok().map(|key| index.party(key)).transpose()?.flatten();
        found.extend(party.map(|party| (party.number, wanted_party(party, true))));
    }
    Ok(found)
}

fn wanted_party(party: SeenParty, confirmed: bool) -> WantedParty {
    let SeenParty { key, app, capsule, source_id, name, .. } = party;
    WantedParty { key: key.to_string(), app, capsule, id: source_id, name, confirmed }
}

/// Everything of a list that is given page by page.
fn each<T, N: Copy>(
    read: impl Fn(Option<N>, usize) -> Result<Vec<T>, IndexError>,
    number: impl Fn(&T) -> N,
    take: &mut dyn FnMut(T),
) -> Result<(), DeskError> {
    let mut after = None;
    loop {
        let page = read(after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(number(last));
        page.into_iter().for_each(&mut *take);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_three_numbers() {
        assert!(matches!(near("52.52, 13.405, 500"), Ok(Located::Within(circle)) if circle.metres > 499.0));
        for bad in ["", "1,2", "1,2,3,4", "91,0,5", "1,2,0", "1,2,-3", "a,b,c", "1,2,NaN", "1,2,inf"] {
            assert!(near(bad).is_err(), "{bad}");
        }
    }
}
