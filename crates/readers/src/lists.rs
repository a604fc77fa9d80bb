//! Property lists that are files of their own: loaded within limits, and their values as text.
//!
//! Deliberately knows nothing of what a list is about.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::record::{
    Counted, Extra, FileNumber, Place, Precision, ProblemKind, Record, TimeReading, Unit, What,
};

use crate::troubles::Troubles;
use crate::{Flow, Input, Sink};
use source::list_file::{ListFile, ListTrouble};
use source::property_list::{PropertyList, Value};

/// Most bytes of such a file.
const FILE_BYTES_MOST: u64 = 16 << 20;
/// Most values of one record that are kept as text, and how deep.
const KEPT_MOST: usize = 300;
const KEPT_DEPTH_MOST: usize = 6;
/// Most members of a dictionary that is told, and most records of one file.
const MEMBERS_MOST: u64 = 1000;
const RECORDS_MOST: u64 = 20_000;
/// Longest bytes shown in hexadecimal digits.
const HEX_BYTES_MOST: usize = 64;

/// A property list that is read.
pub(crate) struct Loaded(ListFile);

impl Loaded {
    /// The list of a file; what stands in the way is told to the sink.
    pub(crate) fn of(input: &Input<'_>, sink: &mut dyn Sink) -> ControlFlow<(), Option<Self>> {
        let most = FILE_BYTES_MOST.min(input.limits.unit_bytes);
        let trouble = match input.entry().map(|entry| ListFile::read(entry.content().as_ref(), most)) {
            Some(Ok(list)) => return ControlFlow::Continue(Some(Self(list))),
            Some(Err(trouble)) => trouble,
            None => ListTrouble::Unreadable,
        };
        let (kind, expected) = match trouble {
            ListTrouble::Unreadable => (ProblemKind::Unreadable, "bytes of a property list that can be had"),
            ListTrouble::TooLong => (ProblemKind::Limit, "a property list of at most 16 MiB"),
            ListTrouble::TooDeep => (ProblemKind::Limit, "a property list nested at most 64 deep"),
            ListTrouble::Damaged => (ProblemKind::Damaged, "a property list"),
        };
        sink.trouble((input.file, Place::Whole), kind, expected, "")?;
        ControlFlow::Continue(None)
    }

    /// It, to look values up in.
    pub(crate) fn list(&self) -> Option<PropertyList<'_>> {
        self.0.list()
    }

    /// Where a value lies.
    pub(crate) fn place(&self, value: Value<'_>) -> Place {
        self.0.place(value)
    }
}

/// A time: a date, or a text that is one.
pub(crate) fn time(value: Value<'_>) -> Option<TimeReading> {
    if let Some(seconds) = value.date() {
        return Some(TimeReading::apple(seconds));
    }
    let raw = value.text()?;
    let ms = raw.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
    Some(TimeReading::utc(raw, ms, Precision::Second))
}

/// A single value as text: numbers in decimal, dates in UTC, bytes in hexadecimal digits.
pub(crate) fn shown(value: Value<'_>) -> Option<String> {
    if let Some(seconds) = value.date() {
        let ms = TimeReading::apple(seconds).first_ms;
        let shown = ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
        return Some(shown.map_or_else(|| seconds.to_string(), |shown| shown.to_string()));
    }
    let number = || value.integer().map(|number| number.to_string());
    let real = || value.real().map(|number| number.to_string());
    let bytes = || {
        let bytes = value.bytes()?;
        let text = model::encode_hex(bytes.get(..HEX_BYTES_MOST).unwrap_or(bytes));
        let rest = bytes.len().saturating_sub(HEX_BYTES_MOST);
        Some(if rest > 0 { format!("{text} and {rest} bytes more") } else { text })
    };
    let truth = || value.truth().map(|truth| truth.to_string());
    value.text().or_else(truth).or_else(number).or_else(real).or_else(bytes)
}

/// Keeps all values of a dictionary as text, the names of inner ones joined by dots. `without` names lists
/// that are told elsewhere.
pub(crate) fn keep_all(value: Value<'_>, without: &[&str], extra: &mut Extra) {
    let mut open: Vec<(String, Value<'_>, usize)> = vec![(String::new(), value, 0)];
    let mut steps = 0_usize;
    while let Some((name, value, depth)) = open.pop() {
        steps = steps.saturating_add(1);
        if steps > KEPT_MOST {
            extra.push(("not_kept".to_owned(), "further values: too many".to_owned()));
            return;
        }
        if value.members().is_none() {
            extra.extend(shown(value).map(|text| (name, text)));
            continue;
        }
        if depth >= KEPT_DEPTH_MOST {
            extra.push((name, "nested too deep".to_owned()));
            continue;
        }
        let inner = depth.saturating_add(1);
        let mut below: Vec<(String, Value<'_>, usize)> = if value.is_dictionary() {
            let elsewhere = |key: &str, value: Value<'_>| value.is_list() && without.contains(&key);
            let pairs = value.pairs().filter(|(key, value)| depth > 0 || !elsewhere(key, *value));
            pairs.take(KEPT_MOST).map(|(key, value)| (joined(&name, &key), value, inner)).collect()
        } else {
            let elements = value.elements().take(KEPT_MOST).enumerate();
            elements.map(|(at, value)| (joined(&name, &at.to_string()), value, inner)).collect()
        };
        below.reverse();
        open.append(&mut below);
    }
}

fn joined(name: &str, key: &str) -> String {
    if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") }
}

/// What the members of a list became: tells each once, counts it, and stops where shared or damaged members
/// would make too many of few bytes.
pub(crate) struct Told<'l> {
    file: FileNumber,
    loaded: &'l Loaded,
    parts: BTreeMap<Place, u16>,
    counted: BTreeMap<&'static str, Counted>,
    troubles: Troubles,
    records: u64,
}

impl<'l> Told<'l> {
    /// Nothing yet.
    pub(crate) fn new(file: FileNumber, loaded: &'l Loaded) -> Self {
        let (parts, counted) = (BTreeMap::new(), BTreeMap::new());
        Self { file, loaded, parts, counted, troubles: Troubles::new(file), records: 0 }
    }

    /// One member, a dictionary, that `make` makes a record of.
    pub(crate) fn tell(
        &mut self,
        list: &'static str,
        value: Value<'_>,
        sink: &mut dyn Sink,
        make: impl FnOnce() -> What,
    ) -> Flow {
        let place = self.loaded.place(value);
        if !value.is_dictionary() || value.members().is_some_and(|members| members > MEMBERS_MOST) {
            self.count(list, 1, |counted| &mut counted.problems);
            let words = ("a dictionary of at most 1000 members", "");
            return self.troubles.say(sink, place, ProblemKind::NotUnderstood, words);
        }
        let part = self.parts.entry(place.clone()).or_default();
        let (now, next) = (*part, part.checked_add(1));
        let (Some(next), true) = (next, self.records < RECORDS_MOST) else {
            self.count(list, 1, |counted| &mut counted.problems);
            let words = ("fewer members in one list", "those before it");
            return self.troubles.say(sink, place, ProblemKind::Limit, words);
        };
        *part = next;
        self.records = self.records.saturating_add(1);
        self.count(list, 1, |counted| &mut counted.records);
        sink.record(Record { file: self.file, place, part: now, what: make() })
    }

    /// Whether no more records are told.
    pub(crate) fn is_full(&self) -> bool {
        self.records >= RECORDS_MOST
    }

    /// A member that says nothing about anybody.
    pub(crate) fn system(&mut self, list: &'static str) {
        self.count(list, 1, |counted| &mut counted.system);
    }

    /// Members that a list claims beyond those seen: they cannot be reached.
    pub(crate) fn lost(
        &mut self,
        list: &'static str,
        value: Value<'_>,
        seen: u64,
        sink: &mut dyn Sink,
    ) -> Flow {
        let missing = value.members().unwrap_or(0).saturating_sub(seen);
        if missing == 0 {
            return Flow::Continue(());
        }
        self.count(list, missing, |counted| &mut counted.problems);
        let words = ("as many members as the list claims", "those that can be reached");
        self.troubles.say_units(sink, self.loaded.place(value), ProblemKind::Damaged, words, missing)
    }

    fn count(&mut self, list: &'static str, units: u64, which: impl Fn(&mut Counted) -> &mut u64) {
        let file = self.file;
        let counted = self.counted.entry(list).or_insert_with(|| Counted::new(file, Unit::Element, list));
        counted.in_source = counted.in_source.saturating_add(units);
        let count = which(counted);
        *count = count.saturating_add(units);
    }

    /// Everything is read.
    pub(crate) fn finish(self, sink: &mut dyn Sink) -> Flow {
        self.troubles.finish(sink)?;
        if self.counted.is_empty() {
            return sink.counted(Counted::new(self.file, Unit::Element, ""));
        }
        for counted in self.counted.into_values() {
            sink.counted(counted)?;
        }
        Flow::Continue(())
    }
}

/// The dictionary that is all of a list; if it is none, that is told.
pub(crate) fn dictionary<'p>(
    list: Option<&'p PropertyList<'p>>,
    file: FileNumber,
    sink: &mut dyn Sink,
) -> ControlFlow<(), Option<Value<'p>>> {
    let top = list.and_then(PropertyList::top).filter(|top| top.is_dictionary());
    if top.is_none() {
        let expected = "a property list that is a dictionary";
        sink.trouble((file, Place::Whole), ProblemKind::Damaged, expected, "")?;
    }
    ControlFlow::Continue(top)
}
