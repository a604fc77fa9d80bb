//! Agreement with an implementation that is not ours: the signed notes and trees of `golang.org/x/mod/sumdb`.
//!
//! Needs a Go compiler and Debian's `golang-golang-x-mod-dev`; where they are missing, each test says so
//! and passes.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use custody::{Note, VerifierKey};
use model::{Digest, encode_hex};
use serde_json::{Value, json};

use crate::support::{Log, signer};

const PACKAGES: &str = "/usr/share/gocode";

/// Sizes around powers of two, where trees change their shape.
const SIZES: [u64; 24] =
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 65, 100, 127, 128, 129, 256, 257, 300];

#[test]
fn go_opens_our_notes() {
    let log = Log::example();
    for text in ["x\n", "two\n\nparts\n", "ä — 漢\n"] {
        let signer = signer(9);
        let question =
            json!({"do": "open", "vkey": signer.vkey().to_string(), "note": Note::sign(text, &signer)});
        let Some(answer) = ask(&question) else { return };
        assert_eq!(answer.unwrap()["text"], text);
    }
    let receipt = log.receipt().to_note(&log.signer);
    for note in [log.checkpoint(), receipt] {
        let Some(answer) = ask(&json!({"do": "open", "vkey": log.signer.vkey().to_string(), "note": note}))
        else {
            return;
        };
        assert_eq!(answer.unwrap()["text"], Note::parse(&note).unwrap().text());
        let altered = note.replacen("20", "21", 1).replacen('6', "7", 1);
        let question = json!({"do": "open", "vkey": log.signer.vkey().to_string(), "note": altered});
        assert!(ask(&question).unwrap().is_err());
    }
}

#[test]
fn we_open_notes_of_go() {
    for (name, text) in
        [("example.com/foo", "This is an example message.\n"), ("a-b", "ä\n\n\n"), ("é", "\n")]
    {
        let question = json!({"do": "sign", "name": name, "seed": "07".repeat(32), "text": text});
        let Some(answer) = ask(&question) else { return };
        let answer = answer.unwrap();
        let vkey: VerifierKey = answer["vkey"].as_str().unwrap().parse().unwrap();
        assert_eq!((vkey.name.as_str(), vkey.public), (name, signer(7).vkey().public));
        assert_eq!(vkey.to_string(), answer["vkey"]);
        let note = Note::parse(answer["note"].as_str().unwrap()).unwrap();
        assert_eq!(note.text(), text);
        assert_eq!(note.verify(std::slice::from_ref(&vkey)), Ok(&vkey));
    }
}

#[test]
fn go_accepts_our_proofs() {
    let mut records = Vec::new();
    let mut growths = Vec::new();
    for size in SIZES {
        let leaves = leaves(size);
        let root = seal::tree::root(&leaves);
        for (index, leaf) in (0..size).zip(&leaves) {
            let proof = seal::tree::inclusion_proof(&leaves, index).unwrap();
            records.push(json!({"size": size, "index": index, "root": root, "leaf": leaf, "proof": proof}));
        }
        for old in SIZES.into_iter().filter(|old| *old <= size) {
            let proof = seal::tree::consistency_proof(&leaves, old).unwrap();
            let old_root = seal::tree::root(&leaves[..usize::try_from(old).unwrap()]);
            growths.push(
                json!({"old": old, "new": size, "old_root": old_root, "new_root": root, "proof": proof}),
            );
        }
    }
    let mut altered = records[500].clone();
    altered["index"] = json!(altered["index"].as_u64().unwrap() ^ 1);
    let Some(answer) = ask(&json!({"do": "check", "records": records, "growths": growths})) else { return };
    assert_eq!(answer, Ok(json!({})));
    assert!(ask(&json!({"do": "check", "records": [altered]})).unwrap().is_err());
}

#[test]
fn we_accept_proofs_of_go() {
    let Some(answer) = ask(&json!({"do": "prove", "sizes": SIZES})) else { return };
    let answer = answer.unwrap();
    let records = answer["records"].as_array().unwrap();
    assert_eq!(records.len() as u64, SIZES.iter().sum::<u64>());
    for record in records {
        let (index, size) = (record["index"].as_u64().unwrap(), record["size"].as_u64().unwrap());
        let (leaf, root, proof) =
            (digest(&record["leaf"]), digest(&record["root"]), digests(&record["proof"]));
        assert_eq!(leaf, leaves(index + 1)[usize::try_from(index).unwrap()]);
        assert_eq!(seal::tree::verify_inclusion(leaf, index, size, &proof, root), Ok(()));
        assert!(seal::tree::verify_inclusion(leaf, index + 1, size, &proof, root).is_err());
    }
    let growths = answer["growths"].as_array().unwrap();
    assert_eq!(growths.len(), SIZES.len() * (SIZES.len() + 1) / 2);
    for growth in growths {
        let (old, new) = (growth["old"].as_u64().unwrap(), growth["new"].as_u64().unwrap());
        let (old_root, new_root) = (digest(&growth["old_root"]), digest(&growth["new_root"]));
        let proof = digests(&growth["proof"]);
        assert_eq!(seal::tree::verify_consistency(old, old_root, new, new_root, &proof), Ok(()));
    }
}

/// What Go answers, or why it refuses; `None` when there is no Go here.
fn ask(question: &Value) -> Option<Result<Value, String>> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let program = PROGRAM.get_or_init(build).as_ref()?;
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(&serde_json::to_vec(question).unwrap()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    if output.status.success() {
        Some(Ok(serde_json::from_slice(&output.stdout).unwrap()))
    } else {
        Some(Err(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}

/// Builds the program once per source, since each test may run in a process of its own.
fn build() -> Option<PathBuf> {
    let missing = |what: &str| {
        writeln!(std::io::stderr(), "skipped: {what} is missing, so nothing was compared with Go").unwrap();
        None
    };
    let version = Command::new("go").arg("version").stdin(Stdio::null()).output();
    let Ok(version) = version.map(|output| output.stdout) else { return missing("the Go compiler") };
    if !Path::new(PACKAGES).join("src/golang.org/x/mod/sumdb/note").is_dir() {
        return missing("the Debian package golang-golang-x-mod-dev");
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go/main.go");
    let content = [version, std::fs::read(&source).unwrap()].concat();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let program = folder.join(format!("second-opinion-{}", encode_hex(&seal::sha256(&content).0[..8])));
    if !program.exists() {
        // Built under another name first: a test in another process must not run half a program.
        let scratch = tempfile::tempdir_in(folder).unwrap();
        let built = scratch.path().join("program");
        let status = Command::new("go")
            .args(["build", "-o"])
            .args([&built, &source])
            .current_dir(scratch.path())
            .envs([("GO111MODULE", "off"), ("GOPATH", PACKAGES), ("GOFLAGS", "")])
            .status();
        assert!(status.unwrap().success(), "the Go program does not compile");
        std::fs::rename(&built, &program).unwrap();
    }
    Some(program)
}

fn leaves(size: u64) -> Vec<Digest> {
    (0..size).map(|i| seal::tree::leaf_hash(&[format!("leaf {i}").as_bytes()])).collect()
}

fn digest(value: &Value) -> Digest {
    value.as_str().unwrap().parse().unwrap()
}

fn digests(value: &Value) -> Vec<Digest> {
    value.as_array().map(|list| list.iter().map(digest).collect()).unwrap_or_default()
}
