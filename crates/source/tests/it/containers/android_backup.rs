//! Backups of `adb backup` made here. All texts are invented.

use std::fmt::Write as _;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use model::ReadLimits;
use model::record::ProblemKind;
use seal::foreign::{Pbkdf2Hash, pbkdf2};

use super::{cbc, grown, grown_within, listing, padded, problems, read};

const PATH: &str = "apps/com.android.providers.telephony/d_f/000000_sms_backup";
const TEXT: &[u8] = b"[{\"body\":\"erfunden\"}]";
const PASSWORD: &str = "erfundenes Passwort";
const MASTER_KEY: [u8; 32] = [0x21; 32];

fn archive() -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(TEXT.len() as u64);
    builder.append_data(&mut header, PATH, TEXT).unwrap();
    builder.into_inner().unwrap()
}

fn backup(version: u32, is_compressed: bool, is_encrypted: bool) -> Vec<u8> {
    let mut payload = archive();
    if is_compressed {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&payload).unwrap();
        payload = encoder.finish().unwrap();
    }
    let mut head = format!("ANDROID BACKUP\n{version}\n{}\n", u8::from(is_compressed));
    if is_encrypted {
        let derive = |password: &[u8], salt: &[u8]| {
            pbkdf2(Pbkdf2Hash::Sha1, password, salt, 50, 50, 32).unwrap().as_bytes().to_vec()
        };
        let (user_salt, check_salt, user_iv, iv) = ([1; 64], [2; 64], [3; 16], [4; 16]);
        let check = derive(&MASTER_KEY, &check_salt);
        let blob = [&[16][..], &iv, &[32], &MASTER_KEY, &[32], &check].concat();
        let blob = cbc(&derive(PASSWORD.as_bytes(), &user_salt), user_iv, &padded(&blob));
        let hex = |bytes: &[u8]| model::encode_hex(bytes).to_uppercase();
        let (salts, rest) = ((hex(&user_salt), hex(&check_salt)), (hex(&user_iv), hex(&blob)));
        write!(head, "AES-256\n{}\n{}\n50\n{}\n{}\n", salts.0, salts.1, rest.0, rest.1).unwrap();
        payload = cbc(&MASTER_KEY, iv, &padded(&payload));
    } else {
        head.push_str("none\n");
    }
    [head.into_bytes(), payload].concat()
}

#[test]
fn every_version_opens_as_an_archive() {
    let steps = format!("x.ab > backup.tar > {PATH}");
    for version in 1..=5 {
        for (is_compressed, is_encrypted) in [(false, false), (true, false), (false, true), (true, true)] {
            let bytes = backup(version, is_compressed, is_encrypted);
            let open = grown(&[("x.ab", &bytes)], &["falsch", PASSWORD]);
            assert_eq!(problems(&open), []);
            assert_eq!(listing(&open), ["x.ab", "x.ab > backup.tar", &steps]);
            assert_eq!(read(&open, &steps).unwrap(), TEXT);
        }
    }
    assert_eq!(problems(&grown(&[("x.ab", &backup(6, true, false))], &[])), [(ProblemKind::Unsupported, 1)]);
}

#[test]
fn without_the_password_it_stays_closed() {
    let bytes = backup(4, true, true);
    assert_eq!(problems(&grown(&[("x.ab", &bytes)], &[])), [(ProblemKind::NeedsKey, 1)]);
    assert_eq!(problems(&grown(&[("x.ab", &bytes)], &["falsch"])), [(ProblemKind::WrongKey, 1)]);
    let limits = ReadLimits { key_rounds: 49, ..ReadLimits::DEFAULT };
    let open = grown_within(&[("x.ab", &bytes)], &[PASSWORD], &limits);
    assert_eq!(problems(&open), [(ProblemKind::Limit, 1)]);
}

#[test]
fn damage_is_said() {
    let bytes = backup(4, false, true);
    let open = grown(&[("x.ab", &bytes[..bytes.len() - 100])], &[PASSWORD]);
    assert_eq!(problems(&open)[0], (ProblemKind::Truncated, 1));
    assert_eq!(read(&open, &format!("x.ab > backup.tar > {PATH}")).unwrap(), TEXT);
    assert_eq!(
        problems(&grown(&[("x.ab", b"ANDROID BACKUP\n4\n1\nAES-256\n")], &[])),
        [(ProblemKind::Damaged, 1)]
    );
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let open = grown(&[("x.ab", &changed)], &[PASSWORD]);
        for name in listing(&open) {
            let _ = read(&open, &name);
        }
    }
    let mut bomb = b"ANDROID BACKUP\n5\n1\nnone\n".to_vec();
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&vec![0; 10 << 20]).unwrap();
    bomb.extend(encoder.finish().unwrap());
    let limits = ReadLimits { unpacked_bytes: 1 << 20, ..ReadLimits::DEFAULT };
    assert!(read(&grown_within(&[("x.ab", &bomb)], &[], &limits), "x.ab > backup.tar").is_err());
}
