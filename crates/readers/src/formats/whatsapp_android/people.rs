//! Who is who in `msgstore.db`: addresses, anonymous addresses with the numbers behind them, chats, names.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use model::record::{ChatKind, ChatRef, Party};
use sqlite::{Database, Table};

use crate::database;
use crate::whatsapp::jid;
use crate::whatsapp::named::{Fields, Named, each};
use crate::{Flow, Input, Kept, Sink};

/// The columns of the tables of addresses.
const COLUMNS: &[&str] = &["raw_string", "user", "server", "lid_row_id", "jid_row_id", "display_name"];

/// Addresses, chats and names, by the numbers of their rows.
#[derive(Default)]
pub(super) struct People {
    jids: BTreeMap<i64, Box<str>>,
    /// Rows of anonymous addresses to rows of numbers.
    numbers: BTreeMap<i64, i64>,
    /// Anonymous addresses to addresses with a number.
    numbers_by_jid: BTreeMap<Box<str>, i64>,
    /// Chats: row of the address, subject.
    chats: BTreeMap<i64, (i64, Option<Box<str>>)>,
    names: BTreeMap<Box<str>, Box<str>>,
}

/// A person as the source names them, and the anonymous address where another stands in its place.
#[derive(Clone, Default)]
pub(super) struct Who {
    /// With the number, where the source knows it.
    pub(super) party: Party,
    /// The address as the row has it, where `party` has another.
    pub(super) anonymous: Option<String>,
}

impl People {
    /// Reads the tables of addresses; their rows belong to the records that use them.
    pub(super) fn read(
        (input, database): (&Input<'_>, &Database),
        sink: &mut dyn Sink,
    ) -> ControlFlow<(), Self> {
        let mut people = Self::default();
        let pass = |name: &str, sink: &mut dyn Sink, take: &mut dyn FnMut(i64, Named<'_, '_>)| {
            each((database, input.file), name, COLUMNS, sink, take)
        };
        pass("jid", sink, &mut |rowid, row| {
            let raw = row
                .text("raw_string")
                .or_else(|| Some(format!("{}@{}", row.text("user")?, row.text("server")?)));
            people.jids.insert(rowid, raw.unwrap_or_default().into());
        })?;
        pass("jid_map", sink, &mut |rowid, row| {
            if let Some(number) = row.positive("jid_row_id") {
                people.numbers.insert(row.positive("lid_row_id").unwrap_or(rowid), number);
            }
        })?;
        pass("lid_display_name", sink, &mut |rowid, row| {
            let of = people.jids.get(&row.positive("lid_row_id").unwrap_or(rowid));
            if let Some((of, name)) = of.cloned().zip(row.text("display_name")) {
                people.names.insert(of, name.into());
            }
        })?;
        for (anonymous, number) in &people.numbers {
            if let Some(raw) = people.jids.get(anonymous) {
                people.numbers_by_jid.insert(raw.clone(), *number);
            }
        }
        people.read_names(input)?;
        ControlFlow::Continue(people)
    }

    /// The tables that are read here.
    pub(super) const TABLES: [&'static str; 3] = ["jid", "jid_map", "lid_display_name"];

    /// Names from `wa.db`, which is read for itself elsewhere: its damage is told there.
    fn read_names(&mut self, input: &Input<'_>) -> Flow {
        let Some(file) = database::beside_or_only(input, "wa.db") else { return Flow::Continue(()) };
        let mut quiet = Kept::default();
        let quiet: &mut dyn Sink = &mut quiet;
        let Some(database) = database::open_file(input, file, quiet)? else { return Flow::Continue(()) };
        let Some(table) = database.table("wa_contacts") else { return Flow::Continue(()) };
        let fields = Fields::of(table, &["jid", "display_name", "wa_name"]);
        let mut rows = database.rows(table);
        while let Some(row) = rows.next() {
            let Ok(row) = row else { continue };
            let row = fields.in_row(&row);
            let name = row.text("display_name").or_else(|| row.text("wa_name"));
            if let Some((jid, name)) = row.text("jid").zip(name) {
                self.names.insert(jid.into(), name.into());
            }
        }
        Flow::Continue(())
    }

    /// Notes a chat, which names its address by a row number.
    pub(super) fn note_chat(&mut self, chat: i64, jid: i64, subject: Option<String>) {
        let raw = self.jids.get(&jid).cloned();
        if let Some((raw, subject)) = raw.zip(subject.as_deref()) {
            self.names.entry(raw).or_insert_with(|| subject.into());
        }
        self.chats.insert(chat, (jid, subject.map(Into::into)));
    }

    /// The address in a row of `jid`; none if there is no such row.
    pub(super) fn raw(&self, jid: i64) -> Option<&str> {
        self.jids.get(&jid).map(AsRef::as_ref).filter(|raw| !raw.is_empty())
    }

    /// The person of a row of `jid`; for a row that is not there the row's number stands for them.
    pub(super) fn who(&self, jid: i64) -> Who {
        match self.raw(jid) {
            Some(raw) => self.named(raw),
            None => Who { party: Party::with_id(format!("jid_row_id:{jid}")), anonymous: None },
        }
    }

    /// The person of an address.
    pub(super) fn named(&self, raw: &str) -> Who {
        let number = self.numbers_by_jid.get(raw).and_then(|number| self.raw(*number));
        let id = number.unwrap_or(raw);
        let name = self.names.get(id).or_else(|| self.names.get(raw)).map(|name| name.as_ref().to_owned());
        let anonymous = (id != raw).then(|| raw.to_owned());
        Who { party: Party { id: Some(id.to_owned()), name }, anonymous }
    }

    /// The chat of a row of `chat`; for a row that is not there the row's number stands for it.
    pub(super) fn chat(&self, chat: i64) -> ChatRef {
        let Some((jid, subject)) = self.chats.get(&chat) else {
            return ChatRef { id: format!("chat_row_id:{chat}"), ..ChatRef::default() };
        };
        if let Some(raw) = self.raw(*jid) {
            return self.chat_of(raw, subject.as_deref());
        }
        let name = subject.as_deref().map(str::to_owned);
        ChatRef { id: format!("jid_row_id:{jid}"), name, kind: ChatKind::Unknown }
    }

    /// The addresses of all chats, as [`People::chat`] gives them.
    pub(super) fn chat_addresses(&self) -> BTreeSet<String> {
        self.chats.keys().map(|chat| self.chat(*chat).id).collect()
    }

    /// The chat of an address.
    pub(super) fn chat_of(&self, raw: &str, subject: Option<&str>) -> ChatRef {
        let name = subject.map(str::to_owned).or_else(|| self.named(raw).party.name);
        ChatRef { id: raw.to_owned(), name, kind: jid::chat_kind(raw) }
    }

    /// The other person of a chat between two.
    pub(super) fn other(&self, chat: &ChatRef) -> Option<Who> {
        (chat.kind == ChatKind::Direct).then(|| self.named(&chat.id))
    }

    /// The address of the chat in a row of `chat`.
    pub(super) fn chat_raw(&self, chat: i64) -> Option<&str> {
        self.chats.get(&chat).and_then(|(jid, _)| self.raw(*jid))
    }
}

/// The table of this name and the columns that are wanted.
pub(super) fn table<'d>(
    database: &'d Database,
    name: &str,
    columns: &'static [&'static str],
) -> Option<(&'d Table, Fields)> {
    let table = database.table(name)?;
    Some((table, Fields::of(table, columns)))
}
