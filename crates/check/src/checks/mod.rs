//! Every check, one file each, named in one list.
//!
//! To add one: write `checks/<platform>_<artefact>.rs` with a unit struct that implements [`Check`], name it
//! below, and put test data beside it. Helpers that several share stand beside this folder.

mod android_adb_keys;
mod android_anr;
mod android_apk;
mod android_dumpstate;
mod android_dumpsys;
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
mod browser_addresses;
mod capture_pcap;
mod ios_accounts;
mod ios_app_state;
mod ios_app_store;
mod ios_backup_files;
mod ios_backup_info;
mod ios_backup_manifest;
mod ios_bluetooth;
mod ios_calendar;
mod ios_cloud_backup;
mod ios_crashes;
mod ios_data_usage;
mod ios_family;
mod ios_find_my;
mod ios_id_status;
mod ios_installed_list;
mod ios_keyboards;
mod ios_keychain_circle;
mod ios_location_clients;
mod ios_lockdown_mode;
mod ios_log_archive;
mod ios_management;
mod ios_mobile_installation;
mod ios_mounts;
mod ios_notifications;
mod ios_powerlog;
mod ios_processes;
mod ios_profile_events;
mod ios_profile_list;
mod ios_profiles;
mod ios_provisioning;
mod ios_provisioning_database;
mod ios_proxy;
mod ios_restrictions;
mod ios_safari;
mod ios_screen_time;
mod ios_services;
mod ios_settings_events;
mod ios_shortcuts;
mod ios_shutdown_log;
mod ios_sms;
mod ios_sysdiagnose_device;
mod ios_sysdiagnose_ps;
mod ios_sysdiagnose_taskinfo;
mod ios_tcc;
mod ios_trust_store;
mod ios_trusted_computers;
mod ios_vpn;
mod ios_webkit;
mod message_databases;
mod message_links;

use crate::Check;

/// Every check.
pub static CHECKS: &[&dyn Check] = &[
    &android_adb_keys::AndroidAdbKeys,
    &android_anr::AndroidAnr,
    &android_apk::AndroidApk,
    &android_dumpstate::AndroidDumpstate,
    &android_dumpsys::AndroidDumpsys,
    &android_getprop::AndroidGetprop,
    &android_intrusion_log::AndroidIntrusionLog,
    &android_mounts::AndroidMounts,
    &android_settings::AndroidSettings,
    &android_tombstone::AndroidTombstone,
    &androidqf_acquisition::AndroidqfAcquisition,
    &androidqf_files::AndroidqfFiles,
    &androidqf_packages::AndroidqfPackages,
    &androidqf_processes::AndroidqfProcesses,
    &androidqf_root_binaries::AndroidqfRootBinaries,
    &androidqf_system::AndroidqfSystem,
    &browser_addresses::BrowserAddresses,
    &capture_pcap::CapturePcap,
    &ios_accounts::IosAccounts,
    &ios_app_state::IosAppState,
    &ios_app_store::IosAppStore,
    &ios_backup_files::IosBackupFiles,
    &ios_backup_info::IosBackupInfo,
    &ios_backup_manifest::IosBackupManifest,
    &ios_bluetooth::IosBluetooth,
    &ios_calendar::IosCalendar,
    &ios_cloud_backup::IosCloudBackup,
    &ios_crashes::IosCrashes,
    &ios_data_usage::IosDataUsage,
    &ios_family::IosFamily,
    &ios_find_my::IosFindMy,
    &ios_id_status::IosIdStatus,
    &ios_installed_list::IosInstalledList,
    &ios_keyboards::IosKeyboards,
    &ios_keychain_circle::IosKeychainCircle,
    &ios_location_clients::IosLocationClients,
    &ios_lockdown_mode::IosLockdownMode,
    &ios_log_archive::IosLogArchive,
    &ios_management::IosManagement,
    &ios_mobile_installation::IosMobileInstallation,
    &ios_mounts::IosMounts,
    &ios_notifications::IosNotifications,
    &ios_powerlog::IosPowerlog,
    &ios_processes::IosProcesses,
    &ios_profile_events::IosProfileEvents,
    &ios_profile_list::IosProfileList,
    &ios_profiles::IosProfiles,
    &ios_provisioning::IosProvisioning,
    &ios_provisioning_database::IosProvisioningDatabase,
    &ios_proxy::IosProxy,
    &ios_restrictions::IosRestrictions,
    &ios_safari::IosSafari,
    &ios_screen_time::IosScreenTime,
    &ios_services::IosServices,
    &ios_settings_events::IosSettingsEvents,
    &ios_shortcuts::IosShortcuts,
    &ios_shutdown_log::IosShutdownLog,
    &ios_sms::IosSms,
    &ios_sysdiagnose_device::IosSysdiagnoseDevice,
    &ios_sysdiagnose_ps::IosSysdiagnosePs,
    &ios_sysdiagnose_taskinfo::IosSysdiagnoseTaskinfo,
    &ios_tcc::IosTcc,
    &ios_trust_store::IosTrustStore,
    &ios_trusted_computers::IosTrustedComputers,
    &ios_vpn::IosVpn,
    &ios_webkit::IosWebkit,
    &message_databases::MessageDatabases,
    &message_links::MessageLinks,
];
