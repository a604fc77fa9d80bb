//! Device administrators, owners of the device and of profiles, and what they switched off.
//!
//! `Device Owner:` and `Profile Owner (User N):` with `admin=ComponentInfo{…}`, `Enabled Device Admins (User
//! N, …):` with one component a block (AOSP 8 to 15). Restrictions and disabled features become settings of
//! the space `device_policy`. Deliberately not read: password rules, lists of packages.

use super::words::{Component, between, clip, indent, user_number};
use super::{Out, Reader, Section};
use crate::{AppSays, Flow, Question, ServiceState, Setting};

pub(super) struct DevicePolicy;

impl Section for DevicePolicy {
    fn names(&self) -> &'static [&'static str] {
        &["device_policy"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["Current Device Policy Manager state:"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::DeviceAdmin]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Policies>::default()
    }
}

/// The block that is read.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Block {
    #[default]
    Other,
    DeviceOwner,
    ProfileOwner,
    Admins,
}

#[derive(Default)]
struct Policies {
    block: Block,
    user: Option<u32>,
    admin: Option<Component>,
    began: bool,
    admins: u64,
    /// Whether the lines are names of restrictions, and how far those are indented at least.
    restrictions: Option<usize>,
}

/// Features that an administrator can switch off, with the value that says it did.
const SWITCHED_OFF: &[&str] = &[
    "disableCamera=true",
    "disableScreenCapture=true",
    "disableCallerId=true",
    "disableContactsSearch=true",
    "disableBluetoothContactSharing=true",
    "mFactoryResetProtectionPolicy=true",
    "mAlwaysOnVpnLockdown=true",
    "forceEphemeralUsers=true",
    "isNetworkLoggingEnabled=true",
];

impl Reader for Policies {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        self.began |= text == "Current Device Policy Manager state:";
        if text.starts_with("Device Owner:") {
            self.open(Block::DeviceOwner, None);
        } else if let Some(rest) = text.strip_prefix("Profile Owner (User ") {
            self.open(Block::ProfileOwner, user_number(rest));
        } else if let Some(rest) = text.strip_prefix("Enabled Device Admins (User ") {
            self.open(Block::Admins, user_number(rest));
        } else if let Some(rest) = text.strip_prefix("User ID: ").filter(|_| self.block == Block::DeviceOwner)
        {
            self.user = user_number(rest);
        } else if let Some(info) = text.strip_prefix("admin=").and_then(Component::parse) {
            return self.owner(&info, out);
        } else if self.block == Block::Admins {
            return self.admin(line, text, out);
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if !self.began {
            return out.not_understood("the state of the device policy manager");
        }
        out.looked(Question::DeviceAdmin, self.admins)
    }
}

impl Policies {
    fn open(&mut self, block: Block, user: Option<u32>) {
        (self.began, self.block, self.user) = (true, block, user);
        (self.admin, self.restrictions) = (None, None);
    }

    fn owner(&mut self, admin: &Component, out: &mut Out<'_>) -> Flow {
        let says = match self.block {
            Block::DeviceOwner => AppSays::DeviceOwner,
            Block::ProfileOwner => AppSays::ProfileOwner,
            // Some builds name administrators this way too.
            Block::Admins => return self.found(admin.clone(), out),
            Block::Other => return Flow::Continue(()),
        };
        self.admins = self.admins.saturating_add(1);
        out.app_of(&admin.package, self.user, says)
    }

    /// A line below `Enabled Device Admins`.
    fn admin(&mut self, line: &str, text: &str, out: &mut Out<'_>) -> Flow {
        if let Some(component) = text.strip_suffix(':').and_then(Component::parse) {
            return self.found(component, out);
        }
        let Some(admin) = &self.admin else { return Flow::Continue(()) };
        if SWITCHED_OFF.contains(&text) {
            let name = text.split('=').next().unwrap_or_default();
            return out.setting("device_policy", name, &admin.package);
        }
        if text.starts_with("userRestrictions:") {
            self.restrictions = Some(indent(line));
        } else if let Some(least) = self.restrictions {
            let is_name = text.starts_with("no_") || text.starts_with("disallow_");
            if indent(line) <= least || text.contains(' ') || !is_name {
                self.restrictions = None;
            } else {
                let (space, value) = ("device_policy".to_owned(), admin.package.clone());
                return out.says(Setting { space, name: clip(text).to_owned(), value });
            }
        } else if let Some(packages) =
            text.strip_prefix("mAlwaysOnVpnPackage=").filter(|name| *name != "null")
        {
            return out.setting("device_policy", "always_on_vpn", packages);
        } else if let Some(host) = between(text, "globalProxySpec=", " ").filter(|host| *host != "null") {
            return out.setting("device_policy", "global_proxy", host);
        }
        Flow::Continue(())
    }

    fn found(&mut self, component: Component, out: &mut Out<'_>) -> Flow {
        self.admins = self.admins.saturating_add(1);
        self.restrictions = None;
        let says = AppSays::Admin { component: component.text(), state: ServiceState::Enabled };
        out.app_of(&component.package, self.user, says)?;
        self.admin = Some(component);
        Flow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Wholly;
    use crate::dumpsys::testing::{apps, looked, read_section, settings};

    const TEXT: &str = "Current Device Policy Manager state:\n  Immutable state:\n    \
        mHasFeature=true\n\n  Device Owner:\n    \
        admin=ComponentInfo{com.example.mdm/com.example.mdm.Admin}\n    name=\n    \
        package=com.example.mdm\n    User ID: 0\n\n  \
        Profile Owner (User 10):\n    admin=ComponentInfo{com.example.work/.A}\n\n  Enabled Device Admins \
        (User 0, \
        provisioningState: 3):\n    com.example.watch/.receivers.DeviceAdmin:\n      uid=10155\n      \
        policies:\n        \
        force-lock\n      disableCamera=true\n      userRestrictions:\n        no_factory_reset\n        \
        no_add_user\n      \
        passwordQuality=0x0\n    com.example.mdm/com.example.mdm.Admin:\n      uid=10156\n\n  Enabled \
        Device Admins (User 10, \
        provisioningState: 0):\n";

    #[test]
    fn owners_administrators_and_restrictions() {
        let kept = read_section(&DevicePolicy, TEXT);
        let found = apps(&kept);
        let admin = |component: &str| AppSays::Admin {
            component: component.to_owned(),
            state: ServiceState::Enabled,
        };
        assert_eq!(
            found,
            [
                ("com.example.mdm".to_owned(), None, AppSays::DeviceOwner),
                ("com.example.work".to_owned(), Some(10), AppSays::ProfileOwner),
                (
                    "com.example.watch".to_owned(),
                    Some(0),
                    admin("com.example.watch/com.example.watch.receivers.DeviceAdmin")
                ),
                ("com.example.mdm".to_owned(), Some(0), admin("com.example.mdm/com.example.mdm.Admin")),
            ]
        );
        let names: Vec<String> = settings(&kept).into_iter().map(|(_, name, _)| name).collect();
        assert_eq!(names, ["disableCamera", "no_factory_reset", "no_add_user"]);
        assert_eq!(looked(&kept), [(Question::DeviceAdmin, Wholly::Yes, 4)]);
    }
}
