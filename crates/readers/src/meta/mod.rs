//! What the JSON and the HTML of Meta's "Download your information" have in common: where threads lie,
//! which service they are of, who the owner is, where the files are that messages name.
//!
//! Layouts 2018 to 2026 (facts from msgvault, timelinize, RLEAPP, chat-analytics; see `docs`):
//! `[root/][your_…/]messages/{inbox, archived_threads, filtered_threads, message_requests,
//! e2ee_cutover}/<slug>/ message_N.{json,html}`, 1 the newest. Deliberately no guess at the owner from who
//! writes most.

mod media;
mod owner;

pub(crate) mod mojibake;

pub(crate) use media::{Media, kind_of};
pub(crate) use owner::Owner;

use model::record::FileNumber;
use source::tree::{Entry, Tree};

use crate::parts::{Naming, plain_number};

/// The folders that threads lie in.
const FOLDERS: [&str; 5] =
    ["inbox", "archived_threads", "filtered_threads", "message_requests", "e2ee_cutover"];

/// The names that the folder above `messages` has had.
const ACTIVITIES: [&str; 3] =
    ["your_activity_across_facebook", "your_facebook_activity", "your_instagram_activity"];

/// `message_1.json` and so on.
pub(crate) const JSON_PARTS: Naming =
    Naming { prefix: "message_", first: "message_1.json", number: |name| part_number(name, ".json") };

/// `message_1.html` and so on.
pub(crate) const HTML_PARTS: Naming =
    Naming { prefix: "message_", first: "message_1.html", number: |name| part_number(name, ".html") };

fn part_number(name: &str, extension: &str) -> Option<u16> {
    plain_number(name.strip_prefix("message_")?.strip_suffix(extension)?)
}

/// Whether the file lies in the folder of a thread.
pub(crate) fn in_thread(entry: &Entry) -> bool {
    let mut names = entry.folder().trim_end_matches('/').rsplit('/');
    names.next().is_some() && names.next().is_some_and(|name| FOLDERS.contains(&name))
}

/// Everything of a path up to the export's root: empty, or ending in `/`.
fn root(path: &str) -> &str {
    let mut begin = 0;
    for name in path.split_inclusive('/') {
        let plain = name.trim_end_matches('/');
        if plain == "messages" || ACTIVITIES.contains(&plain) {
            return path.get(..begin).unwrap_or_default();
        }
        begin = begin.saturating_add(name.len());
    }
    ""
}

/// The service that an export is of: `facebook`, `instagram`, or `meta` if nothing tells.
pub(crate) fn app(tree: &Tree, file: FileNumber) -> &'static str {
    let steps = tree.steps(file);
    let names = || {
        steps.iter().rev().flat_map(|path| path.rsplit('/').skip(1)).chain(
            // The names of the archives themselves.
            steps.iter().rev().skip(1).filter_map(|path| path.rsplit('/').next()),
        )
    };
    // The program's own folders first: a thread may be named after the other service.
    let told = names().find_map(|name| match name {
        "your_instagram_activity" => Some("instagram"),
        "your_activity_across_facebook" | "your_facebook_activity" => Some("facebook"),
        _ => None,
    });
    told.or_else(|| by_profile(tree, file))
        .or_else(|| {
            names().find_map(|name| match name {
                name if name.starts_with("instagram-") => Some("instagram"),
                name if name.starts_with("facebook-") => Some("facebook"),
                _ => None,
            })
        })
        .unwrap_or("meta")
}

fn by_profile(tree: &Tree, file: FileNumber) -> Option<&'static str> {
    let entry = tree.entry(file)?;
    let root = root(entry.path());
    owner::PROFILES
        .iter()
        .find(|(path, _)| tree.find(entry.container(), &format!("{root}{path}")).is_some())
        .map(|(_, app)| *app)
}

/// The container of a file and those beside it: an export comes in several archives.
pub(crate) fn archives(tree: &Tree, file: FileNumber) -> Vec<Option<FileNumber>> {
    /// How many are looked into.
    const MOST: usize = 64;
    let own = tree.entry(file).and_then(Entry::container);
    let mut all = vec![own];
    if let Some(archive) = own.and_then(|own| tree.entry(own)) {
        let beside = tree.inside(archive.container()).filter(|(_, entry)| entry.opened_as().is_some());
        all.extend(beside.map(|(number, _)| Some(number)).filter(|number| *number != own).take(MOST));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_plain_numbers() {
        assert_eq!(part_number("message_10.json", ".json"), Some(10));
        for none in
            ["message_.json", "message_01.json", "message_1.html", "message_99999.json", "message_+1.json"]
        {
            assert_eq!(part_number(none, ".json"), None, "{none}");
        }
    }

    #[test]
    fn the_root_is_above_the_programs_own_folders() {
        assert_eq!(root("a/your_facebook_activity/messages/inbox/x_1/message_1.json"), "a/");
        assert_eq!(root("messages/inbox/x_1/message_1.json"), "");
        assert_eq!(root("x_1/message_1.json"), "");
    }
}
