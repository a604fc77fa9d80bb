//! What messages refer to: handles, chats, joins, and which message reacts to which.
//!
//! Kept small: 8 to 16 bytes for each row of a join and each message. Everything else is looked up by row.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;

use model::record::{ChatKind, ChatRef, Event, Extra, Party, Place, Problem, ProblemKind, Record, What};
use sqlite::{ColumnNumber, Database, Row, Table};

use super::tapbacks::Tapback;
use crate::database::Became;
use crate::tables::{self, Kept, Tables, text};
use crate::{Flow, Sink};

/// What messages refer to.
pub(super) struct Lists<'d> {
    pub(super) database: &'d Database,
    pub(super) handles: BTreeMap<i64, String>,
    pub(super) chats: BTreeMap<i64, Chat>,
    /// Message and chat, by message.
    chat_of: Vec<(i64, i64)>,
    /// Message and row of the join of recently deleted messages, by message.
    pub(super) recoverable: Vec<(i64, i64)>,
    /// Message and attachment, by message.
    pub(super) files: Vec<(i64, i64)>,
    /// Reaction and what it reacts to, by what it reacts to.
    reactions: Vec<(i64, i64)>,
    /// Reactions that are told with the message they react to.
    placed: Vec<i64>,
    ids: Vec<i64>,
}

/// A chat.
pub(super) struct Chat {
    pub(super) reference: ChatRef,
    pub(super) people: Vec<i64>,
    /// What else is worth knowing of each message in it.
    pub(super) marks: Extra,
}

impl<'d> Lists<'d> {
    /// Reads them all; rows of joins are counted as parts of what they join.
    pub(super) fn read(tables: &mut Tables<'d>, sink: &mut dyn Sink) -> ControlFlow<(), Self> {
        let mut lists = Self {
            database: tables.database,
            handles: BTreeMap::new(),
            chats: BTreeMap::new(),
            chat_of: Vec::new(),
            recoverable: Vec::new(),
            files: Vec::new(),
            reactions: Vec::new(),
            placed: Vec::new(),
            ids: Vec::new(),
        };
        let mut used = lists.look_over_messages();
        let people = Self::read_people(tables, &mut used, sink)?;
        lists.chat_of = lists.read_join(tables, "chat_message_join", "chat_id", sink)?;
        lists.files = lists.read_join(tables, "message_attachment_join", "attachment_id", sink)?;
        lists.read_recoverable(tables, sink)?;
        lists.read_handles(tables, &used, sink)?;
        lists.read_chats(tables, people, sink)?;
        ControlFlow::Continue(lists)
    }

    /// Whether there is a message of this number.
    pub(super) fn has_message(&self, message: i64) -> bool {
        self.ids.binary_search(&message).is_ok()
    }

    /// Whether this is a reaction that is told with its message.
    pub(super) fn is_placed_tapback(&self, message: i64) -> bool {
        self.placed.binary_search(&message).is_ok()
    }

    /// The chats a message stands in.
    pub(super) fn chats_of(&self, message: i64) -> impl Iterator<Item = &Chat> {
        within(&self.chat_of, message).filter_map(|(_, chat)| self.chats.get(chat))
    }

    /// The attachments of a message.
    pub(super) fn files_of(&self, message: i64) -> impl Iterator<Item = i64> {
        within(&self.files, message).map(|(_, file)| *file)
    }

    /// The reactions to a message, in the order of their rows.
    pub(super) fn reactions_to(&self, message: i64) -> impl Iterator<Item = i64> {
        within(&self.reactions, message).map(|(_, reaction)| *reaction)
    }

    /// Who a handle is.
    pub(super) fn party(&self, handle: i64) -> Option<Party> {
        if handle == 0 {
            return None;
        }
        let known = self.handles.get(&handle).cloned();
        // A handle whose row is gone is still somebody.
        Some(Party::with_id(known.unwrap_or_else(|| format!("handle {handle}"))))
    }

    /// Goes over the messages once: their numbers, who is named, what reacts to what.
    fn look_over_messages(&mut self) -> BTreeSet<i64> {
        let mut used = BTreeSet::new();
        let Some(table) = self.database.table("message") else { return used };
        let (guid, handle, other) =
            (table.column("guid"), table.column("handle_id"), table.column("other_handle"));
        let (kind, target) =
            (table.column("associated_message_type"), table.column("associated_message_guid"));
        let mut guids: Vec<(u64, i64)> = Vec::new();
        let mut pending: Vec<(u64, i64)> = Vec::new();
        let mut rows = self.database.rows(table);
        while let Some(row) = rows.next() {
            let Ok(row) = row else { continue };
            self.ids.push(row.rowid());
            used.extend(row.integer(handle));
            used.extend(row.integer(other));
            if let Some(guid) = row.text(guid) {
                guids.push((hash(&guid), row.rowid()));
            }
            if row.integer(kind).is_some_and(Tapback::is_one)
                && let Some(target) = row.text(target)
            {
                pending.push((hash(bare(&target)), row.rowid()));
            }
        }
        self.ids.sort_unstable();
        self.ids.dedup();
        guids.sort_unstable();
        self.place_reactions(table, (guid, target), &guids, &pending);
        used
    }

    fn place_reactions(
        &mut self,
        table: &Table,
        (guid, target): (Option<ColumnNumber>, Option<ColumnNumber>),
        guids: &[(u64, i64)],
        pending: &[(u64, i64)],
    ) {
        for (sought, reaction) in pending {
            let Ok(Some(row)) = self.database.row(table, *reaction) else { continue };
            let Some(wanted) = row.row().text(target) else { continue };
            let start = guids.partition_point(|(hash, _)| hash < sought);
            // Few have the same hash; who makes many does not cost more.
            let alike = guids.iter().skip(start).take_while(|(hash, _)| hash == sought).take(8);
            let found = alike.map(|(_, message)| *message).find(|message| {
                let row = self.database.row(table, *message);
                message != reaction
                    && row.is_ok_and(|row| {
                        row.is_some_and(|row| row.row().text(guid) == Some(bare(&wanted).into()))
                    })
            });
            if let Some(message) = found {
                self.reactions.push((message, *reaction));
                self.placed.push(*reaction);
            }
        }
        self.reactions.sort_unstable();
        self.placed.sort_unstable();
        // A reaction to a reaction has no message to stand with.
        let placed = std::mem::take(&mut self.placed);
        self.reactions.retain(|(message, _)| placed.binary_search(message).is_err());
        self.placed = self.reactions.iter().map(|(_, reaction)| *reaction).collect();
        self.placed.sort_unstable();
    }

    fn read_people(
        tables: &mut Tables<'d>,
        used: &mut BTreeSet<i64>,
        sink: &mut dyn Sink,
    ) -> ControlFlow<(), BTreeMap<i64, Vec<i64>>> {
        let mut people: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        let Some(table) = tables.take("chat_handle_join") else { return ControlFlow::Continue(people) };
        let (chat, handle) = (table.column("chat_id"), table.column("handle_id"));
        tables.each(table, sink, |row, _, _| {
            if let (Some(chat), Some(handle)) = (row.integer(chat), row.integer(handle)) {
                people.entry(chat).or_default().push(handle);
                used.insert(handle);
            }
            ControlFlow::Continue(Became::Continuation)
        })?;
        ControlFlow::Continue(people)
    }

    /// A join of messages with something: the pairs whose message is there. The others are told by what they
    /// join, for they show that messages are gone.
    fn read_join(
        &self,
        tables: &mut Tables<'d>,
        name: &str,
        other: &str,
        sink: &mut dyn Sink,
    ) -> ControlFlow<(), Vec<(i64, i64)>> {
        let (mut pairs, mut gone) = (Vec::new(), BTreeMap::<i64, u64>::new());
        let Some(table) = tables.take(name) else { return ControlFlow::Continue(pairs) };
        let (message, other_column) = (table.column("message_id"), table.column(other));
        tables.each(table, sink, |row, _, _| {
            let pair =
                (row.integer(message).unwrap_or_default(), row.integer(other_column).unwrap_or_default());
            if self.has_message(pair.0) {
                pairs.push(pair);
                return ControlFlow::Continue(Became::Continuation);
            }
            let count = gone.entry(pair.1).or_default();
            *count = count.saturating_add(1);
            ControlFlow::Continue(Became::Problem)
        })?;
        pairs.sort_unstable();
        pairs.dedup();
        let joined = other.trim_end_matches("_id");
        let mut troubles = crate::troubles::Troubles::new(tables.file);
        for (row, units) in gone {
            let words = ("the messages that a join names with this row", "that there were so many");
            troubles.say_units(sink, Place::row(joined, row), ProblemKind::Gap, words, units)?;
        }
        troubles.finish(sink)?;
        ControlFlow::Continue(pairs)
    }

    fn read_recoverable(&mut self, tables: &mut Tables<'d>, sink: &mut dyn Sink) -> Flow {
        let Some(table) = tables.take("chat_recoverable_message_join") else { return Flow::Continue(()) };
        let message = table.column("message_id");
        let mut gone = 0_u64;
        tables.each(table, sink, |row, _, _| {
            let Some(message) =
                row.integer(message).filter(|message| self.ids.binary_search(message).is_ok())
            else {
                gone = gone.saturating_add(1);
                return ControlFlow::Continue(Became::Problem);
            };
            self.recoverable.push((message, row.rowid()));
            ControlFlow::Continue(Became::Continuation)
        })?;
        self.recoverable.sort_unstable();
        if gone == 0 {
            return Flow::Continue(());
        }
        sink.problem(Problem {
            file: tables.file,
            place: Place::Whole,
            kind: ProblemKind::Gap,
            expected: "the messages that the list of recently deleted ones names".to_owned(),
            kept: "that there were so many".to_owned(),
            units: gone,
        })
    }

    /// Handles that nothing names are told: somebody was once written to or heard of.
    fn read_handles(&mut self, tables: &mut Tables<'d>, used: &BTreeSet<i64>, sink: &mut dyn Sink) -> Flow {
        let Some(table) = tables.take("handle") else { return Flow::Continue(()) };
        let id = table.column("id");
        let kept = Kept::of(table, &["service", "country", "uncanonicalized_id", "person_centric_id"]);
        let file = tables.file;
        tables.each(table, sink, |row, part, sink| {
            let id = text(row, id);
            if let Some(id) = &id {
                self.handles.insert(row.rowid(), id.clone());
            }
            if used.contains(&row.rowid()) {
                return ControlFlow::Continue(Became::Continuation);
            }
            sink.record(event(file, ("handle", "handle"), row, part, (id, &kept)))?;
            ControlFlow::Continue(Became::Record)
        })
    }

    /// Chats without messages are told: messages in them may have been deleted.
    fn read_chats(
        &mut self,
        tables: &mut Tables<'d>,
        mut people: BTreeMap<i64, Vec<i64>>,
        sink: &mut dyn Sink,
    ) -> Flow {
        let Some(table) = tables.take("chat") else { return Flow::Continue(()) };
        let columns = ["guid", "chat_identifier", "display_name", "style"].map(|name| table.column(name));
        let marks = Kept::of(table, &["is_filtered", "is_blackholed", "is_pending_review"]);
        let all = ["guid", "display_name", "service_name", "is_filtered", "last_read_message_timestamp"];
        let all = Kept::of(table, &all);
        let (file, database) = (tables.file, tables.database);
        let mut filled: Vec<i64> = self.chat_of.iter().map(|(_, chat)| *chat).collect();
        filled.extend(self.recoverable.iter().filter_map(|(_, join)| recoverable_chat(database, *join)));
        filled.sort_unstable();
        filled.dedup();
        tables.each(table, sink, |row, part, sink| {
            let [guid, identifier, name, style] = columns;
            let mut chat = Chat {
                reference: ChatRef {
                    id: text(row, guid).or_else(|| text(row, identifier)).unwrap_or_default(),
                    name: text(row, name),
                    kind: match row.integer(style) {
                        Some(43) => ChatKind::Group,
                        Some(45) => ChatKind::Direct,
                        _ => ChatKind::Unknown,
                    },
                },
                people: people.remove(&row.rowid()).unwrap_or_default(),
                marks: Extra::new(),
            };
            marks.add(row, &mut chat.marks);
            chat.marks.iter_mut().for_each(|(name, _)| name.insert_str(0, "chat."));
            if chat.reference.id.is_empty() {
                chat.reference.id = format!("chat {}", row.rowid());
            }
            if chat.reference.kind == ChatKind::Unknown
                && let Some(style) = tables::shown(row.get(style))
            {
                chat.marks.push(("chat.style".to_owned(), style));
            }
            let mut people = chat.people.iter().filter_map(|person| self.party(*person)?.id);
            let people: Extra = people.by_ref().map(|id| ("participant".to_owned(), id)).collect();
            self.chats.insert(row.rowid(), chat);
            if filled.binary_search(&row.rowid()).is_ok() {
                return ControlFlow::Continue(Became::Continuation);
            }
            let what = ("chat", "chat-without-messages");
            let mut record = event(file, what, row, part, (text(row, identifier), &all));
            if let What::Event(event) = &mut record.what {
                event.extra.extend(people);
            }
            sink.record(record)?;
            ControlFlow::Continue(Became::Record)
        })
    }
}

/// The chat that a row of the list of recently deleted messages names.
pub(super) fn recoverable_chat(database: &Database, join: i64) -> Option<i64> {
    let table = database.table("chat_recoverable_message_join")?;
    database.row(table, join).ok()??.row().integer(table.column("chat_id"))
}

/// A row that is told as it is.
pub(super) fn event(
    file: model::record::FileNumber,
    (table, kind): (&str, &str),
    row: &Row<'_>,
    part: u16,
    (text, kept): (Option<String>, &Kept),
) -> Record {
    let mut event = Event { app: "imessage".to_owned(), kind: kind.to_owned(), text, ..Event::default() };
    kept.add(row, &mut event.extra);
    Record { file, place: Place::row(table, row.rowid()), part, what: What::Event(Box::new(event)) }
}

/// The message a reaction names, without the part in front: `p:0/GUID`, `bp:GUID`.
pub(super) fn bare(target: &str) -> &str {
    let target = target.strip_prefix("bp:").unwrap_or(target);
    match target.strip_prefix("p:").and_then(|rest| rest.split_once('/')) {
        Some((_, guid)) => guid,
        None => target,
    }
}

fn hash(guid: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    guid.hash(&mut hasher);
    hasher.finish()
}

/// The pairs of a sorted list that begin with this.
fn within(pairs: &[(i64, i64)], first: i64) -> impl Iterator<Item = &(i64, i64)> {
    let start = pairs.partition_point(|(one, _)| *one < first);
    pairs.iter().skip(start).take_while(move |(one, _)| *one == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_without_their_part() {
        assert_eq!(bare("p:0/AB-1"), "AB-1");
        assert_eq!(bare("bp:AB-1"), "AB-1");
        assert_eq!(bare("AB-1"), "AB-1");
    }
}
