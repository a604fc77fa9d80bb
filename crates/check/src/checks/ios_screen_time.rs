//! Who sees and sets the screen time of an iPhone: `RMAdminStore-Local.sqlite`.
//!
//! `ZCOREUSER` names the users of screen time that the phone knows: its owner, who is not told, and the
//! members
//! of the family group who may manage it. Columns as in APOLLO and iLEAPP (2026-11). Deliberately not read:
//! what was used and for how long; limits.

use model::record::{Place, ProblemKind};
use source::tree::Candidate;

use crate::database::{self, clipped, text};
use crate::{About, Check, FactSink, Flow, Input, LinkedDevice, Platform, Question, Trace, TraceKind};

/// `RMAdminStore-Local.sqlite`.
pub(crate) struct IosScreenTime;

/// Most users.
const USERS_MOST: u64 = 100;

impl Check for IosScreenTime {
    fn name(&self) -> &'static str {
        "ios_screen_time"
    }

    fn about(&self) -> About {
        About {
            title: "Users of screen time (RMAdminStore-Local.sqlite)",
            platform: Platform::Ios,
            covers: "accounts with their part: organiser, parent",
            leaves_out: "usage, limits",
            answers: &[Question::Family],
            source: "APOLLO, iLEAPP (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        database::is_named(candidate, &["RMAdminStore-Local.sqlite", "RMAdminStore-Cloud.sqlite"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let wholly = database::condition(&database, input.file, sink)?;
        let Some(table) = database.table("ZCOREUSER") else {
            let expected = "a table ZCOREUSER";
            return sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, expected, "");
        };
        let column = |name| table.column(name);
        let (account, given, family) = (column("ZAPPLEID"), column("ZGIVENNAME"), column("ZFAMILYNAME"));
        let own = column("ZLOCALUSERDEVICESTATE");
        let parts = [(column("ZISFAMILYORGANIZER"), "(organiser)"), (column("ZISPARENT"), "(parent)")];
        let mut count = 0_u64;
        let read = database::each_row((&database, table, input.file), sink, &mut |row, sink| {
            let account = text(row, account);
            let mut words: Vec<String> =
                [text(row, given), text(row, family)].into_iter().flatten().collect();
            words.extend(account.as_deref().map(|account| format!("<{account}>")));
            // The user of this phone has a state of their own on it.
            let is_own = row.integer(own).is_some();
            if words.is_empty() || is_own || count >= USERS_MOST {
                return Flow::Continue(());
            }
            count = count.saturating_add(1);
            for (column, word) in parts {
                words.extend((row.integer(column) == Some(1)).then(|| word.to_owned()));
            }
            let seen = input.seen(Place::row("ZCOREUSER", row.rowid()));
            if let Some(value) = account.as_deref().filter(|account| account.contains('@')) {
                sink.trace(&Trace { kind: TraceKind::Mail, value, at: None, app: None, seen: &seen })?;
            }
            let (service, name) = ("screen-time".to_owned(), clipped(&words.join(" ")).to_owned());
            sink.says(&seen, LinkedDevice { service, name, since: None, used: None })
        })?;
        sink.looked(&input.seen(Place::Whole), Question::Family, database::both(wholly, read.wholly), count)
    }
}
