//! Apps that read all notifications: which were allowed to, and which do.
//!
//! Of `Notification listeners:` the lists `Allowed … (user: N …)`, `All … enabled for current profiles` and
//! `Live …` (AOSP 8 to 15). Deliberately not read: notifications themselves (they are content), assistants,
//! rules of silence.

use std::collections::BTreeMap;

use super::words::{Component, components, user_number};
use super::{Out, Reader, Section, Spot};
use crate::{AppSays, Flow, Question, ServiceState};

/// Most listeners.
const LISTENERS_MOST: usize = 2_000;

pub(super) struct Notifications;

impl Section for Notifications {
    fn names(&self) -> &'static [&'static str] {
        &["notification"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["Current Notification Manager state:"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::NotificationListeners]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Listeners>::default()
    }
}

/// The list that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Allowed,
    Enabled,
    Live,
}

#[derive(Default)]
struct Listeners {
    list: Option<List>,
    began: bool,
    found: BTreeMap<(Component, Option<u32>), (ServiceState, Spot)>,
}

impl Reader for Listeners {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        let list = if text == "Allowed notification listeners:" {
            Some(List::Allowed)
        } else if text.starts_with("All notification listeners (") {
            Some(List::Enabled)
        } else if text.starts_with("Live notification listeners (") {
            Some(List::Live)
        } else {
            None
        };
        if list.is_some() {
            (self.list, self.began) = (list, true);
            return Flow::Continue(());
        }
        let Some(list) = self.list else { return Flow::Continue(()) };
        let user = |key: &str| text.split_once(key).and_then(|(_, rest)| user_number(rest));
        let (state, user) = match list {
            List::Allowed => (ServiceState::Enabled, user("(user: ").or_else(|| user("userId: "))),
            List::Enabled => (ServiceState::Enabled, None),
            // What belongs to every user is listed with user -1.
            List::Live => (ServiceState::Bound, user("(user ")),
        };
        // The component stands first; what a running one is bound by follows and may look like another.
        let named = text.split(" (user").next().unwrap_or_default();
        let mut any = false;
        for component in components(named).take(LISTENERS_MOST) {
            any = true;
            self.add(component, user, state, out);
        }
        if !any && !text.contains("(user") {
            self.list = None;
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if !self.began {
            return out.not_understood("lists of notification listeners");
        }
        let count = self.found.len() as u64;
        let found = std::mem::take(&mut self.found);
        for ((component, user), (state, spot)) in &found {
            // Of one without a user the line with the user says the same better.
            let better = |known: &(ServiceState, Spot)| known.0 >= *state;
            let first = (component.clone(), Some(0));
            let said = user.is_none()
                && found
                    .range(first..)
                    .next()
                    .is_some_and(|(key, known)| key.0 == *component && better(known));
            if !said {
                let says = AppSays::NotificationListener { component: component.text(), state: *state };
                out.app_at(*spot, &component.package, *user, says)?;
            }
        }
        out.looked(Question::NotificationListeners, count)
    }
}

impl Listeners {
    fn add(&mut self, component: Component, user: Option<u32>, state: ServiceState, out: &mut Out<'_>) {
        let here = out.here();
        if self.found.len() >= LISTENERS_MOST {
            out.not_whole();
            return;
        }
        let known = self.found.entry((component, user)).or_insert((state, here));
        if known.0 < state {
            *known = (state, here);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Wholly;
    use crate::dumpsys::testing::{apps, looked, read_section};

    #[test]
    fn allowed_enabled_and_live() {
        let text = "Current Notification Manager state:\n  Notification List:\n    NotificationRecord(0x1: \
            pkg=com.example.x)\n  \
                    Notification listeners:\n    Allowed notification listeners:\n      \
                    com.example.watch/com.example.watch.L:com.example.car/.Car (user: 0 isPrimary: \
                    true)\n       (user: 0 \
                    isPrimary: false)\n    Has user set:\n    All notification listeners (1) enabled for \
                    current \
                    profiles:\n      ComponentInfo{com.example.watch/com.example.watch.L}\n    Live \
                    notification listeners \
                    (2):\n      ComponentInfo{com.example.watch/com.example.watch.L} (user 0): \
                    android.service.notification.INotificationListener$Stub$Proxy@c1d/x.y\n      \
                    ComponentInfo{com.android.systemui/com.android.systemui.Bar} (user -1): \
                    android.service.notification.Proxy@1 SYSTEM\n    Snoozed notification listeners \
                    (0):\n  Notification \
                    assistants:\n    Live notification assistants (1):\n      \
                    ComponentInfo{com.example.help/.A} (user 0): x\n";
        let kept = read_section(&Notifications, text);
        let found: Vec<(String, Option<u32>, ServiceState)> = apps(&kept)
            .into_iter()
            .map(|(id, user, says)| match says {
                AppSays::NotificationListener { state, .. } => (id, user, state),
                _ => panic!("not a listener"),
            })
            .collect();
        assert_eq!(
            found,
            [
                ("com.android.systemui".to_owned(), None, ServiceState::Bound),
                ("com.example.car".to_owned(), Some(0), ServiceState::Enabled),
                ("com.example.watch".to_owned(), Some(0), ServiceState::Bound),
            ]
        );
        assert_eq!(looked(&kept), [(Question::NotificationListeners, Wholly::Yes, 4)]);
    }
}
