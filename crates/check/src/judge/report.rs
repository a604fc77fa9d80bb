//! The answer as one structure, from which text, JSON, page and paper are made.
//!
//! Rules, questions, advice are named by their identifiers; the words in a language come from the rules.

use model::record::TimeReading;
use serde::Serialize;

use super::picture::Picture;
use super::{Gathered, answers, devices, findings};
use crate::rules::{FindingKind, Sure};
use crate::{Account, DeviceFact, Kind, Question};

pub use crate::Known;

/// What is said about one device.
#[derive(Debug, Serialize)]
pub struct DeviceReport {
    /// What it is.
    pub device: DeviceFact,
    /// What was found, the surest first.
    pub findings: Vec<Finding>,
    /// The answer to every question.
    pub answers: Vec<AnswerLine>,
    /// The accounts on it.
    pub accounts: Vec<AccountLine>,
    /// How many apps were seen, those that came with the device included.
    pub apps: u64,
}

/// Something that was found.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// Its number over all devices, from 1.
    pub number: u32,
    /// What it is about.
    pub subject: Subject,
    /// What sort.
    pub kind: FindingKind,
    /// How sure.
    pub sure: Sure,
    /// The question it answers first.
    pub question: Option<Question>,
    /// All questions it answers.
    pub questions: Vec<Question>,
    /// The rules that hold, the chief one first.
    pub rules: Vec<String>,
    /// Who can see what: groups.
    pub sees: Vec<String>,
    /// The known programs it is.
    pub known: Vec<Known>,
    /// Since when, as far as is told.
    pub since: Option<TimeReading>,
    /// What exactly was seen, and where.
    pub seen: Vec<SeenSign>,
    /// Questions to the client.
    pub asks: Vec<String>,
    /// Advice. Not shown as it is: what of it may be told hangs on the safety questions.
    #[serde(skip)]
    pub advice: Vec<String>,
}

/// What a finding is about. Texts come from the evidence and may hold anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "sort", rename_all = "kebab-case")]
pub enum Subject {
    /// An app.
    App {
        /// Its identifier.
        id: String,
        /// The names it shows.
        names: Vec<String>,
        /// Its versions.
        versions: Vec<String>,
        /// What installed it, if told.
        installer: Option<String>,
    },
    /// A configuration profile.
    Profile {
        /// Its identifier.
        id: String,
        /// The name it shows.
        name: Option<String>,
        /// The organisation it names.
        organisation: Option<String>,
    },
    /// Traces of a known program.
    Trace {
        /// Whose.
        family: String,
        /// What sort of program.
        kind: Kind,
    },
    /// The device itself.
    Device,
}

/// A sign that was seen.
#[derive(Debug, Serialize)]
pub struct SeenSign {
    /// Its name.
    pub sign: String,
    /// What exactly was seen; may hold anything, may be empty.
    pub what: String,
    /// When, if told.
    pub at: Option<TimeReading>,
    /// Where.
    pub place: Where,
    /// So many further places of this sign.
    pub more: u64,
}

/// A place in the evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Where {
    /// The paths that lead to the file, outermost first. May hold anything.
    pub file: Vec<String>,
    /// The place in it.
    pub place: String,
    /// The same, to find it again.
    #[serde(skip)]
    pub at: model::record::Place,
}

/// The answer to a question.
#[derive(Debug, Serialize)]
pub struct AnswerLine {
    /// The question.
    pub question: Question,
    /// The answer.
    pub state: AnswerState,
    /// The findings that answer it, by number.
    pub findings: Vec<u32>,
    /// How many things were there to look at.
    pub looked_at: u64,
}

/// One of the answers. None of them says that nothing is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerState {
    /// Something was found.
    Found,
    /// What was there to look at was looked at, and nothing was found.
    NotFound,
    /// The same, but a part could not be read.
    NotFoundInPart,
    /// Nothing was there to look at.
    CouldNotBeChecked,
}

/// An account on the device.
#[derive(Debug, Serialize)]
pub struct AccountLine {
    /// The account.
    pub account: Account,
    /// Where it was seen.
    pub place: Where,
}

/// Judges what was gathered, device by device.
pub fn judge(mut gathered: Gathered<'_>) -> Vec<DeviceReport> {
    let devices = devices::devices(&mut gathered);
    let place = |seen: &crate::Seen| Where {
        file: (gathered.steps)(seen.file),
        place: seen.place.to_string(),
        at: seen.place.clone(),
    };
    let mut first = 1;
    devices
        .into_iter()
        .map(|facts| {
            let picture = Picture::of(facts, gathered.today);
            let (findings, more) = findings::findings(&picture, &place, first);
            first = first.saturating_add(u32::try_from(findings.len()).unwrap_or(u32::MAX));
            let answers = answers::answers(&picture, &findings, &more);
            let accounts = picture
                .accounts
                .iter()
                .map(|(account, seen)| AccountLine { account: account.clone(), place: place(seen) });
            DeviceReport {
                accounts: accounts.collect(),
                apps: picture.apps.values().filter(|app| app.origin.is_some()).count() as u64,
                device: picture.device,
                findings,
                answers,
            }
        })
        .collect()
}
