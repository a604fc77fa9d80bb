//! `asservat receipt CASE`: what a centre keeps when somebody else holds the case. Proves, tells nothing.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::{Failure, vacant};
use crate::shown::shown_path;
use crate::trouble::Trouble;
use crate::words::say;
use crate::work::{Want, Work};

/// Writes a receipt.
#[derive(clap::Args)]
pub(crate) struct Receipt {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// A file to make; otherwise it is printed.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Receipt {
    /// Prints it or writes it.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        self.to.as_deref().map_or(Ok(()), vacant)?;
        let (mut desk, case) = work.open(&self.case, Want::List, &self.signing, Some(&self.key))?;
        let text = desk.receipt(&case)?;
        let fingerprint = desk.installation.signer().vkey().fingerprint().grouped();
        let json = serde_json::json!({ "receipt": text, "to": self.to, "fingerprint": fingerprint });
        let Some(to) = self.to else {
            work.hint(&work.words.say("receipt-keep"));
            return Ok(Answer::new(&json, [text.trim_end().to_owned()]));
        };
        write(&to, &text).map_err(|error| Failure::of_system(Trouble::TargetUnwritable, &to, &error))?;
        let lines = [
            say!(work.words, "receipt-done", path = shown_path(&to)),
            say!(work.words, "fingerprint", fingerprint = fingerprint),
            work.words.say("receipt-keep"),
        ];
        Ok(Answer::new(&json, lines))
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
