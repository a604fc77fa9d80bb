//! Apps that AndroidQF lists: `packages.json`.
//!
//! A JSON list with an object for each app, as AndroidQF writes it from its first versions of 2021 to those
//! of 2026 (mvt-project/androidqf, read 2026-11): name, files with hashes and certificate, installer, whether
//! it is disabled, of the system or added; since 2026 also the user and whether it is still installed. The
//! list also holds apps that were removed and left data behind: an app without files that is neither of the
//! system nor added is only mentioned. Deliberately not used: what AndroidQF itself thinks of a certificate.

use std::borrow::Cow;
use std::ops::ControlFlow;

use model::record::Place;
use serde::Deserialize;
use source::tree::Candidate;

use crate::android_text::clipped;
use crate::rows::{self, Shape, Taken};
use crate::{
    About, AppFact, AppOrigin, AppSays, Check, FactSink, Fingerprint, Flow, Input, Platform, Question, Seen,
    Wholly,
};

/// `packages.json`.
pub(super) struct AndroidqfPackages;

const SHAPE: Shape = Shape { first_key: "\"name\"", expected: "an app as AndroidQF lists it" };

/// Most files of one app that are told.
const MOST_FILES: usize = 200;

impl Check for AndroidqfPackages {
    fn name(&self) -> &'static str {
        "androidqf_packages"
    }

    fn about(&self) -> About {
        About {
            title: "Apps in an acquisition by AndroidQF (packages.json)",
            platform: Platform::Android,
            covers: "all versions of AndroidQF: names, origin, installer, certificates, hashes, users",
            leaves_out: "AndroidQF's own judgement of certificates; sizes",
            answers: &[Question::Apps, Question::AppSignatures, Question::RemovedApps],
            source: "mvt-project/androidqf (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        if candidate.entry().name() != "packages.json" {
            return false;
        }
        let head = candidate.head().trim_ascii_start();
        let names = |key: &str| memchr::memmem::find(head, key.as_bytes()).is_some();
        head.starts_with(b"null") || head.starts_with(b"[") && (names("\"files\"") || head.len() < 16)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let (mut signed, mut removable) = (0_u64, 0_u64);
        let read = rows::each(input, &SHAPE, sink, &mut |seen, bytes, sink| {
            let Ok(package) = serde_json::from_slice::<Package<'_>>(bytes) else {
                return ControlFlow::Continue(Taken::Broken);
            };
            if package.name.is_empty() {
                return ControlFlow::Continue(Taken::Broken);
            }
            removable = removable.saturating_add(u64::from(package.installed.is_some()));
            signed = signed.saturating_add(u64::from(package.tell(seen, sink)? == Signed::Yes));
            ControlFlow::Continue(Taken::Kept)
        })?;
        let seen = input.seen(Place::Whole);
        sink.looked(&seen, Question::Apps, read.wholly, read.rows)?;
        if signed > 0 {
            // Only files that were fetched or hashed say who signed them.
            let wholly = if signed == read.rows { read.wholly } else { Wholly::No };
            sink.looked(&seen, Question::AppSignatures, wholly, signed)?;
        }
        if removable > 0 {
            sink.looked(&seen, Question::RemovedApps, Wholly::No, removable)?;
        }
        Flow::Continue(())
    }
}

#[derive(Deserialize)]
struct Package<'p> {
    #[serde(borrow)]
    name: Cow<'p, str>,
    #[serde(borrow, default)]
    files: Option<Vec<File<'p>>>,
    #[serde(borrow, default)]
    installer: Option<Cow<'p, str>>,
    #[serde(default)]
    user_id: Option<u32>,
    #[serde(default)]
    installed: Option<bool>,
    #[serde(default)]
    disabled: Option<bool>,
    #[serde(default)]
    system: Option<bool>,
    #[serde(default)]
    third_party: Option<bool>,
}

#[derive(Deserialize)]
struct File<'p> {
    #[serde(borrow, default)]
    path: Option<Cow<'p, str>>,
    #[serde(borrow, default)]
    md5: Option<Cow<'p, str>>,
    #[serde(borrow, default)]
    sha1: Option<Cow<'p, str>>,
    #[serde(borrow, default)]
    sha256: Option<Cow<'p, str>>,
    #[serde(borrow, default)]
    certificate: Option<Certificate<'p>>,
}

#[derive(Deserialize)]
struct Certificate<'p> {
    #[serde(borrow, default, alias = "Md5", alias = "MD5")]
    md5: Option<Cow<'p, str>>,
    #[serde(borrow, default, alias = "Sha1", alias = "SHA1")]
    sha1: Option<Cow<'p, str>>,
    #[serde(borrow, default, alias = "Sha256", alias = "SHA256")]
    sha256: Option<Cow<'p, str>>,
    #[serde(borrow, default, alias = "Subject")]
    subject: Option<Cow<'p, str>>,
}

/// Whether anything tells who signed an app, or what bytes it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signed {
    No,
    Yes,
}

impl Package<'_> {
    fn tell(&self, seen: &Seen, sink: &mut dyn FactSink) -> ControlFlow<(), Signed> {
        let id = clipped(&self.name);
        let mut says = |says: AppSays| sink.says(seen, AppFact { id: id.clone(), user: self.user_id, says });
        says(self.presence())?;
        if self.disabled == Some(true) {
            says(AppSays::Off)?;
        }
        match self.installer.as_deref() {
            None | Some("") => {}
            Some("null") => says(AppSays::Installer(None))?,
            Some(installer) => says(AppSays::Installer(Some(clipped(installer))))?,
        }
        let mut signers: Vec<Fingerprint> = Vec::new();
        let mut names: Vec<String> = Vec::new();
        let mut signed = Signed::No;
        for file in self.files().take(MOST_FILES) {
            if let Some(path) = file.path.as_deref().filter(|path| !path.is_empty()) {
                says(AppSays::Path(clipped(path)))?;
            }
            for bytes in fingerprints([&file.sha256, &file.sha1, &file.md5]) {
                signed = Signed::Yes;
                says(AppSays::Bytes(bytes))?;
            }
            let Some(certificate) = &file.certificate else { continue };
            if let Some(subject) = certificate.subject.as_deref().filter(|subject| !subject.is_empty()) {
                names.push(clipped(subject));
            }
            let all = [&certificate.sha256, &certificate.sha1, &certificate.md5];
            // The parts of a split app mostly share one.
            signers.extend(fingerprints(all));
        }
        signers.sort_unstable();
        signers.dedup();
        for signer in signers {
            signed = Signed::Yes;
            says(AppSays::Signer(signer))?;
        }
        names.sort_unstable();
        names.dedup();
        for name in names {
            says(AppSays::SignerName(name))?;
        }
        ControlFlow::Continue(signed)
    }

    fn files(&self) -> impl Iterator<Item = &File<'_>> {
        self.files.iter().flatten()
    }

    /// Whether and how it is there.
    fn presence(&self) -> AppSays {
        let is_marked = self.system == Some(true) || self.third_party == Some(true);
        match self.installed {
            Some(false) => AppSays::Removed(None),
            None if !is_marked && self.files().next().is_none() => AppSays::Mentioned,
            _ => AppSays::Installed(self.origin()),
        }
    }

    fn origin(&self) -> AppOrigin {
        let is_updated =
            || self.files().filter_map(|file| file.path.as_deref()).any(|path| path.starts_with("/data/app"));
        match (self.system, self.third_party) {
            (Some(true), _) if is_updated() => AppOrigin::FactoryUpdated,
            (Some(true), _) => AppOrigin::Factory,
            (_, Some(true)) => AppOrigin::Added,
            _ => AppOrigin::Untold,
        }
    }
}

fn fingerprints<'h>(hashes: [&'h Option<Cow<'h, str>>; 3]) -> impl Iterator<Item = Fingerprint> + use<'h> {
    hashes.into_iter().filter_map(|hash| Fingerprint::parse(hash.as_deref()?))
}
