//! The language of a run: `--lang`, otherwise what the system is set to; German or English.

use std::ffi::OsString;

/// A language the program speaks completely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// German, formal.
    German,
    /// English.
    English,
}

impl Language {
    /// Both.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 2] = [Self::German, Self::English];

    /// The language of this run. Needed before the arguments are understood, because errors and help speak it
    /// too.
    pub(crate) fn of(arguments: &[OsString]) -> Self {
        given(arguments).and_then(|tag| tag.parse().ok()).unwrap_or_else(system)
    }

    /// The same for the rules of the device check.
    pub(crate) fn of_rules(self) -> desk::RuleLanguage {
        match self {
            Self::German => desk::RuleLanguage::German,
            Self::English => desk::RuleLanguage::English,
        }
    }

    /// The tag, as in `locales/<tag>/`.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
        }
    }
}

impl std::str::FromStr for Language {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "de" => Ok(Self::German),
            "en" => Ok(Self::English),
            _ => Err("de or en"),
        }
    }
}

fn given(arguments: &[OsString]) -> Option<&str> {
    let mut arguments = arguments.iter().skip(1).map_while(|argument| argument.to_str());
    while let Some(argument) = arguments.next() {
        match argument {
            "--" => return None,
            "--lang" => return arguments.next(),
            _ => {}
        }
        if let Some(tag) = argument.strip_prefix("--lang=") {
            return Some(tag);
        }
    }
    None
}

/// German if the first of these that is set begins with `de`.
fn system() -> Language {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    match ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set) {
        Some(value) if value.starts_with("de") => Language::German,
        _ => Language::English,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_given_wins_wherever_it_stands() {
        for (line, expected) in [
            ("asservat --lang de new", Some("de")),
            ("asservat new x --lang=en", Some("en")),
            ("asservat note x -- --lang de", None),
            ("asservat", None),
        ] {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(given(&arguments), expected, "{line}");
        }
    }
}
