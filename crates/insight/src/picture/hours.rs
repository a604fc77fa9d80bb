//! Messages and calls by the hour of the day: 24 columns, one row for each day of the week.

use super::activity::share;
use super::svg::Picture;

const LEFT: f64 = 140.0;
const CELL: f64 = 30.0;
const TOP: f64 = 60.0;

/// The words of the picture.
#[derive(Clone, Copy, Debug)]
pub struct Words<'w> {
    /// The title.
    pub title: &'w str,
    /// The days of the week, Monday first.
    pub days: [&'w str; 7],
    /// Whose clock it is, and how many the largest circle stands for.
    pub scale: &'w str,
}

/// The picture; `counts` are those of each hour of each day of the week, Monday first.
pub fn svg(counts: &[[u64; 24]; 7], words: &Words<'_>) -> String {
    let mut picture = Picture::new(900, 330);
    let most = counts.iter().flatten().copied().max().unwrap_or(0);
    picture.text((20.0, 28.0), "start", &format!("{} {most}", words.scale));
    let column = |hour: u32| LEFT + CELL * f64::from(hour) + CELL / 2.0;
    for hour in 0..24 {
        picture.text((column(hour), TOP - 6.0), "middle", &hour.to_string());
    }
    let mut told = Vec::new();
    for (row, (day, hours)) in (0_u32..).zip(words.days.iter().zip(counts)) {
        let y = TOP + CELL * f64::from(row) + CELL / 2.0;
        picture.text((LEFT - 12.0, y + 4.0), "end", day);
        picture.line((LEFT, y), (LEFT + CELL * 24.0, y), ("#d5dde0", 1.0));
        for (hour, count) in (0_u32..).zip(hours).filter(|(_, count)| **count > 0) {
            // The area stands for the count.
            let radius = (share(*count, most).sqrt() * 13.0).max(1.5);
            picture.point((column(hour), y), radius, &format!("{day} {hour}: {count}"));
        }
        let sum = hours.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
        told.push(format!("{day}: {sum}"));
    }
    picture.finish(words.title, &told.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_for_each_hour_with_something() {
        let mut counts = [[0; 24]; 7];
        counts[2][3] = 9;
        counts[6][23] = 1;
        let days = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
        let svg = svg(&counts, &Words { title: "Hours", days, scale: "largest:" });
        assert_eq!(svg.matches("<circle").count(), 2);
        assert!(svg.contains("We 3: 9") && svg.contains("largest: 9"));
    }
}
