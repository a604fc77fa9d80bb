//! The summary of a message: earlier texts of its parts, and parts that were unsent.
//!
//! A property list: `ec` holds for each edited part its texts with times (`t` typedstream, `d` seconds since
//! 2001), the last one being the text as it stands; `rp` lists the parts that were taken back; `otr` says
//! where each part began (iOS 16 / macOS 13 and later).

use memchr::memmem;
use model::record::{TimeReading, Version};

use crate::property_list::{PropertyList, Value};
use crate::typedstream::attributed;

/// What a summary says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Summary {
    /// Earlier texts, the oldest first.
    pub(super) versions: Vec<Version>,
    /// When it was last edited.
    pub(super) edited: Option<TimeReading>,
    /// The text after the last edit, of each edited part.
    pub(super) last_texts: Vec<String>,
    /// Parts that were taken back.
    pub(super) unsent: Vec<String>,
    /// How many parts it had, if that is told.
    pub(super) parts: Option<usize>,
    /// Whether it speaks of edits and could not be read.
    pub(super) damage: bool,
}

/// Most versions of one message that are told.
const VERSIONS_MOST: usize = 1000;
/// Most edited parts of one message.
const PARTS_MOST: usize = 1000;

/// Reads a summary; nothing if there is nothing of this in it.
pub(super) fn read(bytes: &[u8]) -> Summary {
    let mut summary = Summary::default();
    // Most summaries say nothing of the kind; these are the marker of a text of two characters and the text.
    if memmem::find(bytes, b"\x52ec").is_none() && memmem::find(bytes, b"\x52rp").is_none() {
        return summary;
    }
    let opened = PropertyList::open(bytes);
    let Some(top) = opened.as_ref().and_then(PropertyList::top) else {
        return Summary { damage: true, ..summary };
    };
    let mut edits = top.get("ec").map(|parts| parts.pairs().collect::<Vec<_>>()).unwrap_or_default();
    edits.sort_by(|(left, _), (right, _)| left.cmp(right));
    // Texts that are referred to again and again must not cost more than the summary is long.
    let mut room = bytes.len().saturating_mul(2);
    for (_, texts) in edits.into_iter().take(PARTS_MOST) {
        let texts: Vec<Value<'_>> = texts.elements().take(VERSIONS_MOST).collect();
        let size = |text: &Value<'_>| text.get("t").and_then(Value::bytes).map_or(1, <[u8]>::len);
        let Some(left) = room.checked_sub(texts.iter().map(size).fold(0, usize::saturating_add)) else {
            summary.damage = true;
            break;
        };
        room = left;
        let Some((current, earlier)) = texts.split_last() else { continue };
        summary.versions.extend(earlier.iter().map(|text| version(*text)));
        let current = version(*current);
        summary.last_texts.extend(current.text);
        summary.edited = latest(summary.edited, current.at);
    }
    let unsent = top.get("rp").into_iter().flat_map(Value::elements).take(VERSIONS_MOST);
    summary.unsent = unsent.filter_map(|part| part.integer().map(|part| part.to_string())).collect();
    summary.parts = top.get("otr").map(|parts| parts.pairs().count());
    summary
}

fn version(edit: Value<'_>) -> Version {
    let text = edit.get("t").and_then(Value::bytes).and_then(attributed);
    Version {
        text: text.and_then(|text| text.text),
        at: edit.get("d").and_then(Value::real).map(TimeReading::apple),
    }
}

fn latest(one: Option<TimeReading>, other: Option<TimeReading>) -> Option<TimeReading> {
    let ms = |time: &Option<TimeReading>| time.as_ref().and_then(|time| time.first_ms);
    if ms(&other) > ms(&one) { other } else { one.or(other) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn real(name: &str) -> Option<Summary> {
        let path = format!("imessage-exporter/test_data/edited_message/{name}.plist");
        crate::shared_data::real(&path).map(|bytes| read(&bytes))
    }

    #[test]
    fn real_edits() {
        let Some(summary) = real("Edited") else { return };
        let texts: Vec<Option<&str>> =
            summary.versions.iter().map(|version| version.text.as_deref()).collect();
        assert_eq!(texts, [Some("First message  "), Some("Edit 1"), Some("Edit 2")]);
        assert_eq!(summary.last_texts, ["Edited message"]);
        assert_eq!(summary.versions[0].at.as_ref().unwrap().first_ms, Some(1_668_820_674_273));
        assert_eq!(summary.unsent, Vec::<String>::new());
    }

    #[test]
    fn real_edits_to_a_link() {
        let Some(summary) = real("EditedToLink") else { return };
        assert_eq!(summary.versions.len(), 1);
        assert_eq!(summary.versions[0].text.as_deref(), Some("here we go!"));
        assert_eq!(summary.parts, Some(2));
        let Some(summary) = real("EditedToLinkAndBack") else { return };
        assert!(summary.versions.len() >= 2, "{summary:?}");
    }

    #[test]
    fn a_real_unsent_message() {
        let Some(summary) = real("Deleted") else { return };
        assert_eq!((summary.unsent, summary.parts), (vec!["0".to_owned()], Some(1)));
        assert_eq!(summary.versions, []);
    }
}
