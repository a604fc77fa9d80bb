//! The languages that have rules, and what was measured for each.
//!
//! A language that no set written by somebody else has passed is a draft: off unless it is asked for by name.
//! The figures stand in `rules/tactics/quality.toml`, which a test works out again.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{Engine, LanguageRules, RulesError};

macro_rules! languages {
    ($($tag:literal),* $(,)?) => {
        &[$(($tag, include_str!(concat!("../../../../rules/tactics/", $tag, ".toml")))),*]
    };
}

/// The files, in the order of the roll-out.
const FILES: &[(&str, &str)] = languages!["de", "en", "fr"];

/// What was measured, loaded when first asked for.
static QUALITY: LazyLock<Quality> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../rules/tactics/quality.toml")).unwrap_or_default()
});

/// What was measured for each language.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    /// The languages.
    pub language: Vec<LanguageQuality>,
}

/// What was measured for a language.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageQuality {
    /// The language (BCP 47).
    pub tag: String,
    /// Whether it is a draft.
    pub state: LanguageState,
    /// On the sets that were known to whoever wrote the rules.
    pub written: SetQuality,
    /// On a set by somebody else that was not known; nothing if there is none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unseen: Option<SetQuality>,
}

/// Whether a language has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LanguageState {
    /// It has passed on a set written by somebody else.
    Passed,
    /// It has not.
    Draft,
}

/// Figures on one set, in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SetQuality {
    /// Messages in the set.
    pub messages: u32,
    /// Found of those with a tactic.
    pub recall_percent: u32,
    /// Right of those that are marked.
    pub precision_percent: u32,
}

/// Every language that has rules, in the order of the roll-out.
pub fn tags() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(tag, _)| *tag)
}

/// What was measured for a language.
pub fn quality(tag: &str) -> Option<&'static LanguageQuality> {
    QUALITY.language.iter().find(|language| language.tag == tag)
}

/// The languages that are on if none is named.
pub fn passed() -> Vec<&'static str> {
    let passed = |tag: &&str| quality(tag).is_some_and(|quality| quality.state == LanguageState::Passed);
    tags().filter(passed).collect()
}

/// The rules of these languages, ready; those that have no rules are left out.
pub fn engine(wanted: &[&str]) -> Result<Engine, RulesError> {
    let mut rules = Vec::new();
    for (tag, text) in FILES.iter().filter(|(tag, _)| wanted.contains(tag)) {
        let parsed = LanguageRules::parse(text);
        rules.push(parsed.map_err(|error| RulesError::File { language: (*tag).to_owned(), error })?);
    }
    Engine::new(&rules)
}

/// Something that changes with every rule, so that marks made by other rules are made again.
pub fn fingerprint(wanted: &[&str]) -> String {
    let mut hash = seal::Sha256::new();
    for (tag, text) in FILES.iter().filter(|(tag, _)| wanted.contains(tag)) {
        hash.update(tag.as_bytes());
        hash.update(&(text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finish().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tactics::taxonomy::TAXONOMY;

    #[test]
    fn every_language_is_sound_and_names_known_codes() {
        for (tag, text) in FILES {
            let rules = LanguageRules::parse(text).unwrap_or_else(|error| panic!("{tag}: {error}"));
            assert_eq!(rules.language, *tag);
            for hint in &rules.hint {
                assert!(TAXONOMY.entry(&hint.code).is_some(), "{tag}: {}", hint.code);
            }
            assert!(quality(tag).is_some(), "{tag} was not measured");
        }
        let all: Vec<&str> = tags().collect();
        engine(&all).unwrap();
    }
}
