//! Records as JSON for people and programs: what is empty is left out.

use serde_json::Value;

use super::Record;

/// A record as JSON, without its empty fields.
pub fn json(record: &Record) -> Value {
    without_empty(serde_json::to_value(record).unwrap_or_default())
}

/// The same value without members that are `null`, an empty text, list or object.
pub fn without_empty(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| (name, without_empty(member)))
            .filter(|(_, member)| !is_empty(member))
            .collect(),
        Value::Array(elements) => elements.into_iter().map(without_empty).collect(),
        other => other,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_is_left_out_and_zero_is_not() {
        let value =
            serde_json::json!({ "a": null, "b": "", "c": [], "d": { "e": null }, "f": 0, "g": [null] });
        assert_eq!(without_empty(value).to_string(), r#"{"f":0,"g":[null]}"#);
    }
}
