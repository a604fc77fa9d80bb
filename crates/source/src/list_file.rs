//! Property lists that are files of their own, loaded within limits.
//!
//! The form with XML is made into the binary one first, so there is one way to read both. Deliberately knows
//! nothing of what a list is about.

use std::io::{Cursor, Read};

use model::record::Place;

use crate::property_list::{PropertyList, Value};
use crate::tree::Content;

/// Deepest nesting of XML.
const DEPTH_MOST: usize = 64;

/// A property list in its binary form.
pub struct ListFile {
    bytes: Vec<u8>,
    /// Whether the bytes are those of the file, so that places in it can be named.
    as_it_is: bool,
}

/// Why a property list could not be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListTrouble {
    /// Its bytes could not be had.
    #[error("the bytes of a property list could not be had")]
    Unreadable,
    /// It is longer than allowed.
    #[error("a property list is too long")]
    TooLong,
    /// It is nested deeper than 64.
    #[error("a property list is nested too deep")]
    TooDeep,
    /// It is none.
    #[error("no property list")]
    Damaged,
}

impl ListFile {
    /// The list in a file of at most `most_bytes`.
    pub fn read(content: &dyn Content, most_bytes: u64) -> Result<Self, ListTrouble> {
        let mut bytes = Vec::new();
        let stream = content.stream().map_err(|_| ListTrouble::Unreadable)?;
        let read = stream.take(most_bytes.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|_| ListTrouble::Unreadable)?;
        if bytes.len() as u64 > most_bytes {
            return Err(ListTrouble::TooLong);
        }
        Self::of_bytes(bytes)
    }

    /// The list in these bytes, in either form.
    pub fn of_bytes(bytes: Vec<u8>) -> Result<Self, ListTrouble> {
        if bytes.starts_with(b"bplist0") {
            return Ok(Self { bytes, as_it_is: true });
        }
        if deepest(&bytes) > DEPTH_MOST {
            return Err(ListTrouble::TooDeep);
        }
        let mut binary = Vec::new();
        let list = plist::Value::from_reader_xml(Cursor::new(&bytes)).map_err(|_| ListTrouble::Damaged)?;
        list.to_writer_binary(&mut binary).map_err(|_| ListTrouble::Damaged)?;
        Ok(Self { bytes: binary, as_it_is: false })
    }

    /// It, to look values up in; none if it is damaged.
    pub fn list(&self) -> Option<PropertyList<'_>> {
        PropertyList::open(&self.bytes)
    }

    /// Where a value lies.
    pub fn place(&self, value: Value<'_>) -> Place {
        let (offset, length) = value.span();
        if self.as_it_is { Place::bytes(offset, length) } else { Place::Whole }
    }
}

/// How deep arrays and dictionaries of XML are nested at most.
fn deepest(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for at in memchr::memchr_iter(b'<', bytes) {
        let Some(rest) = bytes.get(at.saturating_add(1)..) else { continue };
        if rest.starts_with(b"array") || rest.starts_with(b"dict") {
            depth = depth.saturating_add(1);
            deepest = deepest.max(depth);
        } else if rest.starts_with(b"/array") || rest.starts_with(b"/dict") {
            depth = depth.saturating_sub(1);
        }
    }
    deepest
}
