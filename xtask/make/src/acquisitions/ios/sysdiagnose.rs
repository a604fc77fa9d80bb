//! A sysdiagnose as a `tar.gz`: processes, shutdowns, crashes, installed apps, profiles, TCC (iOS 17).

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::IosSize;
use super::databases;
use crate::acquisitions::planted::Device;
use crate::acquisitions::text::{ACQUIRED_UNIX, Text, moment, say, written};
use crate::acquisitions::{Files, Outcome, Planted, Random, background};

const ROOT: &str = "sysdiagnose_2026.11.20_08-00-00+0100_iPhone-OS_iPhone_21F79";

/// A sysdiagnose with this many ordinary processes.
///
/// # Errors
/// When a database or the archive cannot be made.
pub fn sysdiagnose(planted: &Planted, processes: u64, seed: u64) -> Outcome<Vec<u8>> {
    let random = &mut Random::new(seed, "sysdiagnose");
    let size = IosSize { apps: processes.min(200), ..IosSize::SMALL };
    let mut files: Files = vec![
        ("sysdiagnose.log".into(), format!("Created archive {ROOT}.tar.gz\n").into_bytes()),
        ("remotectl_dumpstate.txt".into(), remotectl()),
        ("ps.txt".into(), ps(planted, processes, random)),
        ("system_logs.logarchive/Extra/shutdown.log".into(), shutdown(planted, random)),
        ("logs/MobileInstallation/mobile_installation.log.0".into(), installation(planted, processes)),
        ("logs/MCState/Shared/MCProfileEvents.plist".into(), Vec::new()),
        ("crashes_and_spins/MobileSafari-2026-11-19-070000.ips".into(), crash("MobileSafari")?),
    ];
    for process in planted.processes_of(Device::Iphone) {
        files.push((format!("crashes_and_spins/{process}-2026-11-18-070000.ips"), crash(process)?));
    }
    for content in databases::contents(planted, &size, seed)? {
        if content.path.ends_with("TCC.db") {
            files.push(("logs/Accessibility/TCC.db".into(), content.bytes));
        }
    }
    for content in super::lists::contents(planted, &size)? {
        let name = content.path.rsplit('/').next().unwrap_or_default().to_owned();
        if content.domain.starts_with("SysShared") {
            files.retain(|(path, _)| !path.ends_with(&name));
            files.push((format!("logs/MCState/Shared/{name}"), content.bytes));
        }
    }
    files.sort();
    packed(&files)
}

fn packed(files: &Files) -> Outcome<Vec<u8>> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(u64::try_from(ACQUIRED_UNIX)?);
        tar.append_data(&mut header, format!("{ROOT}/{path}"), bytes.as_slice())?;
    }
    Ok(tar.into_inner()?.finish()?)
}

fn remotectl() -> Vec<u8> {
    b"Local device\n\tState: connected\n\tUUID: 00000000-0000-4000-8000-000000000001\n\
      \tProduct Type: iPhone14,5\n\tOS Build: 17.5 (21F79)\n\
      \tProperties: {\n\t\tSerialNumber => ERFUNDEN0002\n\t\tOSVersion => 17.5\n\t}\n"
        .to_vec()
}

fn ps(planted: &Planted, count: u64, random: &mut Random) -> Vec<u8> {
    let mut text = Text::default();
    text.add(
        "USER             UID PRSNA   PID  PPID        F  %CPU %MEM PRI NI      VSZ    RSS \
     WCHAN    TT  STAT STARTED      TIME COMMAND\n",
    );
    let ordinary =
        background::iphone_apps(count).into_iter().map(|(id, _)| format!("/Applications/{id}.app/{id}"));
    let more = planted.paths_of(Device::Iphone).map(str::to_owned);
    for (number, command) in (2_u64..).zip(ordinary.chain(more).collect::<Vec<_>>()) {
        say!(
            text,
            "mobile           501     - {number:5}     1     4004   0.0  0.2  31  0  4000000   {:5} \
             -        ??  Ss    7:00AM   0:00.{:02} {command}",
            random.below(90_000),
            random.below(100)
        );
    }
    text.into_bytes()
}

fn shutdown(planted: &Planted, random: &mut Random) -> Vec<u8> {
    let mut text = Text::default();
    for _ in 0..4 {
        let at = moment(random);
        for round in 1..=3 {
            say!(text, "After {round}.26s, these clients are still here:");
            say!(text, "\t\tremaining client pid: 101 (/usr/libexec/backboardd)");
            for path in planted.paths_of(Device::Iphone) {
                say!(text, "\t\tremaining client pid: {} ({path})", 200 + random.below(900));
            }
        }
        say!(text, "SIGTERM: [{at}] All buffers flushed");
    }
    text.into_bytes()
}

fn installation(planted: &Planted, count: u64) -> Vec<u8> {
    let mut text = Text::default();
    let ordinary = background::iphone_apps(count).into_iter().map(|(id, _)| id);
    for id in ordinary.chain(planted.apps_of(Device::Iphone).map(|app| app.id.clone())).collect::<Vec<_>>() {
        say!(
            text,
            "Fri Nov 20 07:00:00 2026 [101] <notice> (0x16f1a3000) -[MIInstaller \
             performInstallationWithError:]: \
             Installing <MIInstallableBundle ID={id}; Version=1, ShortVersion=1.0>"
        );
    }
    text.into_bytes()
}

fn crash(process: &str) -> Outcome<Vec<u8>> {
    let at = format!("{}.00 +0100", written(ACQUIRED_UNIX - 90_000));
    let head = json!({"app_name": process, "timestamp": at, "app_version": "1.0", "bug_type": "309",
        "os_version": "iPhone OS 17.5 (21F79)", "incident_id": "00000000-0000-4000-8000-000000000002",
        "name": process});
    let body = json!({"uptime": 1000, "procName": process, "pid": 4242, "userID": 501,
        "procPath": format!("/private/var/containers/{process}"), "captureTime": at,
        "modelCode": "iPhone14,5",
        "exception": {"type": "EXC_CRASH", "signal": "SIGKILL"}});
    Ok(format!("{head}\n{}\n", serde_json::to_string_pretty(&body)?).into_bytes())
}
