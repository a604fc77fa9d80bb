//! Facts: what artefacts say about a device, each with the place it was read from. No judgement in them.
//!
//! Every text comes from the evidence and may hold anything; it is shown as text only.

mod app;
mod device;
mod hit;
mod profile;

pub use app::{
    AppFact, AppOrigin, AppSays, Fingerprint, FingerprintKind, Grant, LocationLeave, Privacy, ServiceState,
    Use, UseKind,
};
pub use device::{
    Account, Certificate, Connection, Crash, DeviceFact, LinkedDevice, Looked, Process, Setting, Sign, Trust,
    User, UserKind, Vpn, Wholly,
};
pub use hit::{Hit, HitKind, Kind, Known};
pub use profile::{Payload, PayloadKind, Profile};

use model::record::{FileNumber, Place};
use serde::{Deserialize, Serialize};

/// Where something was seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Seen {
    /// The file.
    pub file: FileNumber,
    /// Where in it.
    pub place: Place,
}

/// One fact about a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Where it was read.
    pub seen: Seen,
    /// What it says.
    pub says: Says,
}

macro_rules! says {
    ($($(#[$doc:meta])* $Name:ident($Type:ty),)*) => {
        /// What a fact says.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Says { $($(#[$doc])* $Name($Type),)* }

        $(impl From<$Type> for Says {
            fn from(value: $Type) -> Self {
                Self::$Name(value)
            }
        })*
    };
}

says! {
    /// A question was looked into here.
    Looked(Looked),
    /// What device this is.
    Device(DeviceFact),
    /// Something about an app.
    App(AppFact),
    /// A setting or property of the system.
    Setting(Setting),
    /// A user or work profile of the device.
    User(User),
    /// An account on the device.
    Account(Account),
    /// A VPN that is set up.
    Vpn(Vpn),
    /// A certificate that the device trusts although it came later.
    Certificate(Certificate),
    /// A configuration profile.
    Profile(Profile),
    /// A process that was running.
    Process(Process),
    /// A crash.
    Crash(Crash),
    /// A computer that this device trusts.
    Trust(Trust),
    /// Another device or session that is linked, or a member of a family group.
    Linked(LinkedDevice),
    /// A connection to the outside that is no known one but worth keeping: only where few are expected.
    Connection(Connection),
    /// A sign that a check saw and that stands for itself, by its name in the rules.
    Sign(Sign),
    /// Something that is on a list of indicators.
    Hit(Hit),
}
