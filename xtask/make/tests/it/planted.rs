//! Planted things and the checks: each must come out as a fact or a hit, and an ordinary phone gives no hits.

use std::ops::ControlFlow;
use std::sync::Arc;

use check::indicators::{Matching, built_in};
use check::{Fact, FactSink, Flow, Gathering, Says, Trace, gather, is_wanted};
use make::acquisitions::android::{self, AndroidSize, Resolvers};
use make::acquisitions::ios::{self, IosSize};
use make::acquisitions::planted::{Device, Profile};
use make::acquisitions::{Files, PASSWORD, Planted, capture};
use model::ReadLimits;
use model::record::{FileNumber, Problem};
use source::tree::{Grown, Keys, NoSpools, Plain, RootFile, Spools, Tree, Watch, grow};
use zeroize::Zeroizing;

struct Wanted;

impl Watch for Wanted {
    fn opening(&mut self, tree: &Tree, file: FileNumber) -> ControlFlow<()> {
        if is_wanted(tree, file) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

/// Facts as texts, hits apart, and problems.
#[derive(Default)]
struct Told {
    facts: Vec<String>,
    hits: Vec<String>,
    problems: Vec<Problem>,
}

impl FactSink for Told {
    fn fact(&mut self, fact: Fact) -> Flow {
        let list = if matches!(fact.says, Says::Hit(_)) { &mut self.hits } else { &mut self.facts };
        list.push(format!("{:?}", fact.says).to_lowercase());
        Flow::Continue(())
    }

    fn trace(&mut self, _: &Trace<'_>) -> Flow {
        Flow::Continue(())
    }

    fn problem(&mut self, problem: Problem) -> Flow {
        self.problems.push(problem);
        Flow::Continue(())
    }
}

impl Told {
    fn of(files: Files) -> Self {
        let roots = files.into_iter().zip(0..).map(|((path, bytes), leaf)| RootFile {
            leaf,
            path,
            modified: None,
            sha256: None,
            content: Arc::new(Plain(Arc::new(bytes))),
        });
        let keys = Keys::new(vec![Zeroizing::new(PASSWORD.to_owned())]);
        let limits = ReadLimits::DEFAULT;
        let spools: Arc<dyn Spools> = Arc::new(NoSpools);
        let Grown { tree, problems } = grow(roots.collect(), &keys, &limits, &spools, &mut Wanted);
        let mut told = Self { problems, ..Self::default() };
        let indicators = built_in();
        let mut matching = Matching::new(&indicators, &mut told);
        let gathering = Gathering { tree: &tree, keys: &keys, limits: &limits };
        assert!(gather(&gathering, 0, &mut matching).is_continue());
        assert!(matching.finish().is_continue());
        told
    }

    fn assert_hit(&self, value: &str) {
        let value = value.to_lowercase();
        assert!(self.hits.iter().any(|hit| hit.contains(&value)), "no hit for {value}: {:#?}", self.hits);
    }

    fn assert_fact(&self, parts: &[&str]) {
        let all = |fact: &&String| parts.iter().all(|part| fact.contains(&part.to_lowercase()));
        assert!(self.facts.iter().any(|fact| all(&fact)), "no fact with {parts:?}");
    }
}

fn backup(planted: &Planted, size: &IosSize) -> Files {
    let mut files = Files::new();
    let mut put = |path: String, bytes| {
        files.push((format!("b/{path}"), bytes));
        Ok(())
    };
    ios::backup(planted, size, 1, &mut put).unwrap();
    files
}

/// Every kind, small.
fn every_kind(planted: &Planted) -> Vec<(&'static str, Files)> {
    let each = AndroidSize { resolvers: Resolvers::Each, ..AndroidSize::SMALL };
    let folder = android::androidqf(planted, &AndroidSize::SMALL, 1).unwrap();
    let zip = android::zipped(&folder).unwrap();
    vec![
        ("androidqf", folder.into_iter().map(|(path, bytes)| (format!("a/{path}"), bytes)).collect()),
        ("androidqf zip", vec![("a.zip".into(), zip)]),
        ("bugreport", vec![("bugreport-x.zip".into(), android::bugreport(planted, &each, 1).unwrap())]),
        ("backup", backup(planted, &IosSize::SMALL)),
        ("locked backup", backup(planted, &IosSize::small_locked(PASSWORD))),
        ("sysdiagnose", vec![("sysdiagnose_x.tar.gz".into(), ios::sysdiagnose(planted, 50, 1).unwrap())]),
        ("capture", vec![("x.pcap".into(), capture::capture(planted, 100, 1))]),
    ]
}

#[test]
fn ordinary_phones_give_no_hits() {
    for (kind, files) in every_kind(&Planted::nothing()) {
        let told = Told::of(files);
        assert!(told.hits.is_empty(), "{kind}: {:#?}", told.hits);
        assert!(told.problems.is_empty(), "{kind}: {:#?}", told.problems);
        assert!(!told.facts.is_empty(), "{kind}");
    }
}

#[test]
fn everything_planted_is_told() {
    let planted = Planted::example();
    for (kind, files) in every_kind(&planted) {
        println!("{kind}");
        let told = Told::of(files);
        if kind == "capture" {
            planted.domains.iter().for_each(|domain| told.assert_hit(domain));
            continue;
        }
        let device =
            if kind.starts_with('a') || kind == "bugreport" { Device::Android } else { Device::Iphone };
        for app in planted.apps_of(device) {
            told.assert_fact(&["app", &app.id]);
            if !app.id.starts_with("com.example") {
                told.assert_hit(&app.id);
            }
        }
        if kind.starts_with("androidqf") {
            planted.file_hashes.iter().for_each(|hash| told.assert_hit(hash));
            told.assert_hit("31A6ECECD97CF39BC4126B8745CD94A7C30BF81C");
        }
        if kind.starts_with("androidqf") || kind == "sysdiagnose" {
            planted.paths_of(device).for_each(|path| told.assert_fact(&["sign", path]));
        }
        if kind.ends_with("backup") {
            planted.domains.iter().for_each(|domain| told.assert_hit(domain));
            for profile in Profile::ALL {
                told.assert_fact(&["profile", profile.id()]);
            }
        }
    }
}
