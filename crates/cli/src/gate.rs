//! The gate at the terminal (product.md, rule 2): asked for exactly what is to be taken, before any key and
//! any reading.
//!
//! Yes: nothing is read. Unsure: a narrower selection is offered and the question is asked again for that
//! one. This file opens nothing; the desk writes the answers down.

use std::path::PathBuf;

use desk::{GateAnswer, MediaChoice};

use crate::errors::Failure;
use crate::prompt::{ask, is_somebody_there, understood};
use crate::trouble::Trouble;
use crate::work::{Manner, Work, warn};

/// What is to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Files and folders.
    pub(crate) paths: Vec<PathBuf>,
    /// With or without pictures and videos.
    pub(crate) media: MediaChoice,
}

/// What was answered, for which selection.
pub(crate) struct Answered {
    /// How often the answer was unsure before.
    pub(crate) unsure_before: u32,
    /// The last answer.
    pub(crate) last: GateAnswer,
    /// The selection it is for.
    pub(crate) selection: Selection,
}

/// For clap: the three answers.
pub(crate) fn parse(text: &str) -> Result<GateAnswer, &'static str> {
    match text {
        "no" => Ok(GateAnswer::No),
        "yes" => Ok(GateAnswer::Yes),
        "unsure" => Ok(GateAnswer::Unsure),
        _ => Err("no, yes or unsure"),
    }
}

/// Gets the answer: the one given, or from the person.
pub(crate) fn answered(
    work: &Work<'_>,
    given: Option<GateAnswer>,
    mut selection: Selection,
) -> Result<Answered, Failure> {
    let there = is_somebody_there();
    let mut next = given;
    let mut unsure_before = 0;
    loop {
        let last = match next.take() {
            Some(answer) => answer,
            None if there => question(work, &selection)?,
            None => return Err(Trouble::GateMissing.into()),
        };
        if last == GateAnswer::Unsure
            && there
            && let Some(narrower) = narrower(work, &selection)
        {
            selection = narrower;
            unsure_before += 1;
            continue;
        }
        return Ok(Answered { unsure_before, last, selection });
    }
}

/// Tells the police route at once, before anything else is asked.
pub(crate) fn tell_police_route(work: &Work<'_>) {
    if work.manner == Manner::Json {
        // It is in the one object at the end.
        return;
    }
    let told = Failure::from(Trouble::GateYes).told(work.words);
    warn(&format!("{}\n\n{}\n", told.message, told.next));
}

/// The failure after the police route was told.
pub(crate) fn closed() -> Failure {
    Failure::from(Trouble::GateYes).told_already()
}

fn question(work: &Work<'_>, selection: &Selection) -> Result<GateAnswer, Failure> {
    warn("");
    for path in &selection.paths {
        warn(&format!("  {}", crate::shown::shown_path(path)));
    }
    if selection.media == MediaChoice::WithoutPicturesAndVideos {
        warn(&format!("  {}", work.words.say("gate-without-media")));
    }
    loop {
        let answer = ask(&work.words.say("gate-question")).ok_or(Failure::from(Trouble::GateMissing))?;
        match understood(work, &answer, &["words-no", "words-yes", "words-unsure"]) {
            Some("words-no") => return Ok(GateAnswer::No),
            Some("words-yes") => return Ok(GateAnswer::Yes),
            Some(_) => return Ok(GateAnswer::Unsure),
            None => warn(&work.words.say("gate-again")),
        }
    }
}

/// Offers less; none when the person stops here.
fn narrower(work: &Work<'_>, selection: &Selection) -> Option<Selection> {
    warn(&work.words.say("gate-narrower"));
    loop {
        match ask(&work.words.say("gate-narrower-question"))?.as_str() {
            "1" => {
                let media = MediaChoice::WithoutPicturesAndVideos;
                return Some(Selection { paths: selection.paths.clone(), media });
            }
            "2" => {
                let paths = chosen_paths(work);
                if !paths.is_empty() {
                    return Some(Selection { paths, media: selection.media });
                }
            }
            "3" => return None,
            _ => {}
        }
    }
}

fn chosen_paths(work: &Work<'_>) -> Vec<PathBuf> {
    warn(&work.words.say("gate-choose-paths"));
    let line = || ask(">").filter(|line| !line.is_empty());
    std::iter::from_fn(line).map(PathBuf::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_answers_and_no_other() {
        for (text, answer) in
            [("no", GateAnswer::No), ("yes", GateAnswer::Yes), ("unsure", GateAnswer::Unsure)]
        {
            assert_eq!(parse(text), Ok(answer));
            assert_eq!(answer.word(), text);
        }
        for text in ["", "No", "y", "maybe"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
