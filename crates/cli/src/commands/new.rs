//! `asservat new CASE`: a case by alias, who holds it, what for and until when.
//!
//! ```text
//! asservat new amsel --alias Amsel --holder client --purpose proceedings --until 2027-05-31
//! ```

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use desk::{Date, HolderKey, HolderName, NewCaseForm, Opened, Recipient, WorkFactor};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::{Failure, vacant};
use crate::secrets::{Novelty, Secret};
use crate::shown::shown_path;
use crate::trouble::Trouble;
use crate::words::say;
use crate::work::{Install, Work};

/// Makes a case.
#[derive(clap::Args)]
pub(crate) struct New {
    /// The folder to make.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// An alias, no name.
    #[arg(long, value_name = "TEXT")]
    alias: String,
    /// Who holds it: client, lawyer, centre.
    #[arg(long, value_name = "HOLDER", value_parser = desk::HOLDER_KINDS)]
    holder: String,
    /// What for.
    #[arg(long, value_name = "TEXT")]
    purpose: String,
    /// When it ends.
    #[arg(long, value_name = "DATE")]
    until: Date,
    /// A public key instead of a passphrase.
    #[arg(long, value_name = "RECIPIENT", conflicts_with_all = ["key_file", "key_fd"])]
    recipient: Option<Recipient>,
    /// How many recovery shares.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(2..))]
    recovery: Option<u8>,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl New {
    /// Makes the case, and the installation if this is the first thing ever done.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        is_free(&self.case)?;
        work.hint(&work.words.say(&format!("holder-means-{}", self.holder)));
        let holder = self.holder_name()?;
        let mut desk = work.desk(&self.signing, Install::IfMissing)?;
        let key = match self.recipient {
            Some(recipient) => HolderKey::Recipient(recipient),
            None => Secret::get(work, &self.key.origin(), "ask-case-key-new", Novelty::New)?.into_key()?,
        };
        let form = NewCaseForm {
            alias: self.alias,
            holder: self.holder,
            purpose: self.purpose,
            until: self.until,
            holders: vec![(holder, key)],
            recovery_shares: self.recovery,
            work_factor: WorkFactor::DEFAULT,
        };
        let opened =
            desk.new_case(&self.case, form).map_err(|error| Failure::of_target(error, &self.case))?;
        let lines = lines(work, &opened);
        Ok(Answer::new(&opened, lines))
    }

    /// Whose key the first one is; without a name it is called like the kind of holder.
    fn holder_name(&self) -> Result<HolderName, Failure> {
        match self.key.holder() {
            Some(name) => Ok(name),
            None => self.holder.parse().map_err(|_| Failure::from(Trouble::HolderKind)),
        }
    }
}

/// The folder must not exist, be empty, or hold what an interrupted `new` left; asked before any key. Whether
/// the last is so the vault decides.
fn is_free(folder: &Path) -> Result<(), Failure> {
    const BEGUN: [&str; 5] = ["case.json", "keys", "log", "lock", "pending"];
    let begun = |entry: std::io::Result<DirEntry>| {
        entry.is_ok_and(|entry| BEGUN.iter().any(|name| entry.file_name() == *name))
    };
    let begun = folder.read_dir().is_ok_and(|mut entries| entries.all(begun));
    if begun && !folder.join("log/checkpoint").exists() { Ok(()) } else { vacant(folder) }
}

fn lines(work: &Work<'_>, opened: &Opened) -> Vec<String> {
    let words = work.words;
    let mut lines = vec![
        say!(words, "new-done", folder = shown_path(&opened.folder)),
        say!(words, "new-case", case = opened.case.to_string()),
        say!(words, "fingerprint", fingerprint = opened.fingerprint.as_str()),
    ];
    lines.extend(shares(work, opened.shares.iter().map(String::as_str)));
    lines.push(words.say("new-next"));
    lines
}

/// Recovery shares, each on its own sheet.
pub(super) fn shares<'s>(work: &Work<'_>, shares: impl Iterator<Item = &'s str>) -> Vec<String> {
    let share = |(at, share): (usize, &str)| say!(work.words, "share", number = at + 1, words = share);
    let mut lines: Vec<String> = shares.enumerate().map(share).collect();
    if !lines.is_empty() {
        lines.insert(0, work.words.say("shares-how"));
    }
    lines
}
