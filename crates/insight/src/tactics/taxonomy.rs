//! The tactics: what each is, how else such a passage can be meant, what goes with it, in German and English.
//!
//! Data of `rules/tactics/taxonomy.toml`. The grouping is the one of the design; each entry names the
//! published indicators it leans on (ILO, UNODC) and the value of HTCDS 2.0 where there is one.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// The taxonomy, loaded when first asked for.
pub static TAXONOMY: LazyLock<Taxonomy> = LazyLock::new(|| Taxonomy::load().unwrap_or_default());

/// The tactics.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taxonomy {
    /// The groups.
    pub tactic: Vec<Tactic>,
    /// What is marked.
    pub entry: Vec<Entry>,
}

/// A group of entries.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tactic {
    /// The word before the full stop of its codes.
    pub id: String,
    /// In German.
    pub de: TacticWords,
    /// In English.
    pub en: TacticWords,
}

/// The words of a group.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TacticWords {
    /// Its name.
    pub name: String,
    /// What it is.
    pub about: String,
    /// What typically exists beside such passages.
    pub evidence: Vec<String>,
    /// What not to do.
    pub avoid: Vec<String>,
}

/// Something that is marked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its code.
    pub code: String,
    /// What it leans on.
    pub sources: Vec<String>,
    /// The values of HTCDS 2.0 it corresponds to: `field=value`.
    pub htcds: Vec<String>,
    /// In German.
    pub de: EntryWords,
    /// In English.
    pub en: EntryWords,
}

/// The words of an entry.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EntryWords {
    /// Its name.
    pub name: String,
    /// What is marked.
    pub sees: String,
    /// Why it can matter.
    pub why: String,
    /// A question to the client.
    pub ask: String,
    /// How else it can be meant.
    pub ordinary: Vec<String>,
}

impl Taxonomy {
    /// Reads it.
    fn load() -> Result<Self, toml::de::Error> {
        toml::from_str(include_str!("../../../../rules/tactics/taxonomy.toml"))
    }

    /// The entry of a code.
    pub fn entry(&self, code: &str) -> Option<&Entry> {
        self.entry.iter().find(|entry| entry.code == code)
    }

    /// The group of a code; a hint set by hand that fits none has none.
    pub fn tactic_of(&self, code: &str) -> Option<&Tactic> {
        let group = code.split('.').next()?;
        self.tactic.iter().find(|tactic| tactic.id == group)
    }

    /// Whether a code, or a group by its word, is known.
    pub fn knows(&self, code: &str) -> bool {
        self.entry(code).is_some() || self.tactic.iter().any(|tactic| tactic.id == code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_once_with_its_group_and_every_word() {
        let taxonomy = Taxonomy::load().unwrap();
        let groups: BTreeSet<&str> = taxonomy.tactic.iter().map(|tactic| tactic.id.as_str()).collect();
        let mut codes = BTreeSet::new();
        for entry in &taxonomy.entry {
            assert!(codes.insert(entry.code.as_str()), "{} stands twice", entry.code);
            let group = entry.code.split('.').next().unwrap();
            assert!(groups.contains(group) || group == "hand", "{}", entry.code);
            assert!(!entry.sources.is_empty(), "{}", entry.code);
            for words in [&entry.de, &entry.en] {
                let single = [&words.name, &words.sees, &words.why, &words.ask];
                assert!(single.iter().all(|text| !text.trim().is_empty()), "{}", entry.code);
                assert!(!words.ordinary.is_empty(), "{}", entry.code);
            }
        }
        assert!(codes.len() > 40);
        for tactic in &taxonomy.tactic {
            for words in [&tactic.de, &tactic.en] {
                assert!(!words.evidence.is_empty() && !words.avoid.is_empty(), "{}", tactic.id);
            }
        }
    }
}
