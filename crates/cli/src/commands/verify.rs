//! `asservat verify PATH`: what is this, and is it unchanged since it was signed?
//!
//! Needs no installation and no key; with a key every file of every capsule is compared. With the key of the installation what
//! it remembers of the case is asked too.

use std::path::{Path, PathBuf};

use desk::{Access, Against, Subject, Verified};
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::{Failure, existing};
use crate::exit::Exit;
use crate::shown::{shown, shown_path};
use crate::words::{Words, say};
use crate::work::{Install, Work};

/// Checks something.
#[derive(clap::Args)]
pub(crate) struct Verify {
    /// A case, a capsule, a receipt or a package.
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// What a receipt is held against.
    #[arg(long, value_name = "EVIDENCE")]
    against: Option<PathBuf>,
    /// Ask for a holder's key.
    #[arg(long)]
    key: bool,
    #[command(flatten)]
    case_key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Verify {
    /// Checks, and says what was checked, what differs and where.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let subject = desk::subject(&self.path)?;
        self.against.as_deref().map_or(Ok(()), existing)?;
        let secret =
            if self.key || self.case_key.is_given() { Some(self.case_key.secret(work)?) } else { None };
        let with = secret.as_ref().map(crate::secrets::Secret::open_with);
        let against = Against { evidence: self.against.clone() };
        let mut verified = desk::verify(&self.path, &against, with.as_ref(), &work.bar)?;
        if subject == Subject::Case && self.signing.is_given() {
            verified.standing = self.standing(work);
        }
        let unchanged = verified.report.unchanged() && !is_behind(verified.standing);
        let lines = lines(work, &self.path, &verified, unchanged);
        let exit = if unchanged { Exit::Done } else { Exit::Differs };
        Ok(Answer { exit, ..Answer::new(&verified, lines) })
    }

    /// What the installation remembers. A case too damaged to be opened has its report.
    fn standing(&self, work: &Work<'_>) -> Option<&'static str> {
        let mut desk = work.desk(&self.signing, Install::No).ok()?;
        let case = desk.open(&self.path, Access::Read, None).ok()?;
        Some(desk.remembered(&case))
    }
}

fn is_behind(standing: Option<&str>) -> bool {
    matches!(standing, Some("older" | "diverged"))
}

fn lines(work: &Work<'_>, path: &Path, verified: &Verified, unchanged: bool) -> Vec<String> {
    let words = work.words;
    let mut lines = vec![say!(words, &format!("verify-{}", word(&verified.subject)), path = shown_path(path))];
    lines.extend(verified.report.facts.iter().map(|fact| format!("  {}", fact_line(words, fact))));
    if let Some(standing) = verified.standing {
        lines.push(format!("  {}", words.word("standing", standing)));
    }
    if !verified.report.problems.is_empty() {
        lines.push(words.say("verify-problems"));
    }
    for problem in &verified.report.problems {
        let id = format!("problem-{}", word(&problem.kind));
        lines.push(format!("  {}: {}", shown(&problem.place), words.say(&id)));
    }
    lines.push(words.say(if unchanged { "verify-unchanged" } else { "verify-differs" }));
    lines
}

/// The word by which an enum is serialised.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A fact is an object `{"fact": word, …}`; its message is `fact-<word>` and gets the other members.
fn fact_line(words: &Words, fact: &impl serde::Serialize) -> String {
    let Ok(Value::Object(members)) = serde_json::to_value(fact) else { return String::new() };
    let id = format!("fact-{}", members.get("fact").and_then(Value::as_str).unwrap_or_default());
    let values: Vec<(&str, fluent_bundle::FluentValue<'_>)> =
        members.keys().map(|name| (name.as_str(), fact_value(&members, name))).collect();
    words.fill(&id, &values)
}

fn fact_value<'m>(members: &Map<String, Value>, name: &str) -> fluent_bundle::FluentValue<'m> {
    match members.get(name) {
        Some(Value::Number(number)) => number.as_u64().into(),
        Some(Value::String(text)) if name == "fingerprint" => {
            text.parse::<desk::Digest>().map_or_else(|_| shown(text), |digest| digest.grouped()).into()
        }
        Some(Value::String(text)) => shown(text).into(),
        other => other.map(ToString::to_string).unwrap_or_default().into(),
    }
}
