//! A small sysdiagnose of iOS, made here: ordinary, damaged and hostile. All people and apps in it are
//! invented; the odd paths are those that public reports name.

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::sync::Arc;

use check::{AppOrigin, AppSays, Gathering, Kept, Question, Says, TraceKind, Wholly, gather};
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
    assert_eq!((processes.len(), processes[2].0), (3, ODD));
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
        writeln!(text, "root 0 - {number} 0 0 0 0 0 0 0 0 - ?? s x 0 /private/var/tmp/{number}").unwrap();
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
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::No, 1)]);
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
            writeln!(text, "After {round}.26s, these clients are still here:").unwrap();
            text.push_str(
                "\t\tremaining client pid: 55 (/usr/libexec/nfcd/0A1B2C3D-0000-3333-4444-555566667777)\n",
            );
            if rounds > 1 {
                let client = format!("{ODD}/0A1B2C3D-0000-3333-4444-555566667777");
                writeln!(text, "\t\tremaining client pid: 412 ({client})").unwrap();
            }
        }
        writeln!(text, "SIGTERM: [{time}] All buffers flushed").unwrap();
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
        writeln!(
            text,
            "After 1s, these clients are still here:\nremaining client pid: 1 (/private/var/tmp/{number})"
        )
        .unwrap();
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

const IPS_HEAD: &str = r#"{"app_name":"rolexd","timestamp":"2025-04-06 22:50:42.00 -0700","bug_type":"309","os_version":"iPhone OS 16.0 (20A362)","incident_id":"0","name":"rolexd"}"#;

fn crashes(kept: &Kept) -> Vec<&check::Crash> {
    let crashes = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Crash(crash) => Some(crash),
        _ => None,
    });
    crashes.collect()
}

#[test]
fn crashes_of_both_forms_are_told() {
    let body = format!(
        "{{\n \"procName\" : \"rolexd\",\n \"procPath\" : \"{ODD}\",\n \"userID\" : 0,\n \"captureTime\" : \
         \"2025-04-06 22:50:41.6409 -0700\",\n \"parentProc\" : \"launchd\",\n \"exception\" : {{\"type\":\"EXC_CRASH\"}},\
         \n \"usedImages\" : [{{\"path\":\"\\/usr\\/lib\\/dyld\"}},{{\"path\":\"\\/private\\/var\\/jb\\/x.dylib\"}}, 7]\n}}"
    );
    // A number among the images makes the part unreadable, what the head says stays.
    let kept = one("crashes_and_spins/rolexd-2025-04-06-225042.ips", format!("{IPS_HEAD}\n{body}"));
    assert_eq!((crashes(&kept).len(), looked(&kept, Question::Processes)[0].0), (1, Wholly::No));
    let report = format!("{IPS_HEAD}\n{}", body.replace(", 7]", "]"));
    let path = "crashes_and_spins/rolexd-2025-04-06-225042.ips";
    let kept = one(path, report.as_bytes());
    let crash = crashes(&kept)[0];
    assert_eq!((crash.process.as_str(), crash.user), ("rolexd", Some(0)));
    assert_eq!(crash.at.as_ref().unwrap().first_ms, Some(1_744_005_041_640));
    assert_eq!(signs(&kept, "process-odd-path").len(), 1);
    assert_eq!(signs(&kept, "jailbreak-trace")[0].what, "/private/var/jb/x.dylib");
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 1)]);
    survives(path, report.as_bytes());

    let text = format!(
        "{IPS_HEAD}\nIncident Identifier: 0\nProcess:             rolexd [412]\nPath:                {ODD}\n\
         Date/Time:           2021-01-02 10:00:00.1234 +0100\nParent Process:  launchd [1]\n\nException Type:  \
         EXC_CRASH (SIGABRT)\n\nBinary Images:\n0x100 - 0x200 rolexd arm64  <00> {ODD}\nEOF\n"
    );
    let kept = one(path, text.as_bytes());
    assert_eq!(crashes(&kept).len(), 1);
    assert_eq!(signs(&kept, "process-odd-path").len(), 1);
    survives(path, text.as_bytes());
    // A sidecar of a Mac's archive is none.
    assert!(one("crashes_and_spins/._a.ips", text.as_bytes()).facts.is_empty());
}

#[test]
fn a_report_on_memory_names_processes_and_is_no_crash() {
    let report = "{\"bug_type\":\"298\",\"timestamp\":\"2025-04-06 22:50:42.00 -0700\",\"name\":\"JetsamEvent\"}\n\
                  {\"processes\":[{\"name\":\"rolexd\",\"pid\":4},{\"name\":\"Example\"}],\"largestProcess\":\"x\"}";
    let kept = one("crashes_and_spins/JetsamEvent-2025-04-06-225042.ips", report);
    assert!(crashes(&kept).is_empty());
    assert!(has_trace(&kept, TraceKind::Process, "rolexd"));
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 1)]);
    let deep = format!("{IPS_HEAD}\n{{\"x\":{}", "[".repeat(1 << 20));
    assert_eq!(crashes(&one("crashes_and_spins/a.ips", deep)).len(), 1);
}

fn app_says<'k>(kept: &'k Kept, id: &str) -> Vec<&'k AppSays> {
    let says = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::App(app) if app.id == id => Some(&app.says),
        _ => None,
    });
    says.collect()
}

const INSTALL: &str = "\
Mon Apr  7 06:13:34 2025 [234] <notice> (0x16b48f000) -[MIInstaller performInstallationWithError:]: Install Successful for (Placeholder:com.example.watch); Staging: 0.01s
Mon Apr  7 06:13:50 2025 [234] <notice> (0x16b48f000) -[MIClientConnection _doInstallationForURL:]: Install of \"/private/var/x/Watch.app\" type Customer (LSInstallType = 1, Domain: 1) requested by mobile_installation_proxy (pid 960 (501/501))
Mon Apr  7 06:13:50 2025 [234] <notice> (0x16b48f000) -[MIInstaller _installInstallable:]: Installing <MIInstallableBundle ID=com.example.watch; Version=703, ShortVersion=7.53>
Mon Apr  7 06:13:52 2025 [234] <notice> (0x16b48f000) -[MIInstaller performInstallationWithError:]: Install Successful for (Customer:com.example.watch); Staging: 0.03s
Mon Apr  7 06:20:52 2025 [234] <notice> (0x16b48f001) -[MIInstaller performInstallationWithError:]: Install Successful for (Developer:com.example.own); Staging: 0.03s
Mon Apr  7 06:21:52 2025 [234] <notice> (0x16b48f001) -[MIInstaller performInstallationWithError:]: Install Successful for (Customer:com.example.gone); Staging: 0.03s
Not a line of the log
";
const UNINSTALL: &str = "Mon Apr  7 07:40:47 2025 [446] <notice> (0x16fc9b000) -[MIUninstaller _uninstallBundleWithIdentity:]: Uninstalling identifier com.example.gone\n";

#[test]
fn installed_and_removed_apps_with_their_times() {
    let part = |number: u8, text: &str| {
        (format!("{ROOT}/logs/MobileInstallation/mobile_installation.log.{number}"), text.as_bytes().to_vec())
    };
    let kept = checked(vec![part(0, UNINSTALL), part(1, INSTALL)]);
    let watch = app_says(&kept, "com.example.watch");
    assert!(watch.contains(&&AppSays::Installed(AppOrigin::Added)));
    assert!(watch.contains(&&AppSays::Version("7.53".to_owned())));
    assert!(watch.contains(&&AppSays::Initiator("mobile_installation_proxy".to_owned())));
    let first = watch.iter().find_map(|says| match says {
        AppSays::FirstInstalled(at) => at.first_ms,
        _ => None,
    });
    assert_eq!(first, Some(1_744_006_432_000));
    let own = app_says(&kept, "com.example.own");
    assert!(own.contains(&&AppSays::Installer(Some("Developer".to_owned()))));
    assert!(matches!(app_says(&kept, "com.example.gone")[..], [AppSays::Removed(Some(_))]));
    assert!(has_trace(&kept, TraceKind::AppMention, "com.example.gone"));
    assert_eq!(looked(&kept, Question::RemovedApps), [(Wholly::Yes, 3)]);
    survives("logs/MobileInstallation/mobile_installation.log.0", INSTALL.as_bytes());
}

#[test]
fn a_hostile_log_of_installations_stays_small() {
    let mut text = String::new();
    for number in 0..40_000 {
        text.push_str(&UNINSTALL.replace("gone", &number.to_string()));
    }
    text.push_str(&"x".repeat(1 << 20));
    let kept = one("logs/MobileInstallation/mobile_installation.log.0", text);
    assert!(kept.facts.len() < 21_000);
    assert_eq!(looked(&kept, Question::RemovedApps)[0].0, Wholly::No);
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
fn what_the_app_store_noted() {
    let bytes = database(
        "CREATE TABLE job_software (pid INTEGER PRIMARY KEY, bundle_id TEXT, item_name TEXT, store_account_name TEXT,
           client_id TEXT, is_beta INTEGER, timestamp REAL);
         INSERT INTO job_software VALUES (1, 'com.example.watch', 'Watch', 'invented@example.org', 'com.apple.AppStore', 0, 765698032);
         INSERT INTO job_software VALUES (2, 'com.example.beta', 'Beta', NULL, 'com.apple.TestFlight', 1, 1744006432);
         INSERT INTO job_software VALUES (3, NULL, NULL, NULL, NULL, NULL, NULL);
         CREATE TABLE asset (pid INTEGER PRIMARY KEY, sinfs_data BLOB);",
    );
    let path = "logs/appinstallation/appstored.sqlitedb";
    let kept = one(path, bytes.as_slice());
    let watch = app_says(&kept, "com.example.watch");
    assert!(watch.contains(&&AppSays::AcquiredBy("invented@example.org".to_owned())));
    assert!(watch.contains(&&AppSays::Mentioned) && watch.contains(&&AppSays::Name("Watch".to_owned())));
    assert!(
        app_says(&kept, "com.example.beta").contains(&&AppSays::Installer(Some("TestFlight".to_owned())))
    );
    // It lists no apps, so nothing is "not found" in it.
    assert!(looked(&kept, Question::Apps).is_empty());
    survives(path, &bytes);

    let bytes = database(
        "CREATE TABLE current_apps (pid INTEGER PRIMARY KEY, bundle_id TEXT, item_name TEXT, short_version TEXT,
           is_system_app INTEGER, deletion_date REAL);
         INSERT INTO current_apps VALUES (1, 'com.example.watch', 'Watch', '1.2', 0, NULL);
         INSERT INTO current_apps VALUES (2, 'com.example.gone', 'Gone', '1.2', 0, 765698032);
         INSERT INTO current_apps VALUES (3, 'com.apple.example', 'System', '1.2', 1, NULL);",
    );
    let kept = checked(vec![("storeUser.db".to_owned(), bytes)]);
    assert_eq!(looked(&kept, Question::Apps), [(Wholly::Yes, 3)]);
    assert!(app_says(&kept, "com.example.watch").contains(&&AppSays::Installed(AppOrigin::Added)));
    assert!(app_says(&kept, "com.apple.example").contains(&&AppSays::Installed(AppOrigin::Factory)));
    assert!(app_says(&kept, "com.example.gone").iter().any(|says| matches!(says, AppSays::Removed(Some(_)))));
}

#[test]
fn the_power_log_lists_apps_and_uses() {
    let bytes = database(
        "CREATE TABLE PLStorageOperator_EventForward_TimeOffset (ID INTEGER PRIMARY KEY, timestamp REAL, system REAL);
         INSERT INTO PLStorageOperator_EventForward_TimeOffset VALUES (1, 1744000000, 3600.0);
         CREATE TABLE PLApplicationAgent_EventNone_AllApps (ID INTEGER PRIMARY KEY, timestamp REAL, AppBundleId TEXT,
           AppName TEXT, AppBundleVersion TEXT, AppIs3rdParty INTEGER, AppDeletedDate REAL);
         INSERT INTO PLApplicationAgent_EventNone_AllApps VALUES (1, 1744000000, 'com.example.watch', 'Watch', '7', 1, 0);
         INSERT INTO PLApplicationAgent_EventNone_AllApps VALUES (2, 1744000000, 'com.example.gone', 'Gone', '7', 1, 1744000000);
         INSERT INTO PLApplicationAgent_EventNone_AllApps VALUES (3, 1744000000, 'com.apple.example', 'E', '7', 0, 0);
         CREATE TABLE PLLocationAgent_EventForward_ClientStatus (ID INTEGER PRIMARY KEY, timestamp REAL, BundleId TEXT,
           Client TEXT, Executable TEXT, Type TEXT);
         INSERT INTO PLLocationAgent_EventForward_ClientStatus VALUES (1, 1744000100, 'com.example.watch', NULL, NULL, 'Location');
         INSERT INTO PLLocationAgent_EventForward_ClientStatus VALUES (2, 1744000200, 'com.example.watch', NULL, NULL, 'Location');
         CREATE TABLE PLProcessMonitorAgent_EventForward_ProcessID (ID INTEGER PRIMARY KEY, timestamp REAL, ProcessName TEXT, PID INTEGER);
         INSERT INTO PLProcessMonitorAgent_EventForward_ProcessID VALUES (1, 1744000100, 'rolexd', 412);",
    );
    let path = "logs/powerlogs/powerlog_2025-04-07_08-06_0A1B2C3D.PLSQL";
    let kept = one(path, bytes.as_slice());
    assert!(app_says(&kept, "com.example.watch").contains(&&AppSays::Installed(AppOrigin::Added)));
    assert!(app_says(&kept, "com.apple.example").contains(&&AppSays::Installed(AppOrigin::Factory)));
    assert!(app_says(&kept, "com.example.gone").iter().any(|says| matches!(says, AppSays::Removed(Some(_)))));
    let used: Vec<i64> = app_says(&kept, "com.example.watch")
        .iter()
        .filter_map(|says| match says {
            AppSays::Used(used) => used.at.as_ref()?.first_ms,
            _ => None,
        })
        .collect();
    assert_eq!(used, [1_744_003_800_000]);
    assert!(has_trace(&kept, TraceKind::Process, "rolexd"));
    assert_eq!(looked(&kept, Question::Apps), [(Wholly::Yes, 3)]);
    assert_eq!(looked(&kept, Question::SensorUse), [(Wholly::Yes, 2)]);
    survives(path, &bytes);
}

/// A `uuidtext` file with one range and this path.
fn uuidtext(path: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for number in [0x6677_8899_u32, 2, 1, 1, 0x1000, 7] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.extend_from_slice(b"format\0");
    bytes.extend_from_slice(path.as_bytes());
    bytes.push(0);
    bytes
}

#[test]
fn programs_of_a_log_archive() {
    let in_archive = |name: &str| format!("{ROOT}/system_logs.logarchive/{name}");
    let files = vec![
        (in_archive("0A/1C1EC0233A05AF22029CC5E160EA00"), uuidtext("/usr/libexec/example")),
        (in_archive("AB/414C1EC0233A05AF22029CC5E160EA"), uuidtext(ODD)),
        (in_archive("dsc/2576AD2587533C119308541E6149A88D"), vec![0; 100]),
        (in_archive("Info.plist"), vec![]),
    ];
    let kept = checked(files.clone());
    assert_eq!(signs(&kept, "process-odd-path")[0].what, ODD);
    assert!(has_trace(&kept, TraceKind::Path, "/usr/libexec/example"));
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 2)]);
    let whole = &files[1].1;
    for at in 0..whole.len() {
        let mut files = files.clone();
        files[1].1.truncate(at);
        let kept = checked(files.clone());
        assert!(has_trace(&kept, TraceKind::Path, "/usr/libexec/example"));
        files[1].1 = whole.clone();
        files[1].1[at] ^= 0xff;
        checked(files);
    }

    let mut list = plist::Dictionary::new();
    list.insert("0A1B".into(), ODD.into());
    let mut bytes = Vec::new();
    plist::Value::Dictionary(list).to_writer_binary(&mut bytes).unwrap();
    let kept = one("logs/tailspindb/UUIDToBinaryLocations", bytes.as_slice());
    assert_eq!(signs(&kept, "process-odd-path").len(), 1);
    survives("logs/tailspindb/UUIDToBinaryLocations", &bytes);

    let text = format!("--- !logd statistics record\n- [ \"{ODD}\", 12, 3 ]\n  /usr/libexec/example : 5\n");
    let kept = one("system_logs.logarchive/Extra/logdata.statistics.0.txt", text.as_bytes());
    assert_eq!(signs(&kept, "process-odd-path").len(), 1);
}

#[test]
fn programs_in_statistics_and_summaries() {
    let escaped = ODD.replace('/', "\\/");
    let text = format!(
        "{{\"unixTime\":1744006432.5,\"type\":\"File Rotate\",\"file\":\"\\/var\\/db\\/diagnostics\\/Persist\\/0.tracev3\",\
         \"processList\":[{{\"process\":\"{escaped}\",\"count\":2}},{{\"process\":\"\\/usr\\/libexec\\/x\"}}]}}\n"
    );
    let path = "system_logs.logarchive/Extra/logdata.statistics.1.jsonl";
    let kept = one(path, text.as_bytes());
    let odd = signs(&kept, "process-odd-path");
    assert_eq!((odd.len(), odd[0].what.as_str()), (1, ODD));
    assert_eq!(odd[0].at.as_ref().unwrap().first_ms, Some(1_744_006_432_000));
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 2)]);
    survives(path, text.as_bytes());
    let text = "file : /var/db/diagnostics/Persist/0000000000000e5d.tracev3\n";
    assert!(
        signs(&one("system_logs.logarchive/Extra/logdata.statistics.0.txt", text), "process-odd-path")
            .is_empty()
    );

    let text = "Log of crashes\n/private/var/mobile/Library/Logs/CrashReporter/role-20-x-2025-04-06-225042.ips, 12\n";
    let kept = one("summaries/crashes_and_spins.log", text);
    assert!(has_trace(&kept, TraceKind::Process, "role-20-x"));
    assert!(crashes(&kept).is_empty());

    let text = "Process:          Example [4]\nPath:             /usr/libexec/x\n  Binary Images:\n   0x100 - 0x200 x.dylib <0A-1B> /private/var/jb/usr/lib/x.dylib\n";
    let kept = one("spindump-nosymbols.txt", text);
    assert_eq!(signs(&kept, "jailbreak-trace")[0].what, "/private/var/jb/usr/lib/x.dylib");
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

fn linked(kept: &Kept) -> Vec<(&str, &str)> {
    let linked = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Linked(linked) => Some((linked.service.as_str(), linked.name.as_str())),
        _ => None,
    });
    linked.collect()
}

#[test]
fn devices_of_the_keychain() {
    let peer = |id: &str, name: &str, serial: &str| {
        format!(
            "{{\"peerID\":\"{id}\",\"permanentInfo\":{{\"model_id\":\"iPad8,1\",\"creation_time\":1700000000000}},\
             \"stableInfo\":{{\"device_name\":\"{name}\",\"os_version\":\"iOS 17 (21A1)\",\"serial_number\":\"{serial}\"}},\
             \"dynamicInfo\":{{\"included\":[\"own\",\"b\"]}}}}"
        )
    };
    let status = format!(
        "{{\"lastOctagonPush\":\"x\",\"contextDump\":{{\"self\":{},\"peers\":[{},{},{}]}}}}",
        peer("own", "Own phone", "S1"),
        peer("own", "Own phone", "S1"),
        peer("b", "Somebody's iPad", "S2"),
        peer("c", "Put out", "S3"),
    );
    let kept = one("otctl_status.txt", status.as_bytes());
    assert_eq!(linked(&kept), [("icloud", "Somebody's iPad, iPad8,1, iOS 17 (21A1), S2")]);
    assert_eq!(looked(&kept, Question::LinkedDevices), [(Wholly::Yes, 1)]);
    survives("otctl_status.txt", status.as_bytes());
    assert_eq!(looked(&one("otctl_status.txt", "{}"), Question::LinkedDevices)[0].0, Wholly::No);

    let text = "ccstatus: In Circle (0)\nAccount user public is trusted\n     Peers count: 2\n\
         me>      Peers: Own phone        iPhone           KVS              0A1B abcdef V2 OS:16.0\n    \
              Peers: Somebody's iPad  iPad             KVS              0A1B abcdef V2 OS:15.7\n    \
         Applicants: New one          Mac              KVS              0A1B abcdef V2 OS:13\nEngine state:\n";
    let kept = one("security-sysdiagnose.txt", text);
    assert_eq!(
        linked(&kept),
        [("icloud", "Somebody's iPad, iPad, 15.7"), ("icloud-asks", "New one, Mac, 13")]
    );
    survives("security-sysdiagnose.txt", text.as_bytes());
}

#[test]
fn a_list_of_apps_made_by_a_tool() {
    let json = r#"{"com.example.watch":{"CFBundleIdentifier":"com.example.watch","CFBundleDisplayName":"Watch",
        "ApplicationType":"User","SignerIdentity":"iPhone Distribution: Example Ltd","CFBundleShortVersionString":"1.2",
        "Path":"/private/var/containers/Bundle/Application/0/Watch.app","Entitlements":{"get-task-allow":true,"x":[1]}},
        "com.example.store":{"CFBundleIdentifier":"com.example.store","ApplicationType":"User",
        "SignerIdentity":"Apple iPhone OS Application Signing","Entitlements":{}},
        "com.apple.example":{"CFBundleIdentifier":"com.apple.example","ApplicationType":"System","SignerIdentity":"Software Signing"}}"#;
    let told = |kept: &Kept| {
        let watch = app_says(kept, "com.example.watch");
        assert!(watch.contains(&&AppSays::Installed(AppOrigin::Added)));
        assert!(watch.contains(&&AppSays::Installer(Some("iPhone Distribution: Example Ltd".to_owned()))));
        assert!(
            watch
                .iter()
                .any(|says| matches!(says, AppSays::Permission { name, .. } if name == "get-task-allow"))
        );
        let store = app_says(kept, "com.example.store");
        assert!(store.contains(&&AppSays::Installer(Some("com.apple.AppStore".to_owned()))));
        assert_eq!(app_says(kept, "com.apple.example"), [&AppSays::Installed(AppOrigin::Factory)]);
        assert_eq!(looked(kept, Question::Apps), [(Wholly::Yes, 3)]);
        assert_eq!(looked(kept, Question::AppSignatures).len(), 1);
    };
    let file = |name: &str, bytes: &[u8]| checked(vec![(name.to_owned(), bytes.to_vec())]);
    told(&file("apps.json", json.as_bytes()));
    let object: serde_json::Value = serde_json::from_str(json).unwrap();
    let array: Vec<&serde_json::Value> = object.as_object().unwrap().values().collect();
    told(&file("installed_apps.json", &serde_json::to_vec(&array).unwrap()));
    for binary in [true, false] {
        let list = plist::Value::Array(array.iter().map(|value| as_list(value)).collect());
        let mut bytes = Vec::new();
        if binary {
            list.to_writer_binary(&mut bytes).unwrap();
        } else {
            list.to_writer_xml(&mut bytes).unwrap();
        }
        told(&file("ideviceinstaller-apps.plist", &bytes));
        for at in (0..bytes.len()).step_by(bytes.len() / 50) {
            file("apps.plist", &bytes[..at]);
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            assert!(file("apps.plist", &flipped).facts.len() < 200);
        }
    }
    for at in 0..json.len() {
        assert!(file("apps.json", &json.as_bytes()[..at]).facts.len() < 20);
    }
}

/// JSON as a property list.
fn as_list(value: &serde_json::Value) -> plist::Value {
    match value {
        serde_json::Value::Bool(truth) => (*truth).into(),
        serde_json::Value::Number(number) => number.as_i64().unwrap().into(),
        serde_json::Value::String(text) => text.as_str().into(),
        serde_json::Value::Array(array) => plist::Value::Array(array.iter().map(as_list).collect()),
        serde_json::Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), as_list(value)));
            plist::Value::Dictionary(members.collect())
        }
        serde_json::Value::Null => panic!("no property list has it"),
    }
}

fn xml(value: &plist::Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.to_writer_xml(&mut bytes).unwrap();
    bytes
}

#[test]
fn changed_restrictions() {
    let mut event = plist::Dictionary::new();
    event.insert("event".into(), "set".into());
    event.insert("process".into(), "profiled".into());
    let time = plist::Date::from_xml_format("2025-04-07T06:13:34Z").unwrap();
    event.insert("timestamp".into(), plist::Value::Date(time));
    let mut inner = plist::Dictionary::new();
    inner.insert("allowAppInstallation".into(), plist::Value::Dictionary(event));
    let mut outer = plist::Dictionary::new();
    outer.insert("EffectiveSettings".into(), plist::Value::Dictionary(inner));
    let bytes = xml(&plist::Value::Dictionary(outer));
    let path = "logs/MCState/Shared/MCSettingsEvents.plist";
    let kept = one(path, bytes.as_slice());
    let settings: Vec<&check::Setting> = kept
        .facts
        .iter()
        .filter_map(|fact| match &fact.says {
            Says::Setting(setting) => Some(setting),
            _ => None,
        })
        .collect();
    assert_eq!(settings[0].name, "EffectiveSettings.allowAppInstallation");
    assert_eq!(settings[0].value, "2025-04-07T06:13:34Z set profiled");
    assert_eq!(looked(&kept, Question::Profiles), [(Wholly::Yes, 1)]);
    survives(path, &bytes);
}

#[test]
fn provisioning_profiles_that_ios_keeps() {
    let bytes = database(
        "CREATE TABLE profiles (uuid TEXT, team_id TEXT, install_time REAL, name TEXT, is_for_all_devices INTEGER, is_beta INTEGER);
         INSERT INTO profiles VALUES ('0A1B', 'TEAM000001', 765698032, 'Example Distribution', 1, 0);",
    );
    let kept = one("ProvisioningProfiles/mis.db", bytes.as_slice());
    assert_eq!(signs(&kept, "app-provisioning")[0].what, "Example Distribution, TEAM000001, for any device");
    assert_eq!(looked(&kept, Question::AppSources), [(Wholly::Yes, 1)]);
    survives("ProvisioningProfiles/mis.db", &bytes);
}

/// Permissions and VPN lie in a sysdiagnose below other folders than in a backup.
#[test]
fn permissions_and_vpn_of_a_sysdiagnose_are_read() {
    let bytes = database(
        "CREATE TABLE access (service TEXT, client TEXT, client_type INTEGER, auth_value INTEGER, auth_reason INTEGER,
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
        "CREATE TABLE PLCoalitionAgent_EventInterval_CoalitionInterval (ID INTEGER PRIMARY KEY, timestamp REAL,
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
