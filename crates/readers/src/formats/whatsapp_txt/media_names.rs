//! Times in the names that WhatsApp gives to media files: a second witness for date and hour.
//!
//! iPhone: `00000035-PHOTO-2022-03-27-21-41-55.jpg`, to the second and by the same wall clock as the text;
//! Android: `IMG-20220327-WA0003.jpg`, the day only. Source: whatsapp-export-inconsistencies (2019).

use super::calendar::days;

/// The day in the name of a media file: `-2022-03-27-21-41-55` or `-20220327-WA0001`.
pub(super) fn media_day(text: &[u8]) -> Option<i64> {
    for at in memchr::memchr_iter(b'-', text) {
        let after = text.get(at.checked_add(1)?..)?;
        if !after.starts_with(b"20") {
            continue;
        }
        let number = |range: std::ops::Range<usize>| -> Option<i64> {
            let digits = after.get(range)?;
            digits.iter().try_fold(0_i64, |sum, byte| {
                byte.is_ascii_digit()
                    .then(|| sum.saturating_mul(10).saturating_add(i64::from(byte.wrapping_sub(b'0'))))
            })
        };
        let compact = after.get(8..11) == Some(b"-WA");
        let spread =
            after.get(4) == Some(&b'-') && after.get(7) == Some(&b'-') && after.get(10) == Some(&b'-');
        let found = if compact {
            days(number(0..4)?, number(4..6)?, number(6..8)?)
        } else if spread {
            days(number(0..4)?, number(5..7)?, number(8..10)?)
        } else {
            None
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The hour in the name of a media file of an iPhone, if it is of this minute: `-2022-03-27-21-41-55`.
pub(super) fn media_hour(text: &[u8], minute: u8) -> Option<u8> {
    memchr::memmem::find_iter(text.get(..text.len().min(400))?, b"-20").find_map(|at| {
        let stamp = text.get(at..at.checked_add(20)?)?;
        let number = |from: usize| -> Option<u8> {
            let digits = stamp.get(from..from.checked_add(2)?)?;
            std::str::from_utf8(digits).ok()?.parse().ok()
        };
        let dashes = [0, 5, 8, 11, 14, 17].iter().all(|place| stamp.get(*place) == Some(&b'-'));
        (dashes && number(15)? == minute).then(|| number(12))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_both_phones() {
        let day = days(2022, 3, 27);
        assert_eq!(media_day(b"A: <attached: 00000035-PHOTO-2022-03-27-21-41-55.jpg>"), day);
        assert_eq!(media_day(b"A: IMG-20220327-WA0003.jpg (file attached)"), day);
        assert_eq!(media_day(b"A: report-2022-03-27.pdf, -20, -20220399-WA"), None);
        assert_eq!(media_hour(b"<attached: 00000035-PHOTO-2022-03-27-21-41-55.jpg>", 41), Some(21));
        assert_eq!(media_hour(b"<attached: 00000035-PHOTO-2022-03-27-21-41-55.jpg>", 40), None);
    }
}
