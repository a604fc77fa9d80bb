//! The words around a place: what stands before a number says whether it is one.

/// How many bytes before a place are looked at.
const WINDOW_BYTES: usize = 48;

/// The last words before a place in a shadow form, the nearest first; at most four.
pub(super) fn before(shadow: &str, at: usize) -> impl Iterator<Item = &str> {
    let from = at.saturating_sub(WINDOW_BYTES);
    let from = (from..=at).find(|from| shadow.is_char_boundary(*from)).unwrap_or(at);
    let window = shadow.get(from..at).unwrap_or_default();
    window.rsplit(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(4)
}
