//! What may be shown after the safety questions: how an input is obtained, how something is removed.
//!
//! An answer that is not there counts as not known, and that as the riskier one. Answers are not kept.

use std::collections::BTreeMap;

use crate::rules::{AskedFor, Guide, LeavesTrace, Outcome, RULES, SafetyAnswer};

/// The answers, by question.
pub type Answers = BTreeMap<String, SafetyAnswer>;

/// What follows from the answers; none if the rules say nothing, which then allows nothing.
pub fn outcome(asked_for: AskedFor, answers: &Answers) -> Option<&'static Outcome> {
    let holds = |outcome: &&Outcome| {
        outcome.when.iter().all(|(question, fitting)| {
            fitting.contains(answers.get(question).unwrap_or(&SafetyAnswer::Unknown))
        })
    };
    RULES.safety.outcome.iter().filter(|outcome| outcome.asked_for == asked_for).find(holds)
}

/// Whether advice that removes or switches something off may be shown.
pub fn allows_removal(answers: &Answers) -> bool {
    outcome(AskedFor::Removal, answers).is_some_and(|outcome| outcome.id == "removal")
}

/// Whether a guide may be shown.
pub fn allows_guide(guide: &Guide, answers: &Answers) -> bool {
    match outcome(AskedFor::Guides, answers).map(|outcome| outcome.id.as_str()) {
        Some("guides" | "with-plan") => true,
        Some("leave-no-trace") => guide.trace == LeavesTrace::Nothing,
        _ => false,
    }
}
