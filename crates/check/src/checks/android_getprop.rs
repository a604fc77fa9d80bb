//! Properties of an Android system: `getprop.txt`, as AndroidQF and the shell's `getprop` write them.
//!
//! Lines of `[name]: [value]`; a value may go on in the next lines. Names follow the Android Open Source
//! Project (Android 5 to 16, read 2026-11) and makers. Every name is held against the lists; those that tell
//! of the device, its age or of a changed system become facts. Deliberately not told: numbers of the SIM card
//! and the network, and everything else.

use model::record::Place;
use source::tree::Candidate;

use crate::android_text::{clip, clipped, each_line};
use crate::dumpsys::sign_of_boot;
use crate::{
    About, Check, DeviceFact, FactSink, Flow, Input, Platform, Question, Seen, Setting, Sign, Trace,
    TraceKind, Wholly,
};

/// `getprop.txt`.
pub(super) struct AndroidGetprop;

/// Properties that become facts.
const TOLD: &[&str] = &[
    "persist.adb.tcp.port",
    "persist.sys.adb.wifi",
    "persist.sys.locale",
    "persist.sys.timezone",
    "persist.sys.usb.config",
    "ro.adb.secure",
    "ro.boot.flash.locked",
    "ro.boot.selinux",
    "ro.boot.vbmeta.device_state",
    "ro.boot.verifiedbootstate",
    "ro.boot.veritymode",
    "ro.boot.warranty_bit",
    "ro.build.fingerprint",
    "ro.build.selinux",
    "ro.build.tags",
    "ro.build.type",
    "ro.build.version.release",
    "ro.build.version.sdk",
    "ro.build.version.security_patch",
    "ro.crypto.state",
    "ro.debuggable",
    "ro.device_owner",
    "ro.organization_owned",
    "ro.product.first_api_level",
    "ro.secure",
    "ro.vendor.build.security_patch",
    "service.adb.root",
    "service.adb.tcp.port",
    "sys.oem_unlock_allowed",
];

impl Check for AndroidGetprop {
    fn name(&self) -> &'static str {
        "android_getprop"
    }

    fn about(&self) -> About {
        About {
            title: "Properties of an Android system (getprop.txt)",
            platform: Platform::Android,
            covers: "device, version, last security update, how it was started, traces of root access",
            leaves_out: "numbers of SIM card and network",
            answers: &[Question::SystemAge, Question::SystemIntegrity],
            source: "Android Open Source Project, mvt-project/androidqf (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.entry().name() == "getprop.txt" && candidate.head().trim_ascii_start().starts_with(b"[")
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let mut properties = Properties::default();
        let mut open: Option<(Seen, String, String)> = None;
        let read = each_line(input, "lines of properties", sink, &mut |seen, line, sink| {
            if let Some((name, value)) = begun(line) {
                if let Some((seen, name, value)) = open.take() {
                    properties.tell(&seen, &name, &value, sink)?;
                }
                if let Some(value) = value.strip_suffix(']') {
                    return properties.tell(seen, name, value, sink);
                }
                open = Some((seen.clone(), clipped(name), clipped(value)));
                return Flow::Continue(());
            }
            // A value of several lines.
            let Some((_, _, value)) = &mut open else { return Flow::Continue(()) };
            if value.len() < 1024 {
                value.push('\n');
                value.push_str(clip(line));
            }
            if line.ends_with(']')
                && let Some((seen, name, value)) = open.take()
            {
                return properties.tell(&seen, &name, value.trim_end_matches(']'), sink);
            }
            Flow::Continue(())
        })?;
        if let Some((seen, name, value)) = open.take() {
            properties.tell(&seen, &name, &value, sink)?;
        }
        let seen = input.seen(Place::Whole);
        let wholly = if properties.count == 0 { Wholly::No } else { read.wholly };
        // Systems before 2015 name no day: of them it cannot be said that they are not old.
        if properties.device.patched.as_ref().is_some_and(|day| day.parse::<model::Date>().is_ok()) {
            sink.looked(&seen, Question::SystemAge, wholly, properties.count)?;
        }
        // Without how it was started a part of the answer is missing.
        let wholly = if properties.boot { wholly } else { Wholly::No };
        sink.looked(&seen, Question::SystemIntegrity, wholly, properties.count)?;
        sink.says(&seen, properties.into_device())
    }
}

/// A line that begins a property.
fn begun(line: &str) -> Option<(&str, &str)> {
    line.trim_start().strip_prefix('[')?.split_once("]: [")
}

struct Properties {
    device: DeviceFact,
    maker: Option<String>,
    /// Whether it says how the system was started.
    boot: bool,
    count: u64,
}

impl Default for Properties {
    fn default() -> Self {
        Self { device: DeviceFact::new(Platform::Android), maker: None, boot: false, count: 0 }
    }
}

impl Properties {
    fn tell(&mut self, seen: &Seen, name: &str, value: &str, sink: &mut dyn FactSink) -> Flow {
        self.count = self.count.saturating_add(1);
        let (name, value) = (clip(name), clip(value));
        sink.trace(&Trace { kind: TraceKind::Property, value: name, at: None, app: None, seen })?;
        self.note(name, value);
        if let Some(sign) = sign(name, value) {
            let what = clipped(&format!("{name}={value}"));
            sink.says(seen, Sign { name: sign.to_owned(), app: None, what, at: None })?;
        }
        if !TOLD.contains(&name) || value.is_empty() {
            return Flow::Continue(());
        }
        let (name, value) = (name.to_owned(), value.to_owned());
        sink.says(seen, Setting { space: "property".to_owned(), name, value })
    }

    fn note(&mut self, name: &str, value: &str) {
        self.boot |= matches!(name, "ro.boot.verifiedbootstate" | "ro.boot.flash.locked");
        let place = match name {
            "ro.product.manufacturer" => &mut self.maker,
            "ro.product.model" => &mut self.device.model,
            "ro.build.version.release" => &mut self.device.system,
            "ro.build.version.security_patch" => &mut self.device.patched,
            "ro.build.display.id" => &mut self.device.build,
            "ro.serialno" | "ro.boot.serialno" => &mut self.device.serial,
            "persist.sys.device_name" => &mut self.device.name,
            _ => return,
        };
        if !value.is_empty() {
            *place = Some(value.to_owned());
        }
    }

    fn into_device(self) -> DeviceFact {
        let Self { mut device, maker, .. } = self;
        device.model = match (maker, device.model.take()) {
            (Some(maker), Some(model)) => Some(format!("{maker} {model}")),
            (maker, model) => model.or(maker),
        };
        device
    }
}

/// What a property tells of the system's state by itself.
fn sign(name: &str, value: &str) -> Option<&'static str> {
    let boot = name.strip_prefix("ro.boot.").or_else(|| name.strip_prefix("vendor.boot."));
    if let Some(boot) = boot {
        return sign_of_boot(boot.strip_prefix("vbmeta.").unwrap_or(boot), value);
    }
    match (name, value) {
        ("ro.build.selinux", "permissive" | "disabled") => Some("selinux-off"),
        ("ro.debuggable" | "service.adb.root", "1")
        | ("ro.secure", "0")
        | ("ro.build.type", "userdebug" | "eng") => Some("root-trace"),
        ("ro.build.tags", tags) if tags.contains("test-keys") => Some("root-trace"),
        _ => {
            let words = ["magisk", "supersu", "kernelsu", "lineage.su", "zygisk", "lsposed"];
            let lower = name.to_ascii_lowercase();
            words.iter().any(|word| lower.contains(word)).then_some("root-trace")
        }
    }
}
