//! Messages of Facebook and Instagram from "Download your information", as HTML.
//!
//! Layouts 2018 to 2026 (class names `_2lej …` and `_a6-g …`), all thread folders, numbered parts as one
//! unit, oldest first. Sources: msgvault (fbmessenger), timelinize, and the class names that a dozen
//! published parsers agree on. Text is UTF-8, dates are worded in the account's language and without zone
//! (see `worded_date`). In memory lie 16 bytes for each message of a part, and one message. Deliberately
//! left out: everything but messages; what the page does not tell apart (a call, a message taken back)
//! stays text.

mod message;

use std::io::Read;

use model::record::{
    ChatKind, ChatRef, Counted, Event, FileNumber, Place, ProblemKind, Record, State, Unit, What,
};
use source::tree::{Candidate, Entry};

use crate::html::{Block, Blocks, Closed, Ended, Tag, parse};
use crate::meta::{self, Media, Owner};
use crate::part::At;
use crate::troubles::Troubles;
use crate::window::Window;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// The format.
pub(crate) struct MetaHtml;

impl Format for MetaHtml {
    fn name(&self) -> &'static str {
        "meta_html"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Facebook and Instagram messages (HTML)",
            covers: "Download your information 2018 to 2026: all thread folders, numbered parts, dates in \
                     twelve languages",
            leaves_out: "posts, comments, friends; calls and messages taken back stay text",
            source: "msgvault, timelinize; class names that published parsers agree on",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let entry = candidate.entry();
        (meta::HTML_PARTS.number)(entry.name())?;
        let head = candidate.head();
        let shown = |text: &str| memchr::memmem::find(head, text.as_bytes()).is_some();
        let certainty = if meta::in_thread(entry) {
            Certainty::Certain
        } else if shown("_a6-g") || shown("_2lej") {
            Certainty::Likely
        } else {
            return None;
        };
        let with = meta::HTML_PARTS.others(candidate.tree(), candidate.number()).unwrap_or_default();
        Some(Claim { certainty, with })
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let first = scan(input, input.file);
        let owner = Owner::of(input);
        let thread = Thread {
            input,
            app: meta::app(input.tree, input.file),
            chat: chat(input.entry(), first.title.clone()),
            owner,
            media: Media::of(input.tree, input.file),
        };
        meta::HTML_PARTS.missing(input, sink)?;
        thread.page(input.file, &first, sink)?;
        for file in input.with.iter().rev() {
            let part = scan(input, *file);
            thread.page(*file, &part, sink)?;
            thread.part(*file, part, sink)?;
        }
        thread.part(input.file, first, sink)
    }
}

/// Keyed by the folder; what sort of chat it is the page does not say.
fn chat(entry: Option<&Entry>, name: Option<String>) -> ChatRef {
    let folder = entry.map_or("", |entry| entry.folder()).trim_end_matches('/');
    let above = folder.rmatch_indices('/').nth(1).map_or(0, |(at, _)| at.saturating_add(1));
    let id = folder.get(above..).unwrap_or_default().to_owned();
    ChatRef { id, name, kind: ChatKind::Unknown }
}

/// A part after the first way through.
struct Scanned {
    title: Option<String>,
    blocks: Vec<At>,
    /// The last block, if the document ends inside it.
    cut: Option<At>,
    end: Ending,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Closed,
    Early,
    Unreadable,
}

fn begins(tag: &Tag) -> bool {
    tag.has_class("_a6-g") || tag.has_class("_2lej")
}

fn is_title(tag: &Tag) -> bool {
    matches!(tag.name.as_str(), "title" | "h1") || tag.has_class("_a70e")
}

fn scan(input: &Input<'_>, file: FileNumber) -> Scanned {
    let mut scanned = Scanned { title: None, blocks: Vec::new(), cut: None, end: Ending::Early };
    let stream = input.tree.entry(file).map(|entry| entry.content().stream());
    let Some(Ok(stream)) = stream else { return Scanned { end: Ending::Unreadable, ..scanned } };
    let mut blocks = Blocks::new(stream, begins, is_title);
    match gather(&mut blocks, &mut scanned) {
        Ok(()) if blocks.closed == Closed::Yes => scanned.end = Ending::Closed,
        Ok(()) => {}
        Err(_) => scanned.end = Ending::Unreadable,
    }
    scanned
}

fn gather<R: Read>(blocks: &mut Blocks<R>, scanned: &mut Scanned) -> std::io::Result<()> {
    while let Some(block) = blocks.next()? {
        match block {
            // The heading is the thread's name; the title before it often is, too.
            Block::Title(title) => scanned.title = Some(title),
            Block::Message(at, ended) => {
                scanned.blocks.push(at);
                if ended == Ended::Cut {
                    scanned.cut = Some(at);
                }
            }
        }
    }
    Ok(())
}

/// A thread that is being read.
struct Thread<'i> {
    input: &'i Input<'i>,
    app: &'static str,
    chat: ChatRef,
    owner: Owner,
    media: Media<'i>,
}

impl Thread<'_> {
    /// The page around the messages: its head, which is a record once for the thread, and its end.
    fn page(&self, file: FileNumber, part: &Scanned, sink: &mut dyn Sink) -> Flow {
        let mut counted = Counted::new(file, Unit::Element, "page");
        counted.in_source = 2;
        if file == self.input.file {
            counted.records = 1;
            sink.record(self.head())?;
        } else {
            counted.continuations = 1;
        }
        let trouble = match part.end {
            Ending::Closed => None,
            Ending::Early => Some((ProblemKind::Truncated, "the end of the page")),
            Ending::Unreadable => Some((ProblemKind::Unreadable, "bytes that can be read to the end")),
        };
        match trouble {
            None => counted.continuations = counted.continuations.saturating_add(1),
            Some((kind, expected)) => {
                counted.problems = 1;
                let place = part.cut.map_or(Place::Whole, At::place);
                sink.trouble((file, place), kind, expected, "the messages before")?;
            }
        }
        sink.counted(counted)
    }

    fn head(&self) -> Record {
        let event = Event {
            app: self.app.to_owned(),
            kind: "chat".to_owned(),
            at: None,
            text: self.chat.name.clone(),
            extra: vec![("chat".to_owned(), self.chat.id.clone())],
        };
        Record { file: self.input.file, place: Place::Whole, part: 0, what: What::Event(Box::new(event)) }
    }

    /// The messages of a part, oldest first.
    fn part(&self, file: FileNumber, part: Scanned, sink: &mut dyn Sink) -> Flow {
        let mut counted = Counted::new(file, Unit::Element, "messages");
        let mut troubles = Troubles::new(file);
        let units = part.blocks.len() as u64;
        counted.in_source = units;
        let random = self.input.tree.entry(file).map(|entry| entry.content().random());
        let Some(Ok(bytes)) = random else {
            counted.problems = units;
            let expected = ("bytes that can be read at random", "");
            if units > 0 {
                troubles.say_units(sink, Place::Whole, ProblemKind::Unreadable, expected, units)?;
            }
            return sink.counted(counted);
        };
        let mut window = Window::new(bytes);
        let mut blocks = part.blocks;
        if self.is_newest_first(&blocks, &mut window) {
            blocks.reverse();
        }
        for at in blocks {
            let most = self.input.limits.unit_bytes;
            let read = if at.length > most { None } else { window.part(at, most).ok() };
            let Some(bytes) = read else {
                let kind = if at.length > most { ProblemKind::Limit } else { ProblemKind::Unreadable };
                counted.problems = counted.problems.saturating_add(1);
                troubles.say(sink, at.place(), kind, ("a message that can be read", ""))?;
                continue;
            };
            let doubt = if part.cut == Some(at) {
                Some("cut")
            } else {
                std::str::from_utf8(bytes).is_err().then_some("encoding")
            };
            let doubt = doubt.map(|why| State::Doubtful(why.to_owned()));
            self.block(file, at, (bytes, doubt), &mut counted, sink)?;
        }
        troubles.finish(sink)?;
        sink.counted(counted)
    }

    fn block(
        &self,
        file: FileNumber,
        at: At,
        (bytes, doubt): (&[u8], Option<State>),
        counted: &mut Counted,
        sink: &mut dyn Sink,
    ) -> Flow {
        let what = match message::read(self, &parse(bytes)) {
            message::Read::Shell => {
                counted.continuations = counted.continuations.saturating_add(1);
                return Flow::Continue(());
            }
            message::Read::Notice(text) => {
                counted.system = counted.system.saturating_add(1);
                let extra = vec![("chat".to_owned(), self.chat.id.clone())];
                let (app, kind) = (self.app.to_owned(), "chat".to_owned());
                What::Event(Box::new(Event { app, kind, at: None, text: Some(text), extra }))
            }
            message::Read::Message(mut message) => {
                counted.records = counted.records.saturating_add(1);
                message.states.extend(doubt);
                What::Message(message)
            }
        };
        sink.record(Record { file, place: at.place(), part: 0, what })
    }

    /// The pages keep the newest first; the times at the ends tell if one day they do not.
    fn is_newest_first(&self, blocks: &[At], window: &mut Window) -> bool {
        let mut time = |at: Option<&At>| {
            let node = parse(window.part(*at?, self.input.limits.unit_bytes).ok()?);
            message::sent(&node).and_then(|sent| sent.first_ms)
        };
        match (time(blocks.first()), time(blocks.last())) {
            (Some(first), Some(last)) => first >= last,
            _ => true,
        }
    }
}
