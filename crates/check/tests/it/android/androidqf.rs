//! Acquisitions by AndroidQF and the files around them, made here. All apps and people are invented.

use std::fmt::Write as _;

use check::Question as Q;
use check::{AppOrigin, AppSays, Fingerprint, Says, ServiceState, TraceKind, UserKind, Wholly};
use seal::{Identity, SealTo, seal_bytes};

use super::help::{about, archive, checked, checked_with, looked, settings, signs, traces};

const SHA256: &str = "744ed47f8176ec423840344c33e88bd2c96e8988cda0797f3415bb5229efc12b";

/// An app as AndroidQF lists it.
fn package(name: &str, path: &str, rest: &str) -> String {
    format!(
        r#"{{"name":"{name}","files":[{{"path":"{path}","local_name":"","md5":"","sha1":"","sha256":"{SHA256}",
        "sha512":"","error":"","verified_certificate":true,"certificate":{{"Md5":"556c6019249bbc0cab70495178d3a9d1",
        "Sha1":"38A0F7D505FE18FEC64FBF343ECAAAF310DBD799","Sha256":"","ValidFrom":"2010-06-25T23:07:16Z",
        "Subject":"CN=Erfunden","SerialNumber":955466096586930338769951715633687128507538251257}}}}],{rest}}}"#
    )
}

#[test]
fn apps_of_every_version_of_androidqf() {
    let added = r#""installer":"null","uid":10271,"disabled":false,"system":false,"third_party":true"#;
    let factory =
        r#""installer":"com.android.vending","uid":1,"disabled":true,"system":true,"third_party":false"#;
    let list = [
        package("com.example.added", "/data/app/~~x==/com.example.added-1==/base.apk", added),
        package("com.example.factory", "/system/app/Factory/Factory.apk", factory),
        package("com.example.updated", "/data/app/com.example.updated-1/base.apk", factory),
        r#"{"name":"com.example.gone","files":null,"installer":"","uid":5,"system":false}"#.to_owned(),
        r#"{"user_id":10,"installed":false,"name":"com.example.removed","files":[]}"#.to_owned(),
    ];
    let kept = checked(&[("x/packages.json", format!("[\n{}\n]\n", list.join(",\n")).as_bytes())]);
    assert_eq!(kept.problems, []);
    let added = about(&kept, "com.example.added");
    assert_eq!(added[0], &AppSays::Installed(AppOrigin::Added));
    assert!(added.contains(&&AppSays::Installer(None)));
    let hash = |text: &str| Fingerprint::parse(text).unwrap();
    assert!(added.contains(&&AppSays::Bytes(hash(SHA256))));
    assert!(added.contains(&&AppSays::Signer(hash("38a0f7d505fe18fec64fbf343ecaaaf310dbd799"))));
    assert!(added.contains(&&AppSays::Signer(hash("556c6019249bbc0cab70495178d3a9d1"))));
    let factory = about(&kept, "com.example.factory");
    assert_eq!(factory[..2], [&AppSays::Installed(AppOrigin::Factory), &AppSays::Off]);
    assert_eq!(about(&kept, "com.example.updated")[0], &AppSays::Installed(AppOrigin::FactoryUpdated));
    assert_eq!(about(&kept, "com.example.gone"), [&AppSays::Mentioned]);
    assert_eq!(about(&kept, "com.example.removed"), [&AppSays::Removed(None)]);
    assert_eq!(
        looked(&kept),
        [(Q::Apps, Wholly::Yes, 5), (Q::AppSignatures, Wholly::No, 3), (Q::RemovedApps, Wholly::No, 1)]
    );
}

#[test]
fn processes_in_every_form() {
    let lines = b"USER           PID  PPID     VSZ    RSS WCHAN            ADDR S NAME\n\
        root             1     0   68696   2864 0                   0 S init\n\
        root             2     0       0      0 0                   0 S [kthreadd]\n\
        u10_a55        345     1   68696   2864 0                   0 S com.example.watch:remote\n\
        shell          400     1   68696   2864 0                   0 S /data/local/tmp/x\n";
    let list = br#"[{"pid":345,"uid":1010055,"filename":"(example.watch)","path":"","command_line":
        ["com.example.watch:remote"],"env":null},{"pid":400,"uid":2000,"filename":"(x)","path":
        "/data/local/tmp/x","command_line":null},{"pid":401,"uid":2000,"filename":"(collector)",
        "command_line":["/data/local/tmp/collector","ps"]}]"#;
    for (name, bytes) in
        [("processes.txt", &lines[..]), ("ps.txt", lines), ("processes.json", list), ("processes.txt", list)]
    {
        let kept = checked(&[(name, bytes)]);
        assert_eq!(kept.problems, [], "{name}");
        assert_eq!(about(&kept, "com.example.watch"), [&AppSays::Ran(None)], "{name}");
        assert_eq!(signs(&kept), [("process-odd-path", "/data/local/tmp/x")], "{name}");
        let user = kept.facts.iter().find_map(|fact| match &fact.says {
            Says::App(app) => app.user,
            _ => None,
        });
        assert_eq!(user, Some(10), "{name}");
        assert!(traces(&kept, TraceKind::Process).contains(&"com.example.watch:remote"));
        assert_eq!(looked(&kept)[0].0, Q::Processes);
    }
    assert!(checked(&[("processes.txt", b"nothing of that sort\n")]).facts.is_empty());
}

#[test]
fn properties_tell_the_device_and_a_changed_system() {
    let text = b"[ro.product.manufacturer]: [Erfunden]\r\n[ro.product.model]: [Eins]\n\
        [ro.build.version.release]: [13]\n[ro.build.version.security_patch]: [2022-01-05]\n\
        [gsm.sim.operator.alpha]: [a\nb]\n[ro.boot.verifiedbootstate]: [orange]\n\
        [ro.boot.vbmeta.device_state]: [unlocked]\n[ro.boot.flash.locked]: [1]\n[init.svc.magiskd]: \
        [running]\n";
    let kept = checked(&[("getprop.txt", text)]);
    let device = kept.facts.iter().find_map(|fact| match &fact.says {
        Says::Device(device) => Some(device),
        _ => None,
    });
    let device = device.unwrap();
    assert_eq!(device.model.as_deref(), Some("Erfunden Eins"));
    assert_eq!((device.system.as_deref(), device.patched.as_deref()), (Some("13"), Some("2022-01-05")));
    let names: Vec<&str> = signs(&kept).iter().map(|sign| sign.0).collect();
    assert_eq!(names, ["verified-boot-not-green", "bootloader-unlocked", "root-trace"]);
    assert_eq!(traces(&kept, TraceKind::Property).len(), 9);
    assert!(!settings(&kept).iter().any(|(name, _)| name.starts_with("gsm")));
    assert_eq!(looked(&kept)[0], (Q::SystemAge, Wholly::Yes, 9));
}

#[test]
fn an_old_system_that_names_no_day_is_not_said_to_be_new() {
    for day in ["", "[ro.build.version.security_patch]: [x]\n", "[ro.build.version.security_patch]: []\n"] {
        let text = format!("[ro.build.version.release]: [5.1]\n{day}");
        let kept = checked(&[("getprop.txt", text.as_bytes())]);
        let looked = looked(&kept);
        assert!(looked.iter().all(|of| of.0 == Q::SystemIntegrity && of.1 == Wholly::No), "{looked:?}");
    }
}

#[test]
fn settings_tell_what_is_switched_on() {
    let secure = b"accessibility_enabled=1\n\
        enabled_accessibility_services=com.example.watch/.Eye:com.example.help/org.other.Helper\n\
        enabled_notification_listeners=com.example.watch/com.example.watch.Ear\n\
        enabled_input_methods=com.example.keys/.Keys;1;2:com.example.keys2/.Keys\n\
        default_input_method=com.example.keys/.Keys\nalways_on_vpn_app=com.example.vpn\n\
        bluetooth_name=Erfundenes Telefon\nwifi_networks_secret=geheim\n";
    let global = b"http_proxy=proxy.example.net:8080\nadb_enabled=1\npackage_verifier_user_consent=-1\n";
    let kept = checked(&[("a/settings_secure.txt", secure), ("a/settings_global.txt", global)]);
    assert_eq!(kept.problems, []);
    let state = ServiceState::Enabled;
    let eye =
        AppSays::Accessibility { component: "com.example.watch/com.example.watch.Eye".to_owned(), state };
    let ear = AppSays::NotificationListener {
        component: "com.example.watch/com.example.watch.Ear".to_owned(),
        state,
    };
    assert_eq!(about(&kept, "com.example.watch"), [&eye, &ear]);
    let state = ServiceState::Bound;
    let keys = AppSays::InputMethod { component: "com.example.keys/com.example.keys.Keys".to_owned(), state };
    assert_eq!(about(&kept, "com.example.keys").last(), Some(&&keys));
    assert!(kept.facts.iter().any(|fact| matches!(&fact.says, Says::Vpn(vpn) if vpn.always == Some(true))));
    assert_eq!(traces(&kept, TraceKind::Connection), ["proxy.example.net:8080"]);
    let settings = settings(&kept);
    assert!(settings.contains(&("package_verifier_user_consent", "-1")));
    assert!(!settings.iter().any(|(name, _)| *name == "wifi_networks_secret"));
    let looked: Vec<_> = looked(&kept).iter().map(|looked| (looked.0, looked.1)).collect();
    assert!(looked.contains(&(Q::Accessibility, Wholly::Yes)) && looked.contains(&(Q::Vpn, Wholly::No)));
}

#[test]
fn files_are_held_against_the_lists() {
    let file = |path: &str, hash: &str| {
        format!(
            r#"{{"path":"{path}","size":3,"mode":"-rw","user_id":0,"modified_time":1593109532,"sha256":"{hash}"}}"#
        )
    };
    let list = [
        file("/sdcard/DCIM/x.jpg", ""),
        file("/data/local/tmp/y", SHA256),
        file("/data/local/tmp/collector", ""),
        file("/system/xbin/su", ""),
        file("/sdcard/su", ""),
    ];
    let kept = checked(&[("files.json", format!("[{}]", list.join(",")).as_bytes())]);
    assert_eq!(kept.problems, []);
    assert_eq!(
        signs(&kept),
        [("odd-temporary-file", "/data/local/tmp/y"), ("root-trace", "/system/xbin/su")]
    );
    assert_eq!(traces(&kept, TraceKind::Path).len(), 5);
    assert_eq!(traces(&kept, TraceKind::FileHash), [SHA256]);
    assert_eq!(looked(&kept)[0], (Q::Files, Wholly::Yes, 5));
}

#[test]
fn root_mounts_and_the_rest_of_the_system() {
    let kept = checked(&[
        ("q/root_binaries.json", b"[\"/system/bin/su\\n/system/xbin/su\",\"/system/xbin/busybox\"]"),
        ("q/mounts.json", b"[\"/dev/block/dm-1 on /system type ext4 (rw,seclabel)\"]"),
        ("q/selinux.txt", b"Permissive\n"),
        ("q/env.txt", b"ANDROID_ROOT=/system\nPATH=/sbin:/data/adb/magisk\n"),
        ("q/services.txt", b"Found 2 services:\n0\tsip: [android.net.sip.ISipService]\n1\tmagisk: [x]\n"),
        (
            "q/magisk_modules/manifest.json",
            br#"{"status":"collected","modules":[{"device_path":"/data/adb/modules/x"}]}"#,
        ),
    ]);
    assert_eq!(kept.problems, []);
    let names: Vec<&str> = signs(&kept).iter().map(|sign| sign.0).collect();
    let root = "root-trace";
    assert_eq!(
        names,
        [root, root, "system-writable", root, root, root, "selinux-off", root].map(|name| name)
    );
    assert!(looked(&kept).iter().all(|looked| looked.0 == Q::SystemIntegrity && looked.1 == Wholly::Yes));
    // Found nothing is an answer too.
    let kept = checked(&[("root_binaries.json", b"[]"), ("mounts.json", b"null")]);
    assert_eq!(looked(&kept).len(), 2);
}

#[test]
fn the_acquisition_tells_when_and_who() {
    let users = br#"{"users":[{"id":0,"name":"Owner","flags":"13","inventory_status":"collected"},
        {"id":10,"name":"Arbeit","flags":"1030","inventory_status":"failed","error":"x"},
        {"id":11,"name":"Zweite","flags":"10","inventory_status":"collected"}]}"#;
    let kept = checked(&[
        (
            "acquisition.json",
            br#"{"uuid":"0f1e","androidqf_version":"v1.8.3","started":
            "2026-05-03T09:12:33.5Z","completed":"0001-01-01T00:00:00Z"}"#,
        ),
        ("package_users.json", users),
        ("hashes.csv", format!("apks/com.example.app.apk,{SHA256}\ngetprop.txt,{SHA256}\n").as_bytes()),
    ]);
    let users = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::User(user) => Some((user.number, user.kind)),
        _ => None,
    });
    let users: Vec<_> = users.collect();
    assert_eq!(users, [(0, UserKind::Owner), (10, UserKind::Work), (11, UserKind::Second)]);
    assert_eq!(kept.problems.len(), 1);
    assert_eq!(traces(&kept, TraceKind::FileHash), [SHA256]);
    let acquired = kept.facts.iter().find_map(|fact| match &fact.says {
        Says::Device(device) => device.acquired.as_ref()?.first_ms,
        _ => None,
    });
    assert_eq!(acquired, Some(1_777_799_553_500));
}

#[test]
fn trusted_computers_by_their_fingerprints() {
    let key = "QAAAA".to_owned() + &"A".repeat(695);
    let text = format!("{key} erfunden@rechner\n{key}\nQAAAA!! kaputt\n");
    let kept =
        checked(&[("FS/data/misc/adb/adb_keys", text.as_bytes()), ("adb_host_key.pub", key.as_bytes())]);
    let trusted = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Trust(trust) => Some((trust.name.as_str(), trust.key.len())),
        _ => None,
    });
    let trusted: Vec<_> = trusted.collect();
    assert_eq!(trusted, [("erfunden@rechner", 47), ("", 47)]);
    assert_eq!(looked(&kept), [(Q::TrustedComputers, Wholly::No, 2)]);
    assert_eq!(settings(&kept)[0].0, "adb_host_key");
}

const TOMBSTONE: &str = "*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***\n\
    Build fingerprint: 'erfunden/a:13/X/1:user/release-keys'\nRevision: '0'\nABI: 'arm'\n\
    Timestamp: 2023-04-12 12:32:40.518290770+0200\nProcess uptime: 0s\n\
    Cmdline: /vendor/bin/hw/erfunden.service\n\
    pid: 25541, tid: 21307, name: erfunden.decode  >>> /vendor/bin/hw/erfunden.service <<<\nuid: 1000\n\
    signal 0 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr --------\n\nbacktrace:\n      #00 pc 0004bd80\n";

/// The same crash as a protocol buffer.
fn tombstone_wire() -> Vec<u8> {
    let text =
        |number: u8, text: &[u8]| [&[number << 3 | 2, u8::try_from(text.len()).unwrap()], text].concat();
    let thread = [&[0x08, 7][..], &text(2, b"erfunden.decode")].concat();
    let entry = [&[0x08, 7][..], &text(2, &thread)].concat();
    let long = |number: u32, bytes: &[u8]| {
        let tag = number << 3 | 2;
        [
            &[u8::try_from(tag & 0x7f | 0x80).unwrap(), u8::try_from(tag >> 7).unwrap()][..],
            &[u8::try_from(bytes.len()).unwrap()],
            bytes,
        ]
        .concat()
    };
    [
        vec![0x08, 1],
        text(2, b"erfunden/a:13/X/1:user/release-keys"),
        text(4, b"2023-04-12 12:32:40.518290770+0200"),
        vec![0x28, 7, 0x30, 7, 0x38, 0xe8, 0x07],
        text(9, b"/vendor/bin/hw/erfunden.service"),
        long(16, &entry),
    ]
    .concat()
}

#[test]
fn crashes_as_text_and_as_wire() {
    for (name, bytes) in
        [("tombstone_00", TOMBSTONE.as_bytes().to_vec()), ("tombstone_00.pb", tombstone_wire())]
    {
        let kept = checked(&[(&format!("FS/data/tombstones/{name}"), &bytes)]);
        assert_eq!(kept.problems, [], "{name}");
        let crash = kept.facts.iter().find_map(|fact| match &fact.says {
            Says::Crash(crash) => Some(crash),
            _ => None,
        });
        let crash = crash.unwrap();
        assert_eq!((crash.process.as_str(), crash.user), ("/vendor/bin/hw/erfunden.service", Some(1000)));
        assert_eq!(crash.at.as_ref().unwrap().first_ms, Some(1_681_295_560_518));
        assert_eq!(signs(&kept), [("crash-of-system-user", "/vendor/bin/hw/erfunden.service (1000)")]);
        assert!(traces(&kept, TraceKind::Process).contains(&"erfunden.decode"));
    }
}

#[test]
fn programs_that_hung_ran() {
    let text = "Subject: Input dispatching timed out\n\n----- pid 12 at 2023-05-03 10:00:00.123456789+0200 \
    -----\n\
        Cmd line: com.example.watch\nDALVIK THREADS (1):\n\n----- pid 13 at 2023-05-03 10:00:01 -----\n\
        Cmd line: system_server\n";
    let kept = checked(&[("FS/data/anr/anr_2023-05-03", text.as_bytes())]);
    assert!(matches!(about(&kept, "com.example.watch")[..], [AppSays::Ran(Some(_))]));
    assert_eq!(traces(&kept, TraceKind::Process), ["com.example.watch", "system_server"]);
}

#[test]
fn the_intrusion_log_tells_connections_and_events() {
    let text = include_bytes!("../../../fixtures/android_intrusion_log/ordinary/exported-events.txt");
    let kept = checked(&[("intrusion_logs/exported-events.txt", text)]);
    assert_eq!(kept.problems, []);
    let connections = ["example.com", "192.0.2.1", "[2001:db8::1]:443"];
    assert_eq!(traces(&kept, TraceKind::Connection), connections);
    let names: Vec<&str> = signs(&kept).iter().map(|sign| sign.0).collect();
    let expected = [
        "adb-used",
        "verified-boot-not-green",
        "selftest-failed",
        "certificate-installed",
        "certificate-check-failed",
        "key-integrity-failed",
        "wipe-failed",
        "admin-acted",
    ];
    assert_eq!(names, expected);
    assert!(traces(&kept, TraceKind::AppMention).contains(&"com.example.watch"));
    let Some(AppSays::Removed(Some(at))) = about(&kept, "com.example.gone").first().copied() else {
        panic!()
    };
    assert_eq!(at.first_ms, Some(1_700_000_000_000));
    assert!(matches!(about(&kept, "com.example.new")[..], [AppSays::Mentioned, AppSays::FirstInstalled(_)]));
    assert_eq!(looked(&kept)[0], (Q::Connections, Wholly::Yes, 2));
}

#[test]
fn a_sealed_acquisition_is_checked_with_its_key() {
    let identity = Identity::generate().unwrap();
    let inside = archive(&[("getprop.txt", b"[ro.product.model]: [Eins]\n"), ("selinux.txt", b"Enforcing")]);
    let sealed = seal_bytes(&inside, &SealTo::Recipients(&[identity.recipient()])).unwrap();
    let files: &[(&str, &[u8])] = &[("0f1e.zip.age", &sealed)];
    assert!(checked(files).facts.is_empty());
    let kept = checked_with(files, &[&identity.to_secret_text()]);
    assert!(settings(&kept).contains(&("getenforce", "Enforcing")));
    assert!(kept.facts.iter().any(|fact| matches!(fact.says, Says::Device(_))));
}

/// How long a large acquisition takes; the figure is printed.
#[test]
fn a_large_list_of_files_and_apps_is_read_quickly() {
    let mut files = String::from("[");
    for number in 0..20_000_u32 {
        let hash = format!("{number:064x}");
        let comma = if number == 0 { "" } else { "," };
        write!(
            files,
            r#"{comma}{{"path":"/data/data/com.example.app{number}/files/some/longer/path/{number}.bin","size":{number},"mode":"-rw-rw----","user_id":10016,"user_name":"","group_id":1015,"group_name":"","changed_time":1550155672,"modified_time":1588851275,"access_time":1588851275,"error":"","context":"u:object_r:app_data_file:s0:c512,c768","sha1":"{}","sha256":"{hash}","sha512":"{hash}{hash}","md5":"{}","mime_type":"application/octet-stream"}}"#,
            &hash[..40],
            &hash[..32],
        )
        .unwrap();
    }
    files.push(']');
    let added =
        r#""installer":"com.android.vending","uid":10271,"disabled":false,"system":false,"third_party":true"#;
    let packages: Vec<String> = (0..500)
        .map(|number| package(&format!("com.example.a{number}"), "/data/app/x/base.apk", added))
        .collect();
    let packages = format!("[{}]", packages.join(","));
    let begun = std::time::Instant::now();
    let kept = checked(&[("files.json", files.as_bytes()), ("packages.json", packages.as_bytes())]);
    println!("20,000 files, 500 apps, {} bytes: {:?}", files.len() + packages.len(), begun.elapsed());
    assert_eq!(kept.problems, []);
    assert_eq!(traces(&kept, TraceKind::FileHash).len(), 60_000);
    assert_eq!(looked(&kept)[0].2, 20_000);
}
