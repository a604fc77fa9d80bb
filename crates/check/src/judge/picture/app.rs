//! The picture of one app.

use std::collections::BTreeSet;

use super::{AppOrigin, AppSays, Grant, Names, Platform, Seen, ServiceState, Signs, TimeReading, UseKind};

/// What all artefacts say about one app.
pub(in crate::judge) struct AppPicture {
    /// Its identifier.
    pub(in crate::judge) id: String,
    /// The names it shows.
    pub(in crate::judge) names: Vec<String>,
    /// Its versions.
    pub(in crate::judge) versions: Vec<String>,
    /// Whether it is installed, as far as is told.
    pub(in crate::judge) origin: Option<(AppOrigin, Seen)>,
    /// What installed it: the outer is whether that is told, the inner whether the system knows.
    pub(in crate::judge) installer: Option<(Option<String>, Seen)>,
    /// When it was first installed.
    pub(in crate::judge) first: Option<TimeReading>,
    /// Which account acquired it.
    pub(in crate::judge) acquired_by: Option<(String, Seen)>,
    /// The signs.
    pub(in crate::judge) signs: Signs,
    /// The known programs it is.
    pub(in crate::judge) known: BTreeSet<crate::Known>,
    platform: Platform,
    far_reaching: BTreeSet<String>,
    off: Option<Seen>,
    no_icon: Option<Seen>,
    has_icon: bool,
}

/// So many far-reaching permissions are many.
const MANY_PERMISSIONS: usize = 10;

impl AppPicture {
    /// Nothing is known yet.
    pub(super) fn new(id: &str, platform: Platform) -> Self {
        Self {
            id: id.to_owned(),
            names: Vec::new(),
            versions: Vec::new(),
            origin: None,
            installer: None,
            first: None,
            acquired_by: None,
            signs: Signs::default(),
            known: BTreeSet::new(),
            platform,
            far_reaching: BTreeSet::new(),
            off: None,
            no_icon: None,
            has_icon: false,
        }
    }

    /// One more thing that is said.
    pub(super) fn add(&mut self, user: Option<u32>, says: AppSays, seen: &Seen) {
        match says {
            AppSays::Installed(origin) => self.installed(origin, user, seen),
            AppSays::Off => self.off = Some(seen.clone()),
            AppSays::Name(name) => push_new(&mut self.names, name),
            AppSays::Version(version) => push_new(&mut self.versions, version),
            AppSays::Installer(installer) => {
                // One that is named says more than one that is not known.
                if self.installer.as_ref().is_none_or(|(known, _)| known.is_none()) {
                    self.installer = Some((installer, seen.clone()));
                }
            }
            AppSays::FirstInstalled(at) => {
                let earlier = |known: &TimeReading| at.first_ms.is_some() && at.first_ms < known.first_ms;
                if self.first.as_ref().is_none_or(earlier) {
                    self.first = Some(at);
                }
            }
            AppSays::AcquiredBy(account) => self.acquired_by = Some((account, seen.clone())),
            AppSays::Path(path) => {
                if ["/system", "/vendor/", "/product/", "/apex/", "/odm/"]
                    .iter()
                    .any(|part| path.starts_with(part))
                {
                    self.installed(AppOrigin::Factory, user, seen);
                }
            }
            AppSays::HasIcon => self.has_icon = true,
            AppSays::NoIcon => self.no_icon = Some(seen.clone()),
            AppSays::Permission { name, grant } => self.permission(name, grant, seen),
            other => self.service(other, seen),
        }
    }

    fn installed(&mut self, origin: AppOrigin, user: Option<u32>, seen: &Seen) {
        let worth = |origin: AppOrigin| match origin {
            AppOrigin::Factory | AppOrigin::FactoryUpdated => 2,
            AppOrigin::Added => 1,
            AppOrigin::Untold => 0,
        };
        if self.origin.as_ref().is_none_or(|(known, _)| worth(origin) > worth(*known)) {
            self.origin = Some((origin, seen.clone()));
        }
        if let Some(user) = user.filter(|user| *user != 0) {
            self.signs.add("other-user", &user.to_string(), None, seen);
        }
    }

    fn permission(&mut self, name: String, grant: Grant, seen: &Seen) {
        if grant == Grant::Given {
            let sign = match name.rsplit('.').next().unwrap_or_default() {
                "ACCESS_BACKGROUND_LOCATION" => Some("may-location-always"),
                "RECORD_AUDIO" => Some("may-microphone"),
                "CAMERA" => Some("may-camera"),
                "READ_SMS" | "RECEIVE_SMS" | "RECEIVE_MMS" => Some("may-messages"),
                "READ_CALL_LOG" | "PROCESS_OUTGOING_CALLS" => Some("may-calls"),
                "READ_CONTACTS" => Some("may-contacts"),
                _ => None,
            };
            if let Some(sign) = sign {
                self.signs.add(sign, &name, None, seen);
            }
        }
        if grant != Grant::Refused {
            self.far_reaching.insert(name);
        }
    }

    /// What an app has switched on, hears of, used.
    fn service(&mut self, says: AppSays, seen: &Seen) {
        let on = |state: ServiceState, on: &'static str, possible: &'static str| match state {
            ServiceState::Installed => possible,
            ServiceState::Enabled | ServiceState::Bound => on,
        };
        let (sign, what, at) = match says {
            AppSays::Accessibility { component, state } => {
                (on(state, "accessibility-on", "accessibility-possible"), component, None)
            }
            AppSays::Admin { component, state } => (on(state, "admin-on", "admin-possible"), component, None),
            AppSays::NotificationListener { component, state } => {
                (on(state, "listener-on", "listener-possible"), component, None)
            }
            AppSays::InputMethod { component, state } => {
                (on(state, "keyboard-on", "keyboard-possible"), component, None)
            }
            AppSays::DeviceOwner => ("device-owner", String::new(), None),
            AppSays::ProfileOwner => ("profile-owner", String::new(), None),
            AppSays::UsageAccess => ("usage-access", String::new(), None),
            AppSays::BatteryExempt => ("battery-exempt", String::new(), None),
            AppSays::MayInstall => ("may-install", String::new(), None),
            AppSays::Overlay => ("overlay", String::new(), None),
            AppSays::Receives(intent) => match hears(&intent) {
                Some(sign) => (sign, intent, None),
                None => return,
            },
            AppSays::Used(used) => match behind(used.kind, used.background) {
                Some(sign) => (sign, used.name, used.at),
                None => return,
            },
            AppSays::Removed(at) => ("removed", String::new(), at),
            AppSays::Downgraded(at) => ("downgraded", String::new(), at),
            AppSays::Mentioned => ("store-app-mention", String::new(), None),
            AppSays::Privacy(privacy) if privacy.grant == Grant::Given => match privacy.service.as_str() {
                "kTCCServiceMicrophone" => ("ios-microphone", privacy.service, privacy.at),
                "kTCCServiceCamera" => ("ios-camera", privacy.service, privacy.at),
                _ => return,
            },
            AppSays::Location(location) if location.leave == "always" => {
                ("ios-location-always", location.leave, location.used)
            }
            _ => return,
        };
        self.signs.add(sign, &what, at, seen);
    }

    /// What can only be said when everything about the app is there.
    pub(super) fn finish(&mut self, names: &Names, chief_account: Option<&str>) {
        let is_factory = match &self.origin {
            Some((AppOrigin::Factory | AppOrigin::FactoryUpdated, seen)) => {
                self.signs.add("factory", "", None, &seen.clone());
                true
            }
            Some((_, seen)) => {
                self.signs.add("added", "", None, &seen.clone());
                false
            }
            None => false,
        };
        let is = |list: &[String], word: &str| list.iter().any(|known| known == word);
        if let Some(seen) = self.off.take() {
            if is(&names.security_apps, &self.id) {
                self.signs.add("security-app-off", "", None, &seen);
            }
            if is(&names.update_apps, &self.id) {
                self.signs.add("update-app-off", "", None, &seen);
            }
            self.signs.add("off", "", None, &seen);
        }
        let Some((_, seen)) = self.origin.clone() else {
            if !self.signs.has("removed")
                && let Some(seen) = self.signs.first_place()
            {
                self.signs.add("app-only-mentioned", "", None, &seen);
            }
            return;
        };
        if is(&names.root_apps, &self.id) {
            self.signs.add("root-app", "", None, &seen);
        }
        if is_factory {
            return;
        }
        self.source(names);
        if let Some(name) = self.names.iter().find(|name| is(&names.borrowed, &name.trim().to_lowercase())) {
            self.signs.add("borrowed-name", &name.clone(), None, &seen);
        }
        if let Some(seen) = self.no_icon.take().filter(|_| !self.has_icon) {
            self.signs.add("no-icon", "", None, &seen);
        }
        let far = self.far_reaching.iter().filter(|permission| is(&names.far_reaching, permission)).count();
        if far >= MANY_PERMISSIONS {
            self.signs.add("asks-much", &far.to_string(), None, &seen);
        }
        if let (Some((account, seen)), Some(chief)) = (&self.acquired_by, chief_account)
            && account != chief
        {
            self.signs.add("ios-acquired-by-other-account", &account.clone(), None, &seen.clone());
        }
    }

    /// Where the app came from.
    fn source(&mut self, names: &Names) {
        let Some((installer, seen)) = self.installer.clone() else { return };
        let is = |list: &[String], word: &str| list.iter().any(|known| known == word);
        let what = installer.clone().unwrap_or_default();
        let sign = match (&installer, self.platform) {
            (Some(source), Platform::Ios) if is(&names.ios_stores, source) => "from-store",
            (Some(_), Platform::Ios) => "ios-not-from-store",
            (None, Platform::Ios) => "ios-no-store-record",
            (Some(installer), _) if is(&names.stores, installer) => "from-store",
            (Some(installer), _) if is(&names.other_stores, installer) => "installer-other-store",
            (Some(installer), _) if is(&names.by_hand, installer) => "installer-by-hand",
            (Some(_), _) => "installer-other",
            (None, _) => "installer-unknown",
        };
        self.signs.add(sign, &what, None, &seen);
        if sign != "from-store" {
            self.signs.add("not-from-store", &what, None, &seen);
        }
    }
}

fn push_new(list: &mut Vec<String>, word: String) {
    /// More names than any app has.
    const MOST: usize = 8;
    if list.len() < MOST && !word.is_empty() && !list.contains(&word) {
        list.push(word);
    }
}

/// What an app hears of, if it matters.
fn hears(intent: &str) -> Option<&'static str> {
    let name = intent.rsplit('.').next().unwrap_or_default();
    match name {
        "SMS_RECEIVED" | "SMS_DELIVER" | "WAP_PUSH_RECEIVED" | "WAP_PUSH_DELIVER" | "DATA_SMS_RECEIVED" => {
            Some("hears-messages")
        }
        "NEW_OUTGOING_CALL" | "PHONE_STATE" => Some("hears-calls"),
        "BOOT_COMPLETED" | "LOCKED_BOOT_COMPLETED" | "QUICKBOOT_POWERON" => Some("hears-boot"),
        _ => None,
    }
}

/// What was used while nobody saw the app.
fn behind(kind: UseKind, background: Option<bool>) -> Option<&'static str> {
    match (kind, background) {
        (UseKind::Location, Some(true)) => Some("used-location-behind"),
        (UseKind::Microphone, Some(true)) => Some("used-microphone-behind"),
        (UseKind::Camera, Some(true)) => Some("used-camera-behind"),
        (UseKind::Screen, _) => Some("used-screen"),
        _ => None,
    }
}
