//! Accounts on the device, for each user.
//!
//! `Account {name=…, type=…}` under `User UserInfo{…}` (AOSP 8 to 15). Deliberately not read: the history of
//! accounts (it names no account, only numbers), authenticators, sessions.

use super::words::clip;
use super::{Out, Reader, Section};
use crate::{Account, Flow, Question};

pub(super) struct Accounts;

impl Section for Accounts {
    fn names(&self) -> &'static [&'static str] {
        &["account"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["User UserInfo{"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::Accounts]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<List>::default()
    }
}

#[derive(Default)]
struct List {
    users: u64,
    accounts: u64,
}

impl Reader for List {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let line = line.trim();
        if line.starts_with("User UserInfo{") {
            self.users = self.users.saturating_add(1);
        } else if let Some((name, service)) = account(line) {
            self.accounts = self.accounts.saturating_add(1);
            let [service, name] = [service, name].map(|text| clip(text).to_owned());
            return out.says(Account { service, name, since: None });
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if self.users == 0 {
            return out.not_understood("a user with accounts");
        }
        out.looked(Question::Accounts, self.accounts)
    }
}

/// Name and type; a name may hold anything, so the type is taken from the end.
fn account(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix("Account {name=")?.strip_suffix('}')?;
    inner.rsplit_once(", type=")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{looked, read_section};
    use crate::{Says, Wholly};

    #[test]
    fn accounts_of_a_user() {
        let text = "User UserInfo{0:Owner:c13}:\n  Accounts: 2\n    Account {name=mira@example.com, \
            type=com.google}\n    \
                    Account {name=odd, type=x, type=com.example}\n\n  AccountId, Action_Type, timestamp, \
                    UID\n";
        let kept = read_section(&Accounts, text);
        let accounts: Vec<(&str, &str)> = kept
            .facts
            .iter()
            .filter_map(|fact| match &fact.says {
                Says::Account(account) => Some((account.service.as_str(), account.name.as_str())),
                _ => None,
            })
            .collect();
        assert_eq!(accounts, [("com.google", "mira@example.com"), ("com.example", "odd, type=x")]);
        assert_eq!(looked(&kept), [(Question::Accounts, Wholly::Yes, 2)]);
    }
}
