//! Members of JSON that others wrote, taken as they come: a wrong type is no error, a list has an end.
//!
//! For `serde` structs that pick a few members of a large document (crash reports, status of the keychain).
//! Nothing else is kept, so that memory stays small whatever is in the rest. Deliberately no tree.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::database::clipped;

/// Most elements or members that are kept.
const KEPT_MOST: usize = 20_000;

/// A text, number or truth as text, clipped; nothing for anything else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Loose(pub(crate) Option<String>);

impl Loose {
    /// The text, if it is not empty.
    pub(crate) fn text(&self) -> Option<&str> {
        self.0.as_deref().filter(|text| !text.is_empty())
    }

    /// As a number.
    pub(crate) fn number(&self) -> Option<u64> {
        self.text()?.parse().ok()
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<Loose, E> {
        Ok(Loose(Some(clipped(text).to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Loose, E> {
        Ok(Loose(Some(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Loose, E> {
        Ok(Loose(Some(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Loose, E> {
        Ok(Loose(Some(number.to_string())))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Loose, E> {
        Ok(Loose(Some(truth.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Loose, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        // That it is there is known.
        Ok(Loose(Some(String::new())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Loose, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose(Some(String::new())))
    }
}

/// The elements of a list, or the values of an object; none for anything else. So many are kept.
#[derive(Clone, Debug)]
pub(crate) struct Many<T>(pub(crate) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor(PhantomData))
    }
}

struct ManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, _: &str) -> Result<Many<T>, E> {
        Ok(Many::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Many<T>, E> {
        Ok(Many::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Many<T>, E> {
        Ok(Many::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Many<T>, E> {
        Ok(Many::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Many<T>, E> {
        Ok(Many::default())
    }

    fn visit_unit<E>(self) -> Result<Many<T>, E> {
        Ok(Many::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Many<T>, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < KEPT_MOST {
            match elements.next_element()? {
                Some(element) => kept.push(element),
                None => return Ok(Many(kept)),
            }
        }
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Many(kept))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Many<T>, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < KEPT_MOST {
            match members.next_entry::<IgnoredAny, T>()? {
                Some((_, value)) => kept.push(value),
                None => return Ok(Many(kept)),
            }
        }
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Many(kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Some3 {
        #[serde(default)]
        a: Loose,
        #[serde(default)]
        b: Many<Loose>,
    }

    #[test]
    fn wrong_types_are_no_error() {
        for (json, a, b) in [
            (r#"{"a":"x","b":["y",1,null]}"#, Some("x"), 3),
            (r#"{"a":7,"b":{"k":"v"}}"#, Some("7"), 1),
            (r#"{"a":[{}],"b":"no"}"#, None, 0),
            (r#"{"a":null}"#, None, 0),
        ] {
            let read: Some3 = serde_json::from_str(json).unwrap();
            assert_eq!((read.a.text(), read.b.0.len()), (a, b), "{json}");
        }
    }

    #[test]
    fn a_long_list_has_an_end() {
        let json = format!("{{\"b\":[{}0]}}", "0,".repeat(100_000));
        assert_eq!(serde_json::from_str::<Some3>(&json).unwrap().b.0.len(), KEPT_MOST);
        assert!(serde_json::from_str::<Some3>(&format!("{{\"a\":{}", "[".repeat(100_000))).is_err());
    }
}
