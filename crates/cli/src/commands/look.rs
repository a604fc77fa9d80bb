//! `asservat look [CASE]`: the guided look at what no file holds, step by step. An answer is written down in
//! the case only if the client agreed.
//!
//! ```text
//! asservat look --platform android
//! asservat look --step whatsapp-linked-devices
//! asservat look amsel --step whatsapp-linked-devices --said fine --agreed
//! ```

use std::path::PathBuf;

use desk::{Agreed, LookForm, RULES, Step};
use serde_json::json;

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::Failure;
use crate::trouble::Trouble;
use crate::words::say;
use crate::work::{Want, Work};

/// Goes through the guided look.
#[derive(clap::Args)]
pub(crate) struct Look {
    /// The case folder, to write an answer down.
    #[arg(value_name = "CASE", requires = "said")]
    case: Option<PathBuf>,
    /// Only for android or ios.
    #[arg(long, value_name = "PLATFORM", value_parser = ["android", "ios"])]
    platform: Option<String>,
    /// One step.
    #[arg(long, value_name = "STEP")]
    step: Option<String>,
    /// The answer to it.
    #[arg(long, value_name = "ANSWER", requires_all = ["step", "case"])]
    said: Option<String>,
    /// What was seen, in words.
    #[arg(long, value_name = "TEXT", requires = "said")]
    words: Option<String>,
    /// The client agreed that this is written down.
    #[arg(long, requires = "said")]
    agreed: bool,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Look {
    /// Lists the steps, shows one, or writes an answer down.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let Some(id) = &self.step else { return Ok(self.list(work)) };
        let step = RULES.look.iter().find(|step| step.id == *id);
        let step = step.ok_or_else(|| Failure::from(Trouble::NoSuchStep).with("name", id))?;
        let (Some(case), Some(answer)) = (&self.case, &self.said) else { return Ok(shown(work, step)) };
        let form = LookForm {
            step: id.clone(),
            answer: answer.clone(),
            words: self.words.clone().unwrap_or_default(),
            agreed: if self.agreed { Agreed::Yes } else { Agreed::No },
        };
        if form.agreed == Agreed::No {
            return Err(Trouble::NotAgreed.into());
        }
        let (mut desk, mut case) = work.open(case, Want::Act, &self.signing, Some(&self.key))?;
        let entry = desk.look(&mut case, &form)?;
        let line = say!(work.words, "look-written", entry = entry.to_string());
        Ok(Answer::new(&json!({ "entry": entry, "step": id, "answer": answer }), [line]))
    }

    fn list(&self, work: &Work<'_>) -> Answer {
        let language = work.words.language().of_rules();
        let fits = |step: &&Step| {
            let is = |platform: &desk::Platform| match self.platform.as_deref() {
                Some("android") => *platform == desk::Platform::Android,
                Some(_) => *platform == desk::Platform::Ios,
                None => true,
            };
            step.platforms.iter().any(is)
        };
        let steps: Vec<&Step> = RULES.look.iter().filter(fits).collect();
        let mut lines = vec![work.words.say("look-list")];
        lines.extend(steps.iter().map(|step| format!("  {:<34} {}", step.id, step.words(language).title)));
        lines.push(work.words.say("look-next"));
        let json: Vec<_> = steps
            .iter()
            .map(|step| json!({ "id": step.id, "topic": step.topic, "step": step.words(language) }))
            .collect();
        Answer::new(&json!({ "steps": json }), lines)
    }
}

fn shown(work: &Work<'_>, step: &Step) -> Answer {
    let words = work.words;
    let text = step.words(words.language().of_rules());
    let mut lines = vec![text.title.clone(), String::new()];
    lines.extend((1..).zip(&text.way).map(|(number, way)| format!("  {number}. {way}")));
    for (id, said) in [
        ("look-look-for", &text.look_for),
        ("look-noticed", &text.noticed),
        ("look-ask", &text.ask),
        ("look-known", &text.known),
        ("look-unknown", &text.unknown),
        ("look-never", &text.never),
    ] {
        lines.push(say!(words, id, text = said.as_str()));
    }
    lines.push(say!(words, "look-write", step = step.id.as_str()));
    Answer::new(&json!({ "id": step.id, "topic": step.topic, "step": text }), lines)
}
