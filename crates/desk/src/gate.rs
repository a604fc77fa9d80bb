//! The gate: what must be answered before anything is taken (product.md, rule 2).

use custody::Fields;

use crate::{Desk, DeskError, OpenCase};

/// The answer to: "Could a naked or sexual picture of somebody under 18 be in it?"
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateAnswer {
    /// No: this selection may be secured.
    No,
    /// Yes: nothing is read, copied or hashed; the police route is shown.
    Yes,
    /// Unsure, the honest answer for a whole phone: choose less and answer again.
    Unsure,
}

impl GateAnswer {
    /// The word in the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Yes => "yes",
            Self::Unsure => "unsure",
        }
    }
}

/// Logs the answer. Only `No` gives leave to go on; the entry never says what the selection was.
pub(crate) fn answer(
    desk: &mut Desk<'_>,
    case: &mut OpenCase,
    answer: GateAnswer,
) -> Result<model::EntryNumber, DeskError> {
    let entry = desk.append(case, "gate.answered", Fields::new().with("answer", answer.word()))?;
    match answer {
        GateAnswer::No => Ok(entry),
        GateAnswer::Yes => Err(DeskError::GateYes { entry }),
        GateAnswer::Unsure => Err(DeskError::GateUnsure { entry }),
    }
}
