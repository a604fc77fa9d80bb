//! Look-ups: how each sort of evidence is held against the table.

use super::normal::{self, Root};
use super::table::{Indicators, Match, Space};
use crate::links::Address;
use crate::{Fingerprint, HitKind};

/// Most parts of a host, path or address that are looked at.
const PARTS_MOST: usize = 48;
/// Longest path or address that is looked at.
const VALUE_BYTES_MOST: usize = 4096;
/// Fewest parts of a path from the root that is looked for in the middle of another.
const PARTS_TELLING: usize = 3;

/// How an address came to the evidence: decides which part a host plays that has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Somebody opened it or wrote of it: then it is first of all a website.
    Read,
    /// The device connected to it or asked for its name: then it is first of all a server.
    Connected,
}

impl Indicators {
    /// An app, by package name or bundle identifier.
    pub fn app(&self, id: &str) -> Vec<Match<'_>> {
        self.find(Space::App, &normal::small(id))
    }

    /// A signer of apps, by the fingerprint of the certificate.
    pub fn signer(&self, fingerprint: &Fingerprint) -> Vec<Match<'_>> {
        self.find(Space::Signer, &fingerprint.hex)
    }

    /// A signer of apps, by the name in the certificate: `CN=…, O=…`.
    pub fn signer_name(&self, subject: &str) -> Vec<Match<'_>> {
        let subject = normal::clip(subject, VALUE_BYTES_MOST);
        let mut all: Vec<Match<'_>> = normal::attributes(subject, "O")
            .take(PARTS_MOST)
            .flat_map(|name| self.find(Space::Organisation, &normal::small(name)))
            .collect();
        let by_pattern = self.patterns().filter(|pattern| {
            normal::attributes(subject, "CN").any(|name| normal::follows(name, pattern.indicator))
        });
        all.extend(by_pattern);
        all
    }

    /// A file, by its MD5, SHA-1 or SHA-256.
    pub fn file_hash(&self, fingerprint: &Fingerprint) -> Vec<Match<'_>> {
        self.find(Space::Hash, &fingerprint.hex)
    }

    /// A file or folder, by its path: by its name, by all of it, by its end, or by a folder it lies in.
    pub fn path(&self, path: &str) -> Vec<Match<'_>> {
        let (root, bare) = normal::path(normal::clip(path, VALUE_BYTES_MOST));
        let mut all = Vec::new();
        let mut begins: Vec<usize> = Vec::new();
        let mut from = 0_usize;
        for part in bare.split('/').take(PARTS_MOST) {
            begins.push(from);
            let end = from.saturating_add(part.len());
            from = end.saturating_add(1);
            if self.has(Space::PathLast, part) {
                let head = bare.get(..end).unwrap_or_default();
                self.ends(root, head, &begins, &mut all);
            }
        }
        let name = bare.rsplit('/').next().unwrap_or(bare);
        all.extend(self.find(Space::FileName, name));
        distinct(all)
    }

    /// What is known of a path or of its end.
    fn ends<'i>(&'i self, root: Root, path: &str, begins: &[usize], all: &mut Vec<Match<'i>>) {
        for (number, begin) in begins.iter().enumerate() {
            let Some(end) = path.get(*begin..) else { continue };
            all.extend(self.find(Space::PathEnd, end));
            let parts = begins.len().saturating_sub(number);
            // A path from the root of a device is met elsewhere only in a copy of its file system.
            if number == 0 || (root == Root::Anywhere && parts >= PARTS_TELLING) {
                all.extend(self.find(Space::Path, end));
            }
        }
    }

    /// A process, by name or path; also where the system keeps only the beginning of a long name, and where
    /// its name is that of an app.
    pub fn process(&self, name: &str) -> Vec<Match<'_>> {
        let name = normal::clip(name.trim(), VALUE_BYTES_MOST);
        let last = name.rsplit('/').next().unwrap_or(name);
        let mut all = self.find(Space::Process, last);
        if last.len() == 15 || last.len() == 16 {
            all.extend(self.find(Space::ProcessCut, last));
        }
        if name.contains('/') {
            let by_path = self.path(name).into_iter();
            all.extend(by_path.map(|one| one.as_kind(HitKind::Process)));
        } else if last.contains('.') {
            all.extend(self.app(last.split(':').next().unwrap_or(last)));
        }
        distinct(all)
    }

    /// A host with its parents, or an address with path, which may be known as such.
    pub fn address(&self, address: &str, way: Way) -> Vec<Match<'_>> {
        let address = normal::clip(address, VALUE_BYTES_MOST);
        let Some(Address { host, path, .. }) = Address::parse(address) else { return Vec::new() };
        let mut all = Vec::new();
        if self.has(Space::AddressHost, &host) {
            all = self.beneath(&host, normal::path_of(path));
        }
        if all.is_empty() {
            all = self.host(&host);
        }
        one_part_each(all, way)
    }

    /// What is known of an address or of one above it.
    fn beneath(&self, host: &str, path: &str) -> Vec<Match<'_>> {
        let whole = format!("{host}{path}");
        let ends = path.match_indices(['/', '?', '&']).map(|(at, _)| host.len().saturating_add(at));
        let mut ends: Vec<usize> = ends.filter(|end| *end > host.len()).take(PARTS_MOST).collect();
        ends.push(whole.len());
        let known = |end: &usize| self.find(Space::Address, whole.get(..*end).unwrap_or_default());
        ends.iter().rev().map(known).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// What is known of a host or of the nearest host above it.
    fn host(&self, host: &str) -> Vec<Match<'_>> {
        let mut rest = host;
        for _ in 0..PARTS_MOST {
            let found = self.find(Space::Host, rest);
            if !found.is_empty() {
                return found;
            }
            match rest.split_once('.') {
                Some((_, above)) if above.contains('.') => rest = above,
                _ => break,
            }
        }
        Vec::new()
    }

    /// A configuration profile, by identifier or UUID.
    pub fn profile(&self, id: &str) -> Vec<Match<'_>> {
        self.find(Space::Profile, &normal::small(id))
    }

    /// A property of the system, by name.
    pub fn property(&self, name: &str) -> Vec<Match<'_>> {
        self.find(Space::Property, name)
    }

    /// A mail address.
    pub fn mail(&self, address: &str) -> Vec<Match<'_>> {
        self.find(Space::Mail, &normal::small(address))
    }
}

/// Each once.
fn distinct(all: Vec<Match<'_>>) -> Vec<Match<'_>> {
    let mut kept: Vec<Match<'_>> = Vec::with_capacity(all.len());
    for one in all {
        if !kept.iter().any(|other| other.number == one.number) {
            kept.push(one);
        }
    }
    kept
}

/// Of the parts that a host plays for one family, the one that fits the way it came.
fn one_part_each(mut all: Vec<Match<'_>>, way: Way) -> Vec<Match<'_>> {
    let order = |kind: HitKind| match (kind, way) {
        (HitKind::Website, Way::Read) | (HitKind::CommandServer, Way::Connected) => 0,
        (HitKind::Distributor, _) => 1,
        (HitKind::CommandServer | HitKind::Website, _) => 2,
        _ => 3,
    };
    all.sort_by(|a, b| (a.family(), order(a.kind)).cmp(&(b.family(), order(b.kind))));
    all.dedup_by(|a, b| a.family() == b.family());
    all
}
