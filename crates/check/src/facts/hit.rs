//! Something in the evidence stands on a list of indicators.

use model::record::TimeReading;
use serde::{Deserialize, Serialize};

/// A match with a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// Which sort of thing matched.
    pub kind: HitKind,
    /// What stands in the evidence.
    pub value: String,
    /// What stands on the list.
    pub indicator: String,
    /// Whom it is known to belong to.
    pub known: Known,
    /// The app it was seen at, if it was seen at one.
    pub app: Option<String>,
    /// How it came to the evidence: a page that was opened, a link in a message, a connection. Of an app:
    /// none if an artefact tells of it as of an app, `Process` if it ran, `Connection` if it connected,
    /// `Path`
    /// if it has a folder, and `AppMention`, `Link` or `Visit` if nothing says that it is or was there.
    pub trace: Option<crate::TraceKind>,
    /// When, if told.
    pub at: Option<TimeReading>,
}

/// Which sort of thing matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HitKind {
    /// The identifier of an app.
    App,
    /// Who signed an app.
    Signer,
    /// The bytes of a file.
    FileHash,
    /// The name or path of a file.
    FileName,
    /// A process.
    Process,
    /// A server that takes what such a program sends.
    CommandServer,
    /// The vendor's website: somebody may have read about it, bought it, or warned of it.
    Website,
    /// Where such a program is downloaded from.
    Distributor,
    /// A domain or address that its list gives no part for.
    Domain,
    /// A configuration profile.
    Profile,
    /// A property of the system.
    Property,
    /// A mail address.
    Mail,
}

/// Whom an indicator is known to belong to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Known {
    /// The family's name.
    pub family: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// What sort of program it is.
    pub kind: Kind,
    /// The list that says so.
    pub list: String,
}

/// What sort of program a family is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Made to watch somebody who does not know.
    Stalkerware,
    /// Family, tracking and control apps: openly sold, and used against people too.
    Watchware,
    /// Spying programs of states and their suppliers.
    Spyware,
    /// Tools of police and examiners: traces of an examination.
    Forensic,
    /// The list does not say.
    Untold,
}
