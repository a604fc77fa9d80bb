//! A hand-over package: the signed list, the bag, the custody extract, the items (docs/format.md, section 7).

use std::collections::{BTreeMap, BTreeSet};

use bag::{BagFolder, check_folder};
use custody::VerifierKey;
use model::Digest;
use seal::PublicKey;

use crate::capsule::hash;
use crate::folder::{Folder, read_all};
use crate::package_custody;
use crate::report::{Fact, ProblemKind, Report};

const LIST_BYTES_MAX: u64 = 64 << 20;

/// Checks a package; needs no key. The keys inside prove nothing by themselves: compare the fingerprint
/// with the paper.
/// `progress` gets bytes read.
pub fn verify_package(folder: &dyn Folder, progress: &mut dyn FnMut(u64)) -> Report {
    let mut report = Report::default();
    let Ok(files) = folder.files() else {
        report.problem(ProblemKind::Unreadable, ".");
        return report;
    };
    let package = Package { folder, files: files.into_iter().collect() };
    let Some(vkey) = signed_list_key(&package, &mut report) else { return report };
    let Some(listed) = signed_list(&package, &vkey.public, &mut report) else { return report };
    let hashes = listed_files(&package, &listed, &mut report, progress);
    match check_folder(&BagBelow(&package)) {
        Ok(bag) => {
            for problem in bag.problems.listed {
                report.problem(ProblemKind::BagDamaged, format!("bag/{}", problem.path));
            }
        }
        Err(_) => report.problem(ProblemKind::Unreadable, "bag"),
    }
    let items = package_custody::check(&package, &vkey, &hashes, &mut report);
    if report.unchanged() {
        report.fact(Fact::PackageWhole { files: listed.len() as u64, items });
    }
    report
}

/// The folder with its list of files at hand.
pub(crate) struct Package<'a> {
    pub(crate) folder: &'a dyn Folder,
    pub(crate) files: BTreeMap<String, u64>,
}

impl Package<'_> {
    pub(crate) fn small(&self, path: &str, report: &mut Report) -> Option<Vec<u8>> {
        if !self.files.contains_key(path) {
            report.problem(ProblemKind::Missing, path);
            return None;
        }
        let bytes = self.folder.open(path).and_then(|file| read_all(file.as_ref(), LIST_BYTES_MAX));
        bytes.map_err(|_| report.problem(ProblemKind::Unreadable, path)).ok()
    }

    pub(crate) fn text(&self, path: &str, report: &mut Report) -> Option<String> {
        let bytes = self.small(path, report)?;
        String::from_utf8(bytes).map_err(|_| report.problem(ProblemKind::Malformed, path)).ok()
    }
}

/// The key in `custody/`, in both of its forms, which must agree.
fn signed_list_key(package: &Package<'_>, report: &mut Report) -> Option<VerifierKey> {
    let text = package.text("custody/vkey", report)?;
    let vkey: Option<VerifierKey> = text.strip_suffix('\n').and_then(|line| line.parse().ok());
    let Some(vkey) = vkey else {
        report.problem(ProblemKind::Malformed, "custody/vkey");
        return None;
    };
    if package.text("custody/signer.pem", report)? != vkey.public.to_pem() {
        report.problem(ProblemKind::Changed, "custody/signer.pem");
    }
    report.fact(Fact::SignedBy { fingerprint: vkey.fingerprint() });
    Some(vkey)
}

fn signed_list(
    package: &Package<'_>,
    key: &PublicKey,
    report: &mut Report,
) -> Option<BTreeMap<String, Digest>> {
    let sums = package.small("SHA256SUMS", report)?;
    let signature: Option<[u8; 64]> = package.small("SHA256SUMS.sig", report)?.try_into().ok();
    if signature.is_none_or(|signature| key.verify(&sums, &signature).is_err()) {
        report.problem(ProblemKind::Signature, "SHA256SUMS.sig");
    }
    let listed = parse_list(&sums);
    if listed.is_none() {
        report.problem(ProblemKind::Malformed, "SHA256SUMS");
    }
    listed
}

/// `<hex>  <path>` lines in strictly ascending order; anything else is not our list.
fn parse_list(bytes: &[u8]) -> Option<BTreeMap<String, Digest>> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
    let mut listed = BTreeMap::new();
    let mut last = "";
    for line in text.split('\n') {
        let (hex, path) = line.split_once("  ")?;
        if path <= last {
            return None;
        }
        last = path;
        listed.insert(path.to_owned(), hex.parse().ok()?);
    }
    Some(listed)
}

fn listed_files(
    package: &Package<'_>,
    listed: &BTreeMap<String, Digest>,
    report: &mut Report,
    progress: &mut dyn FnMut(u64),
) -> BTreeMap<String, Digest> {
    let outside = |path: &str| path == "SHA256SUMS" || path == "SHA256SUMS.sig" || path.starts_with("late/");
    let listed_names: BTreeSet<&str> = listed.keys().map(String::as_str).collect();
    for path in package.files.keys().filter(|path| !outside(path) && !listed_names.contains(path.as_str())) {
        report.problem(ProblemKind::Unexpected, path);
    }
    let mut hashes = BTreeMap::new();
    for (path, expected) in listed {
        if !package.files.contains_key(path) {
            report.problem(ProblemKind::Missing, path);
            continue;
        }
        match package.folder.open(path).and_then(|file| hash(file.as_ref(), progress)) {
            Ok(found) => {
                if found != *expected {
                    report.problem(ProblemKind::Changed, path);
                }
                hashes.insert(path.clone(), found);
            }
            Err(_) => report.problem(ProblemKind::Unreadable, path),
        }
    }
    hashes
}

/// The folder `bag/` of a package as a bag of its own.
struct BagBelow<'a>(&'a Package<'a>);

impl BagFolder for BagBelow<'_> {
    fn files(&self) -> std::io::Result<Vec<(String, u64)>> {
        let below =
            |(path, size): (&String, &u64)| path.strip_prefix("bag/").map(|path| (path.to_owned(), *size));
        Ok(self.0.files.iter().filter_map(below).collect())
    }

    fn open(&self, path: &str) -> std::io::Result<Box<dyn std::io::Read + '_>> {
        let file = self.0.folder.open(&format!("bag/{path}"))?;
        Ok(Box::new(InOrder { file, offset: 0 }))
    }
}

struct InOrder {
    file: std::sync::Arc<dyn model::ReadAt>,
    offset: u64,
}

impl std::io::Read for InOrder {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read_at(buffer, self.offset)?;
        self.offset += count as u64;
        Ok(count)
    }
}
