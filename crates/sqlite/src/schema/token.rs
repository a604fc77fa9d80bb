//! Takes SQL text apart into words, names in quotes, strings, numbers and signs ("SQL Language Expressions"
//! and "SQLite Keywords"). Tolerant: a quote that is never closed ends with the text.

/// A piece of SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A keyword or a bare name.
    Word(String),
    /// A name in `"…"`, `` `…` `` or `[…]`.
    Name(String),
    /// A text in `'…'`.
    Text(String),
    /// `x'…'`, if it is hexadecimal.
    Blob(Vec<u8>),
    /// A number, without its sign.
    Number(String),
    /// Anything else, one character.
    Sign(char),
}

impl Token {
    /// Whether it is this keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// Whether it is one of these keywords.
    pub(super) fn is_any(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(keyword))
    }

    /// The name it can be: SQLite takes strings for names too.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Word(name) | Self::Name(name) | Self::Text(name) => Some(name),
            Self::Blob(_) | Self::Number(_) | Self::Sign(_) => None,
        }
    }
}

/// Takes a text apart; of more than `most` pieces only the first.
pub(super) fn tokens(text: &str, most: usize) -> Vec<Token> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if all.len() >= most {
            break;
        }
        let (token, length) = token(rest, first);
        all.extend(token);
        // Lengths come from the text itself, and no piece is empty.
        rest = rest.get(length.max(first.len_utf8())..).unwrap_or_default();
    }
    all
}

/// The piece that begins here, and its length; nothing for spaces and comments.
fn token(text: &str, first: char) -> (Option<Token>, usize) {
    match first {
        ' ' | '\t' | '\n' | '\r' | '\x0c' | '\u{feff}' => (None, first.len_utf8()),
        '-' if text.starts_with("--") => (None, text.find('\n').map_or(text.len(), |at| at + 1)),
        '/' if text.starts_with("/*") => {
            let inside = text.get(2..).unwrap_or_default();
            (None, inside.find("*/").map_or(text.len(), |at| at + 4))
        }
        '\'' => quoted(text, first).map_first(Token::Text),
        '"' | '`' => quoted(text, first).map_first(Token::Name),
        '[' => {
            let end = text.find(']');
            let name = text.get(1..end.unwrap_or(text.len())).unwrap_or_default();
            (Some(Token::Name(name.to_owned())), end.map_or(text.len(), |at| at + 1))
        }
        'x' | 'X' if text.get(1..).is_some_and(|rest| rest.starts_with('\'')) => blob(text),
        '0'..='9' => number(text),
        '.' if text.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) => {
            number(text)
        }
        _ if is_word(first) => {
            let length = text.find(|c| !is_word(c)).unwrap_or(text.len());
            (Some(Token::Word(text.get(..length).unwrap_or_default().to_owned())), length)
        }
        other => (Some(Token::Sign(other)), other.len_utf8()),
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

/// A piece and its length.
trait MapFirst {
    fn map_first(self, make: fn(String) -> Token) -> (Option<Token>, usize);
}

impl MapFirst for (String, usize) {
    fn map_first(self, make: fn(String) -> Token) -> (Option<Token>, usize) {
        (Some(make(self.0)), self.1)
    }
}

/// What stands between two quotes, doubled quotes made one, and the length with the quotes.
fn quoted(text: &str, quote: char) -> (String, usize) {
    let mut inside = String::new();
    let mut rest = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = rest.next() {
        if c == quote && rest.next_if(|(_, next)| *next == quote).is_none() {
            return (inside, at + 1);
        }
        inside.push(c);
    }
    (inside, text.len())
}

fn blob(text: &str) -> (Option<Token>, usize) {
    let (digits, length) = quoted(text.get(1..).unwrap_or_default(), '\'');
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| Some(hex(*high)? << 4 | hex(*low)?)).collect();
    (bytes.filter(|_| rest.is_empty()).map(Token::Blob), length + 1)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn number(text: &str) -> (Option<Token>, usize) {
    let mut before = ' ';
    let end = text.find(|c: char| {
        let sign_of_exponent = matches!(c, '+' | '-') && matches!(before, 'e' | 'E') && !is_hexadecimal(text);
        before = c;
        !(is_word(c) || c == '.' || sign_of_exponent)
    });
    let length = end.unwrap_or(text.len());
    (Some(Token::Number(text.get(..length).unwrap_or_default().to_owned())), length)
}

/// Whether a number is written `0x…`.
pub(super) fn is_hexadecimal(number: &str) -> bool {
    number.get(..2).is_some_and(|prefix| prefix.eq_ignore_ascii_case("0x"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces() {
        let word = |text: &str| Token::Word(text.to_owned());
        let name = |text: &str| Token::Name(text.to_owned());
        let number = |text: &str| Token::Number(text.to_owned());
        let found = tokens("a -- b\n/* c */\"d\"\"e\" [f g]`h` 'i''j'(x'0aFf',-1.5e-3,.5,0xE+1) ü$ 'k", 99);
        let expected = [
            word("a"),
            name("d\"e"),
            name("f g"),
            name("h"),
            Token::Text("i'j".to_owned()),
            Token::Sign('('),
            Token::Blob(vec![0x0a, 0xff]),
            Token::Sign(','),
            Token::Sign('-'),
            number("1.5e-3"),
            Token::Sign(','),
            number(".5"),
            Token::Sign(','),
            number("0xE"),
            Token::Sign('+'),
            number("1"),
            Token::Sign(')'),
            word("ü$"),
            Token::Text("k".to_owned()),
        ];
        assert_eq!(found, expected);
        assert_eq!(tokens("a b c", 2).len(), 2);
        for open in ["\"", "[", "`", "'", "x'", "/*", "--", "x'0", "'ü", "[ü"] {
            let _ = tokens(open, 9);
        }
    }
}
