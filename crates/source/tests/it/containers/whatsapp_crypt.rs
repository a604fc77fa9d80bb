//! Encrypted backups of WhatsApp: real samples, and one of crypt12 made by hand.

use std::fs;
use std::io::Write;

use model::record::ProblemKind;
use seal::foreign::{AesKey, Counter, ctr_decrypt};

use super::{encrypted_block, grown, listing, problems, read, samples};

#[test]
fn the_samples_open_with_their_keys() {
    let Some(folder) = samples("wa-crypt-tools") else { return };
    let sample = |name: &str| fs::read(folder.join("res").join(name)).unwrap();
    let plain = sample("msgstore.db");
    for (ending, key) in [("crypt14", "key"), ("crypt15", "encrypted_backup.key")] {
        let name = format!("WhatsApp/Databases/msgstore.db.{ending}");
        let backup = sample(&format!("msgstore.db.{ending}"));
        let (root, other) = (sample(key), sample(if key == "key" { "encrypted_backup.key" } else { "key" }));
        let inner = format!("{name} > msgstore.db");
        let open = grown(&[(&name, &backup), ("x/key", &other), (&format!("files/{key}"), &root)], &[]);
        assert_eq!(problems(&open), []);
        assert_eq!(read(&open, &inner).unwrap(), plain);
        assert_eq!(problems(&grown(&[(&name, &backup)], &[])), [(ProblemKind::NeedsKey, 1)]);
        let wrong = [(ProblemKind::WrongKey, 1)];
        assert_eq!(problems(&grown(&[(&name, &backup), ("key", &other)], &[])), wrong);
        assert_eq!(problems(&grown(&[(&name, &backup)], &[&"ab".repeat(32)])), wrong);
        let mut wrong_md5 = backup.clone();
        *wrong_md5.last_mut().unwrap() ^= 1;
        let open = grown(&[(&name, &wrong_md5), (key, &root)], &[]);
        assert_eq!(problems(&open), [(ProblemKind::Damaged, 1)]);
        assert_eq!(read(&open, &inner).unwrap(), plain);
        let without_md5 = &backup[..backup.len() - 16];
        let open = grown(&[(&name, without_md5), (key, &root)], &[]);
        assert_eq!(problems(&open), []);
        assert_eq!(read(&open, &inner).unwrap(), plain);
        let mut changed = backup.clone();
        changed[backup.len() / 2] ^= 1;
        let open = grown(&[(&name, &changed), (key, &root)], &[]);
        assert_eq!((problems(&open).len(), listing(&open).len()), (1, 2));
    }
    let digits = model::encode_hex(&sample("encrypted_backup.key")[27..59]);
    let open = grown(&[("m.db.crypt15", &sample("msgstore.db.crypt15"))], &[&digits.to_uppercase()]);
    assert_eq!(read(&open, "m.db.crypt15 > m.db").unwrap(), plain);
}

/// GHASH, the plain way: multiplication bit by bit.
fn ghash(key: u128, blocks: &[u8]) -> u128 {
    let mut sum = 0_u128;
    for block in blocks.chunks(16) {
        let mut padded = [0; 16];
        padded[..block.len()].copy_from_slice(block);
        let (mut product, mut factor) = (0, key);
        let left = sum ^ u128::from_be_bytes(padded);
        for bit in (0..128).rev() {
            if left >> bit & 1 == 1 {
                product ^= factor;
            }
            factor = factor >> 1 ^ if factor & 1 == 1 { 0xe1 << 120 } else { 0 };
        }
        sum = product;
    }
    sum
}

fn block(key: &AesKey, input: u128) -> u128 {
    u128::from_be_bytes(encrypted_block(key, input.to_be_bytes()))
}

/// Ciphertext and tag of AES-GCM with a vector of 16 bytes.
fn gcm(key: &[u8], iv: &[u8; 16], plain: &[u8]) -> Vec<u8> {
    let key = AesKey::new(key).unwrap();
    let hash_key = block(&key, 0);
    let lengths = |bytes: usize| (bytes as u128 * 8).to_be_bytes();
    let first = ghash(hash_key, &[&iv[..], &lengths(16)].concat());
    let mut text = plain.to_vec();
    ctr_decrypt(&key, Counter::BigEndian32, &(first + 1).to_be_bytes(), &mut text).unwrap();
    let padding = vec![0; (16 - text.len() % 16) % 16];
    let sum = ghash(hash_key, &[&text[..], &padding, &lengths(text.len())].concat());
    text.extend((sum ^ block(&key, first)).to_be_bytes());
    text
}

#[test]
fn crypt12_opens_with_its_key_file() {
    let (salt, id, aes, iv) = ([1; 32], [2; 16], [3; 32], [4; 16]);
    let prefix = model::decode_hex("aced0005757200025b42acf317f8060854e002000078700000008300010a").unwrap();
    let key = [&prefix[..], &salt, &id, &[0; 32], &[0; 16], &aes].concat();
    assert_eq!(key.len(), 158);
    let plain = b"SQLite format 3\0 erfunden ".repeat(5000);
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&plain).unwrap();
    let packed = packed.finish().unwrap();
    let mut backup = [&[0, 1, 10][..], &salt, &id, &iv, &gcm(&aes, &iv, &packed)].concat();
    let md5 = seal::foreign::ForeignMd5::of(&backup);
    backup.extend(md5);
    backup.extend(b"--01");
    let open = grown(&[("key", &key), ("msgstore.db.crypt12", &backup)], &[]);
    assert_eq!(problems(&open), []);
    assert_eq!(read(&open, "msgstore.db.crypt12 > msgstore.db").unwrap(), plain);
    // The key may lie in a container that comes later.
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(key.len() as u64);
    archive.append_data(&mut header, "data/data/com.whatsapp/files/key", key.as_slice()).unwrap();
    let archive = archive.into_inner().unwrap();
    let open = grown(&[("msgstore.db.crypt12", &backup), ("z.tar", &archive)], &[]);
    assert_eq!(problems(&open), []);
    assert_eq!(read(&open, "msgstore.db.crypt12 > msgstore.db").unwrap(), plain);
    backup[100] ^= 1;
    let open = grown(&[("key", &key), ("msgstore.db.crypt12", &backup)], &[]);
    assert_eq!(problems(&open), [(ProblemKind::Damaged, 1)]);
    // A media backup holds a zip archive as it is.
    let backup = [&[0, 1, 10][..], &salt, &id, &iv, &gcm(&aes, &iv, b"PK no archive")].concat();
    let open = grown(&[("key", &key), ("backup_settings.json.crypt12", &backup)], &[]);
    assert_eq!(read(&open, "backup_settings.json.crypt12 > backup_settings.json").unwrap(), b"PK no archive");
}
