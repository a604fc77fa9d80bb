//! How a query is answered: which source names the candidates, and what must still be looked at.
//!
//! The word table answers for itself. The table of parts knows no positions, so what it names is looked at in
//! the shadow text. A term of one or two characters is found by reading shadow texts where it is frequent;
//! where it is not, its runs are taken from the vocabulary, and if there are too many of them the texts are
//! read all the same. So no term is ever left out.

use rusqlite::{Connection, params};
use text::{Form, Leaf, Node, Rule};

use crate::error::IndexError;
use crate::streams::Source;

/// Most runs of three characters that a short term may stand for; above, it is frequent, and reading the
/// texts soon finds enough.
const MOST_RUNS: usize = 1000;
/// Most runs of a long term that are asked for; the text is looked at anyway.
const MOST_ASKED: usize = 16;

/// What names the candidates of a part of a query.
enum Way {
    /// An expression for the word table; exact.
    Words(String),
    /// An expression for the word table, which knows no fields.
    Near(String),
    /// An expression for the table of parts.
    Parts(String),
    /// A term of one or two characters.
    Short(String),
    /// Several sources.
    Source(Source),
    /// All but those that fit an expression of the word table.
    Without(String),
    /// Nothing names them: every record may fit.
    Open,
}

/// A query ready to be answered.
pub(crate) struct Plan<'q> {
    /// Names every record that fits, and perhaps more.
    pub(crate) source: Source,
    /// What must hold for each of them.
    pub(crate) checks: Vec<Check<'q>>,
}

/// Something that must still hold for a record that the source names.
#[derive(Clone, Copy)]
pub(crate) enum Check<'q> {
    /// This part of the query.
    Whole(&'q Node),
    /// The word table found both near each other; they must stand in one field.
    OneField(&'q Leaf, &'q Leaf),
}

/// Finds the way for a query.
pub(crate) fn plan(root: &Node) -> Plan<'_> {
    let nodes = match root {
        Node::And(nodes) => nodes.as_slice(),
        other => std::slice::from_ref(other),
    };
    let ways = nodes.iter().map(way).collect::<Vec<_>>();
    let by_words = ways.iter().any(|way| matches!(way, Way::Words(_)));
    let is_answered =
        |way: &Way| matches!(way, Way::Words(_)) || (by_words && matches!(way, Way::Without(_)));
    let open = nodes.iter().zip(&ways).filter(|(_, way)| !is_answered(way));
    let checks = open.map(|(node, way)| match (node, way) {
        (Node::Near(left, right, _), Way::Near(_)) => Check::OneField(left, right),
        _ => Check::Whole(node),
    });
    let checks = checks.collect();
    Plan { source: source_of(all_of(ways)), checks }
}

fn way(node: &Node) -> Way {
    match node {
        Node::Leaf(leaf) => any_of(leaf.forms.iter().map(|form| way_of_form(leaf, form)).collect()),
        Node::And(nodes) => all_of(nodes.iter().map(way).collect()),
        Node::Or(nodes) => any_of(nodes.iter().map(way).collect()),
        Node::Not(node) => match way(node) {
            Way::Words(expression) => Way::Without(expression),
            _ => Way::Open,
        },
        Node::Near(left, right, words) => match near(left, right, *words) {
            Some(expression) => Way::Near(expression),
            None => way(&Node::And(vec![Node::Leaf(left.clone()), Node::Leaf(right.clone())])),
        },
    }
}

fn way_of_form(leaf: &Leaf, form: &Form) -> Way {
    match (form.rule, form.fts()) {
        (Rule::Word, Some(expression)) => Way::Words(expression),
        (Rule::Number, _) => match &leaf.number {
            Some(number) => Way::Parts(runs_of(number.tail())),
            None => Way::Open,
        },
        (Rule::Trigram, _) => Way::Parts(runs_of(&form.text)),
        (Rule::Scan | Rule::Word, _) => Way::Short(form.text.clone()),
    }
}

/// The expression for two leaves near each other in the word table; nothing if one is not made of words.
pub(crate) fn near(left: &Leaf, right: &Leaf, words: usize) -> Option<String> {
    let phrases = |leaf: &Leaf| -> Option<Vec<String>> {
        leaf.forms.iter().map(|form| form.fts().filter(|_| form.rule == Rule::Word)).collect()
    };
    let (left, right) = (phrases(left)?, phrases(right)?);
    let pairs = left.iter().flat_map(|a| right.iter().map(move |b| format!("NEAR({a} {b}, {words})")));
    Some(pairs.collect::<Vec<_>>().join(" OR ")).map(|pairs| format!("({pairs})"))
}

/// All runs of three characters of a term of at least three, joined by AND; of a long one some.
fn runs_of(term: &str) -> String {
    let characters: Vec<char> = term.chars().collect();
    let runs: Vec<String> =
        characters.windows(3).map(|run| quoted(&run.iter().collect::<String>())).collect();
    let step = runs.len().div_ceil(MOST_ASKED).max(1);
    let last = runs.last().filter(|_| step > 1);
    let asked: Vec<&str> = runs.iter().step_by(step).chain(last).map(String::as_str).collect();
    format!("({})", asked.join(" AND "))
}

fn quoted(term: &str) -> String {
    format!("\"{}\"", term.replace('"', "\"\""))
}

/// Candidates that all of these name. What would name them only by reading everything waits for the checks
/// if anything else does; then the words are not the whole answer any more.
fn all_of(ways: Vec<Way>) -> Way {
    let (mut words, mut without, mut parts, mut sources) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut short, mut open) = (None, false);
    for way in ways {
        match way {
            Way::Words(expression) => words.push(expression),
            Way::Parts(expression) => parts.push(expression),
            Way::Near(expression) => sources.push(Source::words(expression)),
            Way::Source(source) => sources.push(source),
            Way::Without(expression) => without.push(expression),
            Way::Short(term) => short = Some(term),
            Way::Open => open = true,
        }
    }
    let together = |expressions: &[String]| format!("({})", expressions.join(" AND "));
    if !words.is_empty() {
        let expression = match without.as_slice() {
            [] => together(&words),
            without => format!("({} NOT ({}))", together(&words), without.join(" OR ")),
        };
        if parts.is_empty() && sources.is_empty() && short.is_none() && !open {
            return Way::Words(expression);
        }
        sources.push(Source::words(expression));
    }
    if !parts.is_empty() {
        sources.push(Source::parts(together(&parts)));
    }
    match (sources.is_empty(), short) {
        (false, _) => Way::Source(Source::Both(sources)),
        (true, Some(term)) => Way::Short(term),
        (true, None) => Way::Open,
    }
}

/// Candidates that any of these names.
fn any_of(ways: Vec<Way>) -> Way {
    let (mut words, mut parts, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    for way in ways {
        match way {
            Way::Words(expression) => words.push(expression),
            Way::Parts(expression) => parts.push(expression),
            Way::Near(expression) => sources.push(Source::words(expression)),
            Way::Source(source) => sources.push(source),
            Way::Short(term) => sources.push(Source::short(term)),
            Way::Without(_) | Way::Open => return Way::Open,
        }
    }
    let either = |mut expressions: Vec<String>| {
        expressions.dedup();
        format!("({})", expressions.join(" OR "))
    };
    match (words.is_empty(), parts.is_empty(), sources.is_empty()) {
        (false, true, true) => return Way::Words(either(words)),
        (true, false, true) => return Way::Parts(either(parts)),
        _ => {}
    }
    if !words.is_empty() {
        sources.push(Source::words(either(words)));
    }
    if !parts.is_empty() {
        sources.push(Source::parts(either(parts)));
    }
    Way::Source(Source::Either(sources))
}

fn source_of(way: Way) -> Source {
    match way {
        Way::Words(expression) | Way::Near(expression) => Source::words(expression),
        Way::Parts(expression) => Source::parts(expression),
        Way::Source(source) => source,
        Way::Short(term) => Source::short(term),
        Way::Without(_) | Way::Open => Source::everything(),
    }
}

/// Records with a term of one or two characters by the table of parts: every run of three that begins with
/// it. Where there are too many of them the texts are read.
pub(crate) fn by_runs(db: &Connection, term: &str) -> Result<Source, IndexError> {
    let mut statement =
        db.prepare_cached("SELECT term FROM vocabulary WHERE term >= ?1 AND term < ?2 LIMIT ?3")?;
    let behind = format!("{term}{}", char::MAX);
    let most = i64::try_from(MOST_RUNS).unwrap_or(i64::MAX).saturating_add(1);
    let runs = statement.query_map(params![term, behind, most], |row| row.get::<_, String>(0))?;
    let runs = runs.map(|run| run.map(|run| quoted(&run))).collect::<Result<Vec<_>, _>>()?;
    match runs.len() {
        0 => Ok(Source::Given(Vec::new())),
        count if count <= MOST_RUNS => Ok(Source::parts(runs.join(" OR "))),
        _ => Ok(Source::read(term.to_owned())),
    }
}
