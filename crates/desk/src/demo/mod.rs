//! `demo`: the whole chain once, in a fresh folder, with an invented case or with what a person really has.

mod material;
mod picture;

use std::fs;
use std::path::{Path, PathBuf};

use model::{Date, HolderName, Limits};
use seal::{OpenWith, Passphrase, WorkFactor};
use source::MediaChoice;
use vault::HolderKey;
use zeroize::Zeroizing;

use crate::{
    Access, Against, Anew, Clock, ConsentGiven, Desk, DeskError, GateAnswer, HandOver, NewCaseForm, Program,
    Progress, ReadForm, ReadOptions, SecureForm, Unlock, WorkerLimits,
};

/// One step of the walk that is done.
#[derive(Debug, serde::Serialize)]
pub struct DemoStep {
    /// Which verb, for the words to say about it.
    pub verb: &'static str,
    /// Where to look.
    pub place: PathBuf,
    /// A figure or name that belongs to it.
    pub detail: String,
}

/// Where everything of the walk lies.
#[derive(Debug, serde::Serialize)]
pub struct DemoOutcome {
    /// The fresh folder.
    pub folder: PathBuf,
    /// Steps in order.
    pub steps: Vec<DemoStep>,
}

const CASE_PASSPHRASE_FILE: &str = "passphrases.txt";

/// What the demo is made with.
pub struct DemoForm<'a> {
    /// A folder that does not exist yet.
    pub folder: &'a Path,
    /// What to secure instead of the invented case; then the gate must have been answered.
    pub paths: Vec<PathBuf>,
    /// The answer to the gate.
    pub gate: GateAnswer,
    /// The narrower selection, without pictures and videos.
    pub media: MediaChoice,
    /// How the reading worker is started.
    pub program: Program,
}

/// Walks the whole chain. `told` hears each step as it is done.
pub fn demo(
    form: &DemoForm<'_>,
    clock: &dyn Clock,
    progress: &dyn Progress,
    told: &mut dyn FnMut(&DemoStep),
) -> Result<DemoOutcome, DeskError> {
    let folder = form.folder;
    if folder.symlink_metadata().is_ok() {
        return Err(DeskError::TargetExists(folder.to_owned()));
    }
    let mut walk = Walk { outcome: DemoOutcome { folder: folder.to_owned(), steps: Vec::new() }, told };
    make_folder(folder)?;
    let text = practice_passphrase(&folder.join(CASE_PASSPHRASE_FILE))?;
    let paths = if form.paths.is_empty() {
        let brought = folder.join("1-what-she-brings");
        material::write(&brought)?;
        walk.step("material", &brought, "");
        vec![brought]
    } else {
        form.paths.clone()
    };
    let home = folder.join("installation");
    let key = HolderKey::Passphrase(Passphrase::new(text.clone()));
    let installation = crate::install(&home, &key, WorkFactor::DEFAULT)?;
    let mut desk = Desk { installation, clock, progress };
    walk.chain(&mut desk, &secure_form(paths, form), &text, &form.program)?;
    Ok(walk.outcome)
}

struct Walk<'a> {
    outcome: DemoOutcome,
    told: &'a mut dyn FnMut(&DemoStep),
}

impl Walk<'_> {
    fn step(&mut self, verb: &'static str, place: &Path, detail: impl Into<String>) {
        let step = DemoStep { verb, place: place.to_owned(), detail: detail.into() };
        (self.told)(&step);
        self.outcome.steps.push(step);
    }

    fn chain(
        &mut self,
        desk: &mut Desk<'_>,
        selection: &SecureForm,
        text: &Zeroizing<String>,
        program: &Program,
    ) -> Result<(), DeskError> {
        let folder = &self.outcome.folder.clone();
        let passphrase = Passphrase::new(text.clone());
        let case_folder = folder.join("2-case");
        let until = Date { days: desk.clock.now().date().days + 90 };
        let opened = desk.new_case(&case_folder, new_case_form(text, until))?;
        self.step("new", &case_folder, opened.fingerprint);
        let unlock = Unlock { holder: None, with: OpenWith::Passphrase(&passphrase) };
        let mut case = desk.open(&case_folder, Access::Write, Some(&unlock))?;
        let secured = desk.secure(&mut case, selection)?;
        self.step("secure", &case_folder.join("capsules").join(&secured.name), secured.sha256.to_string());
        let reading = ReadForm {
            capsules: Vec::new(),
            anew: Anew::No,
            options: ReadOptions::default(),
            program: program.clone(),
            limits: WorkerLimits::default(),
        };
        let read = desk.read(&mut case, &reading)?;
        self.step("read", &case_folder, read.records.to_string());
        desk.note(
            &mut case,
            "Practice case. Everything in it is invented. / Übungsfall. Alles darin ist erfunden.",
            None,
        )?;
        let given = ConsentGiven {
            to: "Police (practice)".to_owned(),
            purpose: "practice".to_owned(),
            items: Vec::new(),
            until,
            how: "practice".to_owned(),
        };
        let consent = desk.consent_give(&mut case, &given)?;
        self.step("consent", &case_folder, consent.clone());
        let package = folder.join("3-package-for-the-police");
        let form = HandOver { to: given.to, consent, items: Vec::new(), into: package.clone() };
        let handed = desk.hand_over(&mut case, &form)?;
        self.step("handover", &package, handed.items.to_string());
        self.verified(&package, &Against::default(), None, desk)?;
        drop(case);
        self.verified(&case_folder, &Against::default(), Some(&unlock.with), desk)?;
        self.stick(desk, folder, &case_folder, &unlock)
    }

    fn stick(
        &mut self,
        desk: &mut Desk<'_>,
        folder: &Path,
        case_folder: &Path,
        unlock: &Unlock<'_>,
    ) -> Result<(), DeskError> {
        let stick = folder.join("4-her-stick").join("case");
        make_folder(&folder.join("4-her-stick"))?;
        let case = desk.open(case_folder, Access::Write, Some(unlock))?;
        let given = desk.give(case, &stick, "client")?;
        let receipt = folder.join("installation").join("receipts").join(&given.receipt);
        self.step("give", &stick, given.bytes.to_string());
        self.step("receipt", &receipt, "");
        let against = Against { evidence: Some(stick) };
        self.verified(&receipt, &against, None, desk)
    }

    fn verified(
        &mut self,
        path: &Path,
        against: &Against,
        with: Option<&OpenWith<'_>>,
        desk: &Desk<'_>,
    ) -> Result<(), DeskError> {
        let verified = crate::verify::verify(path, against, with, desk.progress)?;
        if !verified.report.unchanged() {
            return Err(DeskError::ReadBackDiffers);
        }
        self.step("verify", path, "");
        Ok(())
    }
}

fn new_case_form(text: &Zeroizing<String>, until: Date) -> NewCaseForm {
    let name: Option<HolderName> = "centre".parse().ok();
    NewCaseForm {
        alias: "Amsel".to_owned(),
        holder: "client".to_owned(),
        purpose: "practice / Übung".to_owned(),
        until,
        holders: name
            .map(|name| (name, HolderKey::Passphrase(Passphrase::new(text.clone()))))
            .into_iter()
            .collect(),
        recovery_shares: Some(3),
        work_factor: WorkFactor::DEFAULT,
    }
}

fn secure_form(paths: Vec<PathBuf>, form: &DemoForm<'_>) -> SecureForm {
    SecureForm {
        paths,
        source: "practice / Übung".to_owned(),
        who: "practice / Übung".to_owned(),
        gate: form.gate,
        media: form.media,
        consent: None,
        limits: Limits::DEFAULT,
    }
}

/// A passphrase for practice, written beside the case because the demo asks nothing.
fn practice_passphrase(path: &Path) -> Result<Zeroizing<String>, DeskError> {
    let random: [u8; 8] = seal::random()?;
    let text = Zeroizing::new(format!("practice-{}", model::encode_hex(&random)));
    let words = format!(
        "{}\n\nPassphrase of this practice case and its installation.\n\
         A real passphrase is never written beside the case.\n\n\
         Passwort dieses Übungsfalls und seiner Installation.\n\
         Ein echtes Passwort steht nie neben dem Fall.\n",
        text.as_str()
    );
    fs::write(path, words).map_err(|source| DeskError::TargetUnwritable { path: path.to_owned(), source })?;
    Ok(text)
}

fn make_folder(path: &Path) -> Result<(), DeskError> {
    fs::create_dir_all(path).map_err(|source| DeskError::TargetUnwritable { path: path.to_owned(), source })
}
