//! Property lists as checks meet them: loaded within limits, values as text and time, clipped.
//!
//! Knows nothing of what a list is about.

use std::ops::ControlFlow;

use model::record::{Place, Precision, ProblemKind, TimeReading};
use source::list_file::{ListFile, ListTrouble};
use source::property_list::Value;

use crate::database::clipped;
use crate::{FactSink, Input};

/// Most bytes of such a file.
pub(crate) const FILE_BYTES_MOST: u64 = 32 << 20;
/// Longest bytes shown in hexadecimal digits.
const HEX_BYTES_MOST: usize = 64;

/// The list of the file that is read; what stands in the way is told.
pub(crate) fn load(input: &Input<'_>, sink: &mut dyn FactSink) -> ControlFlow<(), Option<ListFile>> {
    let most = FILE_BYTES_MOST.min(input.limits.unit_bytes);
    let read = input.entry().map(|entry| ListFile::read(entry.content().as_ref(), most));
    let trouble = match read {
        Some(Ok(list)) if list.list().is_some_and(|list| list.top().is_some()) => {
            return ControlFlow::Continue(Some(list));
        }
        Some(Ok(_)) => ListTrouble::Damaged,
        Some(Err(trouble)) => trouble,
        None => ListTrouble::Unreadable,
    };
    tell(trouble, input, sink)?;
    ControlFlow::Continue(None)
}

/// Says why a list could not be loaded.
pub(crate) fn tell(trouble: ListTrouble, input: &Input<'_>, sink: &mut dyn FactSink) -> crate::Flow {
    let (kind, expected) = match trouble {
        ListTrouble::Unreadable => (ProblemKind::Unreadable, "bytes of a property list that can be had"),
        ListTrouble::TooLong => (ProblemKind::Limit, "a property list of at most 32 MiB"),
        ListTrouble::TooDeep => (ProblemKind::Limit, "a property list nested at most 64 deep"),
        ListTrouble::Damaged => (ProblemKind::Damaged, "a property list"),
    };
    sink.trouble(&input.seen(Place::Whole), kind, expected, "")
}

/// The text of a member, clipped; none if it is empty or no text.
pub(crate) fn text(value: Value<'_>, key: &str) -> Option<String> {
    value.get(key).and_then(Value::text).map(|text| clipped(&text).to_owned())
}

/// The truth of a member, also where it is written as a number.
pub(crate) fn truth(value: Value<'_>, key: &str) -> Option<bool> {
    let value = value.get(key)?;
    value.truth().or_else(|| value.integer().map(|number| number != 0))
}

/// The time of a member: a date, or a text that is one.
pub(crate) fn time(value: Value<'_>, key: &str) -> Option<TimeReading> {
    value.get(key).and_then(time_of)
}

/// A date, or a text that is one.
pub(crate) fn time_of(value: Value<'_>) -> Option<TimeReading> {
    if let Some(seconds) = value.date() {
        return Some(TimeReading::apple(seconds));
    }
    let raw = value.text()?;
    let ms = raw.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
    Some(TimeReading::utc(clipped(&raw).to_owned(), ms, Precision::Second))
}

/// A single value as text, clipped: numbers in decimal, dates in UTC, bytes in hexadecimal digits.
pub(crate) fn shown(value: Value<'_>) -> Option<String> {
    if let Some(seconds) = value.date() {
        let ms = TimeReading::apple(seconds).first_ms;
        let shown = ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
        return Some(shown.map_or_else(|| seconds.to_string(), |shown| shown.to_string()));
    }
    let bytes = || {
        let bytes = value.bytes()?;
        let text = model::encode_hex(bytes.get(..HEX_BYTES_MOST).unwrap_or(bytes));
        let rest = bytes.len().saturating_sub(HEX_BYTES_MOST);
        Some(if rest > 0 { format!("{text} and {rest} bytes more") } else { text })
    };
    let text = value.text().map(|text| clipped(&text).to_owned());
    text.or_else(|| value.truth().map(|truth| truth.to_string()))
        .or_else(|| value.integer().map(|number| number.to_string()))
        .or_else(|| value.real().map(|number| number.to_string()))
        .or_else(bytes)
}
