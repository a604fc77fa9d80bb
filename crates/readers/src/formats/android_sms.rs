//! Text messages of Android phones: `mmssms.db` with SMS and MMS.
//!
//! Numbers after android.provider.Telephony and the MMS encapsulation protocol (OMA-MMS-ENC 1.2); columns are
//! looked up by name, seen from Android 4 to 14. SMS count milliseconds, MMS seconds. Deliberately not read:
//! RCS chats of other programs, SMIL layouts, segments of unfinished messages, deleted rows in free pages.

mod mms;
mod sms;
mod threads;

use source::tree::Candidate;

use crate::database;
use crate::tables::{self, Tables};
use crate::{About, Claim, Flow, Format, Input, Sink};

/// `mmssms.db`.
pub(crate) struct AndroidSms;

/// Tables that say nothing about anybody beyond what other tables say.
const HOUSEKEEPING: &[&str] =
    &["android_metadata", "rate", "drm", "sr_pending", "pending_msgs", "attachments"];

impl Format for AndroidSms {
    fn name(&self) -> &'static str {
        "android_sms"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Text messages of Android phones (mmssms.db)",
            covers: "SMS and MMS of Android 4 to 14: drafts, failed and waiting ones, groups, \
                     attachments, subjects; threads and addresses without messages",
            leaves_out: "RCS chats kept by other programs; unfinished segments; deleted rows in free \
                         pages",
            source: "android.provider.Telephony of the Android Open Source Project; plaso's test data",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        tables::recognise(candidate, &["mmssms.db"], "canonical_addresses", &["sms", "threads"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        let threads = threads::Threads::read(&mut tables, sink)?;
        sms::read(input.file, &mut tables, &threads, sink)?;
        mms::read(input, &mut tables, &threads, sink)?;
        tables.finish(HOUSEKEEPING, sink)
    }
}
