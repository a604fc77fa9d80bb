//! What an iPhone's App Store noted about apps: `appstored.sqlitedb`, `AppUpdates.sqlitedb`,
//! `downloads.28.sqlitedb` of a sysdiagnose, `storeUser.db` and `storeSystem.db` of a file system.
//!
//! Tables and columns change with nearly every iOS (12 to 26), so columns are found by name in whatever table
//! has one for the identifier of an app. Only `current_apps` lists what is installed; everything else names
//! apps that were bought, loaded or updated at some time. Known from MVT, EC-DIGIT-CSIRC/sysdiagnose and
//! iLEAPP (2026). Deliberately not read: prices, sizes, artwork, media that are no apps.

use std::collections::BTreeSet;

use model::record::{Place, Precision, TimeReading};
use source::tree::Candidate;
use sqlite::{ColumnNumber, Row, Table};

use crate::database::{self, both, text};
use crate::{
    About, AppFact, AppOrigin, AppSays, Check, FactSink, Flow, Input, Platform, Question, Seen, Trace,
    TraceKind, Wholly,
};

/// Databases of the App Store.
pub(crate) struct IosAppStore;

/// Most facts of one database, and most different ones that are remembered.
const FACTS_MOST: usize = 50_000;
const TABLES_MOST: usize = 500;

/// What the columns are called.
const ID: &[&str] = &["bundle_id", "bundleID", "bundle_identifier", "bundleIdentifier"];
const NAME: &[&str] = &["item_name", "title", "app_name", "long_title"];
const VERSION: &[&str] = &["short_version", "bundle_short_version", "bundle_version"];
const ACCOUNT: &[&str] = &["store_account_name", "account_name", "apple_id"];
const CLIENT: &[&str] = &["client_id", "client_bundle_id", "requesting_client"];
const DISTRIBUTOR: &[&str] = &["distributor_bundle_id", "distributor_id"];
const PURCHASED: &[&str] = &["date_purchased", "store_purchase_date"];
const TIME: &[&str] = &["timestamp", "date_purchased", "install_date", "store_purchase_date", "date"];

impl Check for IosAppStore {
    fn name(&self) -> &'static str {
        "ios_app_store"
    }

    fn about(&self) -> About {
        About {
            title: "What the App Store noted (appstored.sqlitedb, storeUser.db)",
            platform: Platform::Ios,
            covers: "apps with account, version, distributor and who asked for them; iOS 12 to 26",
            leaves_out: "prices, sizes, media; deleted rows in free pages",
            answers: &[Question::Apps, Question::RemovedApps],
            source: "MVT SysdiagnoseInfo, EC-DIGIT-CSIRC/sysdiagnose, iLEAPP (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let name = candidate.entry().name();
        let named =
            matches!(name, "appstored.sqlitedb" | "AppUpdates.sqlitedb" | "storeUser.db" | "storeSystem.db")
                || (name.starts_with("downloads.") && name.ends_with(".sqlitedb"));
        named && candidate.is_sqlite()
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let whole = input.seen(Place::Whole);
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut wholly = database::condition(&database, input.file, sink)?;
        let (mut store, mut current) = (Store::default(), None);
        for table in database.tables().take(TABLES_MOST) {
            let Some(columns) = Columns::of(table) else { continue };
            let is_current = table.name().eq_ignore_ascii_case("current_apps");
            let read = database::each_row((&database, table, input.file), sink, &mut |row, sink| {
                let seen = input.seen(Place::row(table.name(), row.rowid()));
                store.row(&columns, row, is_current, &seen, sink)
            })?;
            wholly = both(wholly, read.wholly);
            if is_current {
                current = Some(read.rows);
            }
        }
        if store.told.len() >= FACTS_MOST {
            wholly = Wholly::No;
        }
        // Only the list of what is installed can say that something is not.
        let Some(rows) = current else { return Flow::Continue(()) };
        sink.looked(&whole, Question::Apps, wholly, rows)?;
        sink.looked(&whole, Question::RemovedApps, wholly, rows)
    }
}

/// Where in a table what stands.
struct Columns {
    id: ColumnNumber,
    name: Option<ColumnNumber>,
    version: Option<ColumnNumber>,
    account: Option<ColumnNumber>,
    client: Option<ColumnNumber>,
    distributor: Option<ColumnNumber>,
    time: Option<ColumnNumber>,
    purchased: Option<ColumnNumber>,
    removed: Option<ColumnNumber>,
    beta: Option<ColumnNumber>,
    system: Option<ColumnNumber>,
}

impl Columns {
    /// None if the table names no app.
    fn of(table: &Table) -> Option<Self> {
        let find = |names: &[&str]| names.iter().find_map(|name| table.column(name));
        Some(Self {
            id: find(ID)?,
            name: find(NAME),
            version: find(VERSION),
            account: find(ACCOUNT),
            client: find(CLIENT),
            distributor: find(DISTRIBUTOR),
            time: find(TIME),
            purchased: find(PURCHASED),
            removed: find(&["deletion_date"]),
            beta: find(&["is_beta"]),
            system: find(&["is_system_app"]),
        })
    }
}

/// What was told of a database: each thing once.
#[derive(Default)]
struct Store {
    told: BTreeSet<(String, String)>,
}

impl Store {
    fn row(
        &mut self,
        columns: &Columns,
        row: &Row<'_>,
        is_current: bool,
        seen: &Seen,
        sink: &mut dyn FactSink,
    ) -> Flow {
        let Some(id) = text(row, Some(columns.id)) else { return Flow::Continue(()) };
        let at = time(row, columns.time);
        if self.is_new(&id, "mentioned") {
            let (kind, value, app) = (TraceKind::AppMention, id.as_str(), Some(id.as_str()));
            sink.trace(&Trace { kind, value, at: at.as_ref(), app, seen })?;
        }
        let system = row.integer(columns.system) == Some(1);
        let removed = time(row, columns.removed).filter(|_| is_current);
        match (is_current, removed) {
            (true, Some(at)) => self.tell(&id, AppSays::Removed(Some(at)), seen, sink)?,
            (true, None) => {
                let origin = if system { AppOrigin::Factory } else { AppOrigin::Added };
                self.tell(&id, AppSays::Installed(origin), seen, sink)?;
            }
            (false, _) => self.tell(&id, AppSays::Mentioned, seen, sink)?,
        }
        let value = |column| text(row, column);
        let told = [
            value(columns.name).map(AppSays::Name),
            value(columns.version).map(AppSays::Version),
            value(columns.account).map(AppSays::AcquiredBy),
            time(row, columns.purchased).map(AppSays::Acquired),
            value(columns.client).map(AppSays::Initiator),
            value(columns.distributor).map(|name| AppSays::Installer(Some(name))),
            (row.integer(columns.beta) == Some(1)).then(|| AppSays::Installer(Some("TestFlight".to_owned()))),
        ];
        for says in told.into_iter().flatten() {
            self.tell(&id, says, seen, sink)?;
        }
        Flow::Continue(())
    }

    fn tell(&mut self, id: &str, says: AppSays, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
        if self.is_new(id, &format!("{says:?}")) {
            return sink.says(seen, AppFact::new(id, says));
        }
        Flow::Continue(())
    }

    fn is_new(&mut self, id: &str, what: &str) -> bool {
        self.told.len() < FACTS_MOST && self.told.insert((id.to_owned(), what.to_owned()))
    }
}

/// A time that counts seconds since 1970 or since 2001: such a database holds times of the last years only,
/// so that both cannot be meant.
fn time(row: &Row<'_>, column: Option<ColumnNumber>) -> Option<TimeReading> {
    /// 2008, the first App Store, since 1970; and 2038 since 2001.
    const FIRST: f64 = 1_199_145_600.0;
    let seconds = row.real(column).filter(|seconds| *seconds > 0.0)?;
    if seconds < FIRST {
        return Some(TimeReading::apple(seconds));
    }
    #[expect(clippy::cast_possible_truncation, reason = "within the years that can be shown")]
    let ms = (seconds < 253_402_300_800.0).then(|| (seconds * 1000.0).round() as i64);
    Some(TimeReading::utc(seconds.to_string(), ms, Precision::Second))
}
