//! Every check, one file each, named in one list.
//!
//! To add one: write `checks/<platform>_<artefact>.rs` with a unit struct that implements [`Check`], name it
//! below, and put test data beside it. Helpers that several share stand beside this folder.

mod android_adb_keys;
mod android_anr;
mod android_apk;
mod android_backup_messages;
mod android_getprop;
mod android_intrusion_log;
mod android_mounts;
mod android_settings;
mod android_tombstone;
mod androidqf_acquisition;
mod androidqf_files;
mod androidqf_packages;
mod androidqf_processes;
mod androidqf_root_binaries;
mod androidqf_system;

use crate::Check;

/// Every check.
pub static CHECKS: &[&dyn Check] = &[
    &androidqf_packages::AndroidqfPackages,
    &androidqf_processes::AndroidqfProcesses,
    &androidqf_files::AndroidqfFiles,
    &androidqf_root_binaries::AndroidqfRootBinaries,
    &androidqf_system::AndroidqfSystem,
    &androidqf_acquisition::AndroidqfAcquisition,
    &android_getprop::AndroidGetprop,
    &android_settings::AndroidSettings,
    &android_mounts::AndroidMounts,
    &android_adb_keys::AndroidAdbKeys,
    &android_tombstone::AndroidTombstone,
    &android_anr::AndroidAnr,
    &android_intrusion_log::AndroidIntrusionLog,
    &android_backup_messages::AndroidBackupMessages,
    &android_apk::AndroidApk,
];
