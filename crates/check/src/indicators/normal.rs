//! The one form in which values are compared: of indicators when a list is read, of evidence when it is held
//! against them.
//!
//! App identifiers, fingerprints, hosts, mail addresses and profile identifiers are compared without regard
//! to the case of letters: two apps that differ in that alone are not met, and lists are typed by hand.
//! Paths, names of files, processes and properties keep their case, as the systems they come from do.

use std::borrow::Cow;

use super::list::IndicatorKind;
use crate::Fingerprint;
use crate::links::Address;

/// Longest value of an indicator.
const VALUE_BYTES_MOST: usize = 2048;
/// Most signs of an address's path that are compared.
const ADDRESS_BYTES_MOST: usize = 2048;

/// A value of a list in its form; none if it is no such thing.
pub(super) fn form(kind: IndicatorKind, value: &str) -> Option<String> {
    use IndicatorKind as K;
    let value = value.trim();
    if value.is_empty() || value.len() > VALUE_BYTES_MOST || value.chars().any(char::is_control) {
        return None;
    }
    match kind {
        K::App => app_form(value),
        K::Signer | K::FileHash => Fingerprint::parse(value).map(|print| print.hex),
        K::CommandServer | K::Website | K::Distributor | K::Domain => host_form(value),
        K::Mail => (value.contains('@') && !value.contains(' ')).then(|| value.to_lowercase()),
        K::SignerOrganisation | K::Profile => Some(value.to_lowercase()),
        K::SignerPattern => value.contains(|c: char| c.is_alphanumeric()).then(|| value.to_owned()),
        K::FileName => (!value.contains('/') && value.len() >= 3).then(|| value.to_owned()),
        K::FilePath => path_form(value),
        K::Process | K::Property => Some(value.to_owned()),
    }
}

/// An identifier has a dot and no blanks.
fn app_form(value: &str) -> Option<String> {
    let sign = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let fits = value.contains('.') && value.chars().all(sign);
    fits.then(|| value.to_lowercase())
}

/// A host, or an address without scheme and fragment. A host needs a dot or a colon: no list means all of
/// `com`.
fn host_form(value: &str) -> Option<String> {
    let value = value.strip_prefix("*.").unwrap_or(value);
    let address = Address::parse(value)?;
    if !address.host.contains(['.', ':']) || address.host.contains(' ') {
        return None;
    }
    let path = path_of(address.path);
    Some(format!("{}{path}", address.host))
}

/// The path of an address as it is compared: without fragment and without a slash at its end.
pub(super) fn path_of(path: &str) -> &str {
    let path = path.split('#').next().unwrap_or_default();
    clip(path, ADDRESS_BYTES_MOST).trim_end_matches('/')
}

/// A path of at least two parts; a folder may end with a slash.
fn path_form(value: &str) -> Option<String> {
    let parts = value.split('/').filter(|part| !part.is_empty()).count();
    (parts >= 2 && !value.contains("//")).then(|| value.to_owned())
}

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// At the root of the device.
    Device,
    /// Anywhere.
    Anywhere,
}

/// A path as it is compared: without slashes at its ends, `/private/var` and `/var` as one.
pub(super) fn path(path: &str) -> (Root, &str) {
    let root = if path.starts_with('/') { Root::Device } else { Root::Anywhere };
    let bare = path.trim_matches('/');
    let iphone = bare
        .strip_prefix("private/")
        .filter(|rest| ["var/", "etc/", "tmp/"].iter().any(|top| rest.starts_with(top)));
    (root, iphone.unwrap_or(bare))
}

/// Small letters, without a copy where there are none to change.
pub(super) fn small(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
        return Cow::Owned(text.to_lowercase());
    }
    Cow::Borrowed(text)
}

/// The values of one attribute of a certificate's name, in either spelling: `CN=a, O=b` or `/CN=a/O=b`.
pub(super) fn attributes<'t>(subject: &'t str, name: &'t str) -> impl Iterator<Item = &'t str> {
    subject.split([',', '/', '+', '\n']).filter_map(move |part| {
        let (attribute, value) = part.split_once('=')?;
        attribute.trim().eq_ignore_ascii_case(name).then_some(value.trim().trim_matches('"'))
    })
}

/// Whether a text follows a pattern of a signer's name: see [`IndicatorKind::SignerPattern`].
pub(super) fn follows(text: &str, pattern: &str) -> bool {
    let mut text = text.chars();
    for sign in pattern.chars() {
        let fits = match sign {
            '*' => return true,
            '#' => text.next().is_some_and(|c| c.is_ascii_digit()),
            '?' => text.next().is_some_and(|c| !c.is_alphanumeric()),
            sign => text.next() == Some(sign),
        };
        if !fits {
            return false;
        }
    }
    text.next().is_none()
}

/// The beginning of a text, at most so many bytes.
pub(super) fn clip(text: &str, most_bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(most_bytes)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_one_form() {
        use IndicatorKind as K;
        let cases = [
            (K::App, "Com.Example.App", Some("com.example.app")),
            (K::App, "app", None),
            (
                K::Signer,
                "AA:BB:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99",
                Some("aabbccddeeff00112233445566778899"),
            ),
            (K::FileHash, "xyz", None),
            (K::Website, "https://Example.COM/", Some("example.com")),
            (K::Website, "*.example.com", Some("example.com")),
            (K::Distributor, "https://example.com/A/b/#top", Some("example.com/A/b")),
            (K::Domain, "com", None),
            (K::Domain, "192.0.2.7", Some("192.0.2.7")),
            (K::Mail, "A@Example.com", Some("a@example.com")),
            (K::Mail, "nobody", None),
            (K::FilePath, "/one", None),
            (K::FilePath, "/private/var/tmp/l/", Some("/private/var/tmp/l/")),
            (K::FileName, "a/b.js", None),
            (K::Process, " bh ", Some("bh")),
        ];
        for (kind, value, expected) in cases {
            assert_eq!(form(kind, value).as_deref(), expected, "{kind:?} {value}");
        }
    }

    #[test]
    fn paths_of_an_iphone_have_two_names() {
        assert_eq!(path("/private/var/tmp/x/"), (Root::Device, "var/tmp/x"));
        assert_eq!(path("/var/tmp/x"), (Root::Device, "var/tmp/x"));
        assert_eq!(path("private/notes/x"), (Root::Anywhere, "private/notes/x"));
    }

    #[test]
    fn names_of_certificates() {
        let subject = "CN=Kids Safety 01-02-2020 10:11:12, O=\"Example SRL\", C=MD";
        assert_eq!(attributes(subject, "o").collect::<Vec<_>>(), ["Example SRL"]);
        assert_eq!(attributes("/C=MD/O=Example", "O").collect::<Vec<_>>(), ["Example"]);
        let pattern = "Kids?Safety?##-##-##*";
        assert!(attributes(subject, "CN").any(|name| follows(name, pattern)));
        assert!(!follows("Kids Safety", pattern));
        assert!(!follows("Kids Safety x", "Kids?Safety"));
    }
}
