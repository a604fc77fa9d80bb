//! `hints`: passages that may point to a tactic, each with its reason; and what people made of them.
//!
//! Off until somebody asks. A hint is a mark beside a passage: the desk counts none of them into anything.
//! What a person dismissed is not listed again unless it is asked for; what she set by hand stands first.

use std::collections::BTreeMap;

use index::{HintFilter, Index, SeenHint, searched};
use insight::tactics::{self, LanguageQuality, TAXONOMY};
use model::EntryNumber;

use super::decisions::{Decisions, HintDecision};
use super::pass::PassForm;
use super::passage::{MarkedPlace, Passage, passages};
use crate::reading::IndexFile;
use crate::reading::records::{ShownRecord, shown};
use crate::{Desk, DeskError, OpenCase};

/// Hints that are looked through at once.
const PAGE: usize = 500;
/// The code of a hint that fits none.
const BY_HAND: &str = "hand.other";

/// Which hints are wanted.
#[derive(Clone, Debug, Default)]
pub struct HintsForm {
    /// The languages; those that have passed if none is named.
    pub languages: Vec<String>,
    /// Only this tactic: a code, or the word before its full stop.
    pub code: Option<String>,
    /// At most so many; all if none.
    pub most: Option<u64>,
    /// After so many of them.
    pub skip: u64,
    /// What was dismissed, too.
    pub dismissed: Dismissed,
}

/// Whether dismissed hints are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dismissed {
    /// They are left out, and counted.
    #[default]
    LeftOut,
    /// They are listed.
    Listed,
}

/// What was found.
#[derive(Debug, serde::Serialize)]
pub struct FoundHints {
    /// The languages that were looked for, with what was measured for each.
    pub languages: Vec<LanguageQuality>,
    /// How many hints there are of each code, those that were dismissed included.
    pub counts: BTreeMap<String, u64>,
    /// The hints.
    pub hints: Vec<ShownHint>,
    /// Hints of this list that were dismissed and are left out.
    pub dismissed: u64,
    /// Whether there are more.
    pub more: bool,
}

/// A hint.
#[derive(Debug, serde::Serialize)]
pub struct ShownHint {
    /// The tactic that counts: the one that a person chose, if one did.
    pub code: String,
    /// The language of the rule; empty for a rule about structure and for a hint set by hand.
    pub language: String,
    /// The rule: a line of the language, or the name of a rule about structure; empty if set by hand.
    pub rule: String,
    /// What a rule about structure found.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub facts: serde_json::Value,
    /// The passage with what is around it.
    pub passages: Vec<Passage>,
    /// What a person decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided: Option<HintDecision>,
    /// The record it stands in.
    pub record: ShownRecord,
}

impl Desk<'_> {
    /// Looks for hints, in the order of time; those that a person set come first.
    pub fn hints(&mut self, case: &mut OpenCase, form: &HintsForm) -> Result<FoundHints, DeskError> {
        let languages = chosen(&form.languages)?;
        if let Some(code) = form.code.as_deref().filter(|code| !TAXONOMY.knows(code) && *code != BY_HAND) {
            return Err(DeskError::Unknown(code.to_owned()));
        }
        let pass = PassForm { languages: languages.clone(), countries: Vec::new() };
        let (index, insights) = self.insights(case, &pass)?;
        self.looked(case, "hints")?;
        let decisions = self.decisions(case)?;
        let qualities = languages.iter().filter_map(|tag| tactics::quality(tag)).cloned().collect();
        let counts = insights.hint_counts()?.into_iter().map(|count| (count.code, count.hints)).collect();
        let mut listing = Listing {
            index: &index,
            decisions: &decisions,
            form,
            passed: 0,
            found: FoundHints { languages: qualities, counts, hints: Vec::new(), dismissed: 0, more: false },
        };
        listing.by_hand()?;
        // A hint may have got the wanted code from a person.
        let is_relabelled = |decision: &HintDecision| decision.new_code().is_some();
        let code = form.code.clone().filter(|_| !decisions.hints.values().any(is_relabelled));
        let filter = HintFilter { code, record: None };
        let mut after: Option<SeenHint> = None;
        while !listing.found.more {
            let hints = insights.hints(&filter, after.as_ref(), PAGE)?;
            for hint in &hints {
                listing.put(hint)?;
                if listing.found.more {
                    break;
                }
            }
            after = hints.into_iter().next_back();
            if after.is_none() {
                break;
            }
        }
        Ok(listing.found)
    }

    /// Decides about a hint of a record; `record` is the beginning of its identifier. Nothing undoes what was
    /// decided before.
    pub fn judge_hint(
        &mut self,
        case: &mut OpenCase,
        (record, code): (&str, &str),
        decision: Option<&HintDecision>,
    ) -> Result<EntryNumber, DeskError> {
        let codes = [Some(code), decision.and_then(HintDecision::new_code)];
        for code in codes.into_iter().flatten() {
            if TAXONOMY.entry(code).is_none() {
                return Err(DeskError::Unknown(code.to_owned()));
            }
        }
        let prefix = record.parse().map_err(|_| DeskError::Unknown(record.to_owned()))?;
        let line = IndexFile::of(case)?.current(case)?.record(prefix)?;
        self.decide_hint(case, (&line.key.to_string(), code), decision)
    }
}

/// Every language that has rules, with what was measured.
pub fn hint_languages() -> Vec<LanguageQuality> {
    tactics::tags().filter_map(tactics::quality).cloned().collect()
}

/// The languages that were named, or those that have passed.
fn chosen(named: &[String]) -> Result<Vec<String>, DeskError> {
    if named.is_empty() {
        return Ok(tactics::passed().into_iter().map(str::to_owned).collect());
    }
    if let Some(unknown) = named.iter().find(|tag| !tactics::tags().any(|known| known == tag.as_str())) {
        return Err(DeskError::Unknown(unknown.clone()));
    }
    // In one order, so that the same languages are the same pass.
    Ok(tactics::tags().filter(|tag| named.iter().any(|named| named == tag)).map(str::to_owned).collect())
}

struct Listing<'l> {
    index: &'l Index,
    decisions: &'l Decisions,
    form: &'l HintsForm,
    /// Hints that fit so far.
    passed: u64,
    found: FoundHints,
}

impl Listing<'_> {
    /// Hints that a person set.
    fn by_hand(&mut self) -> Result<(), DeskError> {
        let decisions = self.decisions;
        for ((record, code), decision) in &decisions.hints {
            let HintDecision::Added { place, .. } = decision else { continue };
            let Ok(prefix) = record.parse() else { continue };
            // A record that is not read any more has no passage to show.
            let Ok(line) = self.index.record(prefix) else { continue };
            if !self.fits(code) || !self.counts_in() {
                continue;
            }
            let marks = place.map(|place| {
                let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
                (whole(place.part), whole(place.from)..whole(place.until))
            });
            let hint = ShownHint {
                code: code.clone(),
                language: String::new(),
                rule: String::new(),
                facts: serde_json::Value::Null,
                passages: self.passages(&line, marks)?,
                decided: Some(decision.clone()),
                record: shown(self.index, line)?,
            };
            self.found.hints.push(hint);
        }
        Ok(())
    }

    fn put(&mut self, hint: &SeenHint) -> Result<(), DeskError> {
        let line = self.index.numbered(hint.spot.cursor.number)?;
        let key = line.key.to_string();
        let decided = self.decisions.hints.get(&(key, hint.code.clone())).cloned();
        let code = decided.as_ref().and_then(HintDecision::new_code).unwrap_or(&hint.code).to_owned();
        if !self.fits(&code) {
            return Ok(());
        }
        let dismissed = matches!(decided, Some(HintDecision::Dismissed { .. }));
        if dismissed && self.form.dismissed == Dismissed::LeftOut {
            self.found.dismissed = self.found.dismissed.saturating_add(1);
            return Ok(());
        }
        if !self.counts_in() {
            return Ok(());
        }
        let place = (usize::from(hint.spot.part), whole(hint.spot.from)..whole(hint.spot.until));
        let shown = ShownHint {
            code,
            language: hint.language.clone(),
            rule: hint.rule.clone(),
            facts: serde_json::from_str(&hint.facts).unwrap_or_default(),
            passages: self.passages(&line, Some(place))?,
            decided,
            record: shown(self.index, line)?,
        };
        self.found.hints.push(shown);
        Ok(())
    }

    fn fits(&self, code: &str) -> bool {
        self.form.code.as_deref().is_none_or(|wanted| {
            code.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Counts a hint that fits; whether it is one of those that are shown.
    fn counts_in(&mut self) -> bool {
        self.passed = self.passed.saturating_add(1);
        let shown = self.found.hints.len() as u64;
        if self.form.most.is_some_and(|most| shown >= most) {
            self.found.more = true;
            return false;
        }
        self.passed > self.form.skip
    }

    fn passages(
        &self,
        line: &index::Line,
        mark: Option<(usize, std::ops::Range<usize>)>,
    ) -> Result<Vec<Passage>, DeskError> {
        let steps = self.index.steps(line.file)?;
        let texts: Vec<&str> = searched(&line.record, &steps).into_iter().map(|part| part.text).collect();
        let mark = mark.or_else(|| texts.first().map(|text| (0, 0..text.len())));
        let marks: Vec<MarkedPlace> =
            mark.into_iter().map(|(part, place)| MarkedPlace { part, place, term: 0 }).collect();
        Ok(passages(&texts, &marks))
    }
}

fn whole(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
