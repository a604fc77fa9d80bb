//! Android's dumps: what its services print about themselves, section by section.
//!
//! `pass` goes once through a text, whatever it is wrapped in, and hands the lines of each section to the
//! reader of that section. To add one: write `dumpsys/<section>.rs` with a unit struct that implements
//! [`Section`] and a reader that implements [`Reader`], name it in [`SECTIONS`], put a test below it. The
//! forms are those of AOSP 8 to 15 with what Samsung changes; every reader goes by words, not by columns,
//! and by indentation only where the text gives nothing else. An app can print into its own part of a dump,
//! also a false heading: that adds facts and takes none away, and every fact names its line.

mod accessibility;
mod account;
mod adb;
mod appops;
mod batterystats;
mod connectivity;
mod dbinfo;
mod device_policy;
mod deviceidle;
mod dumpstate;
mod getprop;
mod input_method;
mod location;
mod media_projection;
mod meminfo;
mod notification;
mod out;
mod package;
mod pass;
mod platform_compat;
mod role;
mod settings;
#[cfg(test)]
mod testing;
mod usagestats;
mod user;
mod vpn;
mod words;

pub(crate) use adb::fingerprint as adb_fingerprint;
pub(crate) use getprop::sign_of_boot;
pub(crate) use out::{Out, Spot};
pub(crate) use pass::{Begins, read};
pub(crate) use words::{Component, clip};

use std::sync::LazyLock;

use crate::{Flow, Question};

/// One section of a dump. One unit struct in one file, named in [`SECTIONS`].
pub(crate) trait Section: Sync {
    /// The services that print it, as `DUMP OF SERVICE` names them, or the title of a part of dumpstate.
    fn names(&self) -> &'static [&'static str];

    /// How a text begins that holds nothing but this section: a line that says it beyond doubt.
    fn first_lines(&self) -> &'static [&'static str] {
        &[]
    }

    /// The questions it can answer, wholly or in part.
    fn answers(&self) -> &'static [Question];

    /// Begins to read one.
    fn begin(&self) -> Box<dyn Reader>;
}

/// Reads one section, line by line.
pub(crate) trait Reader {
    /// The next line, without its end.
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow;

    /// There are no more lines: says what only the whole section tells, and what was looked into.
    fn end(&mut self, out: &mut Out<'_>) -> Flow;
}

/// Every section that is read.
pub(crate) static SECTIONS: &[&dyn Section] = &[
    &accessibility::Accessibility,
    &account::Accounts,
    &adb::Adb,
    &appops::AppOps,
    &batterystats::BatteryStats,
    &connectivity::Connectivity,
    &dbinfo::Databases,
    &device_policy::DevicePolicy,
    &deviceidle::DeviceIdle,
    &getprop::Properties,
    &input_method::InputMethods,
    &location::Locations,
    &media_projection::MediaProjection,
    &meminfo::Memory,
    &notification::Notifications,
    &package::Packages,
    &platform_compat::PlatformCompat,
    &role::Roles,
    &settings::Settings,
    &usagestats::UsageStats,
    &user::Users,
    &vpn::Vpns,
];

/// The questions that any section answers.
pub(crate) fn answers() -> &'static [Question] {
    static ANSWERS: LazyLock<Vec<Question>> = LazyLock::new(|| answered_by(|_| true));
    &ANSWERS
}

/// The questions that sections answer which can be the whole of a text.
pub(crate) fn answers_alone() -> &'static [Question] {
    static ANSWERS: LazyLock<Vec<Question>> =
        LazyLock::new(|| answered_by(|section| !section.first_lines().is_empty()));
    &ANSWERS
}

fn answered_by(taken: impl Fn(&dyn Section) -> bool) -> Vec<Question> {
    let by_any = |question: &Question| {
        SECTIONS.iter().any(|section| taken(*section) && section.answers().contains(question))
    };
    Question::ALL.iter().copied().filter(by_any).collect()
}

/// The section of this name.
pub(crate) fn section(name: &str) -> Option<&'static dyn Section> {
    SECTIONS.iter().copied().find(|section| section.names().contains(&name))
}

/// The section that a text begins with, going by its first lines.
pub(crate) fn section_of_text(head: &str) -> Option<&'static dyn Section> {
    const LINES_LOOKED_AT: usize = 120;
    // A heading that ends in a colon is the whole line; others are its beginning.
    let is = |line: &str, first: &str| {
        if first.ends_with(':') { line.trim_end() == first } else { line.starts_with(first) }
    };
    head.lines().take(LINES_LOOKED_AT).map(str::trim_start).find_map(|line| {
        let begins = |section: &&&dyn Section| section.first_lines().iter().any(|first| is(line, first));
        SECTIONS.iter().find(begins).copied()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_of_one_section() {
        let mut names: Vec<&str> = SECTIONS.iter().flat_map(|section| section.names()).copied().collect();
        names.sort_unstable();
        let before = names.len();
        names.dedup();
        assert_eq!(names.len(), before);
        assert!(SECTIONS.iter().all(|section| !section.names().is_empty()));
    }

    #[test]
    fn a_section_is_known_by_its_first_lines() {
        let of = |text: &str| section_of_text(text).map(|section| section.names()[0]);
        assert_eq!(
            of("ACCESSIBILITY MANAGER (dumpsys accessibility)\n\ncurrentUserId=0\n"),
            Some("accessibility")
        );
        assert_eq!(of("Client PIDs: 1, 2\nActivity Resolver Table:\n"), Some("package"));
        assert_eq!(of("Dear diary,\nPackages: none\n"), None);
    }
}
