//! What is mounted where on an Android system: AndroidQF's `mounts.json`, and `mountinfo` of a process in a
//! bug report (`FS/proc/…/mountinfo`).
//!
//! Three forms: lines of `mount` (`device on point type kind (options)`), of `/proc/mounts` (`device point
//! kind options 0 0`) and of `/proc/…/mountinfo` (proc(5)). A system part that can be written, and something
//! laid over it, are signs; `noatime` alone is none, as many phones mount so. Deliberately no judgement of
//! `/data` and of media.

use std::ops::ControlFlow;

use model::record::Place;
use source::tree::Candidate;

use crate::android_text::{clip, clipped, each_line};
use crate::rows::{self, Shape, Taken};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Seen, Sign, Trace, TraceKind, Wholly};

/// `mounts.json`, `mountinfo`.
pub(super) struct AndroidMounts;

const SHAPE: Shape = Shape { first_key: "", expected: "a line of mount as text" };

/// Most signs of one file.
const MOST_SIGNS: u32 = 50;

impl Check for AndroidMounts {
    fn name(&self) -> &'static str {
        "android_mounts"
    }

    fn about(&self) -> About {
        About {
            title: "What is mounted on an Android system (mounts.json, mountinfo)",
            platform: Platform::Android,
            covers: "system parts that can be written, things laid over them, traces of root access",
            leaves_out: "the parts for data and media; options that are common",
            answers: &[Question::SystemIntegrity],
            source: "mvt-project/androidqf, proc(5) (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let head = || candidate.head().trim_ascii_start();
        match candidate.entry().name() {
            "mounts.json" => head().starts_with(b"[") || head().starts_with(b"null"),
            "mountinfo" => candidate.entry().folder().contains("proc/"),
            "mounts.txt" | "mounts" => {
                head().starts_with(b"/dev/") || memchr::memmem::find(head(), b" /system ").is_some()
            }
            _ => false,
        }
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let name = input.entry().map(|entry| entry.name().to_owned()).unwrap_or_default();
        let (mut told, mut understood) = (0_u32, 0_u64);
        let mut tell = |seen: &Seen, line: &str, sink: &mut dyn FactSink| {
            let Some(mount) = Mount::of(line) else { return Flow::Continue(()) };
            understood = understood.saturating_add(1);
            mount.tell(seen, &mut told, sink)
        };
        let read = if name == "mounts.json" {
            rows::each(input, &SHAPE, sink, &mut |seen, bytes, sink| {
                let Ok(line) = serde_json::from_slice::<String>(bytes) else {
                    return ControlFlow::Continue(Taken::Broken);
                };
                tell(seen, &line, sink)?;
                ControlFlow::Continue(Taken::Kept)
            })?
        } else {
            each_line(input, "lines of mounts", sink, &mut tell)?
        };
        let wholly = if understood < read.rows { Wholly::No } else { read.wholly };
        sink.looked(&input.seen(Place::Whole), Question::SystemIntegrity, wholly, understood)
    }
}

/// One mount.
struct Mount<'m> {
    device: &'m str,
    point: &'m str,
    kind: &'m str,
    options: &'m str,
    /// Which folder of the device is shown there, where that is told.
    root: &'m str,
}

impl<'m> Mount<'m> {
    fn of(line: &'m str) -> Option<Self> {
        let line = clip(line.trim());
        if let Some((device, rest)) = line.split_once(" on ")
            && let Some((point, rest)) = rest.split_once(" type ")
        {
            let (kind, options) = rest.split_once(" (").unwrap_or((rest, ""));
            return Some(Self { device, point, kind, options: options.trim_end_matches(')'), root: "/" });
        }
        let mut words = line.split_ascii_whitespace();
        let first = words.next()?;
        if first.parse::<u64>().is_err() {
            let (point, kind, options) = (words.next()?, words.next()?, words.next()?);
            return Some(Self { device: first, point, kind, options, root: "/" });
        }
        // mountinfo: number, parent, device, root, point, options, fields, dash, kind, device, options.
        let mut words = words.skip(2);
        let (root, point, options) = (words.next()?, words.next()?, words.next()?);
        let mut words = words.skip_while(|word| *word != "-").skip(1);
        let (kind, device) = (words.next()?, words.next()?);
        Some(Self { device, point, kind, options, root })
    }

    fn tell(&self, seen: &Seen, told: &mut u32, sink: &mut dyn FactSink) -> Flow {
        let kind = TraceKind::Path;
        sink.trace(&Trace { kind, value: self.point, at: None, app: None, seen })?;
        if self.device.starts_with('/') {
            sink.trace(&Trace { kind, value: self.device, at: None, app: None, seen })?;
        }
        let Some(name) = self.sign() else { return Flow::Continue(()) };
        *told = told.saturating_add(1);
        if *told > MOST_SIGNS {
            return Flow::Continue(());
        }
        let what = format!("{} {} {} {}", self.device, self.point, self.kind, self.options);
        sink.says(seen, Sign { name: name.to_owned(), app: None, what: clipped(&what), at: None })
    }

    fn sign(&self) -> Option<&'static str> {
        let names = [self.device, self.root, self.point].join(" ").to_ascii_lowercase();
        let is_root = ["magisk", "kernelsu", "ksu ", "apatch", "supersu", "zygisk"];
        if is_root.iter().any(|word| names.contains(word)) {
            return Some("root-trace");
        }
        let is_writable = self.options.split(',').any(|option| option == "rw");
        let is_disk = matches!(self.kind, "ext4" | "erofs" | "f2fs" | "squashfs" | "ext3" | "ext2");
        if is_writable && is_disk && (self.point == "/" || SYSTEM.contains(&self.point)) {
            return Some("system-writable");
        }
        let is_below = SYSTEM.iter().any(|part| {
            self.point.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        let is_laid_over =
            matches!(self.kind, "tmpfs" | "overlay" | "fuse") || self.device.starts_with("/dev/block/loop");
        let is_from_data = self.device.starts_with("/data/")
            || self.root.starts_with("/adb/")
            || self.root.starts_with("/local/");
        (is_below && (is_from_data || is_writable && is_laid_over)).then_some("odd-mount")
    }
}

/// Parts of the system that nobody writes to on an unchanged phone.
const SYSTEM: &[&str] = &[
    "/system",
    "/system/bin",
    "/system/etc",
    "/system/framework",
    "/system/lib",
    "/system/lib64",
    "/system/xbin",
    "/system_ext",
    "/vendor",
    "/vendor/bin",
    "/product",
    "/odm",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn sign(line: &str) -> Option<&'static str> {
        Mount::of(line).unwrap().sign()
    }

    #[test]
    fn every_form_is_read_alike() {
        for line in [
            "/dev/block/dm-13 on /system type ext4 (rw,seclabel,relatime)",
            "/dev/block/dm-13 /system ext4 rw,seclabel,relatime 0 0",
            "36 35 253:5 / /system rw,relatime shared:1 - ext4 /dev/block/dm-13 rw,seclabel",
        ] {
            assert_eq!(sign(line), Some("system-writable"), "{line}");
            assert_eq!(sign(&line.replace("rw,", "ro,")), None, "{line}");
        }
    }

    #[test]
    fn what_is_laid_over_the_system_is_odd() {
        assert_eq!(sign("tmpfs on /system/bin type tmpfs (rw,seclabel)"), Some("odd-mount"));
        assert_eq!(sign("overlay on /vendor type overlay (rw,lowerdir=/vendor)"), Some("odd-mount"));
        assert_eq!(sign("magisk on /system/bin type tmpfs (ro)"), Some("root-trace"));
        let bound = "40 36 253:9 /adb/modules/x/su /system/bin/su ro - ext4 /dev/block/dm-20 rw";
        assert_eq!(sign(bound), Some("odd-mount"));
        assert_eq!(sign("/dev/block/dm-14 on /data type f2fs (rw,noatime)"), None);
        assert_eq!(sign("/dev/block/dm-12 on / type ext4 (ro,seclabel,noatime)"), None);
        assert_eq!(sign("rootfs on / type rootfs (rw)"), None);
        assert_eq!(sign("tmpfs on /apex type tmpfs (rw)"), None);
        assert!(Mount::of("nothing").is_none());
        assert!(Mount::of("1 2 3").is_none());
    }
}
