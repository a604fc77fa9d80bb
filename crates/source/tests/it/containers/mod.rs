//! Trees grown from containers: what is listed, what is read, what is said.

mod age;
mod android_backup;
mod ios_backup;
mod signal_backup;
mod tar;
mod whatsapp_crypt;
mod zip;

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use model::ReadLimits;
use model::record::{FileNumber, ProblemKind};
use seal::foreign::{AesKey, Counter, ctr_decrypt};
use source::tree::{Grown, Keys, Plain, RootFile, Spools, Tree, Watch, grow};
use zeroize::Zeroizing;

/// Opens everything.
struct All;

impl Watch for All {
    fn opening(&mut self, _tree: &Tree, _file: FileNumber) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Nameless files in a folder of the test.
struct Nameless;

impl Spools for Nameless {
    fn file(&self) -> io::Result<Arc<std::fs::File>> {
        tempfile::tempfile().map(Arc::new)
    }
}

/// The tree of these files.
pub(super) fn grown(files: &[(&str, &[u8])], keys: &[&str]) -> Grown {
    grown_within(files, keys, &ReadLimits::DEFAULT)
}

/// The tree of these files, with other limits.
pub(super) fn grown_within(files: &[(&str, &[u8])], keys: &[&str], limits: &ReadLimits) -> Grown {
    let root = |(leaf, (path, bytes)): (u64, &(&str, &[u8]))| RootFile {
        leaf,
        path: (*path).to_owned(),
        modified: None,
        sha256: None,
        content: Arc::new(Plain(Arc::new(bytes.to_vec()))),
    };
    let keys = Keys::new(keys.iter().map(|key| Zeroizing::new((*key).to_owned())).collect());
    let spools: Arc<dyn Spools> = Arc::new(Nameless);
    grow((0..).zip(files).map(root).collect(), &keys, limits, &spools, &mut All)
}

/// Every entry as `outer > inner`.
pub(super) fn listing(grown: &Grown) -> Vec<String> {
    grown.tree.entries().map(|(number, _)| grown.tree.steps(number).join(" > ")).collect()
}

/// The bytes of an entry, by its steps.
pub(super) fn read(grown: &Grown, steps: &str) -> io::Result<Vec<u8>> {
    let found = grown.tree.entries().find(|(number, _)| grown.tree.steps(*number).join(" > ") == steps);
    let (_, entry) = found.unwrap_or_else(|| panic!("{steps} in {:?}", listing(grown)));
    let mut bytes = Vec::new();
    entry.content().stream()?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The same at random, in pieces from the end.
pub(super) fn read_random(grown: &Grown, steps: &str) -> io::Result<Vec<u8>> {
    let found = grown.tree.entries().find(|(number, _)| grown.tree.steps(*number).join(" > ") == steps);
    let content = found.unwrap().1.content().random()?;
    let size = content.size_bytes();
    let mut bytes = vec![0; usize::try_from(size).unwrap()];
    let mut end = bytes.len();
    while end > 0 {
        let begin = end.saturating_sub(997);
        let mut done = begin;
        while done < end {
            match content.read_at(&mut bytes[done..end], done as u64)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => done += count,
            }
        }
        end = begin;
    }
    Ok(bytes)
}

/// The kinds of problems with their units, in order.
pub(super) fn problems(grown: &Grown) -> Vec<(ProblemKind, u64)> {
    grown.problems.iter().map(|problem| (problem.kind, problem.units)).collect()
}

/// A folder of real samples; says that the test skips when it is absent.
pub(super) fn samples(name: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("ASSERVAT_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let folder = shared.join("data/messages").join(name);
    if !folder.is_dir() {
        println!("skipped: {name} is absent");
        return None;
    }
    Some(folder)
}

/// One block of AES.
pub(super) fn encrypted_block(key: &AesKey, input: [u8; 16]) -> [u8; 16] {
    let mut zero = [0; 16];
    ctr_decrypt(key, Counter::BigEndian128, &input, &mut zero).unwrap();
    zero
}

/// AES-CBC of whole blocks.
pub(super) fn cbc(key: &[u8], iv: [u8; 16], plain: &[u8]) -> Vec<u8> {
    let key = AesKey::new(key).unwrap();
    let mut before = iv;
    let mut out = Vec::new();
    for chunk in plain.chunks(16) {
        let mut input: [u8; 16] = chunk.try_into().unwrap();
        input.iter_mut().zip(before).for_each(|(byte, before)| *byte ^= before);
        before = encrypted_block(&key, input);
        out.extend(before);
    }
    out
}

/// With the padding of PKCS7.
pub(super) fn padded(plain: &[u8]) -> Vec<u8> {
    let count = 16 - plain.len() % 16;
    [plain, &vec![u8::try_from(count).unwrap(); count]].concat()
}
