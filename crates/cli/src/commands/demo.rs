//! `asservat demo`: the whole way once, with an invented case or with what a person really has.

use std::io::Write;
use std::path::{Path, PathBuf};

use desk::{DemoForm, DemoStep, GateAnswer, MediaChoice};

use crate::answer::Answer;
use crate::errors::{Failure, existing, vacant};
use crate::gate::{self, Selection};
use crate::shown::{shown, shown_path};
use crate::size::size;
use crate::trouble::Trouble;
use crate::words::say;
use crate::work::{Manner, Work};
use crate::worker;

/// Walks the whole chain.
#[derive(clap::Args)]
pub(crate) struct Demo {
    /// Files and folders of her own; none: an invented case.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The answer to the gate.
    #[arg(long, value_name = "ANSWER", value_parser = gate::parse)]
    gate: Option<GateAnswer>,
    /// The folder to make.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Demo {
    /// Walks it, telling every step as it is done.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let folder = self.folder.unwrap_or_else(fresh_folder);
        vacant(&folder)?;
        let selection = if self.paths.is_empty() {
            Selection { paths: self.paths, media: MediaChoice::All }
        } else {
            own(work, self.paths, self.gate)?
        };
        let form = DemoForm {
            folder: &folder,
            paths: selection.paths,
            gate: GateAnswer::No,
            media: selection.media,
            program: worker::program()?,
        };
        let mut told = |step: &DemoStep| tell(work, step);
        let outcome = desk::demo(&form, &work.clock, &work.bar, &mut told)?;
        let end = say!(work.words, "demo-done", folder = shown_path(&outcome.folder));
        Ok(Answer::new(&outcome, [end]))
    }
}

/// What the person really has goes through the gate like everything else.
fn own(work: &Work<'_>, paths: Vec<PathBuf>, given: Option<GateAnswer>) -> Result<Selection, Failure> {
    let selection = Selection { paths, media: MediaChoice::All };
    let answered = gate::answered(work, given, selection)?;
    match answered.last {
        GateAnswer::No => {
            answered.selection.paths.iter().try_for_each(|path| existing(path))?;
            Ok(answered.selection)
        }
        GateAnswer::Yes => {
            gate::tell_police_route(work);
            Err(gate::closed())
        }
        GateAnswer::Unsure => Err(Trouble::GateUnsure.into()),
    }
}

/// `asservat-demo`, or the first of `asservat-demo-2`, … that is free.
fn fresh_folder() -> PathBuf {
    let free = |path: &PathBuf| path.symlink_metadata().is_err();
    let numbered = (2_u32..).map(|number| PathBuf::from(format!("asservat-demo-{number}")));
    std::iter::once(PathBuf::from("asservat-demo")).chain(numbered).find(free).unwrap_or_default()
}

/// Steps are data: they go to stdout as they happen. With `--json` they are in the one object at the end.
fn tell(work: &Work<'_>, step: &DemoStep) {
    if work.manner == Manner::Json {
        return;
    }
    let id = format!("step-{}", step.verb);
    let bytes = step.detail.parse().ok().filter(|_| step.verb == "give");
    let detail = bytes.map_or_else(|| shown(&step.detail), |bytes| size(work.words, bytes));
    let line = say!(work.words, &id, place = shown_path(near(&step.place)), detail = detail);
    // Somebody who closed the pipe has read enough; the walk goes on.
    drop(writeln!(std::io::stdout().lock(), "{line}"));
}

fn near(path: &Path) -> &Path {
    std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path)
}
