//! iPhone backups made here, plain and encrypted. All people, apps and addresses are invented.

mod apps;
mod broken;
mod databases;
mod profiles;
mod settings;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use check::{AppFact, AppSays, Gathering, Kept, Looked, Question, Says, Sign, TraceKind, Wholly, gather};
use model::ReadLimits;
use model::record::FileNumber;
use plist::{Dictionary, Uid, Value};
use rusqlite::{Connection, params};
use seal::foreign::{AesKey, Counter, ForeignSha1, Pbkdf2Hash, ctr_decrypt, pbkdf2};
use source::tree::{Grown, Keys, NoSpools, Plain, RootFile, Spools, Tree, Watch, grow};
use zeroize::Zeroizing;

pub(super) const PASSWORD: &str = "erfundenes Passwort";
pub(super) const PROFILES: &str =
    "SysSharedContainerDomain-systemgroup.com.apple.configurationprofiles/Library/ConfigurationProfiles";
const CLASS: u32 = 3;
const CLASS_KEY: [u8; 32] = [0x33; 32];

/// A backup while it is made.
#[derive(Clone, Default)]
pub(super) struct Backup {
    /// By domain and path.
    files: BTreeMap<(String, String), Vec<u8>>,
    /// Rows without a file: folders, or files that the backup lacks.
    rows: Vec<(String, String, i64)>,
    /// Beside the list of files.
    beside: BTreeMap<String, Vec<u8>>,
}

/// How a backup is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Encrypted,
}

impl Backup {
    /// With a file at `Domain/path`.
    pub(super) fn with(mut self, path: &str, bytes: Vec<u8>) -> Self {
        let (domain, path) = path.split_once('/').unwrap();
        self.files.insert((domain.to_owned(), path.to_owned()), bytes);
        self
    }

    /// With a row that has no file.
    pub(super) fn with_row(mut self, path: &str, flags: i64) -> Self {
        let (domain, path) = path.split_once('/').unwrap();
        self.rows.push((domain.to_owned(), path.to_owned(), flags));
        self
    }

    /// With a file beside the list.
    pub(super) fn beside(mut self, name: &str, bytes: Vec<u8>) -> Self {
        self.beside.insert(name.to_owned(), bytes);
        self
    }

    /// Its files as they lie in a folder.
    pub(super) fn lying(&self, kind: Kind) -> BTreeMap<String, Vec<u8>> {
        let mut lying = BTreeMap::new();
        let mut rows: Vec<(String, String, String, i64, Vec<u8>)> = Vec::new();
        for (domain, path, flags) in &self.rows {
            rows.push((id(domain, path), domain.clone(), path.clone(), *flags, record(0, None)));
        }
        for (number, ((domain, path), bytes)) in self.files.iter().enumerate() {
            let id = id(domain, path);
            let is_locked = kind == Kind::Encrypted && !bytes.is_empty();
            let key = [u8::try_from(number % 251).unwrap(); 32];
            let wrapped = is_locked.then(|| with_class(&key));
            rows.push((id.clone(), domain.clone(), path.clone(), 1, record(bytes.len(), wrapped)));
            let stored = if is_locked { cbc(&key, &padded(bytes)) } else { bytes.clone() };
            lying.insert(format!("b/{}/{id}", &id[..2]), stored);
        }
        let list = manifest(&rows);
        let list = if kind == Kind::Encrypted { cbc(&[0x77; 32], &list) } else { list };
        lying.insert("b/Manifest.db".into(), list);
        lying.insert("b/Manifest.plist".into(), manifest_plist(kind));
        lying.extend(self.beside.iter().map(|(name, bytes)| (format!("b/{name}"), bytes.clone())));
        lying
    }

    /// What all checks say about it.
    pub(super) fn checked(&self, kind: Kind) -> Kept {
        let keys: &[&str] = if kind == Kind::Encrypted { &[PASSWORD] } else { &[] };
        checked(&self.lying(kind), keys)
    }
}

/// What all checks say about these files.
pub(super) fn checked(files: &BTreeMap<String, Vec<u8>>, keys: &[&str]) -> Kept {
    let keys = Keys::new(keys.iter().map(|key| Zeroizing::new((*key).to_owned())).collect());
    let grown = tree(files, &keys);
    kept(&grown.tree, &keys)
}

pub(super) fn kept(tree: &Tree, keys: &Keys) -> Kept {
    let mut kept = Kept::default();
    let gathering = Gathering { tree, keys, limits: &ReadLimits::DEFAULT };
    let _ = gather(&gathering, 0, &mut kept);
    kept
}

pub(super) fn tree(files: &BTreeMap<String, Vec<u8>>, keys: &Keys) -> Grown {
    let root = |(leaf, (path, bytes)): (u64, (&String, &Vec<u8>))| RootFile {
        leaf,
        path: path.clone(),
        modified: None,
        sha256: None,
        content: Arc::new(Plain(Arc::new(bytes.clone()))),
    };
    let spools: Arc<dyn Spools> = Arc::new(NoSpools);
    grow((0..).zip(files).map(root).collect(), keys, &ReadLimits::DEFAULT, &spools, &mut All)
}

struct All;

impl Watch for All {
    fn opening(&mut self, _tree: &Tree, _file: FileNumber) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Opens nothing.
pub(super) struct Nothing;

impl Watch for Nothing {
    fn opening(&mut self, _tree: &Tree, _file: FileNumber) -> ControlFlow<()> {
        ControlFlow::Break(())
    }
}

/// What is said about an app.
pub(super) fn app<'k>(kept: &'k Kept, id: &str) -> Vec<&'k AppSays> {
    let says = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::App(AppFact { id: of, says, .. }) if of == id => Some(says),
        _ => None,
    });
    says.collect()
}

/// Signs of a name, with what they are about.
pub(super) fn signs<'k>(kept: &'k Kept, name: &str) -> Vec<&'k str> {
    let says = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Sign(Sign { name: of, what, .. }) if of == name => Some(what.as_str()),
        _ => None,
    });
    says.collect()
}

/// The value of a setting.
pub(super) fn setting<'k>(kept: &'k Kept, space: &str, name: &str) -> Option<&'k str> {
    kept.facts.iter().find_map(|fact| match &fact.says {
        Says::Setting(setting) if setting.space == space && setting.name == name => Some(&*setting.value),
        _ => None,
    })
}

/// How often a question was looked into, wholly or not, and over how many things.
pub(super) fn looked(kept: &Kept, of: Question) -> Vec<(Wholly, u64)> {
    let says = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Looked(Looked { question, wholly, entries }) if *question == of => Some((*wholly, *entries)),
        _ => None,
    });
    says.collect()
}

/// Whether a trace was sent.
pub(super) fn has(kept: &Kept, kind: TraceKind, value: &str) -> bool {
    kept.traces.iter().any(|(of, found)| *of == kind && found == value)
}

/// A dictionary.
pub(super) fn dictionary(pairs: Vec<(&str, Value)>) -> Value {
    Value::Dictionary(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Dictionary>())
}

/// A text as a value.
pub(super) fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

/// A whole number as a value.
pub(super) fn number(number: i64) -> Value {
    Value::Integer(number.into())
}

/// A reference in an archive.
pub(super) fn uid(number: u64) -> Value {
    Value::Uid(Uid::new(number))
}

/// A day of 2025 as a value.
pub(super) fn date() -> Value {
    Value::Date(plist::Date::from_xml_format("2025-03-04T05:06:07Z").unwrap())
}

/// A list in its binary form.
pub(super) fn binary(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.to_writer_binary(&mut bytes).unwrap();
    bytes
}

/// A list in its form with XML.
pub(super) fn xml(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.to_writer_xml(&mut bytes).unwrap();
    bytes
}

/// A keyed archive of these objects; the first is `$null`, the second the root.
pub(super) fn archive(mut objects: Vec<Value>) -> Vec<u8> {
    objects.insert(0, text("$null"));
    binary(&dictionary(vec![
        ("$version", number(100_000)),
        ("$archiver", text("NSKeyedArchiver")),
        ("$top", dictionary(vec![("root", uid(1))])),
        ("$objects", Value::Array(objects)),
    ]))
}

/// A database made by these statements.
pub(super) fn database(statements: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(statements).unwrap();
    drop(connection);
    std::fs::read(path).unwrap()
}

fn manifest(rows: &[(String, String, String, i64, Vec<u8>)]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Manifest.db");
    let mut connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE Files
               (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB);
             CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB);",
        )
        .unwrap();
    let transaction = connection.transaction().unwrap();
    {
        let mut insert = transaction.prepare("INSERT INTO Files VALUES (?,?,?,?,?)").unwrap();
        for (id, domain, path, flags, record) in rows {
            insert.execute(params![id, domain, path, flags, record]).unwrap();
        }
    }
    transaction.commit().unwrap();
    drop(connection);
    std::fs::read(path).unwrap()
}

fn manifest_plist(kind: Kind) -> Vec<u8> {
    let app = |class: &str, path: &str| {
        dictionary(vec![
            ("CFBundleVersion", text("7")),
            ("ContainerContentClass", text(class)),
            ("Path", text(path)),
        ])
    };
    let added = app("Data/Application", "/var/containers/Bundle/Application/0/Kalender.app");
    let factory = app("Data/Application", "/Applications/Clock.app");
    let mut top = vec![
        ("IsEncrypted", Value::Boolean(kind == Kind::Encrypted)),
        ("WasPasscodeSet", Value::Boolean(false)),
        ("BackupKeyBag", Value::Data(keybag())),
        ("Lockdown", dictionary(vec![("ProductVersion", text("18.1")), ("DeviceName", text("Erfundenes"))])),
        (
            "Applications",
            dictionary(vec![
                ("com.example.kalender", added),
                ("com.example.clock", factory),
                ("group.com.example.kalender", app("Shared/AppGroup", "/x")),
            ]),
        ),
    ];
    if kind == Kind::Encrypted {
        top.push(("ManifestKey", Value::Data(with_class(&[0x77; 32]))));
    }
    xml(&dictionary(top))
}

fn id(domain: &str, path: &str) -> String {
    model::encode_hex(&ForeignSha1::of(format!("{domain}-{path}").as_bytes()))
}

fn record(size: usize, key: Option<Vec<u8>>) -> Vec<u8> {
    let mut file = vec![
        ("$class", uid(3)),
        ("LastModified", number(1_700_000_000)),
        ("RelativePath", uid(2)),
        ("Size", Value::Integer((size as u64).into())),
    ];
    let mut more = vec![];
    if let Some(key) = key {
        file.push(("EncryptionKey", uid(4)));
        more.push(dictionary(vec![("NS.data", Value::Data(key))]));
    }
    let class = dictionary(vec![("$classname", text("MBFile"))]);
    archive([vec![dictionary(file), text("Library/erfunden"), class], more].concat())
}

fn with_class(key: &[u8; 32]) -> Vec<u8> {
    [&CLASS.to_le_bytes()[..], &wrap(&CLASS_KEY, key)].concat()
}

fn keybag() -> Vec<u8> {
    let first = pbkdf2(Pbkdf2Hash::Sha256, PASSWORD.as_bytes(), &[1; 20], 200, 200, 32).unwrap();
    let key = pbkdf2(Pbkdf2Hash::Sha1, first.as_bytes(), &[2; 20], 100, 100, 32).unwrap();
    let number = |number: u32| number.to_be_bytes().to_vec();
    let fields: [(&[u8; 4], Vec<u8>); 11] = [
        (b"VERS", number(5)),
        (b"UUID", vec![1; 16]),
        (b"WRAP", number(0)),
        (b"SALT", vec![2; 20]),
        (b"ITER", number(100)),
        (b"DPIC", number(200)),
        (b"DPSL", vec![1; 20]),
        (b"UUID", vec![4; 16]),
        (b"CLAS", number(CLASS)),
        (b"WRAP", number(2)),
        (b"WPKY", wrap(key.as_bytes(), &CLASS_KEY)),
    ];
    let bytes = |(tag, value): &(&[u8; 4], Vec<u8>)| {
        [&tag[..], &u32::try_from(value.len()).unwrap().to_be_bytes(), value].concat()
    };
    fields.iter().flat_map(bytes).collect()
}

/// RFC 3394, 2.2.1.
fn wrap(key: &[u8], inner: &[u8]) -> Vec<u8> {
    let key = AesKey::new(key).unwrap();
    let mut first = [0xa6_u8; 8];
    let mut parts: Vec<[u8; 8]> = inner.chunks(8).map(|part| part.try_into().unwrap()).collect();
    let count = parts.len() as u64;
    for round in 0..6 {
        for (index, part) in (1..).zip(&mut parts) {
            let out = encrypted_block(&key, [first, *part].concat().try_into().unwrap());
            let high = u64::from_be_bytes(out[..8].try_into().unwrap());
            first = (high ^ (count * round + index)).to_be_bytes();
            part.copy_from_slice(&out[8..]);
        }
    }
    [&first[..], &parts.concat()].concat()
}

fn encrypted_block(key: &AesKey, input: [u8; 16]) -> [u8; 16] {
    let mut zero = [0; 16];
    ctr_decrypt(key, Counter::BigEndian128, &input, &mut zero).unwrap();
    zero
}

fn cbc(key: &[u8], plain: &[u8]) -> Vec<u8> {
    let key = AesKey::new(key).unwrap();
    let mut before = [0; 16];
    let mut out = Vec::new();
    for chunk in plain.chunks(16) {
        let mut input: [u8; 16] = chunk.try_into().unwrap();
        input.iter_mut().zip(before).for_each(|(byte, before)| *byte ^= before);
        before = encrypted_block(&key, input);
        out.extend(before);
    }
    out
}

fn padded(plain: &[u8]) -> Vec<u8> {
    let count = 16 - plain.len() % 16;
    [plain, &vec![u8::try_from(count).unwrap(); count]].concat()
}

/// Processor time of this thread.
pub(super) fn cpu_ms() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<u64>().ok()).unwrap_or(0) / 1_000_000
}
