//! Every reader has a name in both languages.

use readers::FORMATS;

#[test]
fn every_reader_has_a_name_in_both_languages() {
    for (language, catalogue) in [
        ("en", include_str!("../../../../locales/en/reading.ftl")),
        ("de", include_str!("../../../../locales/de/reading.ftl")),
    ] {
        let named: Vec<&str> = catalogue
            .lines()
            .filter_map(|line| line.strip_prefix("reader-")?.split_once(" = ").map(|(name, _)| name))
            .collect();
        for name in FORMATS.iter().map(|format| format.name()).chain(["opaque"]) {
            assert!(named.contains(&name), "reader-{name} is missing in {language}");
        }
        for name in named {
            let known = name == "opaque" || FORMATS.iter().any(|format| format.name() == name);
            assert!(known, "reader-{name} in {language} is no reader");
        }
    }
}
