//! Packages made here, piece by piece. The app in them is invented.

use check::{AppSays, Fingerprint, FingerprintKind, ServiceState};
use seal::foreign::{ForeignMd5, ForeignSha1};

use super::help::{about, archive, checked};

/// Attributes with numbers, in the order of the table.
const IDS: &[(&str, u32)] = &[
    ("label", 0x0101_0001),
    ("name", 0x0101_0003),
    ("permission", 0x0101_0006),
    ("enabled", 0x0101_000e),
    ("versionCode", 0x0101_021b),
    ("versionName", 0x0101_021c),
];

#[derive(Clone, Copy)]
pub(crate) enum Value {
    Text(&'static str),
    Resource(u32),
    Truth(bool),
    Number(u32),
}

pub(crate) enum Node {
    Begin(&'static str, Vec<(&'static str, Value)>),
    End,
}

/// How texts lie in a pool.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Texts {
    Utf8,
    Utf16,
}

fn chunk(kind: u16, header: &[u8], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(8 + header.len() + body.len()).unwrap();
    let head = u16::try_from(8 + header.len()).unwrap();
    [&kind.to_le_bytes()[..], &head.to_le_bytes(), &size.to_le_bytes(), header, body].concat()
}

fn numbers(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn pool(texts: &[&str], form: Texts) -> Vec<u8> {
    let (mut offsets, mut bytes) = (Vec::new(), Vec::new());
    for text in texts {
        offsets.push(u32::try_from(bytes.len()).unwrap());
        let units: Vec<u16> = text.encode_utf16().collect();
        if form == Texts::Utf8 {
            bytes.extend([u8::try_from(units.len()).unwrap(), u8::try_from(text.len()).unwrap()]);
            bytes.extend(text.as_bytes());
            bytes.push(0);
        } else {
            bytes.extend(u16::try_from(units.len()).unwrap().to_le_bytes());
            bytes.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
            bytes.extend([0, 0]);
        }
    }
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    let count = u32::try_from(texts.len()).unwrap();
    let flags = if form == Texts::Utf8 { 0x100 } else { 0 };
    let header = numbers(&[count, 0, flags, 28 + count * 4, 0]);
    chunk(1, &header, &[numbers(&offsets), bytes].concat())
}

/// A document in binary form.
pub(crate) fn axml(nodes: &[Node], form: Texts) -> Vec<u8> {
    let mut texts: Vec<&str> = IDS.iter().map(|id| id.0).collect();
    let mut number = |text: &'static str, own: bool| -> u32 {
        let at = texts.iter().position(|known| *known == text);
        let at = at.filter(|at| own || *at >= IDS.len()).unwrap_or_else(|| {
            texts.push(text);
            texts.len() - 1
        });
        u32::try_from(at).unwrap()
    };
    let mut body = Vec::new();
    let mut open = Vec::new();
    for node in nodes {
        match node {
            Node::Begin(name, attributes) => {
                let name = number(name, false);
                open.push(name);
                let mut bytes = Vec::new();
                for (attribute, value) in attributes {
                    let (kind, data, raw) = match value {
                        Value::Text(text) => {
                            let text = number(text, false);
                            (3_u32, text, text)
                        }
                        Value::Resource(id) => (1, *id, u32::MAX),
                        Value::Truth(truth) => (0x12, if *truth { u32::MAX } else { 0 }, u32::MAX),
                        Value::Number(data) => (0x10, *data, u32::MAX),
                    };
                    let attribute = number(attribute, true);
                    bytes.extend(numbers(&[u32::MAX, attribute, raw, 8 | kind << 24, data]));
                }
                let count = u32::try_from(attributes.len()).unwrap();
                let ext = numbers(&[u32::MAX, name, 0x14 | 0x14 << 16, count, 0]);
                body.extend(chunk(0x0102, &numbers(&[1, u32::MAX]), &[ext, bytes].concat()));
            }
            Node::End => {
                let name = open.pop().unwrap();
                body.extend(chunk(0x0103, &numbers(&[1, u32::MAX]), &numbers(&[u32::MAX, name])));
            }
        }
    }
    let ids: Vec<u32> = IDS.iter().map(|id| id.1).collect();
    let parts = [pool(&texts, form), chunk(0x0180, &[], &numbers(&ids)), body].concat();
    chunk(3, &[], &parts)
}

/// A table of resources in which 0x7f010000 is a text in two languages, and 0x7f020001 names that one.
pub(crate) fn table() -> Vec<u8> {
    let typed = |kind: u32, language: u32, values: &[Option<(u32, u32)>]| {
        let (mut offsets, mut entries) = (Vec::new(), Vec::new());
        for value in values {
            let Some((kind, data)) = value else {
                offsets.push(u32::MAX);
                continue;
            };
            offsets.push(u32::try_from(entries.len()).unwrap());
            entries.extend(numbers(&[8, 0, 8 | kind << 24, *data]));
        }
        let configuration = numbers(&[28, 0, language, 0, 0, 0, 0]);
        let count = u32::try_from(values.len()).unwrap();
        let header = [numbers(&[kind, count, 8 + 12 + 28 + count * 4]), configuration].concat();
        chunk(0x0201, &header, &[numbers(&offsets), entries].concat())
    };
    let strings = pool(&["Erfundene Uhr", "Montre"], Texts::Utf8);
    let package = [numbers(&[0x7f]), vec![0; 256], numbers(&[0, 0, 0, 0, 0])].concat();
    let lists = [
        typed(1, 0x7266, &[Some((3, 1))]),
        typed(1, 0, &[Some((3, 0))]),
        typed(2, 0, &[None, Some((1, 0x7f01_0000))]),
    ]
    .concat();
    let body = [strings, chunk(0x0200, &package, &lists)].concat();
    chunk(2, &numbers(&[1]), &body)
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let length = match length {
        0..0x80 => vec![u8::try_from(length).unwrap()],
        _ => vec![0x82, u8::try_from(length >> 8).unwrap(), u8::try_from(length & 0xff).unwrap()],
    };
    [&[tag][..], &length, content].concat()
}

/// What has the form of a certificate.
fn certificate(serial: u8) -> Vec<u8> {
    let version = der(0xa0, &der(2, &[2]));
    let inner = [version, der(2, &[serial]), der(0x30, &[7; 300])].concat();
    der(0x30, &der(0x30, &inner))
}

/// An old signature by the holder of one certificate, with another one beside it.
fn old_signature(signer: u8, other: u8) -> Vec<u8> {
    let certificates = der(0xa0, &[certificate(other), certificate(signer)].concat());
    let known = der(0x30, &[der(0x30, b"x"), der(2, &[signer])].concat());
    let signers = der(0x31, &der(0x30, &[der(2, &[1]), known].concat()));
    let data = [der(2, &[1]), der(0x31, &[]), der(0x30, &[]), certificates, signers].concat();
    der(0x30, &[der(6, &[1, 2]), der(0xa0, &der(0x30, &data))].concat())
}

/// The archive with a signing block of scheme 2 before its directory.
fn with_block(archive: &[u8], certificate: &[u8]) -> Vec<u8> {
    let piece = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_le_bytes()[..], bytes].concat();
    let data = [piece(b"digests"), piece(&piece(certificate)), piece(b"")].concat();
    let signer = [piece(&data), piece(b"signatures"), piece(b"key")].concat();
    let value = piece(&piece(&signer));
    let pair = |id: u32, value: &[u8]| {
        let length = u64::try_from(value.len() + 4).unwrap();
        [&length.to_le_bytes()[..], &id.to_le_bytes(), value].concat()
    };
    let pairs = [pair(0x4272_6577, &[0; 40]), pair(0x7109_871a, &value)].concat();
    let size = u64::try_from(pairs.len() + 24).unwrap().to_le_bytes();
    let block = [&size[..], &pairs, &size, b"APK Sig Block 42"].concat();
    let end = archive.len() - 22;
    let directory = u32::from_le_bytes(archive[end + 16..end + 20].try_into().unwrap());
    let at = usize::try_from(directory).unwrap();
    let mut out = [&archive[..at], &block, &archive[at..]].concat();
    let end = out.len() - 22;
    let moved = directory + u32::try_from(block.len()).unwrap();
    out[end + 16..end + 20].copy_from_slice(&moved.to_le_bytes());
    out
}

/// The manifest of an app that watches.
pub(crate) fn manifest(label: Value, icon: bool, form: Texts) -> Vec<u8> {
    use Node::{Begin, End};
    use Value::{Number, Text, Truth};
    let mut nodes = vec![
        Begin(
            "manifest",
            vec![
                ("versionCode", Number(7)),
                ("versionName", Text("1.2")),
                ("package", Text("com.example.watch")),
            ],
        ),
        Begin("uses-permission", vec![("name", Text("android.permission.READ_SMS"))]),
        End,
        Begin("application", vec![("label", label)]),
        Begin("activity", vec![("name", Text(".Main")), ("enabled", Truth(icon))]),
        Begin("intent-filter", vec![]),
        Begin("action", vec![("name", Text("android.intent.action.MAIN"))]),
        End,
        Begin("category", vec![("name", Text("android.intent.category.LAUNCHER"))]),
        End,
        End,
        End,
    ];
    let parts = [
        ("service", ".Eye", "android.permission.BIND_ACCESSIBILITY_SERVICE"),
        ("service", "org.other.Ear", "android.permission.BIND_NOTIFICATION_LISTENER_SERVICE"),
        ("service", "Net", "android.permission.BIND_VPN_SERVICE"),
    ];
    for (kind, name, permission) in parts {
        nodes.push(Begin(kind, vec![("name", Text(name)), ("permission", Text(permission))]));
        nodes.push(End);
    }
    let admin = Text("android.permission.BIND_DEVICE_ADMIN");
    nodes.push(Begin("receiver", vec![("name", Text(".Boss")), ("permission", admin)]));
    nodes.push(Begin("intent-filter", vec![]));
    nodes.push(Begin("action", vec![("name", Text("android.intent.action.BOOT_COMPLETED"))]));
    nodes.extend([End, End, End, End, End]);
    axml(&nodes, form)
}

/// A whole package.
pub(crate) fn package() -> Vec<u8> {
    let manifest = manifest(Value::Resource(0x7f02_0001), false, Texts::Utf16);
    let files: &[(&str, &[u8])] = &[
        ("AndroidManifest.xml", &manifest),
        ("resources.arsc", &table()),
        ("META-INF/CERT.RSA", &old_signature(5, 9)),
    ];
    with_block(&archive(files), &certificate(6))
}

#[test]
fn a_package_tells_what_it_could_do() {
    let package = package();
    let kept = checked(&[("apks/com.example.watch_base.apk", &package)]);
    assert_eq!(kept.problems, []);
    let says = about(&kept, "com.example.watch");
    assert_eq!(says[0], &AppSays::Mentioned);
    assert!(says.contains(&&AppSays::Name("Erfundene Uhr".to_owned())), "{says:?}");
    assert!(says.contains(&&AppSays::Version("1.2".to_owned())));
    assert!(says.contains(&&AppSays::NoIcon));
    assert!(says.contains(&&AppSays::Receives("android.intent.action.BOOT_COMPLETED".to_owned())));
    let hex = model::encode_hex(&seal::sha256(&package).0);
    assert!(says.contains(&&AppSays::Bytes(Fingerprint { kind: FingerprintKind::Sha256, hex })));
    let (state, own) = (ServiceState::Installed, "com.example.watch/com.example.watch");
    assert!(says.contains(&&AppSays::Accessibility { component: format!("{own}.Eye"), state }));
    assert!(says.contains(&&AppSays::Admin { component: format!("{own}.Boss"), state }));
    let component = "com.example.watch/org.other.Ear".to_owned();
    assert!(says.contains(&&AppSays::NotificationListener { component, state }));
    let asked: Vec<_> = says.iter().filter(|says| matches!(says, AppSays::Permission { .. })).collect();
    assert_eq!(asked.len(), 2);
}

#[test]
fn who_signed_a_package_is_told_in_three_fingerprints() {
    let kept = checked(&[("x.apk", &package())]);
    let signers: Vec<_> = about(&kept, "com.example.watch")
        .into_iter()
        .filter_map(|says| if let AppSays::Signer(signer) = says { Some(signer.hex.clone()) } else { None })
        .collect();
    // The certificate that only lies beside the signer's own is not one.
    assert_eq!(signers.len(), 6);
    for serial in [5, 6] {
        let certificate = certificate(serial);
        assert!(signers.contains(&model::encode_hex(&ForeignMd5::of(&certificate))));
        assert!(signers.contains(&model::encode_hex(&ForeignSha1::of(&certificate))));
        assert!(signers.contains(&model::encode_hex(&seal::sha256(&certificate).0)));
    }
}

#[test]
fn names_written_out_and_icons_in_the_list() {
    let manifest = manifest(Value::Text("Wetter"), true, Texts::Utf8);
    let package = archive(&[("AndroidManifest.xml", &manifest)]);
    // Also without the ending, and inside another archive.
    let outer = archive(&[("split/base.apk", &package)]);
    for (name, bytes) in [("wetter.zip", &package), ("wetter.apks", &outer)] {
        let kept = checked(&[(name, bytes)]);
        let says = about(&kept, "com.example.watch");
        assert!(says.contains(&&AppSays::Name("Wetter".to_owned())), "{name}");
        assert!(says.contains(&&AppSays::HasIcon), "{name}");
    }
}

#[test]
fn a_package_that_hides_its_manifest_is_still_held_against_the_lists() {
    let package = archive(&[("AndroidManifest.xml", b"<manifest/>")]);
    let kept = checked(&[("x.apk", &package)]);
    assert_eq!((kept.facts.len(), kept.problems.len(), kept.traces.len()), (0, 1, 1));
    assert_eq!(kept.traces[0].1, model::encode_hex(&seal::sha256(&package).0));
}
