//! What was measured for each language: `rules/tactics/quality.toml`, worked out from the rules and the sets.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use insight::tactics::{Engine, LanguageRules, LanguageState};

use super::{Labelled, Measured, measure, read_set};

/// A language passes with at least this on a set that was not known to whoever wrote its rules.
const RECALL: f64 = 0.60;
const PRECISION: f64 = 0.75;

/// The text of `quality.toml`: each language alone, on what lies in `SETS/written` and `SETS/unseen`.
pub fn measured(rules: &[LanguageRules], sets: &Path) -> Result<String, String> {
    let mut told = String::from(
        "# Written by a test (UPDATE_EXPECTED=1 cargo nextest run -p make quality): change rules or sets.\n\
         # written: sets known to whoever wrote the rules. unseen: sets by somebody else who did not know\n\
         # them, measured before they were looked at. No native speaker has reviewed any language.\n",
    );
    for language in rules {
        let engine = Engine::new([language]).map_err(|error| error.to_string())?;
        let written = of(&engine, &sets.join("written"), &language.language)?;
        let unseen = of(&engine, &sets.join("unseen"), &language.language)?;
        let Some(written) = written else { return Err(format!("{}: no set", language.language)) };
        let passed =
            unseen.is_some_and(|(_, unseen)| unseen.recall() >= RECALL && unseen.precision() >= PRECISION);
        let state = if passed { LanguageState::Passed } else { LanguageState::Draft };
        let state = if state == LanguageState::Passed { "passed" } else { "draft" };
        let _ = writeln!(told, "\n[[language]]\ntag = \"{}\"\nstate = \"{state}\"", language.language);
        line(&mut told, "written", written);
        if let Some(unseen) = unseen {
            line(&mut told, "unseen", unseen);
        }
    }
    Ok(told)
}

fn line(told: &mut String, name: &str, (messages, measured): (usize, Measured)) {
    let percent = |part: f64| (part * 100.0).floor();
    let (recall, precision) = (percent(measured.recall()), percent(measured.precision()));
    let _ = writeln!(
        told,
        "{name} = {{ messages = {messages}, recall_percent = {recall}, precision_percent = {precision} }}"
    );
}

/// The figures on the set of a language, if there is one.
fn of(engine: &Engine, folder: &Path, language: &str) -> Result<Option<(usize, Measured)>, String> {
    let path = folder.join(format!("{language}.tsv"));
    if !path.exists() {
        return Ok(None);
    }
    let set: Vec<Labelled> = read_set(&fs::read_to_string(&path).map_err(|error| error.to_string())?)?;
    let (measured, _, _) = measure(engine, &set);
    Ok(Some((set.len(), measured)))
}
