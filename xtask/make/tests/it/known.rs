//! What is on the lists, and what the program says of files in which something of it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use check::indicators::{self, IndicatorKind, Indicators, Matching};
use check::{Gathering, HitKind, Kept, Says, gather};
use model::record::FileNumber;
use model::{FileTime, ReadLimits};
use source::tree::{Grown, Keys, NoSpools, Plain, RootFile, Spools, Tree, Watch, grow};

use make::acquisitions::Files;

/// An indicator with its family.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Known {
    pub(crate) kind: IndicatorKind,
    pub(crate) value: String,
    pub(crate) family: String,
}

/// Something that was told: what matched, and whose it is.
pub(crate) type Told = (HitKind, String, String);

pub(crate) static TABLE: LazyLock<Indicators> = LazyLock::new(indicators::built_in);

/// Everything on the lists in the program.
pub(crate) static ALL: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/indicators");
    let mut all = Vec::new();
    for name in ["stalkerware-indicators.txt", "mvt-indicators.txt", "tinycheck.txt"] {
        let text = std::fs::read_to_string(rules.join(name)).expect("a list");
        let mut family = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            match line.split_once(' ') {
                Some(("family", name)) => name.clone_into(&mut family),
                Some((word, value)) => {
                    let one = |kind| Known { kind, value: value.to_owned(), family: family.clone() };
                    all.extend(IndicatorKind::of_word(word).map(one));
                }
                None => {}
            }
        }
    }
    all
});

/// Everything of these kinds.
pub(crate) fn of(kinds: &[IndicatorKind]) -> Vec<&'static Known> {
    ALL.iter().filter(|one| kinds.contains(&one.kind)).collect()
}

/// Every app.
pub(crate) fn apps() -> Vec<&'static Known> {
    of(&[IndicatorKind::App])
}

/// Every host without a path, each value once for each family.
pub(crate) fn hosts() -> Vec<&'static Known> {
    use IndicatorKind as K;
    let mut hosts = of(&[K::Website, K::CommandServer, K::Distributor, K::Domain]);
    hosts.retain(|one| !one.value.contains('/'));
    hosts
}

/// Whether this is the address of a machine.
pub(crate) fn is_address(value: &str) -> bool {
    value.parse::<std::net::IpAddr>().is_ok()
}

/// What must be told of these.
pub(crate) fn expected(planted: &[&Known], kind: HitKind) -> BTreeSet<Told> {
    planted.iter().map(|one| (kind, one.value.clone(), one.family.clone())).collect()
}

/// What must be told of hosts that were read of, or connected to: one part for each family.
pub(crate) fn expected_hosts(planted: &[&Known], first: [IndicatorKind; 4]) -> BTreeSet<Told> {
    let place = |kind: IndicatorKind| first.iter().position(|other| *other == kind);
    let mut parts: BTreeMap<(&str, &str), IndicatorKind> = BTreeMap::new();
    for one in planted {
        let part = parts.entry((&one.value, &one.family)).or_insert(one.kind);
        if place(one.kind) < place(*part) {
            *part = one.kind;
        }
    }
    let told = |((value, family), kind): ((&str, &str), IndicatorKind)| {
        let kind = match kind {
            IndicatorKind::Website => HitKind::Website,
            IndicatorKind::CommandServer => HitKind::CommandServer,
            IndicatorKind::Distributor => HitKind::Distributor,
            _ => HitKind::Domain,
        };
        (kind, value.to_owned(), family.to_owned())
    };
    parts.into_iter().map(told).collect()
}

/// The order of parts for what was read.
pub(crate) const READ: [IndicatorKind; 4] =
    [IndicatorKind::Website, IndicatorKind::Distributor, IndicatorKind::CommandServer, IndicatorKind::Domain];

/// The order of parts for what was connected to.
pub(crate) const CONNECTED: [IndicatorKind; 4] =
    [IndicatorKind::CommandServer, IndicatorKind::Distributor, IndicatorKind::Website, IndicatorKind::Domain];

/// What the program tells of these files.
pub(crate) fn told(files: Files) -> BTreeSet<Told> {
    told_with(&TABLE, files)
}

/// What the program tells of these files with these lists.
pub(crate) fn told_with(table: &Indicators, files: Files) -> BTreeSet<Told> {
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
    let Grown { tree, .. } = grow(roots.collect(), &keys, &limits, &spools, &mut Open);
    let mut kept = Kept::default();
    let mut matching = Matching::new(table, &mut kept);
    let gathering = Gathering { tree: &tree, keys: &keys, limits: &limits };
    let flow = gather(&gathering, 0, &mut matching);
    assert!(flow.is_continue() && matching.finish().is_continue(), "nothing stops");
    let hits = kept.facts.into_iter().filter_map(|fact| match fact.says {
        Says::Hit(hit) => Some((hit.kind, hit.indicator, hit.known.family)),
        _ => None,
    });
    hits.collect()
}

/// Requires that all of what is expected is told, and nothing else.
#[track_caller]
pub(crate) fn require(input: &str, told: &BTreeSet<Told>, expected: &BTreeSet<Told>) {
    let missing: Vec<&Told> = expected.difference(told).collect();
    let strays: Vec<&Told> = told.difference(expected).collect();
    println!(
        "{input}: {} of {} found, {} strays",
        expected.len() - missing.len(),
        expected.len(),
        strays.len()
    );
    assert!(!expected.is_empty(), "{input}: nothing is planted");
    assert!(
        missing.is_empty(),
        "{input}: {} missing, as {:?}",
        missing.len(),
        &missing[..missing.len().min(5)]
    );
    assert!(strays.is_empty(), "{input}: {} strays, as {:?}", strays.len(), &strays[..strays.len().min(5)]);
}

struct Open;

impl Watch for Open {
    fn opening(&mut self, _: &Tree, _: FileNumber) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
