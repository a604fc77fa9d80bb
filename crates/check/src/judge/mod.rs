//! Judgement: facts are put together to a picture of each device, the rules are held against it, and every
//! question gets its answer.
//!
//! Works on facts alone, reads no evidence. Everything it says names the places it was seen at. It gives no
//! score, no verdict on a person, and never says that nothing is there.

mod answers;
mod devices;
mod findings;
mod picture;
mod report;
mod signs;

pub use report::{
    AccountLine, AnswerLine, AnswerState, DeviceReport, Finding, Known, SeenSign, Subject, Where, judge,
};

use crate::{Fact, Seen};

/// What was gathered, and how places are named.
pub struct Gathered<'g> {
    /// The facts.
    pub facts: Vec<Fact>,
    /// The paths that lead to a file, outermost first.
    pub steps: &'g dyn Fn(model::record::FileNumber) -> Vec<String>,
    /// The day on which this is judged, if no artefact says when it was made.
    pub today: Option<model::Date>,
}

/// One thing that was seen: where, what exactly, and when if known.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    what: String,
    at: Option<model::record::TimeReading>,
    seen: Seen,
}
