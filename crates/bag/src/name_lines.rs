//! One line of `names.jsonl`: a file, a link, an empty folder, or what could not be taken.
//!
//! `docs/format.md`, section 5. A line is accepted only in the one canonical form that we would write; the
//! meaning of the original bytes is deliberately left to the reader.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::{Digest, FileTime, canonical};
use serde::{Deserialize, Serialize};

/// Most bytes of an original path or a link's target.
pub(crate) const NAME_BYTES: usize = 65_536;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum NameLine {
    /// A file in the payload.
    File(FileLine),
    /// A link, not followed.
    Link(LinkLine),
    /// A folder with nothing in it.
    Folder(FolderLine),
    /// What could not be taken.
    Gap(GapLine),
}

/// A file in the payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileLine {
    /// What was not as it should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<FileGap>,
    /// Its number in the file tree.
    pub leaf: u64,
    /// When it was last modified.
    pub mtime: FileTime,
    /// Where its content begins, in bytes from the start of the tar.
    pub offset: u64,
    /// Its original path, if the stored one is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<RawName>,
    /// Its stored path from `data/` on.
    pub path: String,
    /// The index of its root.
    pub root: u64,
    /// The SHA-256 of its stored content.
    pub sha256: Digest,
    /// The bytes of its stored content.
    pub size: u64,
}

/// What was not as it should be with a file that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileGap {
    /// How many bytes of the content are real; zeros follow.
    pub bytes_read: u64,
    /// What happened.
    pub kind: FileGapKind,
}

/// What happened to a file while it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileGapKind {
    /// It became shorter.
    Shrunk,
    /// It became longer; what was added is not there.
    Grew,
    /// Its content may be a mixture of before and after.
    Changed,
    /// Reading broke off with an error of the medium.
    Unreadable,
}

impl FileGapKind {
    /// The word in the format.
    pub fn word(self) -> &'static str {
        match self {
            Self::Shrunk => "shrunk",
            Self::Grew => "grew",
            Self::Changed => "changed",
            Self::Unreadable => "unreadable",
        }
    }
}

/// A link, not followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkLine {
    /// Its path.
    pub original: RawName,
    /// The index of its root.
    pub root: u64,
    /// Where it points to, as it is written.
    pub target: RawName,
}

/// A folder with nothing in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderLine {
    /// When it was last modified.
    pub mtime: FileTime,
    /// Its path.
    pub original: RawName,
    /// The index of its root.
    pub root: u64,
}

/// What could not be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GapLine {
    /// Why.
    pub gap: Refusal,
    /// Its path; cut at 65,536 bytes.
    pub original: RawName,
    /// The index of its root.
    pub root: u64,
}

/// Why something could not be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// In the terms of the format.
    pub kind: RefusalKind,
    /// In one word.
    pub reason: String,
}

/// The kinds of what could not be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RefusalKind {
    /// The system refused to read it.
    Unreadable,
    /// Neither file nor folder nor link.
    Special,
    /// A limit or a choice of the person leaves it out.
    Limit,
    /// It was there and then was not.
    Vanished,
}

impl RefusalKind {
    /// The word in the format.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Special => "special",
            Self::Limit => "limit",
            Self::Vanished => "vanished",
        }
    }
}

/// The bytes of a path as they were; base64 in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawName(pub Vec<u8>);

impl Serialize for RawName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for RawName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        STANDARD.decode(text.as_bytes()).map(Self).map_err(serde::de::Error::custom)
    }
}

/// A line that is not one of `names.jsonl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a line of names.jsonl in its one form")]
pub struct NameLineError;

impl NameLine {
    /// Reads a line without its LF.
    pub fn parse(line: &[u8]) -> Result<Self, NameLineError> {
        let parsed: Self = serde_json::from_slice(line).map_err(|_| NameLineError)?;
        let same = canonical::to_bytes(&parsed).is_ok_and(|bytes| bytes == line);
        let needed = match &parsed {
            Self::File(file) => file.original.is_none() || file.path.as_bytes() != file.plain_path(),
            _ => true,
        };
        if same && needed { Ok(parsed) } else { Err(NameLineError) }
    }

    /// The canonical bytes, with LF.
    pub(crate) fn to_line(&self) -> Result<Vec<u8>, canonical::CanonicalError> {
        let mut line = canonical::to_bytes(self)?;
        line.push(b'\n');
        Ok(line)
    }
}

impl FileLine {
    /// The path as it was on the source.
    pub fn original_path(&self) -> &[u8] {
        match &self.original {
            Some(original) => &original.0,
            None => self.path.strip_prefix("data/").unwrap_or(&self.path).as_bytes(),
        }
    }

    /// What the leaf of this file in the file tree says, without the salt.
    pub fn leaf_json(&self) -> Result<Vec<u8>, canonical::CanonicalError> {
        #[derive(Serialize)]
        struct Leaf<'a> {
            mtime: FileTime,
            #[serde(skip_serializing_if = "Option::is_none")]
            original: Option<&'a RawName>,
            path: &'a str,
            sha256: Digest,
            size: u64,
        }
        canonical::to_bytes(&Leaf {
            mtime: self.mtime,
            original: self.original.as_ref(),
            path: &self.path,
            sha256: self.sha256,
            size: self.size,
        })
    }

    fn plain_path(&self) -> Vec<u8> {
        [b"data/", self.original_path()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{"kind":"file","leaf":0,"mtime":"1.500000000","offset":1536,"path":"data/a","root":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0}"#;

    #[test]
    fn every_kind_has_one_form() {
        let file = FILE.replace("\"path\"", "\"original\":\"gA==\",\"path\"");
        let gap = FILE.replace(
            "{\"kind\":\"file\"",
            "{\"gap\":{\"bytes_read\":3,\"kind\":\"shrunk\"},\"kind\":\"file\"",
        );
        for line in [
            FILE,
            &file,
            &gap,
            r#"{"kind":"link","original":"YQ==","root":0,"target":"Lw=="}"#,
            r#"{"kind":"folder","mtime":"-0.500000000","original":"YQ==","root":1}"#,
            r#"{"gap":{"kind":"special","reason":"fifo"},"kind":"gap","original":"YQ==","root":0}"#,
        ] {
            let parsed = NameLine::parse(line.as_bytes()).unwrap();
            assert_eq!(parsed.to_line().unwrap(), format!("{line}\n").as_bytes());
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for line in [
            "",
            "{}",
            &FILE.replace(",\"size\":0", ""),
            &FILE.replace("\"size\":0", "\"size\":0,\"x\":1"),
            &FILE.replace("\"size\":0", "\"size\": 0"),
            &FILE.replace("\"size\":0", "\"size\":-1"),
            &FILE.replace("\"leaf\":0", "\"leaf\":0,\"leaf\":0"),
            &FILE.replace("\"path\"", "\"original\":null,\"path\""),
            &FILE.replace("\"path\"", "\"original\":\"YQ==\",\"path\""),
            r#"{"kind":"link","original":"YQ","root":0,"target":"Lw=="}"#,
            r#"{"kind":"link","original":"YR==","root":0,"target":"Lw=="}"#,
            r#"{"gap":{"kind":"other","reason":"fifo"},"kind":"gap","original":"YQ==","root":0}"#,
        ] {
            assert_eq!(NameLine::parse(line.as_bytes()), Err(NameLineError), "{line}");
        }
    }
}
