//! Telegram Desktop's export as JSON: `result.json` of one chat or of a whole account.
//!
//! All versions from 2018 to 2026; source: `export_output_json.cpp` of Telegram Desktop,
//! chat-history-manager and chat-analytics (sample files). Messages are read one after the other in the
//! order of the file; nothing is held but the chat they stand in. Deliberately left out: `lists.html` and
//! the pages of the HTML export (a format of their own), the messages' stickers beyond their names.

mod account;
mod chat;
mod media;
mod message;

use std::io::Read;

use model::record::{Counted, Direction, Place, ProblemKind, Unit, What};
use source::tree::Candidate;

use self::account::Account;
use self::chat::Chat;
use crate::elements::{Elements, Seen, Shape, Stop};
use crate::json::Step;
use crate::part::{self, At};
use crate::tally::{Became, Tally};
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// The format.
pub(crate) struct TelegramJson;

impl Format for TelegramJson {
    fn name(&self) -> &'static str {
        "telegram_json"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Telegram Desktop export (JSON)",
            covers: "result.json of one chat or a whole account, 2018 to 2026: chats, contacts, sessions",
            leaves_out: "the pages of the HTML export, which are read as a format of their own",
            source: "Telegram Desktop (export_output_json.cpp), chat-history-manager (sample files)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let entry = candidate.entry();
        let head = candidate.head();
        if entry.extension() != "json" || head.trim_ascii_start().first() != Some(&b'{') {
            return None;
        }
        let holds = |key: &str| memchr::memmem::find(head, format!("\"{key}\"").as_bytes()).is_some();
        let is_chat = holds("messages") && holds("date") && (holds("from_id") || holds("actor_id"));
        let is_account = holds("personal_information") && holds("user_id");
        if is_chat || is_account {
            return Some(Claim::alone(Certainty::Certain));
        }
        let named = entry.name() == "result.json";
        let partly = holds("messages") || holds("chats") || holds("contacts") || holds("sessions");
        (named && partly).then(|| Claim::alone(Certainty::Likely))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let random = input.entry().map(|entry| entry.content().random());
        let Some(Ok(bytes)) = random else {
            let mut counted = Counted::new(input.file, Unit::Element, "messages");
            counted.in_source = 1;
            counted.problems = 1;
            let place = (input.file, Place::Whole);
            sink.trouble(place, ProblemKind::Unreadable, "bytes that can be read at random", "")?;
            return sink.counted(counted);
        };
        let mut elements = Elements::new(std::sync::Arc::clone(&bytes), input.limits.unit_bytes, SHAPE);
        let mut reading = Reading {
            input,
            bytes,
            tally: Tally::new(input.file),
            account: Account::default(),
            chat: Chat::default(),
            shows_reactions: shows_reactions(input),
        };
        while let Some(seen) = elements.next(whole) {
            reading.seen(&seen, &mut elements, sink)?;
        }
        reading.finish(sink)
    }
}

/// A message begins with its number; its type tells it from a frequent contact.
const SHAPE: Shape = Shape {
    first_keys: &["id"],
    near: &[
        "\"type\": \"message\"",
        "\"type\":\"message\"",
        "\"type\": \"service\"",
        "\"type\":\"service\"",
        "\"type\": \"unsupported\"",
        "\"type\":\"unsupported\"",
    ],
    list: "messages",
};

/// The lists of an account whose elements are read one by one.
const LISTS: [&str; 4] = ["contacts", "frequent_contacts", "sessions", "web_sessions"];
const PLAIN_LISTS: [&str; 2] = ["profile_pictures", "stories"];
const CHATS: [&str; 2] = ["chats", "left_chats"];

fn whole(path: &[Step]) -> bool {
    match path {
        [] => false,
        [Step::Key(key)] => {
            let key = key.as_str();
            key != "messages" && !LISTS.contains(&key) && !PLAIN_LISTS.contains(&key) && !CHATS.contains(&key)
        }
        [Step::Key(key), Step::Key(list)] => {
            list != "list" || !(LISTS.contains(&key.as_str()) || CHATS.contains(&key.as_str()))
        }
        [Step::Key(key), Step::Key(_), Step::Index(_)] => !CHATS.contains(&key.as_str()),
        [_, _, Step::Index(_), Step::Key(key)] => key != "messages",
        _ => true,
    }
}

/// Whether the export has reactions anywhere: exports of before about 2024 leave them out.
fn shows_reactions(input: &Input<'_>) -> Reactions {
    const KEY: &[u8] = b"\"reactions\":";
    let Some(Ok(mut stream)) = input.entry().map(|entry| entry.content().stream()) else {
        return Reactions::NotShown;
    };
    let mut buffer = vec![0; 256 << 10];
    let mut kept = 0;
    while let Some(room) = buffer.get_mut(kept..) {
        let count = match stream.read(room) {
            Ok(0) | Err(_) => break,
            Ok(count) => count,
        };
        let filled = buffer.get(..kept.saturating_add(count)).unwrap_or_default();
        if memchr::memmem::find(filled, KEY).is_some() {
            return Reactions::Shown;
        }
        let end = filled.len();
        let begin = end.saturating_sub(KEY.len());
        kept = end.saturating_sub(begin);
        buffer.copy_within(begin..end, 0);
    }
    Reactions::NotShown
}

/// Whether an export has reactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reactions {
    Shown,
    NotShown,
}

/// An export being read.
struct Reading<'i> {
    input: &'i Input<'i>,
    bytes: std::sync::Arc<dyn model::ReadAt>,
    tally: Tally,
    account: Account,
    chat: Chat,
    shows_reactions: Reactions,
}

impl Reading<'_> {
    fn seen(&mut self, seen: &Seen, elements: &mut Elements, sink: &mut dyn Sink) -> Flow {
        match seen {
            Seen::Begin => match elements.path() {
                [] => self.chat = Chat::begins(elements.last_end().saturating_sub(1), ""),
                [Step::Key(key), Step::Key(_), Step::Index(_)] if CHATS.contains(&key.as_str()) => {
                    self.chat = Chat::begins(elements.last_end().saturating_sub(1), key);
                }
                [.., Step::Key(key)] if key == "messages" => self.chat_known(elements.last_end(), sink)?,
                _ => {}
            },
            Seen::End => {
                let ends = matches!(elements.path(), [Step::Key(key), Step::Key(_), Step::Index(_)]
                    if CHATS.contains(&key.as_str()));
                if ends {
                    self.chat_known(elements.last_end(), sink)?;
                }
            }
            Seen::Value(at) => self.value(*at, elements, sink)?,
            Seen::Broken(at) => {
                self.lost(*at);
                self.broken(*at, ProblemKind::Damaged, "a message", sink)?;
            }
            Seen::Stopped(at, stop) => {
                let kind = match stop {
                    Stop::Early => ProblemKind::Truncated,
                    Stop::NoJson => ProblemKind::Damaged,
                    Stop::Unreadable => ProblemKind::Unreadable,
                };
                self.broken(*at, kind, "a message, or the end of the export", sink)?;
            }
        }
        Flow::Continue(())
    }

    /// Name, type and number of the chat are known: it is a record of its own, once.
    fn chat_known(&mut self, end: u64, sink: &mut dyn Sink) -> Flow {
        if let Some((at, event)) = self.chat.record(end) {
            self.tally.put("chats", at, Became::System(What::Event(Box::new(event))), sink)?;
        }
        Flow::Continue(())
    }

    fn value(&mut self, at: At, elements: &mut Elements, sink: &mut dyn Sink) -> Flow {
        let cut = (elements.value().len() as u64) < at.length;
        let list = list_of(elements.path());
        if cut {
            return self.tally.put(list, at, Became::Problem(ProblemKind::Limit, "a shorter element"), sink);
        }
        let Some((value, slips)) = part::value(elements.value()) else {
            let kind = part::trouble(elements.value());
            let gone = elements.recover(at);
            self.lost(gone);
            return self.tally.put(list, gone, Became::Problem(kind, "JSON"), sink);
        };
        let became = match elements.path() {
            [.., Step::Key(list), Step::Index(_)] if list == "messages" => match value {
                serde_json::Value::Object(object) => {
                    let message = self.message(object, slips);
                    let what = |message| What::Message(Box::new(message));
                    if message.direction == Direction::System {
                        Became::System(what(message))
                    } else {
                        Became::Record(what(message))
                    }
                }
                _ => Became::Problem(ProblemKind::NotUnderstood, "a message"),
            },
            [_, _, Step::Index(_), Step::Key(key)] | [Step::Key(key)] if chat::is_own(key) => {
                self.chat.put(key, value);
                return Flow::Continue(());
            }
            [_, Step::Key(key)] | [Step::Key(key)] if key == "about" => return Flow::Continue(()),
            path => self.account.record(path, value),
        };
        self.tally.put(list, at, became, sink)
    }

    /// If the beginning of another chat was lost, the messages behind it are not of the chat before.
    fn lost(&mut self, at: At) {
        if let Some(chat) = chat::lost_in(&self.bytes, at) {
            self.chat = chat;
        }
    }

    fn broken(&mut self, at: At, kind: ProblemKind, expected: &'static str, sink: &mut dyn Sink) -> Flow {
        self.tally.put("messages", at, Became::Problem(kind, expected), sink)
    }

    fn finish(mut self, sink: &mut dyn Sink) -> Flow {
        self.chat_known(self.bytes.size_bytes(), sink)?;
        if self.tally.is_empty() {
            let at = At { offset: 0, length: 0 };
            self.broken(at, ProblemKind::NotUnderstood, "chats, contacts or sessions", sink)?;
        }
        self.tally.finish(sink)
    }
}

/// The list that an element is counted in.
fn list_of(path: &[Step]) -> &'static str {
    if matches!(path, [.., Step::Key(list), Step::Index(_)] if list == "messages") {
        return "messages";
    }
    let [Step::Key(first), ..] = path else { return "other" };
    LISTS.iter().chain(&PLAIN_LISTS).find(|list| *list == first).copied().unwrap_or("other")
}
