//! A tag with its attributes.

use super::entities::decoded;

/// An opening or closing tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tag {
    /// Its name in small letters.
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// Reads a tag with its brackets.
    pub(crate) fn new(raw: &[u8]) -> Self {
        /// More than any tag that a program wrote.
        const MOST_ATTRIBUTES: usize = 64;
        let text = String::from_utf8_lossy(raw);
        let text = text.trim_start_matches(['<', '/']).trim_end_matches('>').trim_end_matches('/');
        let end = text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len());
        let (name, mut rest) = text.split_at(end);
        let mut attributes = Vec::new();
        while let Some((attribute, after)) = attribute(rest).filter(|_| attributes.len() < MOST_ATTRIBUTES) {
            attributes.push(attribute);
            rest = after;
        }
        Self { name: name.to_ascii_lowercase(), attributes }
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Whether it is of this class.
    pub(crate) fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|all| all.split_ascii_whitespace().any(|one| one == class))
    }

    /// Whether it has no content and no end of its own.
    pub(crate) fn is_void(&self) -> bool {
        matches!(
            self.name.as_str(),
            "area"
                | "base"
                | "br"
                | "col"
                | "embed"
                | "hr"
                | "img"
                | "input"
                | "link"
                | "meta"
                | "source"
                | "wbr"
        )
    }
}

/// The next attribute, and what follows it.
fn attribute(text: &str) -> Option<((String, String), &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| c == '=' || c.is_ascii_whitespace()).unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    let name = name.to_ascii_lowercase();
    let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
        return (!name.is_empty()).then_some(((name, String::new()), after));
    };
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let (value, after) = match quote {
        Some(quote) => {
            let inside = value.get(1..).unwrap_or_default();
            inside.split_once(quote).unwrap_or((inside, ""))
        }
        None => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
    };
    Some(((name, decoded(value)), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_in_any_spelling() {
        let tag = Tag::new(b"<DIV class=\"pam _a6-g\" id='x' hidden title = \"a &amp; b\" width=3/>");
        assert_eq!(tag.name, "div");
        assert!(tag.has_class("_a6-g") && !tag.has_class("_a6"));
        let all = ["id", "hidden", "title", "width", "none"].map(|name| tag.attribute(name));
        assert_eq!(all, [Some("x"), Some(""), Some("a & b"), Some("3"), None]);
        assert!(Tag::new(b"<br/>").is_void());
        assert_eq!(Tag::new(b"</p >").name, "p");
        assert_eq!(Tag::new(b"<a =\"x\" b=\"").attribute("b"), Some(""));
    }
}
