//! Indicators: what open lists know of stalkerware, watchware and spyware.
//!
//! Built in are the facts of the lists under `rules/indicators/`, in our own compact form; a person can add
//! STIX 2.1 and Echap YAML files. Every look-up costs the same however many there are. [`Matching`] stands
//! between the checks and whoever takes their facts, and adds a [`crate::Hit`] for what is known. It
//! deliberately gives no verdict: a vendor's website, a command server and an app stay three things.

mod added;
mod built_in;
mod compact;
mod echap;
mod list;
mod lookup;
mod matching;
mod normal;
mod stix;
mod stix_pattern;
mod table;

pub use added::{Added, add};
pub use built_in::{Source, built_in, sources};
pub use compact::{Header, header, write};
pub use echap::echap;
pub use list::{Family, Indicator, IndicatorKind, List, ListLimits, Trouble};
pub use lookup::Way;
pub use matching::Matching;
pub use stix::stix;
pub use table::{Indicators, Match};
