//! Links: found in a text, and taken apart into scheme, host, port and path.
//!
//! Finding follows what phones make tappable: `http://` and `https://` in any case, `www.`, and names such as
//! `example.com` where a path follows or the ending is a usual one. Taking apart follows how browsers read an
//! address (URL Standard, url.spec.whatwg.org, as of 2026-10), so that two spellings of one host are one: see
//! `host.rs`. The cost grows with the length of the text alone. Deliberately not found: names without a dot,
//! bare addresses of machines, names with a rare ending and nothing behind them; and no link is ever opened.

mod host;
mod percent;

use std::borrow::Cow;

use memchr::memchr2_iter;

/// Longest link that is looked at; the rest of it is left off.
const LINK_BYTES_MOST: usize = 4096;
/// Most links inside one link (a redirector's target) that are told.
const INNER_MOST: usize = 4;
/// Longest name of a host, by the rules of DNS.
const HOST_BYTES_MOST: usize = 253;

/// An address taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// Its scheme as written, without the colon; none if there is none.
    pub scheme: Option<&'a str>,
    /// The host as DNS knows it: small ASCII letters, Punycode, no dot at the end; addresses of machines in
    /// their usual form, IPv6 without brackets.
    pub host: Cow<'a, str>,
    /// The port, if one is given.
    pub port: Option<u16>,
    /// Path, query and fragment as written, from the first `/`, `?` or `#` on; may be empty.
    pub path: &'a str,
}

impl<'a> Address<'a> {
    /// Takes an address, a host with or without port, or a bare name apart. None if there is no host in it:
    /// `mailto:…`, `about:blank`, a sentence.
    pub fn parse(address: &'a str) -> Option<Self> {
        let address = address.trim_matches(|c: char| c.is_whitespace() || c.is_control());
        let (scheme, rest) = scheme_of(address)?;
        let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        let named = authority.rsplit_once('@').map_or(authority, |(_, named)| named);
        let (host, port) = host::and_port(named)?;
        Some(Self { scheme, host, port, path })
    }
}

/// The host of an address, in the one form in which hosts are compared: see [`Address::host`].
pub fn host_of(address: &str) -> Option<Cow<'_, str>> {
    Address::parse(address).map(|address| address.host)
}

/// Whether two hosts, in their one form, belong to the same site: the last two labels are alike, or the last
/// three below endings such as `co.uk`. No list of endings stands behind it, so it may err either way.
pub fn is_same_site(one: &str, other: &str) -> bool {
    site(one) == site(other)
}

fn site(host: &str) -> &str {
    let mut dots = memchr::memrchr_iter(b'.', host.as_bytes());
    let (Some(last), Some(second)) = (dots.next(), dots.next()) else { return host };
    let ending = host.len().saturating_sub(last).saturating_sub(1);
    let before = last.saturating_sub(second).saturating_sub(1);
    let is_address = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let from = match (ending == 2 && before <= 3, dots.next()) {
        _ if is_address => return host,
        (true, Some(third)) => third,
        (true, None) => return host,
        (false, _) => second,
    };
    host.get(from.saturating_add(1)..).unwrap_or(host)
}

/// The scheme, if there is one, and what follows its slashes; none if the scheme has no host.
fn scheme_of(address: &str) -> Option<(Option<&str>, &str)> {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let without = address.strip_prefix("//").unwrap_or(address);
    let Some((scheme, rest)) = address.split_once(':') else { return Some((None, without)) };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(word);
    if !is_scheme {
        return Some((None, without));
    }
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    if is_web {
        // Browsers take any number of slashes in either direction.
        return Some((Some(scheme), rest.trim_start_matches(['/', '\\'])));
    }
    if let Some(rest) = rest.strip_prefix("//") {
        return Some((Some(scheme), rest));
    }
    // `example.com:8080`, which looks like a scheme.
    let port = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let ends = rest.get(port..).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
    let six = || address.parse::<core::net::Ipv6Addr>().is_ok();
    let has_port = scheme.contains('.') && port > 0 && ends;
    (has_port || six()).then_some((None, address))
}

/// Finds the links of a text, in order; each as it stands there, and the targets that stand inside a link.
pub fn find(text: &str, take: &mut dyn FnMut(&str)) {
    let mut from = 0_usize;
    for at in memchr2_iter(b'.', b':', text.as_bytes()) {
        if at < from {
            continue;
        }
        // What is no link is not looked at twice: that keeps the cost linear.
        let looked = match text.as_bytes().get(at) {
            Some(b':') => with_scheme(text, from, at),
            _ => bare(text, from, at),
        };
        match looked {
            Looked::Link(begin, end) => {
                from = end;
                if let Some(link) = text.get(begin..end) {
                    take(link);
                    inner(link, take);
                }
            }
            Looked::Nothing(until) => from = until.max(from),
        }
    }
}

/// What stands at a dot or a colon.
enum Looked {
    /// A link, from here to here.
    Link(usize, usize),
    /// None, and none begins before this.
    Nothing(usize),
}

/// The link whose scheme ends at a colon.
fn with_scheme(text: &str, from: usize, colon: usize) -> Looked {
    let Some(begin) = web_scheme(text, from, colon) else { return Looked::Nothing(from) };
    let authority = colon.saturating_add(3);
    let rest =
        text.get(authority..floor(text, authority.saturating_add(LINK_BYTES_MOST))).unwrap_or_default();
    let host = rest.find(|c| matches!(c, '/' | '?' | '#' | '\\') || ends_link(c)).unwrap_or(rest.len());
    let host_ends = authority.saturating_add(host);
    let address = text.get(begin..trimmed(text, begin, host_ends));
    if address.and_then(host_of).is_none() {
        return Looked::Nothing(host_ends);
    }
    Looked::Link(begin, trimmed(text, begin, end_of(text, host_ends)))
}

/// Where `http` or `https` begins, if one ends at this colon and two slashes follow.
fn web_scheme(text: &str, from: usize, colon: usize) -> Option<usize> {
    let begin = scheme_before(text, colon).filter(|begin| *begin >= from)?;
    text.get(colon..)?.starts_with("://").then_some(begin)
}

/// Where `http` or `https` begins, if one ends here.
fn scheme_before(text: &str, end: usize) -> Option<usize> {
    let head = text.get(..end)?;
    ["https", "http"].into_iter().find_map(|scheme| {
        let at = head.len().checked_sub(scheme.len())?;
        head.get(at..)?.eq_ignore_ascii_case(scheme).then_some(at)
    })
}

/// The link without scheme whose first dot is this.
fn bare(text: &str, from: usize, dot: usize) -> Looked {
    let rest = text.get(dot..).unwrap_or_default();
    let run = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    let run_ends = dot.saturating_add(run);
    let before = text.get(from..dot).unwrap_or_default();
    let label = before.char_indices().rev().take_while(|(_, c)| is_name(*c)).last();
    let Some((label, _)) = label else { return Looked::Nothing(run_ends) };
    let (begin, ahead) = (from.saturating_add(label), before.get(..label).unwrap_or_default());
    if run > HOST_BYTES_MOST || !stands_alone(ahead) || !is_bare_link(text, begin, run_ends) {
        return Looked::Nothing(run_ends);
    }
    let end = trimmed(text, begin, end_of(text, run_ends));
    match text.get(begin..end).and_then(host_of) {
        Some(_) => Looked::Link(begin, end),
        None => Looked::Nothing(run_ends),
    }
}

/// Whether what stands before a bare name lets it be one: not a mail address, not the rest of a path.
fn stands_alone(before: &str) -> bool {
    !before.ends_with(['@', '/', '\\', '=', '&', '%', '#', '_', '$', '.'])
}

/// Whether a name without scheme is meant as a link.
fn is_bare_link(text: &str, begin: usize, run_ends: usize) -> bool {
    let (Some(host), Some(behind)) = (text.get(begin..run_ends), text.get(run_ends..)) else { return false };
    if behind.starts_with('@') {
        return false;
    }
    if host.get(..4).is_some_and(|www| www.eq_ignore_ascii_case("www.")) {
        return true;
    }
    let has_path = behind.strip_prefix('/').is_some_and(|path| path.starts_with(|c| !ends_link(c)));
    let Some((_, ending)) = host.trim_end_matches('.').rsplit_once('.') else { return false };
    let is_ending = ending.len() >= 2 && ending.bytes().all(|letter| letter.is_ascii_alphabetic());
    let is_ending = is_ending || ending.starts_with("xn--");
    is_ending && (has_path || host::is_usual_ending(ending))
}

/// Where a link that goes through `at` ends at the latest.
fn end_of(text: &str, at: usize) -> usize {
    let most = floor(text, at.saturating_add(LINK_BYTES_MOST));
    let rest = text.get(at..most).unwrap_or_default();
    at.saturating_add(rest.find(ends_link).unwrap_or(rest.len()))
}

/// Takes off what belongs to the sentence: punctuation at the end, a closing bracket that was not opened.
fn trimmed(text: &str, begin: usize, end: usize) -> usize {
    let mut link = text.get(begin..end).unwrap_or_default();
    let count = |bracket: char| link.matches(bracket).count();
    let mut surplus = [('(', ')'), ('[', ']')].map(|(open, close)| (close, count(close) > count(open)));
    while let Some(last) = link.chars().next_back() {
        let closes = surplus.iter_mut().find(|(close, is_surplus)| *close == last && *is_surplus);
        match closes {
            Some((_, is_surplus)) => *is_surplus = false,
            None if matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '…') => {}
            None => break,
        }
        link = link.get(..link.len().saturating_sub(last.len_utf8())).unwrap_or_default();
    }
    begin.saturating_add(link.len())
}

/// The targets that stand inside a link, written out or as percent signs:
/// `https://example.com/go?to=https%3A%2F%2Fexample.org`.
fn inner(link: &str, take: &mut dyn FnMut(&str)) {
    let mut left = INNER_MOST;
    for colon in memchr2_iter(b':', b'%', link.as_bytes()) {
        let tail = link.get(colon..).unwrap_or_default();
        let packed = tail.get(..9).is_some_and(|slashes| slashes.eq_ignore_ascii_case("%3a%2f%2f"));
        let begin = if packed { scheme_before(link, colon) } else { web_scheme(link, 0, colon) };
        let Some(begin) = begin.filter(|begin| *begin > 0) else { continue };
        let target = link.get(begin..).unwrap_or_default();
        left = match left.checked_sub(1) {
            Some(left) => left,
            None => return,
        };
        if packed {
            let target = target.split('&').next().unwrap_or_default();
            take(&percent::decoded(target));
        } else {
            take(target);
        }
    }
}

/// What may stand in a name of a host without scheme: letters of Europe, where words are kept apart by
/// spaces.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '-' | '.')
        || (c > '\u{7f}' && c < '\u{590}' && c.is_alphabetic())
}

/// Quotes and the punctuation of scripts without spaces.
const BEYOND_LINKS: &str = "«»„“”‚‘’‹›，。、；：！？（）【】「」《》\u{fffc}\u{fffd}";

/// What no link goes on after.
fn ends_link(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_whitespace() || c.is_ascii_control() || "<>\"`{}|^".contains(c);
    }
    let is_invisible =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    is_invisible || c == '\u{feff}' || c.is_whitespace() || c.is_control() || BEYOND_LINKS.contains(c)
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<String> {
        let mut links = Vec::new();
        find(text, &mut |link| links.push(link.to_owned()));
        links
    }

    fn host(address: &str) -> Option<String> {
        host_of(address).map(Cow::into_owned)
    }

    #[test]
    fn links_end_where_the_sentence_goes_on() {
        let text = "Siehe https://example.com/a?b=1#c. Oder (www.example.org/x(y)) und HTTP://Example.NET!";
        assert_eq!(
            links(text),
            ["https://example.com/a?b=1#c", "www.example.org/x(y)", "HTTP://Example.NET"]
        );
        assert_eq!(
            links("„https://example.com/ü“, <http://example.org>"),
            ["https://example.com/ü", "http://example.org"]
        );
        assert_eq!(
            links("Bitte bestätigen:http://user:pass@example.com:8080/x"),
            ["http://user:pass@example.com:8080/x"]
        );
        assert_eq!(
            links("http://[2001:db8::1]/x http://10.1.2.3:99"),
            ["http://[2001:db8::1]/x", "http://10.1.2.3:99"]
        );
    }

    #[test]
    fn names_without_scheme_count_where_they_are_meant_as_links() {
        assert_eq!(links("geh auf example.com oder bit.ly/abc"), ["example.com", "bit.ly/abc"]);
        assert_eq!(
            links("bis morgen.Ich komme um 8.30 Uhr, anna.b@example.com, v1.2.3 ok... bericht.pdf"),
            [""; 0]
        );
        assert_eq!(links("请看example.com/x。好"), ["example.com/x"]);
        assert_eq!(links("müller.example/x"), ["müller.example/x"]);
        assert_eq!(links("3,5/2.1/x"), [""; 0]);
    }

    #[test]
    fn targets_inside_links_are_told_too() {
        assert_eq!(
            links("https://example.com/go?u=https://example.org/x&b=1"),
            ["https://example.com/go?u=https://example.org/x&b=1", "https://example.org/x&b=1"]
        );
        assert_eq!(
            links("https://example.com/go?u=https%3A%2F%2Fexample.org%2Fx&b=1")[1],
            "https://example.org/x"
        );
    }

    #[test]
    fn one_host_has_one_form() {
        for (address, expected) in [
            ("https://Example.COM./x", "example.com"),
            ("http://user:pw@evil.example:81/", "evil.example"),
            ("http://good.example\\@evil.example/", "good.example"),
            ("http:evil.example", "evil.example"),
            ("http:///evil.example/", "evil.example"),
            ("//evil.example/x", "evil.example"),
            ("evil.example:8080", "evil.example"),
            ("evil.example/x:y", "evil.example"),
            ("10.0.0.1:443", "10.0.0.1"),
            ("http://0x7f.1/", "127.0.0.1"),
            ("http://2130706433", "127.0.0.1"),
            ("http://[2001:DB8:0:0::1]:80/", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("fe80::1", "fe80::1"),
            ("[::ffff:10.0.0.1]:443", "10.0.0.1"),
            ("http://M\u{fc}nchen.example", "xn--mnchen-3ya.example"),
            ("http://mu\u{308}nchen.example", "xn--mnchen-3ya.example"),
            ("http://ex%61mple.com", "example.com"),
            ("http://ｅｘａｍｐｌｅ。ｃｏｍ/", "example.com"),
            ("wss://example.com", "example.com"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(host(address).as_deref(), Some(expected), "{address}");
        }
        for none in [
            "",
            "mailto:anna@example.com",
            "about:blank",
            "javascript:alert(1)",
            "zwei Wörter",
            "http://",
            "http://[x",
            "http://a..b",
            "http://1.2.3.4.5",
            "http://%",
            "http://a b",
            ":",
            "tel:110",
            "http://x:y",
        ] {
            assert_eq!(host(none), None, "{none}");
        }
        assert!(matches!(host_of("https://example.com/X"), Some(Cow::Borrowed("example.com"))));
    }

    #[test]
    fn hosts_of_one_site() {
        for (one, other, same) in [
            ("www.example.com", "example.com", true),
            ("a.example.com", "b.example.com", true),
            ("example.com", "example.org", false),
            ("a.co.uk", "b.co.uk", false),
            ("www.a.co.uk", "a.co.uk", true),
            ("10.0.0.1", "11.0.0.1", false),
            ("localhost", "localhost", true),
        ] {
            assert_eq!(is_same_site(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn an_address_is_taken_apart() {
        let address = Address::parse("https://Example.com:8443/x?y#z").unwrap();
        assert_eq!(
            (address.scheme, &*address.host, address.port),
            (Some("https"), "example.com", Some(8443))
        );
        assert_eq!(address.path, "/x?y#z");
        assert_eq!(Address::parse("example.com").unwrap().path, "");
    }

    #[test]
    fn hostile_texts_cost_no_more_than_they_are_long() {
        let parts =
            [".", "a.", "http://", "http://a", "www.", "a.com/", "%3a%2f%2f", "http://a.b/(", "ü.", "("];
        for part in parts {
            let text = part.repeat((1 << 20) / part.len());
            let mut bytes = 0_usize;
            find(&text, &mut |link| bytes = bytes.saturating_add(link.len()));
            assert!(bytes <= text.len().saturating_mul(1 + INNER_MOST), "{part}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_links_or_none(text in "(http://|www\\.|\\PC|[a-z./:@%()\\[\\]]){0,60}") {
            find(&text, &mut |link| assert!(!link.is_empty()));
            drop(host_of(&text));
        }
    }
}
