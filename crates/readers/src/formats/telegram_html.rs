//! Telegram Desktop's export as HTML: `messages.html`, `messages2.html` … of a chat as one.
//!
//! All versions from 2018 to 2026; source: `export_output_html.cpp` of Telegram Desktop. A page shows a
//! sender once and leaves the name out of the blocks that follow at once (`joined`); they inherit it.
//! Messages of the program itself have no time, only the day above them. Deliberately left out: the lists
//! of an account (contacts, sessions), which the JSON export holds better; the account's summary is only
//! asked for the owner.

mod media;
mod message;

use model::record::{ChatKind, ChatRef, Party};
use model::record::{Counted, Direction, Event, FileNumber, Place, ProblemKind, Record, State, Unit, What};
use source::tree::{Candidate, Entry};

use crate::html::{Block, Blocks, Closed, Ended, Tag, parse};
use crate::part::At;
use crate::parts::{Naming, plain_number};
use crate::troubles::Troubles;
use crate::window::Window;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// The format.
pub(crate) struct TelegramHtml;

/// `messages.html` is the first, `messages2.html` the second.
const PARTS: Naming = Naming {
    prefix: "messages",
    first: "messages.html",
    number: |name| match name.strip_prefix("messages")?.strip_suffix(".html")? {
        "" => Some(1),
        digits => plain_number(digits).filter(|number| *number > 1),
    },
};

impl Format for TelegramHtml {
    fn name(&self) -> &'static str {
        "telegram_html"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Telegram Desktop export (HTML)",
            covers: "messages.html and the pages after it, 2018 to 2026",
            leaves_out: "lists of contacts and sessions; edits, which the pages do not show",
            source: "Telegram Desktop (export_output_html.cpp)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        (PARTS.number)(candidate.entry().name())?;
        let shown = |text: &str| memchr::memmem::find(candidate.head(), text.as_bytes()).is_some();
        let certainty = if shown("page_wrap") && (shown("page_header") || shown("class=\"message ")) {
            Certainty::Certain
        } else if shown("Exported Data") || shown("class=\"message ") {
            Certainty::Likely
        } else if candidate.tree().sibling(candidate.number(), "css/style.css").is_some() {
            // Damaged from the start, but where such a page lies.
            Certainty::Possible
        } else {
            return None;
        };
        let with = PARTS.others(candidate.tree(), candidate.number()).unwrap_or_default();
        Some(Claim { certainty, with })
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let mut reading = Reading {
            input,
            chat: ChatRef { id: String::new(), name: None, kind: ChatKind::Unknown },
            owner: input.options.owner.clone().or_else(|| message::owner(input)),
            said: Said::No,
            before: Before::default(),
            day: None,
        };
        PARTS.missing(input, sink)?;
        for file in std::iter::once(&input.file).chain(input.with) {
            reading.page(*file, sink)?;
        }
        Flow::Continue(())
    }
}

fn begins(tag: &Tag) -> bool {
    tag.name == "div" && tag.has_class("message") && (tag.has_class("default") || tag.has_class("service"))
}

/// The page's header; the summary's title is the same on every page and says nothing.
fn is_title(tag: &Tag) -> bool {
    tag.has_class("text") && tag.has_class("bold")
}

/// Who wrote the block before, for the blocks that inherit it.
#[derive(Clone, Default)]
struct Before {
    sender: Option<Party>,
    forwarded_from: Option<String>,
    /// Whether something between was lost or has no sender.
    doubtful: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Yes,
    No,
}

/// A chat being read.
struct Reading<'i> {
    input: &'i Input<'i>,
    chat: ChatRef,
    owner: Option<String>,
    said: Said,
    before: Before,
    /// The day that the page shows above the messages.
    day: Option<String>,
}

impl Reading<'_> {
    fn page(&mut self, file: FileNumber, sink: &mut dyn Sink) -> Flow {
        let mut counted = Counted::new(file, Unit::Element, "messages");
        let mut troubles = Troubles::new(file);
        let content = self.input.tree.entry(file).map(Entry::content);
        let opened = content.and_then(|content| Some((content.stream().ok()?, content.random().ok()?)));
        let Some((stream, bytes)) = opened else {
            return page_end(file, Some(ProblemKind::Unreadable), Place::Whole, sink);
        };
        let mut blocks = Blocks::new(stream, begins, is_title);
        let mut window = Window::new(bytes);
        let mut cut = Place::Whole;
        let end = loop {
            match blocks.next() {
                Ok(Some(Block::Title(title))) if self.chat.name.is_none() => self.chat.name = Some(title),
                Ok(Some(Block::Title(_))) => {}
                Ok(Some(Block::Message(at, ended))) => {
                    self.head(sink)?;
                    if ended == Ended::Cut {
                        cut = at.place();
                    }
                    self.block((file, at, ended), &mut window, (&mut counted, &mut troubles), sink)?;
                }
                Ok(None) if blocks.closed == Closed::Yes => break None,
                Ok(None) => break Some(ProblemKind::Truncated),
                Err(_) => break Some(ProblemKind::Unreadable),
            }
        };
        self.head(sink)?;
        troubles.finish(sink)?;
        sink.counted(counted)?;
        page_end(file, end, cut, sink)
    }

    /// The chat as a record, once.
    fn head(&mut self, sink: &mut dyn Sink) -> Flow {
        if self.said == Said::Yes {
            return Flow::Continue(());
        }
        self.said = Said::Yes;
        let event = Event {
            app: "telegram".to_owned(),
            kind: "chat".to_owned(),
            at: None,
            text: self.chat.name.clone(),
            extra: Vec::new(),
        };
        let (file, what) = (self.input.file, What::Event(Box::new(event)));
        let mut counted = Counted::new(file, Unit::Element, "chat");
        counted.in_source = 1;
        counted.system = 1;
        sink.record(Record { file, place: Place::Whole, part: 0, what })?;
        sink.counted(counted)
    }

    fn block(
        &mut self,
        (file, at, ended): (FileNumber, At, Ended),
        window: &mut Window,
        (counted, troubles): (&mut Counted, &mut Troubles),
        sink: &mut dyn Sink,
    ) -> Flow {
        counted.in_source = counted.in_source.saturating_add(1);
        let most = self.input.limits.unit_bytes;
        let bytes = if at.length > most { None } else { window.part(at, most).ok() };
        let Some(bytes) = bytes else {
            counted.problems = counted.problems.saturating_add(1);
            self.before.doubtful = true;
            let kind = if at.length > most { ProblemKind::Limit } else { ProblemKind::Unreadable };
            return troubles.say(sink, at.place(), kind, ("a message that can be read", ""));
        };
        let node = parse(bytes);
        // A day above the messages belongs to those below it.
        if let Some(day) = message::day(&node) {
            self.day = Some(day);
            counted.continuations = counted.continuations.saturating_add(1);
            return Flow::Continue(());
        }
        let is_text = std::str::from_utf8(bytes).is_ok();
        let mut message = self.message(&node);
        let doubt = match ended {
            Ended::Cut => Some("cut"),
            Ended::Open => Some("unclosed"),
            Ended::Whole if !is_text => Some("encoding"),
            Ended::Whole => None,
        };
        message.states.extend(doubt.map(|why| State::Doubtful(why.to_owned())));
        self.before.doubtful |= ended != Ended::Whole;
        let sort =
            if message.direction == Direction::System { &mut counted.system } else { &mut counted.records };
        *sort = sort.saturating_add(1);
        sink.record(Record { file, place: at.place(), part: 0, what: What::Message(Box::new(message)) })
    }
}

/// The end of a page is counted, so that a page that breaks off shows.
fn page_end(file: FileNumber, trouble: Option<ProblemKind>, place: Place, sink: &mut dyn Sink) -> Flow {
    let mut counted = Counted::new(file, Unit::Element, "page");
    counted.in_source = 1;
    match trouble {
        None => counted.continuations = 1,
        Some(kind) => {
            counted.problems = 1;
            sink.trouble((file, place), kind, "the end of the page", "the messages before")?;
        }
    }
    sink.counted(counted)
}
