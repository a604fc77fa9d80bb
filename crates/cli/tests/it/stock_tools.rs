//! What we write opens and verifies with stock tools alone: age, tar, bagit.py, sha256sum, openssl.

use std::fs;
use std::io::Write as _;

use crate::place::{Place, have, tool};

#[test]
fn a_capsule_opens_with_age_and_tar_and_is_a_valid_bag() {
    if !(have("age") && have("tar")) {
        return;
    }
    let place = Place::new();
    place.new_case();
    place.secure();
    let capsule = place.capsule();
    let folder = place.path("case");
    // The keyring is sealed to the identity in key.txt; opened, it is an identity file for everything else.
    tool(&folder, "age", &["-d", "-i", "../key.txt", "-o", "../keyring.txt", "keys/client.age"]);
    tool(&folder, "age", &["-d", "-i", "../keyring.txt", "-o", "../bag.tar", capsule.to_str().unwrap()]);
    let scratch = place.path("out");
    fs::create_dir(&scratch).unwrap();
    tool(&scratch, "tar", &["xf", "../bag.tar"]);
    let top = fs::read_dir(&scratch).unwrap().next().unwrap().unwrap().path();
    assert_eq!(
        fs::read_to_string(top.join("data/phone/chat.txt")).unwrap(),
        "invented: come to the station\n"
    );
    assert_eq!(fs::read_to_string(top.join("data/_named/0")).unwrap(), "invented: a reserved name");
    let secured = fs::metadata(place.path("phone/chat.txt")).unwrap().modified().unwrap();
    let unpacked = fs::metadata(top.join("data/phone/chat.txt")).unwrap().modified().unwrap();
    assert_eq!(secured, unpacked, "the time of the file came along, to the nanosecond");
    if have("bagit.py") {
        tool(&scratch, "bagit.py", &["--validate", top.to_str().unwrap()]);
    }
    // Bodies of the log are plain age files too.
    let body = tool(&folder, "age", &["-d", "-i", "../keyring.txt", "log/entries/000000.age"]);
    assert!(body.contains("\"kind\":\"case.created\""), "{body}");
}

#[test]
fn a_capsule_through_a_pipe_is_checked_like_a_file() {
    let place = Place::new();
    place.new_case();
    place.secure();
    let capsule = fs::read(place.capsule()).unwrap();
    assert_eq!(piped(&place, &capsule), Some(0));
    assert_eq!(piped(&place, &capsule[..capsule.len() - 1]), Some(1), "a cut is found");
    assert_ne!(piped(&place, b"something else"), Some(0));
}

/// The exit code of checking what comes through a pipe, with a key that opens it.
fn piped(place: &Place, bytes: &[u8]) -> Option<i32> {
    let keyring = place.path("keyring.txt");
    if !keyring.exists() {
        let sealed = fs::read(place.path("case/keys/client.age")).unwrap();
        let holder = seal::IdentityFile::parse(&fs::read_to_string(place.path("key.txt")).unwrap()).unwrap();
        let opened = seal::open_bytes(&sealed, &seal::OpenWith::IdentityFile(&holder), 1 << 20).unwrap();
        fs::write(&keyring, opened).unwrap();
    }
    let mut child = std::process::Command::new(crate::place::PROGRAM)
        .args(["verify", "/dev/stdin", "--key-file", keyring.to_str().unwrap()])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    child.wait().unwrap().code()
}

#[test]
fn a_package_verifies_with_sha256sum_openssl_and_bagit() {
    let place = Place::new();
    place.new_case();
    place.secure();
    let given = [
        "consent",
        "case",
        "give",
        "--to",
        "police",
        "--purpose",
        "complaint",
        "--until",
        "2099-01-01",
        "--how",
        "signed",
    ];
    place.done(&given);
    let listed: serde_json::Value =
        serde_json::from_str(&place.done(&["consent", "case", "list", "--json"])).unwrap();
    let id = first_text(&listed, "id").unwrap();
    place.done(&["handover", "case", "--to", "police", "--consent", &id, "package"]);
    let package = place.path("package");
    if have("sha256sum") {
        tool(&package, "sha256sum", &["--strict", "-c", "SHA256SUMS"]);
    }
    if have("openssl") {
        let verify = [
            "pkeyutl",
            "-verify",
            "-pubin",
            "-inkey",
            "custody/signer.pem",
            "-rawin",
            "-in",
            "SHA256SUMS",
            "-sigfile",
            "SHA256SUMS.sig",
        ];
        assert!(tool(&package, "openssl", &verify).contains("Success"));
        let raw = tool(
            &package,
            "sh",
            &["-c", "openssl pkey -pubin -in custody/signer.pem -outform DER | tail -c 32 | sha256sum"],
        );
        let printed = place.done(&["fingerprint"]).replace([' ', '\n'], "");
        assert!(
            printed.contains(raw.split(' ').next().unwrap()),
            "the fingerprint on paper is that of the key inside"
        );
    }
    if have("bagit.py") {
        tool(&package, "bagit.py", &["--validate", "bag"]);
    }
    let readme = fs::read_to_string(package.join("READ-ME-FIRST.txt")).unwrap();
    assert!(readme.contains("openssl pkeyutl -verify"));
}

/// The first text under this name anywhere in a JSON value.
fn first_text(value: &serde_json::Value, name: &str) -> Option<String> {
    match value {
        serde_json::Value::Object(map) => map
            .get(name)
            .and_then(|found| found.as_str().map(str::to_owned))
            .or_else(|| map.values().find_map(|inner| first_text(inner, name))),
        serde_json::Value::Array(items) => items.iter().find_map(|inner| first_text(inner, name)),
        _ => None,
    }
}
