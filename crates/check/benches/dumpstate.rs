//! How fast a bug report is read, and whether twice the bytes cost twice the time.
//!
//!     cargo bench -p check --bench dumpstate
//!
//! Makes reports of 6 and 60 MB in memory, with the shares that real ones have (half of them logs, then
//! `activity`, `batterystats`, `package`, `usagestats`, `appops`), reads each with the check as a worker does
//! and prints bytes, seconds on a processor (Linux, from `/proc/self/stat`, in hundredths), seconds on the
//! wall, MB a second, facts, and peak memory. Facts are dropped as they come: what keeping them costs is not
//! measured here.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench fails by panicking")]

mod cost;

use std::fmt::Write;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use check::{CHECKS, Fact, FactSink, Flow, Input, Trace};
use model::ReadLimits;
use model::record::{FileNumber, Problem};
use source::tree::{Candidate, Keys, NoSpools, Plain, RootFile, Spools, Tree, Watch, grow};

use cost::cpu_seconds;

fn main() {
    for megabytes in [6, 60] {
        let text = report(megabytes * 1_000_000);
        let bytes = text.len();
        let tree = tree(text);
        let check = CHECKS.iter().find(|check| check.name() == "android_dumpstate").unwrap();
        let candidate = Candidate::new(&tree, FileNumber(0)).unwrap();
        assert!(check.recognise(&candidate));
        let keys = Keys::default();
        let input = Input { tree: &tree, file: FileNumber(0), keys: &keys, limits: &ReadLimits::DEFAULT };
        let memory = peak_kilobytes();
        let mut best = (f64::MAX, f64::MAX);
        let mut counting = Counting::default();
        for _ in 0..5 {
            counting = Counting::default();
            let (cpu, wall) = (cpu_seconds(), Instant::now());
            assert!(check.read(&input, &mut counting).is_continue());
            best = (best.0.min(cpu_seconds() - cpu), best.1.min(wall.elapsed().as_secs_f64()));
        }
        #[expect(clippy::cast_precision_loss, reason = "for people")]
        let rate = bytes as f64 / 1e6 / best.1;
        println!(
            "{{\"bytes\":{bytes},\"cpu_seconds\":{:.2},\"wall_seconds\":{:.4},\"mb_a_second\":{rate:.0},\
             \"facts\":{},\"traces\":{},\"problems\":{},\"more_peak_kilobytes\":{}}}",
            best.0,
            best.1,
            counting.facts,
            counting.traces,
            counting.problems,
            peak_kilobytes() - memory,
        );
    }
}

#[derive(Default)]
struct Counting {
    facts: u64,
    traces: u64,
    problems: u64,
}

impl FactSink for Counting {
    fn fact(&mut self, _: Fact) -> Flow {
        self.facts += 1;
        ControlFlow::Continue(())
    }

    fn trace(&mut self, _: &Trace<'_>) -> Flow {
        self.traces += 1;
        ControlFlow::Continue(())
    }

    fn problem(&mut self, _: Problem) -> Flow {
        self.problems += 1;
        ControlFlow::Continue(())
    }
}

/// A report of about so many bytes; the number of apps grows with the whole, so that every part does.
fn report(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + bytes / 8);
    text.push_str("== dumpstate: 2023-04-18 22:08:07\nBuild: EX1A\n\n------ SYSTEM LOG (logcat -d) ------\n");
    fill(&mut text, bytes / 2, |text, n| {
        let _ = writeln!(
            text,
            "04-18 22:08:01.{:03}  1000  1712  {n} I Example : a line of a log, number {n}",
            n % 1000
        );
    });
    text.push_str(
        "------ 1.0s was the duration of 'SYSTEM LOG' ------\n------ DUMPSYS (/system/bin/dumpsys) ------\n",
    );
    section(&mut text, "activity", bytes / 8, |text, n| {
        let _ = writeln!(text, "    * TaskRecord{{{n:x} #{n} A=com.example.app{n} U=0 StackId=0 sz=1}}");
    });
    text.push_str("DUMP OF SERVICE appops:\nCurrent AppOps Service state:\n");
    fill(&mut text, bytes / 20, |text, n| {
        let _ = writeln!(
            text,
            "  Uid u0a{n}:\n    state=cch\n    Package com.example.app{n}:\n      FINE_LOCATION (allow): \
                \n        \
             null=[\n          Access: [bg-s] 2023-04-18 21:00:00.000 (-1h8m7s)\n        ]\n      \
             WAKE_LOCK (allow): \n        \
             null=[\n          Access: [cch-s] 2023-04-18 21:00:00.000 (-1h8m7s)\n        ]"
        );
    });
    footer(&mut text, "appops");
    text.push_str("DUMP OF SERVICE batterystats:\nBattery History (1% used):\n");
    text.push_str("                    0 (19) RESET:TIME: 2023-04-18-17-30-01\n");
    fill(&mut text, bytes / 8, |text, n| {
        let _ = writeln!(
            text,
            "     +{n}ms (2) 095 +job=u0a94:\"com.example.app{}/.Job\" +wake_lock=1000:\"x\"",
            n % 500
        );
    });
    footer(&mut text, "batterystats");
    text.push_str(
        "DUMP OF SERVICE package:\nDatabase versions:\nActivity Resolver Table:\n  Non-Data Actions:\n",
    );
    text.push_str("      android.intent.action.MAIN:\n");
    fill(&mut text, bytes / 100, |text, n| {
        let _ = writeln!(text, "        {n:x} com.example.app{n}/.Main (2 filters)");
    });
    text.push_str("\nPackages:\n");
    fill(&mut text, bytes / 12, package);
    footer(&mut text, "package");
    text.push_str("DUMP OF SERVICE usagestats:\nuser=0\n  In-memory daily stats\n");
    fill(&mut text, bytes / 12, |text, n| {
        let _ = writeln!(
            text,
            "    package=com.example.app{} totalTimeUsed=\"07:08\" lastTimeUsed=\"2023-04-18 12:58:15\" \
                totalTimeVisible=\"1\"",
            n % 500
        );
    });
    footer(&mut text, "usagestats");
    text.push_str("== dumpstate: done (id 1)\n");
    text
}

fn package(text: &mut String, n: usize) {
    let _ = writeln!(
        text,
        "  Package [com.example.app{n}] ({n:x}):\n    userId={n}\n    \
            codePath=/data/app/com.example.app{n}-x\n    \
         versionName=1.{n}\n    flags=[ HAS_CODE ALLOW_CLEAR_USER_DATA ]\n    lastUpdateTime=2023-01-01 \
         10:00:00\n    \
         installerPackageName=com.android.vending\n    signatures=PackageSignatures{{1}}\n    requested \
         permissions:"
    );
    for permission in 0..30 {
        let _ = writeln!(text, "      com.example.permission.P{permission}");
    }
    let _ = writeln!(text, "    User 0: ceDataInode=1 installed=true hidden=false suspended=false enabled=0");
    text.push_str("      runtime permissions:\n");
    for permission in 0..10 {
        let _ =
            writeln!(text, "        com.example.permission.P{permission}: granted=true, flags=[ USER_SET]");
    }
}

fn section(text: &mut String, name: &str, bytes: usize, line: impl FnMut(&mut String, usize)) {
    let _ = writeln!(text, "{}\nDUMP OF SERVICE {name}:", "-".repeat(79));
    fill(text, bytes, line);
    footer(text, name);
}

fn footer(text: &mut String, name: &str) {
    let _ =
        writeln!(text, "--------- 0.1s was the duration of dumpsys {name}, ending at: 2023-04-18 22:09:00");
}

fn fill(text: &mut String, bytes: usize, mut line: impl FnMut(&mut String, usize)) {
    let end = text.len() + bytes;
    let mut number = 0;
    while text.len() < end {
        line(text, number);
        number += 1;
    }
}

struct Quiet;

impl Watch for Quiet {
    fn opening(&mut self, _: &Tree, _: FileNumber) -> ControlFlow<()> {
        ControlFlow::Break(())
    }
}

fn tree(text: String) -> Tree {
    let content = Arc::new(Plain(Arc::new(text.into_bytes())));
    let path = "dumpstate.txt".to_owned();
    let root = RootFile { leaf: 0, path, modified: None, sha256: None, content };
    let spools: Arc<dyn Spools> = Arc::new(NoSpools);
    grow(vec![root], &Keys::default(), &ReadLimits::DEFAULT, &spools, &mut Quiet).tree
}

fn peak_kilobytes() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
