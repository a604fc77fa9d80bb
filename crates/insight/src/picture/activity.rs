//! Activity over time: one small row of bars for each person and channel, all on one scale.

use super::svg::Picture;

/// Rows at most.
const MOST_ROWS: usize = 40;
const LEFT: f64 = 240.0;
const WIDTH: f64 = 620.0;
const ROW: f64 = 44.0;

/// A row: somebody on a channel, with a count for each span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Who and where.
    pub name: String,
    /// How many in each span; as many as there are spans.
    pub counts: Vec<u64>,
}

/// The words of the picture.
#[derive(Clone, Copy, Debug)]
pub struct Words<'w> {
    /// The title.
    pub title: &'w str,
    /// What is said if not all rows are shown.
    pub left_out: &'w str,
    /// What one bar stands for, and how many the tallest one has.
    pub scale: &'w str,
}

/// The picture; `spans` names each span, such as a month.
pub fn svg(rows: &[Row], spans: &[String], words: &Words<'_>) -> String {
    let shown = rows.len().min(MOST_ROWS);
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let height = number(shown).saturating_mul(44).saturating_add(90);
    let mut picture = Picture::new(900, height);
    let tallest = rows.iter().flat_map(|row| &row.counts).copied().max().unwrap_or(0).max(1);
    picture.text((20.0, 28.0), "start", &format!("{} {tallest}", words.scale));
    let step = WIDTH / f64::from(number(spans.len().max(1)));
    for (place, row) in rows.iter().take(MOST_ROWS).enumerate() {
        let base = 50.0 + ROW * f64::from(number(place)) + 34.0;
        picture.name((LEFT - 10.0, base - 6.0), "end", &row.name);
        picture.line((LEFT, base), (LEFT + WIDTH, base), ("#7a8f98", 1.0));
        for (span, (count, name)) in
            row.counts.iter().zip(spans).enumerate().filter(|(_, (count, _))| **count > 0)
        {
            let part = share(*count, tallest) * 32.0;
            let part = part.max(1.0);
            let x = LEFT + step * f64::from(number(span));
            let title = format!("{} {name}: {count}", row.name);
            picture.bar((x, base - part), ((step - 0.6).max(0.6), part), &title);
        }
    }
    let base = f64::from(height) - 26.0;
    let every = spans.len().div_ceil(8).max(1);
    for (span, name) in spans.iter().enumerate().step_by(every) {
        picture.text((LEFT + step * f64::from(number(span)), base), "start", name);
    }
    if rows.len() > shown {
        let hidden = rows.len().saturating_sub(shown);
        picture.text((20.0, f64::from(height) - 8.0), "start", &format!("{} {hidden}", words.left_out));
    }
    let told = rows.iter().take(MOST_ROWS).map(|row| {
        let sum = row.counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
        format!("{}: {sum}", row.name)
    });
    picture.finish(words.title, &told.collect::<Vec<_>>().join("; "))
}

/// A count as a share of the most.
pub(super) fn share(count: u64, most: u64) -> f64 {
    let whole = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    whole(count) / whole(most.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_bars_and_what_is_left_out() {
        let words = Words { title: "Activity", left_out: "Rows not shown:", scale: "Month; tallest bar:" };
        let rows: Vec<Row> = (0..50)
            .map(|number| Row { name: format!("سارة {number}"), counts: vec![0, number, 3] })
            .collect();
        let spans = ["2024-01", "2024-02", "2024-03"].map(str::to_owned);
        let svg = svg(&rows, &spans, &words);
        assert!(svg.contains("2024-02") && svg.contains("tallest bar: 49") && svg.contains("not shown: 10"));
    }
}
