//! Cost against size as SVG: search, shorter terms and pages, both axes logarithmic, the figures beside.

use std::fmt::Write as _;

use serde_json::Value;

/// Names in the figures, words for the picture, colours that differ in brightness too.
const SERIES: [(&str, &str, &str); 4] = [
    ("search", "search, p99", "#0b5394"),
    ("short terms", "terms of 1 or 2 characters, p99", "#b45f06"),
    ("any page", "any page, p99", "#38761d"),
    ("opening", "opening, p99", "#741b47"),
];

/// One picture of all lines of figures.
pub(crate) fn svg(figures: &str) -> String {
    let mut lines: Vec<Value> = figures.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    lines.sort_by_key(|line| line["size"].as_u64());
    let value = |line: &Value, name: &str| line[name]["p99"].as_f64();
    let x = |size: f64| 60.0 + (size.log10() - 4.0) / 3.0 * 400.0;
    let y = |ms: f64| 270.0 - (ms.max(0.01).log10() + 2.0) / 5.0 * 230.0;
    let mut told = String::new();
    for line in &lines {
        let _ = write!(told, "{} records:", line["size"]);
        for (name, words, _) in SERIES {
            let _ = write!(told, " {words} {:.2} ms;", value(line, name).unwrap_or_default());
        }
        told.push(' ');
    }
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 320\" role=\"img\" \
         aria-labelledby=\"t d\">\n\
         <title id=\"t\">The encrypted index: cost against size</title>\n\
         <desc id=\"d\">Both axes logarithmic, milliseconds by the clock. {told}</desc>\n\
         <rect width=\"760\" height=\"320\" fill=\"#fff\"/>\n\
         <g font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n\
         <text x=\"60\" y=\"25\" font-weight=\"bold\">milliseconds</text>\n"
    );
    for (at, label) in (-2..=3).zip(["0.01", "0.1", "1", "10", "100", "1,000"]) {
        let y = y(10_f64.powi(at));
        let _ = writeln!(
            svg,
            "<path d=\"M60 {y:.0}h400\" stroke=\"#ccc\"/>\
             <text x=\"54\" y=\"{:.0}\" text-anchor=\"end\">{label}</text>",
            y + 4.0
        );
    }
    for (at, label) in (4..=7).zip(["10⁴", "10⁵", "10⁶", "10⁷"]) {
        let x = x(10_f64.powi(at));
        let _ = writeln!(svg, "<text x=\"{x:.0}\" y=\"290\" text-anchor=\"middle\">{label}</text>");
    }
    svg.push_str("<text x=\"260\" y=\"310\" text-anchor=\"middle\">records</text>\n");
    for (row, (name, words, colour)) in SERIES.iter().enumerate() {
        let points: Vec<(f64, f64)> = lines
            .iter()
            .filter_map(|line| Some((x(line["size"].as_f64()?), y(value(line, name)?))))
            .collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.join(" ")
        );
        for (x, y) in points {
            let _ = writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{colour}\"/>");
        }
        let y = 60 + row * 24;
        let _ = writeln!(
            svg,
            "<circle cx=\"490\" cy=\"{y}\" r=\"4\" fill=\"{colour}\"/>\
             <text x=\"502\" y=\"{}\">{words}</text>",
            y + 4
        );
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}
