//! `handover`: what the client agreed to, in a package that verifies without us.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bag::{CapsuleReader, FileLine, FileTree, NameLine};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use custody::{CaseState, Fields};
use handover::{
    ChosenItem, HandOverError, PackageParts, ShownEntry, Withheld, WithheldKind, Written, write_package,
};
use model::{Digest, EntryNumber};
use vault::EntryRead;

use crate::out_folder::OutFolder;
use crate::unseal::OpenCapsule;
use crate::{Desk, DeskError, ItemName, OpenCase, Stage};

/// A hand-over as it is asked for.
pub struct HandOver {
    /// The recipient, as the consent names it.
    pub to: String,
    /// The consent it rests on.
    pub consent: String,
    /// What to hand over; empty means everything the consent covers.
    pub items: Vec<ItemName>,
    /// The folder to make.
    pub into: PathBuf,
}

/// A hand-over that was made.
#[derive(Debug, serde::Serialize)]
pub struct HandedOver {
    /// The entry that records it.
    pub entry: EntryNumber,
    /// SHA-256 of `SHA256SUMS`.
    pub sums_sha256: Digest,
    /// Items in the package.
    pub items: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What was withheld.
    pub withheld: Withheld,
    /// The fingerprint to print on the paper that goes with it.
    pub fingerprint: String,
    /// The folder.
    pub into: PathBuf,
}

impl Desk<'_> {
    /// Writes a package with exactly what is chosen, covered by the consent and not stopped; logs it; then
    /// gives the folder its name.
    pub fn hand_over(&mut self, case: &mut OpenCase, form: &HandOver) -> Result<HandedOver, DeskError> {
        let state = case.state()?;
        let consent =
            state.consents.get(&form.consent).ok_or_else(|| DeskError::Unknown(form.consent.clone()))?;
        let (purpose, consent_entry) = (consent.purpose.clone(), consent.given);
        for item in &form.items {
            item.find(state)?;
        }
        let selection = self.select(case, form)?;
        if selection.chosen.is_empty() {
            return Err(DeskError::NothingToHandOver);
        }
        let shown = shown_entries(case, &selection, consent_entry)?;
        let mut out = OutFolder::begin(&form.into)?;
        let written = self.write(case, &selection, &shown, &mut out)?;
        check_written(&out)?;
        let withheld = serde_json::to_value(&selection.withheld).unwrap_or_default();
        let fields = Fields::new()
            .with("to", form.to.as_str())
            .with("purpose", purpose)
            .with("consent", form.consent.as_str())
            .with("items", selection.names())
            .with("sums_sha256", written.sums_sha256.to_string())
            .with("withheld", withheld);
        let entry = self.append(case, "handed.over", fields)?;
        out.finish()?;
        Ok(HandedOver {
            entry,
            sums_sha256: written.sums_sha256,
            items: written.items,
            bytes: written.bytes,
            withheld: selection.withheld,
            fingerprint: self.installation.signer().vkey().fingerprint().grouped(),
            into: form.into.clone(),
        })
    }

    /// Goes through every file of every capsule and decides, item by item.
    fn select(&self, case: &OpenCase, form: &HandOver) -> Result<Selection, DeskError> {
        let state = case.state()?;
        let today = self.clock.now().date();
        let mut selection = Selection::default();
        let mut refusal = None;
        for (number, facts) in &state.capsules {
            if state.erased.capsules.contains(number) {
                continue;
            }
            *selection.withheld.entry(WithheldKind::NeverTaken).or_default() +=
                facts.gaps.values().sum::<u64>();
            let capsule = OpenCapsule::open(case, facts)?;
            let mut lines = Vec::new();
            for line in capsule.reader()?.names() {
                let NameLine::File(line) = line? else { continue };
                match decide(state, form, today, *number, line.leaf) {
                    Ok(None) => lines.push(line),
                    Ok(Some(kind)) => *selection.withheld.entry(kind).or_default() += 1,
                    Err(reason) => {
                        // Asked for by name and not covered: the whole hand-over is refused.
                        refusal.get_or_insert(reason);
                    }
                }
            }
            if !lines.is_empty() {
                selection.chosen.insert(*number, (capsule, lines));
            }
        }
        selection.withheld.retain(|_, count| *count > 0);
        match refusal {
            Some(reason) => Err(DeskError::Consent(reason)),
            None => Ok(selection),
        }
    }

    fn write(
        &self,
        case: &OpenCase,
        selection: &Selection,
        shown: &[ShownEntry],
        out: &mut OutFolder,
    ) -> Result<Written, DeskError> {
        let parts = PackageParts {
            checkpoint: case.vault.checkpoint_text(),
            leaves: case.vault.leaves(),
            shown,
            signer: self.installation.signer(),
            at: self.clock.now(),
            withheld: &selection.withheld,
        };
        let bytes = selection.chosen.values().flat_map(|(_, lines)| lines).map(|line| line.size).sum();
        self.progress.begin(Stage::HandingOver, Some(bytes));
        let mut open = Vec::new();
        for (number, (capsule, lines)) in &selection.chosen {
            let reader = capsule.reader()?;
            let tree = reader.file_tree()?;
            open.push((*number, reader, tree, lines));
        }
        let items = open.iter().flat_map(|(number, reader, tree, lines)| {
            lines.iter().map(|line| chosen(*number, reader, tree, line))
        });
        let written = write_package(out, &parts, items, &mut |bytes| self.progress.advance(bytes))?;
        self.progress.end();
        Ok(written)
    }
}

/// What goes in and what stays out.
#[derive(Default)]
struct Selection {
    chosen: BTreeMap<EntryNumber, (OpenCapsule, Vec<FileLine>)>,
    withheld: Withheld,
}

impl Selection {
    fn names(&self) -> Vec<String> {
        let name = |capsule, leaf| ItemName { capsule, leaf: Some(leaf) }.to_string();
        self.chosen
            .iter()
            .flat_map(|(n, (_, lines))| lines.iter().map(move |line| name(*n, line.leaf)))
            .collect()
    }
}

fn decide(
    state: &CaseState,
    form: &HandOver,
    today: model::Date,
    capsule: EntryNumber,
    leaf: u64,
) -> Result<Option<WithheldKind>, custody::ConsentRefusal> {
    if state.is_stopped(capsule, leaf) {
        return Ok(Some(WithheldKind::Stopped));
    }
    let covered = state.consent_covers(&form.consent, &form.to, None, (capsule, leaf), today);
    let named = form.items.iter().any(|item| item.covers(capsule, leaf));
    match covered {
        Err(custody::ConsentRefusal::NotCovered) if !named => Ok(Some(WithheldKind::NoConsent)),
        Err(reason) => Err(reason),
        Ok(()) if !form.items.is_empty() && !named => Ok(Some(WithheldKind::NotChosen)),
        Ok(()) => Ok(None),
    }
}

/// The entries the recipient sees: of each only what shows where the items come from and that she agreed.
fn shown_entries(
    case: &OpenCase,
    selection: &Selection,
    consent: EntryNumber,
) -> Result<Vec<ShownEntry>, DeskError> {
    let capsule_fields = vec![
        "kind",
        "at",
        "clock_back",
        "program",
        "key",
        "sha256",
        "size_bytes",
        "root",
        "leaves",
        "source",
        "files",
        "gaps",
        "read_back",
    ];
    let mut wanted: Vec<(EntryNumber, Vec<&'static str>)> =
        selection.chosen.keys().map(|number| (*number, capsule_fields.clone())).collect();
    wanted.push((consent, vec!["kind", "at", "clock_back", "to", "purpose", "until", "how"]));
    wanted.push((EntryNumber(0), vec!["kind", "at", "vkey"]));
    wanted.sort();
    let mut shown = Vec::new();
    for (number, fields) in wanted {
        if let EntryRead::Body(entry) = case.vault.entry(number, case.keyring()?)? {
            shown.push(ShownEntry { entry, fields });
        }
    }
    Ok(shown)
}

fn chosen<'a>(
    capsule: EntryNumber,
    reader: &CapsuleReader<'a>,
    tree: &FileTree,
    line: &FileLine,
) -> Result<ChosenItem<'a>, HandOverError> {
    let leaf = line.leaf;
    let unread = |_| HandOverError::ItemDiffers { capsule, leaf };
    let proof = reader.file_proof(tree, line).map_err(unread)?;
    Ok(ChosenItem {
        capsule,
        leaf,
        leaves: proof.leaves,
        path: line.path.clone(),
        original: line.original.as_ref().map(|name| BASE64_STANDARD.encode(&name.0)),
        size_bytes: line.size,
        sha256: line.sha256,
        mtime: line.mtime,
        salt: proof.salt,
        proof: proof.proof,
        content: Box::new(reader.open_file(line).map_err(unread)?),
    })
}

/// Reads the package back and checks it as the recipient would, before it is logged.
fn check_written(out: &OutFolder) -> Result<(), DeskError> {
    let report = verify::verify_package(&verify::DiskFolder::new(Path::new(out.path())), &mut |_| {});
    if report.unchanged() { Ok(()) } else { Err(DeskError::ReadBackDiffers) }
}
