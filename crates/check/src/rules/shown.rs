//! The rules that are shown as they are: safety questions, guides, the guided look.

use serde::{Deserialize, Serialize};

use super::AskWords;
use crate::Platform;

/// The safety questions and what follows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Safety {
    /// The questions.
    pub question: Vec<SafetyQuestion>,
    /// What follows, in the order in which it is tried.
    pub outcome: Vec<Outcome>,
}

/// A safety question.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SafetyQuestion {
    /// Its name.
    pub id: String,
    /// German.
    pub de: SafetyWords,
    /// English.
    pub en: SafetyWords,
}

/// The words of a safety question.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SafetyWords {
    /// The question.
    pub text: String,
    /// What helps to answer it.
    pub help: String,
}

/// What the answers are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AskedFor {
    /// To show how an input is obtained.
    Guides,
    /// To show how something is removed.
    Removal,
}

/// An answer to a safety question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SafetyAnswer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Not known, or not answered: the riskier one.
    Unknown,
}

/// What follows from the answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Its name: `stop`, `leave-no-trace`, `with-plan`, `guides`, `removal`.
    pub id: String,
    /// What it is about.
    #[serde(rename = "for")]
    pub asked_for: AskedFor,
    /// Holds if each of these questions has one of these answers; empty always holds.
    #[serde(default)]
    pub when: std::collections::BTreeMap<String, Vec<SafetyAnswer>>,
    /// German.
    pub de: AskWords,
    /// English.
    pub en: AskWords,
}

/// What an input leaves on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeavesTrace {
    /// Nothing.
    Nothing,
    /// Something that one finds who looks for it.
    Little,
    /// Something that shows.
    Visible,
}

/// How an input is obtained.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// The input.
    pub id: String,
    /// Of which device.
    pub platform: Platform,
    /// What it leaves.
    pub trace: LeavesTrace,
    /// How long it takes.
    pub minutes: u32,
    /// German.
    pub de: GuideWords,
    /// English.
    pub en: GuideWords,
}

/// The words of a guide.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GuideWords {
    /// The title.
    pub title: String,
    /// What must be in the room.
    pub needs: String,
    /// The steps.
    pub steps: Vec<String>,
    /// What it leaves on the phone.
    pub leaves: String,
    /// Who could notice.
    pub noticed: String,
    /// How it is undone.
    pub undo: String,
    /// How the file reaches this laptop.
    pub bring: String,
    /// What this input cannot show.
    pub cannot: String,
}

/// One step of the guided look.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name.
    pub id: String,
    /// The platforms it is for.
    pub platforms: Vec<Platform>,
    /// Which steps it belongs with.
    pub topic: String,
    /// Who can see what.
    pub sees: Vec<String>,
    /// Its place.
    pub order: u32,
    /// German.
    pub de: StepWords,
    /// English.
    pub en: StepWords,
}

/// The words of a step.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StepWords {
    /// The title.
    pub title: String,
    /// The way through the menus.
    #[serde(rename = "where")]
    pub way: Vec<String>,
    /// What to look for.
    pub look_for: String,
    /// What to ask the client.
    pub ask: String,
    /// What it means if she knows it.
    pub known: String,
    /// What it means if she does not.
    pub unknown: String,
    /// What not to do.
    pub never: String,
    /// Whether looking can be noticed.
    pub noticed: String,
}
