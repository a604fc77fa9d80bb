//! Findings: the rules held against every subject of a picture.
//!
//! Everything that speaks about one app, one profile or one known program is one finding, led by the rule
//! that is surest. Of the device itself every rule is a finding of its own.

use std::collections::BTreeSet;

use super::picture::Picture;
use super::report::{Finding, SeenSign, Subject, Where};
use super::signs::Signs;
use crate::rules::{FindingKind, RULES, Rule, Subject as About, Sure};
use crate::{Question, Seen};

/// Names a place.
pub(super) type Place<'p> = &'p dyn Fn(&Seen) -> Where;

/// Most findings that are told of one device: the surest of them.
const FINDINGS_MOST: usize = 5000;

/// All findings of a picture, the surest first, numbered from `first` on; and the questions that those answer
/// which were left out.
pub(super) fn findings(
    picture: &Picture,
    place: Place<'_>,
    first: u32,
) -> (Vec<Finding>, BTreeSet<Question>) {
    let mut findings = Vec::new();
    let mut left = Left::default();
    for app in picture.apps.values() {
        let subject = || Subject::App {
            id: app.id.clone(),
            names: app.names.clone(),
            versions: app.versions.clone(),
            installer: app.installer.as_ref().and_then(|(installer, _)| installer.clone()),
        };
        findings.extend(together(About::App, &app.signs, place).map(|mut finding| {
            finding.subject = subject();
            finding.since.clone_from(&app.first);
            finding.known = app.known.iter().cloned().collect();
            finding
        }));
        left.cut(&mut findings, FINDINGS_MOST.saturating_mul(2));
    }
    for profile in &picture.profiles {
        findings.extend(together(About::Profile, &profile.signs, place).map(|mut finding| {
            let profile_of = &profile.profile;
            finding.subject = Subject::Profile {
                id: profile_of.id.clone(),
                name: profile_of.name.clone(),
                organisation: profile_of.organisation.clone(),
            };
            finding.since.clone_from(&profile_of.installed);
            finding.known = profile.known.iter().cloned().collect();
            finding
        }));
        left.cut(&mut findings, FINDINGS_MOST.saturating_mul(2));
    }
    for ((kind, family, _), trace) in &picture.traces {
        findings.extend(together(About::Trace, &trace.signs, place).map(|mut finding| {
            finding.subject = Subject::Trace { family: family.clone(), kind: *kind };
            finding.known = vec![trace.known.clone()];
            finding
        }));
    }
    for rule in rules_of(About::Device).filter(|rule| fires(rule, &picture.signs)) {
        findings.push(finding(&[rule], &picture.signs, place));
    }
    left.cut(&mut findings, FINDINGS_MOST);
    findings.extend(left.told(place));
    findings.sort_by_key(order);
    for (finding, number) in findings.iter_mut().zip(first..) {
        finding.number = number;
    }
    (findings, left.questions)
}

fn order(finding: &Finding) -> (Sure, FindingKind) {
    (finding.sure, finding.kind)
}

/// Findings that were left out.
#[derive(Default)]
struct Left {
    count: u64,
    questions: BTreeSet<Question>,
    place: Option<Where>,
}

impl Left {
    /// If there are more than so many, keeps the surest.
    fn cut(&mut self, findings: &mut Vec<Finding>, most: usize) {
        if findings.len() <= most {
            return;
        }
        findings.sort_by_key(order);
        for finding in findings.drain(FINDINGS_MOST..) {
            self.count = self.count.saturating_add(1);
            self.questions.extend(finding.questions);
            self.place = self.place.take().or_else(|| finding.seen.into_iter().next().map(|seen| seen.place));
        }
    }

    /// The finding that says so.
    fn told(&self, place: Place<'_>) -> Option<Finding> {
        const SIGN: &str = "findings-left-out";
        let at = self.place.clone()?;
        let rule = rules_of(About::Device).find(|rule| rule.names(SIGN))?;
        let mut told = finding(&[rule], &Signs::default(), place);
        told.seen.push(SeenSign {
            sign: SIGN.to_owned(),
            what: self.count.to_string(),
            at: None,
            place: at,
            more: 0,
        });
        Some(told)
    }
}

fn rules_of(subject: About) -> impl Iterator<Item = &'static Rule> {
    RULES.heuristics.iter().filter(move |rule| rule.subject == subject)
}

/// Whether a rule holds for what was seen.
fn fires(rule: &Rule, signs: &Signs) -> bool {
    let there = |name: &&String| signs.has(name);
    let any = rule.any.iter().filter(there).count();
    let enough = rule.any.is_empty() || any >= rule.at_least.unwrap_or(1);
    let something = !(rule.any.is_empty() && rule.all.is_empty());
    something
        && enough
        && rule.all.iter().all(|name| signs.has(name))
        && !rule.none.iter().any(|name| signs.has(name))
}

/// One finding out of every rule that holds; none if none does.
fn together(subject: About, signs: &Signs, place: Place<'_>) -> Option<Finding> {
    let mut rules: Vec<&Rule> = rules_of(subject).filter(|rule| fires(rule, signs)).collect();
    rules.sort_by_key(|rule| (rule.sure, rule.kind));
    if rules.is_empty() { None } else { Some(finding(&rules, signs, place)) }
}

/// A finding led by the first of the rules.
fn finding(rules: &[&Rule], signs: &Signs, place: Place<'_>) -> Finding {
    let lead = rules.first();
    let kind = lead.map_or(FindingKind::Capability, |rule| rule.kind);
    let union = |of: &dyn Fn(&Rule) -> Vec<String>| {
        let mut seen = BTreeSet::new();
        let all = rules.iter().flat_map(|rule| of(rule));
        all.filter(|id| seen.insert(id.clone())).collect::<Vec<String>>()
    };
    Finding {
        number: 0,
        subject: Subject::Device,
        kind,
        sure: lead.map_or(Sure::Weak, |rule| rule.sure),
        question: lead.map(|rule| rule.question),
        rules: rules.iter().map(|rule| rule.id.clone()).collect(),
        questions: rules.iter().map(|rule| rule.question).collect(),
        sees: union(&|rule| rule.sees.clone()),
        known: Vec::new(),
        since: None,
        seen: seen(rules, signs, place),
        asks: union(&|rule| rule.asks.clone()),
        advice: union(&|rule| rule.advice.clone()),
    }
}

/// What was seen of the signs that made these rules hold, the lead's first.
fn seen(rules: &[&Rule], signs: &Signs, place: Place<'_>) -> Vec<SeenSign> {
    let mut told = BTreeSet::new();
    let names = rules.iter().flat_map(|rule| rule.all.iter().chain(&rule.any));
    let mut seen = Vec::new();
    for name in names.filter(|name| told.insert(name.as_str())) {
        let Some(of) = signs.get(name) else { continue };
        for evidence in &of.kept {
            seen.push(SeenSign {
                sign: name.clone(),
                what: evidence.what.clone(),
                at: evidence.at.clone(),
                place: place(&evidence.seen),
                more: 0,
            });
        }
        if let Some(last) = seen.last_mut() {
            last.more = of.count.saturating_sub(of.kept.len() as u64);
        }
    }
    seen
}
