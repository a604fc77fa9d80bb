//! How a visit came about: Chromium's number `transition` in words.
//!
//! Follows `page_transition_types.h` of Chromium: the lowest byte is the chief type, the highest bits qualify it.
//! Deliberately no guess at numbers that are not named there.

/// Chief types, by number.
const TYPES: [&str; 11] = [
    "link",
    "typed",
    "bookmark or suggestion",
    "frame, loaded with the page",
    "frame, opened by hand",
    "generated",
    "start page",
    "form sent",
    "reload or restored",
    "keyword",
    "keyword generated",
];

/// Qualifying bits.
const QUALIFIERS: [(i64, &str); 8] = [
    (0x0080_0000, "blocked"),
    (0x0100_0000, "back or forward"),
    (0x0200_0000, "from the address bar"),
    (0x0400_0000, "home page"),
    (0x0800_0000, "by another program"),
    (0x1000_0000, "begins a chain"),
    (0x2000_0000, "ends a chain"),
    (0x4000_0000, "redirected by the page"),
];

/// The number in words; empty for a type that is not known and no bits.
pub(super) fn meaning(raw: i64) -> String {
    let chief = usize::try_from(raw & 0xff).ok().and_then(|chief| TYPES.get(chief));
    let bits = QUALIFIERS.iter().chain(&[(0x8000_0000, "redirected by the server")]);
    let bits = bits.filter(|(bit, _)| raw & bit != 0).map(|(_, name)| name);
    chief.into_iter().chain(bits).copied().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_in_words_with_and_without_a_sign() {
        assert_eq!(meaning(0x3200_0001), "typed, from the address bar, begins a chain, ends a chain");
        assert_eq!(meaning(0xa000_0000), "link, ends a chain, redirected by the server");
        assert_eq!(meaning(-0x6000_0000), "link, ends a chain, redirected by the server");
        assert_eq!(meaning(99), "");
    }
}
