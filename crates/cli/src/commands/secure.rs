//! `asservat secure CASE PATH…`: the gate first, then everything of this selection into one sealed capsule.
//!
//! ```text
//! asservat secure amsel ~/export --source "Samsung A52, unlocked by the client"
//! ```

use std::path::PathBuf;

use desk::{DeskError, EntryNumber, GateAnswer, MediaChoice, SecureForm, Secured};

use crate::answer::Answer;
use crate::arguments::SigningKey;
use crate::errors::{Failure, existing};
use crate::gate::{self, Answered, Selection};
use crate::size::size;
use crate::words::say;
use crate::work::{Want, Work, warn};

/// Secures a selection.
#[derive(clap::Args)]
pub(crate) struct Secure {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// Files and folders.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// What they are from.
    #[arg(long, value_name = "TEXT")]
    source: String,
    /// Who secures.
    #[arg(long, value_name = "TEXT")]
    who: Option<String>,
    /// The answer to the gate.
    #[arg(long, value_name = "ANSWER", value_parser = gate::parse)]
    gate: Option<GateAnswer>,
    /// The narrower selection.
    #[arg(long)]
    without_media: bool,
    /// The consent this rests on, by its entry.
    #[arg(long, value_name = "NUMBER")]
    consent: Option<u64>,
    #[command(flatten)]
    signing: SigningKey,
}

impl Secure {
    /// Asks the gate; then opens the case and lets the desk act on the answer.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let media = if self.without_media { MediaChoice::WithoutPicturesAndVideos } else { MediaChoice::All };
        let selection = Selection { paths: self.paths.clone(), media };
        let answered = gate::answered(work, self.gate, selection)?;
        if answered.last == GateAnswer::Yes {
            return Err(self.closed(work, &answered));
        }
        if answered.last == GateAnswer::No {
            answered.selection.paths.iter().try_for_each(|path| existing(path))?;
        }
        let secured = self.secured(work, &answered)?;
        let lines = lines(work, &secured);
        Ok(Answer::new(&secured, lines))
    }

    /// Writes every answer down, and secures if the last one is no.
    fn secured(&self, work: &Work<'_>, answered: &Answered) -> Result<Secured, Failure> {
        let (mut desk, mut case) = work.open(&self.case, Want::Act, &self.signing, None)?;
        for _ in 0..answered.unsure_before {
            match desk.secure(&mut case, &self.form(work, answered, GateAnswer::Unsure)) {
                Ok(_) | Err(DeskError::GateUnsure { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(desk.secure(&mut case, &self.form(work, answered, answered.last))?)
    }

    /// After a yes: the police route at once, then the entry that says nothing but the answer.
    fn closed(&self, work: &Work<'_>, answered: &Answered) -> Failure {
        gate::tell_police_route(work);
        match self.secured(work, answered) {
            Err(failure) if failure.trouble != crate::trouble::Trouble::GateYes => {
                let why = failure.told(work.words).message;
                warn(&say!(work.words, "gate-yes-not-recorded", why = why));
            }
            _ => work.hint(&work.words.say("gate-yes-recorded")),
        }
        gate::closed()
    }

    fn form(&self, work: &Work<'_>, answered: &Answered, gate: GateAnswer) -> SecureForm {
        SecureForm {
            paths: answered.selection.paths.clone(),
            source: self.source.clone(),
            who: self.who.clone().unwrap_or_else(|| work.words.say("not-stated")),
            gate,
            media: answered.selection.media,
            consent: self.consent.map(EntryNumber),
            limits: model::Limits::DEFAULT,
        }
    }
}

fn lines(work: &Work<'_>, secured: &Secured) -> Vec<String> {
    let words = work.words;
    let bytes = size(words, secured.payload_bytes);
    let mut lines = vec![
        say!(words, "secure-done", number = secured.capsule.0, files = secured.files, bytes = bytes),
        say!(words, "secure-name", name = secured.name.as_str(), size = size(words, secured.size_bytes)),
        say!(words, "sha256", sha256 = secured.sha256.to_string()),
        words.word("read-back", secured.read_back),
    ];
    if !secured.gaps.is_empty() {
        lines.push(words.say("secure-gaps"));
    }
    for (kind, count) in &secured.gaps {
        lines.push(format!("  {count} × {}", words.word("gap", kind)));
    }
    lines.push(say!(words, "secure-next", number = secured.capsule.0));
    lines
}
