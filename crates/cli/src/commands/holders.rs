//! `asservat holders CASE add|remove|recovery|list`: who can open the case.

use std::path::{Path, PathBuf};

use desk::{HolderKey, HolderName, Recipient, WorkFactor};

use crate::answer::Answer;
use crate::arguments::{CaseKey, NewKey, SigningKey};
use crate::errors::Failure;
use crate::secrets::{Novelty, Secret};
use crate::shown::shown;
use crate::words::say;
use crate::work::{Want, Work};

/// Holders of a case.
#[derive(clap::Args)]
pub(crate) struct Holders {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// What to do.
    #[command(subcommand)]
    act: Act,
}

#[derive(clap::Subcommand)]
enum Act {
    /// Adds one.
    Add(Add),
    /// Removes one.
    Remove(Remove),
    /// Makes a recovery split.
    Recovery(Recovery),
    /// Lists all.
    List(List),
}

#[derive(clap::Args)]
struct Add {
    /// Her name here.
    #[arg(value_name = "NAME")]
    name: HolderName,
    /// A public key instead of a passphrase.
    #[arg(long, value_name = "RECIPIENT", conflicts_with_all = ["new_key_file", "new_key_fd"])]
    recipient: Option<Recipient>,
    #[command(flatten)]
    new_key: NewKey,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

#[derive(clap::Args)]
struct Remove {
    /// Her name here.
    #[arg(value_name = "NAME")]
    name: HolderName,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

#[derive(clap::Args)]
struct Recovery {
    /// How many shares.
    #[arg(value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(2..))]
    count: u8,
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

impl Holders {
    /// Does what was asked.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        match self.act {
            Act::Add(add) => add.run(work, &self.case),
            Act::Remove(remove) => remove.run(work, &self.case),
            Act::Recovery(recovery) => recovery.run(work, &self.case),
            Act::List(list) => list.run(work, &self.case),
        }
    }
}

impl Add {
    fn run(self, work: &Work<'_>, case: &Path) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(case, Want::Act, &self.signing, Some(&self.key))?;
        let key = match self.recipient {
            Some(recipient) => HolderKey::Recipient(recipient),
            None => {
                Secret::get(work, &self.new_key.origin(), "ask-holder-key-new", Novelty::New)?.into_key()?
            }
        };
        let entry = desk.holder_add(&mut case, &self.name, &key, WorkFactor::DEFAULT)?;
        let line = say!(work.words, "holders-added", name = self.name.as_str());
        Ok(Answer::new(&serde_json::json!({ "entry": entry }), [line]))
    }
}

impl Remove {
    fn run(self, work: &Work<'_>, case: &Path) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(case, Want::Act, &self.signing, Some(&self.key))?;
        let entry = desk.holder_remove(&mut case, &self.name)?;
        let line = say!(work.words, "holders-removed", name = self.name.as_str());
        Ok(Answer::new(&serde_json::json!({ "entry": entry }), [line]))
    }
}

impl Recovery {
    fn run(self, work: &Work<'_>, case: &Path) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(case, Want::Act, &self.signing, Some(&self.key))?;
        let shares = desk.holder_recovery(&mut case, self.count)?;
        let words: Vec<String> = shares.iter().map(|share| share.to_words().to_string()).collect();
        let lines = super::new::shares(work, words.iter().map(String::as_str));
        Ok(Answer::new(&serde_json::json!({ "shares": words }), lines))
    }
}

impl List {
    fn run(self, work: &Work<'_>, case: &Path) -> Result<Answer, Failure> {
        let (desk, case) = work.open(case, Want::List, &self.signing, Some(&self.key))?;
        let holders = desk.holders(&case)?;
        let line = |holder: &desk::HolderLine| {
            let how = work.words.word("how", holder.how.as_deref().unwrap_or("first"));
            say!(
                work.words,
                "holders-line",
                name = shown(&holder.name),
                how = how,
                since = holder.since.to_string()
            )
        };
        let lines: Vec<String> = holders.iter().map(line).collect();
        Ok(Answer::new(&serde_json::json!({ "holders": holders }), lines))
    }
}
