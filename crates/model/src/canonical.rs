//! Canonical JSON (RFC 8785), strict in both directions.

use serde::Serialize;
use serde_json::Value;

/// Bytes that are not canonical JSON, or a value that has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// Not JSON at all.
    #[error("not JSON")]
    NotJson,
    /// JSON, but not in the one canonical form.
    #[error("JSON that is not in canonical form")]
    NotCanonical,
    /// A number that is not an integer between −(2^53−1) and 2^53−1.
    #[error("a number outside of the whole numbers that JSON keeps exactly")]
    Number,
}

const INTEGER_MAX: u64 = (1 << 53) - 1;

/// The canonical bytes of a value.
pub fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let value = serde_json::to_value(value).map_err(|_| CanonicalError::NotJson)?;
    check_numbers(&value)?;
    serde_json_canonicalizer::to_vec(&value).map_err(|_| CanonicalError::NotJson)
}

/// The canonical text of a value.
pub fn to_text<T: Serialize + ?Sized>(value: &T) -> Result<String, CanonicalError> {
    String::from_utf8(to_bytes(value)?).map_err(|_| CanonicalError::NotJson)
}

/// Parses bytes that must be exactly the canonical form of what they say.
pub fn parse(bytes: &[u8]) -> Result<Value, CanonicalError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| CanonicalError::NotJson)?;
    if to_bytes(&value)? == bytes { Ok(value) } else { Err(CanonicalError::NotCanonical) }
}

fn check_numbers(value: &Value) -> Result<(), CanonicalError> {
    match value {
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(n), _) if n <= INTEGER_MAX => Ok(()),
            (None, Some(n)) if n.unsigned_abs() <= INTEGER_MAX => Ok(()),
            _ => Err(CanonicalError::Number),
        },
        Value::Array(items) => items.iter().try_for_each(check_numbers),
        Value::Object(map) => map.values().try_for_each(check_numbers),
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn writes_sorted_and_reads_only_what_it_would_write() {
        let value = json!({"b": 1, "a": ["\u{e9}", null, -3], "ä": "\u{1}"});
        let bytes = to_bytes(&value).unwrap_or_default();
        assert_eq!(bytes, "{\"a\":[\"é\",null,-3],\"b\":1,\"ä\":\"\\u0001\"}".as_bytes());
        assert_eq!(parse(&bytes), Ok(value));
        for (text, error) in [
            ("{\"b\":1,\"a\":2}", CanonicalError::NotCanonical),
            ("{ \"a\":1}", CanonicalError::NotCanonical),
            ("{\"a\":1,\"a\":1}", CanonicalError::NotCanonical),
            ("1.5", CanonicalError::Number),
            ("9007199254740992", CanonicalError::Number),
            ("{", CanonicalError::NotJson),
        ] {
            assert_eq!(parse(text.as_bytes()), Err(error), "{text}");
        }
    }
}
