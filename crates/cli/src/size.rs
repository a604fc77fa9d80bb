//! Sizes and spans of time as a person reads them.

use crate::language::Language;
use crate::words::{Words, say};

/// A number of bytes with one decimal: `4.7 GB`, in German `4,7 GB`. Decimal units.
pub(crate) fn size(words: &Words, bytes: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1000 {
        return say!(words, "bytes", count = bytes);
    }
    let (mut tenths, mut unit) = (u128::from(bytes) / 100, "kB");
    for next in UNITS.into_iter().skip(1) {
        if tenths < 10_000 {
            break;
        }
        (tenths, unit) = (tenths / 1000, next);
    }
    let comma = if words.language() == Language::German { ',' } else { '.' };
    format!("{}{comma}{} {unit}", tenths / 10, tenths % 10)
}

/// A span of time to wait for: seconds, from two minutes on minutes.
pub(crate) fn span(words: &Words, seconds: u64) -> String {
    if seconds < 120 {
        say!(words, "seconds", count = seconds.max(1))
    } else {
        say!(words, "minutes", count = seconds.div_ceil(60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_in_both_languages() {
        let (english, german) = (Words::new(Language::English), Words::new(Language::German));
        for (bytes, en, de) in [
            (0, "0 bytes", "0 Byte"),
            (1, "1 byte", "1 Byte"),
            (999, "999 bytes", "999 Byte"),
            (1000, "1.0 kB", "1,0 kB"),
            (999_999, "999.9 kB", "999,9 kB"),
            (4_700_000_000, "4.7 GB", "4,7 GB"),
            (u64::MAX, "18.4 EB", "18,4 EB"),
        ] {
            assert_eq!((size(&english, bytes).as_str(), size(&german, bytes).as_str()), (en, de));
        }
        assert_eq!((span(&english, 0), span(&german, 150)), ("1 second".to_owned(), "3 Minuten".to_owned()));
    }
}
