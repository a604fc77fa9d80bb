//! Who is who in `ChatStorage.sqlite`: chats, members of groups, names.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::record::{ChatKind, ChatRef, Party};
use sqlite::Database;

use crate::database;
use crate::whatsapp::jid;
use crate::whatsapp::named::{Fields, each};
use crate::{Flow, Input, Kept, Sink};

/// Chats, members and names.
#[derive(Default)]
pub(in crate::formats) struct People {
    /// Chats by row: address, name, sort.
    chats: BTreeMap<i64, ChatRef>,
    /// Members by row: chat, address, name.
    pub(super) members: BTreeMap<i64, Member>,
    names: BTreeMap<String, String>,
    /// Anonymous addresses to addresses with a number.
    numbers: BTreeMap<String, String>,
}

/// A member of a group.
pub(super) struct Member {
    /// The row of the chat.
    pub(super) chat: i64,
    /// The address.
    pub(super) jid: String,
    /// What stands beside it: administrator, not active.
    pub(super) notes: Vec<(&'static str, i64)>,
}

/// A person, and the anonymous address where another stands in its place.
pub(in crate::formats) struct Who {
    /// With the number, where the source knows it.
    pub(in crate::formats) party: Party,
    /// The address as the row has it, where `party` has another.
    pub(in crate::formats) anonymous: Option<String>,
}

/// The tables that are read here.
pub(super) const TABLES: [&str; 2] = ["ZWAGROUPMEMBER", "ZWAPROFILEPUSHNAME"];

/// The columns of a member.
const MEMBER: &[&str] =
    &["ZCHATSESSION", "ZMEMBERJID", "ZCONTACTNAME", "ZFIRSTNAME", "ZISADMIN", "ZISACTIVE"];

impl People {
    /// Reads the tables; their rows belong to the records that use them.
    pub(super) fn read(
        (input, database): (&Input<'_>, &Database),
        sink: &mut dyn Sink,
    ) -> ControlFlow<(), Self> {
        let mut people = Self::default();
        let of = (database, input.file);
        people.read_contacts(input)?;
        each(of, TABLES[1], &["ZJID", "ZPUSHNAME"], sink, &mut |_, row| {
            if let Some((jid, name)) = row.text("ZJID").zip(row.text("ZPUSHNAME")) {
                people.names.entry(jid).or_insert(name);
            }
        })?;
        each(of, TABLES[0], MEMBER, sink, &mut |rowid, row| {
            let jid = row.text("ZMEMBERJID").unwrap_or_default();
            if let Some(name) = row.text("ZCONTACTNAME").or_else(|| row.text("ZFIRSTNAME")) {
                people.names.entry(jid.clone()).or_insert(name);
            }
            let notes = ["ZISADMIN", "ZISACTIVE"].map(|name| Some((name, row.integer(name)?)));
            let notes = notes.into_iter().flatten().collect();
            people
                .members
                .insert(rowid, Member { chat: row.integer("ZCHATSESSION").unwrap_or_default(), jid, notes });
        })?;
        people.note_chats(database);
        ControlFlow::Continue(people)
    }

    /// Only the names from the contacts beside the file that is read.
    pub(in crate::formats) fn of_contacts(input: &Input<'_>) -> ControlFlow<(), Self> {
        let mut people = Self::default();
        people.read_contacts(input)?;
        ControlFlow::Continue(people)
    }

    /// Names from `ContactsV2.sqlite`, which is read for itself elsewhere: its damage is told there.
    fn read_contacts(&mut self, input: &Input<'_>) -> Flow {
        let Some(file) = database::beside_or_only(input, "ContactsV2.sqlite") else {
            return Flow::Continue(());
        };
        let mut quiet = Kept::default();
        let quiet: &mut dyn Sink = &mut quiet;
        let Some(database) = database::open_file(input, file, quiet)? else { return Flow::Continue(()) };
        let Some(table) = database.table("ZWAADDRESSBOOKCONTACT") else { return Flow::Continue(()) };
        let fields = Fields::of(table, &["ZWHATSAPPID", "ZLID", "ZFULLNAME"]);
        let mut rows = database.rows(table);
        while let Some(row) = rows.next() {
            let Ok(row) = row else { continue };
            let row = fields.in_row(&row);
            let (number, anonymous) = (row.text("ZWHATSAPPID"), row.text("ZLID"));
            for jid in [&number, &anonymous].into_iter().flatten() {
                self.names.extend(row.text("ZFULLNAME").map(|name| (jid.clone(), name)));
            }
            self.numbers.extend(anonymous.zip(number));
        }
        Flow::Continue(())
    }

    fn note_chats(&mut self, database: &Database) {
        let Some(table) = database.table("ZWACHATSESSION") else { return };
        let fields = Fields::of(table, &["ZCONTACTJID", "ZPARTNERNAME", "ZSESSIONTYPE"]);
        let mut rows = database.rows(table);
        while let Some(row) = rows.next() {
            let Ok(row) = row else { continue };
            let named = fields.in_row(&row);
            let jid = named.text("ZCONTACTJID");
            let kind = jid.as_deref().map(jid::chat_kind).unwrap_or_default();
            let kind = match (kind, named.integer("ZSESSIONTYPE")) {
                (ChatKind::Unknown, Some(0)) => ChatKind::Direct,
                (ChatKind::Unknown, Some(1)) => ChatKind::Group,
                (ChatKind::Unknown, Some(2 | 3)) => ChatKind::Broadcast,
                (kind, _) => kind,
            };
            let name = named.text("ZPARTNERNAME");
            if let Some((jid, name)) = jid.clone().zip(name.clone()) {
                self.names.entry(jid).or_insert(name);
            }
            let id = jid.unwrap_or_else(|| format!("ZCHATSESSION:{}", row.rowid()));
            self.chats.insert(row.rowid(), ChatRef { id, name, kind });
        }
    }

    /// The chat of a row; for a row that is not there the address beside the message, or the row's number.
    pub(super) fn chat(&self, chat: Option<i64>, jid: Option<&str>) -> ChatRef {
        if let Some(known) = chat.and_then(|chat| self.chats.get(&chat)) {
            return known.clone();
        }
        match (jid, chat) {
            (Some(jid), _) => {
                let name = self.who(jid).party.name;
                ChatRef { id: jid.to_owned(), name, kind: jid::chat_kind(jid) }
            }
            (None, chat) => {
                ChatRef { id: format!("ZCHATSESSION:{}", chat.unwrap_or(-1)), ..ChatRef::default() }
            }
        }
    }

    /// The person of an address.
    pub(in crate::formats) fn who(&self, raw: &str) -> Who {
        let number = self.numbers.get(raw).map(String::as_str);
        let id = number.unwrap_or(raw);
        let name = self.names.get(id).or_else(|| self.names.get(raw)).cloned();
        let anonymous = (id != raw).then(|| raw.to_owned());
        Who { party: Party { id: Some(id.to_owned()), name }, anonymous }
    }
}
