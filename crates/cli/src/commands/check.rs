//! `asservat check CASE [CAPSULE…]`: is somebody watching through this phone? On what was sealed, or with
//! `--folder` on what lies there, before anything is kept.
//!
//! ```text
//! asservat check amsel
//! asservat check --folder /media/stick/androidqf --list neu.stix2
//! asservat check amsel --finding 2 --original
//! ```

use std::path::PathBuf;

use desk::{CheckForm, Checked, EntryNumber, Removal, WorkerLimits};

use crate::answer::Answer;
use crate::arguments::{CaseKey, EvidenceKeys, SafetyAnswers, SigningKey};
use crate::check_text;
use crate::errors::Failure;
use crate::safety;
use crate::secrets;
use crate::trouble::Trouble;
use crate::work::{Want, Work};
use crate::worker;

/// Looks for monitoring.
#[derive(clap::Args)]
pub(crate) struct Check {
    /// The case folder.
    #[arg(value_name = "CASE", required_unless_present = "folder", conflicts_with = "folder")]
    case: Option<PathBuf>,
    /// Only these capsules.
    #[arg(value_name = "CAPSULE")]
    capsules: Vec<u64>,
    /// A folder or file instead of a case.
    #[arg(long, value_name = "PATH")]
    folder: Option<PathBuf>,
    /// Further indicators.
    #[arg(long, value_name = "FILE")]
    list: Vec<PathBuf>,
    /// Only this finding, in full.
    #[arg(long, value_name = "NUMBER")]
    finding: Option<u32>,
    /// Every finding in full.
    #[arg(long)]
    all: bool,
    /// With the original bytes of what was seen.
    #[arg(long, requires = "finding")]
    original: bool,
    /// Advice that changes something, after the safety questions.
    #[arg(long)]
    removal: bool,
    #[command(flatten)]
    answers: SafetyAnswers,
    #[command(flatten)]
    evidence: EvidenceKeys,
    /// Memory of the checking process.
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(64..=65536))]
    worker_memory: Option<u64>,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Check {
    /// Checks and says what was found, not found, and could not be checked.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let removal = self.removal(work)?;
        let form = self.form(work)?;
        let (checked, look, originals) = match (&self.case, &self.folder) {
            (Some(case), _) => {
                let (mut desk, mut case) = work.open(case, Want::Look, &self.signing, Some(&self.key))?;
                for key in self.evidence.keys(work)? {
                    desk.keep_evidence_key(&mut case, &key, "")?;
                }
                let checked = desk.check(&mut case, &form)?;
                let wanted = self.wanted_places(&checked)?;
                let originals = desk.check_originals(&case, &form, &wanted)?;
                (checked, desk.look_answers(&case)?, originals)
            }
            (None, Some(folder)) => {
                let keys = self.evidence.keys(work)?;
                let checked = desk::check_folder(folder.clone(), &keys, &form, &work.bar)?;
                let wanted = self.wanted_places(&checked)?;
                let originals = desk::folder_originals(folder.clone(), &keys, &form, &work.bar, &wanted)?;
                (checked, Vec::new(), originals)
            }
            (None, None) => return Err(Trouble::UsageMissing.into()),
        };
        let shown = check_text::Shown { only: self.finding, all: self.all, removal, originals: &originals };
        let lines = check_text::lines(work, &checked, &look, &shown);
        Ok(check_text::with_words(work, &checked, &look, removal, lines))
    }

    /// Asks the safety questions if advice on removing is wanted.
    fn removal(&self, work: &Work<'_>) -> Result<Removal, Failure> {
        if !self.removal {
            return Ok(Removal::Withheld);
        }
        let answers = safety::answers(work, &self.answers, desk::AskedFor::Removal)?;
        if desk::allows_removal(&answers) {
            return Ok(Removal::Told);
        }
        safety::tell(work, desk::AskedFor::Removal, &answers);
        Ok(Removal::Withheld)
    }

    fn form(&self, work: &Work<'_>) -> Result<CheckForm, Failure> {
        let mut limits = WorkerLimits::default();
        if let Some(mebibytes) = self.worker_memory {
            limits.memory_bytes = mebibytes << 20;
        }
        let list = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Ok((name, secrets::whole(path)?))
        };
        Ok(CheckForm {
            capsules: self.capsules.iter().copied().map(EntryNumber).collect(),
            lists: self.list.iter().map(list).collect::<Result<_, Failure>>()?,
            program: worker::program()?,
            limits,
            today: desk::Clock::now(&work.clock).date(),
        })
    }

    /// The places of the finding whose original bytes are wanted.
    fn wanted_places(&self, checked: &Checked) -> Result<Vec<desk::Where>, Failure> {
        let Some(number) = self.finding else { return Ok(Vec::new()) };
        let mut findings = checked.devices.iter().flat_map(|device| &device.findings);
        let finding = findings
            .find(|finding| finding.number == number)
            .ok_or_else(|| Failure::from(Trouble::NoSuchFinding).with("number", number))?;
        if !self.original {
            return Ok(Vec::new());
        }
        Ok(finding.seen.iter().map(|seen| seen.place.clone()).collect())
    }
}
