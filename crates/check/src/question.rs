//! What is asked of a device: every question gets one of three answers, found, not found, could not be
//! checked.
//!
//! The texts of each question (what it is about, what an empty answer does not mean, how else one can look)
//! stand in `rules/check/questions.toml`; a test holds both against each other.

use serde::{Deserialize, Serialize};

macro_rules! questions {
    ($($(#[$doc:meta])* $Name:ident = $word:literal,)*) => {
        /// A question to a device.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Question { $($(#[$doc])* $Name,)* }

        impl Question {
            /// All of them, in the order in which they are answered.
            pub const ALL: &[Self] = &[$(Self::$Name,)*];

            /// The word in rules, tables and JSON; stable.
            pub fn word(self) -> &'static str {
                match self { $(Self::$Name => $word,)* }
            }
        }
    };
}

questions! {
    /// Which apps are there: names, identifiers, where they came from.
    Apps = "apps",
    /// Who signed the apps, and what bytes they are.
    AppSignatures = "app-signatures",
    /// Apps that were there and are gone, or were put back to an older version.
    RemovedApps = "removed-apps",
    /// Apps without an icon, or with a borrowed name.
    HiddenApps = "hidden-apps",
    /// Apps that may come from anywhere: who may install them, whether the system's own check is on.
    AppSources = "app-sources",
    /// Services that may read and press what is on the screen.
    Accessibility = "accessibility",
    /// Device administrators, owners, management profiles.
    DeviceAdmin = "device-admin",
    /// Apps that read all notifications.
    NotificationListeners = "notification-listeners",
    /// What apps may do, and what they were allowed.
    Permissions = "permissions",
    /// When location, microphone and camera were used, and by whom.
    SensorUse = "sensor-use",
    /// Apps that see which other apps are used.
    UsageAccess = "usage-access",
    /// Apps that the system never puts to sleep.
    BatteryExemption = "battery-exemption",
    /// Apps that hear of calls and text messages.
    CallAndSmsReceivers = "call-and-sms-receivers",
    /// Keyboards and screen overlays.
    InputAndOverlay = "input-and-overlay",
    /// VPN and proxy.
    Vpn = "vpn",
    /// Certificates that let others read encrypted traffic.
    RootCertificates = "root-certificates",
    /// Configuration profiles with all that is in them.
    Profiles = "profiles",
    /// Further users and work profiles.
    Users = "users",
    /// Accounts on the device.
    Accounts = "accounts",
    /// Family groups.
    Family = "family",
    /// Other devices and sessions that read along.
    LinkedDevices = "linked-devices",
    /// Location shared with others.
    LocationSharing = "location-sharing",
    /// Automations that send something.
    Shortcuts = "shortcuts",
    /// Computers this phone trusts.
    TrustedComputers = "trusted-computers",
    /// Root, jailbreak, changed system.
    SystemIntegrity = "system-integrity",
    /// How old the system is.
    SystemAge = "system-age",
    /// Processes, crashes, what held up a shutdown.
    Processes = "processes",
    /// Files known from the lists.
    Files = "files",
    /// Pages that were opened.
    Visits = "visits",
    /// Links in messages.
    MessageLinks = "message-links",
    /// Where the device connects to.
    Connections = "connections",
}
