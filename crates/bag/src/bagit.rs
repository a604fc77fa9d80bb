//! BagIt 1.0 (RFC 8493): the texts of a bag, and the check of a bag that lies open in a folder.
//!
//! The check wants more than the standard: SHA-256, a tag manifest that lists every tag file, no `fetch.txt`
//! (`docs/format.md`, section 7). It deliberately knows nothing of what the payload means.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use model::{Digest, Limits};
use seal::Sha256;

use crate::problem::{BagProblemKind as Kind, Problems};

const MANIFEST: &str = "manifest-sha256.txt";
const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
const INFO: &str = "bag-info.txt";

/// The content of `bagit.txt`.
pub fn declaration() -> &'static str {
    "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
}

/// The content of `bag-info.txt`: one line each, in this order. Line breaks in a value become spaces.
pub fn bag_info(fields: &[(&str, &str)]) -> String {
    let lines =
        fields.iter().map(|(label, value)| [*label, ": ", &value.replace(['\r', '\n'], " "), "\n"].concat());
    lines.collect()
}

/// A line of a manifest with LF; in the path LF, CR and % are percent-encoded as BagIt wants it.
pub fn manifest_line(sha256: Digest, path: &str) -> String {
    let path = path.replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D");
    format!("{sha256}  {path}\n")
}

/// A bag that lies open in a folder.
pub trait BagFolder {
    /// Every file below the folder: path with `/` between names, and size.
    fn files(&self) -> io::Result<Vec<(String, u64)>>;

    /// The content of a file that [`files`](Self::files) named.
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>>;
}

/// What the check of a folder found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderReport {
    /// Files in the payload.
    pub files: u64,
    /// Their bytes.
    pub payload_bytes: u64,
    /// Everything that is wrong.
    pub problems: Problems,
}

/// Checks that a bag is complete and valid: every file is listed and there, every hash is right. An error
/// only when the folder itself cannot be listed.
pub fn check_folder(folder: &dyn BagFolder) -> io::Result<FolderReport> {
    let files = folder.files()?;
    let mut check = FolderCheck { folder, sizes: BTreeMap::new(), report: FolderReport::default() };
    for (path, size_bytes) in files {
        if path.starts_with("data/") {
            check.report.files += 1;
            check.report.payload_bytes = check.report.payload_bytes.saturating_add(size_bytes);
        }
        check.sizes.insert(path, size_bytes);
    }
    if check.sizes.contains_key("fetch.txt") {
        check.problem("fetch.txt", Kind::Fetch);
    }
    check.declaration();
    check.oxum();
    check.manifest(MANIFEST, Kind::ManifestDiffers, |path| path.starts_with("data/"));
    check.manifest(TAG_MANIFEST, Kind::TagManifestDiffers, |path| {
        !path.starts_with("data/") && !path.starts_with("tagmanifest-")
    });
    Ok(check.report)
}

struct FolderCheck<'a> {
    folder: &'a dyn BagFolder,
    sizes: BTreeMap<String, u64>,
    report: FolderReport,
}

impl FolderCheck<'_> {
    fn declaration(&mut self) {
        if self.text("bagit.txt").is_some_and(|text| text != declaration()) {
            self.problem("bagit.txt", Kind::Form);
        }
    }

    fn oxum(&mut self) {
        if !self.sizes.contains_key(INFO) {
            return;
        }
        let text = self.text(INFO).unwrap_or_default();
        let expected = format!("{}.{}", self.report.payload_bytes, self.report.files);
        let mut said = text.lines().filter_map(|line| line.strip_prefix("Payload-Oxum:"));
        if said.any(|value| value.trim() != expected) {
            self.problem(INFO, Kind::CountDiffers);
        }
    }

    /// Checks one manifest against the files it is about.
    fn manifest(&mut self, name: &str, differs: Kind, about: fn(&str) -> bool) {
        let Some(text) = self.text(name) else { return };
        let mut listed = BTreeSet::new();
        for line in text.lines() {
            let Some((sha256, path)) = parse_line(line) else {
                self.problem(name, Kind::Form);
                continue;
            };
            if !about(&path) {
                self.problem(&path, Kind::Unexpected);
            } else if !self.sizes.contains_key(&path) {
                self.problem(&path, Kind::Missing);
            } else if listed.contains(&path) {
                self.problem(&path, Kind::Order);
            } else {
                match self.hash(&path) {
                    Ok(found) if found == sha256 => {}
                    Ok(_) => self.problem(&path, differs),
                    Err(_) => self.problem(&path, Kind::Unreadable),
                }
                listed.insert(path);
            }
        }
        let unlisted: Vec<String> =
            self.sizes.keys().filter(|path| about(path) && !listed.contains(*path)).cloned().collect();
        for path in unlisted {
            self.problem(&path, Kind::Unexpected);
        }
    }

    fn hash(&self, path: &str) -> io::Result<Digest> {
        let mut hash = Sha256::new();
        io::copy(&mut self.folder.open(path)?, &mut hash)?;
        Ok(hash.finish())
    }

    /// A tag file as text; what keeps it from being read is a problem.
    fn text(&mut self, path: &str) -> Option<String> {
        let Some(size_bytes) = self.sizes.get(path) else {
            self.problem(path, Kind::Missing);
            return None;
        };
        let most = Limits::DEFAULT.list_bytes;
        if *size_bytes > most {
            self.problem(path, Kind::TooLarge);
            return None;
        }
        let mut bytes = Vec::new();
        let read = self.folder.open(path).and_then(|content| content.take(most).read_to_end(&mut bytes));
        if read.is_err() {
            self.problem(path, Kind::Unreadable);
            return None;
        }
        let text = String::from_utf8(bytes).ok();
        if text.is_none() {
            self.problem(path, Kind::Form);
        }
        text
    }

    fn problem(&mut self, path: &str, kind: Kind) {
        self.report.problems.add(path, kind);
    }
}

/// `<hex> <white space> <path>`.
fn parse_line(line: &str) -> Option<(Digest, String)> {
    let (hex, rest) = line.split_once([' ', '\t'])?;
    let path = rest.trim_start_matches([' ', '\t']);
    let sha256 = hex.to_ascii_lowercase().parse().ok()?;
    let path = path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%");
    (!path.is_empty()).then_some((sha256, path))
}
