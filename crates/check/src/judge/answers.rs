//! The answer to every question: found, not found, could not be checked.

use std::collections::BTreeSet;

use super::picture::Picture;
use super::report::{AnswerLine, AnswerState, Finding};
use crate::rules::RULES;
use crate::{Platform, Question};

/// The answers to the questions that make sense for a device; `more` are those that findings answer which
/// were left out.
pub(super) fn answers(picture: &Picture, findings: &[Finding], more: &BTreeSet<Question>) -> Vec<AnswerLine> {
    let platform = picture.device.platform;
    let fits = |platforms: &[Platform]| platform == Platform::Any || platforms.contains(&platform);
    let questions = RULES.questions.iter().filter(|question| fits(&question.platforms));
    questions
        .map(|question| {
            let id = question.id;
            let numbers: Vec<u32> = findings
                .iter()
                .filter(|finding| finding.questions.contains(&id))
                .map(|finding| finding.number)
                .collect();
            let looks = picture.looked.get(&id).copied().unwrap_or_default();
            let state = match (numbers.is_empty() && !more.contains(&id), looks.wholly, looks.partly) {
                (false, ..) => AnswerState::Found,
                // One artefact that was read wholly does not make up for another one that was cut.
                (true, 1.., 0) => AnswerState::NotFound,
                (true, 1.., 1..) => AnswerState::NotFoundInPart,
                // A part of which nothing could be read is none.
                (true, 0, 1..) if looks.entries > 0 => AnswerState::NotFoundInPart,
                (true, 0, _) => AnswerState::CouldNotBeChecked,
            };
            AnswerLine { question: id, state, findings: numbers, looked_at: looks.entries }
        })
        .collect()
}
