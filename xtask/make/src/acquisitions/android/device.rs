//! The device: its properties, apps with their numbers, and processes. Everything written elsewhere agrees
//! with this.

use super::AndroidSize;
use crate::acquisitions::planted::{App, Device};
use crate::acquisitions::{Planted, Random, background};

/// An app as it is installed.
#[derive(Clone, Debug)]
pub(super) struct Installed {
    pub(super) id: String,
    /// Its number of user.
    pub(super) uid: u64,
    pub(super) installer: Option<String>,
    pub(super) is_system: bool,
    pub(super) permissions: Vec<String>,
    pub(super) signer_sha1: String,
    pub(super) sha256: String,
    /// What was planted, if it was.
    pub(super) planted: Option<App>,
}

impl Installed {
    /// The folder of its code.
    pub(super) fn code_path(&self) -> String {
        if self.is_system {
            return format!("/system/app/{}", self.id);
        }
        let salt = model::encode_hex(&self.uid.to_be_bytes());
        format!("/data/app/~~{salt}==/{}-{salt}==", self.id)
    }

    /// Its user as the system writes it.
    pub(super) fn user(&self) -> String {
        if self.uid < 10_000 { self.uid.to_string() } else { format!("u0a{}", self.uid - 10_000) }
    }

    /// The installer as the system writes it.
    pub(super) fn installer(&self) -> &str {
        self.installer.as_deref().unwrap_or("null")
    }
}

/// The apps of the device, planted ones among the others.
pub(super) fn installed(planted: &Planted, size: &AndroidSize, seed: u64) -> Vec<Installed> {
    let random = &mut Random::new(seed, "android apps");
    let ordinary = background::apps(size.apps, random);
    let mut apps: Vec<Installed> = Vec::new();
    for (number, app) in (0..).zip(ordinary) {
        let is_system = app.installer.is_empty();
        let permission = |_| format!("android.permission.{}", random.word(background::PERMISSIONS));
        let mut permissions: Vec<String> = (0..app.permissions).map(permission).collect();
        permissions.sort();
        permissions.dedup();
        apps.push(Installed {
            uid: if is_system && number < 5 { 1000 + number } else { 10_000 + number },
            installer: (!is_system).then(|| app.installer.to_owned()),
            is_system,
            permissions,
            signer_sha1: random.hex(20).to_uppercase(),
            sha256: random.hex(32),
            planted: None,
            id: app.id,
        });
    }
    for (number, app) in (0..).zip(planted.apps_of(Device::Android)) {
        apps.push(Installed {
            id: app.id.clone(),
            uid: 10_000 + size.apps + number,
            installer: app.installer.clone(),
            is_system: false,
            permissions: app.permissions.clone(),
            signer_sha1: app.signer_sha1.clone(),
            sha256: app.sha256.clone(),
            planted: Some(app.clone()),
        });
    }
    apps
}

/// System properties.
pub(super) const PROPERTIES: &[(&str, &str)] = &[
    ("gsm.operator.alpha", "Erfunden"),
    ("persist.sys.locale", "de-DE"),
    ("persist.sys.timezone", "Europe/Berlin"),
    ("ro.boot.flash.locked", "1"),
    ("ro.boot.verifiedbootstate", "green"),
    ("ro.build.fingerprint", "example/erfunden/erfunden:14/UP1A.231005.007/1:user/release-keys"),
    ("ro.build.id", "UP1A.231005.007"),
    ("ro.build.type", "user"),
    ("ro.build.version.release", "14"),
    ("ro.build.version.sdk", "34"),
    ("ro.build.version.security_patch", "2026-11-01"),
    ("ro.debuggable", "0"),
    ("ro.product.cpu.abi", "arm64-v8a"),
    ("ro.product.manufacturer", "Erfunden"),
    ("ro.product.model", "Telefon 5"),
    ("ro.serialno", "ERFUNDEN0001"),
];

/// Running processes with their user.
pub(super) fn processes(planted: &Planted, apps: &[Installed]) -> Vec<(String, String)> {
    let kernel = ["init", "logd", "servicemanager", "surfaceflinger", "zygote64", "system_server"];
    let root = kernel.iter().map(|name| ((*name).to_owned(), "root".to_owned()));
    let running = apps.iter().filter(|app| app.planted.is_none()).step_by(4);
    let ordinary = running.map(|app| (app.id.clone(), format!("u0_a{}", app.uid.saturating_sub(10_000))));
    let more = planted.processes_of(Device::Android).map(|name| (name.to_owned(), "u0_a999".to_owned()));
    root.chain(ordinary).chain(more).collect()
}
