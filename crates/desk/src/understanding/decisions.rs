//! What people decided about records: tags, notes, who is the same person, what became of a hint.
//!
//! A pure projection of the log: the last entry about a thing counts, and every one can be undone. Records
//! are named by their identifiers and people by the keys of the index, so decisions outlive a new reading.

use std::collections::{BTreeMap, BTreeSet};

use custody::Fields;
use model::EntryNumber;
use vault::EntryRead;

use crate::{Desk, DeskError, NoteSubject, OpenCase};

/// What people decided, as far as it was not undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Tags, by the identifier of the record.
    pub tags: BTreeMap<String, BTreeSet<String>>,
    /// Notes about records, in the order written; see [`Decisions::notes_about`].
    notes: Vec<(String, NoteAbout)>,
    /// Pairs of party keys, the smaller one first, with what was decided and why.
    pub people: BTreeMap<(String, String), (Same, String)>,
    /// What became of hints, by the identifier of the record and the code; the last one counts.
    pub hints: BTreeMap<(String, String), HintDecision>,
}

/// A note about a record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct NoteAbout {
    /// Its entry.
    pub entry: EntryNumber,
    /// What it says. May hold any character: show it escaped.
    pub text: String,
}

/// Whether two that sources name are one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Same {
    /// They are.
    Same,
    /// They are not.
    NotSame,
    /// Nobody can say.
    Unsure,
    /// An earlier decision does not hold any more.
    Undone,
}

/// What became of a hint.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "decision")]
pub enum HintDecision {
    /// It does not fit.
    Dismissed {
        /// Why.
        why: String,
    },
    /// It is another tactic.
    Relabelled {
        /// The code that fits.
        to: String,
        /// Why.
        why: String,
    },
    /// A person set it.
    Added {
        /// Where; the whole record if nothing.
        place: Option<HintPlace>,
        /// Why.
        why: String,
    },
}

/// A passage in a record: bytes of one of the texts that `index::searched` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct HintPlace {
    /// Which text.
    pub part: u64,
    /// The first byte.
    pub from: u64,
    /// The one after the last.
    pub until: u64,
}

impl Same {
    /// The word in the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::NotSame => "not-same",
            Self::Unsure => "unsure",
            Self::Undone => "undone",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Same, Self::NotSame, Self::Unsure, Self::Undone].into_iter().find(|same| same.word() == word)
    }
}

impl HintDecision {
    /// The code that a person chose instead.
    pub fn new_code(&self) -> Option<&str> {
        match self {
            Self::Relabelled { to, .. } => Some(to),
            _ => None,
        }
    }
}

impl Desk<'_> {
    /// Sets or takes away a tag of a record; `record` is its whole identifier.
    pub(super) fn tag(
        &mut self,
        case: &mut OpenCase,
        record: &str,
        tag: &str,
        on: TagState,
    ) -> Result<EntryNumber, DeskError> {
        let tag = tag.trim();
        if tag.is_empty() {
            return Err(DeskError::BadInput("empty-tag"));
        }
        let state = if on == TagState::On { "on" } else { "off" };
        let fields = Fields::new().with("record", record).with("tag", tag).with("state", state);
        self.append(case, "record.tagged", fields)
    }

    /// Decides whether two that sources name are one person.
    pub(super) fn decide_person(
        &mut self,
        case: &mut OpenCase,
        (one, other): (&str, &str),
        decision: Same,
        why: &str,
    ) -> Result<EntryNumber, DeskError> {
        if one == other {
            return Err(DeskError::BadInput("one-person"));
        }
        let (first, second) = if one < other { (one, other) } else { (other, one) };
        let fields = Fields::new()
            .with("first", first)
            .with("second", second)
            .with("decision", decision.word())
            .with("why", why);
        self.append(case, "person.decided", fields)
    }

    /// Decides about a hint; nothing undoes what was decided before.
    pub(super) fn decide_hint(
        &mut self,
        case: &mut OpenCase,
        (record, code): (&str, &str),
        decision: Option<&HintDecision>,
    ) -> Result<EntryNumber, DeskError> {
        let (word, to, why) = match decision {
            Some(HintDecision::Dismissed { why }) => ("dismissed", "", why.as_str()),
            Some(HintDecision::Relabelled { to, why }) => ("relabelled", to.as_str(), why.as_str()),
            Some(HintDecision::Added { why, .. }) => ("added", "", why.as_str()),
            None => ("undone", "", ""),
        };
        let mut fields = Fields::new()
            .with("record", record)
            .with("code", code)
            .with("decision", word)
            .with("to", to)
            .with("why", why);
        if let Some(HintDecision::Added { place: Some(place), .. }) = decision {
            fields = fields.with("place", serde_json::json!(place));
        }
        self.append(case, "hint.decided", fields)
    }

    /// What people decided so far.
    pub fn decisions(&self, case: &OpenCase) -> Result<Decisions, DeskError> {
        let keyring = case.keyring()?;
        let mut decisions = Decisions::default();
        for entry in case.vault.entries(keyring) {
            let (number, EntryRead::Body(entry)) = entry? else { continue };
            decisions.take(number, &entry.fields);
        }
        Ok(decisions)
    }
}

/// Whether a tag is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagState {
    /// It is set.
    On,
    /// It is taken away.
    Off,
}

impl Decisions {
    /// The records with a tag.
    pub(crate) fn tagged(&self, tag: &str) -> Vec<index::RecordKey> {
        let with = self.tags.iter().filter(|(_, tags)| tags.contains(tag));
        with.filter_map(|(record, _)| record.parse().ok()).collect()
    }

    /// Adds to party keys all that a person confirmed to be the same, over any number of steps.
    pub(crate) fn add_confirmed(&self, keys: &mut BTreeSet<String>) {
        let mut open: Vec<String> = keys.iter().cloned().collect();
        let mut others: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for ((one, other), (same, _)) in &self.people {
            if *same == Same::Same {
                others.entry(one).or_default().push(other);
                others.entry(other).or_default().push(one);
            }
        }
        while let Some(key) = open.pop() {
            for other in others.get(key.as_str()).into_iter().flatten() {
                if keys.insert((*other).to_owned()) {
                    open.push((*other).to_owned());
                }
            }
        }
    }

    /// The tags of a record, by its whole identifier.
    pub fn tags_of(&self, record: &str) -> impl Iterator<Item = &str> {
        self.tags.get(record).into_iter().flatten().map(String::as_str)
    }

    /// The notes about a record: those that name its identifier or the beginning of it.
    pub fn notes_about<'d>(&'d self, record: &'d str) -> impl Iterator<Item = &'d NoteAbout> {
        self.notes.iter().filter(|(about, _)| record.starts_with(about.as_str())).map(|(_, note)| note)
    }

    /// Takes in the next entry.
    fn take(&mut self, entry: EntryNumber, fields: &Fields) {
        let text = |name: &str| fields.text(name).unwrap_or_default().to_owned();
        match fields.kind() {
            Some("record.tagged") => {
                let mut tags = self.tags.remove(&text("record")).unwrap_or_default();
                if fields.text("state") == Some("on") {
                    tags.insert(text("tag"));
                } else {
                    tags.remove(&text("tag"));
                }
                if !tags.is_empty() {
                    self.tags.insert(text("record"), tags);
                }
            }
            Some("note") => {
                if let Some(NoteSubject::Record(record)) =
                    fields.text("about").and_then(|about| about.parse().ok())
                {
                    self.notes.push((record, NoteAbout { entry, text: text("text") }));
                }
            }
            Some("person.decided") => {
                let pair = (text("first"), text("second"));
                match Same::from_word(&text("decision")) {
                    Some(Same::Undone) | None => self.people.remove(&pair),
                    Some(same) => self.people.insert(pair, (same, text("why"))),
                };
            }
            Some("hint.decided") => self.take_hint((text("record"), text("code")), fields),
            _ => {}
        }
    }

    fn take_hint(&mut self, about: (String, String), fields: &Fields) {
        let text = |name: &str| fields.text(name).unwrap_or_default().to_owned();
        let why = text("why");
        let decision = match fields.text("decision") {
            Some("dismissed") => HintDecision::Dismissed { why },
            Some("relabelled") => HintDecision::Relabelled { to: text("to"), why },
            Some("added") => {
                let place = fields.get("place").cloned().and_then(|place| serde_json::from_value(place).ok());
                HintDecision::Added { place, why }
            }
            _ => {
                self.hints.remove(&about);
                return;
            }
        };
        self.hints.insert(about, decision);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tagged(state: &str) -> Fields {
        let fields =
            Fields::new().with("kind", "record.tagged").with("record", "ab").with("tag", "important");
        fields.with("state", state)
    }

    #[test]
    fn the_last_word_counts() {
        let mut decisions = Decisions::default();
        decisions.take(EntryNumber(1), &tagged("on"));
        assert!(decisions.tags["ab"].contains("important"));
        decisions.take(EntryNumber(1), &tagged("off"));
        assert_eq!(decisions, Decisions::default());

        let person = |decision: &str| {
            let fields = Fields::new().with("kind", "person.decided").with("first", "a").with("second", "b");
            fields.with("decision", decision).with("why", "same number")
        };
        decisions.take(EntryNumber(1), &person("not-same"));
        decisions.take(EntryNumber(1), &person("same"));
        let pair = ("a".to_owned(), "b".to_owned());
        assert_eq!(decisions.people[&pair], (Same::Same, "same number".to_owned()));
        decisions.take(EntryNumber(1), &person("undone"));
        assert_eq!(decisions, Decisions::default());
    }

    #[test]
    fn a_note_is_about_a_record_or_not() {
        let mut decisions = Decisions::default();
        let record = "18c653877c40084d36dca6c0cf93187c";
        for (about, text) in [(&record[..12], "one"), (record, "two"), ("17:3", "item"), ("", "none")] {
            let fields = Fields::new().with("kind", "note").with("text", text).with("about", about);
            decisions.take(EntryNumber(4), &fields);
        }
        let notes: Vec<&str> = decisions.notes_about(record).map(|note| note.text.as_str()).collect();
        assert_eq!(notes, ["one", "two"]);
        assert_eq!(decisions.notes_about("28c653877c40084d36dca6c0cf93187c").count(), 0);
    }

    #[test]
    fn a_hint_is_added_dismissed_and_undone() {
        let hint = |decision: &str| {
            let fields = Fields::new().with("kind", "hint.decided").with("record", "ab");
            fields.with("code", "debt.owed").with("decision", decision).with("to", "").with("why", "w")
        };
        let mut decisions = Decisions::default();
        let place = HintPlace { part: 0, from: 3, until: 9 };
        decisions.take(EntryNumber(1), &hint("added").with("place", serde_json::json!(place)));
        let about = ("ab".to_owned(), "debt.owed".to_owned());
        let added = HintDecision::Added { place: Some(place), why: "w".to_owned() };
        assert_eq!(decisions.hints.get(&about), Some(&added));
        decisions.take(EntryNumber(1), &hint("dismissed"));
        assert_eq!(decisions.hints.get(&about), Some(&HintDecision::Dismissed { why: "w".to_owned() }));
        decisions.take(EntryNumber(1), &hint("undone"));
        assert_eq!(decisions, Decisions::default());
    }
}
