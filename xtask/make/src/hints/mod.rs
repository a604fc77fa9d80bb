//! Measures the hints on labelled sets: how many of the marked messages are found, how many marks fit.
//!
//! A set is a file of lines `label<TAB>text`; the label is a tactic, two joined by `+`, or `-` for an
//! ordinary message. A message counts as found if a mark of one of its tactics stands in it; a message is
//! wrongly marked if marks stand in it and none of its tactics is among them. Recall is found of labelled,
//! precision is found of marked, counted by message.

mod quality;
mod set;

pub use quality::measured;
pub use set::{Labelled, read_set};

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use insight::tactics::{Engine, LanguageRules, Mark};

/// What came of a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Messages with a tactic.
    pub labelled: u32,
    /// Those of them with a mark of one of their tactics.
    pub found: u32,
    /// Messages with marks, none of which fits.
    pub wrong: u32,
}

impl Measured {
    /// Found of labelled.
    pub fn recall(self) -> f64 {
        f64::from(self.found) / f64::from(self.labelled.max(1))
    }

    /// Found of marked.
    pub fn precision(self) -> f64 {
        f64::from(self.found) / f64::from((self.found + self.wrong).max(1))
    }

    /// Both together.
    pub fn add(&mut self, other: Self) {
        self.labelled += other.labelled;
        self.found += other.found;
        self.wrong += other.wrong;
    }
}

/// A message that was taken otherwise than it is labelled.
pub struct Miss {
    /// Its label.
    pub label: String,
    /// Its text.
    pub text: String,
    /// The marks: tactic, language, line, passage.
    pub marks: Vec<String>,
}

/// Measures a set; also gives figures by tactic and what went wrong.
pub fn measure(engine: &Engine, set: &[Labelled]) -> (Measured, BTreeMap<String, Measured>, Vec<Miss>) {
    let (mut all, mut by_tactic, mut misses) = (Measured::default(), BTreeMap::new(), Vec::new());
    let mut finder = engine.finder();
    let mut marks: Vec<Mark<'_>> = Vec::new();
    for message in set {
        finder.find(&message.text, &mut marks);
        let fits =
            marks.iter().any(|mark| message.tactics.iter().any(|tactic| tactic == tactic_of(mark.code)));
        let labelled = !message.tactics.is_empty();
        let one = Measured {
            labelled: u32::from(labelled),
            found: u32::from(labelled && fits),
            wrong: u32::from(!marks.is_empty() && !fits),
        };
        all.add(one);
        let label = message.tactics.join("+");
        for tactic in &message.tactics {
            by_tactic.entry(tactic.clone()).or_insert_with(Measured::default).add(one);
        }
        if !fits && (labelled || !marks.is_empty()) {
            let marks = marks.iter().map(|mark| {
                let passage = message.text.get(mark.place.clone()).unwrap_or_default();
                format!("{} [{}] {} => {passage}", mark.code, mark.language, mark.line)
            });
            misses.push(Miss { label, text: message.text.clone(), marks: marks.collect() });
        }
    }
    (all, by_tactic, misses)
}

/// The tactic of a code: what stands before the full stop.
pub fn tactic_of(code: &str) -> &str {
    code.split('.').next().unwrap_or(code)
}

/// `make hints RULES SETS [LANGUAGE …]`: every `RULES/<language>.toml` on `SETS/<language>.tsv`, all
/// languages switched on at once. With languages named, also what went wrong in theirs.
pub fn command(arguments: &[String]) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let [rules, sets, wanted @ ..] = arguments else {
        return Err("make hints RULES SETS [LANGUAGE …]".into());
    };
    let rules = load(Path::new(rules))?;
    let engine = Engine::new(&rules)?;
    let (mut told, mut all) = (String::new(), Measured::default());
    for language in &rules {
        let path = Path::new(sets).join(format!("{}.tsv", language.language));
        if !path.exists() {
            continue;
        }
        let set = read_set(&fs::read_to_string(&path)?)?;
        let (measured, by_tactic, misses) = measure(&engine, &set);
        all.add(measured);
        line(&mut told, &language.language, measured);
        if wanted.contains(&language.language) {
            for (tactic, measured) in by_tactic {
                line(&mut told, &format!("  {tactic}"), measured);
            }
            for miss in misses {
                let _ = writeln!(
                    told,
                    "  {:9} {}",
                    if miss.label.is_empty() { "-" } else { &miss.label },
                    miss.text
                );
                for mark in &miss.marks {
                    let _ = writeln!(told, "            {mark}");
                }
            }
        }
    }
    line(&mut told, "all", all);
    Ok(write!(std::io::stdout(), "{told}")?)
}

fn line(told: &mut String, name: &str, measured: Measured) {
    let Measured { labelled, found, wrong } = measured;
    let (recall, precision) = (measured.recall(), measured.precision());
    let _ = writeln!(
        told,
        "{name:12} recall {recall:.2} precision {precision:.2} ({found} of {labelled} found, {wrong} wrong)"
    );
}

/// All rules of a folder, by language.
pub fn load(folder: &Path) -> Result<Vec<LanguageRules>, String> {
    let mut rules = Vec::new();
    let mut paths: Vec<_> = fs::read_dir(folder)
        .map_err(|error| error.to_string())?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    paths.sort();
    for path in paths {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // Languages are two or three letters; other files are about all of them.
        if path.extension().is_none_or(|extension| extension != "toml") || stem.len() > 3 {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let parsed = LanguageRules::parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        if let Err(error) = Engine::new([&parsed]) {
            return Err(format!("{}: {error}", path.display()));
        }
        rules.push(parsed);
    }
    Ok(rules)
}
