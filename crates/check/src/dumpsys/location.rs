//! Who asked for the location, how much of it while not in front, and whether it is faked.
//!
//! `Historical Aggregate Location Provider Data:` with durations (AOSP 12 to 15): an app whose requests were
//! active longer than they were in front used it behind. Before: `Historical Records by Provider:` (AOSP 8 to
//! 11) names the apps without that. A provider marked `[mock]`, or a list of mock providers, becomes a
//! setting of the space `location`. Deliberately not read: positions, satellites, event logs.

use super::words::{between, clip, duration_ms, indent, is_package, user_of_uid};
use super::{Out, Reader, Section};
use crate::{AppSays, Flow, Question, Use, UseKind};

pub(super) struct Locations;

impl Section for Locations {
    fn names(&self) -> &'static [&'static str] {
        &["location"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["Location Manager State:", "Current Location Manager state:"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::SensorUse]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<State>::default()
    }
}

/// The list that is read.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum List {
    #[default]
    Other,
    Aggregate,
    Records,
    Mocks,
}

#[derive(Default)]
struct State {
    list: List,
    /// How far the list's heading is indented.
    least: usize,
    provider: String,
    began: bool,
    requests: u64,
}

impl Reader for State {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        self.began |=
            text.starts_with("Location Manager State") || text.starts_with("Current Location Manager state");
        let list = match text {
            "Historical Aggregate Location Provider Data:" => Some(List::Aggregate),
            "Historical Records by Provider:" => Some(List::Records),
            "Mock Providers:" => Some(List::Mocks),
            _ => None,
        };
        if let Some(list) = list {
            (self.list, self.least, self.began) = (list, indent(line), true);
            return Flow::Continue(());
        }
        if let Some(provider) = text.strip_suffix(" provider [mock]:") {
            return out.setting("location", "mock-provider", provider);
        }
        if text.is_empty() || indent(line) <= self.least {
            self.list = List::Other;
        }
        match self.list {
            List::Other => Flow::Continue(()),
            List::Mocks => match text.split([' ', ':']).next() {
                Some(name) if !name.is_empty() && indent(line) <= self.least.saturating_add(4) => {
                    out.setting("location", "mock-provider", name)
                }
                _ => Flow::Continue(()),
            },
            List::Aggregate => self.aggregate(text, out),
            List::Records => self.record(text, out),
        }
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if !self.began {
            return out.not_understood("the state of the location manager");
        }
        // Only where the location is concerned: app operations answer the whole question.
        out.looked_partly(Question::SensorUse, self.requests)
    }
}

impl State {
    /// `gps:` or `10311/com.example[tag]: min/max interval = …, total/active/foreground duration = a/b/c, …`.
    fn aggregate(&mut self, text: &str, out: &mut Out<'_>) -> Flow {
        if let Some(provider) = text.strip_suffix(':').filter(|name| !name.contains('/')) {
            clip(provider).clone_into(&mut self.provider);
            return Flow::Continue(());
        }
        let Some((uid, rest)) = text.split_once('/') else { return Flow::Continue(()) };
        let package = rest.split(['[', ':']).next().unwrap_or_default();
        if !is_package(package) {
            return Flow::Continue(());
        }
        self.requests = self.requests.saturating_add(1);
        let durations = between(text, "total/active/foreground duration = ", ",");
        let mut durations = durations.unwrap_or_default().split('/').skip(1).map(duration_ms);
        let background = match (durations.next().flatten(), durations.next().flatten()) {
            // Some milliseconds between two clocks are no use behind.
            (Some(active), Some(foreground)) => Some(active.saturating_sub(foreground) >= 1000),
            _ => None,
        };
        let used = Use { kind: UseKind::Location, name: self.provider.clone(), at: None, background };
        out.app_of(package, user_of_uid(uid), AppSays::Used(used))
    }

    /// `com.example: gps: Interval 1 seconds: …`.
    fn record(&mut self, text: &str, out: &mut Out<'_>) -> Flow {
        let mut words = text.split(": ");
        let (Some(package), Some(provider), Some(_)) = (words.next(), words.next(), words.next()) else {
            return Flow::Continue(());
        };
        if !is_package(package) {
            return Flow::Continue(());
        }
        self.requests = self.requests.saturating_add(1);
        let name = clip(provider).to_owned();
        let used = Use { kind: UseKind::Location, name, at: None, background: None };
        out.app(package, AppSays::Used(used))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Wholly;
    use crate::dumpsys::testing::{apps, looked, read_section, settings};

    #[test]
    fn used_behind_and_in_front() {
        let text = "Location Manager State:\n  Location Providers:\n    gps provider [mock]:\n      \
            enabled=true\n  \
                    Historical Aggregate Location Provider Data:\n    gps:\n      10311/com.example.watch: \
                    min/max interval = \
                    0s/1s, total/active/foreground duration = +15h/+15h0m0s163ms/+40m41s545ms, locations = \
                    163\n      \
                    1010312/com.example.map[tag]: min/max interval = 0s/1s, total/active/foreground \
                    duration = \
                    +6m49s118ms/+6m49s117ms/+6m49s118ms, locations = 2\n  GNSS Manager:\n    \
                    com.example.no: x: y\n";
        let kept = read_section(&Locations, text);
        let behind: Vec<(String, Option<u32>, Option<bool>)> = apps(&kept)
            .into_iter()
            .map(|(id, user, says)| match says {
                AppSays::Used(used) => (id, user, used.background),
                _ => panic!("not a use"),
            })
            .collect();
        assert_eq!(
            behind,
            [
                ("com.example.watch".to_owned(), Some(0), Some(true)),
                ("com.example.map".to_owned(), Some(10), Some(false)),
            ]
        );
        assert_eq!(settings(&kept), [("location".to_owned(), "mock-provider".to_owned(), "gps".to_owned())]);
        assert_eq!(looked(&kept), [(Question::SensorUse, Wholly::No, 2)]);
    }

    #[test]
    fn records_of_older_versions() {
        let text = "Current Location Manager state:\n  Historical Records by Provider:\n    \
            com.example.watch: gps: Interval 1 \
                    seconds: Duration requested 3 out of the last 5 minutes\n  Last Known Locations:\n";
        let found = apps(&read_section(&Locations, text));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "com.example.watch");
    }
}
