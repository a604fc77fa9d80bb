//! `asservat consent CASE give|withdraw|list`: what the client agreed to hand over, to whom, until when.

use std::path::{Path, PathBuf};

use desk::{ConsentGiven, ConsentLine, Date};

use crate::answer::Answer;
use crate::arguments::{CaseKey, Items, SigningKey};
use crate::errors::Failure;
use crate::shown::shown;
use crate::words::say;
use crate::work::{Want, Work};

/// Consents of a case.
#[derive(clap::Args)]
pub(crate) struct Consent {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// What to do.
    #[command(subcommand)]
    act: Act,
}

#[derive(clap::Subcommand)]
enum Act {
    /// Records one.
    Give(Give),
    /// Takes one back.
    Withdraw(Withdraw),
    /// Lists all.
    List(List),
}

#[derive(clap::Args)]
struct Give {
    /// The recipient.
    #[arg(long, value_name = "TEXT")]
    to: String,
    /// What for.
    #[arg(long, value_name = "TEXT")]
    purpose: String,
    /// The last day.
    #[arg(long, value_name = "DATE")]
    until: Date,
    /// How it was given.
    #[arg(long, value_name = "TEXT")]
    how: String,
    #[command(flatten)]
    items: Items,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

#[derive(clap::Args)]
struct Withdraw {
    /// Which one.
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

#[derive(clap::Args)]
struct List {
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Consent {
    /// Does what was asked.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        match self.act {
            Act::Give(give) => give.run(work, &self.case),
            Act::Withdraw(withdraw) => withdraw.run(work, &self.case),
            Act::List(list) => list.run(work, &self.case),
        }
    }
}

impl Give {
    fn run(self, work: &Work<'_>, case: &Path) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(case, Want::Act, &self.signing, Some(&self.key))?;
        let given = ConsentGiven {
            to: self.to,
            purpose: self.purpose,
            items: self.items.items,
            until: self.until,
            how: self.how,
        };
        let id = desk.consent_give(&mut case, &given)?;
        let line = say!(work.words, "consent-given", id = id.as_str());
        Ok(Answer::new(&serde_json::json!({ "consent": id }), [line]))
    }
}

impl Withdraw {
    fn run(self, work: &Work<'_>, case: &Path) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(case, Want::Act, &self.signing, Some(&self.key))?;
        let entry = desk.consent_withdraw(&mut case, &self.id)?;
        let line = say!(work.words, "consent-withdrawn", id = shown(&self.id));
        Ok(Answer::new(&serde_json::json!({ "entry": entry }), [line]))
    }
}

impl List {
    fn run(self, work: &Work<'_>, case: &Path) -> Result<Answer, Failure> {
        let (desk, case) = work.open(case, Want::List, &self.signing, Some(&self.key))?;
        let consents = desk.consents(&case)?;
        let mut lines: Vec<String> = consents.iter().map(|consent| line(work, consent)).collect();
        if lines.is_empty() {
            lines.push(work.words.say("consent-none"));
        }
        Ok(Answer::new(&serde_json::json!({ "consents": consents }), lines))
    }
}

fn line(work: &Work<'_>, consent: &ConsentLine) -> String {
    let items: Vec<String> = consent.items.iter().map(|item| work.words.word("items", item)).collect();
    let line = say!(
        work.words,
        "consent-line",
        id = shown(&consent.id),
        to = shown(&consent.to),
        purpose = shown(&consent.purpose),
        items = items.join(", "),
        until = consent.until.to_string()
    );
    match consent.withdrawn {
        Some(entry) => format!("{line} {}", say!(work.words, "consent-line-withdrawn", entry = entry.0)),
        None => line,
    }
}
