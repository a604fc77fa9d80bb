//! Messages of Facebook and Instagram from "Download your information", as JSON.
//!
//! Layouts 2018 to 2026: threads in folders with numbered parts, and the flat files of the end-to-end
//! encrypted export. Sources: msgvault (fbmessenger), timelinize (facebook/models.go), RLEAPP
//! (instagramMessages.py), chat-analytics. All parts of a thread are one unit; messages come oldest first,
//! as the parts are kept newest first. In memory lie 16 bytes for each message of a part, nothing else.
//! Deliberately left out: posts, comments, everything but messages.

mod header;
mod message;
mod scan;

use model::record::{ChatKind, ChatRef, Counted, FileNumber, Place, ProblemKind, Unit};
use source::tree::Candidate;

use self::header::Header;
use self::message::Messages;
use self::scan::{Scanned, scan};
use crate::meta::{self, Media, Owner};
use crate::part;
use crate::troubles::Troubles;
use crate::window::Window;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// The format.
pub(crate) struct MetaJson;

impl Format for MetaJson {
    fn name(&self) -> &'static str {
        "meta_json"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Facebook and Instagram messages (JSON)",
            covers: "Download your information 2018 to 2026: all thread folders, numbered parts, the flat \
                     files of the end-to-end encrypted export",
            leaves_out: "posts, comments, friends; everything but messages",
            source: "msgvault, timelinize, RLEAPP and chat-analytics (layouts and sample files)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let entry = candidate.entry();
        if entry.extension() != "json" {
            return None;
        }
        if (meta::JSON_PARTS.number)(entry.name()).is_some() {
            let certainty = if meta::in_thread(entry) {
                Certainty::Certain
            } else if holds(candidate.head(), &["participants", "messages", "sender_name"]) {
                Certainty::Likely
            } else {
                return None;
            };
            let with = meta::JSON_PARTS.others(candidate.tree(), candidate.number()).unwrap_or_default();
            return Some(Claim { certainty, with });
        }
        let flat = holds(candidate.head(), &["participants", "messages"])
            && (holds(candidate.head(), &["threadName"])
                || holds(candidate.head(), &["senderName", "isUnsent"]));
        flat.then(|| Claim::alone(Certainty::Certain))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let first = scan(input, input.file);
        let owner = Owner::of(input);
        let app = meta::app(input.tree, input.file);
        let app = if first.header.flat && app == "meta" { "facebook" } else { app };
        let mut thread = Thread {
            input,
            chat: chat(input, &first.header),
            owner: owner.within(&first.header.participants),
            hint: first.header.participants.first().filter(|_| first.header.flat).cloned(),
            media: Media::of(input.tree, input.file),
            app,
        };
        meta::JSON_PARTS.missing(input, sink)?;
        thread.header(&first, sink)?;
        for file in input.with.iter().rev() {
            let part = scan(input, *file);
            header_of_part(*file, &part, sink)?;
            thread.part(*file, part, sink)?;
        }
        thread.part(input.file, first, sink)
    }
}

/// Whether the first bytes hold these keys.
fn holds(head: &[u8], keys: &[&str]) -> bool {
    keys.iter().all(|key| memchr::memmem::find(head, format!("\"{key}\"").as_bytes()).is_some())
}

/// The chat: by the path that the export gives it, else by its folder, else by the file's name.
fn chat(input: &Input<'_>, header: &Header) -> ChatRef {
    let entry = input.entry();
    let folder = entry.map_or("", |entry| entry.folder()).trim_end_matches('/');
    let id = header.thread_path.clone().unwrap_or_else(|| {
        if header.flat || folder.is_empty() {
            entry.map_or("", |entry| entry.name()).trim_end_matches(".json").to_owned()
        } else {
            let above = folder.rmatch_indices('/').nth(1).map_or(0, |(at, _)| at.saturating_add(1));
            folder.get(above..).unwrap_or_default().to_owned()
        }
    });
    let kind = match (header.thread_type.as_deref(), header.participants.len()) {
        (Some("RegularGroup"), _) | (_, 3..) => ChatKind::Group,
        (_, 2) => ChatKind::Direct,
        _ => ChatKind::Unknown,
    };
    ChatRef { id, name: header.title.clone(), kind }
}

/// A thread that is being read.
pub(crate) struct Thread<'i> {
    input: &'i Input<'i>,
    app: &'static str,
    chat: ChatRef,
    owner: Owner,
    /// The first participant of an encrypted export, who often is the owner.
    hint: Option<String>,
    media: Media<'i>,
}

impl Thread<'_> {
    /// What the thread says about itself, as a record; from its newest part.
    fn header(&self, first: &Scanned, sink: &mut dyn Sink) -> Flow {
        let mut counted = Counted::new(self.input.file, Unit::Element, "thread");
        counted.in_source = 1;
        if first.header.is_empty() {
            counted.problems = 1;
        } else {
            counted.records = 1;
            sink.record(first.header.record(self.input.file, self.app, &self.chat))?;
        }
        header_troubles(self.input.file, first, sink)?;
        sink.counted(counted)
    }

    /// The messages of a part, oldest first.
    fn part(&mut self, file: FileNumber, part: Scanned, sink: &mut dyn Sink) -> Flow {
        let mut counted = Counted::new(file, Unit::Element, "messages");
        let mut troubles = Troubles::new(file);
        for (at, kind, expected) in &part.lost {
            counted.in_source = counted.in_source.saturating_add(1);
            counted.problems = counted.problems.saturating_add(1);
            troubles.say(sink, at.place(), *kind, (expected, ""))?;
        }
        let random = self.input.tree.entry(file).map(|entry| entry.content().random());
        let Some(Ok(bytes)) = random else {
            return unreadable(part.messages.len() as u64, counted, troubles, sink);
        };
        let mut window = Window::new(bytes);
        let newest_first = self.is_newest_first(&part, &mut window);
        let mut messages = Messages { thread: self, counted, troubles };
        let mut places = part.messages;
        if newest_first {
            places.reverse();
        }
        for at in places {
            messages.read(file, at, &mut window, sink)?;
        }
        let Messages { counted, troubles, .. } = messages;
        troubles.finish(sink)?;
        sink.counted(counted)
    }

    /// The encrypted export keeps the oldest first, the other the newest; the times at the ends tell.
    fn is_newest_first(&self, part: &Scanned, window: &mut Window) -> bool {
        let most = self.input.limits.unit_bytes;
        let mut time = |at: Option<&part::At>| {
            let (mut object, _) = part::object(window.part(*at?, most).ok()?)?;
            message::raw_time(&mut object).and_then(|time| time.first_ms)
        };
        match (time(part.messages.first()), time(part.messages.last())) {
            (Some(first), Some(last)) if first != last => first > last,
            _ => !part.header.flat,
        }
    }
}

/// The messages of a part that were seen once and cannot be had again.
fn unreadable(units: u64, mut counted: Counted, mut troubles: Troubles, sink: &mut dyn Sink) -> Flow {
    counted.in_source = counted.in_source.saturating_add(units);
    counted.problems = counted.problems.saturating_add(units);
    if units > 0 {
        let expected = ("bytes that can be read at random", "");
        troubles.say_units(sink, Place::Whole, ProblemKind::Unreadable, expected, units)?;
    }
    troubles.finish(sink)?;
    sink.counted(counted)
}

fn header_troubles(file: FileNumber, part: &Scanned, sink: &mut dyn Sink) -> Flow {
    if part.header.is_empty() {
        let expected = "participants, title or path of a thread";
        sink.trouble((file, Place::Whole), ProblemKind::NotUnderstood, expected, "")?;
    }
    if part.header.too_large {
        let expected = "fewer bytes outside the messages";
        sink.trouble((file, Place::Whole), ProblemKind::Limit, expected, "what came before")?;
    }
    Flow::Continue(())
}

/// The older parts say the same once more.
fn header_of_part(file: FileNumber, part: &Scanned, sink: &mut dyn Sink) -> Flow {
    let mut counted = Counted::new(file, Unit::Element, "thread");
    counted.in_source = 1;
    let known = if part.header.is_empty() { &mut counted.problems } else { &mut counted.continuations };
    *known = 1;
    header_troubles(file, part, sink)?;
    sink.counted(counted)
}
