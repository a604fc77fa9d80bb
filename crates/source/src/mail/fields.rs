//! The fields of a header, with folds, as they stand there and decoded.

use std::borrow::Cow;

use mail_parser::parsers::MessageStream;

/// Most bytes of one field that are decoded; a longer one is cut.
const FIELD_BYTES: usize = 256 << 10;

/// A field of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'m> {
    name: &'m [u8],
    value: &'m [u8],
}

impl<'m> Field<'m> {
    /// Its name as it is spelt.
    pub fn name(&self) -> &'m [u8] {
        self.name
    }

    /// Whether it has this name; `name` in small letters.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Its value as it stands there, with folds.
    pub fn value(&self) -> &'m [u8] {
        self.value
    }

    /// Its value in one line, nothing decoded.
    pub fn raw(&self) -> String {
        let text = text_of(self.cut());
        let mut line = String::with_capacity(text.len());
        for piece in text.split(['\r', '\n']).map(str::trim).filter(|piece| !piece.is_empty()) {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(piece);
        }
        line
    }

    /// Its value with the coded words of RFC 2047 decoded.
    pub fn text(&self) -> String {
        without_coded_words(self.cut())
    }

    /// Its value, ready for one of mail-parser's parsers of values.
    pub fn stream(&self) -> Vec<u8> {
        // UTF-8 stays; anything else is shown letter by letter rather than lost.
        let value = self.cut();
        if has_coded_word(value) { one_line(value) } else { one_line(text_of(value).as_bytes()) }
    }

    /// Whether it is too long to be decoded whole.
    pub fn is_cut(&self) -> bool {
        self.value.len() > FIELD_BYTES
    }

    fn cut(&self) -> &'m [u8] {
        self.value.get(..FIELD_BYTES).unwrap_or(self.value)
    }
}

/// UTF-8 if it is that; otherwise byte for byte as ISO-8859-1 shows it.
pub fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}

/// A text with coded words, decoded; folds are gone.
pub fn without_coded_words(value: &[u8]) -> String {
    // Bytes that are no UTF-8 can stand in a coded word, whose character set then holds, or beside it.
    let as_it_is = unstructured(&one_line(value));
    if as_it_is.contains(char::REPLACEMENT_CHARACTER) {
        return unstructured(&one_line(text_of(value).as_bytes()));
    }
    as_it_is
}

fn unstructured(line: &[u8]) -> String {
    MessageStream::new(line).parse_unstructured().as_text().unwrap_or_default().to_owned()
}

fn has_coded_word(value: &[u8]) -> bool {
    value.windows(2).any(|pair| pair == b"=?")
}

/// A value with one line end after it.
fn one_line(value: &[u8]) -> Vec<u8> {
    let mut line = value.trim_ascii_end().to_vec();
    line.push(b'\n');
    line
}

/// The fields of a header in order; lines that belong to none are left out.
pub fn fields(header: &[u8]) -> impl Iterator<Item = Field<'_>> {
    let mut rest = header;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let (line, after) = rest.split_at(end_of_field(rest));
            rest = after;
            if let Some(field) = field(line) {
                return Some(field);
            }
        }
    })
}

fn field(line: &[u8]) -> Option<Field<'_>> {
    let colon = memchr::memchr(b':', line)?;
    let name = line.get(..colon)?.trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    is_name.then_some(Field { name, value: line.get(colon.saturating_add(1)..)? })
}

/// Where the field that begins a text ends: after the last line that goes on with a space or tab.
fn end_of_field(text: &[u8]) -> usize {
    for end in memchr::memchr_iter(b'\n', text) {
        let next = end.saturating_add(1);
        if !matches!(text.get(next), Some(b' ' | b'\t')) {
            return next;
        }
    }
    text.len()
}

/// Whether a line can begin a field.
pub(super) fn is_field(line: &[u8]) -> bool {
    field(line).is_some_and(|field| field.name.len() < 80)
}

/// How long the lines are that a mailbox puts before a mail: `From …`, or quoted `>From …`.
pub fn envelope(mail: &[u8]) -> usize {
    let mut begin = 0;
    while let Some(rest) = mail.get(begin..)
        && (rest.starts_with(b"From ") || rest.starts_with(b">From "))
    {
        begin =
            begin.saturating_add(memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end.saturating_add(1)));
    }
    begin
}

/// Whether mails have a field of this name.
pub fn is_known(name: &[u8]) -> bool {
    const KNOWN: &[&str] = &[
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "message-id",
        "received",
        "return-path",
        "delivered-to",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "reply-to",
        "in-reply-to",
        "references",
        "sender",
        "x-mailer",
        "user-agent",
        "dkim-signature",
        "x-gmail-labels",
        "x-gm-thrid",
    ];
    KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_and_coded_words_come_out_as_one_line() {
        let header =
            b"Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n =?UTF-8?Q?_von_hier?=\r\nno field\r\nTo : a\r\n";
        let found: Vec<_> = fields(header).collect();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].text(), "Gr\u{fc}\u{df}e von hier");
        assert_eq!(found[0].raw(), "=?UTF-8?Q?Gr=C3=BC=C3=9Fe?= =?UTF-8?Q?_von_hier?=");
        assert!(found[1].is("to"));
        assert_eq!(fields(b"X: caf\xe9\n").next().unwrap().text(), "caf\u{e9}");
        let raw_in_coded = b"X: =?iso-8859-5?Q?a\xb0?=\n";
        assert_eq!(fields(raw_in_coded).next().unwrap().text(), "a\u{410}");
    }

    #[test]
    fn lines_of_a_mailbox_stand_before_the_header() {
        assert_eq!(envelope(b"From a@b Mon\n>From c\nTo: x\n"), 21);
        assert_eq!(envelope(b"From: a\n"), 0);
        assert_eq!(envelope(b"From a"), 6);
    }
}
