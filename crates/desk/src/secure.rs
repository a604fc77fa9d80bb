//! `secure`: the gate, then one pass from what the client brings into a sealed capsule, read back from the
//! medium.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bag::{About, CapsuleWriter, FileGapKind, Finished, RefusalKind, SpoolMaker};
use custody::Fields;
use model::{Digest, EntryNumber, Limits};
use seal::{SealTo, Sealer, Sha256, Spool};
use source::{FileState, GapKind, Item, MediaChoice, SourceFile, WalkError, WalkOptions, What};
use vault::{Act, Upload};
use zeroize::Zeroizing;

use crate::gate::{self, GateAnswer};
use crate::{Desk, DeskError, OpenCase, Stage};

const SPOOL_MEMORY_BYTES: usize = 4 << 20;

/// What is to be secured, and what was said about it.
pub struct SecureForm {
    /// Files and folders, as given.
    pub paths: Vec<PathBuf>,
    /// What they are from, in the person's words.
    pub source: String,
    /// Who secures.
    pub who: String,
    /// The answer to the gate for exactly this selection.
    pub gate: GateAnswer,
    /// Leave out pictures and videos, the narrower selection.
    pub media: MediaChoice,
    /// The consent entry this rests on, if one was given.
    pub consent: Option<EntryNumber>,
    /// Limits of the walk.
    pub limits: Limits,
}

/// A capsule that is sealed, durable and read back.
#[derive(Debug, serde::Serialize)]
pub struct Secured {
    /// The entry that acknowledges it; also its number.
    pub capsule: EntryNumber,
    /// File name in `capsules/`.
    pub name: String,
    /// SHA-256 of the sealed file.
    pub sha256: Digest,
    /// Size of the sealed file.
    pub size_bytes: u64,
    /// Files in it.
    pub files: u64,
    /// Bytes of these files.
    pub payload_bytes: u64,
    /// What could not be taken or was left out, by kind.
    pub gaps: BTreeMap<String, u64>,
    /// Whether it was read back from the medium or only from the cache.
    pub read_back: &'static str,
}

impl Desk<'_> {
    /// Secures a selection. Needs no holder's key: a station that cannot read may add.
    pub fn secure(&mut self, case: &mut OpenCase, form: &SecureForm) -> Result<Secured, DeskError> {
        let gate = gate::answer(self, case, form.gate)?;
        let options = WalkOptions { limits: form.limits, skip: vec![case.folder.clone()], media: form.media };
        self.progress.begin(Stage::Measuring, None);
        let measure = source::measure(&form.paths, &options);
        self.progress.end();
        self.progress.begin(Stage::Sealing, Some(measure.bytes));
        let sealed = self.seal_source(case, form, &options, gate)?;
        self.progress.end();
        if sealed.finished.files + sealed.finished.links + sealed.finished.folders == 0 {
            return Err(DeskError::NothingToSecure);
        }
        self.acknowledge(case, form, gate, sealed)
    }

    fn seal_source(
        &self,
        case: &OpenCase,
        form: &SecureForm,
        options: &WalkOptions,
        gate: EntryNumber,
    ) -> Result<SealedSource, DeskError> {
        let upload = case.vault.begin_upload()?;
        let sealer = Sealer::new(upload, &SealTo::Recipients(case.vault.recipients()))?;
        let top = format!("capsule-{}", model::encode_hex(&seal::random::<4>()?));
        let mut writer =
            CapsuleWriter::new(sealer, &top, spools(&case.folder), Zeroizing::new(seal::random()?))?;
        let writing = RefCell::new(&mut writer);
        source::walk(&form.paths, options, &mut |item| self.take_item(&writing, item)).map_err(|error| {
            match error {
                WalkError::Visit(error) => error,
                WalkError::RootMissing { root } => DeskError::PathUnreadable {
                    path: form.paths.get(root).cloned().unwrap_or_default(),
                    source: io::ErrorKind::NotFound.into(),
                },
            }
        })?;
        let about = About {
            at: self.clock.now(),
            consent: form.consent,
            gate,
            source: form.source.clone(),
            who: form.who.clone(),
            program: model::PROGRAM.to_owned(),
            roots: form.paths.iter().map(|path| source::root_name(path)).collect(),
        };
        let finished = writer.finish(&about, self.clock.now().date())?;
        Ok(SealedSource { finished, top })
    }

    fn take_item(
        &self,
        writer: &RefCell<&mut CapsuleWriter<Sealer<Upload>>>,
        item: Item<'_>,
    ) -> Result<(), DeskError> {
        let mut writer = writer.borrow_mut();
        let (root, original) = (item.root, item.original);
        match item.what {
            What::File { size_bytes, mtime, file } => {
                let before = file.state().ok();
                let file = RefCell::new(file);
                let mut reader = Watched { file: &file, desk: self };
                let mut after = || change(before, file.borrow().state().ok());
                writer.file(root, original, size_bytes, mtime, &mut reader, &mut after)?;
            }
            What::Link { target } => writer.link(root, original, target)?,
            What::EmptyFolder { mtime } => writer.empty_folder(root, original, mtime)?,
            What::Gap { kind, reason } => writer.gap(root, original, refusal(kind), reason)?,
        }
        Ok(())
    }

    fn acknowledge(
        &mut self,
        case: &mut OpenCase,
        form: &SecureForm,
        gate: EntryNumber,
        sealed: SealedSource,
    ) -> Result<Secured, DeskError> {
        let SealedSource { finished, top } = sealed;
        let mut done = finished.out.finish()?;
        done.inner.commit().map_err(vault::VaultError::from)?;
        let read_back = self.read_back(case, &done.inner, done.sha256)?;
        let number = EntryNumber(case.vault.head().size);
        let name = format!("{}-{}.age", number.file_stem(), done.sha256.short(16));
        let mut fields = Fields::new()
            .with("capsule", name.as_str())
            .with("sha256", done.sha256.to_string())
            .with("size_bytes", done.size_bytes)
            .with("root", finished.root.to_string())
            .with("leaves", finished.leaves)
            .with("top", top)
            .with("names_offset", finished.names_offset)
            .with("names_bytes", finished.names_bytes)
            .with("source", form.source.as_str())
            .with("who", form.who.as_str())
            .with("gate", gate.0)
            .with("files", finished.files)
            .with("gaps", custody::Value::from_iter(finished.gaps.clone()))
            .with("read_back", read_back);
        fields = fields.with("consent", form.consent.map_or(custody::Value::Null, |n| n.0.into()));
        let act = Act { upload: Some((done.inner, format!("capsules/{name}"))), ..Act::entry(fields) };
        let capsule = self.append_act(case, "capsule.sealed", act)?;
        Ok(Secured {
            capsule,
            name,
            sha256: done.sha256,
            size_bytes: done.size_bytes,
            files: finished.files,
            payload_bytes: finished.payload_bytes,
            gaps: finished.gaps,
            read_back,
        })
    }
}

impl Desk<'_> {
    /// Reads what was written from the medium, past the cache where the system allows, and compares.
    fn read_back(&self, case: &OpenCase, upload: &Upload, sha256: Digest) -> Result<&'static str, DeskError> {
        let (file, read_back) = case.vault.read_back(upload)?;
        self.progress.begin(Stage::ReadingBack, Some(file.size_bytes()));
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        let mut offset = 0;
        loop {
            let count = file.read_at(&mut buffer, offset).map_err(seal::SealError::from)?;
            let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else { break };
            hasher.update(piece);
            offset += count as u64;
            self.progress.advance(count as u64);
        }
        self.progress.end();
        if hasher.finish() == sha256 { Ok(read_back.word()) } else { Err(DeskError::ReadBackDiffers) }
    }
}

struct SealedSource {
    finished: Finished<Sealer<Upload>>,
    top: String,
}

/// A file of the source whose reading moves the progress.
struct Watched<'a, 'f> {
    file: &'a RefCell<&'f mut dyn SourceFile>,
    desk: &'a Desk<'a>,
}

impl Read for Watched<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.borrow_mut().read(buffer)?;
        self.desk.progress.advance(count as u64);
        Ok(count)
    }
}

/// What happened to a file between opening and the end of reading; unknown counts as changed.
fn change(before: Option<FileState>, after: Option<FileState>) -> Option<FileGapKind> {
    match (before, after) {
        (Some(before), Some(after)) if before == after => None,
        (Some(before), Some(after)) if before.size_bytes < after.size_bytes => Some(FileGapKind::Grew),
        _ => Some(FileGapKind::Changed),
    }
}

fn refusal(kind: GapKind) -> RefusalKind {
    match kind {
        GapKind::Unreadable => RefusalKind::Unreadable,
        GapKind::Special => RefusalKind::Special,
        GapKind::Limit => RefusalKind::Limit,
        GapKind::Vanished => RefusalKind::Vanished,
    }
}

/// Lists that do not fit into memory go to a nameless file beside the case, sealed with a key that is only
/// in memory.
fn spools(folder: &Path) -> SpoolMaker {
    let folder = folder.to_owned();
    Box::new(move || {
        let folder = folder.clone();
        Spool::new(SPOOL_MEMORY_BYTES, Box::new(move || tempfile::tempfile_in(folder)))
    })
}
