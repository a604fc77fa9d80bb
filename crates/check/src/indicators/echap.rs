//! Echap's lists, `ioc.yaml` and `watchware.yaml` of stalkerware-indicators (as of 2026-06-21), which say
//! more than the STIX made of them: other names, addresses, and which part a host plays.
//!
//! Read event by event, nothing nests that the list does not nest. The key `ip` beside `ips` is a slip of
//! the list and means the same. An entry that is not understood is a trouble and the rest goes on.
//! Deliberately not followed: anchors and aliases of YAML, and names of certificates given as a regular
//! expression beyond what `signer_pattern` can tell.

use saphyr_parser::{Event, Parser};

use super::list::{Family, Indicator, IndicatorKind, List, ListLimits};
use super::normal;
use crate::Kind;

/// Longest name of a family.
const NAME_BYTES_MOST: usize = 200;
/// Most other names of a family.
const ALIASES_MOST: usize = 100;

/// Reads a list.
pub fn echap(bytes: &[u8], limits: ListLimits) -> List {
    let mut reading = Reading { limits, list: List::default(), frames: Vec::new(), entry: None, count: 0 };
    if bytes.len() > limits.bytes {
        reading.list.trouble("file", "a file within the limit");
        return reading.list;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        reading.list.trouble("file", "text in UTF-8");
        return reading.list;
    };
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else {
            reading.list.trouble("file", "YAML up to the end");
            break;
        };
        let line = span.start.line();
        if reading.event(&event, line).is_none() {
            reading.list.trouble(&format!("line {line}"), "nesting within the limit");
            break;
        }
    }
    reading.list
}

/// Where in the nesting the reading is.
enum Frame {
    List,
    /// A map, and the key whose value comes next.
    Map(Option<String>),
    /// Something at a place where nothing of the kind is understood.
    Other,
}

struct Reading {
    limits: ListLimits,
    list: List,
    frames: Vec<Frame>,
    /// The entry that is being read.
    entry: Option<Entry>,
    count: usize,
}

/// An entry of the list.
struct Entry {
    family: Family,
    line: usize,
}

impl Reading {
    /// Takes an event; none if it nests too deep.
    fn event(&mut self, event: &Event<'_>, line: usize) -> Option<()> {
        match event {
            Event::SequenceStart(..) => self.open(Frame::List)?,
            Event::MappingStart(..) => {
                if matches!(self.frames.as_slice(), [Frame::List]) {
                    self.entry = Some(Entry { family: Family::new("", Kind::Untold), line });
                }
                self.open(Frame::Map(None))?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.frames.pop();
                self.valued();
                if matches!(self.frames.as_slice(), [Frame::List]) {
                    self.close_entry();
                }
            }
            Event::Scalar(text, ..) => self.scalar(text, line),
            Event::Alias(_) => {
                self.list.trouble(&format!("line {line}"), "a value instead of an alias");
                self.valued();
            }
            _ => {}
        }
        Some(())
    }

    fn open(&mut self, frame: Frame) -> Option<()> {
        let understood = !matches!(self.frames.last(), Some(Frame::Map(None) | Frame::Other));
        let room = self.frames.len() < self.limits.depth;
        self.frames.push(if understood { frame } else { Frame::Other });
        room.then_some(())
    }

    /// The value of the last key has been.
    fn valued(&mut self) {
        if let Some(Frame::Map(key)) = self.frames.last_mut() {
            *key = None;
        }
    }

    fn scalar(&mut self, text: &str, line: usize) {
        match self.frames.last_mut() {
            Some(Frame::Map(key @ None)) => *key = Some(text.to_owned()),
            Some(Frame::Map(_) | Frame::List) => {
                self.value(text, line);
                if !matches!(self.frames.last(), Some(Frame::List)) {
                    self.valued();
                }
            }
            _ => {}
        }
    }

    /// A value of an entry, by the keys that lead to it.
    fn value(&mut self, text: &str, line: usize) {
        use IndicatorKind as K;
        let keys = self.frames.iter().filter_map(|frame| match frame {
            Frame::Map(Some(key)) => Some(key.as_str()),
            _ => None,
        });
        let keys: Vec<&str> = keys.collect();
        let Some(Entry { family, .. }) = &mut self.entry else { return };
        let name = || normal::clip(text.trim(), NAME_BYTES_MOST).replace(char::is_control, " ");
        let kind = match keys.as_slice() {
            ["name"] => return family.name = name(),
            ["names"] => {
                if family.aliases.len() < ALIASES_MOST {
                    family.aliases.push(name());
                }
                return;
            }
            ["type"] => {
                family.kind = match text {
                    "stalkerware" => Kind::Stalkerware,
                    "watchware" => Kind::Watchware,
                    "spyware" => Kind::Spyware,
                    _ => Kind::Untold,
                };
                return;
            }
            ["packages" | "ios_bundles"] => K::App,
            ["certificates"] => K::Signer,
            ["certificate_organizations"] => K::SignerOrganisation,
            ["certificate_cname_re"] => K::SignerPattern,
            ["websites"] => K::Website,
            ["distribution"] => K::Distributor,
            ["c2", "domains" | "ips" | "ip"] => K::CommandServer,
            _ => return self.list.trouble(&format!("line {line}"), "a known member of an entry"),
        };
        let one = match kind {
            K::SignerPattern => signer_pattern(text).map(|value| Indicator { kind, value }),
            kind => Indicator::new(kind, text),
        };
        match one {
            Some(_) if self.count >= self.limits.indicators => {
                self.list.trouble(&format!("line {line}"), "indicators within the limit");
            }
            Some(one) => {
                self.count = self.count.saturating_add(1);
                family.indicators.push(one);
            }
            None => self.list.trouble(&format!("line {line}"), "a value of its sort"),
        }
    }

    fn close_entry(&mut self) {
        let Some(Entry { family, line }) = self.entry.take() else { return };
        if family.name.is_empty() {
            self.list.trouble(&format!("line {line}"), "an entry with a name");
        } else {
            self.list.families.push(family);
        }
    }
}

/// A regular expression for a certificate's name as a pattern of ours: from `^` on, letters, blanks, `\W`,
/// digits with a count. Behind a count that varies anything may follow. None if it needs more.
fn signer_pattern(expression: &str) -> Option<String> {
    let mut rest = expression.strip_prefix('^')?;
    let mut pattern = String::new();
    loop {
        if rest.is_empty() {
            pattern.push('*');
            return Some(pattern);
        }
        if rest == "$" {
            return Some(pattern);
        }
        if let Some(behind) = rest.strip_prefix(r"\W") {
            pattern.push('?');
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix("[0-9]").or_else(|| rest.strip_prefix(r"\d")) {
            let counted = behind.strip_prefix('{').and_then(|counted| counted.split_once('}'));
            let (count, behind) = counted.unwrap_or(("1", behind));
            let (least, varies) = count.split_once(',').map_or((count, false), |(least, _)| (least, true));
            let least: usize = least.parse().ok().filter(|least| *least <= 16)?;
            pattern.extend(std::iter::repeat_n('#', least));
            if varies {
                pattern.push('*');
                return Some(pattern);
            }
            rest = behind;
        } else {
            let sign = rest.chars().next().filter(|c| c.is_alphanumeric() || " :-_".contains(*c))?;
            pattern.push(sign);
            rest = rest.get(sign.len_utf8()..)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
- name: Example Spy
  names:
  - Example Spy
  - Spy of Example
  type: stalkerware
  packages: [com.example.spy]
  certificates:
  - AABBCCDDEEFF00112233445566778899AABBCCDD
  websites:
  - spy.example
  distribution:
  - https://code.example/spy/
  c2:
    domains:
    - c2.spy.example
    ips:
    - 192.0.2.1
    ip:
    - 192.0.2.2
  certificate_cname_re:
  - ^Kids\\WSafety\\W[0-9]{2}-[0-9]{2,4}\\W$
  certificate_organizations: [Example SRL]
- name: Example Family
  type: watchware
  ios_bundles:
  - com.example.family
";

    #[test]
    fn everything_an_entry_says_is_read() {
        use IndicatorKind as K;
        let list = echap(TEXT.as_bytes(), ListLimits::default());
        assert_eq!(list.troubles, []);
        let [spy, family] = list.families.as_slice() else { panic!("two entries") };
        assert_eq!((spy.name.as_str(), spy.kind), ("Example Spy", Kind::Stalkerware));
        assert_eq!(spy.aliases, ["Example Spy", "Spy of Example"]);
        let told: Vec<(K, &str)> = spy.indicators.iter().map(|one| (one.kind, one.value.as_str())).collect();
        let expected = [
            (K::App, "com.example.spy"),
            (K::Signer, "aabbccddeeff00112233445566778899aabbccdd"),
            (K::Website, "spy.example"),
            (K::Distributor, "code.example/spy"),
            (K::CommandServer, "c2.spy.example"),
            (K::CommandServer, "192.0.2.1"),
            (K::CommandServer, "192.0.2.2"),
            (K::SignerPattern, "Kids?Safety?##-##*"),
            (K::SignerOrganisation, "example srl"),
        ];
        assert_eq!(told, expected);
        assert_eq!((family.kind, family.indicators.len()), (Kind::Watchware, 1));
    }

    #[test]
    fn a_bad_entry_leaves_the_others() {
        let text = "- name: A\n  type: stalkerware\n  packages:\n  - nodot\n  - com.example.a\n\
                    \x20 owls:\n  - x\n\
                    - type: stalkerware\n- just text\n- [1, 2]\n- name: B\n  packages: {x: y}\n\
                    \x20 ? [a]\n  : b\n";
        let list = echap(text.as_bytes(), ListLimits::default());
        let names: Vec<&str> = list.families.iter().map(|family| family.name.as_str()).collect();
        assert_eq!(names, ["A", "B"]);
        assert_eq!(list.count(), 1);
        assert!(list.troubles_count >= 3, "{:?}", list.troubles);
    }

    #[test]
    fn whatever_is_cut_or_changed_it_ends() {
        let limits = ListLimits::default();
        for end in 0..TEXT.len() {
            echap(&TEXT.as_bytes()[..end], limits);
            for byte in *b"\0:-[{&*\"\xff" {
                let mut changed = TEXT.as_bytes().to_vec();
                changed[end] = byte;
                echap(&changed, limits);
            }
        }
    }

    #[test]
    fn limits_hold() {
        let tight = ListLimits { indicators: 3, ..ListLimits::default() };
        assert_eq!(echap(TEXT.as_bytes(), tight).count(), 3);
        assert_eq!(echap(TEXT.as_bytes(), ListLimits { bytes: 10, ..tight }).count(), 0);
        for nesting in ["- ".repeat(100_000), "[".repeat(100_000), "{a: ".repeat(100_000)] {
            let list = echap(nesting.as_bytes(), ListLimits::default());
            assert_eq!(list.troubles_count, 1);
        }
        let bomb = "- &a [x, x]\n- &b [*a, *a]\n- [*b, *b]\n";
        assert!(echap(bomb.as_bytes(), ListLimits::default()).troubles_count > 0);
    }
}
