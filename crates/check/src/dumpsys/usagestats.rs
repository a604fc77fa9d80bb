//! When each app was last used.
//!
//! `package=NAME … lastTimeUsed="…"` in the tables of a day, a week, a month and a year (AOSP 8 to 15); the
//! latest of them counts. A moment in 1970 stands for never. Deliberately not read: single events (they show
//! a person's day hour by hour), notifications, standby buckets.

use std::collections::BTreeMap;

use model::record::TimeReading;

use super::words::{between, is_package, user_number, value, wall};
use super::{Out, Reader, Section, Spot};
use crate::{AppSays, Flow, Question};

/// Most apps.
const APPS_MOST: usize = 20_000;

pub(super) struct UsageStats;

impl Section for UsageStats {
    fn names(&self) -> &'static [&'static str] {
        &["usagestats"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["Last 24 hour events (timeRange="]
    }

    fn answers(&self) -> &'static [Question] {
        &[]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Apps>::default()
    }
}

#[derive(Default)]
struct Apps {
    user: Option<u32>,
    used: BTreeMap<(String, Option<u32>), (TimeReading, Spot)>,
}

impl Reader for Apps {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        if let Some(user) = text.strip_prefix("user=") {
            self.user = user_number(user).or(self.user);
            return Flow::Continue(());
        }
        let Some(rest) = text.strip_prefix("package=") else { return Flow::Continue(()) };
        let Some(at) = between(rest, "lastTimeUsed=\"", "\"").and_then(wall) else {
            return Flow::Continue(());
        };
        let Some(package) = value(text, "package=").filter(|name| is_package(name)) else {
            return Flow::Continue(());
        };
        let key = (package.to_owned(), self.user);
        let here = out.here();
        if let Some(known) = self.used.get_mut(&key) {
            if known.0.first_ms < at.first_ms {
                *known = (at, here);
            }
        } else if self.used.len() < APPS_MOST {
            self.used.insert(key, (at, here));
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        for ((package, user), (at, spot)) in std::mem::take(&mut self.used) {
            out.app_at(spot, &package, user, AppSays::Ran(Some(at)))?;
        }
        Flow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{apps, read_section};

    #[test]
    fn the_latest_use_counts_and_never_is_none() {
        let text = "user=0\n  Last 24 hour events (timeRange=\"x\")\n    time=\"2022-03-29 11:00:01\" \
            type=RESUMED \
                    package=com.example.a class=b\n  In-memory daily stats\n    package=com.example.a \
                    totalTimeUsed=\"07:08\" \
                    lastTimeUsed=\"2022-03-29 22:58:15\" totalTimeVisible=\"1\"\n    package=com.example.b \
                    totalTimeUsed=\"00:00\" \
                    lastTimeUsed=\"1970-01-01 01:00:00\"\n  In-memory weekly stats\n    \
                    package=com.example.a \
                    lastTimeUsed=\"2022-03-20 22:58:15\"\n";
        let found = apps(&read_section(&UsageStats, text));
        assert_eq!(found, [("com.example.a".to_owned(), Some(0), AppSays::Ran(wall("2022-03-29 22:58:15")))]);
    }
}
