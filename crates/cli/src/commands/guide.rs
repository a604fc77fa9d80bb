//! `asservat guide [INPUT]`: how an input of `check` is obtained, what it leaves on the phone, who could
//! notice. Shown after the safety questions only.
//!
//! ```text
//! asservat guide
//! asservat guide android_bugreport --answer danger-now=no,watched=no
//! ```

use desk::{AskedFor, Guide as Rule, RULES};
use serde_json::json;

use crate::answer::Answer;
use crate::arguments::SafetyAnswers;
use crate::errors::Failure;
use crate::safety;
use crate::trouble::Trouble;
use crate::words::say;
use crate::work::Work;

/// Shows how an input is obtained.
#[derive(clap::Args)]
pub(crate) struct Guide {
    /// Which; without it all are listed.
    #[arg(value_name = "INPUT")]
    input: Option<String>,
    #[command(flatten)]
    answers: SafetyAnswers,
}

impl Guide {
    /// Lists them, or shows one.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let Some(input) = &self.input else { return Ok(list(work)) };
        let guide = RULES.guides.iter().find(|guide| guide.id == *input);
        let guide = guide.ok_or_else(|| Failure::from(Trouble::NoSuchGuide).with("name", input))?;
        let answers = safety::answers(work, &self.answers, AskedFor::Guides)?;
        let outcome = safety::outcome(work, AskedFor::Guides, &answers);
        if !desk::allows_guide(guide, &answers) {
            return Err(Failure::from(Trouble::SafetyFirst).with("text", outcome));
        }
        Ok(shown(work, guide, &outcome))
    }
}

fn list(work: &Work<'_>) -> Answer {
    let language = work.words.language().of_rules();
    let mut lines = vec![work.words.say("guide-list")];
    for guide in &RULES.guides {
        let trace = work.words.word("guide-trace", trace(guide));
        lines.push(format!("  {:<20} {} · {trace}", guide.id, guide.words(language).title));
    }
    lines.push(work.words.say("guide-next"));
    let guides: Vec<_> = RULES
        .guides
        .iter()
        .map(|guide| json!({ "id": guide.id, "title": guide.words(language).title, "trace": guide.trace }))
        .collect();
    Answer::new(&json!({ "guides": guides }), lines)
}

fn shown(work: &Work<'_>, guide: &Rule, outcome: &str) -> Answer {
    let words = work.words;
    let text = guide.words(words.language().of_rules());
    let mut lines = vec![text.title.clone(), String::new(), outcome.to_owned(), String::new()];
    lines.push(say!(words, "guide-minutes", minutes = guide.minutes));
    lines.push(say!(words, "guide-needs", text = text.needs.as_str()));
    lines.extend((1..).zip(&text.steps).map(|(number, step)| format!("  {number}. {step}")));
    for (id, said) in [
        ("guide-leaves", &text.leaves),
        ("guide-noticed", &text.noticed),
        ("guide-undo", &text.undo),
        ("guide-bring", &text.bring),
        ("guide-cannot", &text.cannot),
    ] {
        lines.push(say!(words, id, text = said.as_str()));
    }
    Answer::new(&json!({ "id": guide.id, "trace": guide.trace, "guide": text, "safety": outcome }), lines)
}

/// The word for what a guide leaves.
fn trace(guide: &Rule) -> &'static str {
    match guide.trace {
        desk::LeavesTrace::Nothing => "nothing",
        desk::LeavesTrace::Little => "little",
        desk::LeavesTrace::Visible => "visible",
    }
}
