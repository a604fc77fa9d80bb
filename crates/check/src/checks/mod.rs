//! Every check, one file each, named in one list.
//!
//! To add one: write `checks/<platform>_<artefact>.rs` with a unit struct that implements [`Check`], name it
//! below, and put test data beside it. Helpers that several share stand beside this folder.

mod ios_backup_files;
mod ios_backup_info;
mod ios_backup_manifest;
mod ios_management;
mod ios_profile_events;
mod ios_profile_list;
mod ios_profiles;

use crate::Check;

/// Every check.
pub static CHECKS: &[&dyn Check] = &[
    &ios_backup_files::IosBackupFiles,
    &ios_backup_info::IosBackupInfo,
    &ios_backup_manifest::IosBackupManifest,
    &ios_management::IosManagement,
    &ios_profile_events::IosProfileEvents,
    &ios_profile_list::IosProfileList,
    &ios_profiles::IosProfiles,
];
