//! Computers that may control the phone over USB debugging, by their keys.
//!
//! `user_keys` (one key a line, base64 and the name the computer gave itself) and, where it is text,
//! `keystore` with the time of the last connection (AOSP 8 to 15). The fingerprint is the MD5 that the phone
//! shows when it asks. Deliberately not read: a key store in binary XML (the same keys stand in `user_keys`,
//! only the time of the last connection is lost then).

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::record::TimeReading;
use seal::foreign::ForeignMd5;

use super::words::{between, clip};
use super::{Out, Reader, Section, Spot};
use crate::{Flow, Question, Trust};

/// Most keys.
const KEYS_MOST: usize = 1_000;

pub(super) struct Adb;

impl Section for Adb {
    fn names(&self) -> &'static [&'static str] {
        &["adb"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["ADB MANAGER STATE (dumpsys adb)"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::TrustedComputers]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Debugging>::default()
    }
}

#[derive(Default)]
struct Debugging {
    /// By the key in base64: name, where, last use.
    keys: BTreeMap<String, (String, Spot, Option<TimeReading>)>,
    in_user_keys: bool,
    began: bool,
}

impl Reader for Debugging {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let line = line.trim();
        self.began |= line.starts_with("debugging_manager=") || line.starts_with("ADB MANAGER STATE");
        if let Some(first) = line.strip_prefix("user_keys=") {
            self.in_user_keys = true;
            self.add(first, None, out);
        } else if let Some(adb_key) = line.strip_prefix("<adbKey ").or_else(|| between(line, "<adbKey ", ">"))
        {
            self.in_user_keys = false;
            let used = between(adb_key, "lastConnection=\"", "\"").and_then(|ms| ms.parse().ok());
            if let Some(key) = between(adb_key, "key=\"", "\"") {
                self.add(key, used.map(TimeReading::unix_ms), out);
            }
        } else if line.is_empty()
            || line.contains('=') && !line.contains(' ')
            || line.starts_with("keystore=")
        {
            self.in_user_keys = false;
        } else if self.in_user_keys {
            self.add(line, None, out);
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if !self.began {
            return out.not_understood("the state of the debugging manager");
        }
        let count = self.keys.len() as u64;
        for (key, (name, spot, used)) in std::mem::take(&mut self.keys) {
            let key = fingerprint(&key).unwrap_or(key);
            out.says_at(spot, Trust { name, key, used })?;
        }
        out.looked(Question::TrustedComputers, count)
    }
}

impl Debugging {
    /// A key with the name behind it; said twice it is one.
    fn add(&mut self, text: &str, used: Option<TimeReading>, out: &mut Out<'_>) {
        let (key, name) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        if key.len() < 16 || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b)) {
            return;
        }
        if self.keys.len() >= KEYS_MOST {
            out.not_whole();
            return;
        }
        let here = out.here();
        let entry = self
            .keys
            .entry(clip(key).to_owned())
            .or_insert_with(|| (clip(name.trim()).to_owned(), here, None));
        if used.is_some() {
            entry.2 = used;
        }
    }
}

/// The fingerprint that a phone shows for a key in base64: `AB:CD:…`.
pub(crate) fn fingerprint(key: &str) -> Option<String> {
    let bytes = STANDARD.decode(key).ok()?;
    let pairs: Vec<String> = ForeignMd5::of(&bytes).iter().map(|byte| format!("{byte:02X}")).collect();
    Some(pairs.join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{looked, read_section};
    use crate::{Says, Wholly};

    #[test]
    fn keys_and_when_they_were_last_used() {
        let text = "ADB MANAGER STATE (dumpsys adb):\n{\n  debugging_manager={\n    \
            connected_to_adb=true\n    \
                    user_keys=QAAAAGV4YW1wbGUxZXhhbXBsZQ== him@tower\n    QAAAAGV4YW1wbGUyZXhhbXBsZQ== \
                    lab@pc\n\n    \
                    keystore=<?xml version='1.0' ?>\n    <keyStore version=\"1\">\n    <adbKey \
                    key=\"QAAAAGV4YW1wbGUxZXhhbXBsZQ== him@tower\" lastConnection=\"1628501829898\" />\n  \
                    }\n}\n";
        let kept = read_section(&Adb, text);
        let trusted: Vec<&Trust> = kept
            .facts
            .iter()
            .filter_map(|fact| match &fact.says {
                Says::Trust(trust) => Some(trust),
                _ => None,
            })
            .collect();
        assert_eq!(trusted.len(), 2);
        assert_eq!((trusted[0].name.as_str(), trusted[0].key.len()), ("him@tower", 47));
        assert_eq!(trusted[0].used, Some(TimeReading::unix_ms(1_628_501_829_898)));
        assert_eq!((trusted[1].name.as_str(), &trusted[1].used), ("lab@pc", &None));
        assert_eq!(looked(&kept), [(Question::TrustedComputers, Wholly::Yes, 2)]);
    }
}
