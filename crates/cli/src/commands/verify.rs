//! `asservat verify PATH`: what is this, and is it unchanged since it was signed?
//!
//! Needs no installation and no key; with a key every file of every capsule is compared. With the key of the
//! installation what it remembers of the case is asked too.

use std::path::{Path, PathBuf};

use ::verify::{Fact, ProblemKind, Report};
use desk::{Access, Against, Subject, Verified};
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::Failure;
use crate::exit::Exit;
use crate::shown::{shown, shown_path};
use crate::trouble::Trouble;
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
        let (path, against) = self.sides()?;
        let secret =
            if self.key || self.case_key.is_given() { Some(self.case_key.secret(work)?) } else { None };
        let with = secret.as_ref().map(crate::secrets::Secret::open_with);
        let against = Against { evidence: against.map(Path::to_owned) };
        let mut verified = desk::verify(path, &against, with.as_ref(), &work.bar)?;
        if with.is_some() && is_wrong_key(&verified.report) {
            return Err(Trouble::WrongKey.into());
        }
        if verified.subject == Subject::Case && self.signing.is_given() {
            verified.standing = self.standing(work);
        }
        let unchanged = verified.report.unchanged() && !is_behind(verified.standing);
        let lines = lines(work, path, &verified, unchanged);
        let exit = if unchanged { Exit::Done } else { Exit::Differs };
        Ok(Answer { exit, ..Answer::new(&verified, lines) })
    }

    /// The receipt and what is held against it, in whatever order they were given.
    fn sides(&self) -> Result<(&Path, Option<&Path>), Failure> {
        let subject = desk::subject(&self.path)?;
        let Some(against) = self.against.as_deref() else { return Ok((&self.path, None)) };
        let evidence = |subject| matches!(subject, Subject::Case | Subject::Capsule);
        match (subject, desk::subject(against)?) {
            (Subject::Receipt, other) if evidence(other) => Ok((&self.path, Some(against))),
            (one, Subject::Receipt) if evidence(one) => Ok((against, Some(&self.path))),
            _ => Err(Failure::about(Trouble::NotEvidence, against)),
        }
    }

    /// What the installation remembers. A case too damaged to be opened has its report.
    fn standing(&self, work: &Work<'_>) -> Option<&'static str> {
        let mut desk = work.desk(&self.signing, Install::No).ok()?;
        let case = desk.open(&self.path, Access::Read, None).ok()?;
        Some(desk.remembered(&case))
    }
}

/// A key that opens nothing at all is the wrong one; that says nothing about what was checked.
fn is_wrong_key(report: &Report) -> bool {
    let opened = |fact: &Fact| matches!(fact, Fact::EntriesRead { .. });
    !report.unchanged()
        && report.problems.iter().all(|problem| problem.kind == ProblemKind::DoesNotOpen)
        && !report.facts.iter().any(opened)
}

fn is_behind(standing: Option<&str>) -> bool {
    matches!(standing, Some("older" | "diverged"))
}

fn lines(work: &Work<'_>, path: &Path, verified: &Verified, unchanged: bool) -> Vec<String> {
    let words = work.words;
    let mut lines =
        vec![say!(words, &format!("verify-{}", word(&verified.subject)), path = shown_path(path))];
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_fact_has_words_that_take_its_values() {
        let digest = desk::Digest([7; 32]);
        let facts = [
            Fact::SignedBy { fingerprint: digest },
            Fact::LogComplete { entries: 3 },
            Fact::EntriesRead { entries: 1, erased: 2 },
            Fact::WithoutKey,
            Fact::OwnClock { at: desk::Timestamp(0) },
            Fact::ReceiptWhole { capsules: 1 },
            Fact::LogContinues { from: 1, to: 2 },
            Fact::PackageWhole { files: 9, items: 2 },
            Fact::UnfinishedAct { entry: 4 },
            Fact::CaseErased,
        ];
        for language in Language::ALL {
            let words = Words::new(language);
            for fact in &facts {
                let line = fact_line(&words, fact);
                assert!(
                    !line.contains("{$") && !line.starts_with("fact-") && !line.contains('\u{202e}'),
                    "{line}"
                );
            }
        }
        let capsule = serde_json::json!({
            "fact": "capsule-unchanged", "name": "a\u{202e}b", "opened": "opened", "sha256": digest,
        });
        let line = fact_line(&Words::new(Language::English), &capsule);
        assert!(line.starts_with("a\\u{202e}b: unchanged. Opened, and every file in it compared."), "{line}");
    }

    #[test]
    fn every_problem_and_standing_has_words() {
        use ProblemKind as Kind;
        let kinds = [
            Kind::Missing,
            Kind::Unexpected,
            Kind::Unreadable,
            Kind::Malformed,
            Kind::Changed,
            Kind::Signature,
            Kind::OtherCase,
            Kind::LogTruncated,
            Kind::LogAltered,
            Kind::EntryAltered,
            Kind::DoesNotOpen,
            Kind::Truncated,
            Kind::BagDamaged,
            Kind::TreeDiffers,
            Kind::Branch,
            Kind::Proof,
            Kind::RolledBack,
        ];
        let standings = ["known", "newer", "older", "diverged", "elsewhere-copy", "first"];
        for language in Language::ALL {
            let words = Words::new(language);
            let problems = kinds.iter().map(|kind| format!("problem-{}", word(kind)));
            for id in problems.chain(standings.iter().map(|standing| format!("standing-{standing}"))) {
                assert!(words.has(&id), "{id}");
            }
        }
    }
}
