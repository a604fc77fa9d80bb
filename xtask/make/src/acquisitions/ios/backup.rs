//! The backup: a list in `Manifest.db`, files under the SHA-1 of their names, property lists beside them
//! (version 10.0, since iOS 10).

use plist::Value;
use rusqlite::params;
use seal::foreign::ForeignSha1;

use super::archive::{Listed, archived, binary, dictionary};
use super::locked::Locks;
use super::{IosSize, Others, databases, lists};
use crate::acquisitions::text::moment;
use crate::acquisitions::{Outcome, Planted, Random, background};

/// Where a file of the phone lies, and what is in it.
pub(super) struct Content {
    pub(super) domain: String,
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

impl Content {
    /// A file of a domain.
    pub(super) fn new(domain: &str, path: &str, bytes: Vec<u8>) -> Self {
        Self { domain: domain.to_owned(), path: path.to_owned(), bytes }
    }
}

/// Takes one file after the other: path and bytes.
type Put<'p> = dyn FnMut(String, Vec<u8>) -> Outcome<()> + 'p;

/// Makes a backup; every file is given to `put` and then forgotten.
///
/// # Errors
/// When a database cannot be made, or what `put` says.
pub fn backup(planted: &Planted, size: &IosSize, seed: u64, put: &mut Put<'_>) -> Outcome<()> {
    let random = &mut Random::new(seed, "ios backup");
    let locks = Locks::new(&size.locked, random)?;
    let mut manifest = Manifest::new()?;
    for domain in ["HomeDomain", "RootDomain", "WirelessDomain"] {
        manifest.folder(domain, "Library")?;
    }
    for content in
        databases::contents(planted, size, seed)?.into_iter().chain(lists::contents(planted, size)?)
    {
        manifest.file(content, locks.as_ref(), random, put)?;
    }
    others(&mut manifest, size, locks.as_ref(), random, put)?;
    let list = manifest.finish()?;
    put("Manifest.db".into(), if let Some(locks) = &locks { locks.lock_manifest(list)? } else { list })?;
    put("Manifest.plist".into(), manifest_plist(locks.as_ref())?)?;
    put("Info.plist".into(), lists::info_plist(planted, size, seed)?)?;
    put("Status.plist".into(), status_plist()?)
}

fn others(
    manifest: &mut Manifest,
    size: &IosSize,
    locks: Option<&Locks>,
    random: &mut Random,
    put: &mut Put<'_>,
) -> Outcome<()> {
    let domains =
        ["AppDomain-com.example.wetter0", "CameraRollDomain", "HomeDomain", "AppDomain-com.example.bus6"];
    for number in 0..size.others {
        let domain = random.word(&domains);
        let path = background::path("Library/Caches", number, random);
        match size.presence {
            Others::Present { bytes } => {
                // Even spread, so that the average is what was asked for.
                let count = usize::try_from(1 + random.below(2 * bytes))?;
                manifest.file(Content::new(domain, &path, random.bytes(count)), locks, random, put)?;
            }
            Others::Absent => manifest.missing(domain, &path, random)?,
        }
    }
    Ok(())
}

/// `Manifest.db` while it is made, on a disk: it can be large.
struct Manifest {
    connection: rusqlite::Connection,
    file: tempfile::NamedTempFile,
}

impl Manifest {
    fn new() -> Outcome<Self> {
        let (connection, file) = databases::open(&[
            "CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags \
             INTEGER, file BLOB)",
            "CREATE INDEX FilesDomainIdx ON Files(domain)",
            "CREATE INDEX FilesRelativePathIdx ON Files(relativePath)",
            "CREATE INDEX FilesFlagsIdx ON Files(flags)",
            "CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB)",
        ])?;
        Ok(Self { connection, file })
    }

    fn folder(&mut self, domain: &str, path: &str) -> Outcome<()> {
        let listed = Listed { path, size: 0, modified: 1_700_000_000, mode: 0o40_755, key: None };
        self.row(domain, &listed, 2).map(drop)
    }

    /// A file that is listed and not there.
    fn missing(&mut self, domain: &str, path: &str, random: &mut Random) -> Outcome<()> {
        let (size, modified) = (random.below(1 << 20), moment(random));
        self.row(domain, &Listed { path, size, modified, mode: 0o100_644, key: None }, 1).map(drop)
    }

    fn file(
        &mut self,
        content: Content,
        locks: Option<&Locks>,
        random: &mut Random,
        put: &mut Put<'_>,
    ) -> Outcome<()> {
        let (size, modified) = (content.bytes.len() as u64, moment(random));
        let (bytes, key) = match locks {
            Some(locks) => locks.lock(content.bytes, random).map(|(bytes, key)| (bytes, Some(key)))?,
            None => (content.bytes, None),
        };
        let listed = Listed { path: &content.path, size, modified, mode: 0o100_644, key };
        let id = self.row(&content.domain, &listed, 1)?;
        let folder = id.get(..2).unwrap_or_default();
        put(format!("{folder}/{id}"), bytes)
    }

    fn row(&mut self, domain: &str, listed: &Listed<'_>, flags: i64) -> Outcome<String> {
        let id = model::encode_hex(&ForeignSha1::of(format!("{domain}-{}", listed.path).as_bytes()));
        let mut insert =
            self.connection.prepare_cached("INSERT OR IGNORE INTO Files VALUES (?, ?, ?, ?, ?)")?;
        insert.execute(params![id, domain, listed.path, flags, archived(listed)?])?;
        Ok(id)
    }

    fn finish(self) -> Outcome<Vec<u8>> {
        databases::close(self.connection, &self.file)
    }
}

fn manifest_plist(locks: Option<&Locks>) -> Outcome<Vec<u8>> {
    let text = |text: &str| Value::String(text.to_owned());
    let lockdown = dictionary(vec![
        ("BuildVersion", text("21F79")),
        ("DeviceName", text("iPhone (erfunden)")),
        ("ProductType", text("iPhone14,5")),
        ("ProductVersion", text("17.5")),
        ("SerialNumber", text("ERFUNDEN0002")),
        ("UniqueDeviceID", text("00008110-000000000000001E")),
    ]);
    let mut pairs = vec![
        ("IsEncrypted", Value::Boolean(locks.is_some())),
        ("Lockdown", lockdown),
        ("SystemDomainsVersion", text("24.0")),
        ("Version", text("10.0")),
        ("WasPasscodeSet", Value::Boolean(true)),
    ];
    if let Some(locks) = locks {
        pairs.push(("BackupKeyBag", Value::Data(locks.keybag())));
        pairs.push(("ManifestKey", Value::Data(locks.wrapped_manifest_key()?)));
    }
    binary(&dictionary(pairs))
}

fn status_plist() -> Outcome<Vec<u8>> {
    binary(&dictionary(vec![
        ("BackupState", Value::String("new".into())),
        ("IsFullBackup", Value::Boolean(true)),
        ("SnapshotState", Value::String("finished".into())),
        ("Version", Value::String("3.3".into())),
    ]))
}
