//! The text of a mail, put together from its parts.

use std::io::Read;

use source::mail::{Decoded as Opened, Encoding, Part, Structure, uuencoded};

use super::html;
use crate::charset;

/// The text of a mail and how it came about.
#[derive(Default)]
pub(super) struct Body {
    /// The text; none if the mail has no text part.
    pub(super) text: Option<String>,
    /// The web addresses an HTML text links to.
    pub(super) links: Vec<String>,
    /// What sorts of text there are, and which is shown.
    pub(super) kinds: Vec<&'static str>,
    /// The character sets, with what was doubtful about them.
    pub(super) charsets: Vec<String>,
}

/// The text of a mail: plain text where there is one, otherwise that of its HTML.
pub(super) fn body(mail: &[u8], structure: &Structure) -> Body {
    let mut body = Body::default();
    let texts: Vec<(&Part, String)> = structure
        .parts
        .iter()
        .filter(|part| part.is_text())
        .map(|part| (part, text_of(mail, part, &mut body.charsets)))
        .collect();
    let has_plain = |alternative: usize| {
        texts.iter().any(|(part, text)| {
            part.media_type == "text/plain"
                && !text.trim().is_empty()
                && alternative_of(structure, part) == Some(alternative)
        })
    };
    for (part, text) in &texts {
        let is_html = part.media_type == "text/html";
        let beside_plain = alternative_of(structure, part).is_some_and(has_plain);
        let (kind, shown) = match (is_html, beside_plain) {
            (false, _) => ("text/plain", Some(text.clone())),
            (true, true) => ("text/html, not shown because the plain text is", None),
            (true, false) => {
                let shown = html::text(text);
                body.links.extend(shown.links);
                ("text/html, shown as text", Some(shown.text))
            }
        };
        if !body.kinds.contains(&kind) {
            body.kinds.push(kind);
        }
        body.add(shown);
    }
    body
}

impl Body {
    fn add(&mut self, text: Option<String>) {
        let Some(text) = text else { return };
        let text = text.trim_end_matches(['\n', ' ']);
        let whole = self.text.get_or_insert_default();
        if !whole.is_empty() && !text.is_empty() {
            whole.push('\n');
        }
        whole.push_str(text);
    }
}

/// The nearest multipart/alternative around a part.
fn alternative_of(structure: &Structure, part: &Part) -> Option<usize> {
    let mut next = part.parent;
    while let Some(number) = next {
        let around = structure.parts.get(number)?;
        if around.media_type == "multipart/alternative" {
            return Some(number);
        }
        // A part lies in one before it, so this ends.
        next = around.parent.filter(|parent| *parent < number);
    }
    None
}

fn text_of(mail: &[u8], part: &Part, charsets: &mut Vec<String>) -> String {
    let raw = mail.get(part.body.clone()).unwrap_or_default();
    let mut bytes = Vec::new();
    match part.encoding {
        // What is uuencoded in a text is attached, and the rest is the text.
        Encoding::Plain | Encoding::Uuencode => without_uuencoded(raw, &mut bytes),
        encoding => drop(Opened::new(raw, encoding).read_to_end(&mut bytes)),
    }
    let decoded = charset::decode(&bytes, part.charset.as_deref());
    let said = match decoded.doubt {
        Some(doubt) => format!("{} ({doubt})", decoded.charset),
        None => decoded.charset,
    };
    if !charsets.contains(&said) {
        charsets.push(said);
    }
    decoded.text.replace("\r\n", "\n")
}

fn without_uuencoded(raw: &[u8], kept: &mut Vec<u8>) {
    let mut at = 0;
    for (range, _) in uuencoded(raw) {
        kept.extend_from_slice(raw.get(at..range.start).unwrap_or_default());
        at = range.end;
    }
    kept.extend_from_slice(raw.get(at..).unwrap_or_default());
}
