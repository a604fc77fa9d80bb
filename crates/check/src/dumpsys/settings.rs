//! Settings of the system as its provider prints them.
//!
//! `GLOBAL SETTINGS (user 0)` and the like, then `_id:N name:NAME pkg:P value:VALUE default:…` (AOSP 8 to
//! 15). What names services that are switched on (accessibility, notifications, keyboards, VPN) becomes facts
//! about their apps too. Deliberately not read: `CONFIG SETTINGS` (switches of the makers), earlier values.

use super::words::user_number;
use super::{Out, Reader, Section, accessibility};
use crate::{AppSays, Flow, Question, ServiceState, Vpn};

pub(super) struct Settings;

impl Section for Settings {
    fn names(&self) -> &'static [&'static str] {
        &["settings"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["CONFIG SETTINGS (user ", "GLOBAL SETTINGS (user ", "SECURE SETTINGS (user "]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::AppSources]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Spaces>::default()
    }
}

#[derive(Default)]
struct Spaces {
    space: Option<&'static str>,
    user: Option<u32>,
    count: u64,
}

impl Reader for Spaces {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        if let Some((space, user)) = text.split_once(" SETTINGS (user ") {
            self.user = user_number(user);
            self.space = match space {
                "GLOBAL" => Some("global"),
                "SECURE" => Some("secure"),
                "SYSTEM" => Some("system"),
                _ => None,
            };
            return Flow::Continue(());
        }
        let Some(space) = self.space else { return Flow::Continue(()) };
        let Some((name, value)) = setting(text) else { return Flow::Continue(()) };
        self.count = self.count.saturating_add(1);
        out.setting(space, name, value)?;
        if space == "secure" { self.services(name, value, out) } else { Flow::Continue(()) }
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if self.count == 0 {
            return out.not_understood("settings");
        }
        out.looked_half(Question::AppSources, "settings", self.count);
        Flow::Continue(())
    }
}

impl Spaces {
    /// Settings that are lists of services which are switched on.
    fn services(&self, name: &str, value: &str, out: &mut Out<'_>) -> Flow {
        let state = ServiceState::Enabled;
        if name == "always_on_vpn_app" && value != "null" && !value.is_empty() {
            return out.says(Vpn {
                name: super::words::clip(value).to_owned(),
                always: Some(true),
                server: None,
            });
        }
        let known =
            ["enabled_accessibility_services", "enabled_notification_listeners", "enabled_input_methods"];
        if !known.contains(&name) {
            return Flow::Continue(());
        }
        let plain: String = value.split(':').map(|one| one.split(';').next().unwrap_or(one)).fold(
            String::new(),
            |mut list, one| {
                list.push_str(one);
                list.push(':');
                list
            },
        );
        for found in accessibility::of_setting(&plain) {
            let component = found.text();
            let says = match name {
                "enabled_accessibility_services" => AppSays::Accessibility { component, state },
                "enabled_notification_listeners" => AppSays::NotificationListener { component, state },
                _ => AppSays::InputMethod { component, state },
            };
            out.app_of(&found.package, self.user, says)?;
        }
        Flow::Continue(())
    }
}

/// Name and value of a setting; a value may hold spaces.
fn setting(text: &str) -> Option<(&str, &str)> {
    let (_, rest) = text.strip_prefix("_id:")?.split_once(" name:")?;
    let (head, value) = rest.split_once(" value:")?;
    let name = head.split_once(" pkg:").map_or(head, |(name, _)| name);
    let ends = [" default:", " defaultSystemSet:", " tag:"];
    let end = ends.iter().filter_map(|end| value.rfind(end)).min().unwrap_or(value.len());
    Some((name, value.get(..end)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{apps, read_section, settings};

    #[test]
    fn spaces_users_and_services() {
        let text = "CONFIG SETTINGS (user 0)\n_id:1 name:x pkg:android value:1\nGLOBAL SETTINGS (user \
            0)\nversion: 213\n\
                    _id:95 name:adb_enabled pkg:com.android.settings value:1 default:0 \
                    defaultSystemSet:true\n_id:96 \
                    name:device_name pkg:android value:Phone of Mira default:Phone x \
                    defaultSystemSet:true\nSECURE SETTINGS (user \
                    10)\n_id:5 name:enabled_accessibility_services pkg:android \
                    value:com.example.watch/.Svc:com.example.two/.B \
                    tag:null\n_id:6 name:enabled_input_methods pkg:android \
                    value:com.example.keys/.Ime;12;3\n";
        let kept = read_section(&Settings, text);
        let found = settings(&kept);
        assert_eq!(found[0], ("global".to_owned(), "adb_enabled".to_owned(), "1".to_owned()));
        assert_eq!(found[1].2, "Phone of Mira");
        assert_eq!(found.len(), 4);
        let ids: Vec<(String, Option<u32>)> =
            apps(&kept).into_iter().map(|(id, user, _)| (id, user)).collect();
        let id = |id: &str| (id.to_owned(), Some(10));
        assert_eq!(ids, [id("com.example.watch"), id("com.example.two"), id("com.example.keys")]);
    }
}
