//! A list of all apps of an iPhone, made by a tool on a computer: `ideviceinstaller list -o xml`,
//! `pymobiledevice3 apps list`, and what builds on them.
//!
//! An array of dictionaries, or a dictionary of them by identifier, as a property list or JSON, with the
//! members that the phone's own service gives: `CFBundleIdentifier`, `ApplicationType`, `SignerIdentity`,
//! `Entitlements` (libimobiledevice and pymobiledevice3, 2026; iOS 5 to 26). Apps of the store are signed by
//! "Apple iPhone OS Application Signing". Deliberately not read: sizes, environment, other members.

use model::record::{Place, ProblemKind};
use serde::Deserialize;
use source::list_file::ListFile;
use source::property_list::Value;
use source::tree::Candidate;

use crate::database::clipped;
use crate::loose_json::{Loose, Many};
use crate::sysdiagnose::{bytes, is_in_backup};
use crate::{
    About, AppFact, AppOrigin, AppSays, Check, FactSink, Flow, Grant, Input, Platform, Question, Seen, Trace,
    TraceKind, Wholly, lists,
};

/// Lists of installed apps made by tools.
pub(crate) struct IosInstalledList;

/// Most bytes of a list, and most apps of a property list.
const LIST_BYTES_MOST: u64 = 32 << 20;
const APPS_MOST: usize = 20_000;

/// Who signs what comes from the store.
const STORE_SIGNER: &str = "Apple iPhone OS Application Signing";

/// Entitlements that are told: being debugged, and reading along what others send.
const ENTITLEMENTS: &[&str] = &[
    "get-task-allow",
    "com.apple.developer.networking.networkextension",
    "com.apple.developer.networking.vpn.api",
];

impl Check for IosInstalledList {
    fn name(&self) -> &'static str {
        "ios_installed_list"
    }

    fn about(&self) -> About {
        About {
            title: "A list of all apps made by a tool (ideviceinstaller, pymobiledevice3)",
            platform: Platform::Ios,
            covers: "identifier, name, version, origin and signer of every app; property list or JSON, iOS \
                     5 to 26",
            leaves_out: "sizes, environment; a list of another form",
            answers: &[Question::Apps, Question::AppSignatures],
            source: "libimobiledevice, pymobiledevice3 (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        let name = entry.name().to_ascii_lowercase();
        let named = name.contains("app") || name.contains("install");
        if !named
            || is_in_backup(candidate)
            || !matches!(entry.extension().as_str(), "json" | "plist" | "xml" | "txt")
        {
            return false;
        }
        let head = candidate.head();
        let has = |word: &str| memchr::memmem::find(head, word.as_bytes()).is_some();
        has("CFBundleIdentifier") && (has("ApplicationType") || has("SignerIdentity"))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let whole = input.seen(Place::Whole);
        let most = LIST_BYTES_MOST.min(input.limits.unit_bytes);
        let Some(bytes) = bytes(input, most, sink)? else { return Flow::Continue(()) };
        let (apps, wholly) = apps(bytes);
        if wholly == Wholly::No {
            let expected = "a list of dictionaries, each about one app";
            sink.trouble(&whole, ProblemKind::NotUnderstood, expected, "the apps that could be read")?;
        }
        let count = apps.len() as u64;
        let signed = apps.iter().any(|app| app.signer.text().is_some());
        for app in apps {
            app.tell(&whole, sink)?;
        }
        sink.looked(&whole, Question::Apps, wholly, count)?;
        if signed { sink.looked(&whole, Question::AppSignatures, wholly, count) } else { Flow::Continue(()) }
    }
}

/// What is picked of each app.
#[derive(Default, Deserialize)]
struct App {
    #[serde(default, rename = "CFBundleIdentifier")]
    id: Loose,
    #[serde(default, rename = "CFBundleDisplayName")]
    name: Loose,
    #[serde(default, rename = "CFBundleName")]
    other_name: Loose,
    #[serde(default, rename = "CFBundleShortVersionString")]
    version: Loose,
    #[serde(default, rename = "ApplicationType")]
    kind: Loose,
    #[serde(default, rename = "SignerIdentity")]
    signer: Loose,
    #[serde(default, rename = "Path")]
    path: Loose,
    #[serde(default, rename = "Entitlements")]
    entitlements: Option<Entitlements>,
}

#[derive(Default, Deserialize)]
struct Entitlements {
    #[serde(default, rename = "get-task-allow")]
    debug: Loose,
    #[serde(default, rename = "com.apple.developer.networking.networkextension")]
    network: Loose,
    #[serde(default, rename = "com.apple.developer.networking.vpn.api")]
    vpn: Loose,
}

/// The apps of a list, and whether all of it was understood.
fn apps(bytes: Vec<u8>) -> (Vec<App>, Wholly) {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let apps = if matches!(first, Some(b'[' | b'{')) {
        serde_json::from_slice::<Many<App>>(&bytes).ok().map(|apps| apps.0)
    } else {
        ListFile::of_bytes(bytes).ok().and_then(|file| of_list(file.list()?.top()?))
    };
    let Some(mut apps) = apps else { return (Vec::new(), Wholly::No) };
    let all = apps.len();
    apps.retain(|app| app.id.text().is_some());
    let wholly = if all == 0 || apps.len() < all || all >= APPS_MOST { Wholly::No } else { Wholly::Yes };
    (apps, wholly)
}

fn of_list(top: Value<'_>) -> Option<Vec<App>> {
    if top.is_list() {
        return Some(top.elements().take(APPS_MOST).map(of_value).collect());
    }
    top.is_dictionary().then(|| top.pairs().take(APPS_MOST).map(|(_, app)| of_value(app)).collect())
}

fn of_value(app: Value<'_>) -> App {
    let member = |value: Value<'_>, name: &str| {
        let value = value.get(name);
        Loose(value.and_then(|value| {
            if value.members().is_some() { Some(String::new()) } else { lists::shown(value) }
        }))
    };
    // A dictionary with very many members would be gone through for each of them.
    if app.members().is_none_or(|members| members > 1000) {
        return App::default();
    }
    let rights =
        app.get("Entitlements").filter(|rights| rights.members().is_some_and(|members| members <= 1000));
    App {
        id: member(app, "CFBundleIdentifier"),
        name: member(app, "CFBundleDisplayName"),
        other_name: member(app, "CFBundleName"),
        version: member(app, "CFBundleShortVersionString"),
        kind: member(app, "ApplicationType"),
        signer: member(app, "SignerIdentity"),
        path: member(app, "Path"),
        entitlements: rights.map(|rights| Entitlements {
            debug: member(rights, "get-task-allow"),
            network: member(rights, "com.apple.developer.networking.networkextension"),
            vpn: member(rights, "com.apple.developer.networking.vpn.api"),
        }),
    }
}

impl App {
    fn tell(&self, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
        let id = clipped(self.id.text().unwrap_or_default());
        sink.trace(&Trace { kind: TraceKind::AppMention, value: id, at: None, app: Some(id), seen })?;
        let origin = match self.kind.text() {
            Some("System") => AppOrigin::Factory,
            Some("User") => AppOrigin::Added,
            _ => AppOrigin::Untold,
        };
        let owned = |loose: &Loose| loose.text().map(str::to_owned);
        // The phone's own apps are signed in other ways.
        let installer = owned(&self.signer).filter(|_| origin == AppOrigin::Added);
        let installer = installer
            .map(|signer| if signer == STORE_SIGNER { "com.apple.AppStore".to_owned() } else { signer });
        let told = [
            Some(AppSays::Installed(origin)),
            owned(&self.name).or_else(|| owned(&self.other_name)).map(AppSays::Name),
            owned(&self.version).map(AppSays::Version),
            owned(&self.path).map(AppSays::Path),
            installer.map(|installer| AppSays::Installer(Some(installer))),
        ];
        for says in told.into_iter().flatten() {
            sink.says(seen, AppFact::new(id, says))?;
        }
        let Some(rights) = &self.entitlements else { return Flow::Continue(()) };
        for (name, value) in ENTITLEMENTS.iter().zip([&rights.debug, &rights.network, &rights.vpn]) {
            if value.0.as_deref().is_some_and(|value| value != "false") {
                let says = AppSays::Permission { name: (*name).to_owned(), grant: Grant::Given };
                sink.says(seen, AppFact::new(id, says))?;
            }
        }
        Flow::Continue(())
    }
}
