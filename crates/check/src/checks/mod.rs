//! Every check, one file each, named in one list.
//!
//! To add one: write `checks/<platform>_<artefact>.rs` with a unit struct that implements [`Check`], name it
//! below, and put test data beside it. Helpers that several share stand beside this folder.

mod ios_app_store;
mod ios_backup_files;
mod ios_backup_info;
mod ios_backup_manifest;
mod ios_crashes;
mod ios_installed_list;
mod ios_keychain_circle;
mod ios_log_archive;
mod ios_management;
mod ios_mobile_installation;
mod ios_powerlog;
mod ios_profile_events;
mod ios_profile_list;
mod ios_profiles;
mod ios_provisioning;
mod ios_settings_events;
mod ios_shutdown_log;
mod ios_sysdiagnose_device;
mod ios_sysdiagnose_ps;
mod ios_sysdiagnose_taskinfo;

use crate::Check;

/// Every check.
pub static CHECKS: &[&dyn Check] = &[
    &ios_app_store::IosAppStore,
    &ios_backup_files::IosBackupFiles,
    &ios_backup_info::IosBackupInfo,
    &ios_backup_manifest::IosBackupManifest,
    &ios_crashes::IosCrashes,
    &ios_installed_list::IosInstalledList,
    &ios_keychain_circle::IosKeychainCircle,
    &ios_log_archive::IosLogArchive,
    &ios_management::IosManagement,
    &ios_mobile_installation::IosMobileInstallation,
    &ios_powerlog::IosPowerlog,
    &ios_profile_events::IosProfileEvents,
    &ios_profile_list::IosProfileList,
    &ios_profiles::IosProfiles,
    &ios_provisioning::IosProvisioning,
    &ios_settings_events::IosSettingsEvents,
    &ios_shutdown_log::IosShutdownLog,
    &ios_sysdiagnose_device::IosSysdiagnoseDevice,
    &ios_sysdiagnose_ps::IosSysdiagnosePs,
    &ios_sysdiagnose_taskinfo::IosSysdiagnoseTaskinfo,
];
