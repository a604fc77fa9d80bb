//! Tables of resolvers: which components answer which intents.
//!
//! Two forms. With filters (one app, or `-f`): `hash component filter hash [permission …]`, below it the
//! filter's actions and categories. Without: `hash component`, perhaps `(N filters)`, under each action, and
//! no categories: then it is known which activities can be a start, not which have an icon. MVT reads the
//! second form only (facts of 2026).

use std::collections::{HashMap, HashSet};

use super::super::words::{Component, indent};
use super::super::{Out, Spot};
use crate::{AppSays, Flow, ServiceState};

/// Most activities that can be a start, and most things said once that are remembered.
const REMEMBERED_MOST: usize = 100_000;

/// One of the tables.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Activities,
    Receivers,
    Services,
}

/// Intents whose receivers are told.
const RECEIVED: &[&str] = &[
    "android.provider.Telephony.SMS_RECEIVED",
    "android.provider.Telephony.SMS_DELIVER",
    "android.provider.Telephony.WAP_PUSH_RECEIVED",
    "android.provider.Telephony.WAP_PUSH_DELIVER",
    "android.provider.Telephony.SECRET_CODE",
    "android.telephony.action.SECRET_CODE",
    "android.intent.action.DATA_SMS_RECEIVED",
    "android.intent.action.NEW_OUTGOING_CALL",
    "android.intent.action.PHONE_STATE",
    "android.intent.action.BOOT_COMPLETED",
    "android.intent.action.LOCKED_BOOT_COMPLETED",
    "android.intent.action.QUICKBOOT_POWERON",
];

const ADMIN: &str = "android.app.action.DEVICE_ADMIN_ENABLED";
const START: &str = "android.intent.action.MAIN";

/// Activities of one app that start it.
#[derive(Default)]
pub(super) struct Starts {
    /// Those of the category that puts an icon into the list of apps.
    pub(super) launchers: Vec<String>,
    /// All that answer a start.
    pub(super) mains: Vec<String>,
}

/// What the tables told.
#[derive(Default)]
pub(super) struct Resolvers {
    seen: [bool; 3],
    has_categories: bool,
    is_cut: bool,
    components: u64,
    /// Whether the keys of the group that is read are actions.
    keys_are_actions: bool,
    action: Option<&'static str>,
    component: Option<(Component, Spot)>,
    starts: HashMap<String, Starts>,
    remembered: usize,
    said: HashSet<(&'static str, Component)>,
}

impl Resolvers {
    pub(super) fn begin(&mut self, table: Table) {
        if let Some(seen) = self.seen.get_mut(table as usize) {
            *seen = true;
        }
        (self.action, self.component, self.keys_are_actions) = (None, None, false);
    }

    /// Whether this table was there.
    pub(super) fn has(&self, table: Table) -> bool {
        self.seen.get(table as usize).copied().unwrap_or(false)
    }

    /// Whether any table was there.
    pub(super) fn any(&self) -> bool {
        self.seen.contains(&true)
    }

    /// Whether the categories of activities are shown: without them nothing says that an app has no icon.
    pub(super) fn has_categories(&self) -> bool {
        self.has_categories || !self.has(Table::Activities)
    }

    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    pub(super) fn components(&self) -> u64 {
        self.components
    }

    /// What starts an app.
    pub(super) fn starts(&self, package: &str) -> Option<&Starts> {
        self.starts.get(package)
    }

    /// A line of a table.
    pub(super) fn line(&mut self, table: Table, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        if let Some(action) = quoted(text, "Action: \"") {
            return self.answer(table, action, out);
        }
        if let Some(category) = quoted(text, "Category: \"") {
            self.category(table, category);
            return Flow::Continue(());
        }
        if let Some((hash, rest)) = text.split_once(' ')
            && rest.contains('/')
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            return self.component(table, rest, out);
        }
        if let Some(key) = text.strip_suffix(':') {
            if indent(line) <= 3 {
                self.keys_are_actions = matches!(key, "Non-Data Actions" | "MIME Typed Actions");
                (self.action, self.component) = (None, None);
            } else if !key.contains(' ') {
                self.component = None;
                self.action = if self.keys_are_actions { known(table, key) } else { None };
            }
        }
        Flow::Continue(())
    }

    /// A component under a key.
    fn component(&mut self, table: Table, rest: &str, out: &mut Out<'_>) -> Flow {
        let mut words = rest.split(' ');
        self.component = words.next().and_then(Component::parse).map(|found| (found, out.here()));
        self.components = self.components.saturating_add(1);
        match self.action {
            Some(action) => self.say(table, action, out),
            None => Flow::Continue(()),
        }
    }

    /// An action of the filter that is open.
    fn answer(&mut self, table: Table, action: &str, out: &mut Out<'_>) -> Flow {
        match known(table, action) {
            Some(action) => self.say(table, action, out),
            None => Flow::Continue(()),
        }
    }

    fn category(&mut self, table: Table, category: &str) {
        self.has_categories |= table == Table::Activities;
        let icon = matches!(
            category,
            "android.intent.category.LAUNCHER" | "android.intent.category.LEANBACK_LAUNCHER"
        );
        if table != Table::Activities || !icon || self.action != Some(START) {
            return;
        }
        let Some((component, _)) = &self.component else { return };
        if let Some(starts) = self.starts.get_mut(&component.package)
            && !starts.launchers.contains(&component.class)
            && starts.launchers.len() < starts.mains.len()
        {
            starts.launchers.push(component.class.clone());
        }
    }

    /// Says that the component that is open answers an action; once.
    fn say(&mut self, table: Table, action: &'static str, out: &mut Out<'_>) -> Flow {
        let Some((component, spot)) = &self.component else { return Flow::Continue(()) };
        if table == Table::Activities {
            self.start();
            return Flow::Continue(());
        }
        if self.said.len() >= REMEMBERED_MOST {
            self.is_cut = true;
            return Flow::Continue(());
        }
        if !self.said.insert((action, component.clone())) {
            return Flow::Continue(());
        }
        let (state, full) = (ServiceState::Installed, component.text());
        let says = match action {
            ADMIN => AppSays::Admin { component: full, state },
            "android.accessibilityservice.AccessibilityService" => {
                AppSays::Accessibility { component: full, state }
            }
            "android.service.notification.NotificationListenerService" => {
                AppSays::NotificationListener { component: full, state }
            }
            "android.view.InputMethod" => AppSays::InputMethod { component: full, state },
            _ => AppSays::Receives(action.to_owned()),
        };
        out.app_at(*spot, &component.package, None, says)
    }

    /// The activity that is open can be a start.
    fn start(&mut self) {
        let Some((component, _)) = &self.component else { return };
        if self.remembered >= REMEMBERED_MOST {
            self.is_cut = true;
            return;
        }
        let starts = self.starts.entry(component.package.clone()).or_default();
        // More than a hundred starts have a handful of apps; then one missing changes nothing.
        if starts.mains.len() < 100 && !starts.mains.contains(&component.class) {
            starts.mains.push(component.class.clone());
            self.remembered = self.remembered.saturating_add(1);
        }
    }
}

/// The action, if this table's components are told for it.
fn known(table: Table, action: &str) -> Option<&'static str> {
    const SERVICES: &[&str] = &[
        "android.accessibilityservice.AccessibilityService",
        "android.service.notification.NotificationListenerService",
        "android.view.InputMethod",
    ];
    let among: &[&str] = match table {
        Table::Activities => &[START],
        Table::Receivers if action == ADMIN => &[ADMIN],
        Table::Receivers => RECEIVED,
        Table::Services => SERVICES,
    };
    among.iter().copied().find(|known| *known == action)
}

/// What stands in quotes after a key.
fn quoted<'l>(text: &'l str, key: &str) -> Option<&'l str> {
    text.strip_prefix(key)?.strip_suffix('"')
}
