//! Damage and malice: cut anywhere, changed anywhere, far too long. Nothing panics, everything ends.

use std::time::{Duration, Instant};

use super::apk;
use super::help::{archive, checked};

/// One small example of every artefact.
fn examples() -> Vec<(&'static str, Vec<u8>)> {
    let manifest = apk::manifest(apk::Value::Resource(0x7f02_0001), true, apk::Texts::Utf8);
    vec![
        (
            "packages.json",
            br#"[{"name":"com.example.a","files":[{"path":"/data/app/x","sha256":"","certificate":{"Md5":"x"}}],"installer":"null","system":false}]"#
                .to_vec(),
        ),
        ("files.json", br#"[{"path":"/a","size":3,"sha256":""},{"path":"/b","modified_time":5}]"#.to_vec()),
        ("processes.json", br#"[{"pid":1,"uid":10,"filename":"(x)","command_line":["com.example.a"]}]"#.to_vec()),
        ("processes.txt", b"USER PID PPID VSZ RSS WCHAN ADDR S NAME\nroot 1 0 1 1 0 0 S init\n".to_vec()),
        ("getprop.txt", b"[ro.product.model]: [a]\n[x]: [b\nc]\n".to_vec()),
        ("settings_secure.txt", b"enabled_accessibility_services=a.b/.C:d.e/.F\n".to_vec()),
        ("root_binaries.json", br#"["/system/bin/su"]"#.to_vec()),
        ("mounts.json", br#"["a on /system type ext4 (rw)"]"#.to_vec()),
        ("proc/1/mountinfo", b"36 35 253:5 / /system rw - ext4 /dev/block/dm-13 rw\n".to_vec()),
        ("selinux.txt", b"Permissive\n".to_vec()),
        ("acquisition.json", br#"{"uuid":"x","started":"2026-05-03T09:12:33Z"}"#.to_vec()),
        ("package_users.json", br#"{"users":[{"id":10,"name":"x","flags":"30"}]}"#.to_vec()),
        ("adb_keys", [b"QAAAA".to_vec(), vec![b'A'; 695], b" x@y\n".to_vec()].concat()),
        (
            "tombstone_00",
            b"*** *** *** ***\nTimestamp: 2023-04-12 12:32:40.5+0200\npid: 1, tid: 2, name: x  >>> y \
            <<<\nuid: 0\n"
                .to_vec(),
        ),
        ("tombstone_00.pb", b"\x08\x01\x12\x03a/b\x22\x132023-04-12 \
        12:32:40\x38\x00\x4a\x01x\x82\x01\x02\x08\x01".to_vec()),
        ("anr/anr_1", b"----- pid 1 at 2023-05-03 10:00:00 -----\nCmd line: a.b\n".to_vec()),
        (
            "intrusion.txt",
            br#"{"security_event":{"event_time":1,"package_installed":{"package_name":"a.b","user_id":0}}}"#.to_vec(),
        ),
        ("x.apk", archive(&[("AndroidManifest.xml", &manifest), ("resources.arsc", &apk::table())])),
        ("y.apk", apk::package()),
    ]
}

#[test]
fn every_example_is_understood() {
    for (name, bytes) in examples() {
        let kept = checked(&[(name, &bytes)]);
        assert_eq!(kept.problems, [], "{name}");
        assert!(!kept.facts.is_empty(), "{name}");
    }
}

#[test]
fn cut_anywhere() {
    for (name, bytes) in examples() {
        let step = (bytes.len() / 150).max(1);
        for length in (0..bytes.len()).step_by(step) {
            let kept = checked(&[(name, &bytes[..length])]);
            assert!(kept.facts.len() < 200 && kept.problems.len() < 20, "{name} {length}");
        }
    }
}

#[test]
fn changed_anywhere() {
    for (name, bytes) in examples() {
        let step = (bytes.len() / 150).max(1);
        for at in (0..bytes.len()).step_by(step) {
            for change in [0xff, 0x01, 0x80] {
                let mut bytes = bytes.clone();
                bytes[at] ^= change;
                let kept = checked(&[(name, &bytes)]);
                assert!(kept.facts.len() < 200 && kept.problems.len() < 20, "{name} {at}");
            }
        }
    }
}

#[test]
fn far_too_much_of_anything_costs_little() {
    let long = "x".repeat(4 << 20);
    let deep = "[".repeat(4 << 20);
    let many = "/.C:a.b/.C".repeat(400_000);
    let hostile = [
        ("packages.json", format!(r#"[{{"name":"{long}","files":[]}}]"#)),
        ("packages.json", format!(r#"[{{"name":"a.b","files":{deep}"#)),
        ("packages.json", r#"[{"name":"a","files":["#.repeat(200_000)),
        ("files.json", format!("[{}]", r#"{"path":"/data/local/tmp/x"},"#.repeat(100_000))),
        ("files.json", r#"[{"path":"#.repeat(400_000)),
        ("processes.txt", format!("USER PID NAME\n{}", "a 1 com.example.x\n".repeat(200_000))),
        ("processes.txt", format!("USER PID NAME\na 1 {long}\n")),
        ("getprop.txt", format!("[a]: [{long}\n{}", "x\n".repeat(1 << 20))),
        ("settings_secure.txt", format!("enabled_accessibility_services=a.b{many}\n")),
        ("root_binaries.json", format!("[{}\"x\"]", r#""/su\n/su","#.repeat(100_000))),
        ("mounts.json", format!("[{}\"x\"]", r#""magisk on /system type x (rw)","#.repeat(100_000))),
        ("acquisition.json", format!(r#"{{"uuid":"{long}","started":"x"}}"#)),
        ("acquisition.json", format!(r#"{{"uuid":"x","started":"x","y":{deep}}}"#)),
        ("adb_keys", "QAAAA".repeat(1 << 20)),
        ("tombstone_00", format!("*** *** ***\nCmdline: {long}\n")),
        (
            "intrusion.txt",
            format!(r#"{{"security_event":{{"adb_shell_cmd":{{"command":"{}"}}}}}}"#, "a.b ".repeat(15_000)),
        ),
        ("intrusion.txt", "{\"security_event\":{\"adb_x\":{}}}\n".repeat(100_000)),
    ];
    for (name, text) in hostile {
        let begun = Instant::now();
        let kept = checked(&[(name, text.as_bytes())]);
        let spent = begun.elapsed();
        assert!(spent < Duration::from_secs(20), "{name} {spent:?}");
        assert!(kept.facts.len() <= 60_000 && kept.problems.len() < 20, "{name} {}", kept.facts.len());
        let longest = kept.facts.iter().map(|fact| format!("{:?}", fact.says).len()).max();
        assert!(longest.unwrap_or(0) < 9000, "{name} {longest:?}");
    }
}
