//! Keyboards: which are installed, switched on, and in use.
//!
//! `InputMethod #N:` with `mId=`, `mEnabledInputMethodsStrCache=` (until Android 13; later the setting
//! `enabled_input_methods` tells it), `mCurMethodId=` (AOSP 8 to 15). Deliberately not read: clients,
//! windows, languages.

use std::collections::BTreeMap;

use super::words::{Component, user_number, value};
use super::{Out, Reader, Section, Spot};
use crate::{AppSays, Flow, Question, ServiceState};

/// Most keyboards.
const KEYBOARDS_MOST: usize = 2_000;

pub(super) struct InputMethods;

impl Section for InputMethods {
    fn names(&self) -> &'static [&'static str] {
        &["input_method"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["Current Input Method Manager state:", "Input Method Manager Service state:"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::InputAndOverlay]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Keyboards>::default()
    }
}

#[derive(Default)]
struct Keyboards {
    user: Option<u32>,
    found: BTreeMap<(Option<u32>, Component), (ServiceState, Spot)>,
    began: bool,
}

impl Reader for Keyboards {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        if text.starts_with("Current Input Method Manager state:") || text.starts_with("Input Methods:") {
            self.began = true;
        } else if let Some(user) = value(text, "mCurrentUserId=").or_else(|| value(text, "mUserId=")) {
            self.user = user_number(user).or(self.user);
        }
        if let Some(id) = value(text, "mId=").filter(|_| text.starts_with("mId=")) {
            self.began = true;
            self.add(id, ServiceState::Installed, out);
        } else if let Some(list) = text.strip_prefix("mEnabledInputMethodsStrCache=") {
            // Of each keyboard its name comes first, then the numbers of its kinds.
            for id in list.split(':').take(KEYBOARDS_MOST) {
                self.add(id.split(';').next().unwrap_or_default(), ServiceState::Enabled, out);
            }
        } else if let Some(id) = value(text, "mCurMethodId=").or_else(|| value(text, "mSelectedMethodId=")) {
            self.add(id, ServiceState::Bound, out);
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if !self.began {
            return out.not_understood("the state of the input method manager");
        }
        let count = self.found.len() as u64;
        for ((user, component), (state, spot)) in std::mem::take(&mut self.found) {
            let says = AppSays::InputMethod { component: component.text(), state };
            out.app_at(spot, &component.package, user, says)?;
        }
        out.looked_half(Question::InputAndOverlay, "keyboards", count);
        Flow::Continue(())
    }
}

impl Keyboards {
    /// A keyboard; said more than once, the strongest counts.
    fn add(&mut self, id: &str, state: ServiceState, out: &mut Out<'_>) {
        let Some(component) = Component::parse(id) else { return };
        // What is installed stands before the user is told: the list is that of the user who is in front.
        let user = if state == ServiceState::Installed { None } else { self.user };
        let here = out.here();
        if state != ServiceState::Installed && self.found.remove(&(None, component.clone())).is_none() {
            self.found.remove(&(self.user, component.clone()));
        }
        if self.found.len() < KEYBOARDS_MOST {
            self.found.insert((user, component), (state, here));
        } else {
            out.not_whole();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{apps, read_section};

    #[test]
    fn the_strongest_state_counts() {
        let text = "Current Input Method Manager state:\n  Input Methods: mMethodMapUpdateCount=1\n  \
            InputMethod #0:\n    \
                    mId=com.example.keys/.Ime mSettingsActivityName=x mIsVrOnly=false\n  InputMethod \
                    #1:\n    \
                    mId=com.example.two/com.example.Two\n  InputMethod #2:\n    mId=com.example.off/.Off\n  \
                    mCurMethodId=com.example.keys/.Ime\n  mSettings:\n    mCurrentUserId=0\n    \
                    mEnabledInputMethodsStrCache=com.example.two/com.example.Two;12;34\n";
        let found = apps(&read_section(&InputMethods, text));
        let state = |id: &str| -> Vec<ServiceState> {
            let of = found.iter().filter(|(app, ..)| app == id);
            of.map(|(.., says)| match says {
                AppSays::InputMethod { state, .. } => *state,
                _ => panic!("not a keyboard"),
            })
            .collect()
        };
        assert_eq!(state("com.example.keys"), [ServiceState::Bound]);
        assert_eq!(state("com.example.two"), [ServiceState::Enabled]);
        assert_eq!(state("com.example.off"), [ServiceState::Installed]);
    }
}
