//! The picture of one device: what all artefacts say about each app, each profile, the device itself, and
//! what traces of known programs there are; as signs that the rules know.
//!
//! What a sign needs to be one stands here and in `rules/check/names.toml`; what it means stands in the
//! rules.

use std::collections::{BTreeMap, BTreeSet};

use model::record::TimeReading;

use super::devices::DeviceFacts;
use super::signs::Signs;
use crate::rules::{Names, RULES, Subject};
use crate::{
    Account, AppFact, AppOrigin, AppSays, DeviceFact, Grant, Hit, HitKind, Kind, Platform, Profile, Question,
    Says, Seen, ServiceState, TraceKind, UseKind, Wholly,
};

mod app;
mod device;

pub(super) use app::AppPicture;

/// How many questions of one sort were looked into.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Looks {
    /// Artefacts that were read wholly.
    pub(super) wholly: u64,
    /// Artefacts that were read in part.
    pub(super) partly: u64,
    /// Things that were there to look at.
    pub(super) entries: u64,
}

/// How a trace came to the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// It lies there: a file, a process, a property.
    There,
    /// The device connected to it or looked it up.
    Connection,
    /// A link in a message.
    Link,
    /// A page that was opened.
    Visit,
    /// An app that is mentioned.
    Mention,
}

impl Way {
    fn of(trace: Option<TraceKind>) -> Self {
        match trace {
            Some(TraceKind::Visit) => Self::Visit,
            Some(TraceKind::Link | TraceKind::Text | TraceKind::Mail) => Self::Link,
            Some(TraceKind::Connection) => Self::Connection,
            Some(TraceKind::AppMention) => Self::Mention,
            _ => Self::There,
        }
    }

    fn sign(self) -> Option<&'static str> {
        match self {
            Self::There => None,
            Self::Connection => Some("connection"),
            Self::Link => Some("link"),
            Self::Visit => Some("visit"),
            Self::Mention => Some("store-app-mention"),
        }
    }
}

/// A known program that left traces.
pub(super) struct TracePicture {
    /// Whose.
    pub(super) known: crate::Known,
    /// The signs.
    pub(super) signs: Signs,
}

/// A configuration profile.
pub(super) struct ProfilePicture {
    /// What is in it.
    pub(super) profile: Profile,
    /// The signs.
    pub(super) signs: Signs,
    /// Known ones among it.
    pub(super) known: BTreeSet<crate::Known>,
}

/// The picture of a device.
pub(super) struct Picture {
    /// What it is.
    pub(super) device: DeviceFact,
    /// Its apps, by identifier.
    pub(super) apps: BTreeMap<String, AppPicture>,
    /// Its profiles.
    pub(super) profiles: Vec<ProfilePicture>,
    /// Traces of known programs, by family and by how they came: a page that was opened and a connection the
    /// device made by itself are two things.
    pub(super) traces: BTreeMap<(Kind, String, Way), TracePicture>,
    /// Signs of the device itself.
    pub(super) signs: Signs,
    /// What was looked into.
    pub(super) looked: BTreeMap<Question, Looks>,
    /// The accounts on it.
    pub(super) accounts: Vec<(Account, Seen)>,
    /// Service and name of each.
    known_accounts: BTreeSet<(String, String)>,
    /// Identifier and UUID of each profile.
    known_profiles: BTreeSet<(String, Option<String>)>,
    /// The first profile of an identifier or UUID: its place.
    profile_places: BTreeMap<String, usize>,
    /// Where the day of the last security update was read.
    patched_at: Option<Seen>,
}

impl Picture {
    /// Puts the facts of a device together.
    pub(super) fn of(facts: DeviceFacts, today: Option<model::Date>) -> Self {
        let DeviceFacts { device, facts } = facts;
        let mut picture = Self {
            device,
            apps: BTreeMap::new(),
            profiles: Vec::new(),
            traces: BTreeMap::new(),
            signs: Signs::default(),
            looked: BTreeMap::new(),
            accounts: Vec::new(),
            known_accounts: BTreeSet::new(),
            known_profiles: BTreeSet::new(),
            profile_places: BTreeMap::new(),
            patched_at: None,
        };
        for fact in facts {
            picture.add(fact.says, &fact.seen);
        }
        picture.finish(today);
        picture
    }

    fn add(&mut self, says: Says, seen: &Seen) {
        match says {
            Says::Looked(looked) => {
                let looks = self.looked.entry(looked.question).or_default();
                looks.entries = looks.entries.saturating_add(looked.entries);
                let count = if looked.wholly == Wholly::Yes { &mut looks.wholly } else { &mut looks.partly };
                *count = count.saturating_add(1);
            }
            Says::App(AppFact { id, user, says }) => self.app(&id).add(user, says, seen),
            Says::Hit(hit) => self.hit(hit, seen),
            Says::Profile(profile) => self.profile(profile, seen),
            Says::Setting(setting) if setting.space == "mdm-managed-app" => {
                self.app(&setting.name).signs.add("managed-app", &setting.value, None, seen);
            }
            Says::Account(account) => self.account(account, seen),
            Says::Sign(sign) => {
                let (name, what, at) = (sign.name, sign.what, sign.at);
                let Some(app) = sign.app else { return self.signs.add(name, &what, at, seen) };
                // What only a rule about the device speaks of is said of the device.
                if !RULES.heuristics.iter().any(|rule| rule.subject == Subject::App && rule.names(&name)) {
                    self.signs.add(name.clone(), &format!("{app} {what}"), at.clone(), seen);
                }
                self.app(&app).signs.add(name, &what, at, seen);
            }
            Says::Device(device) => {
                if device.patched.is_some() && self.patched_at.is_none() {
                    self.patched_at = Some(seen.clone());
                }
            }
            other => device::add(&mut self.signs, other, seen),
        }
    }

    fn app(&mut self, id: &str) -> &mut AppPicture {
        if !self.apps.contains_key(id) {
            self.apps.insert(id.to_owned(), AppPicture::new(id, self.device.platform));
        }
        // It was put there just now.
        self.apps.entry(id.to_owned()).or_insert_with(|| AppPicture::new(id, Platform::Any))
    }

    /// An account is told once, wherever it was seen.
    fn account(&mut self, account: Account, seen: &Seen) {
        if self.known_accounts.insert((account.service.clone(), account.name.clone())) {
            self.accounts.push((account, seen.clone()));
        }
    }

    fn profile(&mut self, profile: Profile, seen: &Seen) {
        if !self.known_profiles.insert((profile.id.clone(), profile.uuid.clone())) {
            return;
        }
        for name in std::iter::once(&profile.id).chain(&profile.uuid) {
            self.profile_places.entry(name.clone()).or_insert(self.profiles.len());
        }
        let mut signs = Signs::default();
        device::profile_signs(&profile, &mut signs, seen);
        self.profiles.push(ProfilePicture { profile, signs, known: BTreeSet::new() });
    }

    fn hit(&mut self, hit: Hit, seen: &Seen) {
        let sign = format!("hit-{}-{}", word(hit.known.kind), word(hit.kind));
        let what = if hit.value == hit.indicator {
            hit.value.clone()
        } else {
            format!("{} ({})", hit.value, hit.indicator)
        };
        if let (Some(app), None) = (&hit.app, hit.trace) {
            let app = self.app(app);
            app.signs.add(sign, &what, hit.at, seen);
            app.known.insert(hit.known);
            return;
        }
        if hit.kind == HitKind::Profile
            && let Some(place) = self.profile_places.get(&hit.value)
            && let Some(profile) = self.profiles.get_mut(*place)
        {
            profile.signs.add(sign, &what, hit.at, seen);
            profile.known.insert(hit.known);
            return;
        }
        let (known, way) = (hit.known, Way::of(hit.trace));
        // What an app connects to is a sign of the app, too, unless it shows pages of others: that goes
        // anywhere.
        // A link or page that names an app, such as one of a store, says nothing of what is on the device.
        let says_of_app = |app: &&String| match way {
            Way::Link | Way::Visit => false,
            Way::Connection => !shows_pages(app),
            Way::There | Way::Mention => true,
        };
        if let Some(app) = hit.app.as_ref().filter(says_of_app) {
            self.app(app).signs.add(sign.clone(), &what, hit.at.clone(), seen);
        }
        let key = (known.kind, known.family.clone(), way);
        let empty = || TracePicture { known, signs: Signs::default() };
        let trace = self.traces.entry(key).or_insert_with(empty);
        if let Some(sign) = way.sign() {
            trace.signs.add(sign, &what, hit.at.clone(), seen);
        }
        trace.signs.add(sign, &what, hit.at, seen);
    }

    /// What can only be said when everything is there.
    fn finish(&mut self, today: Option<model::Date>) {
        let chief = self.chief_account();
        for app in self.apps.values_mut() {
            app.finish(&RULES.names, chief.as_deref());
        }
        let device = (&self.device, self.patched_at.as_ref());
        device::finish(device, today, &self.accounts, &mut self.signs);
    }

    /// The account that acquired most of the apps, if there are several.
    fn chief_account(&self) -> Option<String> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for account in self.apps.values().filter_map(|app| app.acquired_by.as_ref()) {
            let count = counts.entry(account.0.as_str()).or_default();
            *count = count.saturating_add(1);
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(account, _)| account.to_owned())
    }
}

/// A word as it is written in rules: that of its serialised form.
fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Whether an app loads what others wrote: browsers, and messengers and mail, which show what is behind a
/// link.
fn shows_pages(app: &str) -> bool {
    const APPS: &[&str] = &[
        "com.android.browser",
        "com.android.chrome",
        "com.android.webview",
        "com.apple.mobilemail",
        "com.apple.mobilesafari",
        "com.apple.mobilesms",
        "com.apple.webkit",
        "com.brave",
        "com.chrome",
        "com.duckduckgo",
        "com.ecosia",
        "com.facebook.katana",
        "com.facebook.orca",
        "com.google.android.apps.messaging",
        "com.google.android.gm",
        "com.google.android.googlequicksearchbox",
        "com.google.android.webview",
        "com.google.chrome.ios",
        "com.heytap.browser",
        "com.huawei.browser",
        "com.instagram.android",
        "com.kiwibrowser",
        "com.mi.globalbrowser",
        "com.microsoft.bing",
        "com.microsoft.emmx",
        "com.microsoft.office.outlook",
        "com.opera",
        "com.samsung.android.messaging",
        "com.sec.android.app.sbrowser",
        "com.ucmobile.intl",
        "com.vivaldi.browser",
        "com.viber.voip",
        "com.whatsapp",
        "com.yandex.browser",
        "net.whatsapp.whatsapp",
        "org.chromium",
        "org.mozilla",
        "org.telegram.messenger",
        "org.thoughtcrime.securesms",
        "org.torproject.torbrowser",
        "org.whispersystems.signal",
        "ph.telegra.telegraph",
    ];
    let app = app.to_ascii_lowercase();
    // Processes of iPhones go by a bare name.
    let is_bare = matches!(app.as_str(), "chrome" | "firefox" | "safari" | "mobilesafari");
    is_bare
        || APPS.iter().any(|known| {
            app.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '_', ':']))
        })
}
