//! The rules hold together: every name that one file uses, another one has.

use std::collections::BTreeSet;

use check::Question;
use check::rules::{AskedFor, Column, FindingKind, Language, Rules, Subject, Sure};

fn rules() -> Rules {
    Rules::load().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_question_has_its_words_once_and_in_order() {
    let ids: Vec<Question> = rules().questions.iter().map(|question| question.id).collect();
    assert_eq!(ids, Question::ALL);
}

#[test]
fn names_are_unique_and_found() {
    let rules = rules();
    let unique = |what: &str, ids: Vec<&String>| -> BTreeSet<String> {
        let set: BTreeSet<String> = ids.iter().map(ToString::to_string).collect();
        assert_eq!(set.len(), ids.len(), "{what}: a name stands twice");
        set
    };
    let groups = unique("groups", rules.groups.iter().map(|group| &group.id).collect());
    let asks = unique("asks", rules.asks.iter().map(|ask| &ask.id).collect());
    let advice = unique("advice", rules.advice.iter().map(|advice| &advice.id).collect());
    let signs = unique("signs", rules.signs.iter().map(|sign| &sign.id).collect());
    unique("rules", rules.heuristics.iter().map(|rule| &rule.id).collect());
    unique("guides", rules.guides.iter().map(|guide| &guide.id).collect());
    unique("steps", rules.look.iter().map(|step| &step.id).collect());
    let mut missing = Vec::new();
    let mut used = BTreeSet::new();
    for rule in &rules.heuristics {
        let mut find = |what: &str, names: &[String], known: &BTreeSet<String>| {
            let unknown = names.iter().filter(|name| !known.contains(*name));
            missing.extend(unknown.map(|name| format!("{}: {what} {name}", rule.id)));
        };
        find("group", &rule.sees, &groups);
        find("ask", &rule.asks, &asks);
        find("advice", &rule.advice, &advice);
        for name in rule.any.iter().chain(&rule.all).chain(&rule.none) {
            let sign = sign_of(name);
            used.insert(sign.clone());
            if !signs.contains(&sign) {
                missing.push(format!("{}: sign {name}", rule.id));
            }
        }
        if rule.any.is_empty() && rule.all.is_empty() {
            missing.push(format!("{}: no sign makes it hold", rule.id));
        }
        if rule.at_least.is_some_and(|least| least > rule.any.len()) {
            missing.push(format!("{}: more signs asked for than named", rule.id));
        }
    }
    for step in &rules.look {
        missing.extend(
            step.sees
                .iter()
                .filter(|name| !groups.contains(*name))
                .map(|name| format!("{}: {name}", step.id)),
        );
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The sign whose words a name has: a hit's without its kind.
fn sign_of(name: &str) -> String {
    match name.strip_prefix("hit-").and_then(|rest| rest.split_once('-')) {
        Some((_, sort)) => format!("hit-{sort}"),
        None => name.to_owned(),
    }
}

/// Ordinary beside others, alone no reason for a finding; said beside what is found.
const ALONE_NOTHING: &[&str] = &["installer-other", "other-user", "keyboard-possible"];

#[test]
fn every_sign_that_can_be_seen_is_in_a_rule() {
    let rules = rules();
    let used: BTreeSet<String> = rules
        .heuristics
        .iter()
        .flat_map(|rule| rule.any.iter().chain(&rule.all).chain(&rule.none))
        .map(|name| sign_of(name))
        .collect();
    let unused: Vec<&String> = rules
        .signs
        .iter()
        .map(|sign| &sign.id)
        .filter(|id| !used.contains(*id) && !ALONE_NOTHING.contains(&id.as_str()))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn what_is_in_the_open_is_never_called_stalkerware() {
    for rule in &rules().heuristics {
        let hits: Vec<&String> = rule.any.iter().chain(&rule.all).collect();
        if hits.iter().any(|name| name.starts_with("hit-watchware")) {
            assert!(!matches!(rule.kind, FindingKind::Stalkerware | FindingKind::Spyware), "{}", rule.id);
            for language in [Language::German, Language::English] {
                let title = rule.words(language).title.to_lowercase();
                assert!(!title.contains("stalkerware"), "{}: {title}", rule.id);
            }
        }
        // A page that was opened is no app.
        let website = |name: &&String| name.contains("-website") || name.as_str() == "visit";
        if rule.all.iter().chain(&rule.any).any(|name| website(&name))
            && rule.kind == FindingKind::Stalkerware
        {
            panic!("{}: a page is no installed app", rule.id);
        }
        let could = rule.subject == Subject::App && rule.kind == FindingKind::Capability;
        assert!(
            !could || rule.sure != Sure::Known,
            "{}: what an app could do is not known to be done",
            rule.id
        );
    }
}

#[test]
fn what_changes_something_stands_behind_the_safety_questions() {
    let rules = rules();
    for advice in &rules.advice {
        let german = advice.de.text.to_lowercase();
        // What tells to do so now without the questions would be a trap.
        let changes = ["deinstall", "entfernen sie", "löschen sie", "zurücksetzen"];
        if changes.iter().any(|word| german.contains(word)) && advice.column == Column::Now {
            assert!(advice.removal, "{}: {german}", advice.id);
        }
        if advice.column == Column::Now {
            assert!(!advice.removal, "{}: removing is never safe without a plan", advice.id);
        }
    }
}

#[test]
fn silence_is_the_riskier_answer() {
    use check::rules::SafetyAnswer::{No, Unknown, Yes};
    use check::safety::{Answers, allows_guide, allows_removal, outcome};
    let rules = rules();
    for asked_for in [AskedFor::Guides, AskedFor::Removal] {
        let last = rules.safety.outcome.iter().rfind(|outcome| outcome.asked_for == asked_for);
        assert!(last.is_some_and(|last| last.when.is_empty()), "the last outcome always holds");
        assert!(outcome(asked_for, &Answers::new()).is_some());
    }
    let ids: Vec<String> = rules.safety.question.iter().map(|question| question.id.clone()).collect();
    let all = |answer| ids.iter().map(|id| (id.clone(), answer)).collect::<Answers>();
    for answers in [Answers::new(), all(Unknown), all(Yes)] {
        assert!(!allows_removal(&answers) || answers.get("danger-now") == Some(&No), "{answers:?}");
    }
    let mut safe = all(Yes);
    safe.insert("danger-now".to_owned(), No);
    safe.insert("watched".to_owned(), No);
    safe.insert("noticed-now".to_owned(), No);
    assert!(allows_removal(&safe), "{:?}", outcome(AskedFor::Removal, &safe).map(|outcome| &outcome.id));
    for (question, answer) in [("danger-now", Yes), ("danger-now", Unknown), ("plan", No), ("preserved", No)]
    {
        let mut answers = safe.clone();
        answers.insert(question.to_owned(), answer);
        assert!(!allows_removal(&answers), "{question} {answer:?}");
    }
    for guide in &rules.guides {
        assert!(!allows_guide(guide, &all(Yes)), "{}: in danger nothing is shown", guide.id);
        assert!(allows_guide(guide, &safe), "{}", guide.id);
    }
}

#[test]
fn every_text_is_there_in_both_languages() {
    let rules = rules();
    let mut empty = Vec::new();
    let mut text = |what: &str, words: serde_json::Value| {
        let serde_json::Value::Object(words) = words else { return };
        for (name, value) in words {
            let may_be_empty = matches!(name.as_str(), "noticed" | "undo" | "help");
            let missing = match &value {
                serde_json::Value::String(text) => text.trim().is_empty() && !may_be_empty,
                serde_json::Value::Array(list) => {
                    list.iter().any(|text| text.as_str().is_none_or(str::is_empty))
                }
                _ => true,
            };
            if missing {
                empty.push(format!("{what}.{name}"));
            }
        }
    };
    let value = |words: &dyn erased::Words| words.value();
    for language in [Language::German, Language::English] {
        rules.heuristics.iter().for_each(|rule| text(&rule.id, value(rule.words(language))));
        rules.questions.iter().for_each(|rule| text(rule.id.word(), value(rule.words(language))));
        rules.advice.iter().for_each(|rule| text(&rule.id, value(rule.words(language))));
        rules.asks.iter().for_each(|rule| text(&rule.id, value(rule.words(language))));
        rules.guides.iter().for_each(|rule| text(&rule.id, value(rule.words(language))));
        rules.look.iter().for_each(|rule| text(&rule.id, value(rule.words(language))));
    }
    assert!(empty.is_empty(), "{empty:?}");
}

mod erased {
    /// Anything that can be looked at as JSON.
    pub(super) trait Words {
        fn value(&self) -> serde_json::Value;
    }

    impl<T: serde::Serialize> Words for T {
        fn value(&self) -> serde_json::Value {
            serde_json::to_value(self).unwrap_or_default()
        }
    }
}
