//! Apps as the home screen of an iPhone knows them, also removed ones: `applicationState.db`.
//!
//! Three tables: identifiers of apps, names of properties, and values, which are binary lists.
//! `compatibilityInfo` tells where an installed app lies, `_UninstallDate` when one was removed; not every
//! removed app leaves it (Brignoni, 2018-12; the tables are the same in backups of iOS 27). Deliberately not
//! read: pictures, scenes, settings.

use std::collections::BTreeMap;

use model::record::{Place, ProblemKind, TimeReading};
use source::property_list::{PropertyList, Value as ListValue};
use source::tree::Candidate;
use sqlite::{Database, Value};

use crate::database::{self, text};
use crate::{
    About, AppFact, AppOrigin, AppSays, Check, FactSink, Flow, Input, Platform, Question, Trace, TraceKind,
    Wholly, lists,
};

/// `applicationState.db`.
pub(crate) struct IosAppState;

/// Most apps, and the longest value.
const APPS_MOST: usize = 20_000;
const VALUE_BYTES_MOST: usize = 1 << 20;

impl Check for IosAppState {
    fn name(&self) -> &'static str {
        "ios_app_state"
    }

    fn about(&self) -> About {
        About {
            title: "Apps as the home screen knows them (applicationState.db)",
            platform: Platform::Ios,
            covers: "apps with the place they lie in; removed ones with the day, where it is left",
            leaves_out: "pictures, scenes, settings; removed apps that left nothing",
            answers: &[Question::Apps, Question::RemovedApps],
            source: "Brignoni (2018), public handbook of iOS forensics (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        database::is_named(candidate, &["applicationState.db"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut wholly = database::condition(&database, input.file, sink)?;
        let whole = input.seen(Place::Whole);
        let Some(table) = database.table("kvs") else {
            return sink.trouble(&whole, ProblemKind::NotUnderstood, "a table kvs", "");
        };
        let mut names = |table: &str, column: &str, sink: &mut dyn FactSink| {
            let (names, read) = names(input, &database, (table, column), sink)?;
            wholly = database::both(wholly, read);
            std::ops::ControlFlow::Continue(names)
        };
        let apps = names("application_identifier_tab", "application_identifier", sink)?;
        let keys = names("key_tab", "key", sink)?;
        for id in apps.values() {
            let kind = TraceKind::AppMention;
            sink.trace(&Trace { kind, value: id, at: None, app: Some(id), seen: &whole })?;
        }
        let (of, key, value) =
            (table.column("application_identifier"), table.column("key"), table.column("value"));
        let read = database::each_row((&database, table, input.file), sink, &mut |row, sink| {
            let id = row.integer(of).and_then(|of| apps.get(&of));
            let key = row.integer(key).and_then(|key| keys.get(&key));
            let Some((id, key)) = id.zip(key) else { return Flow::Continue(()) };
            let seen = input.seen(Place::row("kvs", row.rowid()));
            match key.as_str() {
                "_UninstallDate" => {
                    sink.says(&seen, AppFact::new(id, AppSays::Removed(removed(row.get(value)))))
                }
                "compatibilityInfo" => {
                    let Some(path) = bundle_path(row.get(value)) else { return Flow::Continue(()) };
                    let app = Some(id.as_str());
                    sink.trace(&Trace { kind: TraceKind::Path, value: &path, at: None, app, seen: &seen })?;
                    let is_added = path.contains("/containers/Bundle/Application/");
                    let origin = if is_added { AppOrigin::Added } else { AppOrigin::Untold };
                    sink.says(&seen, AppFact::new(id, AppSays::Installed(origin)))?;
                    sink.says(&seen, AppFact::new(id, AppSays::Path(path)))
                }
                _ => Flow::Continue(()),
            }
        })?;
        let wholly = database::both(wholly, read.wholly);
        for question in [Question::Apps, Question::RemovedApps] {
            sink.looked(&whole, question, wholly, apps.len() as u64)?;
        }
        Flow::Continue(())
    }
}

/// Names by their number, and whether all could be read.
type Names = (BTreeMap<i64, String>, Wholly);

fn names(
    input: &Input<'_>,
    database: &Database,
    (table, column): (&str, &str),
    sink: &mut dyn FactSink,
) -> std::ops::ControlFlow<(), Names> {
    let mut names = BTreeMap::new();
    let Some(table) = database.table(table) else {
        return std::ops::ControlFlow::Continue((names, Wholly::No));
    };
    let column = table.column(column);
    let read = database::each_row((database, table, input.file), sink, &mut |row, _| {
        if names.len() < APPS_MOST {
            names.extend(text(row, column).map(|name| (row.rowid(), name)));
        }
        Flow::Continue(())
    })?;
    let is_full = read.rows > APPS_MOST as u64;
    std::ops::ControlFlow::Continue((names, if is_full { Wholly::No } else { read.wholly }))
}

/// The bytes of a value that is a list.
fn list(value: Value<'_>) -> Option<PropertyList<'_>> {
    let Value::Blob(bytes) = value else { return None };
    PropertyList::open(bytes).filter(|_| bytes.len() <= VALUE_BYTES_MOST)
}

/// The day an app was removed: a date, or an archived one.
fn removed(value: Value<'_>) -> Option<TimeReading> {
    if let Value::Real(seconds) = value {
        return Some(TimeReading::apple(seconds));
    }
    let list = list(value)?;
    let inner = list.root().filter(|root| lists::is_small_dictionary(*root));
    let archived = inner.and_then(|root| root.get("NS.time")).and_then(ListValue::real);
    archived.map(TimeReading::apple).or_else(|| lists::time_of(list.top()?))
}

/// Where an app lies: a member of an archive, or of a list in a list.
fn bundle_path(value: Value<'_>) -> Option<String> {
    let outer = list(value)?;
    let path = |list: &PropertyList<'_>| {
        let root = list.root().or_else(|| list.top()).filter(|root| lists::is_small_dictionary(*root))?;
        lists::text(root, "bundlePath")
    };
    let inner = || outer.top()?.bytes().and_then(PropertyList::open).as_ref().and_then(path);
    path(&outer).or_else(inner)
}
