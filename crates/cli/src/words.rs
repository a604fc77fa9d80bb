//! The words of the program in one language, from the Fluent catalogues in `locales/`.
//!
//! `id` names a message, `id.attribute` an attribute of one. A missing message shows its id and never fails;
//! tests see to it that none is missing.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::language::Language;

/// The words of one language.
pub(crate) struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

const GERMAN: [&str; 8] = [
    include_str!("../../../locales/de/checking.ftl"),
    include_str!("../../../locales/de/cli.ftl"),
    include_str!("../../../locales/de/errors.ftl"),
    include_str!("../../../locales/de/help.ftl"),
    include_str!("../../../locales/de/hints.ftl"),
    include_str!("../../../locales/de/reading.ftl"),
    include_str!("../../../locales/de/report.ftl"),
    include_str!("../../../locales/de/timeline.ftl"),
];
const ENGLISH: [&str; 8] = [
    include_str!("../../../locales/en/checking.ftl"),
    include_str!("../../../locales/en/cli.ftl"),
    include_str!("../../../locales/en/errors.ftl"),
    include_str!("../../../locales/en/help.ftl"),
    include_str!("../../../locales/en/hints.ftl"),
    include_str!("../../../locales/en/reading.ftl"),
    include_str!("../../../locales/en/report.ftl"),
    include_str!("../../../locales/en/timeline.ftl"),
];

impl Words {
    /// The words of a language.
    pub(crate) fn new(language: Language) -> Self {
        let catalogues = match language {
            Language::German => GERMAN,
            Language::English => ENGLISH,
        };
        let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![tag]);
        // Isolating marks would be escaped again by `shown`, and every foreign text is shown with its bidi
        // marks escaped.
        bundle.set_use_isolating(false);
        for catalogue in catalogues {
            let resource = FluentResource::try_new(catalogue.to_owned()).unwrap_or_else(|(usable, _)| usable);
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// The language.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// Whether there is such a message.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.find(id, &[]).is_some()
    }

    /// A message without values.
    pub(crate) fn say(&self, id: &str) -> String {
        self.fill(id, &[])
    }

    /// A message with values.
    pub(crate) fn fill(&self, id: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        self.find(id, values).unwrap_or_else(|| id.to_owned())
    }

    /// A message if there is one, otherwise the word itself: for words out of entries and reports.
    pub(crate) fn word(&self, prefix: &str, word: &str) -> String {
        let id = format!("{prefix}-{}", word.replace('.', "-"));
        if self.has(&id) { self.say(&id) } else { crate::shown::shown(word) }
    }

    fn find(&self, id: &str, values: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let (id, attribute) = id.split_once('.').map_or((id, None), |(id, attribute)| (id, Some(attribute)));
        let message = self.bundle.get_message(id)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(attribute) => message.get_attribute(attribute)?.value(),
        };
        let values: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        Some(self.bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned())
    }
}

/// A message with values: `say!(words, "id", name = value)`.
macro_rules! say {
    ($words:expr, $id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $words.fill($id, &[$((stringify!($name), fluent_bundle::FluentValue::from($value))),*])
    };
}
pub(crate) use say;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_catalogue_is_read_whole() {
        for catalogue in GERMAN.into_iter().chain(ENGLISH) {
            let errors = FluentResource::try_new(catalogue.to_owned()).err().map(|(_, errors)| errors);
            assert_eq!(errors, None, "{catalogue:.80}");
        }
    }

    #[test]
    fn attributes_values_and_missing_messages() {
        let words = Words::new(Language::English);
        assert!(words.has("error-wrong-key") && words.has("error-wrong-key.next"));
        assert!(!words.has("error-wrong-key.nothing"));
        assert_eq!(words.say("no-such-message"), "no-such-message");
        assert_eq!(words.word("kind", "x\u{202e}y"), "x\\u{202e}y");
    }
}
