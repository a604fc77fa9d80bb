//! WhatsApp's addresses (`4917…@s.whatsapp.net`, `…@g.us`, `…@lid`) and what sort of chat they stand for.

use model::record::ChatKind;

/// What sort of chat has this address.
pub(crate) fn chat_kind(jid: &str) -> ChatKind {
    match jid.rsplit_once('@').map(|(_, server)| server) {
        Some("s.whatsapp.net" | "c.us" | "lid") => ChatKind::Direct,
        Some("g.us") => ChatKind::Group,
        Some("broadcast" | "newsletter" | "status") => ChatKind::Broadcast,
        _ => ChatKind::Unknown,
    }
}

/// Whether this is an anonymous address that stands for a phone number nobody sees.
pub(crate) fn is_anonymous(jid: &str) -> bool {
    jid.ends_with("@lid")
}

/// The phone number in the address of a person, as WhatsApp writes it: with the country, without `+`.
pub(crate) fn phone(jid: &str) -> Option<&str> {
    let (user, server) = jid.rsplit_once('@')?;
    let user = user.split([':', '.']).next()?;
    let digits = !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_digit());
    (digits && matches!(server, "s.whatsapp.net" | "c.us")).then_some(user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_tell_the_sort_of_chat() {
        assert_eq!(chat_kind("491713920001@s.whatsapp.net"), ChatKind::Direct);
        assert_eq!(chat_kind("123-456@g.us"), ChatKind::Group);
        assert_eq!(chat_kind("status@broadcast"), ChatKind::Broadcast);
        assert_eq!(chat_kind(""), ChatKind::Unknown);
        assert_eq!(phone("491713920001:12@s.whatsapp.net"), Some("491713920001"));
        assert_eq!(phone("77700001@lid"), None);
        assert!(is_anonymous("77700001@lid"));
    }
}
