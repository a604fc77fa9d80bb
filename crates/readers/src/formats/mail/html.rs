//! The text of an HTML mail: tags left out, blocks on lines of their own, links beside it.
//!
//! Not a browser: what a style hides is shown here, which is what evidence needs. Linear in its input; a tag,
//! comment or element without end is shown as text.

use mail_parser::decoders::html::add_html_token;

/// Most links that are kept.
const LINKS: usize = 200;

/// What an HTML text says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::formats) struct Shown {
    /// Its text.
    pub(in crate::formats) text: String,
    /// The web addresses it links to, each once, in order.
    pub(in crate::formats) links: Vec<String>,
}

/// The text of an HTML document.
pub(in crate::formats) fn text(html: &str) -> Shown {
    let mut strip = Strip { shown: Shown::default(), unending: Vec::new(), space: false };
    let mut rest = html;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
        let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        strip.words(before);
        rest = if after.starts_with('&') { strip.entity(after) } else { strip.tag(after) };
    }
    strip.words(rest);
    let mut shown = strip.shown;
    shown.text.truncate(shown.text.trim_end().len());
    shown
}

struct Strip {
    shown: Shown,
    /// What was looked for once and is not there.
    unending: Vec<&'static str>,
    space: bool,
}

impl Strip {
    fn words(&mut self, text: &str) {
        for letter in text.chars() {
            if letter.is_ascii_whitespace() {
                self.space = true;
            } else {
                self.before_letter();
                self.shown.text.push(letter);
            }
        }
    }

    fn before_letter(&mut self) {
        if self.space && !self.shown.text.is_empty() && !self.shown.text.ends_with('\n') {
            self.shown.text.push(' ');
        }
        self.space = false;
    }

    /// A text that begins with `&`; gives what follows.
    fn entity<'t>(&mut self, text: &'t str) -> &'t str {
        const LONGEST: usize = 32;
        let head = text.as_bytes().get(1..).unwrap_or_default();
        let head = head.get(..LONGEST.min(head.len())).unwrap_or_default();
        let length = head.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
        let end = length.saturating_add(2);
        let entity = text.get(..end).filter(|entity| entity.ends_with(';') && length > 0);
        let end = if entity.is_some() { end } else { 1 };
        self.before_letter();
        add_html_token(&mut self.shown.text, entity.unwrap_or("&").as_bytes(), false);
        text.get(end..).unwrap_or_default()
    }

    /// A text that begins with `<`; gives what follows.
    fn tag<'t>(&mut self, text: &'t str) -> &'t str {
        if let Some(comment) = text.strip_prefix("<!--") {
            if let Some(rest) = self.after(comment, "-->") {
                return rest;
            }
        } else if text
            .as_bytes()
            .get(1)
            .is_some_and(|byte| byte.is_ascii_alphabetic() || b"/!?".contains(byte))
            && let Some(inside) = self.inside(text)
        {
            let rest = text.get(inside.len().saturating_add(2)..).unwrap_or_default();
            return self.known_tag(inside, rest);
        }
        self.before_letter();
        self.shown.text.push('<');
        text.get(1..).unwrap_or_default()
    }

    /// What stands between `<` and its `>`; a `>` in quotes does not count.
    fn inside<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        if self.unending.contains(&">") {
            return None;
        }
        let mut quote = None;
        for (at, byte) in text.bytes().enumerate().skip(1) {
            match (quote, byte) {
                (None, b'>') => return text.get(1..at),
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), _) if open == byte => quote = None,
                _ => {}
            }
        }
        self.unending.push(">");
        None
    }

    fn known_tag<'t>(&mut self, inside: &str, rest: &'t str) -> &'t str {
        const BLOCKS: &[&str] = &[
            "br",
            "p",
            "div",
            "tr",
            "li",
            "ul",
            "ol",
            "table",
            "hr",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "section",
            "article",
            "pre",
            "dd",
            "dt",
        ];
        let name: String = inside.chars().take_while(|c| !c.is_whitespace()).take(16).collect();
        let name = name.to_ascii_lowercase();
        let bare = name.trim_matches('/');
        if BLOCKS.contains(&bare) {
            self.line();
        } else if matches!(bare, "td" | "th") {
            self.space = true;
        }
        match name.as_str() {
            "a" => self.link(inside),
            "script" => return self.after(rest, "</script").unwrap_or(rest),
            "style" => return self.after(rest, "</style").unwrap_or(rest),
            "title" => return self.after(rest, "</title").unwrap_or(rest),
            _ => {}
        }
        rest
    }

    fn line(&mut self) {
        let text = &mut self.shown.text;
        self.space = false;
        if !text.is_empty() && !text.ends_with("\n\n") {
            text.push('\n');
        }
    }

    fn link(&mut self, inside: &str) {
        let Some(url) = attribute(inside, "href") else { return };
        let is_web = url.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http"));
        if is_web && self.shown.links.len() < LINKS && !self.shown.links.iter().any(|known| known == url) {
            self.shown.links.push(url.to_owned());
        }
    }

    /// What follows the end of something; none if it does not end. An end that is not there is not looked for
    /// twice.
    fn after<'t>(&mut self, text: &'t str, end: &'static str) -> Option<&'t str> {
        if self.unending.contains(&end) {
            return None;
        }
        let found = memchr::memchr_iter(end.as_bytes().first().copied()?, text.as_bytes()).find(|at| {
            let found = text.as_bytes().get(*at..at.saturating_add(end.len()));
            found.is_some_and(|found| found.eq_ignore_ascii_case(end.as_bytes()))
        });
        if found.is_none() {
            self.unending.push(end);
        }
        text.get(found?.saturating_add(end.len())..).map(|rest| {
            // The end of a tag that was ended by its name.
            if end.starts_with("</") { rest.split_once('>').map_or("", |(_, rest)| rest) } else { rest }
        })
    }
}

fn attribute<'t>(inside: &'t str, name: &str) -> Option<&'t str> {
    let at = inside.to_ascii_lowercase().find(&format!("{name}="))?;
    let value = inside.get(at.saturating_add(name.len()).saturating_add(1)..)?;
    match value.chars().next()? {
        quote @ ('"' | '\'') => value.get(1..)?.split(quote).next(),
        _ => value.split_whitespace().next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_entities_and_links() {
        let html = "<html><head><title>t</title><style>p {}</style></head><body><p>Gr&uuml;&#223;e  von\n\
                    <b>hier</b> &amp; da<br>zwei</p><!-- no -->\
                    <a href=\"https://a.example/?x\">link</a> 1 < 2 &x";
        let shown = text(html);
        assert_eq!(shown.text, "Gr\u{fc}\u{df}e von hier & da\nzwei\nlink 1 < 2 &x");
        assert_eq!(shown.links, ["https://a.example/?x"]);
    }

    #[test]
    fn what_does_not_end_is_shown() {
        assert_eq!(text("a<style>b<p").text, "ab<p");
        assert_eq!(text("a<!-- b").text, "a<!-- b");
        assert_eq!(text(&"<a ".repeat(100_000)).text.len(), 3 * 100_000 - 1);
    }

    const PIECES: &str = "(<[a-z/!]{0,3}|>|&[a-z#0-9]{0,4};?|\"|'|-->|\u{fc}|[ a-z]{0,3}|<!--|</style){0,40}";

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(html in PIECES) {
            text(&html);
        }
    }
}
