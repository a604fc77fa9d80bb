//! A small sysdiagnose of iOS, made here: ordinary, damaged and hostile. All people and apps in it are
//! invented; the odd paths are those that public reports name.

mod apps;
mod processes;

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::sync::Arc;

use check::{AppSays, Gathering, Kept, Question, Says, TraceKind, Wholly, gather};
use model::record::FileNumber;
use model::{FileTime, ReadLimits};
use source::tree::{Grown, Keys, NoSpools, Plain, RootFile, Spools, Tree, Watch, grow};

use apps::INSTALL;
use processes::{PS, shutdown_log, uuidtext};

struct Open;

impl Watch for Open {
    fn opening(&mut self, _: &Tree, _: FileNumber) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Files by path and bytes.
type Files = Vec<(String, Vec<u8>)>;

/// What all checks say about these files.
pub(crate) fn checked(files: Files) -> Kept {
    let modified = Some(FileTime { seconds: 1_700_000_000, nanoseconds: 0 });
    let roots = files.into_iter().zip(0..).map(|((path, bytes), leaf)| RootFile {
        leaf,
        path,
        modified,
        sha256: None,
        content: Arc::new(Plain(Arc::new(bytes))),
    });
    let (keys, limits) = (Keys::default(), ReadLimits::DEFAULT);
    let spools: Arc<dyn Spools> = Arc::new(NoSpools);
    let Grown { tree, problems } = grow(roots.collect(), &keys, &limits, &spools, &mut Open);
    let mut kept = Kept { problems, ..Kept::default() };
    let gathering = Gathering { tree: &tree, keys: &keys, limits: &limits };
    let flow = gather(&gathering, 0, &mut kept);
    assert!(flow.is_continue());
    kept
}

/// One file of a sysdiagnose, with another beside it that tells where it belongs.
fn one(path: &str, bytes: impl Into<Vec<u8>>) -> Kept {
    checked(vec![(format!("{ROOT}/{path}"), bytes.into())])
}

const ROOT: &str = "sysdiagnose_2025.04.07_08-06-18-0700_iPhone-OS_iPhone_20A362";
const ODD: &str = "/private/var/db/com.apple.xpc.roleaccountd.staging/rolexd";

fn signs<'k>(kept: &'k Kept, name: &str) -> Vec<&'k check::Sign> {
    let signs = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Sign(sign) => Some(sign),
        _ => None,
    });
    signs.filter(|sign| sign.name == name).collect()
}

fn looked(kept: &Kept, question: Question) -> Vec<(Wholly, u64)> {
    let looked = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Looked(looked) => Some(looked),
        _ => None,
    });
    looked
        .filter(|looked| looked.question == question)
        .map(|looked| (looked.wholly, looked.entries))
        .collect()
}

fn has_trace(kept: &Kept, kind: TraceKind, value: &str) -> bool {
    kept.traces.iter().any(|(of, text)| *of == kind && text == value)
}

/// Cut at many places and with flipped bits: never a panic, never more than so many facts.
fn survives(path: &str, bytes: &[u8]) {
    let most = one(path, bytes).facts.len() * 4 + 50;
    let step = (bytes.len() / 60).max(1);
    for at in (0..bytes.len()).step_by(step) {
        assert!(one(path, &bytes[..at]).facts.len() <= most);
        let mut flipped = bytes.to_vec();
        flipped[at] ^= 1 << (at % 8);
        assert!(one(path, flipped).facts.len() <= most);
    }
}

fn device(kept: &Kept) -> &check::DeviceFact {
    let mut devices = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Device(device) => Some(device),
        _ => None,
    });
    devices.next().unwrap()
}

const DUMPSTATE: &str =
    include_str!("../../../fixtures/ios_sysdiagnose_device/ordinary/remotectl_dumpstate.txt");

#[test]
fn the_device_is_told_by_each_of_its_files() {
    let kept = one("remotectl_dumpstate.txt", DUMPSTATE);
    let of = device(&kept);
    assert_eq!(of.model.as_deref(), Some("iPhone9,3"));
    assert_eq!((of.system.as_deref(), of.build.as_deref()), (Some("16.0"), Some("20A362")));
    assert_eq!(of.serial.as_deref(), Some("EXAMPLE00001"));
    assert_eq!(of.acquired.as_ref().unwrap().first_ms, Some(1_744_038_378_000));
    assert_eq!(looked(&kept, Question::SystemAge).len(), 1);
    survives("remotectl_dumpstate.txt", DUMPSTATE.as_bytes());

    let log = format!("Output available at '/private/var/tmp/{ROOT}.tar.gz'\n");
    let files =
        vec![("x/sysdiagnose.log".to_owned(), log.into_bytes()), ("x/taskinfo.txt".to_owned(), vec![])];
    let kept = checked(files);
    assert_eq!(device(&kept).build.as_deref(), Some("20A362"));
    assert!(device(&kept).acquired.is_some());

    let request = "HEADERS: {}\nBODY: {\"serial-number\":\"EXAMPLE00001\",\"productType\":\"iPhone9,3\",\
                   \"os-version\":\"17.2\",\"os-build\":\"21C62\",\"udid\":\"0\"}\nEND\n";
    let kept = one("logs/MobileActivation/collection_oob_request.txt", request);
    assert_eq!(device(&kept).system.as_deref(), Some("17.2"));
    survives("logs/MobileActivation/collection_oob_request.txt", request.as_bytes());

    let mut list = plist::Dictionary::new();
    list.insert("ProductVersion".into(), "18.1".into());
    list.insert("ProductBuildVersion".into(), "22B83".into());
    let mut bytes = Vec::new();
    plist::Value::Dictionary(list).to_writer_xml(&mut bytes).unwrap();
    let kept = one("logs/SystemVersion/SystemVersion.plist", bytes.as_slice());
    assert_eq!(device(&kept).system.as_deref(), Some("18.1"));
    survives("logs/SystemVersion/SystemVersion.plist", &bytes);
}

/// A tar archive of these files, packed with gzip.
fn packed(files: &Files) -> Vec<u8> {
    let mut tar = Vec::new();
    for (path, bytes) in files {
        let mut header = [0_u8; 512];
        let (folder, name) = path.split_once('/').unwrap();
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[345..345 + folder.len()].copy_from_slice(folder.as_bytes());
        header[100..107].copy_from_slice(b"0000644");
        header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        header[136..147].copy_from_slice(b"00000000000");
        header[156] = b'0';
        header[257..263].copy_from_slice(b"ustar\0");
        header[263..265].copy_from_slice(b"00");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        tar.extend_from_slice(&header);
        tar.extend_from_slice(bytes);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.resize(tar.len() + 1024, 0);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(&tar).unwrap();
    packer.finish().unwrap()
}

#[test]
fn the_same_comes_out_of_an_archive() {
    let files: Files = vec![
        (format!("{ROOT}/ps.txt"), PS.as_bytes().to_vec()),
        (format!("{ROOT}/remotectl_dumpstate.txt"), DUMPSTATE.as_bytes().to_vec()),
        (format!("{ROOT}/system_logs.logarchive/Extra/shutdown.log"), shutdown_log().into_bytes()),
    ];
    let archive = vec![("evidence.tar.gz".to_owned(), packed(&files))];
    let (folder, archive) = (checked(files), checked(archive));
    assert!(!folder.facts.is_empty());
    assert_eq!(folder.facts.len(), archive.facts.len());
    assert_eq!(folder.traces, archive.traces);
    assert!(archive.problems.is_empty());
}

fn app_says<'k>(kept: &'k Kept, id: &str) -> Vec<&'k AppSays> {
    let says = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::App(app) if app.id == id => Some(&app.says),
        _ => None,
    });
    says.collect()
}

/// A database made with these statements.
fn database(statements: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch(statements).unwrap();
    drop(connection);
    std::fs::read(path).unwrap()
}

#[test]
fn profiles_of_a_sysdiagnose_are_read() {
    let mut payload = plist::Dictionary::new();
    payload.insert("PayloadType".into(), "com.apple.mdm".into());
    payload.insert("PayloadIdentifier".into(), "org.example.mdm".into());
    payload.insert("ServerURL".into(), "https://mdm.example.org/".into());
    let mut profile = plist::Dictionary::new();
    profile.insert("PayloadType".into(), "Configuration".into());
    profile.insert("PayloadIdentifier".into(), "org.example.profile".into());
    profile.insert("PayloadUUID".into(), "0A1B".into());
    profile.insert("PayloadContent".into(), plist::Value::Array(vec![plist::Value::Dictionary(payload)]));
    let kept = one("logs/MCState/Shared/profile-0a1b.stub", xml(&plist::Value::Dictionary(profile)));
    assert!(kept.facts.iter().any(|fact| matches!(&fact.says, Says::Profile(profile)
        if profile.payloads.iter().any(|payload| payload.kind == check::PayloadKind::Mdm))));
    let mut details = plist::Dictionary::new();
    details.insert("IsSupervised".into(), true.into());
    details.insert("OrganizationName".into(), "Example Ltd".into());
    let bytes = xml(&plist::Value::Dictionary(details));
    let kept = one("logs/MCState/Shared/CloudConfigurationDetails.plist", bytes);
    assert_eq!(signs(&kept, "supervised")[0].what, "Example Ltd");
}

fn xml(value: &plist::Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.to_writer_xml(&mut bytes).unwrap();
    bytes
}

/// Permissions and VPN lie in a sysdiagnose below other folders than in a backup.
#[test]
fn permissions_and_vpn_of_a_sysdiagnose_are_read() {
    let bytes = database(
        "CREATE TABLE access (service TEXT, client TEXT, client_type INTEGER, auth_value INTEGER,
            auth_reason INTEGER,
           auth_version INTEGER, last_modified INTEGER);
         INSERT INTO access VALUES ('kTCCServiceMicrophone', 'com.example.watch', 0, 2, 2, 1, 1744006432);",
    );
    let kept = one("logs/Accessibility/TCC.db", bytes);
    assert!(matches!(app_says(&kept, "com.example.watch")[..], [AppSays::Privacy(_)]));
    assert!(!looked(&kept, Question::Permissions).is_empty());
    let empty = xml(&plist::Value::Dictionary(plist::Dictionary::new()));
    let kept = one("logs/Networking/com.apple.networkextension.plist", empty);
    assert!(!looked(&kept, Question::Vpn).is_empty());
}

/// A sysdiagnose with as many files as a real one has: no step may grow with the square of them.
#[test]
fn a_sysdiagnose_with_twenty_thousand_files_is_read_at_once() {
    let mut files: Files = Vec::new();
    for number in 0..15_000_u32 {
        let name = format!("{ROOT}/system_logs.logarchive/{:02X}/{number:030X}", number % 256);
        files.push((name, uuidtext(&format!("/usr/libexec/example{number}"))));
    }
    for number in 0..5_000_u32 {
        files.push((format!("{ROOT}/logs/other/{number}.log"), b"x".to_vec()));
    }
    let begun = std::time::Instant::now();
    let kept = checked(files);
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 15_000)]);
    assert_eq!(kept.traces.len(), 30_000);
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

/// What a large sysdiagnose costs; run by hand with `--run-ignored only`.
#[test]
#[ignore = "a measurement"]
fn measured() {
    let mut files: Files = Vec::new();
    for number in 0..15_000_u32 {
        let mut bytes = vec![b'x'; 8 << 10];
        bytes[..24].copy_from_slice(&uuidtext("")[..24]);
        bytes[20..24].copy_from_slice(&((8 << 10) - 24 - 64_u32).to_le_bytes());
        bytes[(8 << 10) - 64..].fill(0);
        let path = format!("/usr/libexec/example{number}");
        bytes[(8 << 10) - 64..][..path.len()].copy_from_slice(path.as_bytes());
        let name = format!("{ROOT}/system_logs.logarchive/{:02X}/{number:030X}", number % 256);
        files.push((name, bytes));
    }
    let named = |name: &str, text: String| (format!("{ROOT}/{name}"), text.into_bytes());
    let mut spindump = String::new();
    for number in 0..1_000 {
        writeln!(spindump, "Process: example{number} [{number}]\nPath: /usr/libexec/example{number}")
            .unwrap();
        for image in 0..300 {
            writeln!(
                spindump,
                "  0x1009d0000 - 0x100a1ffff  Example (1) <0A1B-{image}> /System/Library/Frameworks/{image}"
            )
            .unwrap();
        }
    }
    let mut installed = String::new();
    while installed.len() < 20 << 20 {
        installed.push_str(INSTALL);
    }
    files.push(named("ps.txt", PS.to_owned()));
    files.push(named("spindump-nosymbols.txt", spindump));
    files.push(named("logs/MobileInstallation/mobile_installation.log.0", installed));
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 500000)
         INSERT INTO PLCoalitionAgent_EventInterval_CoalitionInterval
         SELECT i, 1744000000+i, 'com.example.app' || (i % 300), 'UIKitApplication:' || (i % 300) FROM n;";
    let powerlog = database(&format!(
        "CREATE TABLE PLCoalitionAgent_EventInterval_CoalitionInterval (ID INTEGER PRIMARY KEY,
            timestamp REAL,
           BundleId TEXT, LaunchdName TEXT); {rows}"
    ));
    files.push((format!("{ROOT}/logs/powerlogs/powerlog.PLSQL"), powerlog));
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let count = files.len();
    let begun = std::time::Instant::now();
    let kept = checked(files);
    let (facts, traces) = (kept.facts.len(), kept.traces.len());
    println!("{count} files, {bytes} bytes, {facts} facts, {traces} traces: {:?}", begun.elapsed());
}
