//! The rules of one language as they stand in `rules/tactics/<language>.toml`.
//!
//! A member that is not known is an error, which a test finds before anybody else does.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The rules of a language.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageRules {
    /// The language (BCP 47).
    pub language: String,
    /// Small words by which the language is told; none in a language that its script tells.
    #[serde(default)]
    pub common: Vec<String>,
    /// Words that turn a sentence into its opposite.
    #[serde(default)]
    pub negation: Vec<String>,
    /// How many words before a passage a negation may stand.
    #[serde(default = "negation_before")]
    pub negation_before: usize,
    /// How many words behind it.
    #[serde(default)]
    pub negation_after: usize,
    /// Counts characters as so many to a word, in scripts without spaces.
    #[serde(default = "one")]
    pub characters_per_word: usize,
    /// Words are also looked for in the other script (Bulgarian, Russian, Ukrainian in Latin letters).
    #[serde(default)]
    pub other_script: bool,
    /// Words are also looked for with umlauts written out.
    #[serde(default)]
    pub umlauts: bool,
    /// Words that are never taken for another with a slip of the pen.
    #[serde(default)]
    pub no_slips: Vec<String>,
    /// Lines that, anywhere in a text, take away every mark of this language.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Lists that lines name.
    #[serde(default)]
    pub words: BTreeMap<String, Vec<String>>,
    /// The hints.
    #[serde(default)]
    pub hint: Vec<HintRule>,
}

/// Ways of saying something that may point to a tactic.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HintRule {
    /// The tactic, of `taxonomy.toml`.
    pub code: String,
    /// The lines; one that fits is enough.
    pub say: Vec<String>,
    /// Lines that, anywhere in the text, take the mark away.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Whether a negation beside the passage takes the mark away.
    #[serde(default)]
    pub negation: Negation,
}

/// What a negation beside a passage does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Negation {
    /// It takes the mark away, unless the line itself holds a negation.
    #[default]
    Blocks,
    /// It changes nothing.
    Ignored,
}

fn negation_before() -> usize {
    3
}

fn one() -> usize {
    1
}

impl LanguageRules {
    /// Reads a file.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}
