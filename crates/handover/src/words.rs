//! The words beside a package, out of `locales/`; this file only fills in numbers.

use model::{Digest, Timestamp};

use crate::package::{Withheld, WithheldKind};

const READ_ME: &str = include_str!("../../../locales/en/READ-ME-FIRST.txt");
const LIES_MICH: &str = include_str!("../../../locales/de/LIES-MICH.txt");
const WITHHELD: &str = include_str!("../../../locales/withheld.txt");

/// The page on top of a package: what it proves, what not, how to check it. `language` is `de` or `en`.
pub(crate) fn read_me(language: &str, fingerprint: &Digest, at: Timestamp, items: u64) -> String {
    let text = if language == "de" { LIES_MICH } else { READ_ME };
    text.replace("{fingerprint}", &fingerprint.grouped())
        .replace("{at}", &at.to_string())
        .replace("{items}", &items.to_string())
        .replace("{program}", model::PROGRAM)
}

/// What was withheld, by category and number, in German and English.
pub(crate) fn withheld(withheld: &Withheld) -> String {
    let count = |kind| withheld.get(&kind).copied().unwrap_or(0).to_string();
    WITHHELD
        .replace("{no-consent}", &count(WithheldKind::NoConsent))
        .replace("{not-chosen}", &count(WithheldKind::NotChosen))
        .replace("{stopped}", &count(WithheldKind::Stopped))
        .replace("{never-taken}", &count(WithheldKind::NeverTaken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_blank_is_filled_and_commands_are_there() {
        for language in ["de", "en"] {
            let page = read_me(language, &Digest([7; 32]), Timestamp(0), 3);
            for blank in ["{fingerprint}", "{at}", "{items}", "{program}"] {
                assert!(!page.contains(blank), "{language}: {blank}");
            }
            for command in [
                "sha256sum -c",
                "openssl pkeyutl -verify",
                "bagit.py --validate",
                "certutil -hashfile",
                "Get-FileHash",
            ] {
                assert!(page.contains(command), "{language}: {command}");
            }
        }
        let text = withheld(&Withheld::from([(WithheldKind::Stopped, 2)]));
        assert!(text.contains('2') && !text.contains('{'));
    }
}
