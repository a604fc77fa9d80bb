//! `asservat picture CASE KIND`: a picture of what was read, as SVG on the standard output, or as a table.
//!
//! ```text
//! asservat picture amsel activity > activity.svg
//! asservat picture amsel hours --person Falke --table
//! ```

use std::path::PathBuf;

use desk::{DrawnPicture, PictureKind, PictureWords};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::csv;
use crate::errors::Failure;
use crate::wanted::Wanted;
use crate::work::{Want, Work};

/// Draws a picture.
#[derive(clap::Args)]
pub(crate) struct Picture {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// Which picture.
    #[arg(id = "picture", value_name = "PICTURE", value_parser = ["activity", "hours", "places"])]
    which: String,
    #[command(flatten)]
    wanted: Wanted,
    /// The table instead of the picture.
    #[arg(long)]
    table: bool,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Picture {
    /// Draws it.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(&self.case, Want::Look, &self.signing, Some(&self.key))?;
        let kind = match self.which.as_str() {
            "activity" => PictureKind::Activity,
            "hours" => PictureKind::Hours,
            _ => PictureKind::Places,
        };
        let words = words(work, &self.which);
        let drawn = desk.picture(&mut case, kind, &self.wanted.records(), &words)?;
        let lines = if self.table { table(&drawn) } else { vec![drawn.svg.trim_end().to_owned()] };
        Ok(Answer::new(&drawn, lines))
    }
}

fn table(drawn: &DrawnPicture) -> Vec<String> {
    drawn.table.iter().map(|row| csv::row(row.iter().map(String::as_str))).collect()
}

fn words(work: &Work<'_>, kind: &str) -> PictureWords {
    let say = |name: &str| work.words.say(&format!("picture-{name}"));
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    PictureWords {
        title: say(&format!("title-{kind}")),
        left_out: say("left-out"),
        scale: say(&format!("scale-{kind}")),
        days: days.map(say),
        north: say("north"),
        none: say("none"),
        nobody: say("nobody"),
    }
}
