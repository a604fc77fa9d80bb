//! Packages as they are listed: one block each, users within it, and shared users behind all of them.
//!
//! The installer's line is left out by the system if it knows none, so a block that was read to its
//! signatures without it says that there is none. Since Android 13 the first installation is told for each
//! user. An app whose only icon was switched off (`disabledComponents`) has none. Packages that came with the
//! device are told with the permissions that matter for watching only. `Hidden system packages` are the
//! forerunners of updated ones and are left out.

use std::collections::{HashMap, HashSet};

use super::super::words::{clip, indent, is_package, user_number, value, wall};
use super::super::{Out, Spot};
use super::resolver::Resolvers;
use crate::{AppOrigin, AppSays, Flow, Grant};

/// Most names of one list of one package.
const NAMES_MOST: usize = 4_000;
/// Most packages that shared users are remembered for.
const SHARED_MOST: usize = 10_000;

/// Permissions that are told of packages that came with the device too.
const SENSITIVE: &[&str] = &[
    "ACCESS_BACKGROUND_LOCATION",
    "ACCESS_COARSE_LOCATION",
    "ACCESS_FINE_LOCATION",
    "CAMERA",
    "CAPTURE_AUDIO_OUTPUT",
    "INSTALL_PACKAGES",
    "MANAGE_EXTERNAL_STORAGE",
    "PROCESS_OUTGOING_CALLS",
    "READ_CALL_LOG",
    "READ_CONTACTS",
    "READ_SMS",
    "RECEIVE_MMS",
    "RECEIVE_SMS",
    "RECORD_AUDIO",
    "REQUEST_INSTALL_PACKAGES",
    "SEND_SMS",
    "SYSTEM_ALERT_WINDOW",
];

/// The list of names that is read.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Names {
    #[default]
    None,
    Requested,
    /// Given at installation, or while running: each line says whether.
    Granted,
    /// Of old: every name was given.
    AllGiven,
    Disabled,
}

/// A package whose lines are read.
#[derive(Default)]
struct Block {
    name: String,
    spot: Spot,
    origin: Option<AppOrigin>,
    shared_user: Option<String>,
    names: Names,
    requested: Vec<(String, Spot)>,
    told: HashSet<String>,
    has_installer: bool,
    has_signatures: bool,
    /// The user that is read.
    user: Option<u32>,
    /// For each user: whether it is installed there, and which of its classes are switched off.
    users: Vec<(u32, bool, HashSet<String>)>,
}

/// The packages of a dump.
#[derive(Default)]
pub(super) struct Listed {
    block: Option<Block>,
    count: u64,
    is_cut: bool,
    /// Packages by the shared user that holds their permissions.
    shared: HashMap<String, Vec<String>>,
    shared_count: usize,
    /// The shared user that is read: its packages, its user.
    open_shared: Option<(String, Option<u32>, Names)>,
}

impl Listed {
    /// How many packages were listed.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Whether a limit left something out.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// A line below `Packages:`.
    pub(super) fn line(&mut self, line: &str, resolvers: &Resolvers, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        if let Some(rest) = text.strip_prefix("Package [").filter(|_| indent(line) <= 3) {
            self.end_block(resolvers, out)?;
            let name = rest.split(']').next().unwrap_or_default();
            if is_package(name) {
                self.count = self.count.saturating_add(1);
                self.block = Some(Block { name: name.to_owned(), spot: out.here(), ..Block::default() });
            }
            return Flow::Continue(());
        }
        match &mut self.block {
            Some(block) => block.line(text, out),
            None => Flow::Continue(()),
        }
    }

    /// The package that is open is at its end.
    pub(super) fn end_block(&mut self, resolvers: &Resolvers, out: &mut Out<'_>) -> Flow {
        let Some(block) = self.block.take() else { return Flow::Continue(()) };
        self.is_cut |= block.requested.len() >= NAMES_MOST;
        if let Some(shared) = block.shared_user.clone().filter(|_| !block.is_factory()) {
            if self.shared_count < SHARED_MOST {
                self.shared_count = self.shared_count.saturating_add(1);
                self.shared.entry(shared).or_default().push(block.name.clone());
            } else {
                self.is_cut = true;
            }
        }
        block.end(resolvers, out)
    }

    /// A line below `Shared users:`: permissions that all packages of a shared user hold together.
    pub(super) fn shared_user(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        if let Some(rest) = text.strip_prefix("SharedUser [") {
            let name = rest.split(']').next().unwrap_or_default();
            self.open_shared = self.shared.contains_key(name).then(|| (name.to_owned(), None, Names::None));
            return Flow::Continue(());
        }
        let Some((name, user, names)) = &mut self.open_shared else { return Flow::Continue(()) };
        if let Some(list) = list_of(text) {
            *names = list;
        } else if let Some(number) = text.strip_prefix("User ").and_then(user_number) {
            (*user, *names) = (Some(number), Names::None);
        } else if *names == Names::Granted
            && let Some((permission, grant)) = granted(text)
        {
            for package in self.shared.get(name).into_iter().flatten() {
                let says = AppSays::Permission { name: clip(permission).to_owned(), grant };
                out.app_of(package, *user, says)?;
            }
        }
        Flow::Continue(())
    }
}

impl Block {
    fn is_factory(&self) -> bool {
        matches!(self.origin, Some(AppOrigin::Factory | AppOrigin::FactoryUpdated))
    }

    fn line(&mut self, text: &str, out: &mut Out<'_>) -> Flow {
        if let Some(list) = list_of(text) {
            self.names = list;
            return Flow::Continue(());
        }
        if let Some(rest) = text.strip_prefix("User ")
            && text.contains("installed=")
        {
            return self.user(rest, text, out);
        }
        if self.names != Names::None && !text.contains('=') && !text.ends_with(':')
            || text.contains(": granted=")
        {
            return self.name(text, out);
        }
        // A permission may be followed by what restricts it; anything else ends a list.
        if self.names == Names::Requested && text.contains(": restricted=") {
            return self.name(text.split(':').next().unwrap_or_default(), out);
        }
        self.names = Names::None;
        match text.split_once('=') {
            Some((key, value)) => self.member(key, value.trim(), out),
            None => Flow::Continue(()),
        }
    }

    /// A line `key=value`.
    fn member(&mut self, key: &str, value: &str, out: &mut Out<'_>) -> Flow {
        let text = || clip(value).to_owned();
        let says = match key {
            "flags" | "pkgFlags" => {
                if self.origin.is_none() || key == "flags" {
                    self.origin = Some(origin(value));
                }
                return Flow::Continue(());
            }
            "sharedUser" => {
                let inner = value.split_once('{').and_then(|(_, inner)| inner.strip_suffix('}'));
                let named = inner.and_then(|inner| inner.split(' ').nth(1)?.rsplit_once('/'));
                self.shared_user = named.map(|(name, _)| clip(name).to_owned());
                return Flow::Continue(());
            }
            "codePath" => AppSays::Path(text()),
            "versionName" if value != "null" => AppSays::Version(text()),
            "installerPackageName" => {
                self.has_installer = true;
                AppSays::Installer(known(value))
            }
            "initiatingPackageName" => match known(value) {
                Some(initiator) => AppSays::Initiator(initiator),
                None => return Flow::Continue(()),
            },
            "firstInstallTime" => match wall(value) {
                Some(at) => AppSays::FirstInstalled(at),
                None => return Flow::Continue(()),
            },
            "lastUpdateTime" => match wall(value) {
                Some(at) => AppSays::LastUpdated(at),
                None => return Flow::Continue(()),
            },
            "signatures" => {
                self.has_signatures = true;
                return Flow::Continue(());
            }
            _ => return Flow::Continue(()),
        };
        out.app_of(&self.name, self.user, says)
    }

    /// `User 0: … installed=true hidden=false suspended=false … enabled=0 …`.
    fn user(&mut self, rest: &str, text: &str, out: &mut Out<'_>) -> Flow {
        self.names = Names::None;
        self.user = user_number(rest);
        let Some(user) = self.user else { return Flow::Continue(()) };
        let is = |key: &str| value(text, key) == Some("true");
        let installed = is("installed=");
        if self.users.len() < 100 {
            self.users.push((user, installed, HashSet::new()));
        }
        if installed {
            let origin = self.origin.unwrap_or(AppOrigin::Untold);
            out.app_of(&self.name, self.user, AppSays::Installed(origin))?;
        }
        // 2: disabled, 3: by the user, 4: until it is used.
        let disabled = matches!(value(text, "enabled="), Some("2" | "3" | "4"));
        if installed && (disabled || is("hidden=") || is("suspended=")) {
            out.app_of(&self.name, self.user, AppSays::Off)?;
        }
        Flow::Continue(())
    }

    /// A name of the list that is open.
    fn name(&mut self, text: &str, out: &mut Out<'_>) -> Flow {
        match self.names {
            Names::Requested => {
                if self.requested.len() < NAMES_MOST {
                    self.requested.push((clip(text).to_owned(), out.here()));
                }
                Flow::Continue(())
            }
            Names::Granted => match granted(text) {
                Some((permission, grant)) => self.permission(permission, grant, out.here(), out),
                None => Flow::Continue(()),
            },
            Names::AllGiven => self.permission(text, Grant::Given, out.here(), out),
            Names::Disabled => {
                if let Some((.., disabled)) = self.users.last_mut()
                    && disabled.len() < NAMES_MOST
                {
                    disabled.insert(clip(text).to_owned());
                }
                Flow::Continue(())
            }
            Names::None => Flow::Continue(()),
        }
    }

    fn permission(&mut self, name: &str, grant: Grant, spot: Spot, out: &mut Out<'_>) -> Flow {
        let name = clip(name);
        if self.told.len() < NAMES_MOST {
            self.told.insert(name.to_owned());
        }
        let short = name.rsplit('.').next().unwrap_or_default();
        if self.is_factory() && SENSITIVE.binary_search(&short).is_err() {
            return Flow::Continue(());
        }
        let says = AppSays::Permission { name: name.to_owned(), grant };
        out.app_at(spot, &self.name, self.user, says)
    }

    /// Says what only the whole block tells.
    fn end(mut self, resolvers: &Resolvers, out: &mut Out<'_>) -> Flow {
        self.user = None;
        for (name, spot) in std::mem::take(&mut self.requested) {
            if !self.told.contains(&name) {
                self.permission(&name, Grant::Asked, spot, out)?;
            }
        }
        if self.is_factory() {
            return Flow::Continue(());
        }
        if !self.has_installer && self.has_signatures {
            out.app_at(self.spot, &self.name, None, AppSays::Installer(None))?;
        }
        if self.users.is_empty() {
            let origin = self.origin.unwrap_or(AppOrigin::Untold);
            out.app_at(self.spot, &self.name, None, AppSays::Installed(origin))?;
        } else if self.users.iter().all(|(_, installed, _)| !installed) {
            out.app_at(self.spot, &self.name, None, AppSays::Removed(None))?;
        }
        self.icon(resolvers, out)
    }

    /// Whether the app has an icon, for each user.
    fn icon(&self, resolvers: &Resolvers, out: &mut Out<'_>) -> Flow {
        if !resolvers.any() {
            return Flow::Continue(());
        }
        let none = HashSet::new();
        let mut users: Vec<(Option<u32>, &HashSet<String>)> = Vec::new();
        users.extend(self.users.iter().filter(|user| user.1).map(|(user, _, off)| (Some(*user), off)));
        if self.users.is_empty() {
            users.push((None, &none));
        }
        for (user, off) in users {
            let on = |classes: &[String]| classes.iter().any(|class| !off.contains(class));
            let starts = resolvers.starts(&self.name);
            let can_start = starts.is_some_and(|starts| on(&starts.mains));
            let launches = starts.is_some_and(|starts| on(&starts.launchers));
            let says = match (launches, can_start, resolvers.has_categories()) {
                (true, ..) => AppSays::HasIcon,
                (false, true, false) => continue,
                (false, ..) => AppSays::NoIcon,
            };
            out.app_at(self.spot, &self.name, user, says)?;
        }
        Flow::Continue(())
    }
}

/// The list that a line begins.
fn list_of(text: &str) -> Option<Names> {
    Some(match text {
        "requested permissions:" => Names::Requested,
        "install permissions:" | "runtime permissions:" => Names::Granted,
        "grantedPermissions:" => Names::AllGiven,
        "disabledComponents:" => Names::Disabled,
        "enabledComponents:"
        | "declared permissions:"
        | "overlay paths:"
        | "usesLibraries:"
        | "usesOptionalLibraries:"
        | "usesLibraryFiles:"
        | "supportsScreens:" => Names::None,
        _ => return None,
    })
}

/// `android.permission.CAMERA: granted=true, flags=[ … ]`.
fn granted(text: &str) -> Option<(&str, Grant)> {
    let (name, rest) = text.split_once(": granted=")?;
    let given = rest.starts_with("true");
    Some((name, if given { Grant::Given } else { Grant::Refused }))
}

fn origin(flags: &str) -> AppOrigin {
    let has = |flag: &str| flags.split([' ', '[', ']']).any(|word| word == flag);
    match (has("SYSTEM"), has("UPDATED_SYSTEM_APP")) {
        (_, true) => AppOrigin::FactoryUpdated,
        (true, false) => AppOrigin::Factory,
        (false, false) => AppOrigin::Added,
    }
}

/// A package that may be written as none.
fn known(value: &str) -> Option<String> {
    (!value.is_empty() && value != "null").then(|| clip(value).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_for_searching() {
        let mut sorted = SENSITIVE.to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, SENSITIVE);
    }

    #[test]
    fn flags_and_grants() {
        assert_eq!(origin("[ SYSTEM HAS_CODE UPDATED_SYSTEM_APP ]"), AppOrigin::FactoryUpdated);
        assert_eq!(origin("[ HAS_CODE ALLOW_CLEAR_USER_DATA ]"), AppOrigin::Added);
        assert_eq!(granted("a.b.C: granted=false, flags=[ X]"), Some(("a.b.C", Grant::Refused)));
        assert_eq!(granted("a.b.C"), None);
    }
}
