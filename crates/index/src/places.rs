//! Points on the earth, found by how near they are and still in the order of time.
//!
//! Every point stands in four nets of cells, 0.01, 0.1, 1 and 10 degrees wide, and each cell holds its points
//! in the order of time. A circle takes the finest net in which it touches few cells; their rows are walked
//! side by side and each point is looked at exactly. Distances are chords between unit vectors (a sphere of
//! 6371.0088 km): at most 0.6 % off the ellipsoid, more than a phone knows where it is by. Deliberately no
//! heights and no regions.

use std::collections::BTreeSet;

use model::record::{Inside, Point, What};
use rusqlite::{Connection, params};

use crate::error::IndexError;
use crate::filter::{Located, NearPoint};

/// The widths of the nets in hundredths of a degree, the finest first.
const NETS: [i32; 4] = [1, 10, 100, 1000];
/// Most cells that are walked side by side.
const MOST_CELLS: usize = 40;
const EARTH_METRES: f64 = 6_371_008.8;
/// Rows of a net are numbered from the south pole, columns from 180 degrees west.
const COLUMNS: i64 = 36_000;

/// Puts the points of a record in.
pub(crate) fn insert(db: &Connection, what: &What, id: i64, order_ms: i64) -> Result<(), IndexError> {
    for (number, point) in (0_i64..).zip(points(what)) {
        let [x, y, z] = vector(point);
        let insert = "INSERT INTO point(order_ms, record, number, x, y, z) VALUES (?, ?, ?, ?, ?, ?)";
        db.prepare_cached(insert)?.execute(params![order_ms, id, number, x, y, z])?;
        for (net, _) in NETS.iter().enumerate() {
            let (row, column) = cell(point, net);
            let insert = "INSERT INTO cell(cell, order_ms, record, number, x, y, z)
                          VALUES (?, ?, ?, ?, ?, ?, ?)";
            let values = params![numbered(net, row, column), order_ms, id, number, x, y, z];
            db.prepare_cached(insert)?.execute(values)?;
        }
    }
    Ok(())
}

/// The points that a record names, impossible ones left out.
fn points(what: &What) -> Vec<Point> {
    let points: Vec<Option<Point>> = match what {
        What::Location(fix) => vec![fix.point],
        What::Media(fact) => vec![fact.point],
        What::Message(message) => {
            let shared = message.inside.iter().map(|inside| match inside {
                Inside::Location { point, .. } => *point,
                _ => None,
            });
            shared.collect()
        }
        _ => Vec::new(),
    };
    points.into_iter().flatten().filter_map(|point| Point::new(point.latitude, point.longitude)).collect()
}

/// The cells that a circle touches, in the finest net in which they are few; nothing if it touches many in
/// all of them.
pub(crate) fn cells(near: &NearPoint) -> Option<Vec<i64>> {
    (0..NETS.len()).find_map(|net| {
        let degrees = (near.metres / EARTH_METRES).to_degrees();
        let (south, north) = (near.point.latitude - degrees, near.point.latitude + degrees);
        let widest = south.abs().max(north.abs());
        // Around a pole every longitude is near.
        let wide = if widest >= 89.0 { 180.0 } else { (degrees / widest.to_radians().cos()).min(180.0) };
        let (first, _) = cell(Point { latitude: south.max(-90.0), longitude: 0.0 }, net);
        let (last, _) = cell(Point { latitude: north.min(90.0), longitude: 0.0 }, net);
        let step = NETS.get(net).map_or(1.0, |width| f64::from(*width) / 100.0);
        let mut columns = BTreeSet::new();
        let mut at = near.point.longitude - wide;
        let end = near.point.longitude + wide;
        while columns.len() <= MOST_CELLS {
            // Behind 180 degrees east comes the west.
            let longitude = (at.min(end) + 180.0).rem_euclid(360.0) - 180.0;
            columns.insert(cell(Point { latitude: 0.0, longitude }, net).1);
            if at >= end {
                break;
            }
            at += step;
        }
        let rows = usize::try_from(last.saturating_sub(first).saturating_add(1)).ok()?;
        (rows.saturating_mul(columns.len()) <= MOST_CELLS).then(|| {
            let cells = (first..=last).flat_map(|row| columns.iter().map(move |column| (row, *column)));
            cells.map(|(row, column)| numbered(net, row, column)).collect()
        })
    })
}

/// A condition on `x`, `y` and `z` of a table, and its values.
pub(crate) fn within(table: &str, near: &NearPoint) -> (String, [f64; 7]) {
    let [x, y, z] = vector(near.point);
    // Half the way round is everywhere; the chord of more would shrink again.
    let angle = (near.metres / EARTH_METRES).clamp(0.0, std::f64::consts::PI);
    let chord = 2.0 * (angle / 2.0).sin();
    let difference = |axis: &str| format!("({table}.{axis} - ?) * ({table}.{axis} - ?)");
    let sql = format!("{} + {} + {} <= ?", difference("x"), difference("y"), difference("z"));
    (sql, [x, x, y, y, z, z, chord * chord])
}

/// Whether a circle can hold anything.
pub(crate) fn is_sound(located: &Located) -> bool {
    match located {
        Located::Somewhere => true,
        Located::Within(near) => {
            near.metres >= 0.0 && Point::new(near.point.latitude, near.point.longitude).is_some()
        }
    }
}

fn vector(point: Point) -> [f64; 3] {
    let (latitude, longitude) = (point.latitude.to_radians(), point.longitude.to_radians());
    [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
}

/// Row and column of a point in a net.
fn cell(point: Point, net: usize) -> (i64, i64) {
    let width = NETS.get(net).map_or(1.0, |width| f64::from(*width));
    #[expect(clippy::cast_possible_truncation, reason = "degrees of a point lie within ± 180")]
    let place = |degrees: f64| (degrees * 100.0 / width).floor() as i64;
    (place(point.latitude + 90.0), place(point.longitude + 180.0))
}

fn numbered(net: usize, row: i64, column: i64) -> i64 {
    let net = i64::try_from(net).unwrap_or_default();
    row.saturating_mul(COLUMNS.saturating_add(1)).saturating_add(column).saturating_mul(4).saturating_add(net)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_touches_the_cells_of_what_lies_in_it() {
        for (latitude, longitude) in
            [(52.52, 13.4), (0.0, 179.999), (-33.9, -179.999), (89.5, 10.0), (70.0, 0.0)]
        {
            for metres in [0.0, 30.0, 900.0, 5_000.0, 70_000.0, 300_000.0] {
                let near = NearPoint { point: Point { latitude, longitude }, metres };
                let Some(cells) = cells(&near) else { continue };
                assert!(cells.len() <= MOST_CELLS);
                let degrees = (metres * 0.999 / EARTH_METRES).to_degrees();
                for step in 0..16 {
                    let angle = f64::from(step) / 8.0 * std::f64::consts::PI;
                    let north = latitude + degrees * angle.sin();
                    let east = longitude + degrees * angle.cos() / latitude.to_radians().cos();
                    if north.abs() > 89.9 {
                        continue;
                    }
                    let east = (east + 180.0).rem_euclid(360.0) - 180.0;
                    let point = Point { latitude: north, longitude: east };
                    let own: Vec<i64> = (0..NETS.len())
                        .map(|net| {
                            let (row, column) = cell(point, net);
                            numbered(net, row, column)
                        })
                        .collect();
                    assert!(own.iter().any(|own| cells.contains(own)), "{near:?} {point:?}");
                }
            }
        }
        let everywhere = NearPoint { point: Point { latitude: 0.0, longitude: 0.0 }, metres: 2e7 };
        assert_eq!(cells(&everywhere), None);
    }
}
