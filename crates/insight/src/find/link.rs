//! Links: to profiles on services, to portals with adverts, to places on maps, and all others.
//!
//! Which address is what stands in `rules/finders/sites.toml`. The key of a profile is the service and the
//! name of the account, so that a link and a handle meet; of others it is the host without `www.` and the
//! path, without what only tracks the way.

use super::finds::Finds;
use super::passage::{Passage, byte_before, is_word};
use super::sites::{SITES, Sort};
use super::{Context, Kind, place_link};

/// Longest link that is looked at, in bytes.
const LONGEST: usize = 2_048;
/// Signs that stand behind a link and not in it.
const BEHIND: &[char] = &['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '"', '»', '”', '*', '>'];

pub(super) fn find(passage: &Passage<'_>, _: &Context, finds: &mut Finds) {
    let mut at = 0_usize;
    for word in passage.text.split_inclusive(char::is_whitespace) {
        // Links hold a full stop, a colon or both; a longer word is looked at in pieces.
        if word.contains(['.', ':']) {
            let mut from = 0_usize;
            while from < word.len() {
                let until = word.floor_char_boundary(from.saturating_add(LONGEST));
                let Some(piece) = word.get(from..until).filter(|piece| !piece.is_empty()) else { break };
                in_word(piece, at.saturating_add(from), finds);
                from = until;
            }
        }
        at = at.saturating_add(word.len());
    }
}

/// The link in a word that begins at a place of the text.
fn in_word(word: &str, offset: usize, finds: &mut Finds) {
    let Some((start, end)) = bounds(word) else { return };
    let Some(written) = word.get(start..end) else { return };
    let place = offset.saturating_add(start)..offset.saturating_add(end);
    if let Some(point) = place_link::point(written) {
        return finds.add(Kind::Place, place, point, "map-link");
    }
    let Some((host, path)) = parts(written) else { return };
    match SITES.sort_of(&host) {
        Some(Sort::Profile { service }) => match account(&service, &path, written) {
            Some((kind, key)) => finds.add(kind, place, key, "profile-link"),
            None => finds.add(Kind::Link, place, plain(&host, &path), "link"),
        },
        Some(Sort::Advert) => finds.add(Kind::Advert, place, plain(&host, &path), "advert-site"),
        None => finds.add(Kind::Link, place, plain(&host, &path), "link"),
    }
}

/// Where a link begins and ends in a word: with its scheme, with `www.`, or a known host without either.
fn bounds(word: &str) -> Option<(usize, usize)> {
    let schemes = ["http://", "https://", "www.", "geo:"].into_iter();
    let mut first = schemes.filter_map(|scheme| find_ignoring_case(word, scheme)).min();
    for host in SITES.hosts() {
        let found = find_ignoring_case(word, host).filter(|at| {
            !is_word(byte_before(word.as_bytes(), *at)) && byte_before(word.as_bytes(), *at) != b'@'
        });
        first = match (first, found) {
            (Some(first), Some(found)) => Some(first.min(found)),
            (first, found) => first.or(found),
        };
    }
    let start = first?;
    let behind = word.get(start..)?;
    let end = behind.find(|c: char| c.is_whitespace() || c.is_control() || c == '<').unwrap_or(behind.len());
    let link = behind.get(..end)?.trim_end_matches(BEHIND);
    Some((start, start.saturating_add(link.len())))
}

fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    let first = needle.bytes().next()?;
    let bytes = text.as_bytes();
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), bytes).find(|at| {
        let there = bytes.get(*at..at.saturating_add(needle.len()));
        there.is_some_and(|there| there.eq_ignore_ascii_case(needle.as_bytes()))
    })
}

/// Host in small letters, and path with what follows.
fn parts(link: &str) -> Option<(String, String)> {
    let without = link.split_once("://").map_or(link, |(_, rest)| rest);
    let end = without.find(['/', '?', '#']).unwrap_or(without.len());
    let (host, path) = without.split_at_checked(end)?;
    let host = host.rsplit('@').next()?.split(':').next()?.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    host.contains('.').then(|| (host, path.to_owned()))
}

/// The account in a link to a profile: the first step of its path.
fn account(service: &str, path: &str, written: &str) -> Option<(Kind, String)> {
    let mut steps = path.split(['/', '?', '#']).filter(|step| !step.is_empty());
    let first = steps.next()?;
    if service == "whatsapp" {
        let number =
            first.strip_prefix("send").map_or(first, |_| written.split("phone=").nth(1).unwrap_or(""));
        let digits: String = number.chars().filter(char::is_ascii_digit).take(15).collect();
        return (digits.len() >= 8).then(|| (Kind::Phone, format!("+{digits}")));
    }
    let name = match first {
        "in" | "u" | "user" | "add" | "channel" | "c" | "id" => steps.next()?,
        "profile.php" => steps.find_map(|step| step.strip_prefix("id="))?,
        first => first,
    };
    let name = name.trim_start_matches('@').to_lowercase();
    let posts = ["p", "reel", "watch", "share", "stories", "explore", "s", "joinchat", "groups", "events"];
    let is_name = !name.is_empty() && name.len() <= 64 && !posts.contains(&name.as_str());
    is_name.then(|| (Kind::Profile, format!("{service}:{name}")))
}

/// The host and the path without what tracks.
fn plain(host: &str, path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    format!("{host}{path}")
}
