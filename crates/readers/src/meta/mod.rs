//! What the JSON and the HTML of Meta's "Download your information" have in common: where threads lie, which
//! service they are of, who the owner is, where the files are that messages name.
//!
//! Layouts 2018 to 2026 (facts from msgvault, timelinize, RLEAPP, chat-analytics; see `docs`):
//! `[root/][your_…/]messages/{inbox, archived_threads, filtered_threads, message_requests, e2ee_cutover}/<slug>/
//! message_N.{json,html}`, 1 the newest. Deliberately no guess at the owner from who writes most.

mod media;
mod owner;

pub(crate) mod mojibake;

pub(crate) use media::{Media, kind_of};
pub(crate) use owner::Owner;

use model::record::{FileNumber, Place, Problem, ProblemKind};
use source::tree::{Entry, Tree};

use crate::{Flow, Input, Sink};

/// The folders that threads lie in.
const FOLDERS: [&str; 5] =
    ["inbox", "archived_threads", "filtered_threads", "message_requests", "e2ee_cutover"];

/// The names that the folder above `messages` has had.
const ACTIVITIES: [&str; 3] =
    ["your_activity_across_facebook", "your_facebook_activity", "your_instagram_activity"];

/// The number of a part: `message_10.json` is 10. Numbers above 9999 are none, so that parts are found in linear
/// time.
pub(crate) fn part_number(name: &str, extension: &str) -> Option<u16> {
    let digits = name.strip_prefix("message_")?.strip_suffix(extension)?.strip_suffix('.')?;
    let plain = (1..=4).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|_| plain && !digits.starts_with('0'))
}

/// Whether the file lies in the folder of a thread.
pub(crate) fn in_thread(entry: &Entry) -> bool {
    let mut names = entry.folder().trim_end_matches('/').rsplit('/');
    names.next().is_some() && names.next().is_some_and(|name| FOLDERS.contains(&name))
}

/// The other parts of the thread in the order of their numbers, if this file is the lowest of them; none if it
/// is not.
pub(crate) fn other_parts(tree: &Tree, file: FileNumber, extension: &str) -> Option<Vec<FileNumber>> {
    let entry = tree.entry(file)?;
    let own = part_number(entry.name(), extension)?;
    let first = format!("message_1.{extension}");
    if own != 1 && tree.sibling(file, &first).is_some() {
        return None;
    }
    let prefix = format!("{}message_", entry.folder());
    let mut parts = Vec::new();
    for (number, other) in tree.below(entry.container(), &prefix) {
        let in_folder = other.folder() == entry.folder();
        let Some(part) = part_number(other.name(), extension).filter(|_| in_folder) else { continue };
        if part < own {
            return None;
        }
        if part > own {
            parts.push((part, number));
        }
    }
    parts.sort_unstable();
    Some(parts.into_iter().map(|(_, number)| number).collect())
}

/// Says which numbers of parts are missing, one problem for each run of them.
pub(crate) fn missing_parts(input: &Input<'_>, extension: &str, sink: &mut dyn Sink) -> Flow {
    let files = std::iter::once(&input.file).chain(input.with);
    let mut next = 1_u16;
    for file in files {
        let name = input.tree.entry(*file).map_or("", Entry::name);
        let Some(number) = part_number(name, extension) else { continue };
        let missing = number.saturating_sub(next);
        if missing > 0 {
            sink.problem(Problem {
                file: *file,
                place: Place::Whole,
                kind: ProblemKind::Gap,
                expected: "parts numbered from 1 on without a gap".to_owned(),
                kept: String::new(),
                units: u64::from(missing),
            })?;
        }
        next = number.saturating_add(1);
    }
    Flow::Continue(())
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
fn archives(tree: &Tree, file: FileNumber) -> Vec<Option<FileNumber>> {
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
        assert_eq!(part_number("message_10.json", "json"), Some(10));
        for none in
            ["message_.json", "message_01.json", "message_1.html", "message_99999.json", "message_+1.json"]
        {
            assert_eq!(part_number(none, "json"), None, "{none}");
        }
    }

    #[test]
    fn the_root_is_above_the_programs_own_folders() {
        assert_eq!(root("a/your_facebook_activity/messages/inbox/x_1/message_1.json"), "a/");
        assert_eq!(root("messages/inbox/x_1/message_1.json"), "");
        assert_eq!(root("x_1/message_1.json"), "");
    }
}
