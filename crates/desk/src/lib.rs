//! The verbs: one function each. The only place where the rooms meet.
//!
//! A verb opens a case, does one thing, and leaves an entry. It prints nothing and reads no clock of its
//! own; progress, time and keys are passed in. Everything a verb gives back can be serialised.

mod checking;
mod consent;
mod demo;
mod erase;
mod error;
mod gate;
mod give;
mod hand_over;
mod holders;
mod log;
mod new;
mod notes;
mod open;
mod out_folder;
mod progress;
mod reading;
mod receipt;
mod secure;
mod selection;
mod show;
mod take;
mod understanding;
mod unseal;
mod verify;

pub use checking::{
    Agreed, CheckForm, CheckProblem, Checked, CheckedInput, LookAnswer, LookForm, UsedList, check_folder,
    folder_originals,
};
pub use consent::{ConsentGiven, ConsentLine};
pub use demo::{DemoForm, DemoOutcome, DemoStep, demo};
pub use error::DeskError;
pub use gate::GateAnswer;
pub use give::Given;
pub use hand_over::{HandOver, HandedOver};
pub use holders::HolderLine;
pub use log::LogLine;
pub use new::{HOLDER_KINDS, NewCaseForm, Opened, install, is_installed, open_installation};
pub use notes::{Hold, NoteSubject};
pub use open::{Access, OpenCase, Unlock};
pub use progress::{Clock, Progress, Silent, Stage};
pub use reading::{
    Anew, EvidenceKey, FoundRecords, OriginalBytes, ProblemFile, READING_WORKER, ReadForm, ReadOutcome,
    ReaderLine, RecordsForm, ShownRecord, reading_worker,
};
pub use secure::{SecureForm, Secured};
pub use selection::ItemName;
pub use show::{ShownCapsule, ShownItem};
pub use take::Taken;
pub use understanding::{
    Decisions, Dismissed, DrawnPicture, FoundHints, FoundHit, FoundPassage, FoundPeople, Gap, HintDecision,
    HintPlace, HintsForm, Link, MatchedTerm, NoteAbout, OtherSource, PageEdge, Passage, PeopleForm, Person,
    PersonParty, PictureKind, PictureWords, Piece, RecordsWanted, Same, SearchForm, SearchOutcome, ShownHint,
    TagState, Timeline, TimelineForm, TimelineLine, WantedParty, hint_languages, near,
};
pub use unseal::{UnsealForm, Unsealed};
pub use verify::{Against, Subject, Verified, subject, verify};

pub use check::Platform;
pub use check::judge::{AnswerState, DeviceReport, Where};
pub use check::rules::{
    AskedFor, Guide, Language as RuleLanguage, LeavesTrace, RULES, SafetyAnswer, Step, Sure,
};
pub use check::safety::{Answers as SafetyAnswers, allows_guide, allows_removal, outcome as safety_outcome};
pub use check::told::{Removal, ToldDevice, ToldFinding, tell};
pub use confine::{Limits as WorkerLimits, Program};
pub use index::{Attachments, Doubles, IndexError, KINDS as RECORD_KINDS, Located};
pub use insight::gaps::Rule as GapRule;
pub use insight::people::{Proposal, Reason};
pub use insight::picture::graph::Words as GraphWords;
pub use insight::structure::STRUCTURE;
pub use insight::tactics::{EntryWords, LanguageQuality, LanguageState, TAXONOMY};
pub use model::{Date, Digest, EntryNumber, HolderName, Timestamp};
pub use readers::Options as ReadOptions;
pub use seal::{IdentityFile, Passphrase, Recipient, Share, WorkFactor};
pub use source::MediaChoice;
pub use text::Spellings;
pub use vault::{Erase, Erasure, HolderKey, HoldersOfBranch, Installation, Joined, Unreachable, VaultError};

use custody::Fields;

/// A person at work: her installation, the time, and somebody who watches the progress.
pub struct Desk<'a> {
    /// The installation whose key signs.
    pub installation: Installation,
    /// The own clock.
    pub clock: &'a dyn Clock,
    /// Hears of progress.
    pub progress: &'a dyn Progress,
}

impl Desk<'_> {
    /// The fields every entry has, for an entry of this kind.
    fn fields(&self, kind: &str, more: Fields, last: Option<Timestamp>) -> Fields {
        let now = self.clock.now();
        let fingerprint = self.installation.signer().vkey().fingerprint();
        let mut fields = more
            .with("kind", kind)
            .with("at", now.to_string())
            .with("program", model::PROGRAM)
            .with("key", fingerprint.to_string());
        if last.is_some_and(|last| now < last) {
            fields = fields.with("clock_back", true);
        }
        fields
    }
}
