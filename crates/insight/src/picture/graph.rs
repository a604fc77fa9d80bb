//! Who stands beside which identifier: people on the left, identifiers on the right, lines between them with
//! their counts.
//!
//! What has the most lines stands on top; the order is the same for the same data.

use std::collections::BTreeMap;

use super::svg::Picture;

/// Rows of each side at most.
const MOST_ROWS: usize = 60;
const ROW: f64 = 24.0;
const LEFT: f64 = 250.0;
const RIGHT: f64 = 620.0;

/// So many times together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Somebody.
    pub from: String,
    /// An identifier.
    pub to: String,
    /// How often.
    pub count: u64,
}

/// The words of the picture.
#[derive(Clone, Copy, Debug)]
pub struct Words<'w> {
    /// The title.
    pub title: &'w str,
    /// The head of the left column.
    pub people: &'w str,
    /// The head of the right column.
    pub identifiers: &'w str,
    /// What is said if not everything is shown.
    pub left_out: &'w str,
}

/// The picture.
pub fn svg(edges: &[Edge], words: &Words<'_>) -> String {
    let from = ranked(edges.iter().map(|edge| (edge.from.as_str(), edge.count)));
    let to = ranked(edges.iter().map(|edge| (edge.to.as_str(), edge.count)));
    let rows = from.len().max(to.len()).min(MOST_ROWS);
    let height = 80.0 + ROW * f64::from(u32::try_from(rows).unwrap_or(u32::MAX));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 60 rows of 24")]
    let mut picture = Picture::new(900, height as u32);
    picture.text((LEFT, 30.0), "end", words.people);
    picture.text((RIGHT, 30.0), "start", words.identifiers);
    let place = |rank: usize| 56.0 + ROW * f64::from(u32::try_from(rank).unwrap_or(u32::MAX));
    let rank = |names: &[&str], name: &str| names.iter().take(MOST_ROWS).position(|known| *known == name);
    let mut hidden = 0_u64;
    for edge in edges {
        match (rank(&from, &edge.from), rank(&to, &edge.to)) {
            (Some(left), Some(right)) => {
                let width = 1.0 + f64::from(u32::try_from(edge.count).unwrap_or(u32::MAX)).ln().min(5.0);
                let (start, end) = ((LEFT + 8.0, place(left) - 4.0), (RIGHT - 8.0, place(right) - 4.0));
                picture.line(start, end, ("#7a8f98", width));
                let middle = ((start.0 * 2.0 + end.0) / 3.0, (start.1 * 2.0 + end.1) / 3.0 - 2.0);
                picture.text(middle, "middle", &edge.count.to_string());
            }
            _ => hidden = hidden.saturating_add(1),
        }
    }
    for (number, name) in from.iter().take(MOST_ROWS).enumerate() {
        picture.name((LEFT, place(number)), "end", name);
    }
    for (number, name) in to.iter().take(MOST_ROWS).enumerate() {
        picture.name((RIGHT, place(number)), "start", name);
    }
    if hidden > 0 {
        picture.text((450.0, height - 12.0), "middle", &format!("{} {hidden}", words.left_out));
    }
    let description = edges
        .iter()
        .take(MOST_ROWS)
        .map(|edge| format!("{} – {}: {}", edge.from, edge.to, edge.count))
        .collect::<Vec<_>>()
        .join("; ");
    picture.finish(words.title, &description)
}

/// Names by how often they occur, the most first.
fn ranked<'n>(names: impl Iterator<Item = (&'n str, u64)>) -> Vec<&'n str> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, count) in names {
        let sum = counts.entry(name).or_default();
        *sum = sum.saturating_add(count);
    }
    let mut ranked: Vec<(&str, u64)> = counts.into_iter().collect();
    ranked.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    ranked.into_iter().map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words<'_> =
        Words { title: "Links", people: "People", identifiers: "Identifiers", left_out: "not shown:" };

    #[test]
    fn counts_stand_on_lines_and_what_is_left_out_is_said() {
        let edge = |number: usize| Edge {
            from: format!("Person {number}"),
            to: "phone: +49 171 3920011".to_owned(),
            count: 3,
        };
        let small = svg(&[edge(1)], &WORDS);
        assert!(small.contains("Person 1") && small.contains(">3</text>") && !small.contains("not shown"));
        let large = svg(&(0..100).map(edge).collect::<Vec<_>>(), &WORDS);
        assert!(large.contains("not shown: 40"));
        assert_eq!(large, svg(&(0..100).map(edge).collect::<Vec<_>>(), &WORDS));
    }
}
