//! Both ways with other implementations: the `age` program where it is installed, the age crate for
//! passphrases.

use crate::{drain, open, pair, plaintext};
use seal::{OpenWith, Passphrase, SealError, SealTo, WorkFactor};
use std::fs;
use std::io::{Read, Write};
use std::process::Command;

const SIZES: [usize; 7] = [0, 1, 65_535, 65_536, 65_537, 131_072, (5 << 20) + 3];

#[test]
fn the_age_program_opens_our_files_and_we_open_its() {
    if Command::new("age").arg("--version").output().is_err() {
        eprintln!("skipped: the age program is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (one, two) = (pair(), pair());
    let recipients = [one.1[0].clone(), two.1[0].clone()];
    fs::write(path("key"), two.0[0].to_secret_text().as_str()).unwrap();
    for size in SIZES {
        let plaintext = plaintext(size);

        fs::write(path("ours"), seal::seal_bytes(&plaintext, &SealTo::Recipients(&recipients)).unwrap())
            .unwrap();
        let age =
            Command::new("age").arg("-d").arg("-i").arg(path("key")).arg(path("ours")).output().unwrap();
        assert!(age.status.success(), "{}", String::from_utf8_lossy(&age.stderr));
        assert!(age.stdout == plaintext, "{size} bytes");

        fs::write(path("plain"), &plaintext).unwrap();
        let mut age = Command::new("age");
        for recipient in &recipients {
            age.arg("-r").arg(recipient.to_string());
        }
        assert!(age.arg("-o").arg(path("theirs")).arg(path("plain")).status().unwrap().success());
        for identity in [&one.0, &two.0] {
            let opened = open(fs::read(path("theirs")).unwrap(), &OpenWith::Identities(identity)).unwrap();
            let (released, error) = drain(&opened);
            assert!(error.is_none() && released == plaintext, "{size} bytes");
        }
    }
}

#[test]
fn passphrases_both_ways_through_the_age_crate() {
    let text = "Pferd Batterie Heftklammer richtig – ß";
    let passphrase = Passphrase::new(text.to_owned());
    let wrong = Passphrase::new("Pferd".to_owned());
    for size in SIZES {
        let plaintext = plaintext(size);

        let to = SealTo::Passphrase { passphrase: &passphrase, work_factor: WorkFactor::new(10).unwrap() };
        let ours = seal::seal_bytes(&plaintext, &to).unwrap();
        let identity = age::scrypt::Identity::new(text.into());
        let mut released = Vec::new();
        let opened = age::Decryptor::new(&ours[..]).unwrap().decrypt(std::iter::once(&identity as _));
        opened.unwrap().read_to_end(&mut released).unwrap();
        assert!(released == plaintext, "{size} bytes");

        let mut recipient = age::scrypt::Recipient::new(text.into());
        recipient.set_work_factor(10);
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as _)).unwrap();
        let mut theirs = Vec::new();
        let mut writer = encryptor.wrap_output(&mut theirs).unwrap();
        writer.write_all(&plaintext).unwrap();
        writer.finish().unwrap();
        let (released, error) = drain(&open(theirs.clone(), &OpenWith::Passphrase(&passphrase)).unwrap());
        assert!(error.is_none() && released == plaintext, "{size} bytes");
        assert!(matches!(open(theirs, &OpenWith::Passphrase(&wrong)), Err(SealError::WrongKey)));
    }
}

#[test]
fn the_lock_is_known_without_a_key() {
    let passphrase = Passphrase::new("x".to_owned());
    let to = SealTo::Passphrase { passphrase: &passphrase, work_factor: WorkFactor::new(1).unwrap() };
    assert_eq!(seal::lock_of(&seal::seal_bytes(b"", &to).unwrap()).unwrap(), seal::Lock::Passphrase);
    assert_eq!(seal::lock_of(&crate::sealed(b"").0).unwrap(), seal::Lock::Recipients);
    for log2_n in [0, 21, 255] {
        assert!(matches!(WorkFactor::new(log2_n), Err(SealError::WorkFactorNotAllowed { .. })));
    }
}
