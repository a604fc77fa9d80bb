//! Shortcuts and automations of an iPhone: `Shortcuts.sqlite`.
//!
//! `ZSHORTCUT` has names and days, `ZSHORTCUTACTIONS` the actions as a binary list, tables of triggers say
//! which run by themselves. Actions as the Shortcuts app names them (public lists, 2026-11). A shortcut that
//! sends messages or data out is told with what it sends; whoever made it may want it. Deliberately not
//! followed: variables, and shortcuts that call others.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use model::record::{Place, ProblemKind, TimeReading};
use source::list_file::ListFile;
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;
use sqlite::{Database, Row};

use crate::database::{self, apple_time, clipped, text};
use crate::lists::{self, Budget};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Sign, Trace, TraceKind, Wholly};

/// `Shortcuts.sqlite`.
pub(crate) struct IosShortcuts;

/// Most shortcuts, most bytes of all actions, most values looked at.
const SHORTCUTS_MOST: usize = 20_000;
const ACTION_BYTES_MOST: u64 = 256 << 20;
const VALUES_MOST: u64 = 2_000_000;
/// Longest text that is searched for links, and how deep values nest.
const TEXT_MOST: usize = 8 << 10;
const DEPTH_MOST: usize = 24;

/// What sends something, by the end of the action's name.
const SENDS: &[(&str, &str)] = &[
    ("sendmessage", "a message"),
    ("sendemail", "a mail"),
    ("sendmessageintent", "a message"),
    ("runsshscript", "commands to another computer"),
    ("dropbox.savefile", "files"),
    ("ftp", "files"),
    ("appendtoevernote", "notes"),
    ("sharelocation", "the location"),
    ("sharewithicloud", "files"),
];
/// What gathers something to send.
const GATHERS: &[(&str, &str)] = &[
    ("getcurrentlocation", "the location"),
    ("location", "the location"),
    ("getmapslink", "the location"),
    ("takephoto", "a photo"),
    ("takevideo", "a video"),
    ("takescreenshot", "a picture of the screen"),
    ("getlastphoto", "photos"),
    ("getlastscreenshot", "pictures of the screen"),
    ("filter.photos", "photos"),
    ("selectphoto", "photos"),
    ("recordaudio", "sound"),
    ("getclipboard", "the clipboard"),
    ("filter.contacts", "contacts"),
    ("filter.calendarevents", "the calendar"),
    ("filter.notes", "notes"),
    ("health.quantity", "health data"),
    ("filter.health.quantity", "health data"),
];

impl Check for IosShortcuts {
    fn name(&self) -> &'static str {
        "ios_shortcuts"
    }

    fn about(&self) -> About {
        About {
            title: "Shortcuts and automations (Shortcuts.sqlite)",
            platform: Platform::Ios,
            covers: "links in every action; shortcuts that send messages, location, pictures or data, and \
                     whether they run by themselves",
            leaves_out: "variables; shortcuts that call others; deleted ones",
            answers: &[Question::Shortcuts],
            source: "mvt shortcuts; public lists of actions (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        database::is_named(candidate, &["Shortcuts.sqlite"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let wholly = database::condition(&database, input.file, sink)?;
        if database.table("ZSHORTCUT").is_none() {
            let expected = "a table ZSHORTCUT";
            return sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, expected, "");
        }
        let (bytes, values) = (Budget::new(ACTION_BYTES_MOST), Budget::new(VALUES_MOST));
        let (shortcuts, automatic) = (BTreeMap::new(), BTreeSet::new());
        let mut reading = Reading { input, database: &database, wholly, shortcuts, automatic, bytes, values };
        reading.names(sink)?;
        reading.triggers(sink)?;
        reading.actions(sink)?;
        let count = reading.shortcuts.len() as u64;
        sink.looked(&input.seen(Place::Whole), Question::Shortcuts, reading.wholly, count)
    }
}

struct Shortcut {
    name: String,
    changed: Option<TimeReading>,
}

struct Reading<'r> {
    input: &'r Input<'r>,
    database: &'r Database,
    wholly: Wholly,
    shortcuts: BTreeMap<i64, Shortcut>,
    automatic: BTreeSet<i64>,
    bytes: Budget,
    values: Budget,
}

impl Reading<'_> {
    fn names(&mut self, sink: &mut dyn FactSink) -> Flow {
        let Some(table) = self.database.table("ZSHORTCUT") else { return Flow::Continue(()) };
        let name = table.column("ZNAME");
        let (made, changed) = (table.column("ZCREATIONDATE"), table.column("ZMODIFICATIONDATE"));
        let shortcuts = &mut self.shortcuts;
        let read = database::each_row((self.database, table, self.input.file), sink, &mut |row, _| {
            if shortcuts.len() < SHORTCUTS_MOST {
                let changed = apple_time(row, changed).or_else(|| apple_time(row, made));
                let name = text(row, name).unwrap_or_default();
                shortcuts.insert(row.rowid(), Shortcut { name, changed });
            }
            Flow::Continue(())
        })?;
        let is_full = read.rows > SHORTCUTS_MOST as u64;
        self.wholly = if is_full { Wholly::No } else { database::both(self.wholly, read.wholly) };
        Flow::Continue(())
    }

    /// Which shortcuts run by themselves: those that a trigger names.
    fn triggers(&mut self, sink: &mut dyn FactSink) -> Flow {
        let tables =
            self.database.tables().filter(|table| table.name().to_ascii_uppercase().contains("TRIGGER"));
        for table in tables.take(20) {
            let Some(column) = table.column("ZSHORTCUT").or_else(|| table.column("ZWORKFLOW")) else {
                continue;
            };
            let automatic = &mut self.automatic;
            let read = database::each_row((self.database, table, self.input.file), sink, &mut |row, _| {
                if automatic.len() < SHORTCUTS_MOST {
                    automatic.extend(row.integer(column));
                }
                Flow::Continue(())
            })?;
            self.wholly = database::both(self.wholly, read.wholly);
        }
        Flow::Continue(())
    }

    fn actions(&mut self, sink: &mut dyn FactSink) -> Flow {
        let Some(table) = self.database.table("ZSHORTCUTACTIONS") else { return Flow::Continue(()) };
        let (of, data) = (table.column("ZSHORTCUT"), table.column("ZDATA"));
        let mut wholly = self.wholly;
        let database = self.database;
        let read = database::each_row((database, table, self.input.file), sink, &mut |row, sink| {
            let bytes = row.blob(data).unwrap_or_default();
            if bytes.is_empty() {
                return Flow::Continue(());
            }
            if !self.bytes.take(bytes.len() as u64) {
                wholly = Wholly::No;
                return Flow::Continue(());
            }
            if self.shortcut(row, row.integer(of), bytes, sink)? == Wholly::No {
                wholly = Wholly::No;
            }
            Flow::Continue(())
        })?;
        self.wholly = database::both(wholly, read.wholly);
        Flow::Continue(())
    }

    /// The actions of a shortcut.
    fn shortcut(
        &mut self,
        row: &Row<'_>,
        of: Option<i64>,
        bytes: &[u8],
        sink: &mut dyn FactSink,
    ) -> ControlFlow<(), Wholly> {
        let seen = self.input.seen(Place::row("ZSHORTCUTACTIONS", row.rowid()));
        let list = ListFile::of_bytes(bytes.to_vec());
        let list = list.as_ref().ok().and_then(ListFile::list);
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_list()) else {
            let expected = "a list of actions of a shortcut";
            sink.trouble(&seen, ProblemKind::Damaged, expected, "the other shortcuts")?;
            return ControlFlow::Continue(Wholly::No);
        };
        let shortcut = of.and_then(|of| self.shortcuts.get(&of));
        let at = shortcut.and_then(|shortcut| shortcut.changed.clone());
        let name = shortcut.map(|shortcut| shortcut.name.clone()).unwrap_or_default();
        let mut does = Does::default();
        let mut wholly = Wholly::Yes;
        for action in top.elements() {
            if !self.values.take(1) || !lists::is_small_dictionary(action) {
                wholly = Wholly::No;
                continue;
            }
            let kind = lists::text(action, "WFWorkflowActionIdentifier").unwrap_or_default();
            let parameters = action.get("WFWorkflowActionParameters");
            let mut texts = Texts { values: &mut self.values, wholly: &mut wholly };
            texts.walk(parameters, &mut |text| {
                let kind = TraceKind::Text;
                sink.trace(&Trace { kind, value: text, at: at.as_ref(), app: None, seen: &seen })
            })?;
            does.action(&kind.to_ascii_lowercase(), parameters);
        }
        if let Some(sends) = does.words() {
            let automatic = of.is_some_and(|of| self.automatic.contains(&of));
            let how = if automatic { "automation" } else { "shortcut" };
            let what = clipped(&format!("{how} \u{201c}{name}\u{201d}: {sends}")).to_owned();
            sink.says(&seen, Sign { name: "shortcut-sends".to_owned(), app: None, what, at })?;
        }
        ControlFlow::Continue(wholly)
    }
}

/// What the actions of one shortcut do.
#[derive(Default)]
struct Does {
    sends: BTreeSet<&'static str>,
    gathers: BTreeSet<&'static str>,
    /// It asks a server for something, which can carry what was gathered.
    asks: bool,
}

impl Does {
    fn action(&mut self, kind: &str, parameters: Option<Value<'_>>) {
        let find = |list: &[(&str, &'static str)]| {
            list.iter().find(|(end, _)| kind.ends_with(end)).map(|(_, words)| *words)
        };
        if kind.ends_with(".downloadurl") {
            self.asks = true;
            let parameters = parameters.filter(|parameters| lists::is_small_dictionary(*parameters));
            let method = parameters.and_then(|parameters| lists::text(parameters, "WFHTTPMethod"));
            if method.is_some_and(|method| ["POST", "PUT", "PATCH"].contains(&method.as_str())) {
                self.sends.insert("data to a server");
            }
            return;
        }
        match find(SENDS) {
            Some(sends) => drop(self.sends.insert(sends)),
            None => self.gathers.extend(find(GATHERS)),
        }
    }

    /// What it sends, in words; none if it sends nothing.
    fn words(&self) -> Option<String> {
        let mut sends: Vec<&str> = self.sends.iter().copied().collect();
        if sends.is_empty() && self.asks && !self.gathers.is_empty() {
            sends.push("a request to a server");
        }
        if sends.is_empty() {
            return None;
        }
        let gathers: Vec<&str> = self.gathers.iter().copied().collect();
        let with =
            if gathers.is_empty() { String::new() } else { format!(", gathers {}", gathers.join(", ")) };
        Some(format!("sends {}{with}", sends.join(", ")))
    }
}

/// Texts in the values of an action that may hold a link.
struct Texts<'t> {
    values: &'t mut Budget,
    wholly: &'t mut Wholly,
}

impl Texts<'_> {
    fn walk(&mut self, value: Option<Value<'_>>, take: &mut dyn FnMut(&str) -> Flow) -> Flow {
        let mut open: Vec<(Value<'_>, usize)> = value.map(|value| (value, 0)).into_iter().collect();
        while let Some((value, depth)) = open.pop() {
            if !self.values.take(1) || depth > DEPTH_MOST || open.len() > 20_000 {
                *self.wholly = Wholly::No;
                return Flow::Continue(());
            }
            let inner = depth.saturating_add(1);
            if value.is_dictionary() {
                open.extend(value.pairs().map(|(_, value)| (value, inner)));
            } else if value.is_list() {
                open.extend(value.elements().map(|value| (value, inner)));
            } else if let Some(text) = value.text_within(TEXT_MOST)
                && (text.contains("://") || text.contains("www."))
            {
                take(&text)?;
            }
        }
        Flow::Continue(())
    }
}
