//! Writes the seeds of every fuzz target with our own writers, into `seeds/<target>/`.
//!
//! A seed that exists is kept: what is sealed differs at every run, and what fuzzing found lies there too
//! (its name begins with `found-`). Everything in the seeds is invented.

use std::error::Error;
use std::fs;
use std::io;
use std::path::Path;

use bag::{About, CapsuleWriter, FileGapKind, RefusalKind};
use custody::{Checkpoint, Entry, ExtractLine, Fields, Note, Receipt, Signer, TlogProof, Value};
use fuzz::targets::{FILE_MARK, SECRET, TARGETS};
use model::{CaseId, Digest, EntryNumber, FileTime};
use seal::{
    Identity, Passphrase, Recipient, SealTo, SigningKey, Spool, WorkFactor, seal_bytes, sha256, tree,
};
use zeroize::Zeroizing;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Target, name, bytes.
type Seed = (&'static str, &'static str, Vec<u8>);

const AT: &str = "2026-11-23T22:00:00Z";
const CASE_JSON: &str = concat!(
    "{\"asservat\":\"case\",\"nonce\":\"",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "\",\"v\":1}\n"
);

fn main() -> Result<()> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let log = Log::make()?;
    let mut seeds = Vec::new();
    seeds.extend(sealed()?);
    seeds.extend(capsule()?);
    seeds.extend(texts(&log)?);
    seeds.extend(folders(&log)?);
    seeds.extend(searched());
    for (target, _) in TARGETS {
        assert!(seeds.iter().any(|(name, ..)| name == target), "no seed for {target}");
    }
    for (target, name, bytes) in seeds {
        let path = top.join(target).join(name);
        if !path.exists() {
            fs::create_dir_all(top.join(target))?;
            fs::write(path, bytes)?;
        }
    }
    Ok(())
}

fn to(recipients: &[Recipient]) -> SealTo<'_> {
    SealTo::Recipients(recipients)
}

fn recipients() -> Result<Vec<Recipient>> {
    Ok(vec![Identity::from_secret(&SECRET)?.recipient()])
}

/// Age files: empty, small, more than one chunk, for several, under a passphrase.
fn sealed() -> Result<Vec<Seed>> {
    let one = recipients()?;
    let three = vec![one[0].clone(), Identity::generate()?.recipient(), Identity::generate()?.recipient()];
    let passphrase = Passphrase::new("invented".to_owned());
    let work_factor = WorkFactor::new(4)?;
    let locked = seal_bytes(b"text", &SealTo::Passphrase { passphrase: &passphrase, work_factor })?;
    let small = seal_bytes(b"text", &to(&one))?;
    Ok(vec![
        ("header", "one", small.clone()),
        ("header", "three", seal_bytes(b"", &to(&three))?),
        ("header", "passphrase", locked),
        ("payload", "empty", seal_bytes(b"", &to(&one))?),
        ("payload", "small", small),
        ("payload", "one-chunk", seal_bytes(&[0; 65_536], &to(&one))?),
        ("payload", "two-chunks", seal_bytes(&[1; 65_600], &to(&three))?),
    ])
}

/// A capsule with a plain file, a renamed one, a gap, a link and an empty folder; and the lines that name
/// them.
fn capsule() -> Result<Vec<Seed>> {
    let spools = || Spool::new(1 << 20, Box::new(|| Err(io::ErrorKind::StorageFull.into())));
    let seed = Zeroizing::new([3; 32]);
    let mut writer = CapsuleWriter::new(Vec::new(), "capsule-00112233", Box::new(spools), seed)?;
    let mtime = |seconds, nanoseconds| FileTime { seconds, nanoseconds };
    let mut same = || None;
    writer.file(0, b"chat/notes.txt", 5, mtime(1_763_937_000, 0), &mut &b"hello"[..], &mut same)?;
    writer.file(
        0,
        "chat/a:b\u{202e}.txt".as_bytes(),
        2,
        mtime(-1, 500_000_000),
        &mut &b"hi"[..],
        &mut same,
    )?;
    writer.file(0, "bild/ä.jpg".as_bytes(), 9, mtime(7, 1), &mut &b"short"[..], &mut same)?;
    writer.file(0, b"grown", 1, mtime(7, 0), &mut &b"x"[..], &mut || Some(FileGapKind::Grew))?;
    writer.link(0, b"link", b"../elsewhere")?;
    writer.empty_folder(0, b"nothing", mtime(0, 0))?;
    writer.gap(0, b"pipe", RefusalKind::Special, "pipe")?;
    let about = About {
        at: AT.parse()?,
        consent: None,
        gate: EntryNumber(1),
        program: "asservat 0".to_owned(),
        roots: vec![b"chat".to_vec()],
        source: "an invented phone".to_owned(),
        who: "an invented counsellor".to_owned(),
    };
    let finished = writer.finish(&about, "2026-11-23".parse()?)?;
    let tar = finished.out;
    let start = usize::try_from(finished.names_offset)?;
    let lines = &tar[start..start + usize::try_from(finished.names_bytes)?];
    let line = |number: usize| lines.split(|byte| *byte == b'\n').nth(number).unwrap_or_default().to_vec();
    Ok(vec![
        ("names", "file", line(0)),
        ("names", "renamed", line(1)),
        ("names", "gap-in-file", line(2)),
        ("names", "link", line(4)),
        ("names", "folder", line(5)),
        ("names", "gap", line(6)),
        ("names", "paths", "a/b\nA/b\nCON\nx.\nä\na\u{308}\n_named/0\nlong/".repeat(2).into_bytes()),
        ("tar", "capsule", tar),
    ])
}

/// A log of three entries with everything made from it.
struct Log {
    signer: Signer,
    case: CaseId,
    entries: Vec<Entry>,
    leaves: Vec<Digest>,
    checkpoint: String,
}

impl Log {
    fn make() -> Result<Self> {
        let signer = Signer::new(SigningKey::from_seed(Zeroizing::new([5; 32])));
        let case = CaseId(sha256(CASE_JSON.as_bytes()));
        let fields = |kind: &str| {
            let fields = Fields::new().with("kind", kind).with("at", AT).with("program", "asservat 0");
            fields.with("key", signer.vkey().fingerprint().to_string())
        };
        let created = fields("case.created").with("alias", "Amsel").with("holder", "client");
        let created = created.with("purpose", "proceedings").with("until", "2027-05-31");
        let created =
            created.with("vkey", signer.vkey().to_string()).with("keys", Value::Object(<_>::default()));
        let created = created.with("recipient_sha256", sha256(b"note").to_string());
        let capsule = fields("capsule.sealed").with("capsule", "000002-0011223344556677.age");
        let capsule = capsule.with("sha256", sha256(b"capsule").to_string()).with("size_bytes", 7);
        let all = [created, fields("gate.answered").with("answer", "no"), capsule];
        let entries: Vec<Entry> = (0..)
            .zip(all)
            .map(|(number, fields)| Entry::new(EntryNumber(number), fields, [9; 32]))
            .collect::<std::result::Result<_, _>>()?;
        let leaves: Vec<Digest> = entries.iter().map(Entry::leaf_hash).collect();
        let checkpoint = Checkpoint::case(case, leaves.len() as u64, tree::root(&leaves));
        let checkpoint = Note::sign(&checkpoint.to_text(), &signer);
        Ok(Self { signer, case, entries, leaves, checkpoint })
    }

    fn proof(&self, index: u64) -> TlogProof {
        let hashes = tree::inclusion_proof(&self.leaves, index).unwrap_or_default();
        TlogProof { index, hashes, checkpoint: self.checkpoint.clone(), extra: None }
    }
}

fn texts(log: &Log) -> Result<Vec<Seed>> {
    let vkey = log.signer.vkey();
    let capsules = log.entries.get(2..).unwrap_or_default();
    let receipt = Receipt::build(AT.parse()?, &vkey, &log.checkpoint, capsules, &log.leaves)?;
    let nothing = Receipt::build(AT.parse()?, &vkey, &log.checkpoint, &[], &log.leaves)?;
    let line = |entry: &Entry, names: &[&str]| {
        ExtractLine::of(entry, names).to_line().trim_end_matches('\n').as_bytes().to_vec()
    };
    let head = Checkpoint::case(log.case, 3, tree::root(&log.leaves)).to_text();
    Ok(vec![
        ("note", "checkpoint", log.checkpoint.clone().into_bytes()),
        ("note", "vkey", vkey.to_string().into_bytes()),
        ("checkpoint", "three", head.into_bytes()),
        ("proof", "middle", log.proof(1).to_text().into_bytes()),
        ("proof", "last", log.proof(2).to_text().into_bytes()),
        ("receipt", "one", receipt.to_note(&log.signer).into_bytes()),
        ("receipt", "nothing", nothing.to_note(&log.signer).into_bytes()),
        ("entry", "created", log.entries[0].body_bytes()),
        ("entry", "capsule", log.entries[2].body_bytes()),
        ("extract", "hidden", line(&log.entries[0], &[])),
        ("extract", "shown", line(&log.entries[2], &["kind", "sha256"])),
    ])
}

/// A bag, a package and a case as one text each (see `targets::FILE_MARK`).
fn folders(log: &Log) -> Result<Vec<Seed>> {
    let info = bag::bag_info(&[("Bagging-Date", "2026-11-23"), ("Payload-Oxum", "5.1")]);
    let manifest = bag::manifest_line(sha256(b"hello"), "data/2/notes.txt");
    let mut files: Vec<(String, Vec<u8>)> = vec![
        ("bagit.txt".to_owned(), bag::declaration().as_bytes().to_vec()),
        ("bag-info.txt".to_owned(), info.into_bytes()),
        ("manifest-sha256.txt".to_owned(), manifest.into_bytes()),
    ];
    let tags: String = files.iter().map(|(path, bytes)| bag::manifest_line(sha256(bytes), path)).collect();
    files.push(("tagmanifest-sha256.txt".to_owned(), tags.into_bytes()));
    files.push(("data/2/notes.txt".to_owned(), b"hello".to_vec()));

    let mut package: Vec<(String, Vec<u8>)> =
        files.iter().map(|(path, bytes)| (format!("bag/{path}"), bytes.clone())).collect();
    let shown = ["kind", "sha256", "capsule"];
    package.extend([
        ("custody/vkey".to_owned(), format!("{}\n", log.signer.vkey()).into_bytes()),
        ("custody/signer.pem".to_owned(), log.signer.key.public().to_pem().into_bytes()),
        ("custody/checkpoint".to_owned(), log.checkpoint.clone().into_bytes()),
        ("custody/extract.jsonl".to_owned(), lines(&ExtractLine::of(&log.entries[2], &shown).to_line())),
        ("custody/items.jsonl".to_owned(), Vec::new()),
        ("custody/proofs/2.tlog-proof".to_owned(), log.proof(2).to_text().into_bytes()),
        ("READ-ME-FIRST.txt".to_owned(), b"Invented.\n".to_vec()),
    ]);
    package.sort();
    let sums: String = package.iter().map(|(path, bytes)| format!("{}  {path}\n", sha256(bytes))).collect();
    package.push(("SHA256SUMS.sig".to_owned(), log.signer.key.sign(sums.as_bytes()).to_vec()));
    package.push(("SHA256SUMS".to_owned(), sums.into_bytes()));

    let recipients = recipients()?;
    let note = format!("asservat/recipient/v1\n{}\n0\n{}\n", log.case, recipients[0]);
    let leaves: String = log.leaves.iter().map(|leaf| format!("{leaf}\n")).collect();
    let mut case: Vec<(String, Vec<u8>)> = vec![
        ("case.json".to_owned(), CASE_JSON.as_bytes().to_vec()),
        ("keys/recipient.note".to_owned(), Note::sign(&note, &log.signer).into_bytes()),
        ("log/checkpoint".to_owned(), log.checkpoint.clone().into_bytes()),
        ("log/leaves".to_owned(), leaves.into_bytes()),
        ("log/vkeys".to_owned(), format!("{}\n", log.signer.vkey()).into_bytes()),
        ("capsules/000002-0011223344556677.age".to_owned(), seal_bytes(b"no tar", &to(&recipients))?),
        ("lock".to_owned(), Vec::new()),
    ];
    for entry in &log.entries {
        let path = format!("log/entries/{}.age", entry.number.file_stem());
        case.push((path, seal_bytes(&entry.body_bytes(), &to(&recipients))?));
    }
    Ok(vec![
        ("bag", "one", joined(&files)),
        ("package", "one", joined(&package)),
        ("case", "three", joined(&case)),
    ])
}

/// Texts and queries.
fn searched() -> Vec<Seed> {
    vec![
        ("normalise", "marks", "Große Тётя, й и\u{306} n\u{303} ½ ﬁ \u{200d}\u{202e}x\u{202c}".into()),
        ("normalise", "scripts", "พบกัน น้ำ أَيْنَ हाँ 한 ㄱㅏ ｶﾞ 護照".into()),
        ("normalise", "numbers", "ruf +49 (0)171 39 200 11 an, 24.12.2026 18:30".into()),
        ("query", "operators", "(Pass NEAR/5 Geld OR „Wo bist du“) -morgen NOT bahn*".into()),
        ("query", "broken", "\" OR 1 NEAR( * ^ : )".into()),
        ("query", "number", "0171 3920011 *ab* 護照 zdravei".into()),
    ]
}

/// The text with exactly one line feed at its end.
fn lines(text: &str) -> Vec<u8> {
    format!("{}\n", text.trim_end_matches('\n')).into_bytes()
}

fn joined(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (path, content) in files {
        bytes.extend_from_slice(FILE_MARK);
        bytes.extend_from_slice(path.as_bytes());
        bytes.push(b'\n');
        bytes.extend_from_slice(content);
    }
    bytes
}
