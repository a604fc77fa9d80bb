//! What the numbers of WhatsApp's Android databases mean, as far as that is known.
//!
//! From KnugiHK/WhatsApp-Chat-Exporter (`determine_metadata`) and abrignoni/ALEAPP, 2026. The database itself
//! has no list of them; a number that is not known keeps standing as a number.

use model::record::{CallOutcome, MediaKind};

/// The sort of file that a message of this type carries.
pub(super) fn media(kind: i64) -> Option<MediaKind> {
    Some(match kind {
        1 | 42 => MediaKind::Picture,
        2 => MediaKind::Audio,
        82 => MediaKind::Voice,
        3 | 43 | 81 => MediaKind::Video,
        9 => MediaKind::Document,
        13 => MediaKind::Animation,
        20 => MediaKind::Sticker,
        _ => return None,
    })
}

/// Whether a message of this type is to be seen once.
pub(super) fn is_view_once(kind: i64) -> bool {
    matches!(kind, 42 | 43 | 82)
}

/// Whether a message of this type was deleted for everyone.
pub(super) fn is_deleted(kind: i64) -> bool {
    matches!(kind, 15 | 64)
}

/// A change that the program tells of: its number and, if known, its meaning in a stable word.
pub(super) fn change(action: i64) -> String {
    let word = match action {
        1 => "subject-changed",
        4 => "member-added",
        5 => "member-left",
        6 => "icon-changed",
        7 => "owner-removed",
        8 => "group-error",
        9 => "broadcast-created",
        10 | 28 => "number-changed",
        11 => "group-created",
        12 => "member-added-by",
        14 => "member-removed-by",
        18 | 57 => "security-code-changed",
        19 => "encryption-notice",
        20 => "member-joined-by-link",
        27 => "description-changed",
        56 => "disappearing-timer-changed",
        58 => "contact-blocked-or-unblocked",
        _ => return action.to_string(),
    };
    format!("{action} {word}")
}

/// How a call ended; from the owner's side, so what is missed depends on who called.
pub(super) fn call_outcome(result: Option<i64>, is_outgoing: Option<bool>) -> CallOutcome {
    match (result, is_outgoing) {
        (None, _) => CallOutcome::Unknown,
        (Some(5), _) => CallOutcome::Answered,
        (Some(2), Some(true)) => CallOutcome::NotAnswered,
        (Some(2 | 0 | 4 | 7), Some(false)) => CallOutcome::Missed,
        (Some(0 | 4 | 7), Some(true)) => CallOutcome::Cancelled,
        (Some(other), _) => CallOutcome::Other(other.to_string()),
    }
}
