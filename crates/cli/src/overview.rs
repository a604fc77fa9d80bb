//! What `asservat` alone shows: what it is for, and the first three steps.

use crate::answer::Answer;
use crate::work::Work;

/// The overview.
pub(crate) fn overview(work: &Work<'_>) -> Answer {
    let text = work.words.say("overview");
    Answer::new(&serde_json::json!({ "text": text }), [text.clone()])
}
