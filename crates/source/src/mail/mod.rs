//! Mails as bytes: header fields, the parts of a mail with their places, and what is attached.
//!
//! RFC 5322 and 2045 to 2049, read loosely: a mail without blank line, boundary or end still has parts.
//! Values of single fields are decoded by the crate mail-parser (RFC 2047 and 2231); the parts are found
//! here, so that a mail nested a million times costs neither stack nor memory. A mail inside a mail is one
//! part; deliberately no look into it. The container `eml` and the reader of mails see the same parts.

mod attached;
mod decode;
mod fields;
mod outlook;
mod parts;

pub use attached::{Attached, OutlookAttached, attached, outlook_attachments, uuencoded};
pub use decode::{Decoded, Encoding, decoded_length};
pub use fields::{Field, envelope, fields, is_known, text_of, without_coded_words};
pub use outlook::{Outlook, Storage, is_outlook};
pub use parts::{Disposition, Part, Shape, Structure, structure};

use std::io::{self, Read};

use crate::tree::{Candidate, Entry, Tree};

/// Whether a file is one mail: by its place in a mailbox, or by its name and its first lines.
pub fn is_mail(candidate: &Candidate<'_>) -> bool {
    if is_in_mailbox(candidate.tree(), candidate.entry()) {
        return true;
    }
    let known = || known_fields(candidate.head());
    match candidate.entry().extension().as_str() {
        "eml" => known() > 0,
        // Mail folders with one file for each mail give no ending; then the header must leave no doubt.
        "" => known() > 3 && has_sender_and_id(candidate.head()),
        ending if ending.contains(',') => known() > 3 && has_sender_and_id(candidate.head()),
        _ => false,
    }
}

/// Whether a file is a mail of a mailbox that was opened.
pub fn is_in_mailbox(tree: &Tree, entry: &Entry) -> bool {
    let container = entry.container().and_then(|container| tree.entry(container));
    container.is_some_and(|container| container.opened_as() == Some("mbox"))
}

/// The bytes of a file, if there are at most so many; none if there are more.
pub fn held(entry: &Entry, most_bytes: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    entry.content().stream()?.take(most_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most_bytes).then_some(bytes))
}

/// How many fields that mails have stand in the first lines; none if the text does not begin with one line
/// that could be a field.
fn known_fields(head: &[u8]) -> usize {
    fields(header_of(head)).take(100).filter(|field| is_known(field.name())).count()
}

fn has_sender_and_id(head: &[u8]) -> bool {
    let has = |name| fields(header_of(head)).take(100).any(|field| field.is(name));
    has("from") && (has("message-id") || has("received")) && has("date")
}

fn header_of(head: &[u8]) -> &[u8] {
    let begin = envelope(head);
    let end = parts::end_of_header(head, begin);
    head.get(begin..end).unwrap_or_default()
}
