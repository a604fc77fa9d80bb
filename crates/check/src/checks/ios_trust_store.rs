//! Certificates that somebody added to those an iPhone trusts: `TrustStore.sqlite3`.
//!
//! `tsettings` holds each with its bytes; the ones of the system are not in it. Columns as in public
//! descriptions of iOS 4 to 26 (2026-11). Deliberately not checked: signatures, validity.

use model::record::{Place, ProblemKind};
use source::tree::Candidate;
use sqlite::Row;

use crate::database::{self, clipped};
use crate::{About, Certificate, Check, FactSink, Fingerprint, Flow, Input, Platform, Question, der};

/// `TrustStore.sqlite3`.
pub(crate) struct IosTrustStore;

/// Most certificates.
const CERTIFICATES_MOST: u64 = 5000;

impl Check for IosTrustStore {
    fn name(&self) -> &'static str {
        "ios_trust_store"
    }

    fn about(&self) -> About {
        About {
            title: "Certificates that were added to the trusted ones (TrustStore.sqlite3)",
            platform: Platform::Ios,
            covers: "subject and fingerprint of each",
            leaves_out: "certificates of the system; validity",
            answers: &[Question::RootCertificates],
            source: "public descriptions of the schema (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        database::is_named(candidate, &["TrustStore.sqlite3"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut wholly = database::condition(&database, input.file, sink)?;
        let Some(table) = database.table("tsettings") else {
            let expected = "a table tsettings";
            return sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, expected, "");
        };
        let data = table.column("data");
        let prints = [table.column("sha256"), table.column("sha1")];
        let mut count = 0_u64;
        let read = database::each_row((&database, table, input.file), sink, &mut |row, sink| {
            count = count.saturating_add(1);
            if count > CERTIFICATES_MOST {
                wholly = crate::Wholly::No;
                return Flow::Continue(());
            }
            let bytes = row.blob(data).unwrap_or_default();
            let words = der::certificate(bytes);
            let subject =
                words.map_or_else(|| "unknown".to_owned(), |words| clipped(&words.subject).to_owned());
            let fingerprint = prints.iter().find_map(|column| fingerprint(row, *column));
            let seen = input.seen(Place::row("tsettings", row.rowid()));
            sink.says(&seen, Certificate { subject, fingerprint, since: None })
        })?;
        let wholly = database::both(wholly, read.wholly);
        sink.looked(&input.seen(Place::Whole), Question::RootCertificates, wholly, count)
    }
}

fn fingerprint(row: &Row<'_>, column: Option<sqlite::ColumnNumber>) -> Option<Fingerprint> {
    let bytes = row.blob(column).filter(|bytes| bytes.len() <= 32)?;
    Fingerprint::parse(&model::encode_hex(bytes))
}
