//! Who the owner of an export is: the name that a person told, or the one in the export's own profile file.

use std::io::Read;

use model::record::{Direction, FileNumber};
use serde_json::Value;

use super::mojibake;
use super::{archives, root};
use crate::Input;

/// Where the profile lies below the root, and whose it is.
pub(super) const PROFILES: [(&str, &str); 5] = [
    ("personal_information/profile_information/profile_information.json", "facebook"),
    ("profile_information/profile_information.json", "facebook"),
    ("personal_information/personal_information/personal_information.json", "instagram"),
    ("personal_information/personal_information.json", "instagram"),
    ("account_information/personal_information.json", "instagram"),
];

/// What "name" and "user name" are called in Instagram's profile file, which follows the account's language.
const NAME_LABELS: [&str; 14] = [
    "Name",
    "Nom",
    "Nombre",
    "Nome",
    "Nume",
    "Име",
    "Név",
    "Imię i nazwisko",
    "Ad",
    "Имя",
    "Username",
    "Benutzername",
    "Nom d’utilisateur",
    "Nombre de usuario",
];

/// The names of the owner, as far as they are known.
pub(crate) struct Owner {
    names: Vec<String>,
}

impl Owner {
    /// The name that was told; else what the profile file says.
    pub(crate) fn of(input: &Input<'_>) -> Self {
        let told = input.options.owner.as_ref().map(|name| vec![name.trim().to_owned()]);
        let mut names = told.unwrap_or_else(|| profile(input));
        names.retain(|name| !name.is_empty());
        Self { names }
    }

    /// Nobody known; or nobody, because several of a thread bear the name.
    pub(crate) fn within(self, participants: &[String]) -> Self {
        let twice = |name: &String| participants.iter().filter(|other| *other == name).count() > 1;
        if self.names.iter().any(twice) { Self { names: Vec::new() } } else { self }
    }

    /// Which way a message of this sender went.
    pub(crate) fn direction(&self, sender: Option<&str>) -> Direction {
        match sender {
            Some(_) if self.names.is_empty() => Direction::Unknown,
            Some(sender) if self.names.iter().any(|name| name == sender) => Direction::Outgoing,
            Some(_) => Direction::Incoming,
            None => Direction::Unknown,
        }
    }
}

fn profile(input: &Input<'_>) -> Vec<String> {
    let Some(entry) = input.entry() else { return Vec::new() };
    let own_root = root(entry.path());
    for archive in archives(input.tree, input.file) {
        for prefix in [own_root, ""] {
            for (path, _) in PROFILES {
                let found = input.tree.find(archive, &format!("{prefix}{path}"));
                let names = found.map(|file| names(input, file)).unwrap_or_default();
                if !names.is_empty() {
                    return names;
                }
            }
        }
    }
    Vec::new()
}

fn names(input: &Input<'_>, file: FileNumber) -> Vec<String> {
    /// A profile is small.
    const MOST_BYTES: u64 = 1 << 20;
    let stream = input.tree.entry(file).and_then(|entry| entry.content().stream().ok());
    let mut bytes = Vec::new();
    if stream.is_none_or(|stream| stream.take(MOST_BYTES).read_to_end(&mut bytes).is_err()) {
        return Vec::new();
    }
    let Some((mut value, _)) = crate::part::value(&bytes) else { return Vec::new() };
    mojibake::repair_all(&mut value);
    let full_name = ["profile_v2", "profile"]
        .iter()
        .find_map(|key| value.get(key)?.get("name")?.get("full_name")?.as_str().map(str::to_owned));
    let mut names: Vec<String> = full_name.into_iter().collect();
    let users = value.get("profile_user").and_then(Value::as_array);
    for data in users.into_iter().flatten().filter_map(|user| user.get("string_map_data")) {
        let told = NAME_LABELS.iter().filter_map(|label| data.get(label)?.get("value")?.as_str());
        names.extend(told.map(str::to_owned));
    }
    names
}
