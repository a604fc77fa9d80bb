//! What other programs wrote is opened: samples of public collections when they are there, and small files
//! that pyzipper 0.4.0 and SQLCipher 4.12.0 wrote with invented contents.

use model::{ReadAt, decode_hex};
use seal::foreign::{
    AesKey, Counter, Crypt15Purpose, ForeignError, ForeignHmacSha256, ForeignMd5, GcmIv, GcmTag, GcmView,
    Part, SqlcipherView, WhatsappKey, WinzipAesReader, WinzipAesStrength, ctr_decrypt, signal_frame_iv,
    signal_passphrase_key,
};
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

/// A file of the shared sample collection; nothing when it is not there.
fn sample(path: &str) -> Option<Vec<u8>> {
    let shared = std::env::var_os("ASSERVAT_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let file = std::fs::read(shared.join("data/messages").join(path)).ok();
    if file.is_none() {
        eprintln!("skipped: no sample {path}");
    }
    file
}

/// Adler-32 (RFC 1950), which stands at the end of a zlib stream and says what it unpacks to.
fn adler_32(bytes: &[u8]) -> u32 {
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    (high << 16) | low
}

/// Opens a backup whose ciphertext and initialisation vector begin here, and compares what is in it.
fn check_whatsapp(file: &[u8], start: usize, iv_start: usize, key: &AesKey, expected: &[u8]) {
    let (before_md5, md5) = file.split_at(file.len() - 16);
    assert_eq!(ForeignMd5::of(before_md5), md5);
    let (before_tag, tag) = before_md5.split_at(before_md5.len() - 16);
    let tag = GcmTag(tag.try_into().unwrap());
    let iv = GcmIv(&file[iv_start..iv_start + 16]);
    let view = |file: Vec<u8>, key: &AesKey| {
        let part = Part::new(Arc::new(file), start as u64, (before_tag.len() - start) as u64).unwrap();
        GcmView::verify(key, iv, &[], part, tag)
    };
    let opened = view(file.to_vec(), key).unwrap();
    let size = usize::try_from(opened.size_bytes()).unwrap();
    let mut packed = vec![0; size];
    assert_eq!(opened.read_at(&mut packed, 0).unwrap(), size);
    assert_eq!(packed[0], 0x78, "zlib");
    let end: [u8; 4] = packed[size - 4..].try_into().unwrap();
    assert_eq!(u32::from_be_bytes(end), adler_32(expected));

    let mut changed = file.to_vec();
    changed[start + 1000] ^= 1;
    assert!(matches!(view(changed, key).err(), Some(ForeignError::AuthenticationFailed { .. })));
    let other = AesKey::new(&[0; 32]).unwrap();
    assert!(view(file.to_vec(), &other).is_err());
}

#[test]
fn whatsapp_crypt14_and_crypt15() {
    let read = |name: &str| sample(&format!("wa-crypt-tools/res/{name}"));
    let (Some(database), Some(crypt14), Some(crypt15), Some(file_key), Some(root)) = (
        read("msgstore.db"),
        read("msgstore.db.crypt14"),
        read("msgstore.db.crypt15"),
        read("key"),
        read("encrypted_backup.key"),
    ) else {
        return;
    };
    let key = WhatsappKey::from_file(&file_key).unwrap();
    let key = key.for_crypt14(&crypt14[15..47], &crypt14[49..65]).unwrap();
    check_whatsapp(&crypt14, 190, 67, key, &database);
    let key = WhatsappKey::from_file(&root).unwrap().for_crypt15(Crypt15Purpose::Backup).unwrap();
    check_whatsapp(&crypt15, 131, 8, &key, &database);
    let digits = model::encode_hex(&root[27..]);
    let typed = WhatsappKey::from_digits(&digits).unwrap().for_crypt15(Crypt15Purpose::Backup).unwrap();
    assert_eq!(typed.as_bytes(), key.as_bytes());
}

#[test]
fn signal_backup_of_the_first_kind() {
    let Some(file) = sample("synthetic-signal/signal-v1-hv0-500.backup") else { return };
    // The head is one frame in the clear: 4 bytes length, then vector and salt as fields of a protobuf.
    let head_bytes = u32::from_be_bytes(file[..4].try_into().unwrap()) as usize;
    let iv: [u8; 16] = file[8..24].try_into().unwrap();
    let salt = &file[26..58];
    let keys = signal_passphrase_key("12345 67890 12345 67890 12345 67890", salt).unwrap();
    let first = u32::from_be_bytes(iv[..4].try_into().unwrap());
    let mut rest = &file[4 + head_bytes..];
    for count in 0..20 {
        let (length, after) = rest.split_at(4);
        let (frame, after) = after.split_at(u32::from_be_bytes(length.try_into().unwrap()) as usize);
        let (text, mac) = frame.split_at(frame.len() - 10);
        rest = after;
        let mut check = ForeignHmacSha256::new(keys.mac_key.as_bytes()).unwrap();
        check.update(text);
        assert!(check.matches(mac), "frame {count}");
        let mut text = text.to_vec();
        let iv = signal_frame_iv(&iv, first.wrapping_add(count));
        ctr_decrypt(&keys.cipher_key, Counter::BigEndian128, &iv, &mut text).unwrap();
        // The version of the database comes first, statements follow.
        assert_eq!(text[0], if count == 0 { 0x2a } else { 0x12 }, "frame {count}");
    }
}

#[test]
fn winzip_members_of_pyzipper() {
    for (number, member) in [
        (
            1,
            "8d38eabefce599a634e2402da8750bef1efb9ceb5b7d2532fe72bc81b1fdb3a68e587814831e1058b9ae0e1e69020952\
             86eaac",
        ),
        (
            2,
            "8e2cf91b72daaf2a0fbea81f73a7b9110da719c56200b685bea912efad77f8d153f95504532a2582bc94f8c987fc17e2\
             70ac300b71dc26",
        ),
        (
            3,
            "d9f2a1000c246c55da943d5c5d2c188b32e5a714db4e769b47473336ddc2e1de54165e0c4ec11d25be2acc540eb7c7ce\
             db2a01185d5e4f435190cd",
        ),
    ] {
        let member = decode_hex(member).unwrap();
        let strength = WinzipAesStrength::from_number(number).unwrap();
        let mut reader =
            WinzipAesReader::new(&member[..], b"erfunden", strength, member.len() as u64).unwrap();
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "erfundene Nachricht, lang genug");
    }
}

#[test]
fn a_database_of_sqlcipher_4() {
    let file = include_bytes!("sqlcipher4.db");
    let view =
        |key: [u8; 32]| SqlcipherView::new(&AesKey::new(&key).unwrap(), Part::whole(Arc::new(file.to_vec())));
    let opened = view([0x42; 32]).unwrap();
    let mut database = vec![0; file.len()];
    assert_eq!(opened.read_at(&mut database, 0).unwrap(), file.len());
    assert!(database.starts_with(b"SQLite format 3\0\x10\x00"));
    assert_eq!(database[20], 80, "reserved bytes");
    assert!(database.windows(19).any(|bytes| bytes == b"erfundene Nachricht"));
    assert!(matches!(view([0x43; 32]), Err(ForeignError::WrongKey)));
}
