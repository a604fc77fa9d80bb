//! Which characters are one letter to somebody who searches: the tables behind
//! [`normalise`](mod@crate::normalise).
//!
//! Sources: Unicode Character Database 14 and later (general categories Nd, Cf, Mn; the blocks of combining
//! marks); for Arabic the letter forms that the Arabic and Persian light normalisations of search engines
//! unite (alef, ya, ta marbuta, kaf, tatweel). Deliberately no language is guessed: one table serves all, so
//! that a message and a query meet whatever language either is in.

/// The zeros of the decimal digits (category Nd) that compatibility decomposition leaves alone. Nine more
/// follow each.
const ZEROS: &[char] = &[
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{104a0}',
    '\u{10d30}',
    '\u{11066}',
    '\u{110f0}',
    '\u{11136}',
    '\u{111d0}',
    '\u{112f0}',
    '\u{11450}',
    '\u{114d0}',
    '\u{11650}',
    '\u{116c0}',
    '\u{11730}',
    '\u{118e0}',
    '\u{11950}',
    '\u{11c50}',
    '\u{11d50}',
    '\u{11da0}',
    '\u{16a60}',
    '\u{16ac0}',
    '\u{16b50}',
    '\u{1e140}',
    '\u{1e2f0}',
    '\u{1e950}',
];

/// A character that shows nothing and changes no letter: direction marks, joiners, soft hyphens, variation
/// selectors, fillers, tags.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'
        | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// A mark that people leave out: accents of any script, niqqud, harakat, nukta, tatweel.
///
/// Vowel signs and tone marks of Thai, Devanagari and their neighbours have blocks of their own and are
/// not here: they are letters, without them the word is another one.
pub(crate) fn is_left_out(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20f0}' | '\u{fe20}'..='\u{fe2f}'
        // Cyrillic
        | '\u{483}'..='\u{489}' | '\u{2de0}'..='\u{2dff}' | '\u{a66f}'..='\u{a672}'
        | '\u{a674}'..='\u{a67d}' | '\u{a69e}' | '\u{a69f}'
        // Hebrew
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        | '\u{fb1e}'
        // Arabic
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{897}'..='\u{89f}'
        | '\u{8ca}'..='\u{8e1}' | '\u{8e3}'..='\u{8ff}' | '\u{10efc}'..='\u{10eff}'
        // Devanagari nukta
        | '\u{93c}')
}

/// Whether the mark makes another letter of this base, so that it stays: й, ў, ї, ѓ, ќ.
///
/// й is no и with an ornament but a consonant of its own (мой is not мои), and so are ў, ї, ѓ and ќ; who
/// writes the language has them on the keyboard. ё is different: Russian print and chats write е for it as
/// a rule, so its dots go.
pub(crate) fn makes_a_letter(base: char, mark: char) -> bool {
    matches!((base, mark), ('и' | 'у', '\u{306}') | ('і', '\u{308}') | ('г' | 'к', '\u{301}'))
}

/// What stands for this character, one or two characters; the character itself when nothing does.
pub(crate) fn plain(c: char) -> (char, Option<char>) {
    if c.is_whitespace() || c.is_control() {
        return (' ', None);
    }
    if let Some(digit) = digit(c) {
        return (digit, None);
    }
    match c {
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        _ => (plain_letter(c).or_else(|| plain_sign(c)).unwrap_or(c), None),
    }
}

fn digit(c: char) -> Option<char> {
    let before = ZEROS.partition_point(|zero| *zero <= c).checked_sub(1)?;
    let value = u32::from(c) - u32::from(*ZEROS.get(before)?);
    char::from_digit(value, 10)
}

fn plain_letter(c: char) -> Option<char> {
    Some(match c {
        // Latin: letters that people write without their stroke, hook or turn.
        'ø' | 'ɔ' => 'o',
        'ł' => 'l',
        'đ' | 'ð' | 'ɗ' => 'd',
        'ħ' => 'h',
        'ŧ' => 't',
        'ı' => 'i',
        'ə' | 'ǝ' | 'ɛ' => 'e',
        'ɓ' => 'b',
        'ƙ' => 'k',
        'ŋ' => 'n',
        'ƴ' => 'y',
        // Arabic script, with the forms of Persian, Urdu and Kurdish keyboards.
        'أ' | 'إ' | 'آ' | 'ٱ' | 'ٲ' | 'ٳ' => 'ا',
        'ى' | 'ی' | 'ۍ' => 'ي',
        'ة' | 'ہ' | 'ھ' | 'ە' | 'ۃ' => 'ه',
        'ک' | 'ڪ' => 'ك',
        // Devanagari: candrabindu and anusvara are written for each other.
        'ँ' => 'ं',
        _ => return None,
    })
}

fn plain_sign(c: char) -> Option<char> {
    Some(match c {
        '\u{2018}'..='\u{201b}'
        | '\u{2032}'
        | '\u{2035}'
        | '\u{2039}'
        | '\u{203a}'
        | '\u{2bc}'
        | '\u{2bb}'
        | '\u{2b9}'
        | '\u{2b7}'
        | '\u{a78c}'
        | '\u{a78b}'
        | '\u{5f3}' => '\'',
        '\u{201c}'..='\u{201f}'
        | '\u{2033}'
        | '\u{2036}'
        | '«'
        | '»'
        | '\u{2e42}'
        | '\u{5f4}'
        | '\u{301d}'
        | '\u{301e}'
        | '\u{301f}'
        | '「'
        | '」'
        | '『'
        | '』' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{5be}' | '\u{2e3a}' | '\u{2e3b}' | '\u{2043}' => '-',
        '\u{2044}' | '\u{2215}' => '/',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_are_digits() {
        for (text, digit) in
            [('٤', '4'), ('۴', '4'), ('४', '4'), ('๔', '4'), ('၄', '4'), ('៤', '4'), ('໙', '9')]
        {
            assert_eq!(plain(text), (digit, None));
        }
        assert_eq!(plain('\u{66a}'), ('\u{66a}', None), "the percent sign after the Arabic nine");
        assert!(ZEROS.is_sorted());
    }
}
