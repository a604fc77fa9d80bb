//! What a holder's key leads to: her keyring, and the epochs it opens (docs/format.md, section 2).

use seal::{IdentityFile, OpenWith};
use zeroize::Zeroizing;

use crate::capsule::seal_problem;
use crate::case::Seen;
use crate::case_names::{Place, place};
use crate::report::{ProblemKind, Report};

/// Every identity the key leads to. Keyrings it does not fit belong to other holders and are passed over.
pub(crate) fn identities(seen: &Seen<'_>, with: &OpenWith<'_>, report: &mut Report) -> Option<IdentityFile> {
    let keyrings: Vec<String> =
        seen.paths().filter(|path| place(path) == Place::Keyring).map(str::to_owned).collect();
    let (epochs, holders): (Vec<String>, Vec<String>) =
        keyrings.into_iter().partition(|path| path.starts_with("keys/epoch-"));
    let mut text = Zeroizing::new(String::new());
    let mut kinds = Vec::new();
    for path in holders {
        let Some(sealed) = seen.small(&path, report) else { continue };
        match seal::open_bytes(&sealed, with, seen.limits.entry_body_bytes) {
            Ok(opened) => append(&mut text, &opened),
            Err(error) => kinds.push((seal_problem(&error), path)),
        }
    }
    if text.is_empty() {
        // No keyring opened: say of each why, so that a damaged one is told from a wrong key.
        for (kind, path) in kinds {
            report.problem(kind, path);
        }
        return None;
    }
    let own = IdentityFile::parse(&text).ok()?;
    for path in epochs {
        let Some(sealed) = seen.small(&path, report) else { continue };
        if let Ok(opened) =
            seal::open_bytes(&sealed, &OpenWith::IdentityFile(&own), seen.limits.entry_body_bytes)
        {
            append(&mut text, &opened);
        }
    }
    IdentityFile::parse(&text).map_err(|_| report.problem(ProblemKind::Malformed, "keys")).ok()
}

fn append(text: &mut Zeroizing<String>, opened: &[u8]) {
    if let Ok(opened) = std::str::from_utf8(opened) {
        text.push_str(opened);
        text.push('\n');
    }
}
