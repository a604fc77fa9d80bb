//! Lists that a person adds: STIX 2.1 or the YAML of Echap, told by their first bytes.

use super::{Indicators, List, ListLimits, echap, stix};

/// What came of an added list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// Indicators in it.
    pub indicators: u64,
    /// Entries that were not understood.
    pub problems: u64,
}

/// Adds a file of indicators to the table under its name. What is no list adds nothing and is a problem.
pub fn add(table: &mut Indicators, name: &str, bytes: &[u8]) -> Added {
    let list = read(name, bytes);
    table.add(name, &list);
    let indicators = list.count() as u64;
    let problems = if indicators == 0 { list.troubles_count.max(1) } else { list.troubles_count };
    Added { indicators, problems }
}

fn read(name: &str, bytes: &[u8]) -> List {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && byte.is_ascii());
    match first {
        Some(b'{' | b'[') => stix(bytes, name, ListLimits::default()),
        _ => echap(bytes, ListLimits::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_is_said() {
        let mut table = Indicators::of_text("");
        for bytes in [b"".as_slice(), b"{ no list", b"\xef\xbb\xbf{}", b"\0\0\0"] {
            let added = add(&mut table, "x", bytes);
            assert_eq!(added.indicators, 0);
            assert!(added.problems > 0);
        }
        let yaml = b"- name: Erfundenes\n  type: stalkerware\n  packages:\n  - com.example.x\n";
        assert_eq!(add(&mut table, "own", yaml), Added { indicators: 1, problems: 0 });
        assert_eq!(table.app("com.example.x").len(), 1);
    }
}
