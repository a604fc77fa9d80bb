//! Accessibility services: what is installed, switched on, running, crashed, for each user.
//!
//! Three forms: AOSP 8 to 15 name the enabled services in one line and the running ones by their label only;
//! Samsung lists the installed ones with a number each, in older versions the enabled ones too. A running
//! service is known by its label only, so it is matched by counting: if as many run as are enabled and have
//! not crashed, all of those run. Deliberately not read: windows, clients, magnification.

use super::words::{Component, clip, components, leading_number, user_number, value};
use super::{Out, Reader, Section, Spot};
use crate::{AppSays, Flow, Question, ServiceState};

/// Most services of one list of one user.
const SERVICES_MOST: usize = 2_000;

pub(super) struct Accessibility;

impl Section for Accessibility {
    fn names(&self) -> &'static [&'static str] {
        &["accessibility"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["ACCESSIBILITY MANAGER (dumpsys accessibility)"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::Accessibility]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<State>::default()
    }
}

/// A list of services in the dump.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Installed,
    Enabled,
    Bound,
    Binding,
    Crashed,
}

const LISTS: &[(&str, List)] = &[
    ("installed services:", List::Installed),
    ("enabled services:", List::Enabled),
    ("bound services:", List::Bound),
    ("binding services:", List::Binding),
    ("crashed services:", List::Crashed),
];

#[derive(Default)]
struct State {
    user: Option<u32>,
    list: Option<List>,
    installed: Vec<(Component, Spot)>,
    enabled: Vec<(Component, Spot)>,
    /// Enabled, but being started or crashed.
    not_running: Vec<Component>,
    labels: Vec<String>,
    /// How many services the dump says are installed.
    counted: u64,
    users: u64,
    services: u64,
    /// Whether the lists of the last user were all there.
    has_lists: bool,
    not_whole: bool,
}

impl Reader for State {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let line = line.trim();
        if line.starts_with("User state[") {
            self.end_user(out)?;
            self.users = self.users.saturating_add(1);
        }
        if let Some((_, rest)) = line.split_once("attributes:{id=") {
            self.user = user_number(rest);
            let count = value(rest, "installedServiceCount=");
            self.counted = count.and_then(leading_number).unwrap_or(0);
            return Flow::Continue(());
        }
        if self.users == 0 {
            return Flow::Continue(());
        }
        if let Some((list, rest)) = heading(line) {
            self.has_lists |= list == List::Enabled;
            self.list = Some(list);
            self.take(list, rest, out.here());
            // A list in one line ends in it; the bound ones of AOSP go on in the next if a comma is last.
            let goes_on = rest == "{" || (list == List::Bound && !rest.ends_with('}'));
            if !goes_on {
                self.list = None;
            }
        } else if let Some(list) = self.list {
            if line.starts_with('}') || line.contains(":{") {
                self.list = None;
            } else {
                self.take(list, line, out.here());
            }
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if self.users == 0 {
            return out.not_understood("the state of a user in accessibility");
        }
        self.end_user(out)?;
        if self.not_whole {
            out.not_whole();
        }
        out.looked(Question::Accessibility, self.services)
    }
}

impl State {
    fn take(&mut self, list: List, text: &str, here: Spot) {
        let into = match list {
            List::Installed => &mut self.installed,
            List::Enabled => &mut self.enabled,
            List::Binding | List::Crashed => {
                let room = SERVICES_MOST.saturating_sub(self.not_running.len());
                self.not_running.extend(components(text).take(room));
                return;
            }
            List::Bound => {
                let room = SERVICES_MOST.saturating_sub(self.labels.len());
                let labels = text.split("Service[label=").skip(1).take(room);
                self.labels.extend(labels.map(|rest| {
                    let label = rest.split_once(", feedbackType").map_or(rest, |(label, _)| label);
                    clip(label.trim_end_matches(['}', ']'])).to_owned()
                }));
                return;
            }
        };
        let room = SERVICES_MOST.saturating_sub(into.len());
        into.extend(components(text).take(room).map(|component| (component, here)));
        self.not_whole |= into.len() >= SERVICES_MOST;
    }

    /// Says what is known of the services of a user, and forgets it.
    fn end_user(&mut self, out: &mut Out<'_>) -> Flow {
        if self.users == 0 {
            return Flow::Continue(());
        }
        let user = self.user.take();
        let enabled = std::mem::take(&mut self.enabled);
        let installed = std::mem::take(&mut self.installed);
        let not_running = std::mem::take(&mut self.not_running);
        let labels = std::mem::take(&mut self.labels);
        self.list = None;
        self.not_whole |= !std::mem::take(&mut self.has_lists);
        let seen = installed.len().max(enabled.len()) as u64;
        self.services = self.services.saturating_add(seen.max(std::mem::take(&mut self.counted)));

        let runs = |component: &Component| !not_running.contains(component);
        let running = enabled.iter().filter(|(component, _)| runs(component)).count();
        let all_run = running > 0 && running == labels.len();
        for (component, spot) in &enabled {
            let bound = all_run && runs(component);
            let state = if bound { ServiceState::Bound } else { ServiceState::Enabled };
            let says = AppSays::Accessibility { component: component.text(), state };
            out.app_at(*spot, &component.package, user, says)?;
            if let ([label], true, true) = (labels.as_slice(), bound, running == 1) {
                out.app_at(*spot, &component.package, user, AppSays::Name(label.clone()))?;
            }
        }
        let on: std::collections::HashSet<&Component> =
            enabled.iter().map(|(component, _)| component).collect();
        for (component, spot) in installed.iter().filter(|(component, _)| !on.contains(component)) {
            let state = ServiceState::Installed;
            let says = AppSays::Accessibility { component: component.text(), state };
            out.app_at(*spot, &component.package, user, says)?;
        }
        Flow::Continue(())
    }
}

/// The list that a line begins, and what follows in it.
fn heading(line: &str) -> Option<(List, &str)> {
    LISTS.iter().find_map(|(name, list)| {
        let begins = line.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name));
        begins.then(|| (*list, line.get(name.len()..).unwrap_or_default().trim()))
    })
}

/// The components of a setting such as `enabled_accessibility_services`: `a/b:c/d`.
pub(super) fn of_setting(value: &str) -> impl Iterator<Item = Component> + '_ {
    value.split(':').take(SERVICES_MOST).filter_map(Component::parse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{apps, looked, read_section};
    use crate::{Question, Wholly};

    const AOSP: &str = "ACCESSIBILITY MANAGER (dumpsys accessibility)\n\ncurrentUserId=0\nUser state[\n     \
        attributes:{id=0, touchExplorationEnabled=false, installedServiceCount=3}\n     Bound \
        services:{Service[\
        label=Wi-Fi helper, feedbackType[FEEDBACK_SPOKEN], capabilities=1]}\n     Enabled \
        services:{{com.example.\
        watch/com.example.watch.Svc}}\n     Binding services:{}\n     Crashed services:{}\n     Client \
        list info:{\
        \n[com.example.other]}]\nUser state[\n     attributes:{id=10, installedServiceCount=1}\n     Bound \
        services:\
        {}\n     Enabled services:{{com.example.two/.A}, {com.example.three/.B}}\n     Binding \
        services:{}\n     \
        Crashed services:{{com.example.two/.A}}]\n";

    #[test]
    fn two_users_of_aosp() {
        let kept = read_section(&Accessibility, AOSP);
        let found = apps(&kept);
        let bound = AppSays::Accessibility {
            component: "com.example.watch/com.example.watch.Svc".to_owned(),
            state: ServiceState::Bound,
        };
        assert_eq!(found[0], ("com.example.watch".to_owned(), Some(0), bound));
        assert_eq!(found[1].2, AppSays::Name("Wi-Fi helper".to_owned()));
        let state = |at: usize| match &found[at].2 {
            AppSays::Accessibility { state, .. } => *state,
            _ => panic!("not a service"),
        };
        assert_eq!(
            (found[2].1, state(2), state(3)),
            (Some(10), ServiceState::Enabled, ServiceState::Enabled)
        );
        assert_eq!(found.len(), 4);
        assert_eq!(looked(&kept), [(Question::Accessibility, Wholly::Yes, 5)]);
    }

    #[test]
    fn lists_with_numbers_as_samsung_prints_them() {
        let text = "ACCESSIBILITY MANAGER (dumpsys accessibility)\n\nUser state[attributes:{id=0, \
            currentUser=true\n  \
                    mIsBixbyRunning = false\n  }\n  installed services: {\n    0 : com.example.a/.One\n    \
                    1 : \
                    com.example.b/com.example.b.Two  (A11yTool)\n  }\n  enabled services: {\n    0 : \
                    com.example.b/.Two\n  }\n  binding services: {\n  }\n  bound services:{\n    \
                    Service[label=Two, \
                    feedbackType[X]]\n  }\n  AccessibilityInputFilter:{\n  }]\n";
        let kept = read_section(&Accessibility, text);
        let found = apps(&kept);
        assert!(matches!(&found[0].2, AppSays::Accessibility { component, state: ServiceState::Bound }
            if component == "com.example.b/com.example.b.Two"));
        assert!(matches!(&found[2].2, AppSays::Accessibility { state: ServiceState::Installed, .. }));
        assert_eq!(looked(&kept), [(Question::Accessibility, Wholly::Yes, 2)]);
    }

    #[test]
    fn a_cut_state_is_not_whole_and_another_text_says_nothing() {
        let kept = read_section(&Accessibility, &AOSP[..160]);
        assert_eq!(looked(&kept), [(Question::Accessibility, Wholly::No, 3)]);
        let kept = read_section(&Accessibility, "nothing\n");
        assert!(looked(&kept).is_empty());
        assert_eq!(kept.problems.len(), 1);
    }
}
