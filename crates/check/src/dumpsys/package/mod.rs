//! Installed apps: where they come from, what they may, what they listen to, whether they show an icon.
//!
//! The dump of the package manager (AOSP 8 to 15), of the whole device or of one app. Tables of resolvers are
//! read in `resolver` in both their forms, packages in `listed`. A dump of one app does not answer for the
//! device: it says that it looked only in part. Deliberately not read: libraries, features, queries, keys,
//! hashes of signatures (32 bits of Java's own hash: no fingerprint).

mod listed;
mod resolver;

use super::{Out, Reader, Section};
use crate::{Flow, Question};
use listed::Listed;
use resolver::{Resolvers, Table};

/// Packages that only a dump of the whole device has.
const WHOLE_DEVICE_PACKAGES: u64 = 20;

pub(super) struct Packages;

impl Section for Packages {
    fn names(&self) -> &'static [&'static str] {
        &["package"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &[
            "Activity Resolver Table:",
            "Receiver Resolver Table:",
            "Service Resolver Table:",
            "Database versions:",
            "Known Packages:",
            "Verifiers:",
            "Packages:",
        ]
    }

    fn answers(&self) -> &'static [Question] {
        &[
            Question::Apps,
            Question::HiddenApps,
            Question::Permissions,
            Question::CallAndSmsReceivers,
            Question::RemovedApps,
        ]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Dump>::default()
    }
}

/// The part of the dump that is read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Other,
    Table(Table),
    Packages,
    SharedUsers,
}

#[derive(Default)]
struct Dump {
    part: Part,
    resolvers: Resolvers,
    listed: Listed,
    /// Whether a part was seen that only a dump of the whole device has.
    is_whole_device: bool,
    has_packages: bool,
}

impl Reader for Dump {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        if line.is_empty() {
            return Flow::Continue(());
        }
        if !line.starts_with([' ', '\t']) {
            self.listed.end_block(&self.resolvers, out)?;
            self.part = self.heading(line.trim_end());
            return Flow::Continue(());
        }
        match self.part {
            Part::Other => Flow::Continue(()),
            Part::Table(table) => self.resolvers.line(table, line, out),
            Part::Packages => self.listed.line(line, &self.resolvers, out),
            Part::SharedUsers => self.listed.shared_user(line, out),
        }
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        self.listed.end_block(&self.resolvers, out)?;
        if self.listed.is_cut() || self.resolvers.is_cut() {
            out.not_whole();
        }
        if !self.has_packages && !self.resolvers.any() {
            return out.not_understood("tables of resolvers or packages");
        }
        let count = self.listed.count();
        let whole = self.is_whole_device || count >= WHOLE_DEVICE_PACKAGES;
        if self.has_packages {
            for question in [Question::Apps, Question::Permissions] {
                say(question, whole, count, out)?;
            }
            out.looked_partly(Question::RemovedApps, count)?;
        }
        if self.resolvers.has(Table::Receivers) {
            say(Question::CallAndSmsReceivers, whole, self.resolvers.components(), out)?;
        }
        if self.has_packages && self.resolvers.any() {
            // Without filters it is not told which activities have an icon, only which could have one.
            say(Question::HiddenApps, whole && self.resolvers.has_categories(), count, out)?;
        }
        Flow::Continue(())
    }
}

impl Dump {
    fn heading(&mut self, line: &str) -> Part {
        match line {
            "Activity Resolver Table:" => self.table(Table::Activities),
            "Receiver Resolver Table:" => self.table(Table::Receivers),
            "Service Resolver Table:" => self.table(Table::Services),
            "Packages:" => {
                self.has_packages = true;
                Part::Packages
            }
            "Shared users:" => Part::SharedUsers,
            "Database versions:" | "Known Packages:" | "Verifiers:" | "Libraries:" | "Features:" => {
                self.is_whole_device = true;
                Part::Other
            }
            _ => Part::Other,
        }
    }

    fn table(&mut self, table: Table) -> Part {
        self.resolvers.begin(table);
        Part::Table(table)
    }
}

fn say(question: Question, whole: bool, entries: u64, out: &mut Out<'_>) -> Flow {
    if whole { out.looked(question, entries) } else { out.looked_partly(question, entries) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{apps, looked, read_section};
    use crate::{AppOrigin, AppSays, Grant, ServiceState, Wholly};

    const FILTERS: &str = include_str!("../../../fixtures/android_dumpsys/package_one_app/package.txt");
    const DEVICE: &str = include_str!("../../../fixtures/android_dumpsys/package_device/package.txt");

    fn of(found: &[(String, Option<u32>, AppSays)], id: &str) -> Vec<(Option<u32>, AppSays)> {
        found.iter().filter(|(app, ..)| app == id).map(|(_, user, says)| (*user, says.clone())).collect()
    }

    #[test]
    fn one_app_with_filters() {
        let kept = read_section(&Packages, FILTERS);
        let app: Vec<AppSays> =
            of(&apps(&kept), "com.example.watch").into_iter().map(|(_, says)| says).collect();
        let has = |says: &AppSays| app.contains(says);
        assert!(has(&AppSays::Receives("android.provider.Telephony.SMS_RECEIVED".to_owned())));
        assert!(has(&AppSays::Receives("android.intent.action.BOOT_COMPLETED".to_owned())));
        let component = |class: &str| format!("com.example.watch/com.example.watch{class}");
        let state = ServiceState::Installed;
        assert!(has(&AppSays::Admin { component: component(".Admin"), state }));
        assert!(has(&AppSays::Accessibility { component: component(".Access"), state }));
        assert!(has(&AppSays::NotificationListener { component: component(".Listener"), state }));
        assert!(has(&AppSays::InputMethod { component: component(".Keys"), state }));
        assert!(has(&AppSays::Installed(AppOrigin::Added)));
        assert!(has(&AppSays::Installer(None)));
        assert!(has(&AppSays::Version("1.4.0".to_owned())));
        let permission = |name: &str, grant| {
            has(&AppSays::Permission { name: format!("android.permission.{name}"), grant })
        };
        assert!(permission("READ_SMS", Grant::Given) && permission("CAMERA", Grant::Refused));
        assert!(permission("INTERNET", Grant::Given) && permission("SYSTEM_ALERT_WINDOW", Grant::Asked));
        // Its only activity with an icon was switched off.
        assert!(has(&AppSays::NoIcon) && !has(&AppSays::HasIcon));
        assert!(looked(&kept).iter().all(|(_, wholly, _)| *wholly == Wholly::No));
    }

    #[test]
    fn a_device_without_filters() {
        let kept = read_section(&Packages, DEVICE);
        let found = apps(&kept);
        let says = |id: &str| of(&found, id);
        assert!(says("com.example.chat").contains(&(Some(0), AppSays::Installed(AppOrigin::Added))));
        assert!(
            says("com.example.chat")
                .contains(&(None, AppSays::Installer(Some("com.android.vending".to_owned()))))
        );
        assert!(!says("com.example.chat").iter().any(|(_, says)| *says == AppSays::NoIcon));
        assert!(says("com.example.hidden").contains(&(Some(0), AppSays::NoIcon)));
        assert!(says("com.example.hidden").contains(&(Some(10), AppSays::NoIcon)));
        assert!(
            says("com.example.factory").contains(&(Some(0), AppSays::Installed(AppOrigin::FactoryUpdated)))
        );
        assert!(says("com.example.factory").contains(&(Some(0), AppSays::Off)));
        assert!(says("com.example.removed").iter().any(|(_, says)| matches!(says, AppSays::Removed(None))));
        let first = says("com.example.hidden").into_iter().find_map(|(user, says)| match says {
            AppSays::FirstInstalled(at) => Some((user, at.raw)),
            _ => None,
        });
        assert_eq!(first, Some((Some(0), "2023-02-03 04:05:06".to_owned())));
        // Permissions that a shared user holds count for each of its packages.
        let shared =
            AppSays::Permission { name: "android.permission.READ_CONTACTS".to_owned(), grant: Grant::Given };
        assert!(says("com.example.shared").contains(&(Some(0), shared)));
        let looked = looked(&kept);
        assert!(looked.contains(&(Question::Apps, Wholly::Yes, 5)));
        assert!(looked.contains(&(Question::HiddenApps, Wholly::No, 5)));
    }

    #[test]
    fn cut_anywhere_it_says_less_and_never_more() {
        let all = apps(&read_section(&Packages, FILTERS)).len();
        for end in (0..FILTERS.len()).step_by(97) {
            let Some(text) = FILTERS.get(..end) else { continue };
            assert!(apps(&read_section(&Packages, text)).len() <= all.saturating_add(2));
        }
    }
}
