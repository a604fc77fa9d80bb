//! What is attached to a mail of Outlook (`.msg`).
//!
//! MS-OXMSG. A mail inside the mail is no file of its own there and is not opened. The file is held in memory
//! while it is opened, up to the limit of a unit; a larger one stays closed and says so.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use model::record::ProblemKind;

use super::{Container, Opened, Opening};
use crate::mail::{Outlook, held, is_outlook, outlook_attachments};
use crate::tree::{Candidate, Child, Content, Unpacked};

/// Mails of Outlook.
pub(super) struct Msg;

impl Container for Msg {
    fn name(&self) -> &'static str {
        "msg"
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let ending = candidate.entry().extension();
        ending == "msg" && is_outlook(&ending, candidate.head())
    }

    fn open(&self, opening: &Opening<'_>) -> Opened {
        let Some(entry) = opening.tree.entry(opening.file) else { return Opened::default() };
        let bytes = match held(entry, opening.limits.unit_bytes) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return opening.failed(ProblemKind::Limit, "a mail that fits into memory"),
            Err(_) => return opening.failed(ProblemKind::Unreadable, "bytes that can be read to the end"),
        };
        let Some(mut mail) = Outlook::open(bytes) else {
            return opening.failed(ProblemKind::Damaged, "a compound file that can be opened");
        };
        let mut opened = Opened::default();
        for (number, attached) in (0..).zip(outlook_attachments(&mut mail)) {
            let Some(length) = attached.size_bytes else { continue };
            let content = Arc::clone(entry.content());
            let most = opening.limits.unit_bytes;
            let open = move || again(&content, number, most);
            let most = opening.limits.unpacked_bytes;
            opened.children.push(Child {
                path: attached.name,
                modified: None,
                stored_sha256: None,
                content: Arc::new(Unpacked::new(length, most, opening.spools, Box::new(open))),
            });
        }
        opened
    }
}

/// The bytes of an attachment, by its number.
fn again(content: &Arc<dyn Content>, number: usize, most_bytes: u64) -> io::Result<Box<dyn Read + Send>> {
    let mut bytes = Vec::new();
    content.stream()?.take(most_bytes).read_to_end(&mut bytes)?;
    let mut mail = Outlook::open(bytes).ok_or(io::ErrorKind::InvalidData)?;
    let attachment = mail.attachments().into_iter().nth(number).ok_or(io::ErrorKind::NotFound)?;
    let data = mail.binary(&attachment, 0x3701).ok_or(io::ErrorKind::NotFound)?;
    if Some(data.len() as u64) != mail.binary_length(&attachment, 0x3701) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Box::new(Cursor::new(data)))
}
