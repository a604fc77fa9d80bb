//! What an artefact says about the device as a whole.

use model::record::TimeReading;
use serde::{Deserialize, Serialize};

use crate::{Platform, Question};

/// A question was looked into: without this nothing is "not found".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// The question.
    pub question: Question,
    /// Whether all of the artefact could be read.
    pub wholly: Wholly,
    /// How many things were there to look at.
    pub entries: u64,
}

/// Whether all of something could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Wholly {
    /// A part was damaged, cut, or in an unknown form.
    No,
    /// Everything.
    Yes,
}

/// What device this is. Empty members are not told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceFact {
    /// Android or iOS.
    pub platform: Platform,
    /// Maker and model as the device writes them.
    pub model: Option<String>,
    /// The version of the system.
    pub system: Option<String>,
    /// The day of the last security update, as the system writes it.
    pub patched: Option<String>,
    /// The build.
    pub build: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// The name its owner gave it.
    pub name: Option<String>,
    /// When the acquisition was made, by the device's clock.
    pub acquired: Option<TimeReading>,
}

impl DeviceFact {
    /// Nothing told yet.
    pub fn new(platform: Platform) -> Self {
        let (model, system, patched, build) = (None, None, None, None);
        Self { platform, model, system, patched, build, serial: None, name: None, acquired: None }
    }
}

/// A setting or property of the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Where it belongs: `global`, `secure`, `system`, `property`, or the file's own word.
    pub space: String,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A user of the device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// What sort.
    pub kind: UserKind,
}

/// What sort of user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserKind {
    /// The first one, the owner.
    Owner,
    /// Another person.
    Second,
    /// A guest.
    Guest,
    /// A work profile.
    Work,
    /// A copy of apps made by the maker's own "dual apps" or a private space.
    Clone,
    /// Anything else.
    Other,
}

/// An account on the device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// The service, as the system names it: `com.google`, `com.apple.account.AppleAccount`.
    pub service: String,
    /// The account's name.
    pub name: String,
    /// Since when, if told.
    pub since: Option<TimeReading>,
}

/// A VPN that is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vpn {
    /// The app or the name of the configuration.
    pub name: String,
    /// Whether the system keeps it on by itself.
    pub always: Option<bool>,
    /// Where it leads, if told.
    pub server: Option<String>,
}

/// A certificate that the device trusts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// Whose it is, in its own words.
    pub subject: String,
    /// Its fingerprint, if told.
    pub fingerprint: Option<super::Fingerprint>,
    /// When it came, if told.
    pub since: Option<TimeReading>,
}

/// A process that was running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its name or path.
    pub name: String,
    /// Its user.
    pub user: String,
    /// Its number.
    pub number: u64,
}

/// A crash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Crash {
    /// The process.
    pub process: String,
    /// Its user, if told.
    pub user: Option<u64>,
    /// When.
    pub at: Option<TimeReading>,
}

/// A computer that this device trusts: an adb key, a pairing record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trust {
    /// Its name, as it gave it.
    pub name: String,
    /// Its key's fingerprint or its identifier.
    pub key: String,
    /// When it was last used.
    pub used: Option<TimeReading>,
}

/// Another device or session that is linked to the device or to an account on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkedDevice {
    /// The service: `whatsapp`, `icloud`, `family`, `bluetooth`.
    pub service: String,
    /// What it is called.
    pub name: String,
    /// Since when, if told.
    pub since: Option<TimeReading>,
    /// When it was last seen.
    pub used: Option<TimeReading>,
}

/// A connection to the outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// The name or address at the other end.
    pub to: String,
    /// The app, if told.
    pub app: Option<String>,
    /// When.
    pub at: Option<TimeReading>,
}

/// A sign that a check saw and that stands for itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sign {
    /// Its name in the rules (`rules/check/heuristics`), one of those in `signs.rs`.
    pub name: String,
    /// The app it is about, if it is about one.
    pub app: Option<String>,
    /// What exactly was seen: a path, an address, a value.
    pub what: String,
    /// When, if told.
    pub at: Option<TimeReading>,
}
