//! A small sysdiagnose of iOS, made here: ordinary, damaged and hostile. All people and apps in it are
//! invented; the odd paths are those that public reports name.

use std::io::Write;
use std::ops::ControlFlow;
use std::sync::Arc;

use check::{Gathering, Kept, Question, Says, TraceKind, Wholly, gather};
use model::record::FileNumber;
use model::{FileTime, ReadLimits};
use source::tree::{Grown, Keys, NoSpools, Plain, RootFile, Spools, Tree, Watch, grow};

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
    let flow = gather(&gathering, 0, &mut |_, _| ControlFlow::Continue(()), &mut kept);
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

const PS: &str = "\
USER  UID PRSNA   PID  PPID        F  %CPU %MEM PRI NI      VSZ    RSS WCHAN    TT  STAT STARTED      TIME COMMAND
root  0     -     1     0     4004   0.0  0.0   0  0        0      0 -        ??  ?s   Tue09PM   0:00.00 /sbin/launchd
mobile 501 1000  301    1     4004   0.0  0.0   0  0        0      0 -        ??  ?s   Tue09PM   0:00.00 /private/var/containers/Bundle/Application/0-1/Example App.app/Example App
root  0     -   412     1     4004   0.0  0.0   0  0        0      0 -        ??  ?s   Tue09PM   0:00.00 /private/var/db/com.apple.xpc.roleaccountd.staging/rolexd -x 1
";

#[test]
fn processes_are_told_with_user_number_and_path() {
    let kept = one("ps.txt", PS);
    let processes: Vec<(&str, &str, u64)> = kept
        .facts
        .iter()
        .filter_map(|fact| match &fact.says {
            Says::Process(process) => Some((process.name.as_str(), process.user.as_str(), process.number)),
            _ => None,
        })
        .collect();
    assert_eq!(processes[0], ("/sbin/launchd", "root", 1));
    assert_eq!(processes[1].0, "/private/var/containers/Bundle/Application/0-1/Example App.app/Example App");
    assert_eq!(processes.len(), 3);
    let odd = signs(&kept, "process-odd-path");
    assert_eq!((odd.len(), odd[0].what.as_str()), (1, ODD));
    assert_eq!(odd[0].at.as_ref().unwrap().first_ms, Some(1_744_038_378_000));
    assert!(has_trace(&kept, TraceKind::Process, ODD) && has_trace(&kept, TraceKind::Path, ODD));
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 3)]);
    assert!(kept.problems.is_empty());
    survives("ps.txt", PS.as_bytes());
}

#[test]
fn processes_of_old_forms_and_with_threads() {
    let text = "\
USER             UID   PID  PPID  %CPU %MEM PRI NI      VSZ    RSS WCHAN    TT  STAT STARTED      TIME COMMAND
root               0     1     0   0.0  0.4  37  0  4226848   8912 -        ??  Ss   14Jan19   7:27.40 /sbin/launchd
                         1           0.0      37                                           0:00.00
";
    let kept = one("ps_thread.txt", text);
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 1)]);
    // With `ps.txt` beside it, only what is held against the lists.
    let files = ["ps.txt", "ps_thread.txt"].map(|name| (format!("{ROOT}/{name}"), text.as_bytes().to_vec()));
    let kept = checked(files.to_vec());
    assert_eq!(kept.facts.iter().filter(|fact| matches!(fact.says, Says::Process(_))).count(), 1);
    assert_eq!(kept.traces.iter().filter(|(_, value)| value == "/sbin/launchd").count(), 4);
}

#[test]
fn a_hostile_list_of_processes_stays_small() {
    let mut text = PS.to_owned();
    text.push_str("root 0 ");
    text.push_str(&"x".repeat(1 << 20));
    text.push('\n');
    for number in 0..50_000 {
        text.push_str(&format!("root 0 - {number} 0 0 0 0 0 0 0 0 - ?? s x 0 /private/var/tmp/{number}\n"));
    }
    let kept = one("ps.txt", text);
    assert!(kept.facts.len() < 26_000, "{}", kept.facts.len());
    assert_eq!(looked(&kept, Question::Processes)[0].0, Wholly::No);
}

#[test]
fn a_list_of_processes_of_something_else_is_left_alone() {
    assert!(checked(vec![("ps.txt".to_owned(), PS.as_bytes().to_vec())]).facts.is_empty());
}

#[test]
fn tasks_and_spindump() {
    let text = "num tasks: 2\n\nprocess: \"launchd\" [1] [unique ID: 1]\narchitecture: arm64\n\n\n\
                process: \"rolexd\" [412] [unique ID: 412]\n";
    let kept = one("taskinfo.txt", text);
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 2)]);
    assert!(has_trace(&kept, TraceKind::Process, "rolexd"));
    let kept = one("taskinfo.txt", &text[..40]);
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::No, 0)]);
    survives("taskinfo.txt", text.as_bytes());
    let text = format!("Process:          rolexd [412]\nUUID: 0\nPath:             {ODD}\n");
    let kept = one("spindump-nosymbols.txt", text.as_bytes());
    assert_eq!(signs(&kept, "process-odd-path").len(), 1);
    assert!(has_trace(&kept, TraceKind::Process, "rolexd"));
}

fn shutdown_log() -> String {
    let mut text = String::new();
    for (rounds, time) in [(1, 1_707_000_000), (4, 1_707_138_423)] {
        for round in 1..=rounds {
            text.push_str(&format!("After {round}.26s, these clients are still here:\n"));
            text.push_str(
                "\t\tremaining client pid: 55 (/usr/libexec/nfcd/0A1B2C3D-0000-3333-4444-555566667777)\n",
            );
            if rounds > 1 {
                let client = format!("{ODD}/0A1B2C3D-0000-3333-4444-555566667777");
                text.push_str(&format!("\t\tremaining client pid: 412 ({client})\n"));
            }
        }
        text.push_str(&format!("SIGTERM: [{time}] All buffers flushed\n"));
    }
    text
}

#[test]
fn a_shutdown_that_was_held_up_is_told() {
    let text = shutdown_log();
    let kept = one("system_logs.logarchive/Extra/shutdown.log", text.as_bytes());
    let delayed = signs(&kept, "shutdown-delayed");
    assert_eq!(delayed.len(), 1);
    assert!(delayed[0].what.starts_with("4 rounds: ") && delayed[0].what.contains(ODD));
    assert_eq!(delayed[0].at.as_ref().unwrap().first_ms, Some(1_707_138_423_000));
    let odd = signs(&kept, "process-odd-path");
    assert_eq!((odd.len(), odd[0].what.as_str()), (1, ODD));
    assert_eq!(odd[0].at.as_ref().unwrap().first_ms, Some(1_707_138_423_000));
    assert!(has_trace(&kept, TraceKind::Path, ODD) && has_trace(&kept, TraceKind::Path, "/usr/libexec/nfcd"));
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 9)]);
    survives("system_logs.logarchive/Extra/shutdown.log", text.as_bytes());
    // Alone, with any name of the sort, and without its last line.
    let cut = text.rsplit_once("SIGTERM").unwrap().0;
    let kept = checked(vec![("shutdown-2.log".to_owned(), cut.as_bytes().to_vec())]);
    assert_eq!(signs(&kept, "shutdown-delayed").len(), 1);
    assert!(signs(&kept, "shutdown-delayed")[0].at.is_none());
    let kept = checked(vec![("shutdown.log".to_owned(), b"[Mon] app: shutting down\n".to_vec())]);
    assert!(kept.facts.is_empty());
}

#[test]
fn a_hostile_shutdown_log_stays_small() {
    let mut text = String::new();
    for number in 0..60_000 {
        text.push_str(&format!(
            "After 1s, these clients are still here:\nremaining client pid: 1 (/private/var/tmp/{number})\n"
        ));
    }
    text.push_str(&"(".repeat(2 << 20));
    let kept = one("system_logs.logarchive/Extra/shutdown.log", text);
    assert!(kept.facts.len() < 6_000, "{}", kept.facts.len());
    assert_eq!(looked(&kept, Question::Processes)[0].0, Wholly::No);
}

fn device(kept: &Kept) -> &check::DeviceFact {
    let mut devices = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Device(device) => Some(device),
        _ => None,
    });
    devices.next().unwrap()
}

const DUMPSTATE: &str = "Local device\n\tUUID: 0\n\tMessaging Protocol Version: 3\n\tProduct Type: iPhone9,3\n\
    \tProperties: {\n\t\tAppleInternal => false\n\t\tOSVersion => 16.0\n\t\tBuildVersion => 20A362\n\
    \t\tSerialNumber => EXAMPLE00001\n\t}\n\nFound ncm-device\n\tProduct Type: MacBookPro15,1\n";

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
        header[..path.len()].copy_from_slice(path.as_bytes());
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
