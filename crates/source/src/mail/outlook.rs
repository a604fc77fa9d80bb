//! A mail of Outlook (`.msg`): properties in a compound file, with recipients and attachments in storages.
//!
//! MS-OXMSG and MS-OXPROPS, through the crate cfb. Properties are read by their number; texts are UTF-16 or
//! in the code page the mail names. A mail inside the mail is a storage, no file: it is named and not opened.
//! The file is held in memory, so whoever opens one keeps to a limit.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use cfb::CompoundFile;

/// How every compound file begins.
const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Most recipients, and most attachments.
const STORAGES: usize = 500;
/// Most bytes of the list of fixed properties.
const LIST_BYTES: u64 = 1 << 20;

/// Whether a file with this ending that begins like this can be a mail of Outlook.
pub fn is_outlook(ending: &str, head: &[u8]) -> bool {
    ending == "msg" && head.starts_with(&MAGIC)
}

/// A mail of Outlook.
pub struct Outlook {
    file: CompoundFile<Cursor<Vec<u8>>>,
    root: Fixed,
    names: Vec<String>,
}

/// The properties of a fixed size of one storage, by their number.
type Fixed = BTreeMap<u16, u64>;

/// The mail itself, a recipient, or an attachment.
#[derive(Clone, Debug)]
pub struct Storage {
    path: String,
    fixed: Fixed,
}

impl Outlook {
    /// Opens one; none if the compound file is broken.
    pub fn open(bytes: Vec<u8>) -> Option<Self> {
        let mut file = CompoundFile::open(Cursor::new(bytes)).ok()?;
        let root = fixed(&mut file, "/", 32);
        let storages = file.read_root_storage().filter(cfb::Entry::is_storage);
        let mut names: Vec<String> = storages.map(|entry| entry.name().to_owned()).take(STORAGES).collect();
        names.sort();
        Some(Self { file, root, names })
    }

    /// The mail's own properties.
    pub fn root(&self) -> Storage {
        Storage { path: "/".to_owned(), fixed: self.root.clone() }
    }

    /// The recipients, in their order.
    pub fn recipients(&mut self) -> Vec<Storage> {
        self.storages("__recip_version1.0_#")
    }

    /// The attachments, in their order.
    pub fn attachments(&mut self) -> Vec<Storage> {
        self.storages("__attach_version1.0_#")
    }

    fn storages(&mut self, prefix: &str) -> Vec<Storage> {
        let names: Vec<String> = self.names.iter().filter(|name| name.starts_with(prefix)).cloned().collect();
        let path = |name: &String| format!("/{name}/");
        names.iter().map(path).map(|path| Storage { fixed: fixed(&mut self.file, &path, 8), path }).collect()
    }

    /// A property that is text: in UTF-16, or in a code page, whose bytes `decode` gets.
    pub fn text(&mut self, of: &Storage, property: u16, decode: impl Fn(&[u8]) -> String) -> Option<String> {
        if let Some(bytes) = self.bytes(of, property, 0x001f) {
            let unit = |pair: &[u8]| pair.iter().rev().fold(0, |unit, byte| unit << 8 | u16::from(*byte));
            let units: Vec<u16> = bytes.chunks_exact(2).map(unit).collect();
            return Some(String::from_utf16_lossy(&units).trim_end_matches('\0').to_owned());
        }
        let bytes = self.bytes(of, property, 0x001e)?;
        Some(decode(&bytes).trim_end_matches('\0').to_owned())
    }

    /// A property that is bytes; what could be read of it.
    pub fn binary(&mut self, of: &Storage, property: u16) -> Option<Vec<u8>> {
        self.bytes(of, property, 0x0102)
    }

    /// How many bytes a property that is bytes has.
    pub fn binary_length(&self, of: &Storage, property: u16) -> Option<u64> {
        let path = format!("{}__substg1.0_{property:04X}0102", of.path);
        self.file.entry(path).ok().filter(cfb::Entry::is_stream).map(|entry| entry.len())
    }

    /// Whether an attachment is a mail, which lies there as a storage.
    pub fn is_mail(&self, attachment: &Storage) -> bool {
        self.file.is_storage(format!("{}__substg1.0_3701000D", attachment.path))
    }

    fn bytes(&mut self, of: &Storage, property: u16, kind: u16) -> Option<Vec<u8>> {
        let mut stream =
            self.file.open_stream(format!("{}__substg1.0_{property:04X}{kind:04X}", of.path)).ok()?;
        let mut bytes = Vec::new();
        // What could be read before an error is what there is.
        drop(stream.read_to_end(&mut bytes));
        Some(bytes)
    }
}

impl Storage {
    /// A number of 32 bits.
    pub fn number(&self, property: u16) -> Option<u32> {
        self.fixed.get(&property).and_then(|value| u32::try_from(value & 0xffff_ffff).ok())
    }

    /// A time in steps of 100 nanoseconds since 1601 in UTC.
    pub fn time(&self, property: u16) -> Option<u64> {
        self.fixed.get(&property).copied().filter(|time| *time > 0)
    }
}

/// The list of fixed properties of a storage: a head, then sixteen bytes for each.
fn fixed(file: &mut CompoundFile<Cursor<Vec<u8>>>, path: &str, head: usize) -> Fixed {
    let mut list = Vec::new();
    if let Ok(stream) = file.open_stream(format!("{path}__properties_version1.0")) {
        // What could be read before an error is what there is.
        drop(stream.take(LIST_BYTES).read_to_end(&mut list));
    }
    let entry = |entry: &[u8]| {
        let [_, _, low, high, _, _, _, _, value @ ..] = entry else { return None };
        let value = value.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        Some((u16::from_le_bytes([*low, *high]), value))
    };
    list.get(head..).unwrap_or_default().chunks_exact(16).filter_map(entry).collect()
}
