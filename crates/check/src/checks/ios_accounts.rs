//! Accounts that are set up on an iPhone: `Accounts3.sqlite`.
//!
//! A Core Data store: `ZACCOUNT` with name and day, `ZACCOUNTTYPE` with the service. As in public
//! descriptions of iOS 7 to 26 (2026-11). An account that is a part of another (mail of iCloud) has a parent;
//! it is told too, if it has a name of its own. Deliberately not read: passwords (in the keychain), settings.

use std::collections::{BTreeMap, BTreeSet};

use model::record::{Place, ProblemKind};
use source::tree::Candidate;

use crate::database::{self, apple_time, text};
use crate::{About, Account, Check, FactSink, Flow, Input, Platform, Question, Trace, TraceKind};

/// `Accounts3.sqlite`.
pub(crate) struct IosAccounts;

/// Most services and most accounts.
const SERVICES_MOST: usize = 5000;
const ACCOUNTS_MOST: usize = 10_000;

impl Check for IosAccounts {
    fn name(&self) -> &'static str {
        "ios_accounts"
    }

    fn about(&self) -> About {
        About {
            title: "Accounts on an iPhone (Accounts3.sqlite)",
            platform: Platform::Ios,
            covers: "service, name and day of each account",
            leaves_out: "accounts inside apps, passwords, settings",
            answers: &[Question::Accounts],
            source: "public descriptions of the schema (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        database::is_named(candidate, &["Accounts3.sqlite"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut wholly = database::condition(&database, input.file, sink)?;
        let seen = input.seen(Place::Whole);
        let Some(accounts) = database.table("ZACCOUNT") else {
            return sink.trouble(&seen, ProblemKind::NotUnderstood, "a table ZACCOUNT", "");
        };
        let mut services: BTreeMap<i64, String> = BTreeMap::new();
        if let Some(table) = database.table("ZACCOUNTTYPE") {
            let names = (table.column("ZIDENTIFIER"), table.column("ZACCOUNTTYPEDESCRIPTION"));
            let read = database::each_row((&database, table, input.file), sink, &mut |row, _| {
                let name = text(row, names.0).or_else(|| text(row, names.1));
                if services.len() < SERVICES_MOST {
                    services.extend(name.map(|name| (row.rowid(), name)));
                }
                Flow::Continue(())
            })?;
            wholly = database::both(wholly, read.wholly);
        }
        let column = |name| accounts.column(name);
        let (kind, user, words) =
            (column("ZACCOUNTTYPE"), column("ZUSERNAME"), column("ZACCOUNTDESCRIPTION"));
        let since = column("ZDATE");
        let mut told: BTreeSet<(String, String)> = BTreeSet::new();
        let read = database::each_row((&database, accounts, input.file), sink, &mut |row, sink| {
            let service = row.integer(kind).and_then(|kind| services.get(&kind).cloned());
            let service = service.unwrap_or_else(|| "unknown".to_owned());
            let name = text(row, user).or_else(|| text(row, words)).unwrap_or_default();
            if name.is_empty() || told.len() >= ACCOUNTS_MOST || !told.insert((service.clone(), name.clone()))
            {
                return Flow::Continue(());
            }
            let seen = input.seen(Place::row("ZACCOUNT", row.rowid()));
            let since = apple_time(row, since);
            if name.contains('@') {
                let at = since.as_ref();
                sink.trace(&Trace { kind: TraceKind::Mail, value: &name, at, app: None, seen: &seen })?;
            }
            sink.says(&seen, Account { service, name, since })
        })?;
        sink.looked(&seen, Question::Accounts, database::both(wholly, read.wholly), told.len() as u64)
    }
}
