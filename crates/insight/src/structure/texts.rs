//! The thresholds and words of the rules: data of `rules/structure.toml`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::tactics::{Engine, HintRule, LanguageRules, RulesError};

/// The rules, loaded when first asked for.
pub static STRUCTURE: LazyLock<Structure> = LazyLock::new(|| Structure::load().unwrap_or_default());

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Structure {
    asks: Vec<String>,
    pub(super) repetition: RuleText,
    pub(super) calls: RuleText,
    pub(super) night: RuleText,
    pub(super) proof: RuleText,
    pub(super) escalation: RuleText,
    pub(super) number: RuleText,
    pub(super) questions: RuleText,
    pub(super) deleted: RuleText,
}

/// A rule with its thresholds; those it does not use are nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RuleText {
    pub(super) times: usize,
    pub(super) hours: i64,
    pub(super) minutes: i64,
    pub(super) days: i64,
    pub(super) nights: usize,
    pub(super) weeks: usize,
    pub(super) last: u64,
    pub(super) spread: usize,
    pub(super) once: usize,
    /// In German.
    pub de: RuleWords,
    /// In English.
    pub en: RuleWords,
}

/// The words of a rule.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RuleWords {
    /// Its name.
    pub name: String,
    /// What it looks at.
    pub about: String,
    /// How else it can be meant.
    pub ordinary: Vec<String>,
}

impl Structure {
    fn load() -> Result<Self, toml::de::Error> {
        toml::from_str(include_str!("../../../../rules/structure.toml"))
    }

    /// The rule of a name.
    pub fn rule(&self, name: &str) -> Option<&RuleText> {
        match name {
            "repetition" => Some(&self.repetition),
            "calls" => Some(&self.calls),
            "night" => Some(&self.night),
            "proof" => Some(&self.proof),
            "escalation" => Some(&self.escalation),
            "number" => Some(&self.number),
            "questions" => Some(&self.questions),
            "deleted" => Some(&self.deleted),
            _ => None,
        }
    }
}

/// Finds plain questions for the whereabouts, of all languages of the file.
pub fn asks() -> Result<Engine, RulesError> {
    let say = STRUCTURE.asks.clone();
    let hint = HintRule { code: "ask".to_owned(), say, unless: Vec::new(), ..HintRule::default() };
    let rules = LanguageRules {
        language: "all".to_owned(),
        characters_per_word: 1,
        hint: vec![hint],
        ..LanguageRules::default()
    };
    Engine::new([&rules])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole_in_both_languages() {
        let structure = Structure::load().unwrap();
        for name in ["repetition", "calls", "night", "proof", "escalation", "number", "questions", "deleted"]
        {
            let rule = structure.rule(name).unwrap();
            for words in [&rule.de, &rule.en] {
                assert!(!words.name.is_empty() && !words.about.is_empty() && !words.ordinary.is_empty());
            }
        }
    }

    #[test]
    fn whereabouts_are_asked_for_in_many_languages() {
        let engine = asks().unwrap();
        let mut finder = engine.finder();
        let mut marks = Vec::new();
        for text in ["Wo bist du??", "where r u", "T'es où", "Къде си", "你在哪里", "อยู่ไหน", "¿dónde estás?"]
        {
            finder.find(text, &mut marks);
            assert!(!marks.is_empty(), "{text}");
        }
        for text in ["wo ist der Bus", "bis morgen", "bonne nuit"] {
            finder.find(text, &mut marks);
            assert!(marks.is_empty(), "{text}");
        }
    }
}
