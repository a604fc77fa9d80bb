//! The system's properties: what device this is, how it was started, how old its last security update is.
//!
//! `[name]: [value]`, a value may go on over lines (`getprop`, Android 8 to 15). Every name is held against
//! the lists; those that say something about the state of the system become settings of the space
//! `property`. Deliberately not judged: how old is too old.

use super::words::clip;
use super::{Out, Reader, Section};
use crate::{DeviceFact, Flow, Platform, Question, TraceKind};

pub(super) struct Properties;

impl Section for Properties {
    fn names(&self) -> &'static [&'static str] {
        &["SYSTEM PROPERTIES"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::SystemIntegrity, Question::SystemAge]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<List>::default()
    }
}

/// Properties that are kept with their values.
const KEPT: &[&str] = &[
    "persist.adb.tcp.port",
    "persist.security.adb.authorization",
    "persist.sys.timezone",
    "persist.sys.usb.config",
    "ro.adb.secure",
    "ro.boot.flash.locked",
    "ro.boot.selinux",
    "ro.boot.vbmeta.device_state",
    "ro.boot.verifiedbootstate",
    "ro.boot.veritymode",
    "ro.boot.warranty_bit",
    "ro.build.selinux",
    "ro.build.tags",
    "ro.build.type",
    "ro.build.version.sdk",
    "ro.crypto.state",
    "ro.crypto.type",
    "ro.debuggable",
    "ro.oem_unlock_supported",
    "ro.product.first_api_level",
    "ro.secure",
    "ro.warranty_bit",
    "service.adb.root",
    "service.adb.tcp.port",
    "sys.oem_unlock_allowed",
];

#[derive(Default)]
struct List {
    device: Option<DeviceFact>,
    maker: Option<String>,
    model: Option<String>,
    patched: bool,
    boot: bool,
    count: u64,
}

impl Reader for List {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let Some((name, value)) = property(line) else { return Flow::Continue(()) };
        self.count = self.count.saturating_add(1);
        out.trace(TraceKind::Property, name, None)?;
        if value.is_empty() {
            return Flow::Continue(());
        }
        self.about_device(name, value);
        if KEPT.binary_search(&name).is_ok() {
            out.setting("property", name, value)?;
        }
        if let Some(boot) = name.strip_prefix("ro.boot.") {
            let boot = boot.strip_prefix("vbmeta.").unwrap_or(boot);
            self.boot |= boot == "verifiedbootstate" || boot == "flash.locked";
            boot_sign(boot, value, out)?;
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if self.count == 0 {
            return out.not_understood("properties of the system");
        }
        let model =
            [self.maker.take(), self.model.take()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        if !model.is_empty() {
            self.device().model = Some(model);
        }
        if let Some(device) = self.device.take() {
            out.says(crate::Says::Device(device))?;
        }
        if self.patched {
            out.looked(Question::SystemAge, 1)?;
        }
        if self.boot { out.looked(Question::SystemIntegrity, self.count) } else { Flow::Continue(()) }
    }
}

impl List {
    fn device(&mut self) -> &mut DeviceFact {
        self.device.get_or_insert_with(|| DeviceFact::new(Platform::Android))
    }

    fn about_device(&mut self, name: &str, value: &str) {
        let text = || Some(clip(value).to_owned());
        match name {
            "ro.product.manufacturer" => self.maker = text(),
            "ro.product.model" => self.model = text(),
            "ro.build.version.release" => self.device().system = text(),
            "ro.build.version.security_patch" => {
                // Of a system that names no day it cannot be said that it is not old.
                self.patched = value.parse::<model::Date>().is_ok();
                self.device().patched = text();
            }
            "ro.build.display.id" => self.device().build = text(),
            "ro.serialno" | "ro.boot.serialno" => self.device().serial = text(),
            _ => {}
        }
    }
}

/// A sign that something the boot loader says stands for: `name` without `androidboot.` or `ro.boot.`.
pub(super) fn boot_sign(name: &str, value: &str, out: &mut Out<'_>) -> Flow {
    match sign_of_boot(name, value) {
        Some(sign) => out.sign(sign, &format!("{name}={value}")),
        None => Flow::Continue(()),
    }
}

/// The name of that sign.
pub(crate) fn sign_of_boot(name: &str, value: &str) -> Option<&'static str> {
    match (name, value) {
        ("verifiedbootstate", "orange" | "yellow" | "red") => Some("verified-boot-not-green"),
        ("device_state", "unlocked") | ("flash.locked", "0") => Some("bootloader-unlocked"),
        ("selinux", "permissive" | "disabled") => Some("selinux-off"),
        _ => None,
    }
}

/// Name and value of a property; of a value over several lines the first.
fn property(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim().strip_prefix('[')?.split_once("]: [")?;
    Some((clip(name), value.strip_suffix(']').unwrap_or(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{looked, read_section, settings, signs};
    use crate::{Says, Wholly};

    #[test]
    fn the_list_is_sorted_for_searching() {
        let mut sorted = KEPT.to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, KEPT);
    }

    #[test]
    fn an_opened_device() {
        let text = "[ro.product.manufacturer]: [Example]\n[ro.product.model]: [Phone \
            1]\n[ro.build.version.release]: [13]\n\
                    [ro.build.version.security_patch]: [2022-03-05]\n[ro.boot.verifiedbootstate]: [orange]\n\
                    [ro.boot.flash.locked]: [0]\n[persist.example.long]: [one\ntwo]\n[ro.debuggable]: [1]\n";
        let kept = read_section(&Properties, text);
        let device = kept.facts.iter().find_map(|fact| match &fact.says {
            Says::Device(device) => Some(device),
            _ => None,
        });
        let device = device.unwrap();
        assert_eq!(device.model.as_deref(), Some("Example Phone 1"));
        assert_eq!((device.system.as_deref(), device.patched.as_deref()), (Some("13"), Some("2022-03-05")));
        let names: Vec<String> = signs(&kept).into_iter().map(|(name, ..)| name).collect();
        assert_eq!(names, ["verified-boot-not-green", "bootloader-unlocked"]);
        assert_eq!(settings(&kept).len(), 3);
        assert_eq!(kept.traces.len(), 8);
        assert_eq!(
            looked(&kept),
            [(Question::SystemAge, Wholly::Yes, 1), (Question::SystemIntegrity, Wholly::Yes, 8)]
        );
    }
}
