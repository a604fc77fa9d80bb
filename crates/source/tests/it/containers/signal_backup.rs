//! Backups of Signal: a synthetic one that other programs read too, and ones made here of both versions. All
//! people and texts are invented.

use std::fs;

use model::record::ProblemKind;
use seal::foreign::{
    Counter, ForeignHmacSha256, SignalBackupKeys, ctr_decrypt, signal_frame_iv, signal_passphrase_key,
};

use super::{grown, listing, problems, read, read_random, samples};

const DIGITS: &str = "12345 67890 12345 67890 12345 67890";

fn split(mut frames: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while let Some((length, rest)) = frames.split_first_chunk::<4>() {
        let (frame, rest) = rest.split_at(u32::from_be_bytes(*length) as usize);
        found.push(frame);
        frames = rest;
    }
    found
}

#[test]
fn the_synthetic_sample_opens() {
    let Some(folder) = samples("synthetic-signal") else { return };
    let bytes = fs::read(folder.join("signal-v1-hv0-500.backup")).unwrap();
    let open = grown(&[("s.backup", &bytes)], &["falsch", DIGITS]);
    assert_eq!(problems(&open), []);
    let attachments: Vec<String> =
        listing(&open).into_iter().filter(|path| path.contains("attachments/")).collect();
    assert_eq!(attachments.len(), 15);
    let sizes: usize = attachments.iter().map(|path| read(&open, path).unwrap().len()).sum();
    assert_eq!(sizes, 38_449);
    assert_eq!(read_random(&open, &attachments[0]).unwrap(), read(&open, &attachments[0]).unwrap());
    let frames = read(&open, "s.backup > frames").unwrap();
    let (_, entry) = open.tree.entries().find(|(_, entry)| entry.path() == "frames").unwrap();
    assert_eq!(entry.size_bytes(), frames.len() as u64);
    let frames = split(&frames);
    let inserts = frames.iter().filter(|frame| frame.windows(19).any(|text| text == b"INSERT INTO message"));
    assert_eq!(inserts.count(), 500);
    let wrong = grown(&[("s.backup", &bytes)], &["000000000000000000000000000000"]);
    assert_eq!(problems(&wrong), [(ProblemKind::WrongKey, 1)]);
    assert_eq!(problems(&grown(&[("s.backup", &bytes)], &["kein"])), [(ProblemKind::NeedsKey, 1)]);
}

const IV: [u8; 16] = [0xff, 0xff, 0xff, 0xfe, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/// A backup while it is written.
struct Writer {
    bytes: Vec<u8>,
    keys: SignalBackupKeys,
    counter: u32,
    version: u8,
}

impl Writer {
    fn new(version: u8) -> Self {
        let header = [&[0x0a, 54, 0x0a, 16][..], &IV, &[0x12, 32], &[7; 32], &[0x18, version]].concat();
        let bytes = [&u32::try_from(header.len()).unwrap().to_be_bytes()[..], &header].concat();
        let keys = signal_passphrase_key(DIGITS, &[7; 32]).unwrap();
        Self { bytes, keys, counter: u32::from_be_bytes([0xff, 0xff, 0xff, 0xfe]), version }
    }

    fn encrypted(&mut self, plain: &[u8]) -> Vec<u8> {
        let mut text = plain.to_vec();
        let iv = signal_frame_iv(&IV, self.counter);
        ctr_decrypt(&self.keys.cipher_key, Counter::BigEndian128, &iv, &mut text).unwrap();
        self.counter = self.counter.wrapping_add(1);
        text
    }

    fn mac(&self, parts: &[&[u8]]) -> [u8; 10] {
        let mut mac = ForeignHmacSha256::new(self.keys.mac_key.as_bytes()).unwrap();
        for part in parts {
            mac.update(part);
        }
        mac.finish()[..10].try_into().unwrap()
    }

    fn frame(&mut self, message: &[u8]) {
        let length = u32::try_from(message.len() + 10).unwrap().to_be_bytes();
        let stored = if self.version == 0 {
            let text = self.encrypted(message);
            [&length[..], &text, &self.mac(&[&text])].concat()
        } else {
            let text = self.encrypted(&[&length[..], message].concat());
            [&text[..], &self.mac(&[&text])].concat()
        };
        self.bytes.extend(stored);
    }

    fn blob(&mut self, plain: &[u8]) {
        let iv = signal_frame_iv(&IV, self.counter);
        let text = self.encrypted(plain);
        let mac = self.mac(&[&iv, &text]);
        self.bytes.extend([&text[..], &mac].concat());
    }
}

fn backup(version: u8) -> (Vec<u8>, Vec<usize>) {
    let mut writer = Writer::new(version);
    let mut ends = vec![writer.bytes.len()];
    writer.frame(&[0x2a, 2, 8, 99]);
    ends.push(writer.bytes.len());
    writer.frame(b"\x12\x0a\x0a\x08erfunden");
    ends.push(writer.bytes.len());
    writer.frame(&[0x22, 6, 8, 5, 16, 9, 24, 20]);
    writer.blob(b"ein erfundenes Bild.");
    ends.push(writer.bytes.len());
    writer.frame(b"\x3a\x08\x0a\x01x\x10\x04\x1a\x014");
    writer.blob(b"Kopf");
    writer.frame(&[0x42, 4, 8, 77, 16, 3]);
    writer.blob(b"abc");
    writer.frame(&[0x30, 1]);
    (writer.bytes, ends)
}

#[test]
fn both_header_versions_open() {
    for version in [0, 1] {
        let (bytes, _) = backup(version);
        let open = grown(&[("s.backup", &bytes)], &[DIGITS]);
        assert_eq!(problems(&open), []);
        let expected = [
            "s.backup",
            "s.backup > attachments/5_9",
            "s.backup > avatars/4",
            "s.backup > frames",
            "s.backup > stickers/77",
        ];
        assert_eq!(listing(&open), expected);
        assert_eq!(read(&open, expected[1]).unwrap(), b"ein erfundenes Bild.");
        assert_eq!(read_random(&open, expected[1]).unwrap(), b"ein erfundenes Bild.");
        assert_eq!(read(&open, expected[2]).unwrap(), b"Kopf");
        assert_eq!(read(&open, expected[4]).unwrap(), b"abc");
        let frames = read(&open, expected[3]).unwrap();
        assert_eq!(split(&frames).len(), 7);
        assert_eq!(split(&frames)[2], b"\x12\x0a\x0a\x08erfunden");
    }
}

#[test]
fn what_is_damaged_is_passed_over() {
    for version in [0, 1] {
        let (bytes, ends) = backup(version);
        let mut changed = bytes.clone();
        changed[ends[1] + 8] ^= 1;
        let open = grown(&[("s.backup", &changed)], &[DIGITS]);
        assert_eq!(problems(&open), [(ProblemKind::Damaged, 1)]);
        assert_eq!(split(&read(&open, "s.backup > frames").unwrap()).len(), 6);
        assert_eq!(read(&open, "s.backup > stickers/77").unwrap(), b"abc");
        let mut changed = bytes.clone();
        changed[ends[3] - 12] ^= 1;
        let open = grown(&[("s.backup", &changed)], &[DIGITS]);
        assert_eq!(problems(&open), []);
        assert!(read(&open, "s.backup > attachments/5_9").is_err());
        assert!(read_random(&open, "s.backup > attachments/5_9").is_err());
        // Each costs the rounds of the passphrase.
        for end in (0..bytes.len()).step_by(23) {
            let open = grown(&[("s.backup", &bytes[..end])], &[DIGITS]);
            for name in listing(&open) {
                let _ = read(&open, &name);
            }
            if end >= ends[1] {
                assert!(problems(&open).iter().any(|(kind, _)| *kind == ProblemKind::Truncated), "{end}");
            }
        }
    }
}
