//! One part of a JSON document as a value: read strictly, then once more with the known slips of exporters
//! put right.
//!
//! Slips: Telegram Desktop writes characters below U+0020 as `\xNN`, which JSON does not know; bytes that
//! are no UTF-8 become U+FFFD. What is still no JSON is none, and its reader says so. Deliberately no
//! guessing at missing quotes or brackets.

use model::record::{Extra, Place, ProblemKind};
use serde_json::{Map, Value};

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// Whether a part had to be put right to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slips {
    /// It was JSON, or its only slips were the exporter's own escapes.
    None,
    /// Bytes that were no UTF-8 were replaced.
    Replaced,
}

/// More pieces than any message has; as values they would need many times their bytes.
const MOST_PIECES: usize = 1_000_000;

/// Whether a part is made of too many pieces to be held as a value.
pub(crate) fn is_too_rich(bytes: &[u8]) -> bool {
    memchr::memchr3_iter(b',', b'[', b'{', bytes).nth(MOST_PIECES).is_some()
}

/// Why there is no value.
pub(crate) fn trouble(bytes: &[u8]) -> ProblemKind {
    if is_too_rich(bytes) { ProblemKind::Limit } else { ProblemKind::Damaged }
}

/// The value of a part; none if it is no JSON, or too rich.
pub(crate) fn value(bytes: &[u8]) -> Option<(Value, Slips)> {
    if is_too_rich(bytes) {
        return None;
    }
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Some((value, Slips::None));
    }
    let text = String::from_utf8_lossy(bytes);
    let slips = if matches!(text, std::borrow::Cow::Borrowed(_)) { Slips::None } else { Slips::Replaced };
    serde_json::from_str(&without_hex_escapes(&text)).ok().map(|value| (value, slips))
}

/// The object of a part; none if it is no JSON or no object.
pub(crate) fn object(bytes: &[u8]) -> Option<(Object, Slips)> {
    match value(bytes)? {
        (Value::Object(object), slips) => Some((object, slips)),
        _ => None,
    }
}

/// `\xNN` written as JSON writes it.
fn without_hex_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if let Some(digits) = from.get(2..4).filter(|digits| is_hex(digits) && from.starts_with("\\x")) {
            out.push_str("\\u00");
            out.push_str(digits);
            rest = from.get(4..).unwrap_or_default();
        } else {
            let length = 1 + from.chars().nth(1).map_or(0, char::len_utf8);
            out.push_str(from.get(..length).unwrap_or_default());
            rest = from.get(length..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

fn is_hex(digits: &str) -> bool {
    digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// Takes a text out of an object; none if it is empty or no text (then it stays).
pub(crate) fn take_text(object: &mut Object, name: &str) -> Option<String> {
    match object.get(name) {
        Some(Value::String(_)) => {}
        _ => return None,
    }
    match object.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// Takes a list out of an object; empty if there is none (then what is there stays).
pub(crate) fn take_list(object: &mut Object, name: &str) -> Vec<Value> {
    if !matches!(object.get(name), Some(Value::Array(_))) {
        return Vec::new();
    }
    match object.remove(name) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

/// Takes an object out of an object; none if there is none (then what is there stays).
pub(crate) fn take_object(object: &mut Object, name: &str) -> Option<Object> {
    if !matches!(object.get(name), Some(Value::Object(_))) {
        return None;
    }
    match object.remove(name) {
        Some(Value::Object(inner)) => Some(inner),
        _ => None,
    }
}

/// Takes a whole number out of an object, written as a number or as text; none if it is none (then it stays).
pub(crate) fn take_number(object: &mut Object, name: &str) -> Option<i64> {
    let number = match object.get(name)? {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    object.remove(name);
    Some(number)
}

/// Takes a truth value out of an object; none if it is none (then it stays).
pub(crate) fn take_truth(object: &mut Object, name: &str) -> Option<bool> {
    let truth = object.get(name)?.as_bool()?;
    object.remove(name);
    Some(truth)
}

/// What of an object is left, as the source's names and values: texts as they are, all else as JSON.
pub(crate) fn put_rest(extra: &mut Extra, prefix: &str, rest: Object) {
    for (name, value) in rest {
        put(extra, &format!("{prefix}{name}"), value);
    }
}

/// One value under a name; what is empty is left out.
pub(crate) fn put(extra: &mut Extra, name: &str, value: Value) {
    extra.extend(as_text(value).map(|text| (name.to_owned(), text)));
}

/// A text as it is, all else as JSON; none if it is empty.
pub(crate) fn as_text(value: Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text,
        Value::Array(list) if list.is_empty() => return None,
        Value::Object(object) if object.is_empty() => return None,
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// Takes a text or number out of an object, as text; none if it is neither (then it stays).
pub(crate) fn take_scalar(object: &mut Object, name: &str) -> Option<String> {
    let text = match object.get(name)? {
        Value::String(text) if !text.is_empty() => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    object.remove(name);
    Some(text)
}

/// Where a part lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At {
    /// From the start of the file.
    pub(crate) offset: u64,
    /// How many bytes.
    pub(crate) length: u64,
}

impl At {
    /// Between two offsets.
    pub(crate) fn between(offset: u64, end: u64) -> Self {
        Self { offset, length: end.saturating_sub(offset) }
    }

    /// Where it ends.
    pub(crate) fn end(self) -> u64 {
        self.offset.saturating_add(self.length)
    }

    /// As a place.
    pub(crate) fn place(self) -> Place {
        Place::bytes(self.offset, self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_that_json_does_not_know_are_read() {
        let (value, slips) = value(br#"{"a": "x\x1Fy", "b": "\\x1F \"\\\\x"}"#).unwrap();
        assert_eq!(value.get("a"), Some(&Value::from("x\u{1f}y")));
        assert_eq!(value.get("b"), Some(&Value::from("\\x1F \"\\\\x")));
        assert_eq!(slips, Slips::None);
        assert!(super::value(b"{\"a\": \"\\x1\"}").is_none());
        assert!(super::value(b"{\"a\": \"\\").is_none());
        assert!(super::value("\"\\x\u{e9}\u{e9}\"".as_bytes()).is_none());
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced_and_said() {
        assert_eq!(value(b"\"a\xffb\""), Some((Value::from("a\u{fffd}b"), Slips::Replaced)));
    }

    #[test]
    fn too_many_pieces_are_a_limit_and_long_texts_are_not() {
        let rich = format!("[{}0]", "0,".repeat(1_000_001));
        assert!(value(rich.as_bytes()).is_none());
        assert_eq!(trouble(rich.as_bytes()), ProblemKind::Limit);
        assert_eq!(trouble(b"{"), ProblemKind::Damaged);
        assert!(value(format!("\"{}\"", "a, b ".repeat(500_000)).as_bytes()).is_some());
    }

    #[test]
    fn what_does_not_fit_stays() {
        let (mut object, _) = object(br#"{"n": "17", "m": {"k": 1}, "t": 5, "l": []}"#).unwrap();
        assert_eq!(take_number(&mut object, "n"), Some(17));
        assert_eq!(take_number(&mut object, "m"), None);
        assert_eq!(take_text(&mut object, "t"), None);
        let mut extra = Extra::new();
        put_rest(&mut extra, "", object);
        let extra: Vec<(&str, &str)> = extra.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(extra, [("m", "{\"k\":1}"), ("t", "5")]);
    }
}
