//! `asservat handover CASE --to … --consent … DIR`: what she agreed to, in a package that verifies without
//! us.

use std::path::PathBuf;

use desk::{HandOver, HandedOver};

use crate::answer::Answer;
use crate::arguments::{CaseKey, Items, SigningKey};
use crate::errors::{Failure, vacant};
use crate::shown::shown_path;
use crate::size::size;
use crate::words::say;
use crate::work::{Want, Work};

/// Writes a package.
#[derive(clap::Args)]
pub(crate) struct Handover {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// The folder to make.
    #[arg(value_name = "DIR")]
    into: PathBuf,
    /// The recipient, as the consent names it.
    #[arg(long, value_name = "TEXT")]
    to: String,
    /// The consent it rests on.
    #[arg(long, value_name = "ID")]
    consent: String,
    #[command(flatten)]
    items: Items,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Handover {
    /// Writes it.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        vacant(&self.into)?;
        let (mut desk, mut case) = work.open(&self.case, Want::Act, &self.signing, Some(&self.key))?;
        let form = HandOver { to: self.to, consent: self.consent, items: self.items.items, into: self.into };
        let handed = desk.hand_over(&mut case, &form)?;
        let lines = lines(work, &handed);
        Ok(Answer::new(&handed, lines))
    }
}

fn lines(work: &Work<'_>, handed: &HandedOver) -> Vec<String> {
    let words = work.words;
    let bytes = size(words, handed.bytes);
    let mut lines = vec![
        say!(words, "handover-done", items = handed.items, bytes = bytes, folder = shown_path(&handed.into)),
        say!(words, "handover-sums", sha256 = handed.sums_sha256.to_string()),
        say!(words, "fingerprint", fingerprint = handed.fingerprint.as_str()),
    ];
    // The words are in `withheld.txt` too; here only what the person should notice before she lets it go.
    for (kind, count) in &handed.withheld {
        let kind = serde_json::to_value(kind).unwrap_or_default();
        lines.push(format!("  {count} × {}", words.word("withheld", kind.as_str().unwrap_or("?"))));
    }
    lines.push(words.say("handover-next"));
    lines
}
