//! The folder that AndroidQF leaves, by the names and forms of its version 1.8.3 (June 2026): what its
//! modules write, `hashes.csv` last.

use serde_json::{Value, json};

use super::device::{self, Installed, PROPERTIES};
use super::{AndroidSize, backup, bugreport};
use crate::acquisitions::planted::{Device, Service};
use crate::acquisitions::text::{ACQUIRED_UNIX, Text, iso, moment, say};
use crate::acquisitions::{Files, Outcome, Planted, Random, background};

/// Everything in the folder.
///
/// # Errors
/// When something cannot be packed.
pub fn androidqf(planted: &Planted, size: &AndroidSize, seed: u64) -> Outcome<Files> {
    let apps = device::installed(planted, size, seed);
    let random = &mut Random::new(seed, "androidqf");
    let report = bugreport::bugreport(planted, size, seed)?;
    let small = AndroidSize { dumpstate_bytes: 0, ..*size };
    let mut files: Files = vec![
        ("acquisition.json".into(), pretty(&acquisition())?),
        ("backup.ab".into(), backup::backup(planted, 200, seed)?),
        ("bugreport.zip".into(), report),
        ("command.log".into(), b"2026-11-20T07:00:00Z [INFO] Started new acquisition\n".to_vec()),
        ("dumpsys.txt".into(), bugreport::dumpstate(planted, &small, seed)),
        (
            "env.txt".into(),
            b"ANDROID_ROOT=/system\nTMPDIR=/data/local/tmp\nEXTERNAL_STORAGE=/sdcard\n".to_vec(),
        ),
        ("files.json".into(), files_json(planted, size, random)?),
        ("getprop.txt".into(), getprop()),
        ("logcat.txt".into(), log(400, random)),
        ("logcat_old.txt".into(), log(100, random)),
        ("mounts.json".into(), pretty(&json!(MOUNTS))?),
        ("packages.json".into(), packages(&apps, random)?),
        ("processes.json".into(), processes(planted, &apps)?),
        ("root_binaries.json".into(), b"[]".to_vec()),
        ("selinux.txt".into(), b"Enforcing".to_vec()),
        ("services.txt".into(), services()),
    ];
    for space in ["system", "secure", "global"] {
        files.push((format!("settings_{space}.txt"), settings(space, &apps)));
    }
    files.sort();
    files.push(("hashes.csv".into(), hashes(&files)));
    Ok(files)
}

/// The same as one zip, each file in the folder of the acquisition.
///
/// # Errors
/// When it cannot be packed.
pub fn zipped(files: &Files) -> Outcome<Vec<u8>> {
    bugreport::zip_of(files)
}

const UUID: &str = "8a4b2f10-0000-4000-8000-000000000001";

const MOUNTS: &[&str] = &[
    "/dev/block/dm-5 on / type ext4 (ro,seclabel,nodev,relatime)",
    "/dev/block/dm-6 on /system_ext type ext4 (ro,seclabel,nodev,relatime)",
    "/dev/block/dm-7 on /product type ext4 (ro,seclabel,nodev,relatime)",
];

fn pretty(value: &Value) -> Outcome<Vec<u8>> {
    Ok(serde_json::to_vec_pretty(value)?)
}

fn acquisition() -> Value {
    json!({"uuid": UUID, "androidqf_version": "v1.8.3", "storage_path": format!("/home/erfunden/{UUID}"),
        "started": iso(ACQUIRED_UNIX), "completed": iso(ACQUIRED_UNIX + 900),
        "collector": {"ExePath": "/data/local/tmp/collector", "Installed": true, "Architecture": "arm64"},
        "tmp_dir": "/data/local/tmp/", "sdcard": "/sdcard/", "cpu": "arm64-v8a"})
}

fn getprop() -> Vec<u8> {
    let mut text = Text::default();
    for (name, value) in PROPERTIES {
        say!(text, "[{name}]: [{value}]");
    }
    text.into_bytes()
}

fn log(lines: u64, random: &mut Random) -> Vec<u8> {
    let lines: Vec<String> = (0..lines).map(|_| background::log_line(random)).collect();
    lines.join("\n").into_bytes()
}

fn services() -> Vec<u8> {
    let mut text = Text::default();
    text.add("Found 4 services:\n");
    for (number, name) in ["accessibility", "activity", "package", "window"].iter().enumerate() {
        say!(text, "{number}\t{name}: [android.os.IErfunden]");
    }
    text.into_bytes()
}

fn settings(space: &str, apps: &[Installed]) -> Vec<u8> {
    let planted = apps.iter().filter_map(|app| Some((app, app.planted.as_ref()?)));
    let on = |pick: fn(&Service) -> Option<&String>| {
        let names = planted.clone().flat_map(|(app, planted)| {
            planted.services.iter().filter_map(pick).map(move |class| format!("{0}/{0}.{class}", app.id))
        });
        names.collect::<Vec<_>>().join(":")
    };
    let accessibility =
        on(|service| if let Service::Accessibility(class) = service { Some(class) } else { None });
    let listeners = on(|service| if let Service::Listener(class) = service { Some(class) } else { None });
    let mut text = Text::default();
    match space {
        "secure" => {
            say!(text, "accessibility_enabled={}", u8::from(!accessibility.is_empty()));
            say!(
                text,
                "android_id=0123456789abcdef\ndefault_input_method=com.google.android.inputmethod.latin/com.android.inputmethod.latin.LatinIME"
            );
            say!(text, "enabled_accessibility_services={accessibility}");
            say!(text, "enabled_notification_listeners={listeners}\nlocation_mode=3\nuser_setup_complete=1");
        }
        "global" => {
            let verify = u8::from(accessibility.is_empty());
            say!(
                text,
                "adb_enabled=1\nairplane_mode_on=0\ndevelopment_settings_enabled=1\ndevice_name=Telefon 5"
            );
            say!(text, "package_verifier_user_consent={}", if verify == 1 { "1" } else { "-1" });
            say!(text, "package_verifier_enable={verify}\nwifi_on=1");
        }
        _ => text.add("screen_brightness=120\nscreen_off_timeout=60000\nvolume_ring=5\n"),
    }
    text.into_bytes()
}

fn packages(apps: &[Installed], random: &mut Random) -> Outcome<Vec<u8>> {
    let list: Vec<Value> = apps
        .iter()
        .map(|app| {
            let certificate = json!({"Md5": random.hex(16), "Sha1": app.signer_sha1.to_lowercase(),
                "Sha256": random.hex(32), "ValidFrom": "2019-01-01T00:00:00Z",
                "ValidTo": "2049-01-01T00:00:00Z",
                "Issuer": "CN=Erfunden, O=Erfunden", "Subject": "CN=Erfunden, O=Erfunden",
                "SignatureAlgorithm": "SHA256-RSA", "SerialNumber": app.uid});
            let file = json!({"path": format!("{}/base.apk", app.code_path()),
                "local_name": format!("apks/{}.apk", app.id), "md5": random.hex(16), "sha1": random.hex(20),
                "sha256": app.sha256, "sha512": random.hex(64), "error": "", "verified_certificate": true,
                "certificate": certificate, "certificate_error": "", "trusted_certificate": app.is_system});
            json!({"name": app.id, "files": [file], "installer": app.installer(), "uid": app.uid,
                "disabled": false, "system": app.is_system, "third_party": !app.is_system})
        })
        .collect();
    pretty(&Value::Array(list))
}

fn processes(planted: &Planted, apps: &[Installed]) -> Outcome<Vec<u8>> {
    let list: Vec<Value> = (1..)
        .zip(device::processes(planted, apps))
        .map(|(number, (name, user)): (u64, _)| {
            let uid = if user == "root" { 0 } else { 10_000 + number };
            json!({"pid": number * 7, "uid": uid, "ppid": 1, "pgroup": number, "psid": 0,
                "filename": format!("({name})"), "priority": 20, "state": "S", "user_time": number * 3,
                "kernel_time": number, "path": "", "context": "u:r:untrusted_app:s0", "previous_context": "",
                "command_line": [name], "env": [], "cwd": "/"})
        })
        .collect();
    pretty(&Value::Array(list))
}

fn files_json(planted: &Planted, size: &AndroidSize, random: &mut Random) -> Outcome<Vec<u8>> {
    let folders = ["/sdcard/DCIM", "/system/lib64", "/vendor/etc", "/product/app", "/apex/com.android.art"];
    let mut list = Vec::new();
    for number in 0..size.files {
        let folder = random.word(&folders);
        let path = background::path(folder, number, random);
        let sha256 = random.hex(32);
        list.push(file(&path, &sha256, "-rw-r--r--", random));
    }
    for path in planted.paths_of(Device::Android) {
        let sha256 = random.hex(32);
        list.push(file(path, &sha256, "-rwxr-xr-x", random));
    }
    for (number, sha256) in planted.file_hashes.iter().enumerate() {
        list.push(file(&format!("/sdcard/Download/erfunden{number}.apk"), sha256, "-rw-rw----", random));
    }
    pretty(&Value::Array(list))
}

fn file(path: &str, sha256: &str, mode: &str, random: &mut Random) -> Value {
    let (changed, accessed) = (moment(random), moment(random));
    json!({"path": path, "size": random.below(5_000_000), "mode": mode, "user_id": 0, "group_id": 0,
        "changed_time": changed, "modified_time": changed, "access_time": accessed, "error": "",
        "context": "u:object_r:system_file:s0", "md5": random.hex(16), "sha1": random.hex(20),
        "sha256": sha256, "sha512": random.hex(64), "mime_type": "application/octet-stream"})
}

fn hashes(files: &Files) -> Vec<u8> {
    let mut text = Text::default();
    for (path, bytes) in files {
        say!(text, "/home/erfunden/{UUID}/{path},{}", model::encode_hex(&seal::sha256(bytes).0));
    }
    text.into_bytes()
}
