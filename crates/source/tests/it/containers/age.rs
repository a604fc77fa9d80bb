//! Files encrypted with age, made here. All texts are invented.

use std::io::Write;

use model::record::ProblemKind;
use seal::{Identity, Passphrase, SealTo, WorkFactor, seal_bytes};

use super::{grown, listing, problems, read, read_random};

fn archive() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file("getprop.txt", options).unwrap();
    writer.write_all(b"[ro.product.model]: [Erfunden 1]\n").unwrap();
    writer.start_file("files.json", options).unwrap();
    writer.write_all(&b"[]\n".repeat(100_000)).unwrap();
    writer.finish().unwrap().into_inner()
}

fn to(identities: &[&Identity], plain: &[u8]) -> Vec<u8> {
    let recipients: Vec<_> = identities.iter().map(|identity| identity.recipient()).collect();
    seal_bytes(plain, &SealTo::Recipients(&recipients)).unwrap()
}

fn with(passphrase: &str, log2_n: u8, plain: &[u8]) -> Vec<u8> {
    let (passphrase, work_factor) =
        (Passphrase::new(passphrase.to_owned()), WorkFactor::new(log2_n).unwrap());
    seal_bytes(plain, &SealTo::Passphrase { passphrase: &passphrase, work_factor }).unwrap()
}

#[test]
fn an_acquisition_opens_with_an_identity() {
    let (one, two) = (Identity::generate().unwrap(), Identity::generate().unwrap());
    let bytes = to(&[&one, &two], &archive());
    let file = format!("# created: heute\n{}\n", *two.to_secret_text());
    for key in [one.to_secret_text().to_string(), file] {
        let open = grown(&[("x/0f1e.zip.age", &bytes)], &["falsch", &key]);
        assert_eq!(problems(&open), []);
        assert_eq!(listing(&open)[1], "x/0f1e.zip.age > 0f1e.zip");
        let steps = "x/0f1e.zip.age > 0f1e.zip > getprop.txt";
        assert_eq!(read(&open, steps).unwrap(), b"[ro.product.model]: [Erfunden 1]\n");
        assert_eq!(read_random(&open, "x/0f1e.zip.age > 0f1e.zip").unwrap(), archive());
    }
}

#[test]
fn a_passphrase_opens_what_was_encrypted_with_one() {
    let bytes = with("erfundenes Wort", 4, b"Inhalt");
    let identity = Identity::generate().unwrap().to_secret_text();
    let open = grown(&[("brief.txt.AGE", &bytes)], &["falsch", &identity, "erfundenes Wort"]);
    assert_eq!(problems(&open), []);
    assert_eq!(read(&open, "brief.txt.AGE > brief.txt").unwrap(), b"Inhalt");
}

#[test]
fn a_missing_and_a_wrong_key_are_told_apart() {
    let (identity, stranger) = (Identity::generate().unwrap(), Identity::generate().unwrap());
    let (sealed, locked) = (to(&[&identity], b"Inhalt"), with("Wort", 4, b"Inhalt"));
    let stranger = stranger.to_secret_text();
    let kind = |bytes: &[u8], keys: &[&str]| problems(&grown(&[("x.age", bytes)], keys))[0].0;
    assert_eq!(kind(&sealed, &[]), ProblemKind::NeedsKey);
    assert_eq!(kind(&sealed, &["Wort"]), ProblemKind::NeedsKey);
    assert_eq!(kind(&sealed, &[&stranger]), ProblemKind::WrongKey);
    assert_eq!(kind(&locked, &[]), ProblemKind::NeedsKey);
    assert_eq!(kind(&locked, &[&stranger]), ProblemKind::NeedsKey);
    assert_eq!(kind(&locked, &["falsch"]), ProblemKind::WrongKey);
}

#[test]
fn damage_and_too_much_work_are_said() {
    let identity = Identity::generate().unwrap();
    let secret = identity.to_secret_text();
    let whole = to(&[&identity], &vec![7; 200_000]);
    for length in (20..whole.len()).step_by(2_999) {
        let open = grown(&[("x.age", &whole[..length])], &[&secret]);
        assert_eq!((open.tree.len(), open.problems.len()), (1, 1), "{length}");
    }
    let mut changed = whole.clone();
    changed[1000] ^= 1;
    let open = grown(&[("x.age", &changed)], &[&secret]);
    assert!(read(&open, "x.age > x").is_err());

    let text = String::from_utf8_lossy(&with("Wort", 4, b"")).into_owned();
    let header = text.split("---").next().unwrap().replacen(" 4\n", " 20\n", 1);
    let hostile = format!("{header}--- {}\n{}", "A".repeat(43), "x".repeat(50));
    assert_eq!(problems(&grown(&[("x.age", hostile.as_bytes())], &["Wort"])), [(ProblemKind::Limit, 1)]);
}
