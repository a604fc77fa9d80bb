//! Property lists as checks meet them: loaded within limits, values as text and time, clipped.
//!
//! Knows nothing of what a list is about.

use std::ops::ControlFlow;

use model::record::{Place, Precision, ProblemKind, TimeReading};
use source::list_file::{ListFile, ListTrouble};
use source::property_list::Value;

use crate::database::{TEXT_BYTES_MOST, clipped};
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
    value.get(key).and_then(text_of)
}

/// A text, clipped; none if it is empty or no text.
pub(crate) fn text_of(value: Value<'_>) -> Option<String> {
    let mut text = value.text_within(TEXT_BYTES_MOST)?;
    text.truncate(clipped(&text).len());
    Some(text)
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
    let raw = text_of(value)?;
    let ms = raw.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
    Some(TimeReading::utc(raw, ms, Precision::Second))
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
    text_of(value)
        .or_else(|| value.truth().map(|truth| truth.to_string()))
        .or_else(|| value.integer().map(|number| number.to_string()))
        .or_else(|| value.real().map(|number| number.to_string()))
        .or_else(bytes)
}

/// How many things of a list are gone through at most, those in inner lists included: many may share one.
pub(crate) struct Budget(u64);

impl Budget {
    /// So many.
    pub(crate) fn new(things: u64) -> Self {
        Self(things)
    }

    /// Takes some; false if that is more than there are left.
    pub(crate) fn take(&mut self, things: u64) -> bool {
        match self.0.checked_sub(things) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => false,
        }
    }
}

/// Whether a path lies in the folders of iOS for what comes with the system.
pub(crate) fn is_of_system(path: &str) -> bool {
    let path = path.strip_prefix("/private").unwrap_or(path);
    ["/Applications/", "/System/", "/usr/", "/var/staged_system_apps/"]
        .iter()
        .any(|part| path.starts_with(part))
}

/// Whether a name ends in a dot and this, in large letters or small.
pub(crate) fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case(extension))
}

/// Whether it is a dictionary small enough that its members may be asked for one by one.
pub(crate) fn is_small_dictionary(value: Value<'_>) -> bool {
    value.is_dictionary() && value.members().is_some_and(|members| members <= 512)
}

/// Whether a dictionary or list claims more members than are gone through.
pub(crate) fn is_cut(value: Value<'_>) -> bool {
    value.members().is_some_and(|members| members > 10_000)
}

/// A list in these bytes; as text also in UTF-16 or with a mark in front.
pub(crate) fn of_text_or_binary(bytes: Vec<u8>) -> Result<ListFile, ListTrouble> {
    let unit: fn([u8; 2]) -> u16 = match bytes.as_slice() {
        [0xff, 0xfe, ..] | [b'<', 0, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] | [0, b'<', ..] => u16::from_be_bytes,
        [0xef, 0xbb, 0xbf, rest @ ..] => return ListFile::of_bytes(rest.to_vec()),
        _ => return ListFile::of_bytes(bytes),
    };
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    let text: String =
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    let text = text.trim_start_matches('\u{feff}');
    // The declaration names an encoding that is no longer true.
    let rest =
        if text.starts_with("<?xml") { text.split_once("?>").map_or(text, |(_, rest)| rest) } else { text };
    ListFile::of_bytes(rest.trim_start().as_bytes().to_vec())
}
