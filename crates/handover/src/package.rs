//! Writes a hand-over package: bag, custody extract, words, signed list, in this order.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use base64::Engine as _;
use custody::{Disclosure, Entry, ExtractLine, Signer, TlogProof};
use model::{Digest, EntryNumber, FileTime, Timestamp, canonical, encode_hex};
use seal::Sha256;
use serde_json::json;

use crate::words;

/// Where a package is written to. Paths use `/`; the sink makes folders as needed and never overwrites.
pub trait PackageSink {
    /// Begins one file. It is durable only after `finish`.
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + '_>>;

    /// Makes an empty folder.
    fn folder(&mut self, path: &str) -> io::Result<()>;
}

/// One file to hand over, with what proves it.
pub struct ChosenItem<'a> {
    /// The entry that sealed its capsule.
    pub capsule: EntryNumber,
    /// Its leaf in the capsule's file tree, and how many leaves there are.
    pub leaf: u64,
    /// Number of leaves of that tree.
    pub leaves: u64,
    /// Stored path in the capsule, `data/…`.
    pub path: String,
    /// The original name in base64 where it differs from the stored one.
    pub original: Option<String>,
    /// Bytes.
    pub size_bytes: u64,
    /// SHA-256 of the content.
    pub sha256: Digest,
    /// Modification time as found.
    pub mtime: FileTime,
    /// Salt of the leaf.
    pub salt: [u8; 32],
    /// Inclusion proof, leaf to root.
    pub proof: Vec<Digest>,
    /// The content.
    pub content: Box<dyn Read + 'a>,
}

/// An entry of the log that the recipient may see in part.
pub struct ShownEntry {
    /// The entry.
    pub entry: Entry,
    /// Names of the fields to disclose.
    pub fields: Vec<&'static str>,
}

/// Why something is not in the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WithheldKind {
    /// Consent does not cover it.
    NoConsent,
    /// Covered, but not chosen for this hand-over.
    NotChosen,
    /// Stopped, never to be shown again.
    Stopped,
    /// Could not be taken from the source in the first place.
    NeverTaken,
}

/// How much was withheld, by category.
pub type Withheld = BTreeMap<WithheldKind, u64>;

/// Everything a package is made of besides the items.
pub struct PackageParts<'a> {
    /// The signed checkpoint the proofs lead to.
    pub checkpoint: &'a str,
    /// Every leaf of the log under that checkpoint.
    pub leaves: &'a [Digest],
    /// Entries to show in part.
    pub shown: &'a [ShownEntry],
    /// Who signs the list.
    pub signer: &'a Signer,
    /// The time by the own clock.
    pub at: Timestamp,
    /// What was withheld.
    pub withheld: &'a Withheld,
}

/// What was written.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Written {
    /// SHA-256 of `SHA256SUMS`.
    pub sums_sha256: Digest,
    /// Number of items.
    pub items: u64,
    /// Bytes of the items.
    pub bytes: u64,
}

/// Why no package could be written.
#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    /// The target cannot be written.
    #[error("the package cannot be written")]
    Write(#[source] io::Error),
    /// An item cannot be read out of its capsule.
    #[error("item {leaf} of capsule {capsule} cannot be read")]
    Item {
        /// Capsule's entry.
        capsule: EntryNumber,
        /// Leaf.
        leaf: u64,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// An item is not what its capsule says; nothing is handed over.
    #[error("item {leaf} of capsule {capsule} is not what was secured")]
    ItemDiffers {
        /// Capsule's entry.
        capsule: EntryNumber,
        /// Leaf.
        leaf: u64,
    },
    /// The log given does not prove an entry to be shown.
    #[error("entry {0} is not in the log")]
    NoProof(EntryNumber),
}

/// Writes a whole package. `progress` gets bytes of items written.
pub fn write_package<'a>(
    sink: &mut dyn PackageSink,
    parts: &PackageParts<'_>,
    items: impl Iterator<Item = Result<ChosenItem<'a>, HandOverError>>,
    progress: &mut dyn FnMut(u64),
) -> Result<Written, HandOverError> {
    let mut out = Listed { sink, sums: BTreeMap::new() };
    let mut item_lines = String::new();
    let mut manifest = String::new();
    let (mut count, mut bytes) = (0, 0);
    for item in items {
        let mut item = item?;
        let below = item.path.strip_prefix("data/").unwrap_or(&item.path);
        let in_bag = format!("data/{}/{below}", item.capsule);
        let stored = format!("bag/{in_bag}");
        copy_item(&mut out, &stored, &mut item, progress)?;
        manifest.push_str(&bag::manifest_line(item.sha256, &in_bag));
        item_lines.push_str(&item_line(&item, &stored));
        count += 1;
        bytes += item.size_bytes;
    }
    write_bag(&mut out, &manifest, parts.at, bytes, count)?;
    write_custody(&mut out, parts, &item_lines)?;
    write_words(&mut out, parts, count)?;
    out.sink.folder("late").map_err(HandOverError::Write)?;
    let sums_sha256 = out.sign(parts.signer)?;
    Ok(Written { sums_sha256, items: count, bytes })
}

fn copy_item(
    out: &mut Listed<'_>,
    stored: &str,
    item: &mut ChosenItem<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<(), HandOverError> {
    let (capsule, leaf) = (item.capsule, item.leaf);
    let mut file = out.sink.create(stored).map_err(HandOverError::Write)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 << 10];
    loop {
        let read = item.content.read(&mut buffer);
        let count = read.map_err(|source| HandOverError::Item { capsule, leaf, source })?;
        let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else { break };
        hasher.update(piece);
        file.write_all(piece).map_err(HandOverError::Write)?;
        progress(count as u64);
    }
    file.flush().map_err(HandOverError::Write)?;
    drop(file);
    if hasher.finish() != item.sha256 {
        return Err(HandOverError::ItemDiffers { capsule, leaf });
    }
    out.sums.insert(stored.to_owned(), item.sha256);
    Ok(())
}

fn item_line(item: &ChosenItem<'_>, stored: &str) -> String {
    let mut line = json!({
        "capsule": item.capsule, "leaf": item.leaf,
        "leaves": item.leaves, "mtime": item.mtime, "path": item.path,
        "proof": item.proof.iter().map(base64_text).collect::<Vec<_>>(), "salt": encode_hex(&item.salt),
        "sha256": item.sha256, "size": item.size_bytes, "stored": stored,
    });
    if let (Some(original), Some(map)) = (&item.original, line.as_object_mut()) {
        map.insert("original".to_owned(), json!(original));
    }
    canonical::to_text(&line).unwrap_or_default() + "\n"
}

fn base64_text(hash: &Digest) -> String {
    base64::prelude::BASE64_STANDARD.encode(hash.0)
}

fn write_bag(
    out: &mut Listed<'_>,
    manifest: &str,
    at: Timestamp,
    bytes: u64,
    count: u64,
) -> Result<(), HandOverError> {
    let declaration = bag::declaration().to_owned();
    let (date, oxum) = (at.date().to_string(), format!("{bytes}.{count}"));
    let labels =
        [("Bagging-Date", date.as_str()), ("Payload-Oxum", &oxum), ("Bag-Software-Agent", model::PROGRAM)];
    let info = bag::bag_info(&labels);
    let mut tag_manifest = String::new();
    let tags = [
        ("bag-info.txt", info.as_str()),
        ("bagit.txt", declaration.as_str()),
        ("manifest-sha256.txt", manifest),
    ];
    for (name, text) in tags {
        out.put(&format!("bag/{name}"), text.as_bytes())?;
        tag_manifest.push_str(&bag::manifest_line(seal::sha256(text.as_bytes()), name));
    }
    if count == 0 {
        out.sink.folder("bag/data").map_err(HandOverError::Write)?;
    }
    out.put("bag/tagmanifest-sha256.txt", tag_manifest.as_bytes())
}

fn write_custody(
    out: &mut Listed<'_>,
    parts: &PackageParts<'_>,
    item_lines: &str,
) -> Result<(), HandOverError> {
    let mut extract = String::new();
    for shown in parts.shown {
        let number = shown.entry.number;
        let fields: Vec<Disclosure> =
            shown.fields.iter().filter_map(|name| shown.entry.disclosure(name)).collect();
        let line = ExtractLine { leaf: shown.entry.leaf_record(), shown: fields };
        extract.push_str(&line.to_line());
        extract.push('\n');
        let hashes =
            seal::tree::inclusion_proof(parts.leaves, number.0).ok_or(HandOverError::NoProof(number))?;
        let proof =
            TlogProof { index: number.0, hashes, checkpoint: parts.checkpoint.to_owned(), extra: None };
        out.put(&format!("custody/proofs/{}.tlog-proof", number.file_stem()), proof.to_text().as_bytes())?;
    }
    out.put("custody/extract.jsonl", extract.as_bytes())?;
    out.put("custody/items.jsonl", item_lines.as_bytes())?;
    out.put("custody/checkpoint", parts.checkpoint.as_bytes())?;
    out.put("custody/vkey", format!("{}\n", parts.signer.vkey()).as_bytes())?;
    out.put("custody/signer.pem", parts.signer.vkey().public.to_pem().as_bytes())
}

fn write_words(out: &mut Listed<'_>, parts: &PackageParts<'_>, items: u64) -> Result<(), HandOverError> {
    let fingerprint = parts.signer.vkey().fingerprint();
    out.put("READ-ME-FIRST.txt", words::read_me("en", &fingerprint, parts.at, items).as_bytes())?;
    out.put("LIES-MICH.txt", words::read_me("de", &fingerprint, parts.at, items).as_bytes())?;
    out.put("withheld.txt", words::withheld(parts.withheld).as_bytes())
}

/// A sink that keeps the list of what went into it.
struct Listed<'a> {
    sink: &'a mut dyn PackageSink,
    sums: BTreeMap<String, Digest>,
}

impl Listed<'_> {
    fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), HandOverError> {
        self.put_unlisted(path, bytes)?;
        self.sums.insert(path.to_owned(), seal::sha256(bytes));
        Ok(())
    }

    fn put_unlisted(&mut self, path: &str, bytes: &[u8]) -> Result<(), HandOverError> {
        let mut file = self.sink.create(path).map_err(HandOverError::Write)?;
        file.write_all(bytes).and_then(|()| file.flush()).map_err(HandOverError::Write)
    }

    fn sign(mut self, signer: &Signer) -> Result<Digest, HandOverError> {
        let lines: Vec<String> =
            self.sums.iter().map(|(path, sha256)| format!("{sha256}  {path}\n")).collect();
        let list = lines.concat();
        self.put_unlisted("SHA256SUMS", list.as_bytes())?;
        self.put_unlisted("SHA256SUMS.sig", &signer.key.sign(list.as_bytes()))?;
        Ok(seal::sha256(list.as_bytes()))
    }
}
