//! The safety questions at the terminal: asked before a guide is shown and before advice that changes
//! something. Answers are used and forgotten.

use desk::{AskedFor, RULES, SafetyAnswer};

use crate::arguments::SafetyAnswers;
use crate::errors::Failure;
use crate::prompt::{ask, is_somebody_there, understood};
use crate::trouble::Trouble;
use crate::work::{Work, warn};

/// The answers: those given, the others from the person.
pub(crate) fn answers(
    work: &Work<'_>,
    given: &SafetyAnswers,
    asked_for: AskedFor,
) -> Result<desk::SafetyAnswers, Failure> {
    let mut answers = desk::SafetyAnswers::new();
    for text in &given.given {
        let (question, answer) = parse(text)?;
        answers.insert(question, answer);
    }
    let needed = needed(asked_for);
    if needed.iter().all(|question| answers.contains_key(*question)) {
        return Ok(answers);
    }
    if !is_somebody_there() {
        // Some answers are enough where what is missing counts as not known; none are not.
        return if answers.is_empty() { Err(Trouble::SafetyMissing.into()) } else { Ok(answers) };
    }
    let language = work.words.language().of_rules();
    for question in RULES.safety.question.iter().filter(|question| needed.contains(&question.id.as_str())) {
        if answers.contains_key(&question.id) {
            continue;
        }
        let words = question.words(language);
        warn(&format!("\n{}\n  {}", words.text, words.help));
        answers.insert(question.id.clone(), answer(work)?);
    }
    Ok(answers)
}

/// Says what follows from the answers.
pub(crate) fn tell(work: &Work<'_>, asked_for: AskedFor, answers: &desk::SafetyAnswers) {
    warn(&format!("\n{}\n", outcome(work, asked_for, answers)));
}

/// What follows from the answers, in words.
pub(crate) fn outcome(work: &Work<'_>, asked_for: AskedFor, answers: &desk::SafetyAnswers) -> String {
    let outcome = desk::safety_outcome(asked_for, answers);
    outcome.map(|outcome| outcome.words(work.words.language().of_rules()).text.clone()).unwrap_or_default()
}

/// The questions that an outcome hangs on.
fn needed(asked_for: AskedFor) -> Vec<&'static str> {
    let outcomes = RULES.safety.outcome.iter().filter(|outcome| outcome.asked_for == asked_for);
    let mut needed: Vec<&str> =
        outcomes.flat_map(|outcome| outcome.when.keys().map(String::as_str)).collect();
    needed.sort_unstable();
    needed.dedup();
    needed
}

fn answer(work: &Work<'_>) -> Result<SafetyAnswer, Failure> {
    loop {
        let line = ask(&work.words.say("safety-question")).ok_or(Failure::from(Trouble::SafetyMissing))?;
        match understood(work, &line, &["words-no", "words-yes", "words-unknown"]) {
            Some("words-no") => return Ok(SafetyAnswer::No),
            Some("words-yes") => return Ok(SafetyAnswer::Yes),
            Some(_) => return Ok(SafetyAnswer::Unknown),
            None => warn(&work.words.say("safety-again")),
        }
    }
}

fn parse(text: &str) -> Result<(String, SafetyAnswer), Failure> {
    let questions = || RULES.safety.question.iter().map(|question| question.id.as_str());
    let parsed = text.split_once('=').and_then(|(question, answer)| {
        let answer = match answer {
            "yes" => SafetyAnswer::Yes,
            "no" => SafetyAnswer::No,
            "unknown" => SafetyAnswer::Unknown,
            _ => return None,
        };
        questions().any(|known| known == question).then(|| (question.to_owned(), answer))
    });
    parsed.ok_or_else(|| {
        let known: Vec<&str> = questions().collect();
        Failure::from(Trouble::SafetyAnswer).with("given", text).with("questions", known.join(", "))
    })
}
