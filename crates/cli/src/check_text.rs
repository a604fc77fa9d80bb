//! The answer of a check for people: who can see what, findings, what was not found, what could not be
//! checked, what could not be read.
//!
//! Everything that comes from the evidence is shown escaped.

use std::collections::BTreeSet;

use desk::{
    AnswerState, CheckProblem, Checked, DeviceReport, LookAnswer, Removal, Sure, ToldDevice, ToldFinding,
    Where,
};
use model::record::TimeReading;

use crate::answer::Answer;
use crate::record_line::time_text;
use crate::shown::shown;
use crate::words::say;
use crate::work::Work;

/// Places of one finding that are shown unless it is asked for alone.
const PLACES: usize = 8;

/// Weak findings of one sort that are shown, unless all are asked for.
const ALIKE: usize = 5;

/// What of a check is shown.
pub(crate) struct Shown<'s> {
    /// Only this finding.
    pub(crate) only: Option<u32>,
    /// Every finding in full.
    pub(crate) all: bool,
    /// Whether advice on removing is told.
    pub(crate) removal: Removal,
    /// The original bytes of the finding that is asked for, place by place.
    pub(crate) originals: &'s [Option<Vec<u8>>],
}

/// The answer as one JSON object, with the words of each device in it.
pub(crate) fn with_words(
    work: &Work<'_>,
    checked: &Checked,
    look: &[LookAnswer],
    removal: Removal,
    lines: Vec<String>,
) -> Answer {
    let told: Vec<ToldDevice> = checked.devices.iter().map(|device| told(work, device, removal)).collect();
    Answer::new(checked, lines).with("told", &told).with("look", &look)
}

fn told(work: &Work<'_>, device: &DeviceReport, removal: Removal) -> ToldDevice {
    desk::tell(device, work.words.language().of_rules(), removal)
}

/// The answer in lines.
pub(crate) fn lines(work: &Work<'_>, checked: &Checked, look: &[LookAnswer], how: &Shown<'_>) -> Vec<String> {
    let words = work.words;
    let mut lines = Vec::new();
    let mut said = BTreeSet::new();
    let needs_key = |problem: &CheckProblem| matches!(problem.kind, "needs-key" | "wrong-key");
    if how.only.is_none() && checked.problems.iter().any(needs_key) {
        lines.extend([words.say("check-needs-key"), String::new()]);
    }
    for device in &checked.devices {
        let told = told(work, device, how.removal);
        if let Some(number) = how.only {
            if let Some(finding) = told.findings.iter().find(|finding| finding.number == number) {
                full(work, finding, how, &mut said, &mut lines);
            }
            continue;
        }
        header(work, device, &mut lines);
        overview(work, &told, &mut lines);
        let is_full = |finding: &&ToldFinding| how.all || finding.sure != Sure::Weak;
        for finding in told.findings.iter().filter(is_full) {
            full(work, finding, how, &mut said, &mut lines);
        }
        let weak: Vec<_> = told.findings.iter().filter(|finding| !is_full(finding)).collect();
        weak_ones(work, &weak, &mut lines);
        answers(work, &told, &mut lines);
    }
    if how.only.is_some() {
        return lines;
    }
    let is_nothing = checked.devices.is_empty();
    if is_nothing {
        lines.push(words.say("check-no-input"));
    }
    looked(work, look, &mut lines);
    problems(work, checked, &mut lines);
    if is_nothing {
        return lines;
    }
    lists(work, checked, &mut lines);
    lines.push(String::new());
    lines.push(words.say("check-next"));
    lines
}

fn header(work: &Work<'_>, report: &DeviceReport, lines: &mut Vec<String>) {
    let words = work.words;
    let device = &report.device;
    let platform = words.word("platform", platform(device.platform));
    let told = [&device.name, &device.model, &device.system, &device.patched].into_iter().flatten();
    let told: Vec<String> = std::iter::once(platform).chain(told.map(|text| shown(text))).collect();
    lines.push(say!(words, "check-device", told = told.join(" · ")));
    lines.push(say!(words, "check-apps", count = report.apps));
    for line in &report.accounts {
        let account = format!("{} ({})", shown(&line.account.name), shown(&line.account.service));
        lines.push(say!(words, "check-account", account = account));
    }
    lines.push(String::new());
}

/// The word for a kind of device.
fn platform(platform: desk::Platform) -> &'static str {
    match platform {
        desk::Platform::Android => "android",
        desk::Platform::Ios => "ios",
        desk::Platform::Any => "any",
    }
}

fn overview(work: &Work<'_>, told: &ToldDevice, lines: &mut Vec<String>) {
    let words = work.words;
    if told.groups.is_empty() {
        lines.push(words.say("check-nothing"));
        lines.push(String::new());
        return;
    }
    lines.push(words.say("check-who-sees-what"));
    for group in &told.groups {
        let numbers: Vec<String> = group.findings.iter().map(ToString::to_string).collect();
        let (title, numbers) = (group.title.as_str(), numbers.join(", "));
        lines.push(indented(2, &say!(words, "check-group", title = title, findings = numbers)));
    }
    lines.push(String::new());
}

fn full(
    work: &Work<'_>,
    finding: &ToldFinding,
    how: &Shown<'_>,
    said: &mut BTreeSet<String>,
    lines: &mut Vec<String>,
) {
    let words = work.words;
    let sure = words.word("sure", sure(finding.sure));
    lines.push(say!(
        words,
        "check-finding",
        number = finding.number,
        sure = sure,
        title = finding.title.as_str()
    ));
    if !finding.subject.is_empty() {
        lines.push(format!("  {}", shown(&finding.subject)));
    }
    for known in &finding.known {
        let aliases = known.aliases.iter().take(6).map(|alias| shown(alias)).collect::<Vec<_>>().join(", ");
        let family = shown(&known.family);
        let id = if aliases.is_empty() { "check-known" } else { "check-known-also" };
        let known = say!(words, id, family = family, aliases = aliases, list = shown(&known.list));
        lines.push(indented(2, &known));
    }
    if let Some(since) = &finding.since {
        lines.push(indented(2, &say!(words, "check-since", time = time_text(work, since))));
    }
    if !finding.sees.is_empty() {
        lines.push(indented(2, &say!(words, "check-sees", groups = finding.sees.join(" · "))));
    }
    seen(work, finding, how, lines);
    reasons(work, finding, how, lines);
    let before = said.len();
    let mut all = finding.asks.len();
    list(work, "check-asks", finding.asks.iter().cloned(), said, lines);
    for (id, column) in
        [("check-now", &finding.now), ("check-plan", &finding.plan), ("check-never", &finding.never)]
    {
        let told = column.iter().map(|advice| {
            let mut text = advice.text.clone();
            if !advice.noticed.is_empty() {
                text.push(' ');
                text.push_str(&say!(words, "check-noticed", text = advice.noticed.as_str()));
            }
            if !advice.undo.is_empty() {
                text.push(' ');
                text.push_str(&say!(words, "check-undo", text = advice.undo.as_str()));
            }
            text
        });
        all = all.saturating_add(column.len());
        list(work, id, told, said, lines);
    }
    if said.len().saturating_sub(before) < all {
        lines.push(indented(2, &words.say("check-as-above")));
    }
    if finding.withheld > 0 {
        lines.push(indented(2, &say!(words, "check-withheld", count = finding.withheld)));
    }
    lines.push(String::new());
}

/// Why it can matter: of the chief rule in full, of the others their titles unless more is asked for.
fn reasons(work: &Work<'_>, finding: &ToldFinding, how: &Shown<'_>, lines: &mut Vec<String>) {
    let words = work.words;
    let full = how.only.is_some() || how.all;
    for (reason, at) in finding.reasons.iter().zip(0..) {
        if at > 0 && !full {
            lines.push(indented(2, &say!(words, "check-also", title = reason.title.as_str())));
            continue;
        }
        let why = say!(words, "check-why", title = reason.title.as_str(), text = reason.why.as_str());
        lines.push(indented(2, &why));
        for ordinary in &reason.ordinary {
            lines.push(indented(4, &say!(words, "check-ordinary", text = ordinary.as_str())));
        }
    }
}

/// A line moved in; catalogues keep no blanks at the beginning.
fn indented(blanks: usize, line: &str) -> String {
    format!("{:blanks$}{line}", "")
}

/// A list under its title; what was said before is not said again.
fn list(
    work: &Work<'_>,
    id: &str,
    items: impl Iterator<Item = String>,
    said: &mut BTreeSet<String>,
    lines: &mut Vec<String>,
) {
    let mut items = items.filter(|item| said.insert(format!("{id} {item}"))).peekable();
    if items.peek().is_some() {
        lines.push(indented(2, &work.words.say(id)));
        lines.extend(items.map(|item| format!("    - {item}")));
    }
}

fn seen(work: &Work<'_>, finding: &ToldFinding, how: &Shown<'_>, lines: &mut Vec<String>) {
    let words = work.words;
    let alone = how.only.is_some();
    lines.push(format!("  {}", words.say("check-seen")));
    // Every sort of sign once, before one of them again.
    let is_shown = |at: usize| {
        let before = finding.seen.get(..at).unwrap_or_default();
        alone || finding.seen.get(at).is_some_and(|seen| before.iter().all(|one| one.text != seen.text))
    };
    let most = if alone { usize::MAX } else { PLACES };
    let shown_ones = (0..finding.seen.len()).filter(|at| is_shown(*at)).take(most);
    let mut left = finding.seen.len();
    for (at, seen) in shown_ones.filter_map(|at| Some((at, finding.seen.get(at)?))) {
        left = left.saturating_sub(1);
        let what = if seen.what.is_empty() { String::new() } else { format!(": {}", shown(&seen.what)) };
        let at_time = seen.at.as_ref().map(|at| format!(" · {}", time_text(work, at))).unwrap_or_default();
        lines.push(format!("    - {}{what}{at_time}", seen.text));
        lines.push(format!("      {}", place(&seen.place)));
        if seen.more > 0 {
            lines.push(indented(6, &say!(words, "check-more-places", count = seen.more)));
        }
        match how.originals.get(at).filter(|_| alone) {
            Some(Some(bytes)) => {
                let text = String::from_utf8_lossy(bytes);
                lines.extend(text.lines().map(|line| format!("        {}", shown(line))));
            }
            Some(None) => lines.push(format!("        {}", words.say("show-record-unreadable"))),
            None => {}
        }
    }
    if left > 0 {
        lines.push(indented(4, &say!(words, "check-more-signs", count = left, number = finding.number)));
    }
}

fn place(place: &Where) -> String {
    let steps: Vec<String> = place.file.iter().map(|step| shown(step)).collect();
    format!("{} › {}", steps.join(" › "), shown(&place.place))
}

/// Weak signs: what is alike stands together, so that an ordinary phone stays readable.
fn weak_ones(work: &Work<'_>, weak: &[&ToldFinding], lines: &mut Vec<String>) {
    if weak.is_empty() {
        return;
    }
    lines.push(work.words.say("check-weak"));
    let mut titles: Vec<&str> = Vec::new();
    for finding in weak {
        if !titles.contains(&finding.title.as_str()) {
            titles.push(&finding.title);
        }
    }
    for title in titles {
        lines.push(format!("  {title}:"));
        let alike: Vec<_> = weak.iter().filter(|finding| finding.title == title).collect();
        for finding in alike.iter().take(ALIKE) {
            let since = |at: &TimeReading| format!(" · {}", time_text(work, at));
            let since = finding.since.as_ref().map(since).unwrap_or_default();
            let what = finding.seen.iter().map(|seen| seen.what.as_str()).find(|what| !what.is_empty());
            let subject =
                if finding.subject.is_empty() { what.unwrap_or_default() } else { &finding.subject };
            lines.push(format!("    {:>3}  {}{since}", finding.number, shown(subject)));
        }
        let more = alike.len().saturating_sub(ALIKE);
        if more > 0 {
            lines.push(indented(4, &say!(work.words, "check-more-alike", count = more)));
        }
    }
    lines.push(String::new());
}

fn answers(work: &Work<'_>, told: &ToldDevice, lines: &mut Vec<String>) {
    for (state, id) in [
        (AnswerState::NotFound, "check-not-found"),
        (AnswerState::NotFoundInPart, "check-not-found-in-part"),
        (AnswerState::CouldNotBeChecked, "check-could-not"),
    ] {
        let mut of = told.answers.iter().filter(|answer| answer.state == state).peekable();
        if of.peek().is_some() {
            lines.push(work.words.say(id));
            for answer in of {
                let text = answer.text.replace('\n', "\n    ");
                lines.push(format!("  - {}: {text}", answer.title));
            }
            lines.push(String::new());
        }
    }
}

fn looked(work: &Work<'_>, look: &[LookAnswer], lines: &mut Vec<String>) {
    let words = work.words;
    if look.is_empty() {
        lines.push(words.say("check-look"));
        return;
    }
    lines.push(words.say("check-looked"));
    for answer in look {
        let step = desk::RULES.look.iter().find(|step| step.id == answer.step);
        let title = step.map_or_else(
            || shown(&answer.step),
            |step| step.words(words.language().of_rules()).title.clone(),
        );
        let said = words.word("look-said", &answer.answer);
        let more =
            if answer.words.is_empty() { String::new() } else { format!(" – {}", shown(&answer.words)) };
        lines.push(format!("  - {title}: {said}{more}"));
    }
    lines.push(words.say("check-look"));
}

fn problems(work: &Work<'_>, checked: &Checked, lines: &mut Vec<String>) {
    let words = work.words;
    if checked.stopped > 0 {
        lines.push(say!(words, "read-stopped", count = checked.stopped));
    }
    if checked.gaps > 0 {
        lines.push(say!(words, "check-gaps", count = checked.gaps));
    }
    if !checked.problems.is_empty() {
        lines.push(words.say("check-problems"));
    }
    let line = |problem: &CheckProblem| {
        let steps: Vec<String> = problem.file.iter().map(|step| shown(step)).collect();
        let kind = words.word("problem", problem.kind);
        format!("  - {}: {kind} ({}) × {}", steps.join(" › "), shown(&problem.expected), problem.units)
    };
    lines.extend(checked.problems.iter().take(20).map(line));
    let more = (checked.problems.len().saturating_sub(20) as u64).saturating_add(checked.problems_more);
    if more > 0 {
        lines.push(indented(2, &say!(words, "check-problems-more", count = more)));
    }
    if !checked.unprotected.is_empty() {
        lines.push(say!(words, "read-unprotected", layers = checked.unprotected.join(", ")));
    }
}

fn lists(work: &Work<'_>, checked: &Checked, lines: &mut Vec<String>) {
    lines.push(work.words.say("check-lists"));
    for list in &checked.lists {
        let attribution =
            if list.attribution.is_empty() { String::new() } else { format!(" · {}", list.attribution) };
        lines.push(format!("  - {} ({}){attribution}", shown(&list.name), list.indicators));
        if list.problems > 0 {
            lines.push(indented(4, &say!(work.words, "check-list-problems", count = list.problems)));
        }
    }
}

/// The word for how sure a finding is.
fn sure(sure: Sure) -> &'static str {
    match sure {
        Sure::Known => "known",
        Sure::Strong => "strong",
        Sure::Weak => "weak",
    }
}
