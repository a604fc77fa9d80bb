//! Which records a person wants to see, in her words; looked up in the index before anything is shown.
//!
//! Words are taken as the sources and the decisions have them: a chat by its name, its identifier or its
//! number; somebody by a key, a number in any spelling, or a name. Whoever was confirmed to be the same is
//! taken in. What fits nothing is an error that says so, never an empty answer.

use std::collections::BTreeSet;

use index::{
    Attachments, ChatNumber, Doubles, Filter, IdentifierNumber, Index, Insights, Located, NearPoint,
    PartyNumber, SeenChat, SeenParty, TimeRange,
};
use insight::find::{self, Context};
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
    /// Only those that name a place.
    pub place: Place,
    /// Only those with this tag.
    pub tag: Option<String>,
    /// Only those with a hint of this code, or of one that begins with it up to a dot.
    pub hint: Option<String>,
    /// Only those in which this number, address or account occurs.
    pub identifier: Option<String>,
    /// The same message from two sources once, or as often as it is there.
    pub doubles: Doubles,
}

/// Whether a place is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Place {
    /// With or without.
    #[default]
    Any,
    /// With one that has degrees.
    Some,
    /// With one near this.
    Near(Near),
}

/// A circle on the earth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// Its middle.
    pub point: Point,
    /// How far around.
    pub metres: f64,
}

impl std::str::FromStr for Near {
    type Err = &'static str;

    /// `52.52,13.405,500`: degrees north, degrees east, metres.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "degrees north, degrees east and metres, commas between: 52.52,13.405,500";
        let mut numbers = text.split(',').map(|number| number.trim().parse::<f64>());
        let mut next = || numbers.next().and_then(Result::ok).filter(|number| number.is_finite());
        let (north, east, metres) = (next().ok_or(wrong)?, next().ok_or(wrong)?, next().ok_or(wrong)?);
        let point = Point::new(north, east).filter(|_| metres > 0.0 && numbers.next().is_none());
        Ok(Self { point: point.ok_or(wrong)?, metres })
    }
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
    /// Looks the words up.
    pub(crate) fn resolve(
        &self,
        index: &Index,
        insights: Option<&Insights>,
        decisions: &Decisions,
    ) -> Result<Resolved, DeskError> {
        let found = match &self.person {
            Some(person) => parties(index, decisions, person)?,
            None => Vec::new(),
        };
        let (numbers, parties) = found.into_iter().unzip();
        let filter = Filter {
            capsule: self.capsule,
            reader: self.reader.clone(),
            kind: self.kind.clone(),
            app: self.app.clone(),
            chat: self.chat.as_deref().map(|chat| chat_number(index, chat)).transpose()?,
            parties: numbers,
            time: self.time(),
            attachments: self.attachments,
            located: match self.place {
                Place::Any => None,
                Place::Some => Some(Located::Somewhere),
                Place::Near(near) => {
                    Some(Located::Within(NearPoint { point: near.point, metres: near.metres }))
                }
            },
            records: self.tag.as_deref().map(|tag| decisions.tagged(tag)),
            hint: self.hint.clone(),
            identifier: match (&self.identifier, insights) {
                (Some(written), Some(insights)) => Some(identifier(insights, written)?),
                _ => None,
            },
            doubles: self.doubles,
            ..Filter::default()
        };
        Ok(Resolved { filter, parties })
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

/// An identifier as it is written, in any of its kinds.
fn identifier(insights: &Insights, written: &str) -> Result<IdentifierNumber, DeskError> {
    let keys = find::find(written, &Context::default());
    for found in &keys {
        if let Some(seen) = insights.identifier(found.kind.word(), &found.key)? {
            return Ok(seen.number);
        }
    }
    for kind in find::Kind::ALL {
        if let Some(seen) = insights.identifier(kind.word(), written)? {
            return Ok(seen.number);
        }
    }
    Err(DeskError::Unknown(written.to_owned()))
}

/// Everybody whom a key, number or name stands for, with all whom a person confirmed to be the same.
fn parties(
    index: &Index,
    decisions: &Decisions,
    person: &str,
) -> Result<Vec<(PartyNumber, WantedParty)>, DeskError> {
    let (name, number) = (normalise(person.trim()), phone_key(person));
    let fits = |party: &SeenParty| {
        let is_number = |id: &String| {
            let same = |key: &text::PhoneKey| {
                phone_key(id.split('@').next().unwrap_or(id))
                    .is_some_and(|other| same_number(key, &other, None) != Sameness::Different)
            };
            normalise(id) == name || number.as_ref().is_some_and(same)
        };
        party.key.to_string() == person
            || party.name.as_ref().is_some_and(|shown| normalise(shown) == name)
            || party.source_id.as_ref().is_some_and(is_number)
    };
    let (mut wanted, mut all) = (BTreeSet::new(), Vec::new());
    each(|after, limit| index.parties(after, limit), |party: &SeenParty| party.number, &mut |party| {
        if fits(&party) {
            wanted.insert(party.key.to_string());
        }
        all.push(party);
    })?;
    if wanted.is_empty() {
        return Err(DeskError::Unknown(person.to_owned()));
    }
    let named = wanted.clone();
    decisions.add_confirmed(&mut wanted);
    let shown = all.into_iter().filter(|party| wanted.contains(&party.key.to_string()));
    Ok(shown
        .map(|party| {
            let key = party.key.to_string();
            let confirmed = !named.contains(&key);
            let SeenParty { number, capsule, app, source_id: id, name, .. } = party;
            (number, WantedParty { key, app, capsule, id, name, confirmed })
        })
        .collect())
}

/// A chat by its number, identifier or name; several of one name are an error, because they are several.
fn chat_number(index: &Index, chat: &str) -> Result<ChatNumber, DeskError> {
    let name = normalise(chat.trim());
    let mut found: Vec<ChatNumber> = Vec::new();
    each(|after, limit| index.chats(after, limit), |seen: &SeenChat| seen.number, &mut |seen: SeenChat| {
        let named = seen.name.as_ref().is_some_and(|shown| normalise(shown) == name);
        if seen.source_id == chat || named || seen.number.0.to_string() == chat {
            found.push(seen.number);
        }
    })?;
    match found.as_slice() {
        [only] => Ok(*only),
        [] => Err(DeskError::Unknown(chat.to_owned())),
        _ => Err(DeskError::Several(chat.to_owned())),
    }
}

/// Everything of a list that is given page by page.
fn each<T, N: Copy>(
    read: impl Fn(Option<N>, usize) -> Result<Vec<T>, index::IndexError>,
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
