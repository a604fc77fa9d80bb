//! Every check, one file each, named in one list.
//!
//! To add one: write `checks/<platform>_<artefact>.rs` with a unit struct that implements [`Check`], name it
//! below, and put test data beside it. Helpers that several share stand beside this folder.

mod android_dumpstate;
mod android_dumpsys;
mod browser_addresses;
mod capture_pcap;
mod ios_accounts;
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
mod ios_keychain_circle;
mod ios_location_clients;
mod ios_lockdown_mode;
mod ios_log_archive;
mod ios_management;
mod ios_mobile_installation;
mod ios_notifications;
mod ios_powerlog;
mod ios_processes;
mod ios_profile_events;
mod ios_profile_list;
mod ios_profiles;
mod ios_provisioning;
mod ios_restrictions;
mod ios_safari;
mod ios_screen_time;
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
    &android_dumpstate::AndroidDumpstate,
    &android_dumpsys::AndroidDumpsys,
    &browser_addresses::BrowserAddresses,
    &capture_pcap::CapturePcap,
    &ios_accounts::IosAccounts,
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
    &ios_keychain_circle::IosKeychainCircle,
    &ios_location_clients::IosLocationClients,
    &ios_lockdown_mode::IosLockdownMode,
    &ios_log_archive::IosLogArchive,
    &ios_management::IosManagement,
    &ios_mobile_installation::IosMobileInstallation,
    &ios_notifications::IosNotifications,
    &ios_powerlog::IosPowerlog,
    &ios_processes::IosProcesses,
    &ios_profile_events::IosProfileEvents,
    &ios_profile_list::IosProfileList,
    &ios_profiles::IosProfiles,
    &ios_provisioning::IosProvisioning,
    &ios_restrictions::IosRestrictions,
    &ios_safari::IosSafari,
    &ios_screen_time::IosScreenTime,
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
