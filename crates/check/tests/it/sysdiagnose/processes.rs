//! What ran on an iPhone: processes, tasks, services, shutdowns, crashes and programs that wrote to the log.

use std::fmt::Write as _;

use check::{Kept, Question, Says, TraceKind, Wholly};

use super::{ODD, ROOT, checked, has_trace, looked, one, signs, survives};

pub(super) const PS: &str = include_str!("../../../fixtures/ios_sysdiagnose_ps/ordinary/ps.txt");

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
    let text = include_str!("../../../fixtures/ios_sysdiagnose_ps/threads/ps_thread.txt");
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

pub(super) fn shutdown_log() -> String {
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

const IPS_HEAD: &str = include_str!("../../../fixtures/ios_crashes/ordinary/head.json");

fn crashes(kept: &Kept) -> Vec<&check::Crash> {
    let crashes = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Crash(crash) => Some(crash),
        _ => None,
    });
    crashes.collect()
}

#[test]
fn crashes_of_both_forms_are_told() {
    let head = IPS_HEAD.trim_end();
    let body = include_str!("../../../fixtures/ios_crashes/ordinary/body.json");
    // A number among the images makes the part unreadable, what the head says stays.
    let kept = one("crashes_and_spins/rolexd-2025-04-06-225042.ips", format!("{head}\n{body}"));
    assert_eq!((crashes(&kept).len(), looked(&kept, Question::Processes)[0].0), (1, Wholly::No));
    let report = format!("{head}\n{}", body.replace(", 7]", "]"));
    let path = "crashes_and_spins/rolexd-2025-04-06-225042.ips";
    let kept = one(path, report.as_bytes());
    let crash = crashes(&kept)[0];
    assert_eq!((crash.process.as_str(), crash.user), ("rolexd", Some(0)));
    assert_eq!(crash.at.as_ref().unwrap().first_ms, Some(1_744_005_041_640));
    assert_eq!(signs(&kept, "process-odd-path").len(), 1);
    assert_eq!(signs(&kept, "jailbreak-trace")[0].what, "/private/var/jb/x.dylib");
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 1)]);
    survives(path, report.as_bytes());

    let text = format!("{head}\n{}", include_str!("../../../fixtures/ios_crashes/ordinary/text.txt"));
    let kept = one(path, text.as_bytes());
    assert_eq!(crashes(&kept).len(), 1);
    assert_eq!(signs(&kept, "process-odd-path").len(), 1);
    survives(path, text.as_bytes());
    // A sidecar of a Mac's archive is none.
    assert!(one("crashes_and_spins/._a.ips", text.as_bytes()).facts.is_empty());
}

#[test]
fn a_report_on_memory_names_processes_and_is_no_crash() {
    let head = IPS_HEAD.trim_end();
    let report = include_str!("../../../fixtures/ios_crashes/memory/JetsamEvent-2025-04-06-225042.ips");
    let kept = one("crashes_and_spins/JetsamEvent-2025-04-06-225042.ips", report);
    assert!(crashes(&kept).is_empty());
    assert!(has_trace(&kept, TraceKind::Process, "rolexd"));
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 1)]);
    let deep = format!("{head}\n{{\"x\":{}", "[".repeat(1 << 20));
    assert_eq!(crashes(&one("crashes_and_spins/a.ips", deep)).len(), 1);
}

/// A `uuidtext` file with one range and this path.
pub(super) fn uuidtext(path: &str) -> Vec<u8> {
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
    let text = include_str!("../../../fixtures/ios_log_archive/ordinary/logdata.statistics.1.jsonl");
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

    let text = "Log of crashes\n\
                /private/var/mobile/Library/Logs/CrashReporter/role-20-x-2025-04-06-225042.ips, 12\n";
    let kept = one("summaries/crashes_and_spins.log", text);
    assert!(has_trace(&kept, TraceKind::Process, "role-20-x"));
    assert!(crashes(&kept).is_empty());

    let text = "Process:          Example [4]\nPath:             /usr/libexec/x\n  Binary Images:\n   \
                0x100 - 0x200 x.dylib <0A-1B> /private/var/jb/usr/lib/x.dylib\n";
    let kept = one("spindump-nosymbols.txt", text);
    assert_eq!(signs(&kept, "jailbreak-trace")[0].what, "/private/var/jb/usr/lib/x.dylib");
}

#[test]
fn services_and_mounts() {
    let list = "PID\tStatus\tLabel\n\
                301\t0\tUIKitApplication:com.example.watch[0a1b][rb-legacy]\n-\t0\tcom.apple.example\n";
    let kept = one("launchctl-list-501.txt", list);
    assert!(has_trace(&kept, TraceKind::AppMention, "com.example.watch"));
    assert!(has_trace(&kept, TraceKind::Process, "com.apple.example"));
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 2)]);
    survives("launchctl-list-501.txt", list.as_bytes());
    let state = format!(
        "system/com.example = {{\n\tpath = /Library/LaunchDaemons/com.example.plist\n\tprogram = {ODD}\n}}\n"
    );
    let kept = one("launchctl-dumpstate.txt", state.as_bytes());
    assert_eq!(signs(&kept, "process-odd-path").len(), 1);
    assert_eq!(signs(&kept, "jailbreak-trace").len(), 1);

    let sealed = "/dev/disk0s1s1 on / (apfs, sealed, local, nosuid, read-only, journaled, noatime)\n\
                  devfs on /dev (devfs, local, nosuid, nobrowse)\n\
                  /dev/disk0s1s2 on /private/var (apfs, local, nodev, nosuid, journaled, noatime, protect)\n";
    let kept = one("mount.txt", sealed);
    assert_eq!(looked(&kept, Question::SystemIntegrity), [(Wholly::Yes, 3)]);
    assert!(signs(&kept, "system-writable").is_empty() && signs(&kept, "odd-mount").is_empty());
    let open = sealed.replace("read-only, ", "") + "bindfs on /usr/lib (bindfs, local)\n";
    let kept = one("mount.txt", open.as_bytes());
    assert_eq!((signs(&kept, "system-writable").len(), signs(&kept, "odd-mount").len()), (1, 1));
    survives("mount.txt", open.as_bytes());
    assert_eq!(looked(&one("mount.txt", ""), Question::SystemIntegrity), [(Wholly::No, 0)]);
}
