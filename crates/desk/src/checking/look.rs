//! The guided look: what no file holds is looked at on the phone, step by step, and an answer is written down
//! only if the client agreed to that.

use std::collections::BTreeMap;

use check::rules::RULES;
use custody::Fields;
use model::{EntryNumber, Timestamp};
use vault::EntryRead;

use crate::{Desk, DeskError, OpenCase};

/// The kind of its entry.
const KIND: &str = "look.answered";
/// The answers.
const ANSWERS: [&str; 4] = ["fine", "unknown-thing", "could-not-look", "not-now"];

/// An answer as it is given.
pub struct LookForm {
    /// The step.
    pub step: String,
    /// `fine`, `unknown-thing`, `could-not-look` or `not-now`.
    pub answer: String,
    /// What was seen, in words; may be empty.
    pub words: String,
    /// The client agreed that this is written down.
    pub agreed: Agreed,
}

/// Whether the client agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreed {
    /// She did.
    Yes,
    /// She did not, or was not asked: nothing is written down.
    No,
}

/// An answer that was written down.
#[derive(Debug, serde::Serialize)]
pub struct LookAnswer {
    /// The step.
    pub step: String,
    /// The answer.
    pub answer: String,
    /// What was seen, in words.
    pub words: String,
    /// When it was written down.
    pub at: Option<Timestamp>,
    /// The entry.
    pub entry: EntryNumber,
}

impl Desk<'_> {
    /// Writes an answer down.
    pub fn look(&mut self, case: &mut OpenCase, form: &LookForm) -> Result<EntryNumber, DeskError> {
        if form.agreed == Agreed::No {
            return Err(DeskError::NotAgreed);
        }
        if !RULES.look.iter().any(|step| step.id == form.step) {
            return Err(DeskError::Unknown(form.step.clone()));
        }
        if !ANSWERS.contains(&form.answer.as_str()) {
            return Err(DeskError::BadInput("look-answer"));
        }
        let fields = Fields::new()
            .with("step", form.step.as_str())
            .with("answer", form.answer.as_str())
            .with("words", form.words.as_str())
            .with("agreed", true);
        self.append(case, KIND, fields)
    }

    /// The last answer to each step, in the order of the steps.
    pub fn look_answers(&self, case: &OpenCase) -> Result<Vec<LookAnswer>, DeskError> {
        let keyring = case.keyring()?;
        let mut answers: BTreeMap<usize, LookAnswer> = BTreeMap::new();
        for entry in case.vault.entries(keyring) {
            let (entry_number, EntryRead::Body(entry)) = entry? else { continue };
            if entry.fields.kind() != Some(KIND) {
                continue;
            }
            let text = |name: &str| entry.fields.text(name).unwrap_or_default().to_owned();
            let step = text("step");
            let order = RULES.look.iter().position(|known| known.id == step).unwrap_or(usize::MAX);
            let (answer, words, at) = (text("answer"), text("words"), text("at").parse().ok());
            answers.insert(order, LookAnswer { step, answer, words, at, entry: entry_number });
        }
        Ok(answers.into_values().collect())
    }
}
