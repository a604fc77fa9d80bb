//! Android's binary form of XML: elements with their attributes, one after the other.
//!
//! Follows `ResourceTypes.h` of the Android Open Source Project (read 2026-11). Attributes of Android are
//! known by the number of their resource, whatever their name says: packages that hide change names. Read
//! leniently, as Android does: what is no element is passed over. Deliberately no tree.

use super::{Chunk, Front, Pool, chunks};

/// A document.
pub(super) struct Document<'b> {
    body: &'b [u8],
    pool: Pool<'b>,
    /// Numbers of resources that names of attributes stand for, four bytes each.
    ids: &'b [u8],
}

/// What is met.
pub(super) enum Node<'d> {
    /// An element begins.
    Begin(Element<'d>),
    /// One ends.
    End,
}

/// An element.
pub(super) struct Element<'d> {
    document: &'d Document<'d>,
    name: u32,
    attributes: &'d [u8],
    each_bytes: usize,
}

/// An attribute's value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A text.
    Text(String),
    /// The number of a resource that holds the value.
    Resource(u32),
    /// A number; a truth is 0 or not.
    Number(u32),
}

/// Which attribute.
#[derive(Clone, Copy)]
pub(super) enum Which<'w> {
    /// One of Android's, by its number.
    Id(u32),
    /// One without a number, by its name.
    Name(&'w str),
}

impl<'b> Document<'b> {
    /// Opens one; none if these are not the bytes of one.
    pub(super) fn open(bytes: &'b [u8]) -> Option<Self> {
        const IDS: u16 = 0x0180;
        // The kind of the outermost chunk is 3; some packages write another one, which Android does not mind.
        let body = chunks(bytes).next()?.body;
        let pool = chunks(body).find(|chunk| chunk.kind == Pool::KIND).and_then(Pool::of)?;
        let ids = chunks(body).find(|chunk| chunk.kind == IDS).map_or(&[][..], |chunk| chunk.body);
        Some(Self { body, pool, ids })
    }

    /// What stands in it, in order.
    pub(super) fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        const BEGIN: u16 = 0x0102;
        const END: u16 = 0x0103;
        chunks(self.body).filter_map(|chunk| match chunk.kind {
            BEGIN => self.element(chunk).map(Node::Begin),
            END => Some(Node::End),
            _ => None,
        })
    }

    fn element<'d>(&'d self, chunk: Chunk<'d>) -> Option<Element<'d>> {
        let mut front = Front(chunk.body);
        let (_space, name, start) = (front.u32()?, front.u32()?, front.u16()?);
        let (each, count) = (front.u16()?, front.u16()?);
        let each_bytes = usize::from(each).max(20);
        let bytes = usize::from(count).checked_mul(each_bytes)?;
        let attributes = chunk.body.get(usize::from(start)..)?;
        let attributes = attributes.get(..bytes.min(attributes.len()))?;
        Some(Element { document: self, name, attributes, each_bytes })
    }

    fn id(&self, name: u32) -> Option<u32> {
        let at = usize::try_from(name).ok()?.checked_mul(4)?;
        Front(self.ids.get(at..)?).u32()
    }
}

impl Element<'_> {
    /// Its name.
    pub(super) fn name(&self) -> String {
        self.document.pool.get(self.name).unwrap_or_default()
    }

    /// The value of an attribute.
    pub(super) fn get(&self, which: Which<'_>) -> Option<Value> {
        self.attributes.chunks_exact(self.each_bytes).find_map(|attribute| {
            let mut front = Front(attribute);
            let (_space, name, raw) = (front.u32()?, front.u32()?, front.u32()?);
            let fits = match which {
                Which::Id(id) => self.document.id(name) == Some(id),
                Which::Name(wanted) => {
                    self.document.id(name).is_none_or(|id| id == 0)
                        && self.document.pool.get(name).is_some_and(|name| name == wanted)
                }
            };
            if !fits {
                return None;
            }
            let (_size, kind, data) = (front.u16()?, front.u16()?, front.u32()?);
            self.value(kind >> 8, data, raw)
        })
    }

    fn value(&self, kind: u16, data: u32, raw: u32) -> Option<Value> {
        match kind {
            1 | 7 => Some(Value::Resource(data)),
            3 => self.document.pool.get(data).map(Value::Text),
            0x10..=0x1f => Some(Value::Number(data)),
            _ => self.document.pool.get(raw).map(Value::Text),
        }
    }

    /// The value of an attribute, if it is a text.
    pub(super) fn text(&self, which: Which<'_>) -> Option<String> {
        match self.get(which)? {
            Value::Text(text) => Some(text),
            Value::Resource(_) | Value::Number(_) => None,
        }
    }
}
