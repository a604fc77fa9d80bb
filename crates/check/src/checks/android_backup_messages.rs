//! Text messages in a backup of Android: `000000_sms_backup`, `000000_mms_backup`.
//!
//! The reader `android_backup_sms` reads them (see there for forms and versions); every text goes to the lists,
//! which look for links in it. Deliberately kept nowhere: the texts themselves.

use model::record::{Counted, Place, Problem, Record, What};
use readers::{FORMATS, Format, Options};
use source::tree::Candidate;

use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Trace, TraceKind, Wholly};

/// `…_sms_backup` and `…_mms_backup`.
pub(super) struct AndroidBackupMessages;

impl Check for AndroidBackupMessages {
    fn name(&self) -> &'static str {
        "android_backup_messages"
    }

    fn about(&self) -> About {
        About {
            title: "Text messages in an Android backup (sms_backup, mms_backup)",
            platform: Platform::Android,
            covers: "the texts and subjects of all messages, held against the lists",
            leaves_out: "everything else of them",
            answers: &[Question::MessageLinks],
            source: "TelephonyBackupAgent of the Android Open Source Project",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let name = candidate.entry().name();
        let is_named = name.ends_with("_sms_backup") || name.ends_with("_mms_backup");
        is_named && reader().is_some_and(|reader| reader.recognise(candidate).is_some())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(reader) = reader() else { return Flow::Continue(()) };
        let mut texts = Texts { input, sink, count: 0, wholly: Wholly::Yes };
        let Input { tree, file, keys, limits } = *input;
        let options = Options::default();
        reader
            .read(&readers::Input { tree, file, with: &[], keys, limits, options: &options }, &mut texts)?;
        let (count, wholly) = (texts.count, texts.wholly);
        sink.looked(&input.seen(Place::Whole), Question::MessageLinks, wholly, count)
    }
}

fn reader() -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.name() == "android_backup_sms")
}

/// Passes the texts on.
struct Texts<'t> {
    input: &'t Input<'t>,
    sink: &'t mut dyn FactSink,
    count: u64,
    wholly: Wholly,
}

impl readers::Sink for Texts<'_> {
    fn record(&mut self, record: Record) -> Flow {
        let What::Message(message) = record.what else { return Flow::Continue(()) };
        self.count = self.count.saturating_add(1);
        let seen = self.input.seen(record.place);
        for value in [&message.subject, &message.text].into_iter().flatten() {
            let at = message.sent.as_ref();
            self.sink.trace(&Trace { kind: TraceKind::Text, value, at, app: None, seen: &seen })?;
        }
        Flow::Continue(())
    }

    fn problem(&mut self, problem: Problem) -> Flow {
        self.wholly = Wholly::No;
        self.sink.problem(problem)
    }

    fn counted(&mut self, _counted: Counted) -> Flow {
        Flow::Continue(())
    }
}
