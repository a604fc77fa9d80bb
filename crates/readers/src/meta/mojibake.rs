//! Puts right what Meta's JSON does to text: every byte of UTF-8 written as a character of its own (`Ã¼` for
//! `ü`).
//!
//! String by string, because newer exports mix both ways (Chatistics#43). A string that is not wholly of that
//! kind stays as it is. Deliberately no repair of halves.

use serde_json::Value;

/// What became of the strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repair {
    /// All read as text.
    Whole,
    /// At least one looks as if it had been garbled and cannot be put right.
    Doubtful,
}

/// The text as it was meant; none if it is not of that kind.
pub(crate) fn repaired(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    String::from_utf8(bytes?).ok()
}

/// Puts every string of a value right, names too.
pub(crate) fn repair_all(value: &mut Value) -> Repair {
    match value {
        Value::String(text) => repair(text),
        Value::Array(list) => worst(list.iter_mut().map(repair_all)),
        Value::Object(members) => worst(members.values_mut().map(repair_all)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Repair::Whole,
    }
}

fn repair(text: &mut String) -> Repair {
    match repaired(text) {
        Some(meant) => {
            *text = meant;
            Repair::Whole
        }
        None if has_garbled_pair(text) => Repair::Doubtful,
        None => Repair::Whole,
    }
}

/// A first and a second byte of UTF-8 side by side, as characters: `Ã¼`. Hardly anybody writes that.
fn has_garbled_pair(text: &str) -> bool {
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.into_iter().any(|(first, second)| {
        ('\u{c2}'..='\u{f4}').contains(&first) && ('\u{80}'..='\u{bf}').contains(&second)
    })
}

fn worst(all: impl Iterator<Item = Repair>) -> Repair {
    // Every one is to be put right, so no early end.
    all.fold(Repair::Whole, |worst, next| if next == Repair::Doubtful { next } else { worst })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn garbled(text: &str) -> String {
        text.bytes().map(char::from).collect()
    }

    #[test]
    fn texts_of_any_script_come_back() {
        for text in ["Grüße", "Привет", "日本", "👩\u{200d}👩\u{200d}👧", "❤\u{fe0f}", "a\u{0}ü"]
        {
            assert_eq!(repaired(&garbled(text)).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_text_already_stays() {
        for text in ["plain", "", "Grüße", "Привет", "ü", "👩"] {
            assert_eq!(repaired(text), None, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_put_right_stays_and_is_said() {
        let cut: String = garbled("Grüße 👍").chars().take(10).collect();
        let mut value = Value::from(cut.clone());
        assert_eq!(repair_all(&mut value), Repair::Doubtful);
        assert_eq!(value, Value::from(cut));
    }
}
