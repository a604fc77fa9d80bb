//! Every check, one file each, named in one list.
//!
//! To add one: write `checks/<platform>_<artefact>.rs` with a unit struct that implements [`Check`], name it
//! below, and put test data beside it. Helpers that several share stand beside this folder.

mod android_dumpstate;
mod android_dumpsys;
mod capture_pcap;

use crate::Check;

/// Every check.
pub static CHECKS: &[&dyn Check] = &[
    &android_dumpstate::AndroidDumpstate,
    &android_dumpsys::AndroidDumpsys,
    &capture_pcap::CapturePcap,
];
