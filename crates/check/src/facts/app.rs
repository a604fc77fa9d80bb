//! What an artefact says about one app.

use model::record::TimeReading;
use serde::{Deserialize, Serialize};

/// Something about an app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppFact {
    /// Its identifier: package name or bundle identifier.
    pub id: String,
    /// The user of the device it is installed for, where that is told.
    pub user: Option<u32>,
    /// What is said.
    pub says: AppSays,
}

impl AppFact {
    /// About an app, whoever its user is.
    pub fn new(id: &str, says: AppSays) -> Self {
        Self { id: id.to_owned(), user: None, says }
    }
}

/// What is said about an app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AppSays {
    /// It is installed.
    Installed(AppOrigin),
    /// It is installed but switched off, or suspended.
    Off,
    /// The name it shows.
    Name(String),
    /// Its version.
    Version(String),
    /// What installed it; none if the system says that it does not know.
    Installer(Option<String>),
    /// Who asked for it to be installed, if that is told beside the installer.
    Initiator(String),
    /// When it was first installed.
    FirstInstalled(TimeReading),
    /// When it was last updated.
    LastUpdated(TimeReading),
    /// Who signed it.
    Signer(Fingerprint),
    /// What the certificate that signed it says of its owner: `CN=…, O=…`.
    SignerName(String),
    /// The bytes of its package.
    Bytes(Fingerprint),
    /// Where its package lies.
    Path(String),
    /// A permission that it asks for or was given; the full name.
    Permission {
        /// Its name.
        name: String,
        /// Whether it was given.
        grant: Grant,
    },
    /// It used something.
    Used(Use),
    /// An accessibility service of it.
    Accessibility {
        /// The component.
        component: String,
        /// Whether it is on.
        state: ServiceState,
    },
    /// A device administrator of it.
    Admin {
        /// The component.
        component: String,
        /// Whether it is on; installed means that it could become one.
        state: ServiceState,
    },
    /// It owns the device: it can set everything.
    DeviceOwner,
    /// It owns a profile, such as a work profile.
    ProfileOwner,
    /// It may read all notifications.
    NotificationListener {
        /// The component.
        component: String,
        /// Whether it is on.
        state: ServiceState,
    },
    /// A keyboard.
    InputMethod {
        /// The component.
        component: String,
        /// Whether it is on.
        state: ServiceState,
    },
    /// It may see which apps are used.
    UsageAccess,
    /// It is never put to sleep.
    BatteryExempt,
    /// It may install other apps.
    MayInstall,
    /// It may draw over other apps.
    Overlay,
    /// It hears of an event of the system: the intent's name.
    Receives(String),
    /// It has an icon in the list of apps.
    HasIcon,
    /// It was looked for and has none.
    NoIcon,
    /// It was removed.
    Removed(Option<TimeReading>),
    /// It was put back to an older version.
    Downgraded(Option<TimeReading>),
    /// It ran, or was in front.
    Ran(Option<TimeReading>),
    /// It sent or received data over the network.
    Traffic {
        /// Bytes in both directions.
        bytes: u64,
        /// When last, if told.
        at: Option<TimeReading>,
    },
    /// When its account acquired it, which may be long before it was installed here (iOS).
    Acquired(TimeReading),
    /// Which account acquired it (iOS).
    AcquiredBy(String),
    /// What iOS let it do.
    Privacy(Privacy),
    /// What iOS lets it know of the location.
    Location(LocationLeave),
    /// It is mentioned, but nothing says that it is installed now.
    Mentioned,
}

/// Where an app comes from, as the system tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AppOrigin {
    /// It came with the device.
    Factory,
    /// It came with the device and was updated since.
    FactoryUpdated,
    /// Somebody installed it.
    Added,
    /// The artefact does not tell.
    Untold,
}

/// A fingerprint of a certificate or of bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint {
    /// What sort.
    pub kind: FingerprintKind,
    /// In small hexadecimal digits, without colons.
    pub hex: String,
}

impl Fingerprint {
    /// From hexadecimal digits of any spelling, with or without colons; none if it is none of the three
    /// sorts.
    pub fn parse(text: &str) -> Option<Self> {
        let hex: String = text.chars().filter(|c| !matches!(c, ':' | ' ')).collect::<String>().to_lowercase();
        let kind = match hex.len() {
            32 => FingerprintKind::Md5,
            40 => FingerprintKind::Sha1,
            64 => FingerprintKind::Sha256,
            _ => return None,
        };
        hex.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(Self { kind, hex })
    }
}

/// What sort of fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FingerprintKind {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}

/// Whether a permission was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grant {
    /// It asks for it; whether it was given is not told.
    Asked,
    /// It was given.
    Given,
    /// It was refused or taken back.
    Refused,
}

/// How far a service of an app is switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ServiceState {
    /// It is there, and off or not told to be on.
    Installed,
    /// It is switched on.
    Enabled,
    /// It is on and running.
    Bound,
}

/// An app used something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Use {
    /// What.
    pub kind: UseKind,
    /// The system's own name for it.
    pub name: String,
    /// When last, if told.
    pub at: Option<TimeReading>,
    /// Whether it happened while the app was not in front, if told.
    pub background: Option<bool>,
}

/// What was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum UseKind {
    /// The location.
    Location,
    /// The microphone.
    Microphone,
    /// The camera.
    Camera,
    /// The screen's content.
    Screen,
    /// Contacts, calendar, call list.
    Contacts,
    /// Text messages.
    Messages,
    /// Calls.
    Calls,
    /// Installing other apps.
    Install,
    /// Anything else.
    Other,
}

/// What iOS let an app do (TCC).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Privacy {
    /// The system's name of the service: `kTCCServiceMicrophone`.
    pub service: String,
    /// Whether it was given.
    pub grant: Grant,
    /// When that was last set.
    pub at: Option<TimeReading>,
}

/// What iOS lets an app know of the location.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocationLeave {
    /// The system's own value, in words: `always`, `when-in-use`, `never`, `not-asked`, or the number.
    pub leave: String,
    /// When it last used it.
    pub used: Option<TimeReading>,
}
