//! What a device keeps beside messages: places, programs, pages, facts of pictures, files.

use serde::{Deserialize, Serialize};

use super::{Extra, MediaKind, Point, TimeReading};
use crate::Digest;

/// Where a device was, or said it was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LocationFix {
    /// The program or system part that noted it.
    pub app: String,
    /// When.
    pub at: Option<TimeReading>,
    /// Where.
    pub point: Option<Point>,
    /// How exact, in metres, as the source says.
    pub accuracy_metres: Option<f64>,
    /// A name for it: an address, a wireless network.
    pub name: Option<String>,
    /// What the source says beyond this.
    pub extra: Extra,
}

/// A program on a device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AppFact {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// When it was installed.
    pub installed: Option<TimeReading>,
    /// What the source says beyond this.
    pub extra: Extra,
}

/// A page that was opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WebVisit {
    /// The browser.
    pub app: String,
    /// The address.
    pub url: String,
    /// The page's title.
    pub title: Option<String>,
    /// When.
    pub at: Option<TimeReading>,
    /// What the source says beyond this.
    pub extra: Extra,
}

/// What a picture, video or sound file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MediaFact {
    /// What sort.
    pub kind: MediaKind,
    /// Its media type, from its content.
    pub media_type: String,
    /// When it was made, by the clock of what made it.
    pub taken: Option<TimeReading>,
    /// Where.
    pub point: Option<Point>,
    /// Maker and model of what made it.
    pub device: Option<String>,
    /// Width and height in pixels.
    pub pixels: Option<(u32, u32)>,
    /// How long it plays, in milliseconds.
    pub duration_ms: Option<u64>,
    /// What the source says beyond this.
    pub extra: Extra,
}

/// Anything else with a time or a name of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The service or system part.
    pub app: String,
    /// What sort, in one stable word: `wifi`, `login`, `session`, `sticker`.
    pub kind: String,
    /// When.
    pub at: Option<TimeReading>,
    /// What it says, in the source's words.
    pub text: Option<String>,
    /// What the source says beyond this.
    pub extra: Extra,
}

/// A file that no reader understands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileFact {
    /// Bytes.
    pub size_bytes: u64,
    /// SHA-256 of its content; none if it could not be read.
    pub sha256: Option<Digest>,
    /// What its first bytes look like, as a media type; `application/octet-stream` if like nothing known.
    pub media_type: String,
    /// When it was last modified, as the tree says.
    pub modified: Option<TimeReading>,
    /// What the tree says beyond this.
    pub extra: Extra,
}
