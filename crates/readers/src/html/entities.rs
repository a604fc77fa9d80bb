//! The character references that exporters write.

/// The text with its references replaced; one that is not known stays as it is.
pub(super) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (character, length) = reference(from).unwrap_or(('&', 1));
        out.push(character);
        rest = from.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The character that a reference at the start stands for, and the length of the reference.
fn reference(text: &str) -> Option<(char, usize)> {
    /// Longer than any of them.
    const MOST_BYTES: usize = 12;
    let end = memchr::memchr(b';', text.as_bytes().get(..text.len().min(MOST_BYTES))?)?;
    let name = text.get(1..end)?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "laquo" => '«',
        "raquo" => '»',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, end.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_references_are_replaced() {
        assert_eq!(
            decoded("a &amp; b &#039;c&#x1F600; &unknown; &;& &#xD800;"),
            "a & b 'c😀 &unknown; &;& &#xD800;"
        );
        assert_eq!(decoded("&quot;Größe&quot; &ö;"), "\"Größe\" &ö;");
    }
}
