//! The compact form of a list: our own, a text of one fact a line, made by `make indicators`.
//!
//! First the header, lines of `# word: value`; then for each family `family NAME`, `kind WORD`, `alias NAME`,
//! and one line `WORD VALUE` for each indicator. Everything is sorted, values stand in the form in which they
//! are compared, so reading is cutting lines. It is deliberately no format for others: they have STIX.

use super::list::{Family, IndicatorKind};
use crate::Kind;

/// The header of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header<'t> {
    /// The list's name.
    pub name: &'t str,
    /// Where it comes from.
    pub source: &'t str,
    /// Its licence.
    pub licence: &'t str,
    /// Whose work it is.
    pub authors: &'t str,
    /// Version, commit and date.
    pub version: &'t str,
    /// What was changed.
    pub changes: &'t str,
    /// How many indicators are in it.
    pub count: usize,
}

/// A line of the form, behind the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row<'t> {
    /// A family begins.
    Family(&'t str),
    /// What sort it is.
    Kind(Kind),
    /// Another name of it.
    Alias(&'t str),
    /// Something it is known by.
    Indicator(IndicatorKind, &'t str),
    /// None of these.
    Unknown,
}

/// The header of a text.
pub fn header(text: &str) -> Header<'_> {
    let mut header = Header::default();
    for line in text.lines().map_while(|line| line.strip_prefix("# ")) {
        let Some((word, value)) = line.split_once(": ") else { continue };
        match word {
            "list" => header.name = value,
            "source" => header.source = value,
            "licence" => header.licence = value,
            "authors" => header.authors = value,
            "version" => header.version = value,
            "changes" => header.changes = value,
            "count" => header.count = value.parse().unwrap_or_default(),
            _ => {}
        }
    }
    header
}

/// The lines behind the header.
pub(super) fn rows(text: &str) -> impl Iterator<Item = Row<'_>> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(row)
}

fn row(line: &str) -> Row<'_> {
    let Some((word, value)) = line.split_once(' ') else { return Row::Unknown };
    match word {
        "family" => Row::Family(value),
        "alias" => Row::Alias(value),
        "kind" => of_word(value).map_or(Row::Unknown, Row::Kind),
        word => IndicatorKind::of_word(word).map_or(Row::Unknown, |kind| Row::Indicator(kind, value)),
    }
}

/// Writes a list: the header and the families, sorted, each thing once.
pub fn write(header: &Header<'_>, families: &[Family]) -> String {
    let mut families: Vec<&Family> = families.iter().collect();
    families.sort_by(|a, b| a.name.cmp(&b.name));
    let mut body = String::new();
    let mut count = 0_usize;
    for family in families {
        let mut line = |word: &str, value: &str| {
            for part in [word, " ", value, "\n"] {
                body.push_str(part);
            }
        };
        line("\nfamily", &family.name);
        line("kind", word(family.kind));
        let mut aliases: Vec<&str> = family.aliases.iter().map(String::as_str).collect();
        aliases.sort_unstable();
        aliases.dedup();
        for alias in aliases.into_iter().filter(|alias| *alias != family.name) {
            line("alias", alias);
        }
        let mut indicators: Vec<_> = family.indicators.iter().collect();
        indicators.sort();
        indicators.dedup();
        count = count.saturating_add(indicators.len());
        for one in indicators {
            line(one.kind.word(), &one.value);
        }
    }
    let Header { name, source, licence, authors, version, changes, .. } = header;
    format!(
        "# list: {name}\n# source: {source}\n# licence: {licence}\n# authors: {authors}\n\
         # version: {version}\n# changes: {changes}\n# count: {count}\n{body}"
    )
}

/// The word of a sort of program; stable.
pub(super) fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Stalkerware => "stalkerware",
        Kind::Watchware => "watchware",
        Kind::Spyware => "spyware",
        Kind::Forensic => "forensic",
        Kind::Untold => "untold",
    }
}

fn of_word(text: &str) -> Option<Kind> {
    let all = [Kind::Stalkerware, Kind::Watchware, Kind::Spyware, Kind::Forensic, Kind::Untold];
    all.into_iter().find(|kind| word(*kind) == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::list::Indicator;

    #[test]
    fn what_is_written_is_read() {
        let mut family = Family::new("Example Watch", Kind::Watchware);
        family.aliases = vec!["Other Example".to_owned(), "Example Watch".to_owned()];
        for (kind, value) in [(IndicatorKind::Domain, "b.example"), (IndicatorKind::App, "com.example.b")] {
            let one = Indicator { kind, value: value.to_owned() };
            family.indicators.extend([one.clone(), one]);
        }
        let header_in = Header { name: "Invented", licence: "none", ..Header::default() };
        let text = write(&header_in, &[family]);
        assert_eq!(header(&text), Header { count: 2, ..header_in });
        let read: Vec<Row<'_>> = rows(&text).collect();
        let expected = [
            Row::Family("Example Watch"),
            Row::Kind(Kind::Watchware),
            Row::Alias("Other Example"),
            Row::Indicator(IndicatorKind::App, "com.example.b"),
            Row::Indicator(IndicatorKind::Domain, "b.example"),
        ];
        assert_eq!(read, expected);
        assert_eq!(rows("nonsense\nkind cat\nowl x\n").filter(|row| *row == Row::Unknown).count(), 3);
    }
}
