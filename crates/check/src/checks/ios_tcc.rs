//! What iOS lets apps use: microphone, camera, contacts, photos and more, in `TCC.db`.
//!
//! Three schemas: `allowed` without and with a time (to iOS 13), `auth_value` (since iOS 14). As in mvt's
//! `tcc` (2026-11). Location is not in it: see `ios_location_clients`. Deliberately not read: code
//! requirements.

use model::record::{Place, ProblemKind};
use source::tree::Candidate;
use sqlite::{Row, Table};

use crate::database::{self, unix_time};
use crate::{
    About, AppFact, AppSays, Check, FactSink, Flow, Grant, Input, Platform, Privacy, Question, Trace,
    TraceKind, Wholly,
};

/// `TCC.db`.
pub(crate) struct IosTcc;

/// Most rows that become facts.
const ROWS_MOST: u64 = 50_000;

impl Check for IosTcc {
    fn name(&self) -> &'static str {
        "ios_tcc"
    }

    fn about(&self) -> About {
        About {
            title: "What iOS lets apps use (TCC.db)",
            platform: Platform::Ios,
            covers: "each service of each app with grant and time; schemas of iOS 8 to 26",
            leaves_out: "location, which is not in it; when something was used",
            answers: &[Question::Permissions],
            source: "mvt tcc (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        database::is_named(candidate, &["TCC.db"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut wholly = database::condition(&database, input.file, sink)?;
        let seen = input.seen(Place::Whole);
        let columns = database.table("access").and_then(Columns::of);
        let Some((table, columns)) = database.table("access").zip(columns) else {
            let expected = "a table access with service, client and grant";
            return sink.trouble(&seen, ProblemKind::NotUnderstood, expected, "");
        };
        let mut told = 0_u64;
        let read = database::each_row((&database, table, input.file), sink, &mut |row, sink| {
            if told >= ROWS_MOST {
                wholly = Wholly::No;
                return Flow::Continue(());
            }
            told = told.saturating_add(1);
            columns.tell(input, row, sink)
        })?;
        sink.looked(&seen, Question::Permissions, database::both(wholly, read.wholly), read.rows)
    }
}

struct Columns {
    service: sqlite::ColumnNumber,
    client: sqlite::ColumnNumber,
    value: Option<sqlite::ColumnNumber>,
    allowed: Option<sqlite::ColumnNumber>,
    modified: Option<sqlite::ColumnNumber>,
}

impl Columns {
    fn of(table: &Table) -> Option<Self> {
        let (value, allowed) = (table.column("auth_value"), table.column("allowed"));
        value.or(allowed)?;
        let (service, client) = (table.column("service")?, table.column("client")?);
        Some(Self { service, client, value, allowed, modified: table.column("last_modified") })
    }

    fn tell(&self, input: &Input<'_>, row: &Row<'_>, sink: &mut dyn FactSink) -> Flow {
        let seen = input.seen(Place::row("access", row.rowid()));
        let (service, client) =
            (database::text(row, Some(self.service)), database::text(row, Some(self.client)));
        let Some((service, client)) = service.zip(client) else {
            let expected = "service and client of a grant";
            return sink.trouble(&seen, ProblemKind::NotUnderstood, expected, "the other grants");
        };
        let at = unix_time(row, self.modified);
        for kind in [TraceKind::Process, TraceKind::AppMention] {
            sink.trace(&Trace { kind, value: &client, at: at.as_ref(), app: Some(&client), seen: &seen })?;
        }
        let grant = match (row.integer(self.value), row.integer(self.allowed)) {
            // 3 is "limited": some photos, some contacts.
            (Some(2 | 3), _) | (None, Some(1)) => Grant::Given,
            (Some(0), _) | (None, Some(0)) => Grant::Refused,
            _ => Grant::Asked,
        };
        sink.says(&seen, AppFact::new(&client, AppSays::Privacy(Privacy { service, grant, at })))
    }
}
