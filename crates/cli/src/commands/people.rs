//! `asservat people CASE`: who is named, who may be the same, which numbers, addresses and accounts recur.
//!
//! ```text
//! asservat people amsel --country DE
//! asservat people amsel --same 3fa2c8 --with 91b04d --why "She says so."
//! asservat people amsel --links phone --csv
//! ```

use std::collections::HashMap;
use std::path::PathBuf;

use desk::{FoundPeople, GraphWords, Link, PeopleForm, Person, PersonParty, Proposal, Same};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::csv;
use crate::errors::Failure;
use crate::shown::shown;
use crate::trouble::Trouble;
use crate::words::say;
use crate::work::{Want, Work};

/// Digits of a party's key in a list.
const KEY_DIGITS: usize = 12;

/// Shows who is named.
#[derive(clap::Args)]
pub(crate) struct People {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// Countries of numbers without a code.
    #[arg(long, value_name = "COUNTRY", value_delimiter = ',')]
    country: Vec<String>,
    /// Numbers, addresses and accounts, of one kind or of all.
    #[arg(long, value_name = "KIND", num_args = 0..=1, default_missing_value = "all")]
    links: Option<String>,
    /// As a table.
    #[arg(long, requires = "links")]
    csv: bool,
    /// As a picture.
    #[arg(long, conflicts_with = "links")]
    graph: bool,
    /// These are one person.
    #[arg(long, value_name = "KEY", requires = "with", group = "decision")]
    same: Option<String>,
    /// These are not.
    #[arg(long, value_name = "KEY", requires = "with", group = "decision")]
    not_same: Option<String>,
    /// Nobody can say.
    #[arg(long, value_name = "KEY", requires = "with", group = "decision")]
    unsure: Option<String>,
    /// What was decided does not hold any more.
    #[arg(long, value_name = "KEY", requires = "with", group = "decision")]
    undo: Option<String>,
    /// The other one.
    #[arg(long, value_name = "KEY", requires = "decision")]
    with: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT", requires = "decision")]
    why: Option<String>,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl People {
    /// Shows, draws or decides.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let form = PeopleForm { countries: self.country.clone() };
        if let Some(with) = &self.with {
            return self.decide(work, with);
        }
        let (mut desk, mut case) = work.open(&self.case, Want::Look, &self.signing, Some(&self.key))?;
        if self.graph {
            let say = |id: &str| work.words.say(id);
            let (title, people) = (say("people-graph"), say("people-graph-people"));
            let (identifiers, left_out) = (say("people-graph-identifiers"), say("picture-left-out"));
            let words =
                GraphWords { title: &title, people: &people, identifiers: &identifiers, left_out: &left_out };
            let svg = desk.link_graph(&mut case, &form, &words)?;
            return Ok(Answer::new(&json!({ "svg": svg }), [svg.trim_end().to_owned()]));
        }
        if let Some(kind) = &self.links {
            let kind = Some(kind.as_str()).filter(|kind| *kind != "all");
            let links = desk.links(&mut case, &form, kind)?;
            let told = if self.csv { table(work, &links) } else { link_lines(work, &links) };
            return Ok(Answer::new(&json!({ "links": links }), told));
        }
        let found = desk.people(&mut case, &form)?;
        let lines = lines(work, &found);
        Ok(Answer::new(&found, lines))
    }

    fn decide(&self, work: &Work<'_>, with: &str) -> Result<Answer, Failure> {
        let choices = [
            (&self.same, Same::Same),
            (&self.not_same, Same::NotSame),
            (&self.unsure, Same::Unsure),
            (&self.undo, Same::Undone),
        ];
        let chosen = choices.into_iter().find_map(|(key, same)| key.as_deref().map(|key| (key, same)));
        let Some((key, same)) = chosen else { return Err(Trouble::UsageMissing.into()) };
        let (mut desk, mut case) = work.open(&self.case, Want::Act, &self.signing, Some(&self.key))?;
        let why = self.why.clone().unwrap_or_default();
        let entry = desk.judge_person(&mut case, (key, with), same, &why)?;
        let line = say!(work.words, "people-decided", entry = entry.to_string());
        Ok(Answer::new(&json!({ "entry": entry, "decision": same }), [line]))
    }
}

fn lines(work: &Work<'_>, found: &FoundPeople) -> Vec<String> {
    let words = work.words;
    let mut lines = vec![words.say("people-head")];
    for person in &found.persons {
        lines.extend(person_lines(work, person));
    }
    if found.persons.is_empty() {
        lines.push(words.say("people-none"));
    }
    if !found.proposals.is_empty() {
        lines.push(String::new());
        lines.push(words.say("people-proposals"));
        let parties = found.persons.iter().flat_map(|person| &person.parties);
        let by_key: HashMap<&str, &PersonParty> = parties.map(|party| (party.key.as_str(), party)).collect();
        lines.extend(found.proposals.iter().map(|proposal| proposal_line(work, &by_key, proposal)));
        lines.push(words.say("people-how-to-decide"));
    }
    if found.left_out > 0 {
        lines.push(say!(words, "people-left-out", count = found.left_out));
    }
    if found.more {
        lines.push(words.say("people-more"));
    }
    lines
}

fn person_lines(work: &Work<'_>, person: &Person) -> Vec<String> {
    let words = work.words;
    let mut lines: Vec<String> = person
        .parties
        .iter()
        .enumerate()
        .map(|(place, party)| {
            let sign = if place == 0 { "-" } else { "  =" };
            let counts = say!(words, "people-counts", sent = party.sent, named = party.named);
            format!("{sign} {}  {counts}", party_text(party))
        })
        .collect();
    if let (Some(first), Some(last)) = (person.first_ms, person.last_ms) {
        let date = |ms: i64| model::Timestamp(ms.div_euclid(1000)).date().to_string();
        lines.push(format!("    {}", say!(words, "people-times", first = date(first), last = date(last))));
    }
    for why in &person.why {
        lines.push(format!("    {}", say!(words, "people-why", why = shown(why))));
    }
    lines
}

fn party_text(party: &PersonParty) -> String {
    let key: String = party.key.chars().take(KEY_DIGITS).collect();
    let name = party.name.as_deref().map(shown).unwrap_or_default();
    let id = party.id.as_deref().map(shown).unwrap_or_default();
    let said: Vec<&str> = [name.as_str(), id.as_str(), party.app.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    format!("{key}  {}", said.join(" · "))
}

fn proposal_line(work: &Work<'_>, by_key: &HashMap<&str, &PersonParty>, proposal: &Proposal) -> String {
    let words = work.words;
    let text = |key: &str| by_key.get(key).map(|party| party_text(party)).unwrap_or_default();
    let reason = serde_json::to_value(&proposal.reason).unwrap_or_default();
    let why = reason.get("why").and_then(Value::as_str).unwrap_or_default().to_owned();
    let what = ["account", "number", "mail", "name"]
        .iter()
        .find_map(|member| reason.get(member).and_then(Value::as_str))
        .unwrap_or_default()
        .to_owned();
    let reason = say!(words, &format!("people-because-{why}"), what = shown(&what));
    format!("? {}  ~  {}: {reason}", text(&proposal.first), text(&proposal.second))
}

fn link_lines(work: &Work<'_>, links: &[Link]) -> Vec<String> {
    let words = work.words;
    if links.is_empty() {
        return vec![words.say("people-no-links")];
    }
    let date = |ms: Option<i64>| {
        ms.map(|ms| model::Timestamp(ms.div_euclid(1000)).date().to_string()).unwrap_or_default()
    };
    let line = |link: &Link| {
        let with: Vec<String> =
            link.with.iter().take(5).map(|(who, count)| format!("{} ({count})", shown(who))).collect();
        say!(
            words,
            "people-link",
            kind = words.word("identifier", &link.kind),
            shown = shown(&link.shown),
            count = link.count,
            first = date(link.first_ms),
            last = date(link.last_ms),
            with = with.join(", ")
        )
    };
    links.iter().map(line).collect()
}

fn table(work: &Work<'_>, links: &[Link]) -> Vec<String> {
    let heads = ["kind", "identifier", "count", "first", "last", "with"];
    let heads: Vec<String> =
        heads.iter().map(|head| work.words.say(&format!("people-table-{head}"))).collect();
    let date =
        |ms: Option<i64>| ms.map(|ms| model::Timestamp(ms.div_euclid(1000)).to_string()).unwrap_or_default();
    let row = |link: &Link| {
        let with: Vec<String> = link.with.iter().map(|(who, count)| format!("{who} ({count})")).collect();
        let (count, first, last) = (link.count.to_string(), date(link.first_ms), date(link.last_ms));
        csv::row([link.kind.as_str(), &link.key, &count, &first, &last, &with.join("; ")])
    };
    std::iter::once(csv::row(heads.iter().map(String::as_str))).chain(links.iter().map(row)).collect()
}
