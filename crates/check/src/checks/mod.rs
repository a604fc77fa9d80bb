//! Every check, one file each, named in one list.
//!
//! To add one: write `checks/<platform>_<artefact>.rs` with a unit struct that implements [`Check`], name it
//! below, and put test data beside it. Helpers that several share stand beside this folder.

mod browser_addresses;
mod capture_pcap;
mod ios_safari;
mod ios_sms;
mod ios_webkit;
mod message_databases;
mod message_links;

use crate::Check;

/// Every check.
pub static CHECKS: &[&dyn Check] = &[
    &capture_pcap::CapturePcap,
    &ios_sms::IosSms,
    &message_databases::MessageDatabases,
    &message_links::MessageLinks,
    &ios_safari::IosSafari,
    &browser_addresses::BrowserAddresses,
    &ios_webkit::IosWebkit,
];
