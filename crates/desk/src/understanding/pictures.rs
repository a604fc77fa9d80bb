//! `picture`: activity, hours and places of a case as SVG, and the same as a table.
//!
//! Records are counted at the first reading of their time; of a wall clock whose zone is not known the clock
//! is taken as it stands. The same message from two sources counts once. Records without a time are left out
//! and counted.

use std::collections::BTreeMap;

use index::{Cursor, Filter, Index, Line};
use insight::picture::{activity, hours, places};
use model::record::{Inside, Point, What};
use model::{Date, Timestamp};

use super::wanted::RecordsWanted;
use crate::{Desk, DeskError, OpenCase};

/// Records read at once.
const PAGE: usize = 2_000;
/// Points that are kept; more of them are counted.
const MOST_POINTS: usize = 20_000;
/// Rows that are kept; what comes later is put together.
const MOST_ROWS: usize = 500;

/// Which picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// Over time, for each person and channel.
    Activity,
    /// By hour and day of the week.
    Hours,
    /// Places.
    Places,
}

/// The words that stand in pictures.
#[derive(Clone, Debug)]
pub struct PictureWords {
    /// The title of this picture.
    pub title: String,
    /// What is said if not everything is shown.
    pub left_out: String,
    /// What the scale means.
    pub scale: String,
    /// The days of the week, Monday first.
    pub days: [String; 7],
    /// North.
    pub north: String,
    /// If there is nothing.
    pub none: String,
    /// Those of whom the source names nobody.
    pub nobody: String,
}

/// A picture with its table.
#[derive(Debug, serde::Serialize)]
pub struct DrawnPicture {
    /// The picture.
    pub svg: String,
    /// The table: a head and rows of the same length. May hold any character: show it escaped.
    pub table: Vec<Vec<String>>,
    /// Records without a time or without a place, which are in neither.
    pub without: u64,
}

impl Desk<'_> {
    /// Draws a picture of the records that are wanted.
    pub fn picture(
        &mut self,
        case: &mut OpenCase,
        kind: PictureKind,
        wanted: &RecordsWanted,
        words: &PictureWords,
    ) -> Result<DrawnPicture, DeskError> {
        let decisions = self.decisions(case)?;
        let (index, insights) = self.opened_index(case, wanted)?;
        self.looked(case, "picture")?;
        let filter = wanted.resolve(&index, insights.as_ref(), &decisions)?.filter;
        match kind {
            PictureKind::Activity => drawn_activity(&index, &filter, words),
            PictureKind::Hours => drawn_hours(&index, &filter, words),
            PictureKind::Places => drawn_places(&index, &filter, words),
        }
    }
}

/// Goes through all records of a filter.
fn each(
    index: &Index,
    filter: &Filter,
    take: &mut dyn FnMut(&Line) -> Result<(), DeskError>,
) -> Result<(), DeskError> {
    let mut after: Option<Cursor> = None;
    loop {
        let page = index.page(filter, after, PAGE)?;
        page.lines.iter().try_for_each(&mut *take)?;
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Messages and calls have a sender and an hour that says something.
fn is_talk(line: &Line) -> bool {
    matches!(line.record.what, What::Message(_) | What::Call(_))
}

fn first_ms(line: &Line) -> Option<i64> {
    line.record.what.time().and_then(|time| time.first_ms)
}

fn date_of(ms: i64) -> Date {
    Timestamp(ms.div_euclid(1000)).date()
}

fn drawn_activity(index: &Index, filter: &Filter, words: &PictureWords) -> Result<DrawnPicture, DeskError> {
    let (mut rows, mut without) = (BTreeMap::<String, BTreeMap<String, u64>>::new(), 0_u64);
    each(index, filter, &mut |line| {
        if !is_talk(line) {
            return Ok(());
        }
        let Some(ms) = first_ms(line) else {
            without = without.saturating_add(1);
            return Ok(());
        };
        let month: String = date_of(ms).to_string().chars().take(7).collect();
        let name = name_of(line, words);
        let name = if rows.len() >= MOST_ROWS && !rows.contains_key(&name) { "…".to_owned() } else { name };
        let count = rows.entry(name).or_default().entry(month).or_default();
        *count = count.saturating_add(1);
        Ok(())
    })?;
    let months = months_between(&rows);
    let mut drawn: Vec<activity::Row> = rows
        .into_iter()
        .map(|(name, counts)| {
            let counts = months.iter().map(|month| counts.get(month).copied().unwrap_or(0)).collect();
            activity::Row { name, counts }
        })
        .collect();
    let sum = |row: &activity::Row| row.counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
    drawn.sort_by_key(|row| std::cmp::Reverse(sum(row)));
    let texts = activity::Words { title: &words.title, left_out: &words.left_out, scale: &words.scale };
    let svg = activity::svg(&drawn, &months, &texts);
    let head = std::iter::once(String::new()).chain(months.iter().cloned()).collect();
    let body = drawn
        .iter()
        .map(|row| std::iter::once(row.name.clone()).chain(row.counts.iter().map(u64::to_string)).collect());
    Ok(DrawnPicture { svg, table: std::iter::once(head).chain(body).collect(), without })
}

/// Every month from the first to the last, also those without a record: a gap is to be seen.
fn months_between(rows: &BTreeMap<String, BTreeMap<String, u64>>) -> Vec<String> {
    /// Fifty years.
    const MOST: usize = 600;
    let first = rows.values().filter_map(|months| months.keys().next()).min();
    let last = rows.values().filter_map(|months| months.keys().next_back()).max();
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    let parts = |month: &str| {
        let (year, month) = month.split_once('-')?;
        Some((year.parse::<i32>().ok()?, month.parse::<i32>().ok()?))
    };
    let Some((mut year, mut month)) = parts(first) else { return Vec::new() };
    let mut months = Vec::new();
    loop {
        let name = format!("{year:04}-{month:02}");
        let is_last = name == *last;
        months.push(name);
        if is_last || months.len() >= MOST {
            return months;
        }
        (year, month) =
            if month >= 12 { (year.saturating_add(1), 1) } else { (year, month.saturating_add(1)) };
    }
}

fn name_of(line: &Line, words: &PictureWords) -> String {
    let name = |party: &model::record::Party| party.name.clone().or_else(|| party.id.clone());
    let (app, who) = match &line.record.what {
        What::Message(message) => (message.app.as_str(), message.sender.as_ref().and_then(name)),
        What::Call(call) => (call.app.as_str(), call.others.first().and_then(name)),
        _ => ("", None),
    };
    format!("{} · {app} · {}", who.unwrap_or_else(|| words.nobody.clone()), line.record.what.word())
}

fn drawn_hours(index: &Index, filter: &Filter, words: &PictureWords) -> Result<DrawnPicture, DeskError> {
    let (mut counts, mut without) = ([[0_u64; 24]; 7], 0_u64);
    each(index, filter, &mut |line| {
        if !is_talk(line) {
            return Ok(());
        }
        match first_ms(line) {
            Some(ms) => {
                // The first of January 1970 was a Thursday.
                let day = usize::try_from(date_of(ms).days.saturating_add(3).rem_euclid(7)).unwrap_or(0);
                let hour = usize::try_from(ms.div_euclid(3_600_000).rem_euclid(24)).unwrap_or(0);
                if let Some(count) = counts.get_mut(day).and_then(|hours| hours.get_mut(hour)) {
                    *count = count.saturating_add(1);
                }
            }
            None => without = without.saturating_add(1),
        }
        Ok(())
    })?;
    let days = words.days.each_ref().map(String::as_str);
    let svg = hours::svg(&counts, &hours::Words { title: &words.title, days, scale: &words.scale });
    let head = std::iter::once(String::new()).chain((0..24).map(|hour| hour.to_string())).collect();
    let body =
        words.days.iter().zip(&counts).map(|(day, hours)| {
            std::iter::once(day.clone()).chain(hours.iter().map(u64::to_string)).collect()
        });
    Ok(DrawnPicture { svg, table: std::iter::once(head).chain(body).collect(), without })
}

fn drawn_places(index: &Index, filter: &Filter, words: &PictureWords) -> Result<DrawnPicture, DeskError> {
    let (mut points, mut without) = (Vec::new(), 0_u64);
    let filter = Filter { located: filter.located.or(Some(index::Located::Somewhere)), ..filter.clone() };
    each(index, &filter, &mut |line| {
        for point in points_of(&line.record.what) {
            if points.len() >= MOST_POINTS {
                without = without.saturating_add(1);
                continue;
            }
            let day = first_ms(line).map(|ms| date_of(ms).to_string()).unwrap_or_default();
            points.push((point, day));
        }
        Ok(())
    })?;
    let texts = places::Words {
        title: &words.title,
        north: &words.north,
        left_out: &words.left_out,
        none: &words.none,
    };
    let svg = places::svg(&points, &texts);
    let table = points.iter().map(|(point, day)| {
        vec![day.clone(), format!("{:.5}", point.latitude), format!("{:.5}", point.longitude)]
    });
    Ok(DrawnPicture { svg, table: table.collect(), without })
}

fn points_of(what: &What) -> Vec<Point> {
    match what {
        What::Location(fix) => fix.point.into_iter().collect(),
        What::Media(fact) => fact.point.into_iter().collect(),
        What::Message(message) => {
            let point = |inside: &Inside| match inside {
                Inside::Location { point, .. } => *point,
                _ => None,
            };
            message.inside.iter().filter_map(point).collect()
        }
        _ => Vec::new(),
    }
}
