//! What is attached to one mail, decoded: a mail inside it is a file `.eml` of its own.
//!
//! RFC 2045 to 2049, uuencode. The mail is held in memory while it is opened, up to the limit of a unit;
//! a larger one stays closed and says so. The texts of the mail itself are read by the reader of mails and
//! are no files here.

use std::io::{self, Read};
use std::sync::Arc;

use model::record::ProblemKind;

use super::{Container, Opened, Opening};
use crate::mail::{Attached, Decoded, Shape, attached, decoded_length, held, is_mail, structure};
use crate::tree::{Candidate, Child, Content, PartAt, ReadFrom, Unpacked};

/// Mails.
pub(super) struct Eml;

/// What may be unpacked to read every part of a packed mail once: each is unpacked from the mail's start.
const UNPACKED_BYTES: u64 = 4 << 30;

impl Container for Eml {
    fn name(&self) -> &'static str {
        "eml"
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        is_mail(candidate)
    }

    fn open(&self, opening: &Opening<'_>) -> Opened {
        let Some(entry) = opening.tree.entry(opening.file) else { return Opened::default() };
        let mail = match held(entry, opening.limits.unit_bytes) {
            Ok(Some(mail)) => mail,
            Ok(None) => return opening.failed(ProblemKind::Limit, "a mail that fits into memory"),
            Err(_) => return opening.failed(ProblemKind::Unreadable, "bytes that can be read to the end"),
        };
        let structure = structure(&mail);
        let mut opened = Opened::default();
        if structure.shape == Shape::TooManyParts {
            let mut problem = opening.problem(ProblemKind::Limit, "fewer parts in one mail");
            "the parts up to the limit".clone_into(&mut problem.kept);
            opened.problems.push(problem);
        }
        let lies_plain = lies_plain(opening);
        let mut unpacked_bytes: u64 = 0;
        for attached in attached(&mail, &structure) {
            unpacked_bytes = unpacked_bytes.saturating_add(attached.body.end as u64);
            if !lies_plain && unpacked_bytes > UNPACKED_BYTES {
                opened.problems.push(opening.problem(ProblemKind::Limit, "fewer parts in one packed mail"));
                break;
            }
            opened.children.push(child(&mail, attached, (entry.content(), lies_plain), opening));
        }
        opened
    }
}

fn child(
    mail: &[u8],
    attached: Attached,
    (content, lies_plain): (&Arc<dyn Content>, bool),
    opening: &Opening<'_>,
) -> Child {
    let body = mail.get(attached.body.clone()).unwrap_or_default();
    let claimed = decoded_length(body, attached.encoding);
    let content = Arc::clone(content);
    let (offset, length) = (attached.body.start as u64, body.len() as u64);
    let encoding = attached.encoding;
    let open = move || {
        let part: Box<dyn Read + Send> = if lies_plain {
            Box::new(ReadFrom::new(Arc::new(PartAt::new(content.random()?, offset, length))))
        } else {
            // What is packed is read up to the part: nothing is unpacked beside it.
            let mut stream = content.stream()?;
            io::copy(&mut stream.by_ref().take(offset), &mut io::sink())?;
            Box::new(stream.take(length))
        };
        let stream: Box<dyn Read + Send> = Box::new(Decoded::new(part, encoding));
        Ok(stream)
    };
    let most = opening.limits.unpacked_bytes;
    Child {
        path: attached.name,
        modified: None,
        stored_sha256: None,
        content: Arc::new(Unpacked::new(claimed, most, opening.spools, Box::new(open))),
    }
}

/// Whether the mail's bytes can be had at random without unpacking: a file of the capsule, or a mail of a
/// mailbox.
fn lies_plain(opening: &Opening<'_>) -> bool {
    let container = opening.tree.entry(opening.file).and_then(crate::tree::Entry::container);
    let container = container.and_then(|container| opening.tree.entry(container));
    container.is_none_or(|container| container.opened_as() == Some("mbox"))
}
