//! Android packages that were brought: `.apk` files, alone, in an acquisition, or as parts of a split app.
//!
//! The manifest in its binary form, the app's name, the certificates of the old signature and of the signing
//! block (see `apk/`), and the SHA-256 of the file. That a package was brought does not say that it is
//! installed: what it could do is told as possible. Deliberately not read: the program itself, and whether
//! its signature is right.

use model::record::{Place, ProblemKind};
use seal::foreign::{ForeignMd5, ForeignSha1};
use source::tree::{Candidate, Entry};

use crate::android_text::clipped;
use crate::apk::{
    Archive, ComponentKind, Label, Manifest, Member, signing_block_certificates, text_of, v1_certificates,
};
use crate::{
    About, AppFact, AppSays, Check, FactSink, Fingerprint, FingerprintKind, Flow, Grant, Input, Platform,
    Seen, ServiceState, Trace, TraceKind, der,
};

/// Packages.
pub(super) struct AndroidApk;

const MANIFEST: &str = "AndroidManifest.xml";

/// Longest manifest.
const MANIFEST_BYTES: u64 = 16 << 20;

/// Longest table of resources that is looked into for a name.
const TABLE_BYTES: u64 = 32 << 20;

/// Longest file of an old signature.
const SIGNATURE_BYTES: u64 = 1 << 20;

/// Most files of an old signature.
const SIGNATURES_MOST: usize = 8;

impl Check for AndroidApk {
    fn name(&self) -> &'static str {
        "android_apk"
    }

    fn about(&self) -> About {
        About {
            title: "Android packages (.apk)",
            platform: Platform::Android,
            covers: "identifier, name, version, permissions it asks for, services it could offer, icon, \
                     certificates (v1, v2, v3, v3.1), SHA-256",
            leaves_out: "the program itself; whether the signature is right; lineages of keys",
            answers: &[],
            source: "Android Open Source Project, RFC 2315 (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        if candidate.entry().opened_as() == Some("zip") {
            return candidate.tree().find(Some(candidate.number()), MANIFEST).is_some();
        }
        match candidate.entry().extension().as_str() {
            "apk" => candidate.begins_with(b"PK"),
            // The tree leaves those that begin with a manifest closed, whatever their name.
            "zip" => candidate.head().get(30..).is_some_and(|rest| rest.starts_with(MANIFEST.as_bytes())),
            _ => false,
        }
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let seen = input.seen(Place::Whole);
        let Some(entry) = input.entry() else { return Flow::Continue(()) };
        let hash = sha256(entry);
        let archive = entry.content().random().ok().and_then(|bytes| Archive::open(&bytes));
        let manifest = archive.as_ref().and_then(|archive| {
            inside(archive, MANIFEST, MANIFEST_BYTES).and_then(|bytes| Manifest::read(&bytes))
        });
        let (Some(archive), Some(manifest)) = (archive, manifest) else {
            sink.trouble(&seen, ProblemKind::Damaged, "the manifest of a package", "its SHA-256")?;
            return match hash {
                Some(value) => {
                    let kind = TraceKind::FileHash;
                    sink.trace(&Trace { kind, value: &value, at: None, app: None, seen: &seen })
                }
                None => Flow::Continue(()),
            };
        };
        let one = Package { manifest, seen: &seen };
        one.says(AppSays::Mentioned, sink)?;
        one.says(AppSays::Path(clipped(entry.path())), sink)?;
        if let Some(hex) = hash {
            one.says(AppSays::Bytes(Fingerprint { kind: FingerprintKind::Sha256, hex }), sink)?;
        }
        let Signers { prints, names } = signers(&archive);
        for signer in prints {
            one.says(AppSays::Signer(signer), sink)?;
        }
        for name in names {
            one.says(AppSays::SignerName(clipped(&name)), sink)?;
        }
        if let Some(name) = one.name(&archive) {
            one.says(AppSays::Name(clipped(&name)), sink)?;
        }
        one.parts(sink)
    }
}

/// A package that was read.
struct Package<'p> {
    manifest: Manifest,
    seen: &'p Seen,
}

impl Package<'_> {
    fn says(&self, says: AppSays, sink: &mut dyn FactSink) -> Flow {
        sink.says(self.seen, AppFact::new(&clipped(&self.manifest.id), says))
    }

    fn name(&self, archive: &Archive) -> Option<String> {
        match self.manifest.label.as_ref()? {
            Label::Text(text) => Some(text.clone()),
            Label::Resource(id) => text_of(&inside(archive, "resources.arsc", TABLE_BYTES)?, *id),
        }
    }

    fn parts(&self, sink: &mut dyn FactSink) -> Flow {
        let manifest = &self.manifest;
        if let Some(version) = &manifest.version {
            self.says(AppSays::Version(clipped(version)), sink)?;
        }
        for name in &manifest.permissions {
            self.says(AppSays::Permission { name: clipped(name), grant: Grant::Asked }, sink)?;
        }
        for part in &manifest.components {
            let (component, state) = (clipped(&part.name), ServiceState::Installed);
            let says = match part.kind {
                ComponentKind::Accessibility => AppSays::Accessibility { component, state },
                ComponentKind::NotificationListener => AppSays::NotificationListener { component, state },
                ComponentKind::Admin => AppSays::Admin { component, state },
                ComponentKind::InputMethod => AppSays::InputMethod { component, state },
                ComponentKind::Vpn => {
                    let name = "android.permission.BIND_VPN_SERVICE".to_owned();
                    AppSays::Permission { name, grant: Grant::Asked }
                }
            };
            self.says(says, sink)?;
        }
        for event in &manifest.receives {
            self.says(AppSays::Receives(clipped(event)), sink)?;
        }
        // The parts of a split app beside its base have no icon of their own.
        if manifest.split.is_some() {
            return Flow::Continue(());
        }
        self.says(if manifest.launchers > 0 { AppSays::HasIcon } else { AppSays::NoIcon }, sink)
    }
}

/// A file in the package.
fn inside(archive: &Archive, path: &str, most_bytes: u64) -> Option<Vec<u8>> {
    let member = archive.members().find(|member| member.path == path)?;
    archive.read(&member, most_bytes)
}

/// The SHA-256 of the file, in hexadecimal digits.
fn sha256(entry: &Entry) -> Option<String> {
    if let Some(known) = entry.sha256() {
        return Some(model::encode_hex(&known.0));
    }
    let mut hash = seal::Sha256::new();
    std::io::copy(&mut entry.content().stream().ok()?, &mut hash).ok()?;
    Some(model::encode_hex(&hash.finish().0))
}

/// Who signed a package: fingerprints of the certificates, and whose they say they are.
#[derive(Default)]
struct Signers {
    prints: Vec<Fingerprint>,
    names: Vec<String>,
}

/// Everybody whose certificate the package is signed with.
fn signers(archive: &Archive) -> Signers {
    let mut found = Signers::default();
    for certificate in signing_block_certificates(archive) {
        found.take(&certificate);
    }
    let is_signature = |member: &Member| {
        let name = member.path.to_ascii_uppercase();
        name.starts_with("META-INF/") && [".RSA", ".DSA", ".EC"].iter().any(|ending| name.ends_with(ending))
    };
    for member in archive.members().filter(is_signature).take(SIGNATURES_MOST) {
        let Some(bytes) = archive.read(&member, SIGNATURE_BYTES) else { continue };
        for certificate in v1_certificates(&bytes) {
            found.take(certificate);
        }
    }
    found.prints.sort_unstable();
    found.prints.dedup();
    found.names.sort_unstable();
    found.names.dedup();
    found
}

impl Signers {
    fn take(&mut self, certificate: &[u8]) {
        let mut push =
            |kind, bytes: &[u8]| self.prints.push(Fingerprint { kind, hex: model::encode_hex(bytes) });
        push(FingerprintKind::Md5, &ForeignMd5::of(certificate));
        push(FingerprintKind::Sha1, &ForeignSha1::of(certificate));
        push(FingerprintKind::Sha256, &seal::sha256(certificate).0);
        self.names.extend(der::certificate(certificate).map(|words| words.subject));
    }
}
