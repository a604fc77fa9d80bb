//! Configuration profiles of iOS, with everything that is in them.

use model::record::TimeReading;
use serde::{Deserialize, Serialize};

/// A configuration profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Its identifier.
    pub id: String,
    /// Its UUID.
    pub uuid: Option<String>,
    /// The name it shows.
    pub name: Option<String>,
    /// The organisation it names.
    pub organisation: Option<String>,
    /// When it was installed.
    pub installed: Option<TimeReading>,
    /// Whether it cannot be removed by hand, if told.
    pub locked: Option<bool>,
    /// What is in it.
    pub payloads: Vec<Payload>,
}

/// One thing that a profile sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// What sort.
    pub kind: PayloadKind,
    /// The type as the profile writes it.
    pub type_name: String,
    /// The name it shows.
    pub name: Option<String>,
    /// What it says beyond this, in the profile's own names and values: server, proxy, certificate, app.
    pub details: Vec<(String, String)>,
}

/// What sort of payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PayloadKind {
    /// Management of the whole device.
    Mdm,
    /// A certificate that the device will trust.
    RootCertificate,
    /// Another certificate or identity.
    Certificate,
    /// A VPN.
    Vpn,
    /// A proxy for all traffic.
    Proxy,
    /// A filter of web pages or of all traffic, or DNS of its own.
    Filter,
    /// Notifications of apps are hidden or shown.
    Notifications,
    /// Restrictions: what the owner may no longer do.
    Restrictions,
    /// Mail, calendar, contacts of an account.
    Account,
    /// Wi-Fi and mobile networks.
    Network,
    /// A shortcut on the home screen.
    WebClip,
    /// Anything else.
    Other,
}
