//! Users of the device and their profiles.
//!
//! `UserInfo{N:name:flags}` (flags in hexadecimal) with `Type: android.os.usertype…` below since Android 11
//! (AOSP 8 to 15); without a type the flags tell. Numbers that makers use for copies of apps: 95 (Samsung),
//! 999 (Xiaomi, OPPO, OnePlus), 150 to 160 (Samsung's secure folder, when it names itself so). Deliberately
//! not read: restrictions, times of logging in.

use super::words::{clip, user_number};
use super::{Out, Reader, Section, Spot};
use crate::{Flow, Question, User, UserKind};

/// Most users.
const USERS_MOST: u64 = 1_000;

pub(super) struct Users;

impl Section for Users {
    fn names(&self) -> &'static [&'static str] {
        &["user"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["UserInfo{0"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::Users]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<List>::default()
    }
}

#[derive(Default)]
struct List {
    open: Option<(User, Spot)>,
    users: u64,
}

impl Reader for List {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        if let Some(user) = user_info(text) {
            self.finish(out)?;
            if self.users >= USERS_MOST {
                out.not_whole();
                return Flow::Continue(());
            }
            self.users = self.users.saturating_add(1);
            self.open = Some((user, out.here()));
        } else if let (Some((user, _)), Some(name)) = (&mut self.open, text.strip_prefix("Type: "))
            && let Some(kind) = kind_of_type(name)
        {
            user.kind = by_maker(user.number, &user.name).unwrap_or(kind);
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        self.finish(out)?;
        if self.users == 0 {
            return out.not_understood("users of the device");
        }
        out.looked(Question::Users, self.users)
    }
}

impl List {
    fn finish(&mut self, out: &mut Out<'_>) -> Flow {
        match self.open.take() {
            Some((user, spot)) => out.says_at(spot, user),
            None => Flow::Continue(()),
        }
    }
}

/// `UserInfo{10:Work: profile:1030} serialNo=10`: the name may hold colons.
fn user_info(text: &str) -> Option<User> {
    let (inner, _) = text.strip_prefix("UserInfo{")?.rsplit_once('}')?;
    let (number, rest) = inner.split_once(':')?;
    let (name, flags) = rest.rsplit_once(':')?;
    let number = user_number(number)?;
    let flags = u32::from_str_radix(flags, 16).ok()?;
    let name = clip(name).to_owned();
    let kind = by_maker(number, &name).unwrap_or_else(|| kind_of_flags(number, flags));
    Some(User { number, name, kind })
}

/// What the flags of `android.content.pm.UserInfo` say.
fn kind_of_flags(number: u32, flags: u32) -> UserKind {
    const PRIMARY: u32 = 0x1;
    const GUEST: u32 = 0x4;
    const MANAGED_PROFILE: u32 = 0x20;
    const PROFILE: u32 = 0x1000;
    match () {
        () if flags & MANAGED_PROFILE != 0 => UserKind::Work,
        () if flags & GUEST != 0 => UserKind::Guest,
        () if flags & PRIMARY != 0 || number == 0 => UserKind::Owner,
        () if flags & PROFILE != 0 => UserKind::Clone,
        () => UserKind::Second,
    }
}

fn kind_of_type(name: &str) -> Option<UserKind> {
    Some(match name.trim().strip_prefix("android.os.usertype.")? {
        "full.SYSTEM" | "system.HEADLESS" => UserKind::Owner,
        "full.SECONDARY" | "full.RESTRICTED" => UserKind::Second,
        "full.GUEST" | "full.DEMO" => UserKind::Guest,
        "profile.MANAGED" => UserKind::Work,
        "profile.CLONE" | "profile.PRIVATE" => UserKind::Clone,
        _ => UserKind::Other,
    })
}

/// Copies of apps that makers put into a user of their own.
fn by_maker(number: u32, name: &str) -> Option<UserKind> {
    let secure = (150..=160).contains(&number) && name.eq_ignore_ascii_case("secure folder");
    (number == 95 || number == 999 || secure).then_some(UserKind::Clone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{looked, read_section};
    use crate::{Says, Wholly};

    #[test]
    fn owner_work_second_guest_and_copies() {
        let text = "Current user: 0\n\nUsers:\n  UserInfo{0:Owner:c13} serialNo=0 isPrimary=true\n    Type: \
                    android.os.usertype.full.SYSTEM\n  UserInfo{10:Work: profile:1030} serialNo=10\n  \
                    UserInfo{11:Kai:410} \
                    serialNo=11\n    Type: android.os.usertype.full.SECONDARY\n  UserInfo{12:Guest:414} \
                    serialNo=12\n  \
                    UserInfo{150:Secure Folder:1030} serialNo=150\n    Type: \
                    android.os.usertype.profile.MANAGED\n  \
                    UserInfo{999:XSpace:801010} serialNo=999\n";
        let kept = read_section(&Users, text);
        let users: Vec<(u32, &str, UserKind)> = kept
            .facts
            .iter()
            .filter_map(|fact| match &fact.says {
                Says::User(user) => Some((user.number, user.name.as_str(), user.kind)),
                _ => None,
            })
            .collect();
        assert_eq!(
            users,
            [
                (0, "Owner", UserKind::Owner),
                (10, "Work: profile", UserKind::Work),
                (11, "Kai", UserKind::Second),
                (12, "Guest", UserKind::Guest),
                (150, "Secure Folder", UserKind::Clone),
                (999, "XSpace", UserKind::Clone),
            ]
        );
        assert_eq!(looked(&kept), [(Question::Users, Wholly::Yes, 6)]);
    }
}
