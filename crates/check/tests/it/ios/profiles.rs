//! Configuration profiles and management.

use std::collections::BTreeMap;

use check::{PayloadKind, Profile, Question, Says, TraceKind, Wholly};
use plist::Value;

use super::{
    Backup, Kind, PROFILES, binary, checked, date, dictionary, has, looked, number, setting, signs, text, xml,
};

fn payload(type_name: &str, pairs: Vec<(&str, Value)>) -> Value {
    let mut all = vec![
        ("PayloadType", text(type_name)),
        ("PayloadIdentifier", text("com.example.inner")),
        ("PayloadDisplayName", text("Erfunden")),
        ("PayloadVersion", number(1)),
    ];
    all.extend(pairs);
    dictionary(all)
}

fn profile() -> Value {
    let certificate = root_certificate();
    dictionary(vec![
        ("PayloadType", text("Configuration")),
        ("PayloadIdentifier", text("com.example.profil")),
        ("PayloadUUID", text("0A1B")),
        ("PayloadDisplayName", text("Erfundenes Profil")),
        ("PayloadOrganization", text("Erfundene Stelle")),
        ("PayloadRemovalDisallowed", Value::Boolean(true)),
        ("InstallDate", date()),
        (
            "PayloadContent",
            Value::Array(vec![
                payload("com.apple.webClip.managed", vec![("URL", text("https://clip.example.com/"))]),
                payload(
                    "com.apple.mdm",
                    vec![("ServerURL", text("https://mdm.example.net/s")), ("AccessRights", number(8191))],
                ),
                payload("com.apple.security.pkcs1", vec![("PayloadContent", Value::Data(certificate))]),
                payload(
                    "com.apple.vpn.managed",
                    vec![
                        ("UserDefinedName", text("Erfundenes VPN")),
                        (
                            "IKEv2",
                            dictionary(vec![
                                ("RemoteAddress", text("vpn.example.org")),
                                ("SharedSecret", text("geheim")),
                            ]),
                        ),
                    ],
                ),
                payload("com.apple.proxy.http.global", vec![("ProxyServer", text("proxy.example.org"))]),
                payload(
                    "com.apple.wifi.managed",
                    vec![("SSID_STR", text("Netz")), ("Password", text("x")), ("ProxyType", text("Auto"))],
                ),
                payload("com.apple.dnsSettings.managed", vec![]),
                payload("com.apple.notificationsettings", vec![]),
                payload("com.apple.applicationaccess", vec![("allowAppRemoval", Value::Boolean(false))]),
                payload("com.apple.caldav.account", vec![("CalDAVHostName", text("dav.example.org"))]),
                payload("com.example.unknown", vec![]),
            ]),
        ),
    ])
}

fn profiles(kept: &check::Kept) -> Vec<&Profile> {
    let says = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Profile(profile) => Some(profile),
        _ => None,
    });
    says.collect()
}

fn kinds(profile: &Profile) -> Vec<PayloadKind> {
    profile.payloads.iter().map(|payload| payload.kind).collect()
}

#[test]
fn every_payload_of_an_installed_profile_is_told() {
    use PayloadKind as K;
    let list = dictionary(vec![
        ("OrderedProfiles", Value::Array(vec![text("com.example.profil")])),
        ("HiddenProfiles", Value::Array(vec![])),
    ]);
    let backup = Backup::default()
        .with(&format!("{PROFILES}/profile-0a.stub"), binary(&profile()))
        .with(&format!("{PROFILES}/PayloadManifest.plist"), binary(&list));
    for kind in [Kind::Plain, Kind::Encrypted] {
        let kept = backup.checked(kind);
        let [profile] = profiles(&kept)[..] else { panic!("one profile") };
        let expected = [
            K::WebClip,
            K::Mdm,
            K::RootCertificate,
            K::Vpn,
            K::Proxy,
            K::Proxy,
            K::Network,
            K::Filter,
            K::Notifications,
            K::Restrictions,
            K::Account,
            K::Other,
        ];
        assert_eq!(kinds(profile), expected);
        assert_eq!((profile.locked, profile.installed.is_some()), (Some(true), true));
        assert_eq!(profile.organisation.as_deref(), Some("Erfundene Stelle"));
        let detail = |at: usize, name: &str| {
            let details = &profile.payloads[at].details;
            details.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
        };
        assert_eq!(detail(2, "subject"), Some("CN=Erfundene Wurzel"));
        assert_eq!(detail(3, "IKEv2.SharedSecret"), Some("(not shown)"));
        assert_eq!(detail(6, "Password"), Some("(not shown)"));
        assert_eq!(detail(9, "allowAppRemoval"), Some("false"));
        for address in
            ["https://mdm.example.net/s", "vpn.example.org", "proxy.example.org", "dav.example.org"]
        {
            assert!(has(&kept, TraceKind::Connection, address), "{address}");
        }
        for id in ["com.example.profil", "0A1B", "com.example.inner"] {
            assert!(has(&kept, TraceKind::Profile, id), "{id}");
        }
        assert_eq!(looked(&kept, Question::Profiles), [(Wholly::Yes, 1), (Wholly::Yes, 1)]);
        assert_eq!(looked(&kept, Question::Vpn), [(Wholly::Yes, 3)]);
        assert!(kept.problems.is_empty(), "{:?}", kept.problems);
    }
}

#[test]
fn a_profile_is_read_in_every_form() {
    let text = String::from_utf8(xml(&profile())).unwrap();
    let utf16 = |unit: fn(u16) -> [u8; 2]| {
        text.replace("UTF-8", "UTF-16").encode_utf16().flat_map(unit).collect::<Vec<u8>>()
    };
    let forms = [
        text.clone().into_bytes(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        binary(&profile()),
        utf16(u16::to_le_bytes),
        [vec![0xfe, 0xff], utf16(u16::to_be_bytes)].concat(),
        signed(text.as_bytes()),
    ];
    for form in forms {
        let kept = checked(&BTreeMap::from([("a/x.mobileconfig".to_owned(), form)]), &[]);
        assert_eq!(profiles(&kept).len(), 1, "{:?}", kept.problems);
        assert_eq!(looked(&kept, Question::Profiles), [(Wholly::Yes, 1)]);
        // It may lie there without being installed.
        assert!(looked(&kept, Question::DeviceAdmin).is_empty());
    }
}

/// An element of DER, its length in four bytes.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x84][..], &u32::try_from(content.len()).unwrap().to_be_bytes(), content].concat()
}

/// A certificate that is issued by itself and may issue others, without keys.
fn root_certificate() -> Vec<u8> {
    let part = [der(6, &[0x55, 4, 3]), der(12, b"Erfundene Wurzel")].concat();
    let name = der(0x30, &der(0x31, &der(0x30, &part)));
    let may_issue = der(4, &der(0x30, &[1, 1, 0xff]));
    let extension = der(0x30, &[der(6, &[0x55, 0x1d, 0x13]), may_issue].concat());
    let nothing = der(0x30, &[]);
    let number = der(2, &[1]);
    let body = [
        der(0xa0, &number),
        number.clone(),
        nothing.clone(),
        name.clone(),
        nothing.clone(),
        name,
        nothing.clone(),
        der(0xa3, &der(0x30, &extension)),
    ];
    der(0x30, &[der(0x30, &body.concat()), nothing].concat())
}

/// CMS signed data around a content.
pub(super) fn signed(content: &[u8]) -> Vec<u8> {
    let object = |last: u8| [&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7][..], &[last]].concat();
    let inner = der(0x30, &[object(1), der(0xa0, &der(4, content))].concat());
    let body = der(0x30, &[der(2, &[1]), der(0x31, &[]), inner, der(0x31, &[])].concat());
    der(0x30, &[object(2), der(0xa0, &body)].concat())
}

#[test]
fn no_profile_can_be_said_and_a_missing_one_is_a_gap() {
    let list = |names: Vec<Value>| binary(&dictionary(vec![("OrderedProfiles", Value::Array(names))]));
    let path = format!("{PROFILES}/PayloadManifest.plist");
    let kept = Backup::default().with(&path, list(vec![])).checked(Kind::Plain);
    for question in [Question::Profiles, Question::RootCertificates, Question::DeviceAdmin] {
        assert_eq!(looked(&kept, question), [(Wholly::Yes, 0)]);
    }
    let kept = Backup::default().with(&path, list(vec![text("com.example.x")])).checked(Kind::Plain);
    assert_eq!(looked(&kept, Question::Profiles), [(Wholly::No, 1)]);
    assert_eq!(setting(&kept, "profile-shown", "com.example.x"), Some("installed"));
    assert_eq!(kept.problems.len(), 1);
}

#[test]
fn who_manages_the_phone_and_what_came_when() {
    let cloud = dictionary(vec![
        ("IsSupervised", Value::Boolean(true)),
        ("OrganizationName", text("Erfundene Stelle")),
        ("AllowPairing", Value::Boolean(true)),
    ]);
    let mdm = dictionary(vec![
        ("ServerURL", text("https://mdm.example.net/s")),
        ("ManagingProfileIdentifier", text("com.example.mdm")),
    ]);
    let event = |operation: &str| {
        let what = dictionary(vec![
            ("timestamp", date()),
            ("Process", text("profiled")),
            ("operation", text(operation)),
        ]);
        dictionary(vec![("com.example.mdm", what)])
    };
    let events = dictionary(vec![("ProfileEvents", Value::Array(vec![event("install"), event("remove")]))]);
    let value = |value| dictionary(vec![("value", Value::Boolean(value))]);
    let truth = dictionary(vec![(
        "restrictedBool",
        dictionary(vec![
            ("allowAppRemoval", value(false)),
            ("allowHostPairing", value(true)),
            ("forceEncryptedBackup", value(true)),
        ]),
    )]);
    let apps = dictionary(vec![(
        "metadataByBundleID",
        dictionary(vec![("com.example.watch", dictionary(vec![("State", number(4))]))]),
    )]);
    let backup = Backup::default()
        .with(&format!("{PROFILES}/CloudConfigurationDetails.plist"), xml(&cloud))
        .with(&format!("{PROFILES}/MDM.plist"), binary(&mdm))
        .with(&format!("{PROFILES}/MDMAppManagement.plist"), binary(&apps))
        .with(&format!("{PROFILES}/MCProfileEvents.plist"), binary(&events))
        .with("HomeDomain/Library/UserConfigurationProfiles/EffectiveUserSettings.plist", binary(&truth));
    let kept = backup.checked(Kind::Encrypted);
    assert_eq!(signs(&kept, "supervised"), ["Erfundene Stelle"]);
    assert_eq!(signs(&kept, "mdm-enrolled"), ["https://mdm.example.net/s"]);
    assert_eq!(
        signs(&kept, "profile-event"),
        ["install com.example.mdm by profiled", "remove com.example.mdm by profiled"]
    );
    assert!(has(&kept, TraceKind::Process, "profiled"));
    assert_eq!(setting(&kept, "restriction", "allowAppRemoval"), Some("false"));
    assert_eq!(setting(&kept, "restriction", "forceEncryptedBackup"), Some("true"));
    assert_eq!(setting(&kept, "restriction", "allowHostPairing"), None);
    assert_eq!(setting(&kept, "mdm-managed-app", "com.example.watch"), Some("4"));
    assert_eq!(looked(&kept, Question::DeviceAdmin).len(), 3);
    assert!(kept.problems.is_empty(), "{:?}", kept.problems);
}
