//! STIX 2.1 bundles (OASIS standard of 2021-06-10), as MVT's lists are written; 2.0 reads the same.
//!
//! Objects are read one by one, so a bundle costs little more than its largest object. Understood are
//! indicators, what they indicate, and the names of that. An object or pattern that is not understood is a
//! trouble and the rest goes on; a file that is cut gives what stood before. Deliberately not read: observed
//! data, sightings, marking definitions, times of validity (an old indicator on an old phone still tells).

use std::collections::HashMap;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::list::{Family, Indicator, List, ListLimits};
use super::{normal, stix_pattern};
use crate::Kind;

/// Longest name of a family.
const NAME_BYTES_MOST: usize = 200;
/// Most other names of a family.
const ALIASES_MOST: usize = 100;

/// Reads a bundle. Indicators that point at nothing with a name belong to a family named `unnamed`.
pub fn stix(bytes: &[u8], unnamed: &str, limits: ListLimits) -> List {
    let mut list = List::default();
    if bytes.len() > limits.bytes {
        list.trouble("file", "a file within the limit");
        return list;
    }
    let mut bundle = Bundle { limits, ..Bundle::default() };
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = json.deserialize_map(BundleVisitor(&mut bundle, &mut list));
    if let Err(error) = read {
        list.trouble(&format!("line {}", error.line()), "JSON of a STIX bundle");
    }
    bundle.join(unnamed, &mut list);
    list
}

/// What was read of a bundle.
#[derive(Default)]
struct Bundle {
    limits: ListLimits,
    /// What can be indicated, by its identifier.
    named: HashMap<String, Family>,
    /// The values of each indicator, in order, by its identifier.
    indicators: Vec<(String, Vec<Indicator>)>,
    /// What each indicator indicates.
    indicates: HashMap<String, Vec<String>>,
    count: usize,
}

impl Bundle {
    /// Takes one object in.
    fn take(&mut self, object: &Value, list: &mut List) {
        let text = |member: &str| object.get(member).and_then(Value::as_str);
        let id = text("id").unwrap_or_default();
        match text("type") {
            Some("indicator") => self.indicator(id, object, list),
            Some("relationship") => {
                let ends = text("source_ref").zip(text("target_ref"));
                match (text("relationship_type"), ends) {
                    (Some("indicates"), Some((from, to))) => {
                        self.indicates.entry(from.to_owned()).or_default().push(to.to_owned());
                    }
                    (Some(_), Some(_)) => {}
                    _ => list.trouble(id, "a relationship with its type and both ends"),
                }
            }
            Some("malware" | "tool" | "campaign" | "threat-actor" | "intrusion-set") => match text("name") {
                Some(name) => {
                    let family = family_of(object, name);
                    self.named.insert(id.to_owned(), family);
                }
                None => list.trouble(id, "an object with a name"),
            },
            Some(_) => {}
            None => list.trouble(id, "an object with a type"),
        }
    }

    fn indicator(&mut self, id: &str, object: &Value, list: &mut List) {
        let kind = object.get("pattern_type").and_then(Value::as_str).unwrap_or("stix");
        let Some(pattern) = object.get("pattern").and_then(Value::as_str).filter(|_| kind == "stix") else {
            return list.trouble(id, "an indicator with a STIX pattern");
        };
        let values = match stix_pattern::values(pattern) {
            Ok(values) => values,
            Err(stix_pattern::NotSingle(expected)) => return list.trouble(id, expected),
        };
        let mut indicators = Vec::with_capacity(values.len());
        for (path, value) in values {
            let Some(kind) = stix_pattern::kind_of(&path) else {
                list.trouble(id, "an object of a known sort");
                continue;
            };
            match Indicator::new(kind, &value) {
                Some(_) if self.count >= self.limits.indicators => {
                    list.trouble(id, "indicators within the limit");
                }
                Some(one) => {
                    self.count = self.count.saturating_add(1);
                    indicators.push(one);
                }
                None => list.trouble(id, "a value of its sort"),
            }
        }
        if !indicators.is_empty() {
            self.indicators.push((id.to_owned(), indicators));
        }
    }

    /// Gives each family what indicates it.
    fn join(self, unnamed: &str, list: &mut List) {
        let Self { named, indicators, indicates, .. } = self;
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut rest = Family::new(unnamed, Kind::Untold);
        for (id, mut values) in indicators {
            let targets = indicates.get(&id).map(Vec::as_slice).unwrap_or_default();
            let mut targets = targets.iter().filter_map(|target| named.get_key_value(target)).peekable();
            if targets.peek().is_none() {
                rest.indicators.append(&mut values);
            }
            for (target, family) in targets.take(8) {
                let place = *places.entry(target.as_str()).or_insert_with(|| {
                    list.families.push(family.clone());
                    list.families.len().saturating_sub(1)
                });
                if let Some(family) = list.families.get_mut(place) {
                    family.indicators.extend_from_slice(&values);
                }
            }
        }
        if !rest.indicators.is_empty() {
            list.families.push(rest);
        }
    }
}

/// The family an object tells of.
fn family_of(object: &Value, name: &str) -> Family {
    let texts = |member: &str| object.get(member).and_then(Value::as_array).into_iter().flatten();
    let words = ["malware_types", "tool_types", "labels"].into_iter().flat_map(texts);
    let description = object.get("description").and_then(Value::as_str).unwrap_or_default();
    let told: Vec<String> = words
        .filter_map(Value::as_str)
        .chain([normal::clip(description, 1024), name])
        .map(str::to_lowercase)
        .collect();
    let says = |word: &str| told.iter().any(|text| text.contains(word));
    let kind = if says("watchware") {
        Kind::Watchware
    } else if says("stalkerware") {
        Kind::Stalkerware
    } else if says("forensic") || says("cellebrite") {
        Kind::Forensic
    } else if says("spyware") || says("surveillance") {
        Kind::Spyware
    } else {
        Kind::Untold
    };
    let clip = |text: &str| normal::clip(text, NAME_BYTES_MOST).replace(char::is_control, " ");
    let mut family = Family::new(&clip(name), kind);
    family.aliases = texts("aliases").filter_map(Value::as_str).take(ALIASES_MOST).map(clip).collect();
    family
}

/// Goes through the bundle's members to its objects.
struct BundleVisitor<'b>(&'b mut Bundle, &'b mut List);

impl<'de> Visitor<'de> for BundleVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a STIX bundle")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(bundle, list) = self;
        while let Some(member) = map.next_key::<String>()? {
            if member == "objects" {
                map.next_value_seed(Objects(bundle, list))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Takes the objects in, one by one.
struct Objects<'b>(&'b mut Bundle, &'b mut List);

impl<'de> DeserializeSeed<'de> for Objects<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Objects<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of STIX objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut objects: A) -> Result<(), A::Error> {
        let Self(bundle, list) = self;
        while let Some(object) = objects.next_element::<Value>()? {
            bundle.take(&object, list);
        }
        Ok(())
    }
}
