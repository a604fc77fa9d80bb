//! Indicators: what is planted is found as what it is, and what is ordinary is not found.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::LazyLock;

use check::indicators::{
    self, Family, Header, Indicator, IndicatorKind, Indicators, List, ListLimits, Matching, Way,
};
use check::{
    AppFact, AppOrigin, AppSays, Fact, FactSink, Fingerprint, Hit, HitKind, Kept, Kind, Payload, PayloadKind,
    Process, Profile, Says, Seen, Trace, TraceKind,
};
use model::record::{FileNumber, Place};

static BUILT_IN: LazyLock<Indicators> = LazyLock::new(indicators::built_in);

fn seen(file: u32) -> Seen {
    Seen { file: FileNumber(file), place: Place::Whole }
}

/// The hits that facts and traces leave.
fn hits(table: &Indicators, facts: Vec<Says>, traces: &[(TraceKind, &str)]) -> Vec<Hit> {
    let mut kept = Kept::default();
    let mut matching = Matching::new(table, &mut kept);
    for says in facts {
        assert!(matching.fact(Fact { seen: seen(1), says }).is_continue());
    }
    for (kind, value) in traces {
        let trace = Trace { kind: *kind, value, at: None, app: None, seen: &seen(1) };
        assert!(matching.trace(&trace).is_continue());
    }
    assert!(matching.finish().is_continue());
    kept.facts
        .into_iter()
        .filter_map(|fact| if let Says::Hit(hit) = fact.says { Some(hit) } else { None })
        .collect()
}

fn traced(kind: TraceKind, value: &str) -> Vec<(HitKind, String, String)> {
    hits(&BUILT_IN, Vec::new(), &[(kind, value)])
        .into_iter()
        .map(|hit| (hit.kind, hit.known.family, hit.indicator))
        .collect()
}

fn told(kind: HitKind, family: &str, indicator: &str) -> (HitKind, String, String) {
    (kind, family.to_owned(), indicator.to_owned())
}

fn table(indicators: &[(IndicatorKind, &str)]) -> Indicators {
    let mut list = List::default();
    let mut family = Family::new("Example", Kind::Stalkerware);
    let values = indicators.iter().map(|(kind, value)| Indicator::new(*kind, value).unwrap());
    family.indicators = values.collect();
    list.families.push(family);
    let mut table = Indicators::default();
    table.add("a list", &list);
    table
}

#[test]
fn the_lists_in_the_program_say_where_they_come_from_and_are_whole() {
    let sources = indicators::sources();
    assert_eq!(sources.len(), 3);
    for source in sources {
        for text in [source.name, source.source, source.licence, source.authors, source.version] {
            assert!(!text.is_empty(), "{}", source.name);
        }
        assert!(source.count > 1000, "{}", source.name);
    }
    let count: usize = sources.iter().map(|source| source.count).sum();
    assert_eq!(BUILT_IN.count(), count, "every line is an indicator, and none stands twice");
}

#[test]
fn every_value_in_the_program_is_in_its_form() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/indicators");
    for name in ["stalkerware-indicators.txt", "mvt-indicators.txt", "tinycheck.txt"] {
        let text = std::fs::read_to_string(rules.join(name)).expect("a list");
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (word, value) = line.split_once(' ').expect("a word and a value");
            match IndicatorKind::of_word(word) {
                Some(kind) => {
                    let one = Indicator::new(kind, value).expect("a value");
                    assert_eq!(one.value, value, "{line}");
                }
                None => assert!(matches!(word, "family" | "kind" | "alias"), "{line}"),
            }
        }
    }
}

#[test]
fn a_website_is_no_command_server_and_neither_is_an_app() {
    let page = traced(TraceKind::Visit, "https://www.copy9.com/login?x=1");
    assert_eq!(page, [told(HitKind::Website, "TheTruthSpy", "copy9.com")]);
    let server = traced(TraceKind::Connection, "copy9.com");
    assert_eq!(server, [told(HitKind::CommandServer, "TheTruthSpy", "copy9.com")]);
    let server = traced(TraceKind::Connection, "SetupMail-A.icloudappe.com.:443");
    assert_eq!(server, [told(HitKind::CommandServer, "TheTruthSpy", "setupmail-a.icloudappe.com")]);
    let app = traced(TraceKind::AppMention, "com.systemservice");
    assert_eq!(app, [told(HitKind::App, "TheTruthSpy", "com.systemservice")]);
    assert_eq!(traced(TraceKind::Connection, "notcopy9.com"), []);
    assert_eq!(traced(TraceKind::Connection, "copy9.com.example.org"), []);
}

#[test]
fn links_stand_in_texts_and_addresses_have_parts() {
    let text = "Schau mal: https://github.com/karma9874/AndroRAT/releases und www.mspy.com, danke";
    let found = traced(TraceKind::Text, text);
    let expected = [
        told(HitKind::Distributor, "AndroRat", "github.com/karma9874/AndroRAT"),
        told(HitKind::Website, "mSpy", "www.mspy.com"),
    ];
    assert_eq!(found, expected);
    assert_eq!(traced(TraceKind::Visit, "https://github.com/karma9874/AndroRAT2"), []);
    assert_eq!(traced(TraceKind::Visit, "https://github.com/"), []);
    let store = "https://play.google.com/store/apps/details?hl=de&id=com.life360.android.safetymapd";
    assert_eq!(
        traced(TraceKind::Link, store),
        [told(HitKind::App, "Life360", "com.life360.android.safetymapd")]
    );
}

#[test]
fn paths_are_known_by_their_whole_their_end_their_name_and_their_folder() {
    let paths = [
        ("/private/var/tmp/hooker", "Predator", "/private/var/tmp/hooker"),
        ("/var/tmp/hooker", "Predator", "/private/var/tmp/hooker"),
        ("/data/local/tmp/wd/deep/er", "Predator", "/data/local/tmp/wd/"),
        ("dump/private/var/tmp/icloud_dump/x", "DarkSword", "/private/var/tmp/icloud_dump/"),
        ("/somewhere/rce_loader.js", "DarkSword", "rce_loader.js"),
        (
            "HomeDomain/Library/Preferences/com.apple.photolibraryd.plist",
            "Coruna",
            "/private/var/mobile/Library/Preferences/com.apple.photolibraryd.plist",
        ),
    ];
    for (path, family, indicator) in paths {
        let found = traced(TraceKind::Path, path);
        assert!(found.contains(&told(HitKind::FileName, family, indicator)), "{path}: {found:?}");
    }
    for path in ["/home/tmp/l/x", "/data/data/tmp/l", "/private/var/tmp/hooker2", "/private/var/tmp", "/", ""]
    {
        assert_eq!(traced(TraceKind::Path, path), [], "{path}");
    }
    for path in [
        "/storage/emulated/0/Android/data/com.mspy.lite/files/x",
        "/data/user/0/com.mspy.lite/cache",
        "/data/app/~~aBc==/com.mspy.lite-Xy==/base.apk",
        "AppDomain-com.mspy.lite/Library/x",
    ] {
        assert_eq!(traced(TraceKind::Path, path), [told(HitKind::App, "mSpy", "com.mspy.lite")], "{path}");
    }
}

#[test]
fn processes_are_known_by_name_by_path_and_by_the_app_they_are_of() {
    let known = table(&[
        (IndicatorKind::Process, "roleaboutd"),
        (IndicatorKind::Process, "com.example.VeryLongService"),
        (IndicatorKind::FilePath, "/private/var/db/odd/bh"),
        (IndicatorKind::App, "com.example.spy"),
    ]);
    let found = |name: &str| {
        let process = Process { name: name.to_owned(), user: String::new(), number: 7 };
        let found = hits(&known, vec![Says::Process(process)], &[]);
        found.into_iter().map(|hit| (hit.kind, hit.app)).collect::<Vec<_>>()
    };
    assert_eq!(found("roleaboutd"), [(HitKind::Process, None)]);
    assert_eq!(found("/usr/libexec/roleaboutd"), [(HitKind::Process, None)]);
    assert_eq!(found("com.example.Very"), [(HitKind::Process, None)], "cut at 16 signs");
    assert_eq!(found("com.example.VeryL"), [], "cut nowhere where systems cut");
    assert_eq!(found("/private/var/db/odd/bh"), [(HitKind::Process, None)]);
    assert_eq!(found("com.example.spy:remote"), [(HitKind::App, Some("com.example.spy".to_owned()))]);
    assert_eq!(found("RoleAboutD"), [], "names of processes keep their case");
}

#[test]
fn an_app_is_told_once_with_its_signer_and_its_bytes() {
    let app = |says| Says::App(AppFact::new("com.example.renamed", says));
    let print = |hex: &str| Fingerprint::parse(hex).expect("a fingerprint");
    let mut facts = vec![
        app(AppSays::Installed(AppOrigin::Added)),
        app(AppSays::Signer(print("31:A6:EC:EC:D9:7C:F3:9B:C4:12:6B:87:45:CD:94:A7:C3:0B:F8:1C"))),
        app(AppSays::Bytes(print("8d7c87283256621dca3f48887f7a9068b6636124a552cff54924d96e7fbccff0"))),
        app(AppSays::SignerName("CN=Kids Safety 12-03-2021 10:11:12, O=x, C=PL".to_owned())),
        app(AppSays::SignerName("O=Tesline-Service SRL".to_owned())),
    ];
    for _ in 0..50 {
        facts.push(Says::App(AppFact::new("com.systemservice", AppSays::Overlay)));
    }
    let found = hits(&BUILT_IN, facts, &[]);
    let found: Vec<_> =
        found.iter().map(|hit| (hit.kind, hit.known.family.as_str(), hit.app.as_deref())).collect();
    let renamed = Some("com.example.renamed");
    let expected = [
        (HitKind::Signer, "TheTruthSpy", renamed),
        (HitKind::FileHash, "HelloSpy", renamed),
        (HitKind::Signer, "KidsShield", renamed),
        (HitKind::Signer, "KidsShield", renamed),
        (HitKind::App, "TheTruthSpy", Some("com.systemservice")),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_profile_is_known_by_its_identifiers_and_by_what_it_sets() {
    let payload = Payload {
        kind: PayloadKind::Vpn,
        type_name: "com.apple.vpn.managed".to_owned(),
        name: None,
        details: vec![("RemoteAddress".to_owned(), "protocol.systemserviceprovider.com".to_owned())],
    };
    let profile = Profile {
        id: "com.example.profile".to_owned(),
        uuid: Some("76dab334-7e17-475d-a5d6-0794eb5818a5".to_owned()),
        name: None,
        organisation: None,
        installed: None,
        locked: None,
        payloads: vec![payload],
    };
    let found = hits(&BUILT_IN, vec![Says::Profile(profile)], &[]);
    let found: Vec<_> = found.iter().map(|hit| (hit.kind, hit.known.family.as_str())).collect();
    assert_eq!(found, [(HitKind::Profile, "Predator"), (HitKind::CommandServer, "TheTruthSpy")]);
}

#[test]
fn many_places_are_counted_and_not_repeated() {
    let mut kept = Kept::default();
    let mut matching = Matching::new(&BUILT_IN, &mut kept);
    for number in 0..5_000_u32 {
        let visit = format!("https://copy9.com/{number}");
        for (kind, value) in [(TraceKind::Connection, "guestspy.com"), (TraceKind::Visit, visit.as_str())] {
            let seen = seen(number);
            assert!(matching.trace(&Trace { kind, value, at: None, app: None, seen: &seen }).is_continue());
        }
    }
    assert!(matching.finish().is_continue());
    assert_eq!(kept.facts.len(), 100 + 1000);
    assert_eq!(kept.problems.iter().map(|problem| problem.units).sum::<u64>(), 4900 + 4000);
}

#[test]
fn whoever_takes_the_facts_can_stop() {
    struct Full(u32);
    impl FactSink for Full {
        fn fact(&mut self, _: Fact) -> ControlFlow<()> {
            self.0 += 1;
            if self.0 > 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
        fn trace(&mut self, _: &Trace<'_>) -> ControlFlow<()> {
            ControlFlow::Continue(())
        }
        fn problem(&mut self, _: model::record::Problem) -> ControlFlow<()> {
            ControlFlow::Continue(())
        }
    }
    let mut full = Full(0);
    let mut matching = Matching::new(&BUILT_IN, &mut full);
    let text = "https://copy9.com/a https://copy9.com/b https://copy9.com/c https://copy9.com/d copy9.com/e";
    let trace = Trace { kind: TraceKind::Text, value: text, at: None, app: None, seen: &seen(1) };
    assert!(matching.trace(&trace).is_break());
}

const STIX: &str = r#"{"type":"bundle","id":"bundle--1","objects":[
 {"type":"relationship","id":"relationship--1","relationship_type":"indicates","source_ref":"indicator--1","target_ref":"malware--1"},
 {"type":"indicator","id":"indicator--1","pattern_type":"stix",
  "pattern":"[domain-name:value='C2.Example.com' OR ipv6-addr:value='2001:DB8::1'] OR [file:hashes.'SHA-256'='AA00000000000000000000000000000000000000000000000000000000000000']"},
 {"type":"indicator","id":"indicator--2","pattern":"[app:id='com.example.lonely']"},
 {"type":"indicator","id":"indicator--3","pattern":"[app:id='a.b' AND app:id='c.d']"},
 {"type":"indicator","id":"indicator--4","pattern":12},
 {"type":"indicator","id":"indicator--5","pattern":"[windows-registry-key:key='x']"},
 {"type":"indicator","id":"indicator--6","pattern_type":"yara","pattern":"rule x {}"},
 7, null, {"id":"x"},
 {"type":"malware","id":"malware--1","name":"Example Family","aliases":["Other"],"malware_types":["spyware"]},
 {"type":"indicator","id":"indicator--7","pattern":"[url:value='https://example.org/a/b/']"},
 {"type":"relationship","id":"relationship--2","relationship_type":"indicates","source_ref":"indicator--7","target_ref":"malware--1"}
],"more":{"deep":[1,2,3]}}"#;

#[test]
fn a_stix_bundle_gives_families_and_its_bad_objects_are_told() {
    let list = indicators::stix(STIX.as_bytes(), "a file", ListLimits::default());
    let families: Vec<_> = list
        .families
        .iter()
        .map(|family| (family.name.as_str(), family.kind, family.indicators.len(), family.aliases.len()))
        .collect();
    assert_eq!(families, [("Example Family", Kind::Spyware, 4, 1), ("a file", Kind::Untold, 1, 0)]);
    assert_eq!(list.troubles_count, 7, "{:?}", list.troubles);

    let mut table = indicators::built_in();
    let before = table.count();
    assert_eq!(table.add("a file", &list), 5);
    assert_eq!(table.count(), before + 5);
    assert_eq!(table.add("the same again", &list), 0, "what is known is not there twice");
    let found = table.address("http://c2.example.com:8080/x", Way::Connected);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].known().list, "a file");
    assert_eq!(table.address("[2001:db8::1]:443", Way::Connected).len(), 1);
    assert_eq!(table.address("https://example.org/a/b/c", Way::Read).len(), 1);
    assert_eq!(table.address("https://example.org/a", Way::Read).len(), 0);
    assert_eq!(table.app("COM.example.Lonely").len(), 1);
}

#[test]
fn a_stix_file_that_is_cut_changed_or_hostile_ends() {
    let limits = ListLimits::default();
    for end in 0..STIX.len() {
        indicators::stix(&STIX.as_bytes()[..end], "x", limits);
        let mut changed = STIX.as_bytes().to_vec();
        changed[end] ^= 0x15;
        indicators::stix(&changed, "x", limits);
    }
    let half = indicators::stix(&STIX.as_bytes()[..STIX.len() - 300], "x", limits);
    assert!(half.count() >= 4 && half.troubles_count > 0, "what stood before the cut is kept");
    for hostile in
        ["[".repeat(1_000_000), "{\"objects\":[".repeat(100_000), "{\"objects\":[{\"a\":".repeat(50_000)]
    {
        assert_eq!(indicators::stix(hostile.as_bytes(), "x", limits).count(), 0);
    }
    let tight = ListLimits { indicators: 2, ..limits };
    assert_eq!(indicators::stix(STIX.as_bytes(), "x", tight).count(), 2);
    assert_eq!(indicators::stix(STIX.as_bytes(), "x", ListLimits { bytes: 10, ..limits }).count(), 0);
}

#[test]
fn a_list_that_only_names_a_domain_adds_nothing_to_one_that_knows_its_part() {
    let mut table = indicators::built_in();
    let mut list = List::default();
    let mut family = Family::new("TheTruthSpy", Kind::Untold);
    family.indicators.extend(Indicator::new(IndicatorKind::Domain, "copy9.com"));
    list.families.push(family);
    assert_eq!(table.add("STIX of the same", &list), 0);
    assert_eq!(table.address("copy9.com", Way::Read).len(), 1);
}

#[test]
fn a_value_that_every_family_has_costs_no_more_than_others() {
    let mut list = List::default();
    for number in 0..100_000 {
        let mut family = Family::new(&format!("Example {number}"), Kind::Untold);
        for (kind, value) in
            [(IndicatorKind::Domain, "a.example"), (IndicatorKind::FilePath, "/data/local/tmp/x/run")]
        {
            family.indicators.extend(Indicator::new(kind, value));
        }
        list.families.push(family);
    }
    let mut table = Indicators::default();
    assert_eq!(table.add("hostile", &list), 64, "32 families of each");
    assert_eq!(table.path("/data/local/tmp/x/run").len(), 32);
}

#[test]
fn what_is_written_in_the_compact_form_is_the_same_table() {
    let mut family = Family::new("Example", Kind::Watchware);
    family.indicators.extend(Indicator::new(IndicatorKind::App, "com.example.app"));
    let table =
        Indicators::of_text(&indicators::write(&Header { name: "a list", ..Header::default() }, &[family]));
    let known =
        table.app("com.example.app").first().map(check::indicators::Match::known).expect("it is known");
    assert_eq!(
        (known.family.as_str(), known.kind, known.list.as_str()),
        ("Example", Kind::Watchware, "a list")
    );
}

#[test]
fn ordinary_apps_are_not_known() {
    let sample = include_str!("../../fixtures/indicators/ordinary-apps.txt");
    let mut names: Vec<String> = sample.lines().map(str::to_owned).collect();
    let shared = std::env::var("ASSERVAT_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
    let all = Path::new(&shared).join("data/ordinary-packages/android.txt");
    match std::fs::read_to_string(&all) {
        Ok(text) => names.extend(text.lines().map(str::to_owned)),
        Err(_) => println!("skipped: {} is not there", all.display()),
    }
    for name in names {
        assert!(BUILT_IN.app(&name).is_empty(), "{name}");
        assert!(BUILT_IN.process(&name).is_empty(), "{name}");
    }
}

#[test]
fn many_links_to_an_app_do_not_hide_that_it_is_there() {
    let known = table(&[(IndicatorKind::App, "com.example.spy")]);
    let mut kept = Kept::default();
    let mut matching = Matching::new(&known, &mut kept);
    let link = "https://play.google.com/store/apps/details?id=com.example.spy";
    for file in 0..5000 {
        let (kind, seen) = (TraceKind::Link, seen(file));
        let trace = Trace { kind, value: link, at: None, app: None, seen: &seen };
        assert!(matching.trace(&trace).is_continue());
    }
    let says = Says::App(AppFact::new("com.example.spy", AppSays::Installed(AppOrigin::Added)));
    assert!(matching.fact(Fact { seen: seen(5000), says }).is_continue());
    assert!(matching.finish().is_continue());
    let hits =
        kept.facts.iter().filter_map(|fact| if let Says::Hit(hit) = &fact.says { Some(hit) } else { None });
    assert_eq!(hits.filter(|hit| hit.trace.is_none()).count(), 1);
}
