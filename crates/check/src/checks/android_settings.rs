//! Settings of an Android system: `settings_global.txt`, `settings_secure.txt`, `settings_system.txt`.
//!
//! Lines of `name=value`, as `settings list` and `cmd settings list` write them and AndroidQF keeps them, for
//! the first user of the phone. Names follow `android.provider.Settings` (Android 5 to 16, read 2026-11) and,
//! for Samsung, what phones show. Told are those that bear on who watches; services that are switched on
//! become facts about their apps. Deliberately not told: everything else, which says much about a person.

use model::record::Place;
use source::tree::Candidate;

use crate::android_text::{clip, clipped, components, each_line, is_app_id};
use crate::{
    About, AppFact, AppSays, Check, DeviceFact, FactSink, Flow, Input, Platform, Question, Seen,
    ServiceState, Setting, Trace, TraceKind, Vpn, Wholly,
};

/// `settings_*.txt`.
pub(super) struct AndroidSettings;

/// Settings that become facts as they are.
const TOLD: &[&str] = &[
    "accessibility_display_magnification_enabled",
    "accessibility_enabled",
    "accessibility_shortcut_target_service",
    "adb_enabled",
    "adb_install_need_confirm",
    "adb_wifi_enabled",
    "advanced_protection_mode",
    "always_on_vpn_app",
    "always_on_vpn_lockdown",
    "assistant",
    "autofill_service",
    "default_input_method",
    "development_settings_enabled",
    "dialer_default_application",
    "enabled_accessibility_services",
    "enabled_input_methods",
    "enabled_notification_listeners",
    "enabled_notification_policy_access_packages",
    "global_http_proxy_exclusion_list",
    "global_http_proxy_host",
    "global_http_proxy_port",
    "global_proxy_pac_url",
    "http_proxy",
    "install_non_market_apps",
    "location_mode",
    "location_providers_allowed",
    "lock_screen_lock_after_timeout",
    "mock_location",
    "package_verifier_enable",
    "package_verifier_state",
    "package_verifier_user_consent",
    "private_dns_mode",
    "private_dns_specifier",
    "samsung_errorlog_agree",
    "send_action_app_error",
    "send_security_reports",
    "sms_default_application",
    "touch_exploration_enabled",
    "unknown_sources_default_reversed",
    "upload_apk_enable",
    "verifier_verify_adb_installs",
    "voice_interaction_service",
];

/// Most components of one list.
const MOST_COMPONENTS: usize = 200;

impl Check for AndroidSettings {
    fn name(&self) -> &'static str {
        "android_settings"
    }

    fn about(&self) -> About {
        About {
            title: "Settings of an Android system (settings_global.txt and the like)",
            platform: Platform::Android,
            covers: "services for accessibility, notifications and input that are on; VPN and proxy; Play \
                     Protect, unknown sources, developer options, location, private DNS",
            leaves_out: "all settings that do not bear on who watches; users other than the first",
            answers: &[
                Question::Accessibility,
                Question::NotificationListeners,
                Question::InputAndOverlay,
                Question::AppSources,
                Question::Vpn,
            ],
            source: "android.provider.Settings, mvt-project/androidqf (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let name = candidate.entry().name();
        if space(name).is_none() {
            return false;
        }
        let line = candidate.head().split(|byte| *byte == b'\n').next().unwrap_or_default();
        line.is_empty() || memchr::memchr(b'=', line).is_some()
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let space = input.entry().and_then(|entry| space(entry.name())).unwrap_or_default().to_owned();
        let mut settings = Settings { space, device: DeviceFact::new(Platform::Android), count: 0 };
        let read = each_line(input, "lines of settings", sink, &mut |seen, line, sink| match line
            .split_once('=')
        {
            Some((name, value)) => settings.tell(seen, name.trim(), value.trim(), sink),
            None => Flow::Continue(()),
        })?;
        let seen = input.seen(Place::Whole);
        if settings.device.name.is_some() {
            sink.says(&seen, settings.device)?;
        }
        if settings.count == 0 {
            return Flow::Continue(());
        }
        for (question, spaces, most) in LOOKED {
            if spaces.contains(&settings.space.as_str()) {
                let wholly = if *most == Wholly::Yes { read.wholly } else { Wholly::No };
                sink.looked(&seen, *question, wholly, settings.count)?;
            }
        }
        Flow::Continue(())
    }
}

/// Which question is answered where, and how far: what may be installed and what VPN there is stands in
/// other places too.
const LOOKED: &[(Question, &[&str], Wholly)] = &[
    (Question::Accessibility, &["secure"], Wholly::Yes),
    (Question::NotificationListeners, &["secure"], Wholly::Yes),
    (Question::InputAndOverlay, &["secure"], Wholly::No),
    (Question::AppSources, &["secure", "global"], Wholly::No),
    (Question::Vpn, &["secure", "global"], Wholly::No),
];

/// The word between `settings_` and `.txt`.
fn space(name: &str) -> Option<&str> {
    let space = name.strip_prefix("settings_")?.strip_suffix(".txt")?;
    let fits = (1..=32).contains(&space.len()) && space.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then_some(space)
}

struct Settings {
    space: String,
    device: DeviceFact,
    count: u64,
}

impl Settings {
    fn tell(&mut self, seen: &Seen, name: &str, value: &str, sink: &mut dyn FactSink) -> Flow {
        self.count = self.count.saturating_add(1);
        let is_set = !value.is_empty() && value != "null";
        if matches!(name, "device_name" | "bluetooth_name") && is_set && self.device.name.is_none() {
            self.device.name = Some(clipped(value));
        }
        if !TOLD.contains(&name) {
            return Flow::Continue(());
        }
        let setting = Setting { space: self.space.clone(), name: name.to_owned(), value: clipped(value) };
        sink.says(seen, setting)?;
        if is_set { services(seen, name, value, sink) } else { Flow::Continue(()) }
    }
}

/// What a setting says about apps and connections.
fn services(seen: &Seen, name: &str, value: &str, sink: &mut dyn FactSink) -> Flow {
    let mut says =
        |app: &str, says: AppSays| sink.says(seen, AppFact { id: clipped(app), user: Some(0), says });
    let state = ServiceState::Enabled;
    match name {
        "enabled_accessibility_services" => {
            for found in components(value).take(MOST_COMPONENTS) {
                let component = found.text();
                says(&found.package, AppSays::Accessibility { component, state })?;
            }
        }
        "enabled_notification_listeners" => {
            for found in components(value).take(MOST_COMPONENTS) {
                let component = found.text();
                says(&found.package, AppSays::NotificationListener { component, state })?;
            }
        }
        "enabled_input_methods" => {
            for found in components(value).take(MOST_COMPONENTS) {
                let component = found.text();
                says(&found.package, AppSays::InputMethod { component, state })?;
            }
        }
        "default_input_method" => {
            if let Some(found) = components(value).next() {
                let (component, state) = (found.text(), ServiceState::Bound);
                says(&found.package, AppSays::InputMethod { component, state })?;
            }
        }
        "always_on_vpn_app" if is_app_id(value) => {
            sink.says(seen, Vpn { name: clipped(value), always: Some(true), server: None })?;
        }
        "http_proxy" | "global_http_proxy_host" | "private_dns_specifier" => {
            let to = clip(value);
            let is_none = to == ":0" || to.starts_with(':');
            if !is_none {
                let kind = TraceKind::Connection;
                sink.trace(&Trace { kind, value: to, at: None, app: None, seen })?;
            }
        }
        _ => {}
    }
    Flow::Continue(())
}
