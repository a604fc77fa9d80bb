//! The words that stand inside the date and time of a header line: halves of the day, eras, prepositions.
//!
//! From the locale data of Unicode (CLDR) as phones show it, for the languages of the table in `words.tsv`.
//! Words are compared without spaces, dots and marks and in small letters.

/// What a word in a header means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StampWord {
    /// Which part of the day the hour counts in.
    Half(Half),
    /// The years count from this year on; the year's number is added.
    Era(u16),
    /// The years count as the Thai calendar does.
    Buddhist,
    /// Belongs to date or time and says nothing: `klo`, `г.`, `Uhr`.
    Filler,
}

/// The part of the day that an hour counts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Half {
    /// No word: the hour counts from 0 to 23.
    #[default]
    Whole,
    /// From midnight on.
    Morning,
    /// From noon on.
    Afternoon,
    /// Around noon (中午).
    Noon,
    /// In the evening or at night, until after midnight (晚上).
    Night,
    /// A word that is not known.
    Unknown,
}

const MORNING: &[&str] = &[
    "a",
    "ق",
    "قظ",
    "上午",
    "早上",
    "凌晨",
    "清晨",
    "早",
    "午前",
    "오전",
    "sa",
    "öö",
    "de",
    "dop",
    "ap",
    "पूर्वाह्न",
    "पूर्व",
    "সকাল",
    "পূর্বাহ্ণ",
    "πμ",
    "pd",
    "pg",
    "inthemorning",
    "fm",
    "पहाटे",
    "सुबह",
    "صباحًا",
    "صباحا",
    "ก่อนเที่ยง",
    "ráno",
    "vorm",
    "vormittags",
    "मपू",
];
const AFTERNOON: &[&str] = &[
    "p",
    "ب",
    "بظ",
    "下午",
    "傍晚",
    "午後",
    "오후",
    "ch",
    "ös",
    "du",
    "odp",
    "ip",
    "अपराह्न",
    "अप",
    "অপরাহ্ণ",
    "μμ",
    "md",
    "ptg",
    "intheafternoon",
    "intheevening",
    "em",
    "शाम",
    "दोपहर",
    "مساءً",
    "مساء",
    "หลังเที่ยง",
    "nachm",
    "nachmittags",
    "ntm",
    "मउ",
];
const FILLERS: &[&str] = &[
    "klo",
    "kl",
    "г",
    "р",
    "год",
    "року",
    "ч",
    "à",
    "às",
    "as",
    "alas",
    "um",
    "uhr",
    "om",
    "at",
    "on",
    "u",
    "o",
    "v",
    "ob",
    "pukul",
    "jam",
    "alle",
    "alleore",
    "ora",
    "la",
    "lúc",
    "h",
    "hod",
    "น",
    "เวลา",
    "ad",
    "ce",
    "гч",
    "klokken",
    "klockan",
    "ve",
    "saat",
    "o'clock",
    "وقت",
    "في",
    "ساعة",
    "ساعت",
];

/// What a word means; `None` if it is not known.
pub(super) fn meaning(word: &str) -> Option<StampWord> {
    let half = |half| Some(StampWord::Half(half));
    match word {
        "am" | "ص" => half(Half::Morning),
        "pm" | "م" => half(Half::Afternoon),
        "中午" => half(Half::Noon),
        "晚上" | "晚" | "深夜" | "半夜" | "夜" | "रात" | "atnight" => half(Half::Night),
        "be" | "พศ" => Some(StampWord::Buddhist),
        "r" | "令和" => Some(StampWord::Era(2018)),
        "平成" => Some(StampWord::Era(1988)),
        "昭和" => Some(StampWord::Era(1925)),
        _ if MORNING.contains(&word) => half(Half::Morning),
        _ if AFTERNOON.contains(&word) => half(Half::Afternoon),
        _ if FILLERS.contains(&word) => Some(StampWord::Filler),
        _ => None,
    }
}

/// The hour of the day; an hour beyond 12 counts from midnight whatever the word says.
pub(super) fn hour_of_day(hour: u8, half: Half) -> u8 {
    let twelve = hour % 12;
    let later = match half {
        _ if hour > 12 => return hour % 24,
        Half::Whole | Half::Unknown => return hour,
        Half::Morning => false,
        Half::Afternoon => true,
        // 10 and 11 may be called noon too; at night it is evening until 12 and night after it.
        Half::Noon => hour < 10 || hour == 12,
        Half::Night => (5..12).contains(&hour),
    };
    if later { twelve.saturating_add(12) } else { twelve }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_of_the_day() {
        use Half::{Afternoon, Morning, Night, Noon, Whole};
        let cases = [
            (2, Afternoon, 14),
            (12, Afternoon, 12),
            (0, Afternoon, 12),
            (12, Morning, 0),
            (11, Morning, 11),
            (12, Noon, 12),
            (11, Noon, 11),
            (1, Noon, 13),
            (8, Night, 20),
            (12, Night, 0),
            (1, Night, 1),
            (13, Afternoon, 13),
            (24, Whole, 0),
            (23, Whole, 23),
        ];
        for (hour, half, expected) in cases {
            assert_eq!(hour_of_day(hour, half), expected, "{hour} {half:?}");
        }
    }

    #[test]
    fn no_word_has_two_meanings() {
        for word in MORNING {
            assert!(!AFTERNOON.contains(word) && !FILLERS.contains(word), "{word}");
        }
        for word in AFTERNOON {
            assert!(!FILLERS.contains(word), "{word}");
        }
    }
}
