//! In which script a character or a word is written, and which scripts put no spaces between words.
//!
//! By blocks of Unicode 16, for the scripts this program meets; what stands in none of them is
//! [`Script::Other`], what belongs to no script (digits, signs, emoji) is [`Script::Common`]. It says nothing
//! about the language.

/// A script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Script {
    /// Digits, punctuation, signs, emoji, combining accents.
    Common,
    /// English, Romanian, Vietnamese …
    Latin,
    /// Greek.
    Greek,
    /// Bulgarian, Russian, Ukrainian, Serbian …
    Cyrillic,
    /// Armenian.
    Armenian,
    /// Hebrew.
    Hebrew,
    /// Arabic, Persian, Urdu, Kurdish …
    Arabic,
    /// Hindi, Nepali …
    Devanagari,
    /// Bengali.
    Bengali,
    /// Punjabi in India.
    Gurmukhi,
    /// Tamil.
    Tamil,
    /// Thai.
    Thai,
    /// Lao.
    Lao,
    /// Tibetan.
    Tibetan,
    /// Burmese and its neighbours.
    Myanmar,
    /// Georgian.
    Georgian,
    /// Amharic, Tigrinya.
    Ethiopic,
    /// Khmer.
    Khmer,
    /// Korean.
    Hangul,
    /// Japanese.
    Hiragana,
    /// Japanese.
    Katakana,
    /// Chinese characters, in any language.
    Han,
    /// A letter of another script.
    Other,
}

/// First and last character of each block, in order.
const BLOCKS: &[(char, char, Script)] = &[
    ('A', 'Z', Script::Latin),
    ('a', 'z', Script::Latin),
    ('ª', 'ª', Script::Latin),
    ('º', 'º', Script::Latin),
    ('À', 'Ö', Script::Latin),
    ('Ø', 'ö', Script::Latin),
    ('ø', '\u{2b8}', Script::Latin),
    ('\u{370}', '\u{3ff}', Script::Greek),
    ('\u{400}', '\u{52f}', Script::Cyrillic),
    ('\u{531}', '\u{58f}', Script::Armenian),
    ('\u{591}', '\u{5f4}', Script::Hebrew),
    ('\u{600}', '\u{6ff}', Script::Arabic),
    ('\u{750}', '\u{77f}', Script::Arabic),
    ('\u{870}', '\u{8ff}', Script::Arabic),
    ('\u{900}', '\u{97f}', Script::Devanagari),
    ('\u{980}', '\u{9ff}', Script::Bengali),
    ('\u{a00}', '\u{a7f}', Script::Gurmukhi),
    ('\u{b80}', '\u{bff}', Script::Tamil),
    ('\u{e00}', '\u{e7f}', Script::Thai),
    ('\u{e80}', '\u{eff}', Script::Lao),
    ('\u{f00}', '\u{fff}', Script::Tibetan),
    ('\u{1000}', '\u{109f}', Script::Myanmar),
    ('\u{10a0}', '\u{10ff}', Script::Georgian),
    ('\u{1100}', '\u{11ff}', Script::Hangul),
    ('\u{1200}', '\u{139f}', Script::Ethiopic),
    ('\u{1780}', '\u{17ff}', Script::Khmer),
    ('\u{19e0}', '\u{19ff}', Script::Khmer),
    ('\u{1c80}', '\u{1c8f}', Script::Cyrillic),
    ('\u{1c90}', '\u{1cbf}', Script::Georgian),
    ('\u{1d00}', '\u{1d25}', Script::Latin),
    ('\u{1e00}', '\u{1eff}', Script::Latin),
    ('\u{1f00}', '\u{1fff}', Script::Greek),
    ('\u{2c60}', '\u{2c7f}', Script::Latin),
    ('\u{2d00}', '\u{2d2f}', Script::Georgian),
    ('\u{2d80}', '\u{2ddf}', Script::Ethiopic),
    ('\u{2de0}', '\u{2dff}', Script::Cyrillic),
    ('\u{2e80}', '\u{2fdf}', Script::Han),
    ('\u{3005}', '\u{3007}', Script::Han),
    ('\u{3041}', '\u{309f}', Script::Hiragana),
    ('\u{30a1}', '\u{30fa}', Script::Katakana),
    ('\u{30fc}', '\u{30ff}', Script::Katakana),
    ('\u{3131}', '\u{318e}', Script::Hangul),
    ('\u{31f0}', '\u{31ff}', Script::Katakana),
    ('\u{3400}', '\u{4dbf}', Script::Han),
    ('\u{4e00}', '\u{9fff}', Script::Han),
    ('\u{a640}', '\u{a69f}', Script::Cyrillic),
    ('\u{a720}', '\u{a7ff}', Script::Latin),
    ('\u{a960}', '\u{a97f}', Script::Hangul),
    ('\u{a9e0}', '\u{a9ff}', Script::Myanmar),
    ('\u{aa60}', '\u{aa7f}', Script::Myanmar),
    ('\u{ab30}', '\u{ab6f}', Script::Latin),
    ('\u{ac00}', '\u{d7ff}', Script::Hangul),
    ('\u{f900}', '\u{faff}', Script::Han),
    ('\u{fb00}', '\u{fb06}', Script::Latin),
    ('\u{fb1d}', '\u{fb4f}', Script::Hebrew),
    ('\u{fb50}', '\u{fdff}', Script::Arabic),
    ('\u{fe70}', '\u{fefc}', Script::Arabic),
    ('\u{ff21}', '\u{ff3a}', Script::Latin),
    ('\u{ff41}', '\u{ff5a}', Script::Latin),
    ('\u{ff66}', '\u{ff9f}', Script::Katakana),
    ('\u{20000}', '\u{323af}', Script::Han),
];

impl Script {
    /// The script of a character.
    pub fn of_char(c: char) -> Self {
        let at = BLOCKS.partition_point(|(_, last, _)| *last < c);
        match BLOCKS.get(at) {
            Some((first, _, script)) if *first <= c => *script,
            _ if c.is_alphabetic() => Self::Other,
            _ => Self::Common,
        }
    }

    /// The script of most letters of a word; of the earlier one when two have as many.
    /// [`Script::Common`] when there are no letters.
    pub fn of_word(word: &str) -> Self {
        let mut counts: Vec<(Self, usize)> = Vec::new();
        for script in word.chars().map(Self::of_char).filter(|script| *script != Self::Common) {
            match counts.iter_mut().find(|(seen, _)| *seen == script) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => counts.push((script, 1)),
            }
        }
        let most = counts.iter().map(|(_, count)| *count).max();
        counts.iter().find(|(_, count)| Some(*count) == most).map_or(Self::Common, |(script, _)| *script)
    }

    /// Whether words of this script follow each other without a space, so that no tokenizer that goes by
    /// spaces finds them.
    pub fn is_written_without_spaces(self) -> bool {
        matches!(
            self,
            Self::Thai
                | Self::Lao
                | Self::Khmer
                | Self::Myanmar
                | Self::Tibetan
                | Self::Han
                | Self::Hiragana
                | Self::Katakana
        )
    }
}

/// Whether any character of the text belongs to a script written without spaces.
pub fn has_unspaced(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|c| Script::of_char(c).is_written_without_spaces())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_in_order() {
        for pair in BLOCKS.windows(2) {
            assert!(pair[0].0 <= pair[0].1 && pair[0].1 < pair[1].0, "{:?}", pair[1]);
        }
    }

    #[test]
    fn words_have_a_script() {
        for (word, script) in [
            ("Übergabe", Script::Latin),
            ("паспорт", Script::Cyrillic),
            ("جواز", Script::Arabic),
            ("护照", Script::Han),
            ("หนังสือ", Script::Thai),
            ("여권", Script::Hangul),
            ("パスポート", Script::Katakana),
            ("ひと", Script::Hiragana),
            ("ααb", Script::Greek),
            ("aб", Script::Latin),
            ("0170-12", Script::Common),
            ("🍒", Script::Common),
            ("", Script::Common),
            ("ᐃᓄᒃ", Script::Other),
        ] {
            assert_eq!(Script::of_word(word), script, "{word}");
        }
        assert!(has_unspaced("iPhone手机"));
        assert!(!has_unspaced("여권 Köln"));
    }
}
