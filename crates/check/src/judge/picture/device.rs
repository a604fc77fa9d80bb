//! Signs of the device itself, and of its profiles.

use std::collections::BTreeMap;

use model::record::TimeReading;

use super::{Account, DeviceFact, Platform, Profile, Says, Seen, Signs};
use crate::{PayloadKind, Setting, UserKind};

/// How old the last security update may be before it is a sign: half a year.
const PATCH_DAYS: i64 = 183;

/// A fact that makes a sign of the device.
pub(super) fn add(signs: &mut Signs, says: Says, seen: &Seen) {
    match says {
        Says::Setting(setting) => self::setting(signs, &setting, seen),
        Says::User(user) => {
            let sign = match user.kind {
                UserKind::Second | UserKind::Guest | UserKind::Other => "second-user",
                UserKind::Work => "work-profile",
                UserKind::Clone => "clone-user",
                UserKind::Owner => return,
            };
            signs.add(sign, &format!("{} ({})", user.name, user.number), None, seen);
        }
        Says::Vpn(vpn) => {
            let what = match &vpn.server {
                Some(server) => format!("{} ({server})", vpn.name),
                None => vpn.name,
            };
            signs.add("vpn-set-up", &what, None, seen);
            if vpn.always == Some(true) {
                signs.add("vpn-always", &what, None, seen);
            }
        }
        Says::Certificate(certificate) => {
            signs.add("added-certificate", &certificate.subject, certificate.since, seen);
        }
        Says::Trust(trust) => {
            signs.add("trusted-computer", &format!("{} {}", trust.name, trust.key), trust.used, seen);
        }
        Says::Linked(linked) => {
            let sign = if linked.service == "family" { "family-member" } else { "linked-device" };
            let what = format!("{}: {}", linked.service, linked.name);
            signs.add(sign, &what, linked.used.or(linked.since), seen);
        }
        _ => {}
    }
}

/// Settings that say something: in which space, with which value, as which sign.
const SETTINGS: &[(&str, &[&str], &str)] = &[
    ("package_verifier_enable", &["0"], "play-protect-off"),
    ("package_verifier_user_consent", &["-1"], "play-protect-off"),
    ("verifier_verify_adb_installs", &["0"], "play-protect-off"),
    ("upload_apk_enable", &["0"], "play-protect-off"),
    ("install_non_market_apps", &["1"], "unknown-sources-on"),
    ("adb_install_need_confirm", &["0"], "unknown-sources-on"),
    ("adb_enabled", &["1"], "adb-on"),
    ("adb_wifi_enabled", &["1"], "adb-on"),
    ("development_settings_enabled", &["1"], "developer-options-on"),
    ("mock_location", &["1"], "mock-location"),
    ("send_security_reports", &["0"], "reports-off"),
    ("samsung_errorlog_agree", &["0"], "reports-off"),
    ("send_action_app_error", &["0"], "reports-off"),
];

fn setting(signs: &mut Signs, setting: &Setting, seen: &Seen) {
    let Setting { space, name, value } = setting;
    let what = format!("{name}={value}");
    for (known, values, sign) in SETTINGS {
        if name == known && space != "property" && values.contains(&value.as_str()) {
            signs.add(*sign, &what, None, seen);
        }
    }
    let is_set = !matches!(value.as_str(), "" | "null" | ":0");
    match name.as_str() {
        "http_proxy" | "global_http_proxy_host" if is_set => signs.add("proxy-set", &what, None, seen),
        "always_on_vpn_app" if is_set => {
            signs.add("vpn-set-up", value, None, seen);
            signs.add("vpn-always", value, None, seen);
        }
        _ => {}
    }
}

/// What a profile holds, as signs.
pub(super) fn profile_signs(profile: &Profile, signs: &mut Signs, seen: &Seen) {
    let at = || profile.installed.clone();
    for payload in &profile.payloads {
        let sign = match payload.kind {
            PayloadKind::Mdm => "profile-mdm",
            PayloadKind::RootCertificate => "profile-root-certificate",
            PayloadKind::Vpn => "profile-vpn",
            PayloadKind::Proxy => "profile-proxy",
            PayloadKind::Filter => "profile-filter",
            PayloadKind::Notifications => "profile-notifications",
            PayloadKind::Restrictions => "profile-restrictions",
            PayloadKind::Account => "profile-account",
            PayloadKind::Certificate | PayloadKind::Network | PayloadKind::WebClip | PayloadKind::Other => {
                "profile-other"
            }
        };
        let mut what = payload.name.clone().unwrap_or_else(|| payload.type_name.clone());
        for (name, value) in payload.details.iter().take(6) {
            what.extend([" · ", name, " = ", value]);
        }
        signs.add(sign, &what, at(), seen);
    }
    if profile.payloads.is_empty() {
        signs.add("profile-other", profile.name.as_deref().unwrap_or(&profile.id), at(), seen);
    }
    if profile.locked == Some(true) {
        signs.add("profile-locked", "", at(), seen);
    }
}

/// What can only be said when everything about the device is there.
pub(super) fn finish(
    (device, patched_at): (&DeviceFact, Option<&Seen>),
    today: Option<model::Date>,
    accounts: &[(Account, Seen)],
    signs: &mut Signs,
) {
    if let (Some(patched), Some(seen), Platform::Android) = (&device.patched, patched_at, device.platform)
        && let Ok(day) = patched.parse::<model::Date>()
        && let Some(now) = device.acquired.as_ref().and_then(day_of).or(today)
        && now.days.saturating_sub(day.days) > PATCH_DAYS
    {
        signs.add("patch-old", patched, None, seen);
    }
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (account, _) in accounts {
        let count = counts.entry(&account.service).or_default();
        *count = count.saturating_add(1);
    }
    for (account, seen) in accounts {
        let same = counts.get(account.service.as_str()).copied().unwrap_or_default();
        let is_phone = account.service == "com.google" || account.service.starts_with("com.apple.account");
        if is_phone && same > 1 {
            let what = format!("{}: {}", account.service, account.name);
            signs.add("many-accounts", &what, account.since.clone(), seen);
        }
    }
}

fn day_of(time: &TimeReading) -> Option<model::Date> {
    Some(model::Date { days: time.first_ms?.div_euclid(86_400_000) })
}
