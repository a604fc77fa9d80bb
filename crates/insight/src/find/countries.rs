//! Countries as context for numbers written without their country code: calling codes of ITU-T E.164.

/// Code of ISO 3166, calling code, and what is written before a national number.
const COUNTRIES: &[(&str, &str, &str)] = &[
    ("AL", "355", "0"),
    ("AT", "43", "0"),
    ("BA", "387", "0"),
    ("BE", "32", "0"),
    ("BG", "359", "0"),
    ("BR", "55", "0"),
    ("BY", "375", "8"),
    ("CH", "41", "0"),
    ("CI", "225", ""),
    ("CM", "237", ""),
    ("CN", "86", "0"),
    ("CO", "57", "0"),
    ("CZ", "420", ""),
    ("DE", "49", "0"),
    ("DO", "1", "1"),
    ("ES", "34", ""),
    ("FR", "33", "0"),
    ("GB", "44", "0"),
    ("GE", "995", "0"),
    ("GH", "233", "0"),
    ("GM", "220", ""),
    ("GN", "224", ""),
    ("HR", "385", "0"),
    ("HU", "36", "06"),
    ("IT", "39", ""),
    ("MD", "373", "0"),
    ("ML", "223", ""),
    ("NG", "234", "0"),
    ("NL", "31", "0"),
    ("PL", "48", ""),
    ("RO", "40", "0"),
    ("RS", "381", "0"),
    ("RU", "7", "8"),
    ("SN", "221", ""),
    ("TH", "66", "0"),
    ("TR", "90", "0"),
    ("UA", "380", "0"),
    ("VE", "58", "0"),
    ("VN", "84", "0"),
];

/// A country that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country(&'static (&'static str, &'static str, &'static str));

impl Country {
    /// The country of a code, in either case.
    pub fn of(code: &str) -> Option<Self> {
        COUNTRIES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(code)).map(Self)
    }

    /// Its code, in big letters.
    pub(super) fn code(self) -> &'static str {
        self.0.0
    }

    /// Whether digits begin with the calling code of a known country and are as long as a number with it.
    pub(super) fn begins(digits: &str) -> bool {
        (11..=15).contains(&digits.len())
            && COUNTRIES.iter().any(|(_, calling, _)| digits.starts_with(calling))
    }

    /// Its calling code.
    pub(super) fn calling(self) -> &'static str {
        self.0.1
    }

    /// What is written before a national number.
    pub(super) fn trunk(self) -> &'static str {
        self.0.2
    }
}
