//! Android's dumps as a whole: bug reports in folders and zips, damaged and hostile ones, and real dumps of
//! an infected phone where they are at hand.

use std::io::Write;
use std::path::PathBuf;

use check::{AppOrigin, AppSays, CHECKS, Kept, Question, Says, ServiceState, Wholly};
use model::record::{Place, ProblemKind};

use super::together::said_of;

const ONE_APP: &str = include_str!("../../fixtures/android_dumpsys/package_one_app/package.txt");
const DEVICE: &str = include_str!("../../fixtures/android_dumpsys/package_device/package.txt");
const REPORT: &str = include_str!("../../fixtures/android_dumpstate/ordinary/dumpstate.txt");

/// What all checks say of all files.
fn gathered(files: &[(&str, Vec<u8>)]) -> Kept {
    said_of(files.to_vec())
}

fn apps<'k>(kept: &'k Kept, id: &str) -> Vec<&'k AppSays> {
    let of = |says: &'k Says| match says {
        Says::App(app) if app.id == id => Some(&app.says),
        _ => None,
    };
    kept.facts.iter().filter_map(|fact| of(&fact.says)).collect()
}

/// The best answer to a question.
fn looked(kept: &Kept, question: Question) -> Option<Wholly> {
    let of = |says: &Says| match says {
        Says::Looked(looked) if looked.question == question => Some(looked.wholly),
        _ => None,
    };
    kept.facts.iter().filter_map(|fact| of(&fact.says)).max()
}

fn zipped(files: &[(&str, &str)]) -> std::io::Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

#[test]
fn the_checks_are_in_the_list() {
    let names: Vec<&str> = CHECKS.iter().map(|check| check.name()).collect();
    assert!(names.contains(&"android_dumpstate") && names.contains(&"android_dumpsys"));
}

#[test]
fn a_bug_report_answers_its_questions_wherever_it_lies() {
    let plain = gathered(&[("phone/dumpstate.txt", REPORT.as_bytes().to_vec())]);
    assert_eq!(plain.problems, []);
    let zip =
        zipped(&[("report-abc.txt", REPORT), ("main_entry.txt", "report-abc.txt"), ("version.txt", "2.0")])
            .unwrap();
    let from_zip = gathered(&[("bugreport.zip", zip)]);
    let says = |kept: &Kept| kept.facts.iter().map(|fact| fact.says.clone()).collect::<Vec<_>>();
    assert_eq!(says(&plain), says(&from_zip));

    for question in [
        Question::Accessibility,
        Question::Accounts,
        Question::Apps,
        Question::BatteryExemption,
        Question::DeviceAdmin,
        Question::InputAndOverlay,
        Question::NotificationListeners,
        Question::RemovedApps,
        Question::SensorUse,
        Question::SystemAge,
        Question::SystemIntegrity,
        Question::TrustedComputers,
        Question::UsageAccess,
        Question::Users,
        Question::Vpn,
    ] {
        assert_eq!(looked(&plain, question), Some(Wholly::Yes), "{question:?}");
    }
    // The settings half of this question is not in this report.
    assert_eq!(looked(&plain, Question::AppSources), Some(Wholly::No));
    assert_eq!(looked(&plain, Question::Visits), None);

    let watch = apps(&plain, "com.example.watch");
    let component = "com.example.watch/com.example.watch.Access".to_owned();
    assert!(watch.contains(&&AppSays::Accessibility { component, state: ServiceState::Bound }));
    assert!(watch.contains(&&AppSays::UsageAccess) && watch.contains(&&AppSays::BatteryExempt));
    assert!(watch.contains(&&AppSays::Installed(AppOrigin::Added)));
    let device = plain.facts.iter().find_map(|fact| match &fact.says {
        Says::Device(device) => device.acquired.as_ref(),
        _ => None,
    });
    assert_eq!(device.map(|at| at.raw.as_str()), Some("2023-04-18 22:08:07"));
}

#[test]
fn every_fact_names_its_line() {
    let kept = gathered(&[("dumpstate.txt", REPORT.as_bytes().to_vec())]);
    for fact in &kept.facts {
        let id = match &fact.says {
            Says::App(app) => &app.id,
            Says::Account(account) => &account.name,
            Says::Setting(setting) => &setting.value,
            _ => continue,
        };
        let Place::Bytes { offset, length } = fact.seen.place else { panic!("no place of bytes") };
        let (from, to) = (usize::try_from(offset).unwrap(), usize::try_from(offset + length).unwrap());
        let text = &REPORT[from..to];
        // Lines that belong to a block of an app do not repeat its name; they begin in it.
        assert!(text.ends_with('\n') && text.lines().count() == 1, "{text}");
        if text.contains('/') && matches!(fact.says, Says::App(_)) && text.contains("com.example") {
            assert!(text.contains(id.as_str()), "{id} is not in {text}");
        }
    }
}

#[test]
fn refused_timed_out_and_cut_sections_are_not_whole() {
    let report = "DUMP OF SERVICE account:\nPermission Denial: can't dump account from pid=1\n\
                  -------------------------------------------------------------------------------\n\
                  DUMP OF SERVICE CRITICAL user:\nUsers:\n  UserInfo{0:Owner:c13} serialNo=0\n\
                  *** SERVICE 'user' DUMP TIMEOUT (10000ms) EXPIRED ***\n\
                  --------- 10.000s was the duration of dumpsys user, ending at: 2023-01-01 10:00:00\n\
                  DUMP OF SERVICE adb:\nADB MANAGER STATE (dumpsys adb):\n{\n  debugging_manager={\n";
    let kept = gathered(&[("dumpsys.txt", report.as_bytes().to_vec())]);
    assert_eq!(looked(&kept, Question::Accounts), None);
    assert_eq!(looked(&kept, Question::Users), Some(Wholly::No));
    assert_eq!(looked(&kept, Question::TrustedComputers), Some(Wholly::No));
    assert_eq!(
        kept.problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(),
        [ProblemKind::Unsupported]
    );
}

#[test]
fn a_report_without_its_last_line_is_cut() {
    let end = REPORT.find("DUMP OF SERVICE user:").unwrap();
    let kept = gathered(&[("dumpstate.txt", REPORT.as_bytes()[..end + 40].to_vec())]);
    assert!(kept.problems.iter().any(|problem| problem.kind == ProblemKind::Truncated));
    // What was whole before stays whole.
    assert_eq!(looked(&kept, Question::Accessibility), Some(Wholly::Yes));
}

#[test]
fn cut_and_flipped_anywhere_nothing_breaks() {
    let texts = [REPORT, ONE_APP, DEVICE];
    for (text, path) in texts.into_iter().zip(["dumpstate.txt", "package.txt", "dumpsys_package.txt"]) {
        let whole = gathered(&[(path, text.as_bytes().to_vec())]).facts.len();
        for end in (0..text.len()).step_by(211) {
            let kept = gathered(&[(path, text.as_bytes()[..end].to_vec())]);
            assert!(kept.facts.len() <= whole + 50);
        }
        for at in (0..text.len()).step_by(173) {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= 0xA5;
            assert!(gathered(&[(path, bytes)]).facts.len() <= whole + 50);
        }
    }
}

#[test]
fn hostile_texts_stay_bounded() {
    let long = format!(
        "DUMP OF SERVICE accessibility:\nUser state[\n     attributes:{{id=0, x=1}}\n     Enabled \
            services:{{{}",
        "a".repeat(1 << 20)
    );
    let headings = "DUMP OF SERVICE package:\nPackages:\n".repeat(20_000);
    let brackets = format!("DUMP OF SERVICE appops:\nCurrent AppOps Service state:\n{}", "[".repeat(1 << 20));
    let settings = format!(
        "DUMP OF SERVICE settings:\nGLOBAL SETTINGS (user 0)\n{}",
        "_id:1 name:a pkg:b value:c\n".repeat(300_000)
    );
    let services = format!(
        "DUMP OF SERVICE accessibility:\nUser state[\n     attributes:{{id=99999999999999999999}}\n     \
            Enabled services:{{{}}}\n",
        "{com.example.a/.B}, ".repeat(10_000)
    );
    for text in [long, headings, brackets, settings, services] {
        let kept = gathered(&[("dumpsys.txt", text.into_bytes())]);
        assert!(kept.facts.len() <= 200_100);
        let longest = kept.facts.iter().map(|fact| format!("{:?}", fact.says).len()).max();
        assert!(longest.unwrap_or(0) < 10_000);
    }
}

#[test]
fn only_dumps_are_recognised() {
    let diary = b"Packages: none yet.\nMonday\n".to_vec();
    for path in ["notes/user.txt", "package.txt", "dumpstate.txt", "bugreport-x.txt", "location.txt"] {
        let kept = gathered(&[(path, diary.clone())]);
        let of_dumps = kept.facts.iter().any(|fact| matches!(fact.says, Says::App(_)));
        assert!(!of_dumps, "{path}");
    }
}

/// Where real data may lie.
fn shared() -> PathBuf {
    std::env::var_os("ASSERVAT_SHARED")
        .map_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into(), PathBuf::from)
}

/// Real dumps of an infected phone and four ordinary apps, as paths and texts; none where they are not.
fn spytrap() -> Option<Vec<(String, Vec<u8>)>> {
    let root = shared().join("data/spytrap/dumpsys");
    let mut files = Vec::new();
    for folder in ["accessibility", "package"] {
        for entry in std::fs::read_dir(root.join(folder)).ok()? {
            let entry = entry.ok()?;
            let path = format!("dumpsys/{folder}/{}", entry.file_name().to_string_lossy());
            files.push((path, std::fs::read(entry.path()).ok()?));
        }
    }
    Some(files)
}

#[test]
fn a_real_infected_phone() {
    let Some(files) = spytrap() else {
        std::io::stderr().write_all(b"skipped: no real dumps at hand\n").unwrap();
        return;
    };
    let files: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(path, bytes)| (path.as_str(), bytes.clone())).collect();
    let kept = gathered(&files);
    assert_eq!(kept.problems, []);
    let wifi = apps(&kept, "com.wifi0");
    let service = "com.wifi0/com.wifi0.AccessibilityReceiver4".to_owned();
    assert!(wifi.contains(&&AppSays::Accessibility { component: service, state: ServiceState::Bound }));
    assert!(wifi.contains(&&AppSays::Name("WiFi".to_owned())));
    let state = ServiceState::Installed;
    let listener = "com.wifi0/com.wifi0.listeners.NotificationListener".to_owned();
    assert!(wifi.contains(&&AppSays::NotificationListener { component: listener, state }));
    let admin = "com.wifi0/com.wifi0.receivers.DeviceAdmin".to_owned();
    assert!(wifi.contains(&&AppSays::Admin { component: admin, state }));
    assert!(wifi.contains(&&AppSays::Receives("android.intent.action.BOOT_COMPLETED".to_owned())));
    assert!(wifi.contains(&&AppSays::Installed(AppOrigin::Added)));
    // Installed by hand, through the system's own dialog.
    assert!(wifi.contains(&&AppSays::Installer(Some("com.android.packageinstaller".to_owned()))));
    assert!(wifi.contains(&&AppSays::HasIcon));

    // The others are ordinary: no service is on, no listener, no administrator.
    let watches = |says: &Says| match says {
        Says::App(app) if app.id != "com.wifi0" => matches!(
            app.says,
            AppSays::Admin { .. }
                | AppSays::NotificationListener { .. }
                | AppSays::DeviceOwner
                | AppSays::Accessibility { state: ServiceState::Enabled | ServiceState::Bound, .. }
        ),
        _ => false,
    };
    assert!(!kept.facts.iter().any(|fact| watches(&fact.says)));
    for id in ["org.fdroid.fdroid", "com.android.contacts"] {
        assert!(apps(&kept, id).iter().any(|says| matches!(says, AppSays::Installed(_))), "{id}");
    }
}
