//! Which records a person wants to see, in her words; looked up in the index before anything is shown.
//!
//! Words are taken as the sources and the decisions have them: a chat by its name, its identifier or its
//! number; somebody by a key, a number in any spelling, or a name. Whoever was confirmed to be the same is
//! taken in. What fits nothing is an error that says so, never an empty answer.

use std::collections::BTreeSet;

use index::{Attachments, Filter, Index, SeenChat, SeenParty, TimeRange};
use model::record::Point;
use model::{Date, EntryNumber};
use text::{Sameness, normalise, phone_key, same_number};

use crate::understanding::decisions::{Decisions, Same};
use crate::{DeskError, OpenCase};

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
    pub(crate) fn resolve(&self, index: &Index, decisions: &Decisions) -> Result<Resolved, DeskError> {
        let parties = match &self.person {
            Some(person) => parties(index, decisions, person)?,
            None => Vec::new(),
        };
        let filter = Filter {
            capsule: self.capsule,
            reader: self.reader.clone(),
            kind: self.kind.clone(),
            app: self.app.clone(),
            chat: self.chat.as_deref().map(|chat| chat_number(index, chat)).transpose()?,
            time: self.time(),
            attachments: self.attachments,
            hint: self.hint.clone(),
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
