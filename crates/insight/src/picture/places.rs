//! Places on a sketch: points in a grid of degrees with a scale, north on top. No map, so nothing is loaded
//! from anywhere.
//!
//! Equal distances look equal near the middle of the picture; far from it they do not.

use model::record::Point;

use super::svg::Picture;

/// Points at most.
const MOST_POINTS: usize = 2_000;
const SIZE: f64 = 620.0;
const MARGIN: f64 = 70.0;
/// Metres of one degree of latitude.
const DEGREE_METRES: f64 = 111_320.0;

/// The words of the picture.
#[derive(Clone, Copy, Debug)]
pub struct Words<'w> {
    /// The title.
    pub title: &'w str,
    /// North.
    pub north: &'w str,
    /// What is said if not all points are shown.
    pub left_out: &'w str,
    /// What is said if there are none.
    pub none: &'w str,
}

/// The picture; each point with what it is called.
pub fn svg(points: &[(Point, String)], words: &Words<'_>) -> String {
    let mut picture = Picture::new(760, 780);
    let Some(frame) = Frame::around(points) else {
        picture.text((380.0, 380.0), "middle", words.none);
        return picture.finish(words.title, words.none);
    };
    for degree in grid(frame.south, frame.span) {
        if degree.abs() > 90.0 {
            continue;
        }
        let y = frame.place(Point { latitude: degree, longitude: frame.west }).1;
        picture.line((MARGIN, y), (MARGIN + SIZE, y), ("#d5dde0", 1.0));
        picture.text((MARGIN - 6.0, y + 4.0), "end", &degrees(degree));
    }
    for degree in grid(frame.west, frame.span / frame.shrink) {
        let x = frame.place(Point { latitude: frame.south, longitude: degree }).0;
        picture.line((x, MARGIN), (x, MARGIN + SIZE), ("#d5dde0", 1.0));
        picture.text((x, MARGIN + SIZE + 18.0), "middle", &degrees(degree));
    }
    for (point, name) in points.iter().take(MOST_POINTS) {
        let title = format!("{name} {:.5}, {:.5}", point.latitude, point.longitude);
        picture.point(frame.place(*point), 5.0, title.trim());
    }
    picture.text((MARGIN + SIZE, MARGIN - 14.0), "end", &format!("▲ {}", words.north));
    let (metres, length) = frame.scale();
    let y = MARGIN + SIZE + 44.0;
    picture.line((MARGIN, y), (MARGIN + length, y), ("#1a1a1a", 3.0));
    let label = if metres >= 1_000.0 { format!("{} km", metres / 1_000.0) } else { format!("{metres} m") };
    picture.text((MARGIN + length + 8.0, y + 4.0), "start", &label);
    if points.len() > MOST_POINTS {
        let hidden = points.len().saturating_sub(MOST_POINTS);
        picture.text((MARGIN + SIZE, y + 4.0), "end", &format!("{} {hidden}", words.left_out));
    }
    let told = points.iter().take(50).map(|(point, name)| {
        format!("{name} {:.5}, {:.5}", point.latitude, point.longitude).trim().to_owned()
    });
    picture.finish(words.title, &told.collect::<Vec<_>>().join("; "))
}

/// What part of the earth is shown.
struct Frame {
    south: f64,
    west: f64,
    /// Degrees of latitude from bottom to top.
    span: f64,
    /// How much shorter a degree of longitude is here than one of latitude.
    shrink: f64,
}

impl Frame {
    fn around(points: &[(Point, String)]) -> Option<Self> {
        points.first()?;
        let least = |of: fn(&Point) -> f64| points.iter().map(|(p, _)| of(p)).fold(f64::INFINITY, f64::min);
        let most =
            |of: fn(&Point) -> f64| points.iter().map(|(p, _)| of(p)).fold(f64::NEG_INFINITY, f64::max);
        let (south, north) = (least(|point| point.latitude), most(|point| point.latitude));
        let (west, east) = (least(|point| point.longitude), most(|point| point.longitude));
        let shrink = f64::midpoint(south, north).to_radians().cos().max(0.05);
        // At least some hundred metres, and a little room around.
        let span = (north - south).max((east - west) * shrink).max(0.004) * 1.15;
        let (middle_north, middle_east) = (f64::midpoint(south, north), f64::midpoint(west, east));
        Some(Self { south: middle_north - span / 2.0, west: middle_east - span / shrink / 2.0, span, shrink })
    }

    fn place(&self, point: Point) -> (f64, f64) {
        let right = (point.longitude - self.west) * self.shrink / self.span * SIZE;
        let up = (point.latitude - self.south) / self.span * SIZE;
        (MARGIN + right, MARGIN + SIZE - up)
    }

    /// A round length in metres and how long it is in the picture.
    fn scale(&self) -> (f64, f64) {
        let metres = round_below(self.span * DEGREE_METRES / 4.0);
        (metres, metres / DEGREE_METRES / self.span * SIZE)
    }
}

/// Degrees without noughts at the end.
fn degrees(degree: f64) -> String {
    let text = format!("{degree:.4}");
    format!("{}°", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Round degrees from here over so many.
fn grid(from: f64, span: f64) -> Vec<f64> {
    let step = round_below(span / 4.0);
    let first = (from / step).ceil();
    (0..12_u32).map(|count| (first + f64::from(count)) * step).take_while(|at| *at <= from + span).collect()
}

/// The largest of 1, 2, 5 times a power of ten that is not above.
fn round_below(value: f64) -> f64 {
    let power = 10_f64.powf(value.max(1e-9).log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|step| step * power).find(|step| *step <= value).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words<'_> = Words { title: "Places", north: "N", left_out: "not shown:", none: "No places" };

    #[test]
    fn one_point_many_points_and_none() {
        assert!(svg(&[], &WORDS).contains("No places"));
        let berlin = (Point { latitude: 52.52, longitude: 13.405 }, "Berlin".to_owned());
        let one = svg(std::slice::from_ref(&berlin), &WORDS);
        assert!(one.contains("100 m") && one.matches("<circle").count() == 1);
        let far = (Point { latitude: -33.9, longitude: 151.2 }, "Sydney".to_owned());
        let two = svg(&[berlin, far], &WORDS);
        assert!(two.contains(" km") && !two.contains("NaN") && !two.contains("inf"));
    }

    #[test]
    fn lengths_are_round() {
        assert!((round_below(0.7) - 0.5).abs() < 1e-9);
        assert!((round_below(2_600.0) - 2_000.0).abs() < 1e-6);
    }
}
