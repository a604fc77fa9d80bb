//! The table of indicators: everything that is known, found in the same time however much it is.
//!
//! All values lie in one text, all look-ups go through one hash table whose keys are the sort of the value
//! and the value. A host is looked up with its parents, a path with its folders and its end, a process with
//! its last part. It decides nothing: several families may have one value in common, and all are given.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use super::compact::{self, Row};
use super::list::{Family, IndicatorKind, List};
use super::normal::{self, Root};
use crate::{HitKind, Kind, Known};

/// What is known, and where it comes from.
#[derive(Debug, Default)]
pub struct Indicators {
    text: String,
    entries: Vec<Entry>,
    first: HashMap<u64, u32, BuildHasherDefault<Ready>>,
    hashing: RandomState,
    families: Vec<Member>,
    lists: Vec<String>,
    /// Patterns of signers' names: few, held one by one.
    patterns: Vec<u32>,
    count: usize,
}

/// A family of the table.
#[derive(Debug)]
struct Member {
    name: String,
    aliases: Vec<String>,
    kind: Kind,
    list: usize,
}

/// A value of the table.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Where its key lies in the text.
    at: u32,
    length: u32,
    space: Space,
    kind: IndicatorKind,
    family: u32,
    /// The entry it stands for: itself, but for other spellings.
    of: u32,
    /// The next one with the same hash.
    next: u32,
}

/// In which sort of values a key is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Space {
    App,
    Signer,
    Organisation,
    Pattern,
    Hash,
    FileName,
    /// A path from the root of the device.
    Path,
    /// The end of a path.
    PathEnd,
    /// The last part of a path: only a mark that it is worth looking.
    PathLast,
    Process,
    /// The first 15 or 16 signs of a long process name: what systems keep of it.
    ProcessCut,
    Host,
    /// An address with a path.
    Address,
    /// The host of such an address: only a mark that it is worth looking.
    AddressHost,
    Profile,
    Property,
    Mail,
}

/// Most families that one value is kept of: a list in which everybody has it tells nothing, and must cost no
/// more.
const FAMILIES_MOST: usize = 32;
/// No further entry.
const END: u32 = u32::MAX;
/// What systems keep of a long process name.
const PROCESS_CUTS: [usize; 2] = [15, 16];
/// Homes of an iPhone: what a backup has below them it tells without them.
const IPHONE_HOMES: [&str; 2] = ["var/mobile/", "var/root/"];

/// Something known.
#[derive(Clone, Copy, Debug)]
pub struct Match<'i> {
    /// Which sort of thing matched.
    pub kind: HitKind,
    /// What stands on the list.
    pub indicator: &'i str,
    /// Its number in the table.
    pub(super) number: u32,
    family: &'i Member,
    list: &'i str,
}

impl Match<'_> {
    /// The same, met as something else: a file as the program of a process.
    pub(super) fn as_kind(self, kind: HitKind) -> Self {
        Self { kind, ..self }
    }

    /// The family's name.
    pub fn family(&self) -> &str {
        &self.family.name
    }

    /// Whom it is known to belong to.
    pub fn known(&self) -> Known {
        let Member { name, aliases, kind, .. } = self.family;
        Known { family: name.clone(), aliases: aliases.clone(), kind: *kind, list: self.list.to_owned() }
    }
}

impl Indicators {
    /// A table of the texts in compact form.
    pub(super) fn of_texts(texts: &[&str]) -> Self {
        let mut table = Self::default();
        let bytes = texts.iter().map(|text| text.len()).sum();
        let count = texts.iter().map(|text| compact::header(text).count).sum::<usize>();
        table.text.reserve(bytes);
        table.entries.reserve(count);
        table.first.reserve(count);
        for text in texts {
            table.add_text(text);
        }
        table
    }

    /// A table of one text in compact form; what is no line of it is left out.
    pub fn of_text(text: &str) -> Self {
        Self::of_texts(&[text])
    }

    /// Adds what stands in a text of the compact form.
    fn add_text(&mut self, text: &str) {
        let list = self.list(compact::header(text).name);
        for row in compact::rows(text) {
            match row {
                Row::Family(name) => self.family(name, Kind::Untold, list),
                Row::Kind(kind) => {
                    if let Some(family) = self.families.last_mut() {
                        family.kind = kind;
                    }
                }
                Row::Alias(alias) => {
                    if let Some(family) = self.families.last_mut() {
                        family.aliases.push(alias.to_owned());
                    }
                }
                Row::Indicator(kind, value) => self.indicator(kind, value),
                Row::Unknown => {}
            }
        }
    }

    /// Adds a list under its name; what is known already stays as it is. Gives how many are new.
    pub fn add(&mut self, name: &str, list: &List) -> usize {
        let before = self.count;
        let number = self.list(name);
        for Family { name, aliases, kind, indicators } in &list.families {
            self.family(name, *kind, number);
            if let Some(family) = self.families.last_mut() {
                family.aliases.clone_from(aliases);
            }
            for one in indicators {
                self.indicator(one.kind, &one.value);
            }
        }
        self.count.saturating_sub(before)
    }

    /// How many indicators there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The names of the lists in it.
    pub fn lists(&self) -> &[String] {
        &self.lists
    }

    fn list(&mut self, name: &str) -> usize {
        self.lists.push(name.to_owned());
        self.lists.len().saturating_sub(1)
    }

    fn family(&mut self, name: &str, kind: Kind, list: usize) {
        self.families.push(Member { name: name.to_owned(), aliases: Vec::new(), kind, list });
    }

    /// Adds an indicator, in its form, to the last family.
    fn indicator(&mut self, kind: IndicatorKind, value: &str) {
        let before = self.entries.len();
        self.spelled(kind, value);
        self.count = self.count.saturating_add(usize::from(self.entries.len() > before));
    }

    /// Adds it under every spelling under which it is looked for.
    fn spelled(&mut self, kind: IndicatorKind, value: &str) {
        use IndicatorKind as K;
        let space = match kind {
            K::App => Space::App,
            K::Signer => Space::Signer,
            K::SignerOrganisation => Space::Organisation,
            K::SignerPattern => Space::Pattern,
            K::FileHash => Space::Hash,
            K::FileName => Space::FileName,
            K::FilePath => return self.path_indicator(value),
            K::Process => return self.process_indicator(value),
            K::CommandServer | K::Website | K::Distributor | K::Domain if value.contains('/') => {
                return self.address_indicator(kind, value);
            }
            K::CommandServer | K::Website | K::Distributor | K::Domain => Space::Host,
            K::Profile => Space::Profile,
            K::Property => Space::Property,
            K::Mail => Space::Mail,
        };
        let number = self.insert(space, kind, value, None);
        if let (Space::Pattern, Some(number)) = (space, number) {
            self.patterns.push(number);
        }
    }

    fn path_indicator(&mut self, value: &str) {
        let (root, bare) = normal::path(value);
        let space = if root == Root::Device { Space::Path } else { Space::PathEnd };
        let Some(number) = self.insert_shown(space, IndicatorKind::FilePath, bare, value) else { return };
        let last = bare.rsplit('/').next().unwrap_or(bare);
        self.insert(Space::PathLast, IndicatorKind::FilePath, last, Some(number));
        let below = IPHONE_HOMES.iter().find_map(|home| bare.strip_prefix(home));
        if let Some(below) = below.filter(|below| below.split('/').count() >= 3) {
            self.insert(Space::PathEnd, IndicatorKind::FilePath, below, Some(number));
        }
    }

    fn process_indicator(&mut self, value: &str) {
        if value.starts_with('/') {
            self.path_indicator(value);
        }
        let name = value.rsplit('/').next().unwrap_or(value);
        let Some(number) = self.insert_shown(Space::Process, IndicatorKind::Process, name, value) else {
            return;
        };
        for most in PROCESS_CUTS {
            if name.len() > most {
                let cut = normal::clip(name, most).to_owned();
                self.insert(Space::ProcessCut, IndicatorKind::Process, &cut, Some(number));
            }
        }
    }

    fn address_indicator(&mut self, kind: IndicatorKind, value: &str) {
        if let Some(number) = self.insert(Space::Address, kind, value, None) {
            let host = value.split('/').next().unwrap_or(value);
            self.insert(Space::AddressHost, kind, host, Some(number));
        }
    }

    /// Adds an entry whose key is another spelling than what is shown.
    fn insert_shown(&mut self, space: Space, kind: IndicatorKind, key: &str, shown: &str) -> Option<u32> {
        let number = self.insert(space, kind, key, None)?;
        if key == shown {
            return Some(number);
        }
        // The shown one lies behind no key: it is in the text only.
        let entry = self.written(space, kind, shown, END, number)?;
        self.entries.push(entry);
        let last = u32::try_from(self.entries.len().checked_sub(1)?).ok()?;
        if let Some(entry) = usize::try_from(number).ok().and_then(|at| self.entries.get_mut(at)) {
            entry.of = last;
        }
        Some(number)
    }

    /// Adds an entry with its key. None if the family has it, or has it in a more telling way.
    fn insert(&mut self, space: Space, kind: IndicatorKind, key: &str, of: Option<u32>) -> Option<u32> {
        let hash = self.hashing.hash_one((space, key));
        let head = self.first.get(&hash).copied();
        // A mark is made once, whoever needs it.
        let is_mark = matches!(space, Space::PathLast | Space::AddressHost);
        if head.is_some() && (is_mark || self.is_known(head.unwrap_or(END), space, kind, key)) {
            return None;
        }
        let number = u32::try_from(self.entries.len()).ok().filter(|number| *number < END)?;
        let shown = of.and_then(|of| self.entry(of)).map_or(number, |entry| entry.of);
        let entry = self.written(space, kind, key, head.unwrap_or(END), shown)?;
        self.entries.push(entry);
        self.first.insert(hash, number);
        Some(number)
    }

    /// An entry of the last family whose key is written to the end of the text.
    fn written(&mut self, space: Space, kind: IndicatorKind, key: &str, next: u32, of: u32) -> Option<Entry> {
        let at = u32::try_from(self.text.len()).ok()?;
        let length = u32::try_from(key.len()).ok()?;
        at.checked_add(length)?;
        let family = u32::try_from(self.families.len().checked_sub(1)?).ok()?;
        self.text.push_str(key);
        Some(Entry { at, length, space, kind, family, of, next })
    }

    /// Whether the last family has this value already, as the same or, for a mere domain, as anything; or so
    /// many others have it that one more tells nothing.
    fn is_known(&self, head: u32, space: Space, kind: IndicatorKind, key: &str) -> bool {
        let Some(family) = self.families.last() else { return true };
        let mut count = 0_usize;
        self.chain(head, space, key).any(|entry| {
            count = count.saturating_add(1);
            let same = self.member(entry).is_some_and(|other| other.name.eq_ignore_ascii_case(&family.name));
            count >= FAMILIES_MOST || same && (entry.kind == kind || kind == IndicatorKind::Domain)
        })
    }

    fn entry(&self, number: u32) -> Option<&Entry> {
        self.entries.get(usize::try_from(number).ok()?)
    }

    fn member(&self, entry: &Entry) -> Option<&Member> {
        self.families.get(usize::try_from(entry.family).ok()?)
    }

    fn key(&self, entry: &Entry) -> Option<&str> {
        let at = usize::try_from(entry.at).ok()?;
        self.text.get(at..at.checked_add(usize::try_from(entry.length).ok()?)?)
    }

    /// The entries with this key, from one with its hash on.
    fn chain<'k>(&'k self, head: u32, space: Space, key: &'k str) -> impl Iterator<Item = &'k Entry> {
        let mut number = head;
        std::iter::from_fn(move || {
            let entry = self.entry(number)?;
            number = entry.next;
            Some(entry)
        })
        .filter(move |entry| entry.space == space && self.key(entry) == Some(key))
    }

    /// Everything with this key.
    pub(super) fn find(&self, space: Space, key: &str) -> Vec<Match<'_>> {
        let Some(head) = self.first.get(&self.hashing.hash_one((space, key))) else { return Vec::new() };
        let numbers: Vec<Entry> = self.chain(*head, space, key).copied().collect();
        numbers.iter().filter_map(|entry| self.told(entry)).collect()
    }

    /// Whether anything has this key.
    pub(super) fn has(&self, space: Space, key: &str) -> bool {
        self.first.contains_key(&self.hashing.hash_one((space, key)))
    }

    /// The signers' names that are patterns.
    pub(super) fn patterns(&self) -> impl Iterator<Item = Match<'_>> {
        self.patterns.iter().filter_map(|number| self.told(self.entry(*number)?))
    }

    fn told(&self, entry: &Entry) -> Option<Match<'_>> {
        let family = self.member(entry)?;
        let list = self.lists.get(family.list)?;
        let indicator = self.key(self.entry(entry.of)?)?;
        Some(Match { kind: hit_kind(entry.kind), indicator, number: entry.of, family, list })
    }
}

/// A hash that is one already.
#[derive(Debug, Default)]
pub(super) struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// What is told of a match with an indicator.
fn hit_kind(kind: IndicatorKind) -> HitKind {
    use IndicatorKind as K;
    match kind {
        K::App => HitKind::App,
        K::Signer | K::SignerOrganisation | K::SignerPattern => HitKind::Signer,
        K::FileHash => HitKind::FileHash,
        K::FileName | K::FilePath => HitKind::FileName,
        K::Process => HitKind::Process,
        K::CommandServer => HitKind::CommandServer,
        K::Website => HitKind::Website,
        K::Distributor => HitKind::Distributor,
        K::Domain => HitKind::Domain,
        K::Profile => HitKind::Profile,
        K::Property => HitKind::Property,
        K::Mail => HitKind::Mail,
    }
}
