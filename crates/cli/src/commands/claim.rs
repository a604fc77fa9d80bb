//! `asservat claim CASE --reason …`: this copy becomes the writing copy of this installation.

use std::path::PathBuf;

use crate::answer::Answer;
use crate::arguments::SigningKey;
use crate::errors::Failure;
use crate::words::say;
use crate::work::{Install, Work, is_case};

/// Makes a copy the writing one.
#[derive(clap::Args)]
pub(crate) struct Claim {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    signing: SigningKey,
}

impl Claim {
    /// Writes the entry.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        is_case(&self.case)?;
        let mut desk = work.desk(&self.signing, Install::IfMissing)?;
        let case = desk.claim(&self.case, &self.reason, None)?;
        let standing = desk.remembered(&case);
        let fingerprint = desk.installation.signer().vkey().fingerprint().grouped();
        let lines = [
            work.words.say("claim-done"),
            say!(work.words, "fingerprint", fingerprint = fingerprint.as_str()),
        ];
        Ok(Answer::new(&serde_json::json!({ "fingerprint": fingerprint, "was": standing }), lines))
    }
}
