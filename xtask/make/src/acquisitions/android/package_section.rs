//! `DUMP OF SERVICE package`: the tables of who hears what, and every package with its permissions.

use super::device::Installed;
use crate::acquisitions::planted::Service;
use crate::acquisitions::text::{Text, moment, say, written};
use crate::acquisitions::{Planted, Random};

/// How a line of the tables looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolvers {
    /// `com.x/.Receiver (2 filters)`: the whole device, as bug reports have it.
    Counted,
    /// `com.x/.Receiver filter c92c216` and the filter's parts below: since Android 10, for one package.
    Each,
}

const MAIN: &str = "android.intent.action.MAIN";
const ADMIN: &str = "android.app.action.DEVICE_ADMIN_ENABLED";
const ACCESSIBILITY: &str = "android.accessibilityservice.AccessibilityService";
const LISTENER: &str = "android.service.notification.NotificationListenerService";
const BOOT: &str = "android.intent.action.BOOT_COMPLETED";
const MESSAGES: &str = "android.provider.Telephony.SMS_RECEIVED";
const CALLS: &str = "android.intent.action.PHONE_STATE";

/// A row of a table: action, component, permission that is needed to call it.
type Row = (&'static str, String, Option<&'static str>);

/// Writes the section.
pub(super) fn section(
    text: &mut Text,
    apps: &[Installed],
    planted: &Planted,
    resolvers: Resolvers,
    random: &mut Random,
) {
    text.add("DUMP OF SERVICE package:\n");
    text.add("Database versions:\n  Internal:\n    sdkVersion=34 databaseVersion=3\n\n");
    let (activities, receivers, services) = rows(apps);
    table(text, "Activity", &activities, resolvers, random);
    table(text, "Receiver", &receivers, resolvers, random);
    table(text, "Service", &services, resolvers, random);
    text.add("Key Set Manager:\n");
    for app in apps {
        say!(text, "  [{}]\n      Signing KeySets: {}", app.id, 1 + random.below(40));
    }
    text.add("\nPackages:\n");
    for app in apps {
        package(text, app, random);
    }
    text.add("\nShared users:\n  SharedUser [android.uid.system] (abc1234):\n    appId=1000\n");
    say!(text, "\nPackage Changes:\n  Sequence number={}", 5 + planted.apps.len());
    text.add("\n");
}

fn rows(apps: &[Installed]) -> (Vec<Row>, Vec<Row>, Vec<Row>) {
    let (mut activities, mut receivers, mut services) = (Vec::new(), Vec::new(), Vec::new());
    for app in apps {
        let component = |class: &str| format!("{}/.{class}", app.id);
        let Some(planted) = &app.planted else {
            activities.push((MAIN, component("MainActivity"), None));
            if app.uid % 5 == 0 {
                receivers.push((BOOT, component("BootReceiver"), None));
            }
            services.push(("com.google.firebase.MESSAGING_EVENT", component("Messaging"), None));
            continue;
        };
        for service in &planted.services {
            match service {
                Service::Accessibility(class) => services.push((
                    ACCESSIBILITY,
                    component(class),
                    Some("android.permission.BIND_ACCESSIBILITY_SERVICE"),
                )),
                Service::Listener(class) => services.push((
                    LISTENER,
                    component(class),
                    Some("android.permission.BIND_NOTIFICATION_LISTENER_SERVICE"),
                )),
                Service::Admin(class) => {
                    receivers.push((ADMIN, component(class), Some("android.permission.BIND_DEVICE_ADMIN")));
                }
                Service::MessageReceiver(class) => receivers.push((MESSAGES, component(class), None)),
                Service::CallReceiver(class) => receivers.push((CALLS, component(class), None)),
                Service::BootReceiver(class) => receivers.push((BOOT, component(class), None)),
            }
        }
    }
    (activities, receivers, services)
}

fn table(text: &mut Text, name: &str, rows: &[Row], resolvers: Resolvers, random: &mut Random) {
    say!(text, "{name} Resolver Table:\n  Non-Data Actions:");
    let mut actions: Vec<&str> = rows.iter().map(|(action, ..)| *action).collect();
    actions.sort_unstable();
    actions.dedup();
    for action in actions {
        say!(text, "      {action}:");
        for (_, component, permission) in rows.iter().filter(|(of, ..)| *of == action) {
            let (row, filter) = (random.below(1 << 28), random.below(1 << 28));
            match resolvers {
                Resolvers::Counted if row % 3 == 0 => say!(
                    text,
                    "        {row:x} {component} (2 \
                 filters)"
                ),
                Resolvers::Counted => say!(text, "        {row:x} {component}"),
                Resolvers::Each => {
                    let needs = permission.map(|name| format!(" permission {name}")).unwrap_or_default();
                    say!(text, "        {row:x} {component} filter {filter:x}{needs}");
                    say!(text, "          Action: \"{action}\"");
                    if action == MAIN {
                        text.add("          Category: \"android.intent.category.LAUNCHER\"\n");
                    }
                }
            }
        }
    }
    text.add("\n");
}

/// Permissions that a person is asked for.
const ASKED: &[&str] =
    &["LOCATION", "CAMERA", "RECORD_AUDIO", "SMS", "CALL_LOG", "CONTACTS", "PHONE_STATE", "NOTIFICATIONS"];

fn package(text: &mut Text, app: &Installed, random: &mut Random) {
    let id = &app.id;
    let (first, last) = (written(moment(random)), written(moment(random)));
    let version = 1 + random.below(900);
    let flags = if app.is_system { "SYSTEM HAS_CODE" } else { "HAS_CODE ALLOW_CLEAR_USER_DATA" };
    say!(text, "  Package [{id}] ({:07x}):", random.below(1 << 28));
    say!(text, "    appId={}", app.uid);
    say!(text, "    pkg=Package{{{:07x} {id}}}", random.below(1 << 28));
    say!(text, "    codePath={0}\n    resourcePath={0}", app.code_path());
    say!(text, "    legacyNativeLibraryDir={}/lib", app.code_path());
    text.add("    extractNativeLibs=false\n    primaryCpuAbi=arm64-v8a\n    secondaryCpuAbi=null\n");
    say!(
        text,
        "    versionCode={version} minSdk=24 targetSdk=33\n    versionName={}.{}",
        version / 10,
        version % 10
    );
    say!(text, "    splits=[base]\n    apkSigningVersion=3\n    flags=[ {flags} ]");
    text.add("    privateFlags=[ PRIVATE_FLAG_ACTIVITIES_RESIZE_MODE_RESIZEABLE_VIA_SDK_VERSION ]\n");
    text.add("    forceQueryable=false\n    queriesPackages=[]\n");
    say!(text, "    dataDir=/data/user/0/{id}\n    supportsScreens=[small, medium, large, xlarge]");
    say!(text, "    timeStamp={last}\n    lastUpdateTime={last}");
    if let Some(installer) = &app.installer {
        say!(text, "    installerPackageName={installer}\n    installerPackageUid=10020");
        say!(text, "    initiatingPackageName={installer}");
    }
    let short = app.signer_sha1.get(..8).unwrap_or_default().to_lowercase();
    say!(
        text,
        "    signatures=PackageSignatures{{{short} version:3, signatures:[{short}], past signatures:[]}}"
    );
    say!(text, "    installPermissionsFixed=true\n    pkgFlags=[ {flags} ]\n    requested permissions:");
    for permission in &app.permissions {
        say!(text, "      {permission}");
    }
    let is_asked = |name: &&String| ASKED.iter().any(|part| name.contains(part));
    text.add("    install permissions:\n");
    for permission in app.permissions.iter().filter(|name| !is_asked(name)) {
        say!(text, "      {permission}: granted=true");
    }
    say!(
        text,
        "    User 0: ceDataInode={} installed=true hidden=false suspended=false distractionFlags=0 \
         stopped=false \
         notLaunched=false enabled=0 instant=false virtual=false",
        random.below(1_000_000)
    );
    say!(
        text,
        "      installReason={}\n      firstInstallTime={first}",
        if app.installer.is_some() { 4 } else { 0 }
    );
    text.add("      uninstallReason=0\n      gids=[3003]\n      runtime permissions:\n");
    for permission in app.permissions.iter().filter(is_asked) {
        let granted = app.planted.is_some() || random.below(2) == 0;
        say!(
            text,
            "        {permission}: granted={granted}, flags=[ USER_SET|USER_SENSITIVE_WHEN_GRANTED|\
             USER_SENSITIVE_WHEN_DENIED]"
        );
    }
}
