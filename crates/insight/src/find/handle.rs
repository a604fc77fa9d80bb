//! Names of accounts: `@name`, and a name right behind the word of a service (`insta: mia.rose_23`).
//!
//! A name behind `@` alone belongs to no service that is known. What is part of a mail address or a link was
//! taken by their finders.

use super::finds::Finds;
use super::passage::{Passage, byte_before, is_word};
use super::{Context, Kind};

/// Words of services as people write them, and the service.
const SERVICES: &[(&str, &str)] = &[
    ("instagram", "instagram"),
    ("insta", "instagram"),
    ("ig", "instagram"),
    ("telegram", "telegram"),
    ("tg", "telegram"),
    ("snapchat", "snapchat"),
    ("snap", "snapchat"),
    ("tiktok", "tiktok"),
    ("facebook", "facebook"),
    ("fb", "facebook"),
    ("discord", "discord"),
    ("twitter", "x"),
    ("wechat", "wechat"),
    ("weixin", "wechat"),
    ("微信", "wechat"),
    ("line id", "line"),
    ("vk", "vk"),
    ("viber", "viber"),
    ("skype", "skype"),
    ("телеграм", "telegram"),
    ("инстаграм", "instagram"),
    ("инста", "instagram"),
];
/// Words between the service and the name.
const BETWEEN: &[&str] =
    &["ist", "is", "heisst", "heißt", "name", "id", "account", "profil", "profile", "acc", "mein", "my"];

pub(super) fn find(passage: &Passage<'_>, _: &Context, finds: &mut Finds) {
    let bytes = passage.text.as_bytes();
    for at in memchr::memchr_iter(b'@', bytes) {
        if is_word(byte_before(bytes, at)) || byte_before(bytes, at) == b'.' {
            continue;
        }
        let start = at.saturating_add(1);
        if let Some(name) = name(passage.text, start) {
            let end = start.saturating_add(name.len());
            if name.bytes().all(|byte| byte.is_ascii_digit()) {
                // Messengers mention somebody by the number, its country code first and without a sign.
                if (10..=15).contains(&name.len()) {
                    finds.add(Kind::Phone, at..end, format!("+{name}"), "mention");
                }
                continue;
            }
            let service = service_before(passage.text, at).unwrap_or("any");
            let key = format!("{service}:{}", name.to_ascii_lowercase());
            finds.add(Kind::Handle, at..end, key, "at-sign");
        }
    }
    let lower = &passage.shadow().text;
    for (word, service) in SERVICES {
        for (at, _) in lower.match_indices(word) {
            behind_service(passage, lower, (at, word, service), finds);
        }
    }
}

/// A name behind the word of a service, with a digit, dot or underscore in it: any other word may be one of
/// the sentence.
fn behind_service(
    passage: &Passage<'_>,
    lower: &str,
    (at, word, service): (usize, &str, &str),
    finds: &mut Finds,
) {
    let end = at.saturating_add(word.len());
    let stands_alone = !lower.get(..at).unwrap_or_default().ends_with(|c: char| c.is_alphanumeric())
        && !lower.get(end..).unwrap_or_default().starts_with(|c: char| c.is_ascii_alphanumeric());
    if !stands_alone {
        return;
    }
    let mut from = end;
    for _ in 0..3 {
        let rest = lower.get(from..).unwrap_or_default();
        let blank = rest.len().saturating_sub(rest.trim_start_matches([' ', ':', '-', '：', '=']).len());
        from = from.saturating_add(blank);
        let next = BETWEEN.iter().find(|word| {
            let rest = lower.get(from..).unwrap_or_default();
            rest.strip_prefix(**word).is_some_and(|rest| rest.starts_with([' ', ':']))
        });
        match next {
            Some(word) => from = from.saturating_add(word.len()),
            None => break,
        }
    }
    let Some(name) = name(lower, from) else { return };
    let is_marked = name.contains(['_', '.']) || name.bytes().any(|byte| byte.is_ascii_digit());
    if name.len() >= 4 && is_marked && !name.bytes().all(|byte| byte.is_ascii_digit()) {
        let place = passage.source(&(from..from.saturating_add(name.len())));
        finds.add(Kind::Handle, place, format!("{service}:{name}"), "beside-service");
    }
}

/// The name that begins here: 3 to 32 letters, digits, dots, underscores.
fn name(text: &str, from: usize) -> Option<&str> {
    let rest = text.get(from..)?;
    let end =
        rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))).unwrap_or(rest.len());
    let name = rest.get(..end)?.trim_end_matches('.');
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    (begins && (3..=32).contains(&name.len())).then_some(name)
}

/// The service whose word stands right before a place.
fn service_before(text: &str, at: usize) -> Option<&'static str> {
    let before = text.get(..at)?.trim_end_matches([' ', ':', '-']);
    let from = before.len().saturating_sub(12);
    let from = (from..=before.len()).find(|from| before.is_char_boundary(*from))?;
    let last = before.get(from..)?.to_lowercase();
    // A word of its own: not the end of `wichtig`.
    let is_said = |word: &str| {
        last.strip_suffix(word).is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric()))
    };
    SERVICES.iter().find(|(word, _)| is_said(word)).map(|(_, service)| *service)
}
