//! `asservat hold CASE on|off --reason …`: while a case is held nothing of it is erased.

use std::path::PathBuf;

use crate::answer::Answer;
use crate::arguments::SigningKey;
use crate::errors::Failure;
use crate::words::say;
use crate::work::{Want, Work};

/// Holds a case, or lets it go.
#[derive(clap::Args)]
pub(crate) struct Hold {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// `on` or `off`.
    #[arg(value_name = "SWITCH", value_parser = parse)]
    switch: desk::Hold,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    signing: SigningKey,
}

impl Hold {
    /// Writes the entry.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(&self.case, Want::Act, &self.signing, None)?;
        let entry = desk.hold(&mut case, self.switch, &self.reason)?;
        let id = if self.switch == desk::Hold::On { "hold-on" } else { "hold-off" };
        let line = say!(work.words, id, entry = entry.0);
        Ok(Answer::new(&serde_json::json!({ "entry": entry }), [line]))
    }
}

fn parse(text: &str) -> Result<desk::Hold, &'static str> {
    match text {
        "on" => Ok(desk::Hold::On),
        "off" => Ok(desk::Hold::Off),
        _ => Err("on or off"),
    }
}
