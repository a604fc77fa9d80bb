//! VPNs of each user: the app that has one, whether the system keeps it on, what it may pass by.
//!
//! `VPNs:` with `N: package` for each user (AOSP 12 to 15); `[Legacy VPN]` and `null` mean that none is set
//! up. Whether it is kept on is told by the newest line `Mode changed: lockdown=… alwaysOn=…` (the list goes
//! back in time). Deliberately not read: routes, sessions, keys.

use super::words::{clip, is_package, value};
use super::{Out, Reader, Section, Spot};
use crate::{Flow, Question, Setting, Vpn};

pub(super) struct Vpns;

impl Section for Vpns {
    fn names(&self) -> &'static [&'static str] {
        &["vpn_management"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["VPNs:"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::Vpn]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<State>::default()
    }
}

#[derive(Default)]
struct State {
    began: bool,
    users: u64,
    /// The app of the user that is read.
    app: Option<(String, Spot)>,
    /// Of that user: always on, and nothing passes by.
    mode: Option<(bool, bool)>,
}

impl Reader for State {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        if text == "VPNs:" {
            self.began = true;
            return Flow::Continue(());
        }
        let user = text.split_once(": ").filter(|(number, _)| number.parse::<u32>().is_ok());
        if let Some((_, name)) = user {
            self.finish(out)?;
            self.users = self.users.saturating_add(1);
            self.app = is_package(name).then(|| (name.to_owned(), out.here()));
        } else if let Some(name) = text.strip_prefix("Active package name: ").filter(|name| is_package(name))
        {
            self.app = Some((name.to_owned(), out.here()));
        } else if self.mode.is_none() && text.contains("alwaysOn=") {
            let is = |key| value(text, key).is_some_and(|value| value.trim_end_matches(',') == "true");
            self.mode = Some((is("alwaysOn="), is("lockdown=")));
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        self.finish(out)?;
        if !self.began {
            return out.not_understood("the list of VPNs");
        }
        out.looked(Question::Vpn, self.users)
    }
}

impl State {
    fn finish(&mut self, out: &mut Out<'_>) -> Flow {
        let mode = self.mode.take();
        let Some((name, spot)) = self.app.take() else { return Flow::Continue(()) };
        if mode.is_some_and(|(_, lockdown)| lockdown) {
            let (space, value) = ("vpn".to_owned(), clip(&name).to_owned());
            out.says_at(spot, Setting { space, name: "lockdown".to_owned(), value })?;
        }
        out.says_at(spot, Vpn { name, always: mode.map(|(always, _)| always), server: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{looked, read_section};
    use crate::{Says, Wholly};

    #[test]
    fn one_user_has_a_vpn_that_is_kept_on() {
        let text = "VPNs:\n  0: com.example.tunnel\n    Active package name: com.example.tunnel\n    \
            Active vpn type: 1\n    \
                    mEventChanges (most recent first):\n      2026-09-08T03:29:30 - [LockdownAlwaysOn] \
                    Mode changed: \
                    lockdown=true alwaysOn=true calling from 1000\n      2026-09-08T03:24:02 - \
                    [LockdownAlwaysOn] Mode changed: \
                    lockdown=false alwaysOn=false calling from 1000\n\n  10: [Legacy VPN]\n";
        let kept = read_section(&Vpns, text);
        let vpn = Vpn { name: "com.example.tunnel".to_owned(), always: Some(true), server: None };
        assert!(kept.facts.iter().any(|fact| fact.says == Says::Vpn(vpn.clone())));
        assert_eq!(kept.facts.len(), 3);
        assert_eq!(looked(&kept), [(Question::Vpn, Wholly::Yes, 2)]);
    }
}
