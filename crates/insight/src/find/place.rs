//! Coordinates in texts: two decimal numbers with at least three decimals each and more in one of them (two
//! sums of money have three in both), and degrees with minutes and
//! seconds; and full Plus codes (Open Location Code) by their alphabet and form.

use model::record::Point;

use super::finds::Finds;
use super::passage::Passage;
use super::{Context, Kind};

/// Fewest decimals of a number that is taken for degrees: a hundred metres.
const FEWEST_DECIMALS: usize = 3;
/// The signs of Plus codes.
const PLUS_CODE: &str = "23456789cfghjmpqrvwx";

pub(super) fn find(passage: &Passage<'_>, _: &Context, finds: &mut Finds) {
    let shadow = &passage.shadow().text;
    decimal(passage, shadow, finds);
    if shadow.contains('°') {
        sexagesimal(passage, shadow, finds);
    }
    if shadow.contains('+') {
        plus_codes(passage, shadow, finds);
    }
}

/// One spelling of a point.
pub(super) fn key(point: Point) -> String {
    format!("{:.5},{:.5}", point.latitude, point.longitude)
}

/// `52.5200, 13.4050`.
fn decimal(passage: &Passage<'_>, shadow: &str, finds: &mut Finds) {
    let mut from = 0;
    while let Some((first, second)) = shadow.get(from..).and_then(|rest| pair(rest, from)) {
        from = first.1;
        let number = |(from, until): (usize, usize)| {
            let text = shadow.get(from..until)?;
            let decimals = text.split_once('.')?.1.len();
            (decimals >= FEWEST_DECIMALS).then(|| Some((text.parse::<f64>().ok()?, decimals)))?
        };
        let point = number(first).zip(number(second)).and_then(|((north, fine), (east, as_fine))| {
            Point::new(north, east).filter(|_| fine.max(as_fine) > FEWEST_DECIMALS)
        });
        if let Some(point) = point {
            finds.add(Kind::Place, passage.source(&(first.0..second.1)), key(point), "coordinates");
            from = second.1;
        }
    }
}

/// The next two numbers with only a comma, blanks or a semicolon between them.
fn pair(text: &str, offset: usize) -> Option<((usize, usize), (usize, usize))> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let before = text.get(..start)?.ends_with('-');
    let start = if before { start.saturating_sub(1) } else { start };
    let rest = text.get(start..)?;
    let end = start.saturating_add(rest.find(|c: char| !is_part(c)).unwrap_or(rest.len()));
    let behind = text.get(end..)?;
    let gap = behind.find(|c: char| !matches!(c, ' ' | ',' | ';')).unwrap_or(behind.len());
    let second = end.saturating_add(gap);
    let rest = text.get(second..)?;
    let until = second.saturating_add(rest.find(|c: char| !is_part(c)).unwrap_or(rest.len()));
    let at = |place: usize| place.saturating_add(offset);
    let trimmed = text.get(start..end)?.trim_end_matches('.').len();
    let second_text = text.get(second..until)?.trim_end_matches('.').len();
    let first = (at(start), at(start.saturating_add(trimmed)));
    Some((first, (at(second), at(second.saturating_add(second_text)))))
}

/// `52°31'12"N 13°24'18"E`.
fn sexagesimal(passage: &Passage<'_>, shadow: &str, finds: &mut Finds) {
    let mut from = 0;
    while let Some(at) = shadow.get(from..).and_then(|rest| rest.find('°')).map(|at| at.saturating_add(from))
    {
        from = at.saturating_add('°'.len_utf8());
        let before = shadow.get(..at).unwrap_or_default();
        let digits = before.len().saturating_sub(before.trim_end_matches(|c: char| c.is_ascii_digit()).len());
        let start = at.saturating_sub(digits);
        let north = angle(shadow, start, &['n', 's']);
        let east = north.and_then(|(_, end)| {
            let behind = shadow.get(end..)?;
            let gap = behind.find(|c: char| c.is_ascii_digit()).filter(|gap| *gap <= 4)?;
            angle(shadow, end.saturating_add(gap), &['e', 'w', 'o'])
        });
        if let (Some((north, _)), Some((east, end))) = (north, east)
            && let Some(point) = Point::new(north, east)
        {
            finds.add(Kind::Place, passage.source(&(start..end)), key(point), "degrees");
            from = end;
        }
    }
}

/// Degrees with what follows, and the letter of the side; where it ends.
fn angle(shadow: &str, start: usize, sides: &[char]) -> Option<(f64, usize)> {
    let (mut value, mut unit, mut number) = (0.0, 1.0, String::new());
    for (at, c) in shadow.get(start..)?.char_indices().take(40) {
        match c {
            '0'..='9' | '.' => number.push(c),
            ',' => number.push('.'),
            '°' | '\'' | '"' => {
                if !number.is_empty() {
                    value += number.parse::<f64>().ok()? / unit;
                    unit *= 60.0;
                    number.clear();
                }
            }
            ' ' => {}
            side if sides.contains(&side) => {
                let end = start.saturating_add(at).saturating_add(1);
                return Some((if matches!(side, 's' | 'w') { -value } else { value }, end));
            }
            _ => return None,
        }
    }
    None
}

/// `9F4MGC22+22`.
fn plus_codes(passage: &Passage<'_>, shadow: &str, finds: &mut Finds) {
    for (at, _) in shadow.match_indices('+') {
        let start = at.saturating_sub(8);
        let Some(before) = shadow.get(start..at) else { continue };
        let behind = shadow.get(at.saturating_add(1)..).unwrap_or_default();
        let length = behind.find(|c: char| !PLUS_CODE.contains(c)).unwrap_or(behind.len());
        let is_code = |text: &str| text.chars().all(|c| PLUS_CODE.contains(c));
        let alone = shadow.get(..start).is_some_and(|text| !text.ends_with(|c: char| c.is_alphanumeric()));
        let letters = before.chars().any(|c| c.is_ascii_alphabetic());
        if before.len() == 8 && is_code(before) && (2..=3).contains(&length) && alone && letters {
            let end = at.saturating_add(1).saturating_add(length);
            let key = shadow.get(start..end).unwrap_or_default().to_ascii_uppercase();
            finds.add(Kind::Place, passage.source(&(start..end)), key, "plus-code");
        }
    }
}
