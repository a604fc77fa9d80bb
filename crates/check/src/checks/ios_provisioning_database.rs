//! Certificates with which apps come past the App Store, as iOS itself keeps them: `mis.db`.
//!
//! `MobileDeviceDomain/ProvisioningProfiles/mis.db` of a backup: a table `profiles` with name, team, day of
//! installation and whether an app may run on any phone (names from backups of iOS 26 and 27, 2026). Testers
//! and companies use such profiles too. Deliberately not read: signatures, certificates; what apps they are
//! for stands in their signed bytes.

use model::record::{Place, ProblemKind};
use source::tree::Candidate;

use crate::database::{self, clipped, text};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Sign};

/// `mis.db`.
pub(crate) struct IosProvisioningDatabase;

/// Most profiles that are told.
const PROFILES_MOST: u64 = 2_000;

impl Check for IosProvisioningDatabase {
    fn name(&self) -> &'static str {
        "ios_provisioning_database"
    }

    fn about(&self) -> About {
        About {
            title: "Certificates with which apps come past the App Store (mis.db)",
            platform: Platform::Ios,
            covers: "name, team and day of each profile, and whether it is for any phone",
            leaves_out: "signatures, and which apps the profiles are for",
            answers: &[Question::AppSources],
            source: "backups of iOS 26 and 27 (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        database::is_named(candidate, &["mis.db"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let whole = input.seen(Place::Whole);
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let wholly = database::condition(&database, input.file, sink)?;
        let Some(table) = database.table("profiles") else {
            return sink.trouble(&whole, ProblemKind::NotUnderstood, "a table of profiles", "");
        };
        let column = |name| table.column(name);
        let (name, team, since) = (column("name"), column("team_id"), column("install_time"));
        let (everybody, beta) = (column("is_for_all_devices"), column("is_beta"));
        let mut count = 0_u64;
        let read = database::each_row((&database, table, input.file), sink, &mut |row, sink| {
            count = count.saturating_add(1);
            if count > PROFILES_MOST {
                return Flow::Continue(());
            }
            let kind = match (row.integer(everybody), row.integer(beta)) {
                (Some(1), _) => Some("for any device"),
                (_, Some(1)) => Some("for a test"),
                _ => None,
            };
            let words = [text(row, name), text(row, team), kind.map(str::to_owned)];
            let words: Vec<String> = words.into_iter().flatten().collect();
            let what = clipped(&words.join(", ")).to_owned();
            let seen = input.seen(Place::row(table.name(), row.rowid()));
            let at = database::apple_time(row, since);
            sink.says(&seen, Sign { name: "app-provisioning".to_owned(), app: None, what, at })
        })?;
        sink.looked(&whole, Question::AppSources, database::both(wholly, read.wholly), read.rows)
    }
}
