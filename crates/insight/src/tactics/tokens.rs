//! Words of a text in shadow form: runs of letters and digits; single characters in scripts without spaces;
//! single signs such as emoji. A full stop, a question mark and the like end a sentence.

use text::Script;

/// A word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Its first byte in the shadow text.
    pub(super) from: usize,
    /// The one after its last.
    pub(super) until: usize,
    /// Counts the sentences.
    pub(super) sentence: u32,
    /// What it is made of.
    pub(super) sort: Sort,
}

/// What a word is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Letters, perhaps with digits.
    Letters,
    /// Digits only.
    Digits,
    /// One character of a script without spaces.
    Unspaced,
    /// One sign.
    Sign,
}

/// Appends the words of a shadow text; gives the number of the sentence that comes next.
pub(super) fn tokens(shadow: &str, mut sentence: u32, found: &mut Vec<Token>) -> u32 {
    let mut chars = shadow.char_indices().peekable();
    while let Some((from, c)) = chars.next() {
        let mut until = from.saturating_add(c.len_utf8());
        let sort = match sort_of(c) {
            None => {
                let ends = matches!(c, '!' | '?' | ';' | '。' | '！' | '？' | '।');
                let stops = c == '.' && !chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
                sentence = sentence.saturating_add(u32::from(ends || stops));
                continue;
            }
            Some(sort @ (Sort::Unspaced | Sort::Sign)) => sort,
            Some(mut sort) => {
                while let Some((at, next)) = chars.peek().copied() {
                    match sort_of(next) {
                        Some(Sort::Digits) => {}
                        Some(Sort::Letters) => sort = Sort::Letters,
                        _ => break,
                    }
                    until = at.saturating_add(next.len_utf8());
                    chars.next();
                }
                sort
            }
        };
        found.push(Token { from, until, sentence, sort });
    }
    sentence.saturating_add(1)
}

/// The words of a line of the rules, in shadow form; runs of a script without spaces stay together.
pub(super) fn words(text: &str) -> Vec<String> {
    let shadow = text::normalise(text);
    let mut found = Vec::new();
    tokens(&shadow, 0, &mut found);
    let mut words: Vec<String> = Vec::new();
    let mut open = None;
    for token in found {
        let word = shadow.get(token.from..token.until).unwrap_or_default();
        match words.last_mut() {
            Some(last) if token.sort == Sort::Unspaced && open == Some(token.from) => last.push_str(word),
            _ => words.push(word.to_owned()),
        }
        open = (token.sort == Sort::Unspaced).then_some(token.until);
    }
    words
}

/// What a character is; nothing for spaces and punctuation.
fn sort_of(c: char) -> Option<Sort> {
    match c {
        '0'..='9' => Some(Sort::Digits),
        'a'..='z' => Some(Sort::Letters),
        '%' | '$' => Some(Sort::Sign),
        '\0'..='\u{7f}' => None,
        _ if c.is_alphanumeric() || is_mark(c) => {
            let unspaced = Script::of_char(c).is_written_without_spaces();
            Some(if unspaced { Sort::Unspaced } else { Sort::Letters })
        }
        '\u{20a0}'..='\u{20cf}' | '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' => Some(Sort::Sign),
        _ => None,
    }
}

/// Vowels and tone marks that stand beside their letter and are no letters of themselves.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0e31}' | '\u{0e34}'..='\u{0e3a}' | '\u{0e47}'..='\u{0e4e}' | '\u{0eb1}'
        | '\u{0eb4}'..='\u{0ebc}' | '\u{0ec8}'..='\u{0ecd}'
        | '\u{102b}'..='\u{103e}' | '\u{17b4}'..='\u{17d3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(String, u32)> {
        let shadow = text::normalise(text);
        let mut found = Vec::new();
        tokens(&shadow, 0, &mut found);
        found.iter().map(|token| (shadow[token.from..token.until].to_owned(), token.sentence)).collect()
    }

    #[test]
    fn words_sentences_and_signs() {
        let found = split("Wo bist du? 3.000 € 😡 don't");
        let words: Vec<&str> = found.iter().map(|(word, _)| word.as_str()).collect();
        assert_eq!(words, ["wo", "bist", "du", "3", "000", "€", "😡", "don", "t"]);
        assert_eq!(found[2].1, 0);
        assert_eq!(found[3].1, 1);
        assert_eq!(found[8].1, 1);
    }

    #[test]
    fn scripts_without_spaces_are_single_characters() {
        assert_eq!(split("护照在我").len(), 4);
        assert_eq!(words("护照 在我这里"), ["护照", "在我这里"]);
        assert_eq!(words("don't"), ["don", "t"]);
    }
}
