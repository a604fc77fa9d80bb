//! Calendars of an iPhone: `Calendar.sqlitedb`.
//!
//! Who invited and was invited, links in events, and the mark that the exploit of QuaDream left: an event
//! "Meeting" with the notes "Notes" (Citizen Lab, 2023-04-11). As in mvt's `calendar` (2026-11), which looks
//! at organisers only. Deliberately not told: what the events are about.

use model::record::{Place, ProblemKind};
use source::tree::Candidate;
use sqlite::Database;

use crate::database::{self, apple_time};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Sign, Trace, TraceKind, Wholly};

/// `Calendar.sqlitedb`.
pub(crate) struct IosCalendar;

/// Most signs, and the longest text that is searched for links.
const SIGNS_MOST: usize = 100;
const TEXT_BYTES_MOST: usize = 64 << 10;

impl Check for IosCalendar {
    fn name(&self) -> &'static str {
        "ios_calendar"
    }

    fn about(&self) -> About {
        About {
            title: "Calendars (Calendar.sqlitedb)",
            platform: Platform::Ios,
            covers: "mail addresses of everybody invited, links, the mark of one exploit",
            leaves_out: "what events are about",
            answers: &[Question::MessageLinks],
            source: "mvt calendar (2026); Citizen Lab (2023)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        database::is_named(candidate, &["Calendar.sqlitedb"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut wholly = database::condition(&database, input.file, sink)?;
        if database.table("CalendarItem").is_none() {
            let expected = "a table CalendarItem";
            return sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, expected, "");
        }
        wholly = database::both(wholly, people(input, &database, sink)?);
        events(input, &database, wholly, sink)
    }
}

/// Everybody who invited or was invited.
fn people(
    input: &Input<'_>,
    database: &Database,
    sink: &mut dyn FactSink,
) -> std::ops::ControlFlow<(), Wholly> {
    use std::ops::ControlFlow::Continue;
    let Some(table) = database.table("Participant") else { return Continue(Wholly::Yes) };
    let email = table.column("email");
    let read = database::each_row((database, table, input.file), sink, &mut |row, sink| {
        let Some(value) = database::text(row, email) else { return Flow::Continue(()) };
        let seen = input.seen(Place::row("Participant", row.rowid()));
        let value = value.strip_prefix("mailto:").unwrap_or(&value);
        sink.trace(&Trace { kind: TraceKind::Mail, value, at: None, app: None, seen: &seen })
    })?;
    Continue(read.wholly)
}

fn events(input: &Input<'_>, database: &Database, wholly: Wholly, sink: &mut dyn FactSink) -> Flow {
    let Some(table) = database.table("CalendarItem") else { return Flow::Continue(()) };
    let column = |name| table.column(name);
    let (summary, description, link) = (column("summary"), column("description"), column("url"));
    let starts = column("start_date");
    let mut signs = 0_usize;
    let read = database::each_row((database, table, input.file), sink, &mut |row, sink| {
        let seen = input.seen(Place::row("CalendarItem", row.rowid()));
        let at = apple_time(row, starts);
        let (summary, description) = (row.text(summary), row.text(description));
        for text in [summary.as_deref(), description.as_deref()].into_iter().flatten() {
            let end = (0..=TEXT_BYTES_MOST.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
            let value = text.get(..end.unwrap_or(0)).unwrap_or_default();
            if value.contains("://") || value.contains("www.") {
                let kind = TraceKind::Text;
                sink.trace(&Trace { kind, value, at: at.as_ref(), app: None, seen: &seen })?;
            }
        }
        if let Some(value) = database::text(row, link) {
            let kind = TraceKind::Link;
            sink.trace(&Trace { kind, value: &value, at: at.as_ref(), app: None, seen: &seen })?;
        }
        let is_marked = summary.as_deref() == Some("Meeting") && description.as_deref() == Some("Notes");
        if is_marked && signs < SIGNS_MOST {
            signs = signs.saturating_add(1);
            let (name, what) = ("calendar-spyware-mark".to_owned(), "Meeting / Notes".to_owned());
            sink.says(&seen, Sign { name, app: None, what, at })?;
        }
        Flow::Continue(())
    })?;
    let wholly = database::both(wholly, read.wholly);
    sink.looked(&input.seen(Place::Whole), Question::MessageLinks, wholly, read.rows)
}
