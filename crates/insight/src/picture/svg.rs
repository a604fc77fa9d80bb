//! What all pictures share: the frame with title and description, texts, lines.

use std::fmt::Write as _;

/// Most characters of a name in a picture.
const LONGEST_NAME: usize = 28;

/// A picture being drawn.
pub struct Picture {
    body: String,
    width: u32,
    height: u32,
}

impl Picture {
    /// An empty picture, in pixels.
    pub(super) fn new(width: u32, height: u32) -> Self {
        Self { body: String::new(), width, height }
    }

    /// The whole picture, described.
    pub(super) fn finish(self, title: &str, description: &str) -> String {
        let Self { body, width, height } = self;
        let (title, description) = (escaped(title), escaped(description));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title description\" \
             viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             font-family=\"sans-serif\" font-size=\"13\" fill=\"#1a1a1a\">\n\
             <title id=\"title\">{title}</title>\n<desc id=\"description\">{description}</desc>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{body}</svg>\n"
        )
    }

    /// A text that begins, is centred or ends at a point.
    pub(super) fn text(&mut self, (x, y): (f64, f64), anchor: &str, text: &str) {
        self.write(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>\n",
            escaped(text)
        ));
    }

    /// A name from the evidence: isolated, cut, whole in its title.
    pub(super) fn name(&mut self, (x, y): (f64, f64), anchor: &str, name: &str) {
        self.write(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" \
             unicode-bidi=\"isolate\">{}<title>{}</title></text>\n",
            escaped(&short(name)),
            escaped(name)
        ));
    }

    /// A bar with its value as title.
    pub(super) fn bar(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), title: &str) {
        self.write(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"#35525e\">\
             <title>{}</title></rect>\n",
            escaped(title)
        ));
    }

    /// A line, thicker for more.
    pub(super) fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), (colour, width): (&str, f64)) {
        self.write(format_args!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\" \
             stroke-width=\"{width:.1}\"/>\n"
        ));
    }

    /// A point with its title.
    pub(super) fn point(&mut self, (x, y): (f64, f64), radius: f64, title: &str) {
        self.write(format_args!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"#35525e\" fill-opacity=\"0.75\" \
             stroke=\"#fff\"><title>{}</title></circle>\n",
            escaped(title)
        ));
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing into a string does not fail.
        let _ = self.body.write_fmt(text);
    }
}

/// A name that fits a line.
fn short(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}

/// A text within XML: what XML may not hold becomes the sign for that.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Overrides of direction would turn what stands beside them.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => {
                escaped.push('\u{fffd}');
            }
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out() {
        let mut picture = Picture::new(10, 10);
        picture.name((0.0, 0.0), "start", "</text><script>alert(1)</script>\u{202e}\u{0}");
        let svg = picture.finish("a & b", "\"c\"");
        assert!(!svg.contains("<script") && !svg.contains('\u{202e}') && !svg.contains('\u{0}'));
        assert!(svg.contains("a &amp; b") && svg.contains("&quot;c&quot;"));
    }
}
