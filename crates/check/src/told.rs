//! The answer in words of one language: what text, JSON, page and paper show alike.
//!
//! The words come from the rules. Advice that removes or switches something off is left out, and counted,
//! unless the safety questions allow it.

use std::collections::BTreeMap;

use model::record::TimeReading;
use serde::Serialize;

use crate::Platform;
use crate::judge::{AnswerState, DeviceReport, Finding, Known, Subject, Where};
use crate::rules::{Column, FindingKind, Language, RULES, Rule, Sure};

/// Whether advice that removes something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// The safety questions allow it.
    Told,
    /// They were not asked, or do not allow it.
    Withheld,
}

/// A device in words.
#[derive(Debug, Serialize)]
pub struct ToldDevice {
    /// Who can see what: the findings that say so, by number.
    pub groups: Vec<ToldGroup>,
    /// The findings.
    pub findings: Vec<ToldFinding>,
    /// The answers to the questions.
    pub answers: Vec<ToldAnswer>,
}

/// Who can see what.
#[derive(Debug, Serialize)]
pub struct ToldGroup {
    /// The group.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// The findings, by number.
    pub findings: Vec<u32>,
}

/// A finding in words.
#[derive(Debug, Serialize)]
pub struct ToldFinding {
    /// Its number.
    pub number: u32,
    /// What was found.
    pub title: String,
    /// What it is about: an app with its name and identifier. May hold anything.
    pub subject: String,
    /// What sort.
    pub kind: FindingKind,
    /// How sure.
    pub sure: Sure,
    /// The known programs it is.
    pub known: Vec<Known>,
    /// Since when.
    pub since: Option<TimeReading>,
    /// Why it can matter, and ordinary explanations: one for each rule, the chief one first.
    pub reasons: Vec<Reason>,
    /// Titles of the groups that can see something.
    pub sees: Vec<String>,
    /// What exactly was seen.
    pub seen: Vec<ToldSign>,
    /// Questions to the client.
    pub asks: Vec<String>,
    /// Safe now.
    pub now: Vec<ToldAdvice>,
    /// Only with a plan.
    pub plan: Vec<ToldAdvice>,
    /// Not at all.
    pub never: Vec<ToldAdvice>,
    /// Pieces of advice that are shown only behind the safety questions.
    pub withheld: u64,
}

/// Why something can matter.
#[derive(Debug, Serialize)]
pub struct Reason {
    /// The rule.
    pub rule: String,
    /// In a few words.
    pub title: String,
    /// Why it can matter.
    pub why: String,
    /// Ordinary explanations.
    pub ordinary: Vec<String>,
}

/// A sign in words.
#[derive(Debug, Serialize)]
pub struct ToldSign {
    /// What the sign is.
    pub text: String,
    /// What exactly was seen; may hold anything.
    pub what: String,
    /// When, if told.
    pub at: Option<TimeReading>,
    /// Where.
    pub place: Where,
    /// So many further places.
    pub more: u64,
}

/// Advice in words.
#[derive(Debug, Serialize)]
pub struct ToldAdvice {
    /// What to do or not to do.
    pub text: String,
    /// What could be noticed; may be empty.
    pub noticed: String,
    /// How it is undone; may be empty.
    pub undo: String,
}

/// An answer in words.
#[derive(Debug, Serialize)]
pub struct ToldAnswer {
    /// The question's title.
    pub title: String,
    /// The answer.
    pub state: AnswerState,
    /// What this means: what an empty answer does not mean, or how else one can look.
    pub text: String,
    /// The findings, by number.
    pub findings: Vec<u32>,
    /// How many things were there to look at.
    pub looked_at: u64,
}

/// A device in words of a language.
pub fn tell(report: &DeviceReport, language: Language, removal: Removal) -> ToldDevice {
    let findings = report.findings.iter().map(|finding| told(finding, language, removal)).collect();
    ToldDevice { groups: groups(report, language), findings, answers: answers(report, language) }
}

fn groups(report: &DeviceReport, language: Language) -> Vec<ToldGroup> {
    let groups = RULES.groups.iter().map(|group| {
        // What ordinary apps could do would hide what is behind it.
        let tells = |finding: &&Finding| finding.sure != Sure::Weak && finding.sees.contains(&group.id);
        let of = report.findings.iter().filter(tells);
        let words = group.words(language);
        ToldGroup {
            id: group.id.clone(),
            title: words.title.clone(),
            about: words.about.clone(),
            findings: of.map(|finding| finding.number).collect(),
        }
    });
    groups.filter(|group| !group.findings.is_empty()).collect()
}

fn answers(report: &DeviceReport, language: Language) -> Vec<ToldAnswer> {
    let told = report.answers.iter().filter_map(|answer| {
        let words = RULES.question(answer.question)?.words(language);
        let text = match answer.state {
            AnswerState::Found => &words.about,
            AnswerState::NotFound | AnswerState::NotFoundInPart => &words.nothing,
            AnswerState::CouldNotBeChecked => &words.otherwise,
        };
        Some(ToldAnswer {
            title: words.title.clone(),
            state: answer.state,
            text: of_platform(text, report.device.platform),
            findings: answer.findings.clone(),
            looked_at: answer.looked_at,
        })
    });
    told.collect()
}

/// The lines of a text that are about a kind of device; those that name none are about all.
fn of_platform(text: &str, platform: Platform) -> String {
    let (own, other) = match platform {
        Platform::Android => ("Android: ", "iPhone: "),
        Platform::Ios => ("iPhone: ", "Android: "),
        Platform::Any => return text.to_owned(),
    };
    let lines = text.lines().filter(|line| !line.starts_with(other));
    lines.map(|line| line.strip_prefix(own).unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

fn told(finding: &Finding, language: Language, removal: Removal) -> ToldFinding {
    let rules: Vec<&Rule> = finding.rules.iter().filter_map(|id| RULES.rule(id)).collect();
    let reasons: Vec<Reason> = rules.iter().map(|rule| reason(rule, language)).collect();
    let asks = RULES.asks.iter().filter(|ask| finding.asks.contains(&ask.id));
    let groups = RULES.groups.iter().filter(|group| finding.sees.contains(&group.id));
    let (mut advice, withheld) = advice(finding, language, removal);
    ToldFinding {
        number: finding.number,
        title: reasons.first().map(|reason| reason.title.clone()).unwrap_or_default(),
        subject: subject(&finding.subject),
        kind: finding.kind,
        sure: finding.sure,
        known: finding.known.clone(),
        since: finding.since.clone(),
        sees: groups.map(|group| group.words(language).title.clone()).collect(),
        seen: signs(finding, language),
        asks: asks.map(|ask| ask.words(language).text.clone()).collect(),
        now: advice.remove(&Column::Now).unwrap_or_default(),
        plan: advice.remove(&Column::Plan).unwrap_or_default(),
        never: advice.remove(&Column::Never).unwrap_or_default(),
        withheld,
        reasons,
    }
}

fn reason(rule: &Rule, language: Language) -> Reason {
    let words = rule.words(language);
    Reason {
        rule: rule.id.clone(),
        title: words.title.clone(),
        why: words.why.clone(),
        ordinary: words.ordinary.clone(),
    }
}

fn signs(finding: &Finding, language: Language) -> Vec<ToldSign> {
    let told = finding.seen.iter().map(|seen| ToldSign {
        text: RULES.sign(&seen.sign, language),
        what: seen.what.clone(),
        at: seen.at.clone(),
        place: seen.place.clone(),
        more: seen.more,
    });
    told.collect()
}

fn advice(
    finding: &Finding,
    language: Language,
    removal: Removal,
) -> (BTreeMap<Column, Vec<ToldAdvice>>, u64) {
    let mut columns: BTreeMap<Column, Vec<ToldAdvice>> = BTreeMap::new();
    let mut withheld = 0_u64;
    let all = finding.advice.iter().filter_map(|id| RULES.advice.iter().find(|advice| advice.id == *id));
    for advice in all {
        // What must not be done is always told.
        if advice.removal && advice.column != Column::Never && removal == Removal::Withheld {
            withheld = withheld.saturating_add(1);
            continue;
        }
        let words = advice.words(language);
        columns.entry(advice.column).or_default().push(ToldAdvice {
            text: words.text.clone(),
            noticed: words.noticed.clone(),
            undo: words.undo.clone(),
        });
    }
    (columns, withheld)
}

/// What a finding is about, in its own words.
fn subject(subject: &Subject) -> String {
    match subject {
        Subject::App { id, names, .. } => match names.first() {
            Some(name) => format!("{name} ({id})"),
            None => id.clone(),
        },
        Subject::Profile { id, name, organisation } => {
            let name = name.as_deref().unwrap_or_default();
            let of = organisation.as_ref().map(|of| format!(", {of}")).unwrap_or_default();
            format!("{name} ({id}{of})")
        }
        Subject::Trace { family, .. } => family.clone(),
        Subject::Device => String::new(),
    }
}
