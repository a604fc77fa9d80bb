//! The other services of `dumpsys` that tell something about watching: one function each, in the forms of
//! Android 14.

use super::device::Installed;
use crate::acquisitions::planted::Service;
use crate::acquisitions::text::{ACQUIRED_UNIX, Text, moment, say, written};
use crate::acquisitions::{Planted, Random};

/// Writes one section; all of them are in [`ALL`].
type Section = fn(&mut Text, &[Installed], &Planted, &mut Random);

/// The sections by the name of their service, in the order of a bug report.
pub(super) const ALL: &[(&str, Section)] = &[
    ("accessibility", accessibility),
    ("account", account),
    ("adb", adb),
    ("appops", appops),
    ("batterystats", batterystats),
    ("connectivity", connectivity),
    ("dbinfo", dbinfo),
    ("device_policy", device_policy),
    ("deviceidle", deviceidle),
    ("notification", notification),
    ("platform_compat", platform_compat),
    ("usagestats", usagestats),
    ("user", user),
];

/// Components of planted apps that pass.
fn components(apps: &[Installed], pick: fn(&Service) -> Option<&String>) -> Vec<(String, &Installed)> {
    let of = |app| move |class: &String| (format!("{0}/{0}.{class}", of_id(app)), app);
    let planted = apps.iter().filter_map(|app| Some((app, app.planted.as_ref()?)));
    planted.flat_map(|(app, planted)| planted.services.iter().filter_map(pick).map(of(app))).collect()
}

fn of_id(app: &Installed) -> &str {
    &app.id
}

fn is_accessibility(service: &Service) -> Option<&String> {
    if let Service::Accessibility(class) = service { Some(class) } else { None }
}

fn is_listener(service: &Service) -> Option<&String> {
    if let Service::Listener(class) = service { Some(class) } else { None }
}

fn is_admin(service: &Service) -> Option<&String> {
    if let Service::Admin(class) = service { Some(class) } else { None }
}

fn accessibility(text: &mut Text, apps: &[Installed], _: &Planted, _: &mut Random) {
    let services = components(apps, is_accessibility);
    text.add("ACCESSIBILITY MANAGER (dumpsys accessibility)\n\ncurrentUserId=0\nUser state[\n");
    say!(
        text,
        "     attributes:{{id=0, touchExplorationEnabled=false, serviceHandlesDoubleTap=false, \
         displayMagnificationEnabled=false, nonInteractiveUiTimeout=0, interactiveUiTimeout=0, \
         installedServiceCount={}}}",
        services.len()
    );
    text.add("     shortcut key:{}\n     button:{}\n     button target:{null}\n");
    let bound = services.iter().map(|(_, app)| {
        let label = app.planted.as_ref().map_or("", |planted| planted.label.as_str());
        format!(
            "Service[label={label}, feedbackType[FEEDBACK_GENERIC], capabilities=1, \
         eventTypes=TYPES_ALL_MASK]"
        )
    });
    say!(text, "     Bound services:{{{}}}", bound.collect::<Vec<_>>().join(", "));
    let enabled = services.iter().map(|(name, _)| format!("{{{name}}}"));
    say!(text, "     Enabled services:{{{}}}", enabled.collect::<Vec<_>>().join(", "));
    text.add("     Binding services:{}\n     Crashed services:{}]\n");
}

fn account(text: &mut Text, _: &[Installed], _: &Planted, _: &mut Random) {
    text.add("User UserInfo{0:Besitzerin:4c13}:\n  Accounts: 2\n");
    text.add("    Account {name=erfunden@example.com, type=com.google}\n");
    text.add("    Account {name=WhatsApp, type=com.whatsapp}\n\n");
    say!(text, "  AccountId, Action_Type, timestamp, UID, TableName, Key\n  Accounts History");
    say!(text, "  1,action_account_add,{},10020,accounts,1", written(ACQUIRED_UNIX - 9_000_000));
    text.add("\n  Active Sessions: 0\n");
}

fn adb(text: &mut Text, _: &[Installed], _: &Planted, random: &mut Random) {
    // The same 524 bytes of a key, in base64: letters only, so that it is valid whatever they mean.
    let key: String =
        (0..700).map(|_| char::from(b'A' + u8::try_from(random.below(26)).unwrap_or(0))).collect();
    text.add("ADB MANAGER STATE (dumpsys adb):\n{\n  debugging_manager={\n    connected_to_adb=true\n");
    say!(text, "    user_keys={key} erfunden@rechner\n\n    system_keys=/adb_keys\n  }}\n}}");
}

fn appops(text: &mut Text, apps: &[Installed], _: &Planted, random: &mut Random) {
    text.add("Current AppOps Service state:\n  Settings:\n    top_state_settle_time=+5s0ms\n");
    text.add("    fg_service_state_settle_time=+5s0ms\n    bg_state_settle_time=+1s0ms\n\n");
    for app in apps {
        let is_planted = app.planted.is_some();
        say!(text, "  Uid {}:\n    state={}", app.user(), if is_planted { "fgsvc" } else { "cch" });
        text.add("    capability=LCMN\n    appWidgetVisible=false\n");
        say!(text, "    Package {}:", app.id);
        let watched: &[&str] = if is_planted {
            &["FINE_LOCATION", "RECORD_AUDIO", "CAMERA", "READ_SMS", "GET_USAGE_STATS"]
        } else {
            &["VIBRATE", "WAKE_LOCK", "POST_NOTIFICATION", "READ_EXTERNAL_STORAGE"]
        };
        for name in watched {
            say!(text, "      {name} (allow):\n        null=[");
            let state = if is_planted { "bgsvc-s" } else { "top-s" };
            for _ in 0..=random.below(3) {
                let at = moment(random);
                let days = (ACQUIRED_UNIX - at) / 86_400;
                say!(
                    text,
                    "          Access: [{state}] {}.{:03} (-{days}d3h)",
                    written(at),
                    random.below(1000)
                );
            }
            text.add("        ]\n");
        }
    }
}

fn batterystats(text: &mut Text, apps: &[Installed], _: &Planted, random: &mut Random) {
    text.add("Battery History [Format: 2] (4% used, 170KB used of 4096KB, 15 strings using 1KB):\n");
    text.add("                    0 (15) RESET:TIME: 2026-11-19-07-00-00\n");
    for (number, app) in apps.iter().enumerate() {
        let class = random.word(&["SyncJob", "UpdateJob", "Upload"]);
        say!(
            text,
            "          +{}m{:02}s034ms (2) 087 +job={}:\"{}/.{class}\"",
            number + 1,
            number % 60,
            app.user(),
            app.id
        );
    }
    text.add("\nPer-PID Stats:\n\nDaily stats:\n  Current start time: 2026-11-20-03-00-10\n");
    text.add("  Next min deadline: 2026-11-21-01-00-00\n");
    for day in 1..20_u64 {
        say!(
            text,
            "  Daily from 2026-11-{:02}-03-00-10 to 2026-11-{:02}-03-00-10:\n    Package changes:",
            day,
            day + 1
        );
        for app in apps.iter().filter(|app| (app.uid + day).is_multiple_of(19)) {
            say!(text, "      Update {} vers={}", app.id, 100 + day);
        }
    }
}

fn connectivity(text: &mut Text, _: &[Installed], _: &Planted, _: &mut Random) {
    text.add("NetworkProviders for:\n  ConnectivityService\n\nActive default network: 101\n\n");
    text.add(
        "Current Networks:\n  NetworkAgentInfo{network{101}  handle{437943119885}  ni{WIFI \
     CONNECTED extra: }",
    );
    text.add(" created=2026-11-20T08:00:00.000Z Score(Policies : IS_VALIDATED ; KeepConnected : 0) }\n");
    text.add("\nCurrent per-app network preferences:\n");
}

fn dbinfo(text: &mut Text, apps: &[Installed], _: &Planted, random: &mut Random) {
    text.add("Applications Database Info:\n\n");
    for app in apps.iter().filter(|app| app.uid % 6 == 0 || app.planted.is_some()) {
        let path = format!("/data/user/0/{}/databases/daten.db", app.id);
        say!(text, "** Database info for pid {} [{}] **\n", random.below(30_000), app.id);
        say!(text, "Connection pool for {path}:\n  Open: true\n  Max connections: 4\n  Connection #0:");
        text.add("    isPrimaryConnection: true\n    Most recently executed operations:\n");
        say!(
            text,
            "      0: [{}.123] [Pid:(4242)]executeForCursorWindow took 1ms - succeeded, \
             sql=\"SELECT * FROM t\", path={path}",
            written(moment(random))
        );
    }
}

fn device_policy(text: &mut Text, apps: &[Installed], _: &Planted, _: &mut Random) {
    text.add("Current Device Policy Manager state:\n  Immutable state:\n    mHasFeature=true\n");
    text.add("  Enabled Device Admins (User 0, provisioningState: 0):\n");
    for (name, app) in components(apps, is_admin) {
        say!(text, "    {name}:\n      uid={}\n      testOnlyAdmin=false", app.uid);
        text.add("      policies:\n        force-lock\n        wipe-data\n");
        text.add("      passwordQuality=0x0\n      minimumPasswordLength=0\n");
    }
    text.add("\n    mPasswordOwner=-1\n    mUserControlDisabledPackages=null\n");
}

fn deviceidle(text: &mut Text, apps: &[Installed], _: &Planted, _: &mut Random) {
    text.add(
        "  Settings:\n    light_after_inactive_to=+4m0s0ms\n  Whitelist (except idle) system \
     apps:\n",
    );
    text.add(
        "    com.android.providers.downloads\n  Whitelist system apps:\n    \
     com.google.android.gms\n",
    );
    text.add("  Whitelist user apps:\n");
    for app in apps.iter().filter(|app| app.planted.is_some()) {
        say!(text, "    {}", app.id);
    }
    text.add(
        "  Whitelist (except idle) all app ids:\n    10020\n  mLightEnabled=true  \
     mDeepEnabled=true\n",
    );
}

fn notification(text: &mut Text, apps: &[Installed], _: &Planted, random: &mut Random) {
    let listeners = components(apps, is_listener);
    text.add("Current Notification Manager state:\n  Notification List:\n");
    for app in apps.iter().step_by(5) {
        say!(
            text,
            "    NotificationRecord(0x{:07x}: pkg={} user=UserHandle{{0}} id=1 tag=null importance=3 \
             key=0|{}|1|null|{}: Notification(channel=c shortcut=null flags=0x10))",
            random.below(1 << 28),
            app.id,
            app.id,
            app.uid
        );
    }
    text.add("\n  Notification listeners:\n    Allowed notification listeners:\n");
    let names: Vec<&str> = listeners.iter().map(|(name, _)| name.as_str()).collect();
    say!(text, "      userId: 0 value: {}", names.join(":"));
    say!(text, "    All notification listeners ({}) enabled for current profiles:", listeners.len());
    for name in &names {
        say!(text, "      ComponentInfo{{{name}}}");
    }
    say!(text, "    Live notification listeners ({}):", listeners.len());
    for name in &names {
        say!(
            text,
            "      ComponentInfo{{{name}}} (user 0): \
             android.service.notification.INotificationListener$Stub$Proxy@1a2b3c"
        );
    }
    text.add("    Snoozed notification listeners (0):\n");
}

fn platform_compat(text: &mut Text, apps: &[Installed], _: &Planted, _: &mut Random) {
    for app in apps.iter().step_by(7) {
        say!(
            text,
            "ChangeId({}; name=ERFUNDEN_CHANGE; enableSinceTargetSdk=31; rawOverrides={{{}=true}}; \
             overridable)",
            100_000 + app.uid,
            app.id
        );
    }
}

fn usagestats(text: &mut Text, apps: &[Installed], _: &Planted, random: &mut Random) {
    text.add("user=0\n  Last 24 hour events (timeRange=\"11/19/2026, 09:00 – 11/20/2026, 09:00\")\n");
    for app in apps {
        for kind in ["ACTIVITY_RESUMED", "ACTIVITY_PAUSED", "STANDBY_BUCKET_CHANGED"] {
            let at = written(ACQUIRED_UNIX - i64::try_from(random.below(86_000)).unwrap_or(0));
            say!(text, "    time=\"{at}\" type={kind} package={} flags=0x0", app.id);
        }
    }
    text.add("  In-memory daily stats\n    timeRange=\"11/20/2026, 00:00 – 09:00\"\n    packages\n");
    for app in apps {
        say!(
            text,
            "      package={} totalTimeUsed=\"01:02\" lastTimeUsed=\"{}\"",
            app.id,
            written(moment(random))
        );
    }
}

fn user(text: &mut Text, _: &[Installed], _: &Planted, _: &mut Random) {
    text.add("Current user: 0\nUsers:\n  UserInfo{0:Besitzerin:4c13} serialNo=0 isPrimary=true\n");
    text.add(
        "    Type: android.os.usertype.full.SYSTEM\n    Flags: 19475 \
     (ADMIN|FULL|INITIALIZED|MAIN|PRIMARY|SYSTEM)\n",
    );
    text.add("    State: RUNNING_UNLOCKED\n    Created: <unknown>\n    Last logged in: +1h2m3s ago\n");
}
