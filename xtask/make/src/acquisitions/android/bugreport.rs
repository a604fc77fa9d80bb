//! The bug report: `dumpstate`, and around it a zip with the files of the system.

use std::io::Write;

use zip::write::SimpleFileOptions;

use super::device::{self, Installed, PROPERTIES};
use super::{AndroidSize, package_section, services};
use crate::acquisitions::text::{Text, say};
use crate::acquisitions::{Files, Outcome, Planted, Random, background};

const RULE: &str = "-------------------------------------------------------------------------------";
const NAME: &str = "bugreport-erfunden-UP1A.231005.007-2026-11-20-08-00-00.txt";

/// A bug report as a zip.
///
/// # Errors
/// When the zip cannot be written.
pub fn bugreport(planted: &Planted, size: &AndroidSize, seed: u64) -> Outcome<Vec<u8>> {
    zip_of(&files(planted, size, seed))
}

/// Packs files as the system does.
pub(super) fn zip_of(files: &Files) -> Outcome<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_level(Some(4))
        .last_modified_time(zip::DateTime::from_date_and_time(2026, 11, 20, 9, 0, 0)?);
    for (path, bytes) in files {
        zip.start_file(path.as_str(), options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn files(planted: &Planted, size: &AndroidSize, seed: u64) -> Files {
    let mounts = "25 1 253:5 / / ro,nodev,relatime shared:1 - ext4 /dev/block/dm-5 ro,seclabel\n\
                  31 25 253:6 / /vendor ro,nodev,relatime shared:7 - ext4 /dev/block/dm-6 ro,seclabel\n\
                  60 25 253:9 / /data rw,nosuid,nodev,noatime shared:30 - f2fs /dev/block/dm-9 \
                   rw,seclabel\n";
    vec![
        ("version.txt".into(), b"2.0".to_vec()),
        ("main_entry.txt".into(), NAME.into()),
        (NAME.into(), dumpstate(planted, size, seed)),
        ("FS/proc/1/mountinfo".into(), mounts.into()),
        ("FS/data/tombstones/tombstone_00".into(), tombstone("mediaserver", 1013).into()),
        ("FS/data/tombstones/tombstone_01".into(), tombstone("system_server", 1000).into()),
        ("FS/data/anr/anr_2026-11-19".into(), b"----- pid 4242 at 2026-11-19 07:00:00 -----\n".to_vec()),
        ("FS/data/misc/bluetooth/logs/btsnoop_hci.log".into(), b"btsnoop\0".to_vec()),
        ("lshal-debug/erfunden.txt".into(), b"invented\n".to_vec()),
        ("visible_windows.txt".into(), b"none\n".to_vec()),
    ]
}

fn tombstone(process: &str, uid: u32) -> String {
    format!(
        "*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***\n\
         Build fingerprint: 'example/erfunden/erfunden:14/UP1A.231005.007/1:user/release-keys'\n\
         Revision: '0'\nABI: 'arm64'\nTimestamp: 2026-11-19 07:00:00.123456789+0100\nProcess uptime: 40s\n\
         Cmdline: /system/bin/{process}\n\
         pid: 4242, tid: 4243, name: {process}  >>> /system/bin/{process} <<<\n\
         uid: {uid}\nsignal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0\n    x0  0000000000000000\n\
         backtrace:\n      #00 pc 0000000000012345  /system/lib64/liberfunden.so\n"
    )
}

/// The text of a bug report, at least as long as asked for: the log of the system fills it up.
pub fn dumpstate(planted: &Planted, size: &AndroidSize, seed: u64) -> Vec<u8> {
    let apps = device::installed(planted, size, seed);
    let random = &mut Random::new(seed, "dumpstate");
    let sections = dumpsys(&apps, planted, size, random);
    let mut text = Text::default();
    head(&mut text);
    text.add("------ SYSTEM LOG (logcat -v threadtime -v printable -v uid -d *:v) ------\n");
    text.add("--------- beginning of main\n");
    while text.len_bytes() + sections.len() < size.dumpstate_bytes {
        text.add(&background::log_line(random));
        text.add("\n");
    }
    text.add("------ 3.123s was the duration of 'SYSTEM LOG' ------\n\n");
    text.add("------ DUMPSYS NORMAL (/system/bin/dumpsys --skip gfxinfo) ------\n");
    text.add(&sections);
    text.add("------ 12.345s was the duration of 'DUMPSYS NORMAL' ------\n\n");
    text.add("========================================================\n== dumpstate: done (id 1)\n");
    text.add("========================================================\n");
    text.into_bytes()
}

fn head(text: &mut Text) {
    text.add("========================================================\n");
    text.add("== dumpstate: 2026-11-20 08:00:00\n");
    text.add("========================================================\n\nBuild: UP1A.231005.007\n");
    text.add("Build fingerprint: 'example/erfunden/erfunden:14/UP1A.231005.007/1:user/release-keys'\n");
    text.add("Bootloader: erfunden-1.0\nRadio: erfunden\nNetwork: Erfunden\n");
    text.add("Kernel: Linux version 5.10.149-android13 (build@erfunden) #1 SMP PREEMPT\n");
    text.add("Uptime: up 0 weeks, 2 days, 3 hours, 4 minutes,  load average: 1.00, 1.00, 1.00\n");
    text.add(
        "Bugreport format version: 2.0\nDumpstate info: id=1 pid=4711 dry_run=0 \
     parallel_run=1\n\n",
    );
    text.add("------ SYSTEM PROPERTIES (getprop) ------\n");
    for (name, value) in PROPERTIES {
        say!(text, "[{name}]: [{value}]");
    }
    text.add("------ 0.012s was the duration of 'SYSTEM PROPERTIES' ------\n\n");
}

/// The services in alphabetical order, `package` among them.
fn dumpsys(apps: &[Installed], planted: &Planted, size: &AndroidSize, random: &mut Random) -> String {
    let mut text = Text::default();
    let ended = |text: &mut Text, name: &str| {
        say!(
            text,
            "--------- 0.123s was the duration of dumpsys {name}, ending at: 2026-11-20 \
         08:00:01"
        );
        say!(text, "{RULE}");
    };
    say!(text, "{RULE}");
    for (name, section) in services::ALL {
        if *name == "platform_compat" {
            package_section::section(&mut text, apps, planted, size.resolvers, random);
            ended(&mut text, "package");
        }
        say!(text, "DUMP OF SERVICE {name}:");
        section(&mut text, apps, planted, random);
        ended(&mut text, name);
    }
    text.into_string()
}
