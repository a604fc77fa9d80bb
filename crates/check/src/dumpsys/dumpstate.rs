//! The head of a bug report: when it was made, the build, how the device was started.
//!
//! The lines before the first heading, as `dumpstate.cpp` prints them (Android 8 to 15). The command line of
//! the kernel tells what the boot loader found of itself; since Android 12 the same stands in `Bootconfig`.

use super::words::{clip, value, wall};
use super::{Out, Reader};
use crate::{DeviceFact, Flow, Platform};

/// Reads the lines before the first heading.
#[derive(Default)]
pub(super) struct Head {
    device: Option<DeviceFact>,
}

impl Reader for Head {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        if let Some(at) = line.strip_prefix("== dumpstate: ").and_then(wall) {
            self.device().acquired = Some(at);
        } else if let Some(build) = line.strip_prefix("Build: ") {
            self.device().build = Some(clip(build.trim()).to_owned());
        }
        if !line.contains("androidboot.") {
            return Flow::Continue(());
        }
        let line = line.replace(" = ", "=");
        for (name, key) in [
            ("verifiedbootstate", "androidboot.verifiedbootstate="),
            ("device_state", "androidboot.vbmeta.device_state="),
            ("flash.locked", "androidboot.flash.locked="),
            ("selinux", "androidboot.selinux="),
        ] {
            if let Some(value) = value(&line, key) {
                super::getprop::boot_sign(name, value.trim_matches('"'), out)?;
            }
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        match self.device.take() {
            Some(device) => out.says(crate::Says::Device(device)),
            None => Flow::Continue(()),
        }
    }
}

impl Head {
    fn device(&mut self) -> &mut DeviceFact {
        self.device.get_or_insert_with(|| DeviceFact::new(Platform::Android))
    }
}
