//! Apps that the system never puts to sleep because somebody said so.
//!
//! `Whitelist user apps:` of the service that puts the phone to rest (AOSP 8 to 15). The system's own lists
//! (`system apps`, `except idle`) come with the build and are counted only. Deliberately not read: temporary
//! exemptions, numbers of apps without names.

use super::words::{indent, is_package};
use super::{Out, Reader, Section};
use crate::{AppSays, Flow, Question};

pub(super) struct DeviceIdle;

impl Section for DeviceIdle {
    fn names(&self) -> &'static [&'static str] {
        &["deviceidle"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["Whitelist (except idle) system apps:", "Whitelist system apps:"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::BatteryExemption]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Lists>::default()
    }
}

/// Whose list it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    System,
    User,
}

#[derive(Default)]
struct Lists {
    list: Option<List>,
    began: bool,
    apps: u64,
}

impl Reader for Lists {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        if indent(line) < 4 {
            self.list = match text {
                "Whitelist user apps:" | "Allowlist user apps:" => Some(List::User),
                _ if text.ends_with("system apps:") => Some(List::System),
                _ => None,
            };
            self.began |=
                self.list.is_some() || text.ends_with(" app ids:") || text.starts_with("mLightEnabled=");
            return Flow::Continue(());
        }
        let Some(list) = self.list.filter(|_| is_package(text)) else { return Flow::Continue(()) };
        self.apps = self.apps.saturating_add(1);
        match list {
            List::User => out.app(text, AppSays::BatteryExempt),
            List::System => Flow::Continue(()),
        }
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if !self.began {
            return out.not_understood("lists of apps in deviceidle");
        }
        out.looked(Question::BatteryExemption, self.apps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Wholly;
    use crate::dumpsys::testing::{apps, looked, read_section};

    #[test]
    fn only_what_was_added_is_exempt() {
        let text = "  Settings:\n    light_after_inactive_to=+4m0s0ms\n  Whitelist (except idle) system \
            apps:\n    \
                    com.example.sys\n  Whitelist system apps:\n    com.example.sys\n  Whitelist user \
                    apps:\n    \
                    com.example.watch\n  Whitelist (except idle) all app ids:\n    1000\n";
        let kept = read_section(&DeviceIdle, text);
        assert_eq!(apps(&kept), [("com.example.watch".to_owned(), None, AppSays::BatteryExempt)]);
        assert_eq!(looked(&kept), [(Question::BatteryExemption, Wholly::Yes, 3)]);
    }
}
