//! Signatures are verified by the `openssl` program from the PEM of the public key.

use std::fs;
use std::process::Command;

#[test]
fn the_openssl_program_verifies_our_signatures() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("skipped: the openssl program is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let key = seal::SigningKey::generate().unwrap();
    let message = b"what a package says about its files";
    fs::write(path("key.pem"), key.public().to_pem()).unwrap();
    fs::write(path("signature"), key.sign(message)).unwrap();
    for (content, expected) in [(&message[..], true), (b"something else", false)] {
        fs::write(path("message"), content).unwrap();
        let verified = Command::new("openssl")
            .args(["pkeyutl", "-verify", "-pubin", "-rawin", "-inkey"])
            .arg(path("key.pem"))
            .arg("-sigfile")
            .arg(path("signature"))
            .arg("-in")
            .arg(path("message"))
            .output()
            .unwrap();
        assert_eq!(verified.status.success(), expected, "{}", String::from_utf8_lossy(&verified.stderr));
    }
}
