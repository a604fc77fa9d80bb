//! What every test needs: a clock that stands where it is put, keys without the cost of passphrases, a
//! small source.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use desk::{
    Access, Clock, Date, Desk, GateAnswer, HolderKey, IdentityFile, NewCaseForm, OpenCase, SecureForm,
    Secured, Silent, Timestamp, Unlock, WorkFactor,
};
use model::Limits;
use seal::{Identity, OpenWith};

/// A clock that is set by hand.
pub(crate) struct HandClock(pub(crate) Cell<i64>);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.get())
    }
}

/// 2026-11-23T22:00:00Z.
pub(crate) const NOW: i64 = 1_795_471_200;

/// A scratch folder, a clock, and the keys of two people.
pub(crate) struct World {
    scratch: tempfile::TempDir,
    pub(crate) clock: HandClock,
    signing: IdentityFile,
    signing_recipient: String,
    pub(crate) holder: IdentityFile,
    holder_recipient: String,
}

impl World {
    pub(crate) fn new() -> Self {
        let (signing, signing_recipient) = identity();
        let (holder, holder_recipient) = identity();
        let scratch = tempfile::tempdir().unwrap();
        let world = Self {
            scratch,
            clock: HandClock(Cell::new(NOW)),
            signing,
            signing_recipient,
            holder,
            holder_recipient,
        };
        world.install("home");
        world
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    pub(crate) fn install(&self, home: &str) {
        let key = HolderKey::Recipient(self.signing_recipient.parse().unwrap());
        desk::install(&self.path(home), &key, WorkFactor::DEFAULT).unwrap();
    }

    pub(crate) fn desk(&self) -> Desk<'_> {
        self.desk_at("home")
    }

    pub(crate) fn desk_at(&self, home: &str) -> Desk<'_> {
        let with = OpenWith::IdentityFile(&self.signing);
        let installation = desk::open_installation(&self.path(home), &with).unwrap();
        Desk { installation, clock: &self.clock, progress: &Silent }
    }

    pub(crate) fn unlock(&self) -> Unlock<'_> {
        Unlock { holder: None, with: OpenWith::IdentityFile(&self.holder) }
    }

    /// A new case in the folder `name`, held by one identity.
    pub(crate) fn new_case(&self, desk: &mut Desk<'_>, name: &str) {
        desk.new_case(&self.path(name), self.form()).unwrap();
    }

    pub(crate) fn form(&self) -> NewCaseForm {
        NewCaseForm {
            alias: "Amsel".into(),
            holder: "client".into(),
            purpose: "test".into(),
            until: Date { days: NOW / 86_400 + 30 },
            holders: vec![(
                "centre".parse().unwrap(),
                HolderKey::Recipient(self.holder_recipient.parse().unwrap()),
            )],
            recovery_shares: None,
            work_factor: WorkFactor::DEFAULT,
        }
    }

    pub(crate) fn open(&self, desk: &mut Desk<'_>, name: &str) -> OpenCase {
        desk.open(&self.path(name), Access::Write, Some(&self.unlock())).unwrap()
    }

    /// A source with a chat, a nasty name and an empty file.
    pub(crate) fn source(&self) -> PathBuf {
        let folder = self.path("phone");
        if !folder.exists() {
            fs::create_dir_all(folder.join("Chat")).unwrap();
            fs::write(folder.join("Chat/_chat.txt"), "invented: where are you?\n").unwrap();
            fs::write(folder.join("Chat/con.txt"), "invented: a name that Windows reserves").unwrap();
            fs::write(folder.join("empty"), "").unwrap();
        }
        folder
    }
}

pub(crate) fn secure(desk: &mut Desk<'_>, case: &mut OpenCase, path: &Path) -> Secured {
    desk.secure(case, &secure_form(path)).unwrap()
}

pub(crate) fn secure_form(path: &Path) -> SecureForm {
    SecureForm {
        paths: vec![path.to_owned()],
        source: "invented phone".into(),
        who: "test".into(),
        gate: GateAnswer::No,
        media: desk::MediaChoice::All,
        consent: None,
        limits: Limits::DEFAULT,
    }
}

pub(crate) fn identity() -> (IdentityFile, String) {
    let identity = Identity::generate().unwrap();
    let text = identity.to_secret_text();
    (IdentityFile::parse(&text).unwrap(), identity.recipient().to_string())
}
