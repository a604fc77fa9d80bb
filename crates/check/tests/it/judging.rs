//! From facts to findings: what is said about apps, traces, profiles, devices, and what is not.

use check::judge::{AnswerState, DeviceReport, Finding, Gathered, Subject as About, judge};
use check::rules::{FindingKind, Language, Sure};
use check::told::{Removal, tell};
use check::{
    AppFact, AppOrigin, AppSays, DeviceFact, Fact, Hit, HitKind, Kind, Known, Looked, Payload, PayloadKind,
    Platform, Profile, Question, Says, Seen, ServiceState, Setting, TraceKind, Wholly,
};
use model::record::{FileNumber, Place};

fn fact(says: impl Into<Says>) -> Fact {
    Fact { seen: Seen { file: FileNumber(0), place: Place::bytes(10, 20) }, says: says.into() }
}

fn app(id: &str, says: Vec<AppSays>) -> Vec<Fact> {
    says.into_iter().map(|says| fact(AppFact::new(id, says))).collect()
}

fn judged(platform: Platform, mut facts: Vec<Fact>) -> DeviceReport {
    facts.push(fact(DeviceFact::new(platform)));
    let steps = |_: FileNumber| vec!["dumpsys.txt".to_owned()];
    let today = "2026-11-25".parse().ok();
    let mut reports = judge(Gathered { facts, steps: &steps, today });
    assert_eq!(reports.len(), 1);
    reports.remove(0)
}

fn of<'r>(report: &'r DeviceReport, id: &str) -> Option<&'r Finding> {
    report.findings.iter().find(|finding| matches!(&finding.subject, About::App { id: of, .. } if of == id))
}

fn hit(kind: Kind, sort: HitKind, app: Option<&str>, trace: Option<TraceKind>) -> Fact {
    let known = Known { family: "Beispiel".into(), aliases: vec![], kind, list: "a list".into() };
    let (value, indicator) = ("x.example".to_owned(), "x.example".to_owned());
    fact(Hit { kind: sort, value, indicator, known, app: app.map(str::to_owned), trace, at: None })
}

fn sideloaded() -> Vec<AppSays> {
    vec![
        AppSays::Installed(AppOrigin::Added),
        AppSays::Installer(Some("com.google.android.packageinstaller".into())),
        AppSays::Name("WiFi".into()),
        AppSays::Accessibility { component: "com.example.w/.A".into(), state: ServiceState::Bound },
        AppSays::NotificationListener { component: "com.example.w/.N".into(), state: ServiceState::Enabled },
    ]
}

#[test]
fn many_signs_on_one_app_are_one_finding() {
    let report = judged(Platform::Android, app("com.example.w", sideloaded()));
    let findings: Vec<&Finding> = report.findings.iter().collect();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].sure, Sure::Strong);
    assert_eq!(findings[0].kind, FindingKind::Capability);
    assert!(findings[0].rules.len() > 1 && findings[0].sees.contains(&"screen".to_owned()));
    assert!(findings[0].seen.iter().all(|seen| seen.place.file == ["dumpsys.txt"]));
    let answer = report.answers.iter().find(|answer| answer.question == Question::Accessibility);
    assert_eq!(answer.map(|answer| answer.state), Some(AnswerState::Found));
}

#[test]
fn a_known_program_is_named_as_what_it_is() {
    for (kind, expected) in
        [(Kind::Stalkerware, FindingKind::Stalkerware), (Kind::Watchware, FindingKind::Watchware)]
    {
        let mut facts = app("com.example.k", vec![AppSays::Installed(AppOrigin::Added)]);
        facts.push(hit(kind, HitKind::App, Some("com.example.k"), None));
        let report = judged(Platform::Android, facts);
        let finding = of(&report, "com.example.k").expect("a finding");
        assert_eq!((finding.kind, finding.sure), (expected, Sure::Known));
        assert_eq!(finding.known.first().map(|known| known.family.as_str()), Some("Beispiel"));
    }
}

#[test]
fn a_visited_page_is_no_installed_app() {
    let facts = vec![hit(Kind::Stalkerware, HitKind::Website, None, Some(TraceKind::Visit))];
    let report = judged(Platform::Ios, facts);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].kind, FindingKind::Visit);
    assert!(matches!(report.findings[0].subject, About::Trace { .. }));
    for language in [Language::German, Language::English] {
        let told = tell(&report, language, Removal::Withheld);
        let text = serde_json::to_string(&told.findings[0].reasons).unwrap();
        let said = match language {
            Language::German => "App",
            Language::English => "app",
        };
        assert!(text.contains(said), "it says that no app was found: {text}");
    }
    assert_eq!(report.apps, 0);
}

#[test]
fn a_factory_app_is_no_suspect() {
    let says = vec![
        AppSays::Installed(AppOrigin::Factory),
        AppSays::Installer(None),
        AppSays::Accessibility { component: "a/.A".into(), state: ServiceState::Installed },
        AppSays::NotificationListener { component: "a/.N".into(), state: ServiceState::Enabled },
        AppSays::BatteryExempt,
        AppSays::UsageAccess,
        AppSays::Name("Settings".into()),
        AppSays::NoIcon,
        AppSays::Overlay,
    ];
    let report = judged(Platform::Android, app("com.android.settings", says));
    assert!(of(&report, "com.android.settings").is_none(), "{:#?}", report.findings);
}

#[test]
fn an_ordinary_app_from_the_store_is_none() {
    let says = vec![
        AppSays::Installed(AppOrigin::Added),
        AppSays::Installer(Some("com.android.vending".into())),
        AppSays::Name("Notizen".into()),
        AppSays::HasIcon,
    ];
    let report = judged(Platform::Android, app("com.example.notes", says));
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
}

#[test]
fn every_payload_of_a_profile_speaks() {
    let payload = |kind| Payload { kind, type_name: "t".into(), name: None, details: vec![] };
    let profile = Profile {
        id: "org.example.p".into(),
        uuid: None,
        name: Some("WLAN".into()),
        organisation: None,
        installed: None,
        locked: Some(true),
        payloads: vec![
            payload(PayloadKind::Notifications),
            payload(PayloadKind::Mdm),
            payload(PayloadKind::RootCertificate),
            payload(PayloadKind::Vpn),
            payload(PayloadKind::Proxy),
        ],
    };
    let report = judged(Platform::Ios, vec![fact(profile)]);
    assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
    let signs: Vec<&str> = report.findings[0].seen.iter().map(|seen| seen.sign.as_str()).collect();
    for sign in ["profile-mdm", "profile-root-certificate", "profile-vpn", "profile-proxy"] {
        assert!(signs.contains(&sign), "{sign}: {signs:?}");
    }
}

#[test]
fn three_answers_and_none_of_them_says_safe() {
    let looked = |question, wholly| fact(Looked { question, wholly, entries: 4 });
    let facts = vec![
        looked(Question::Accessibility, Wholly::Yes),
        looked(Question::DeviceAdmin, Wholly::No),
        fact(Setting { space: "global".into(), name: "package_verifier_enable".into(), value: "0".into() }),
    ];
    let report = judged(Platform::Android, facts);
    let state = |question| {
        report.answers.iter().find(|answer| answer.question == question).map(|answer| answer.state)
    };
    assert_eq!(state(Question::Accessibility), Some(AnswerState::NotFound));
    assert_eq!(state(Question::DeviceAdmin), Some(AnswerState::NotFoundInPart));
    assert_eq!(state(Question::Users), Some(AnswerState::CouldNotBeChecked));
    assert_eq!(state(Question::AppSources), Some(AnswerState::Found));
    assert_eq!(state(Question::Shortcuts), None, "no question of this platform");
}

#[test]
fn removal_stands_behind_the_questions() {
    let mut facts = app("com.example.w", sideloaded());
    facts.push(hit(Kind::Stalkerware, HitKind::App, Some("com.example.w"), None));
    let report = judged(Platform::Android, facts);
    let withheld = tell(&report, Language::German, Removal::Withheld);
    let told = tell(&report, Language::German, Removal::Told);
    assert!(withheld.findings[0].withheld > 0 && told.findings[0].withheld == 0);
    assert!(told.findings[0].plan.len() > withheld.findings[0].plan.len());
    assert!(!withheld.findings[0].now.is_empty() && !withheld.findings[0].never.is_empty());
    let raw = serde_json::to_string(&report).unwrap();
    assert!(!raw.contains("remove-app") && !raw.contains("switch-off"), "not by its name either: {raw}");
}

#[test]
fn a_link_to_an_app_does_not_say_that_it_was_there() {
    for trace in [TraceKind::Link, TraceKind::Visit] {
        for kind in [Kind::Stalkerware, Kind::Watchware, Kind::Spyware] {
            let id = Some("com.example.k");
            let report = judged(Platform::Android, vec![hit(kind, HitKind::App, id, Some(trace))]);
            assert!(of(&report, "com.example.k").is_none(), "{kind:?} {trace:?}: {:#?}", report.findings);
            assert!(!report.findings.is_empty(), "{kind:?} {trace:?}: it is told as a trace");
        }
    }
    let hit = hit(Kind::Stalkerware, HitKind::App, Some("com.example.k"), Some(TraceKind::Path));
    let report = judged(Platform::Android, vec![hit]);
    assert!(of(&report, "com.example.k").is_some(), "its folder does");
}

#[test]
fn what_is_known_of_an_app_is_told_wherever_the_app_is() {
    let kinds = [Kind::Stalkerware, Kind::Watchware, Kind::Spyware, Kind::Forensic, Kind::Untold];
    let states: [Vec<AppSays>; 6] = [
        vec![AppSays::Installed(AppOrigin::Added)],
        vec![AppSays::Installed(AppOrigin::Untold), AppSays::Off],
        vec![AppSays::Installed(AppOrigin::Factory)],
        vec![AppSays::Mentioned],
        vec![AppSays::Removed(None), AppSays::Installed(AppOrigin::Added)],
        vec![AppSays::Removed(None), AppSays::Installed(AppOrigin::FactoryUpdated)],
    ];
    for kind in kinds {
        for sort in [HitKind::App, HitKind::Signer, HitKind::FileHash] {
            for says in &states {
                let mut facts = app("com.example.k", says.clone());
                facts.push(hit(kind, sort, Some("com.example.k"), None));
                let report = judged(Platform::Android, facts);
                let signs = of(&report, "com.example.k").map(|finding| &finding.seen);
                let told = signs.is_some_and(|seen| seen.iter().any(|seen| seen.sign.starts_with("hit-")));
                assert!(told, "{kind:?} {sort:?} {says:?}");
            }
        }
    }
}

#[test]
fn a_part_that_was_cut_is_not_made_up_for_by_another() {
    let looked = |question, wholly, entries| fact(Looked { question, wholly, entries });
    let report = judged(
        Platform::Android,
        vec![
            looked(Question::MessageLinks, Wholly::Yes, 9),
            looked(Question::MessageLinks, Wholly::No, 3),
            looked(Question::Visits, Wholly::No, 0),
        ],
    );
    let state = |question| report.answers.iter().find(|of| of.question == question).map(|of| of.state);
    assert_eq!(state(Question::MessageLinks), Some(AnswerState::NotFoundInPart));
    assert_eq!(state(Question::Visits), Some(AnswerState::CouldNotBeChecked), "nothing was looked at");
}

#[test]
fn a_hundred_thousand_accounts_and_profiles_cost_no_more_than_their_number() {
    let mut facts = Vec::new();
    for number in 0..100_000 {
        let (service, name) = ("com.google".to_owned(), format!("{number}@mail.example"));
        facts.push(fact(check::Account { service, name, since: None }));
        facts.push(fact(Profile {
            id: format!("org.example.{number}"),
            uuid: None,
            name: None,
            organisation: None,
            installed: None,
            locked: None,
            payloads: vec![],
        }));
    }
    let started = std::time::Instant::now();
    assert_eq!(judged(Platform::Ios, facts).accounts.len(), 100_000);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn a_browser_that_opened_a_page_is_no_watching_app() {
    let talked = |id: &str| {
        let mut facts = app(id, vec![AppSays::Installed(AppOrigin::Added)]);
        let (sort, trace) = (HitKind::CommandServer, Some(TraceKind::Connection));
        facts.push(hit(Kind::Stalkerware, sort, Some(id), trace));
        judged(Platform::Android, facts)
    };
    for id in ["com.whatsapp", "com.vivaldi.browser", "org.mozilla.firefox", "com.opera.mini.native"] {
        let report = talked(id);
        assert!(of(&report, id).is_none(), "{id}: {:#?}", report.findings);
        assert_eq!(report.findings.len(), 1, "{id}: the connection is told");
    }
    for id in ["com.example.quiet", "com.operational.service", "com.whatsapp2"] {
        assert!(of(&talked(id), id).is_some(), "{id}: goes by another's name");
    }
}

#[test]
fn the_surest_of_very_many_findings_are_told_and_that_there_are_more() {
    let mut facts = Vec::new();
    for number in 0..30_000 {
        let says = vec![AppSays::Installed(AppOrigin::Added), AppSays::Installer(None)];
        facts.append(&mut app(&format!("com.example.a{number}"), says));
    }
    facts.append(&mut app("zz.example.k", vec![AppSays::Installed(AppOrigin::Added)]));
    facts.push(hit(Kind::Stalkerware, HitKind::App, Some("zz.example.k"), None));
    let report = judged(Platform::Android, facts);
    assert_eq!(report.findings.len(), 5001);
    assert!(of(&report, "zz.example.k").is_some_and(|finding| finding.number == 1));
    let more = report.findings.iter().find(|finding| finding.rules == ["findings-left-out"]);
    assert_eq!(more.map(|finding| finding.seen[0].what.as_str()), Some("25001"));
}
