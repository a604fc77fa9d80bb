//! WhatsApp on iOS: `ChatStorage.sqlite`.
//!
//! Reads the Core Data tables as seen from 2017 to 2026 (abrignoni/iLEAPP, SwiftWABackupAPI, and real
//! databases of iOS 15), in plain folders and in opened phone backups, of WhatsApp and WhatsApp Business.
//! Names come from `ContactsV2.sqlite` if it is there. Deliberately not read: keys of media, thumbnails,
//! who of a group has read a message, rows that were deleted (gaps in row numbers are told).

mod message;
mod packed;
mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use model::record::{Direction, Event, FileNumber, Place, ProblemKind, Record, What};
use source::tree::Candidate;
use sqlite::{Database, Limits, Table, TableKind};

pub(super) use people::People;

use message::{Around, Draft, Side};
use packed::Whole;

use crate::database::{self, Became};
use crate::troubles::Troubles;
use crate::whatsapp::beside::{Kind, Sides};
use crate::whatsapp::gaps::{Gaps, Met, Order, highest};
use crate::whatsapp::media::MediaFiles;
use crate::whatsapp::named::Fields;
use crate::whatsapp::tables::{self, Known};
use crate::whatsapp::{APP, apple, everything};
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// The reader of `ChatStorage.sqlite`.
pub(super) struct WhatsappIos;

impl Format for WhatsappIos {
    fn name(&self) -> &'static str {
        "whatsapp_ios"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "WhatsApp on iOS (ChatStorage.sqlite)",
            covers: "messages, reactions, quotes, places, cards, changes; folders, phone backups; WhatsApp \
                     Business",
            leaves_out: "keys of media, thumbnails, receipts by member, rows in free pages",
            source: "abrignoni/iLEAPP, KnugiHK/WhatsApp-Chat-Exporter (2026), real databases of iOS 15",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        recognise(candidate, "ChatStorage.sqlite", "ZWAMESSAGE")
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        database::condition(&database, input.file, sink)?;
        read(input, (&database, input.file), sink)
    }
}

/// A Core Data store of WhatsApp, by its usual name or by what its first bytes show.
pub(super) fn recognise(candidate: &Candidate<'_>, name: &str, table: &str) -> Option<Claim> {
    let named = candidate.entry().name().eq_ignore_ascii_case(name);
    let shown = || memchr::memmem::find(candidate.head(), table.as_bytes()).is_some();
    if !candidate.is_sqlite() || !(named || shown()) {
        return None;
    }
    let bytes = candidate.entry().content().random().ok()?;
    let fits = match Database::open(bytes, None, Limits::DEFAULT) {
        Ok(database) => database.table(table).is_some() || (named && !database.problems().is_empty()),
        Err(_) => named,
    };
    let with = database::companions(candidate);
    fits.then_some(Claim { certainty: Certainty::Certain, with })
}

fn read(input: &Input<'_>, of: (&Database, FileNumber), sink: &mut dyn Sink) -> Flow {
    let people = People::read((input, of.0), sink)?;
    let sides = Sides::read(of, side_of, sink)?;
    let beside: BTreeSet<&str> = sides.tables.iter().map(|side| side.table.name()).collect();
    let media = MediaFiles::around(input.tree, input.file);
    chats(of, &people, sink)?;
    let around = Around { people: &people, media: &media };
    let mut reading = Reading { of, around, sides, troubles: Troubles::new(of.1) };
    reading.messages(sink)?;
    reading.orphans(sink)?;
    reading.sides.finish(sink)?;
    reading.troubles.finish(sink)?;
    for (table, kind) in EVENTS {
        events(of, table, kind, sink)?;
    }
    let read = ["ZWAMESSAGE", "ZWACHATSESSION", "ZWAGROUPINFO"].into_iter().chain(people::TABLES);
    let read = read.chain(EVENTS.iter().map(|(table, _)| *table)).chain(beside);
    tables::rest(of, &read.collect(), known, sink)
}

/// Tables whose rows are events of their own.
const EVENTS: &[(&str, &str)] = &[
    ("ZWABLACKLISTITEM", "blocked"),
    ("ZWAGROUPMEMBERSCHANGE", "group-history"),
    ("ZWAVCARDMENTION", "card-mention"),
    ("ZWAZ1PAYMENTTRANSACTION", "payment"),
];

/// What all messages share while they are read.
struct Reading<'a, 'd> {
    of: (&'d Database, FileNumber),
    around: Around<'a>,
    sides: Sides<'d, Side>,
    troubles: Troubles,
}

impl Reading<'_, '_> {
    fn messages(&mut self, sink: &mut dyn Sink) -> Flow {
        let (database, file) = self.of;
        let Some(table) = database.table("ZWAMESSAGE") else { return Flow::Continue(()) };
        let fields = Fields::of(table, message::MESSAGE);
        let mut gaps = Gaps::new(table.name());
        database::each_row((database, table, file), sink, &mut |row, sink| {
            let part = gaps.meet(row.rowid(), &mut self.troubles, sink)?;
            let named = fields.in_row(row);
            let mut draft = Draft::new(named, self.around.people);
            if !row.is_whole() {
                draft.message.states.push(model::record::State::Doubtful("row-cut".to_owned()));
            }
            let rows = self.sides.of(row.rowid());
            let media = named.positive("ZMEDIAITEM").and_then(|item| self.sides.loose(Side::Media, item));
            rows.chain(media).try_for_each(|index| self.take(index, &mut draft, sink))?;
            let message = draft.finish();
            let became = if message.direction == Direction::System { Became::System } else { Became::Record };
            let what = What::Message(Box::new(message));
            sink.record(Record { file, place: Place::row(table.name(), row.rowid()), part, what })?;
            ControlFlow::Continue(became)
        })?;
        let noted = highest(database, ("Z_PRIMARYKEY", ["Z_NAME", "Z_MAX"]), "WAMessage");
        gaps.end(noted, &mut self.troubles, sink)
    }

    fn take(&mut self, index: usize, draft: &mut Draft, sink: &mut dyn Sink) -> Flow {
        let Some((side, rowid)) = self.sides.at(index) else { return Flow::Continue(()) };
        if let Ok(Some(row)) = self.of.0.row(side.table, rowid) {
            draft.add(side, &row.row(), &self.around);
            if std::mem::replace(&mut draft.packed, Whole::Yes) == Whole::No {
                let text = ("a packed message that can be read to its end", "its fields before the break");
                let place = Place::row(side.table.name(), rowid);
                return self.troubles.say(sink, place, ProblemKind::Damaged, text);
            }
            return Flow::Continue(());
        }
        let text = ("a row that is found by its number", "the message without it");
        let place = Place::row(side.table.name(), rowid);
        self.troubles.say(sink, place, ProblemKind::Damaged, text)
    }

    /// Rows that stand beside messages that are not there: notes on receipts are told as gaps, from the
    /// rest a message is made as far as it goes.
    fn orphans(&mut self, sink: &mut dyn Sink) -> Flow {
        let (mut from, mut notes, mut met) = (0, 0_u64, Met::default());
        while let Some((id, rows)) = self.sides.orphan(from) {
            from = rows.end;
            let tells = |index: &usize| {
                self.sides.at(*index).is_some_and(|(side, _)| matches!(side.side, Side::Media | Side::Link))
            };
            let Some(first) = rows.clone().find(tells) else {
                notes = notes.saturating_add(rows.len() as u64);
                for index in rows {
                    self.sides.settle(index, Became::Problem);
                }
                continue;
            };
            let Some((side, rowid)) = self.sides.at(first) else { continue };
            let place = Place::row(side.table.name(), rowid);
            let mut draft = Draft::missing((id != i64::MIN).then_some(id));
            for index in rows {
                self.take(index, &mut draft, sink)?;
                self.sides.settle(index, if index == first { Became::Record } else { Became::Continuation });
            }
            let text = ("the message that these rows belong to", "what stands beside it, as a message");
            self.troubles.say(sink, place.clone(), ProblemKind::Gap, text)?;
            let what = What::Message(Box::new(draft.finish()));
            let part = met.part(&place);
            sink.record(Record { file: self.of.1, place, part, what })?;
        }
        if notes == 0 {
            return Flow::Continue(());
        }
        let text = ("receipts and notes only of messages that are there", "how many there are");
        self.troubles.say_units(sink, Place::Whole, ProblemKind::Gap, text, notes)
    }
}

fn side_of(table: &Table) -> Option<Kind<Side>> {
    if matches!(table.kind(), TableKind::View | TableKind::Virtual | TableKind::WithoutRowid) {
        return None;
    }
    match table.name() {
        "ZWAMEDIAITEM" => Some((Side::Media, "ZMESSAGE", message::MEDIA)),
        "ZWAMESSAGEINFO" => Some((Side::Info, "ZMESSAGE", &["ZRECEIPTINFO"])),
        "ZWAMESSAGEDATAITEM" => Some((Side::Link, "ZMESSAGE", message::LINK)),
        _ => table.column("ZMESSAGE").map(|_| (Side::Other, "ZMESSAGE", [].as_slice())),
    }
}

/// Gives a record for each chat, with what is known of its group and who is in it.
fn chats((database, file): (&Database, FileNumber), people: &People, sink: &mut dyn Sink) -> Flow {
    let mut members: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for member in people.members.values() {
        let who = people.who(&member.jid);
        let mut text = member.jid.clone();
        text.extend(who.anonymous.and(who.party.id).map(|number| format!(" {number}")));
        text.extend(who.party.name.map(|name| format!(" ({name})")));
        text.extend(member.notes.iter().map(|(name, value)| format!(" {name}={value}")));
        members.entry(member.chat).or_default().push(text);
    }
    let groups = groups((database, file), sink)?;
    let Some(table) = database.table("ZWACHATSESSION") else { return Flow::Continue(()) };
    let mut order = Order::default();
    database::each_row((database, table, file), sink, &mut |row, sink| {
        let chat = people.chat(Some(row.rowid()), None);
        let mut event = Event { app: APP.to_owned(), kind: "chat".to_owned(), ..Event::default() };
        event.text.clone_from(&chat.name);
        event.extra.push(("chat".to_owned(), chat.id));
        everything(table, row, &["ZCONTACTJID", "ZPARTNERNAME", "ZGROUPINFO"], &mut event.extra);
        if let Some(group) = row.integer(table.column("ZGROUPINFO")).and_then(|group| groups.get(&group)) {
            event.extra.extend(group.iter().cloned());
        }
        let of_group = members.remove(&row.rowid()).unwrap_or_default();
        event.extra.extend(of_group.into_iter().map(|member| ("member".to_owned(), member)));
        let (place, part) = (Place::row(table.name(), row.rowid()), order.part(row.rowid()));
        sink.record(Record { file, place, part, what: What::Event(Box::new(event)) })?;
        ControlFlow::Continue(Became::Record)
    })
}

fn groups(
    (database, file): (&Database, FileNumber),
    sink: &mut dyn Sink,
) -> ControlFlow<(), BTreeMap<i64, model::record::Extra>> {
    let mut groups = BTreeMap::new();
    let Some(table) = database.table("ZWAGROUPINFO") else { return ControlFlow::Continue(groups) };
    database::each_row((database, table, file), sink, &mut |row, _| {
        let mut extra = Vec::new();
        everything(table, row, &["ZCHATSESSION"], &mut extra);
        groups.insert(row.rowid(), extra);
        ControlFlow::Continue(Became::Continuation)
    })?;
    ControlFlow::Continue(groups)
}

/// Rows that are events, with everything they say.
fn events((database, file): (&Database, FileNumber), name: &str, kind: &str, sink: &mut dyn Sink) -> Flow {
    const TIMES: &[&str] = &["ZCHANGEDATE", "ZDATE", "ZTIMESTAMP", "ZJID", "ZMEMBERJIDS", "ZWHATSAPPID"];
    let Some(table) = database.table(name) else { return Flow::Continue(()) };
    let fields = Fields::of(table, TIMES);
    let mut order = Order::default();
    database::each_row((database, table, file), sink, &mut |row, sink| {
        let named = fields.in_row(row);
        let mut event = Event { app: APP.to_owned(), kind: kind.to_owned(), ..Event::default() };
        event.at = ["ZCHANGEDATE", "ZDATE", "ZTIMESTAMP"].into_iter().find_map(|name| apple(named, name));
        event.text = ["ZJID", "ZMEMBERJIDS", "ZWHATSAPPID"].into_iter().find_map(|name| named.text(name));
        everything(table, row, &[], &mut event.extra);
        let (place, part) = (Place::row(table.name(), row.rowid()), order.part(row.rowid()));
        sink.record(Record { file, place, part, what: What::Event(Box::new(event)) })?;
        ControlFlow::Continue(Became::Record)
    })
}

/// Core Data's own tables, and settings of WhatsApp that say nothing about anybody.
pub(super) fn known(table: &str) -> Known {
    const OWN: &[&str] = &[
        "ACHANGE",
        "ATRANSACTION",
        "ATRANSACTIONSTRING",
        "ZWACHATPROPERTIES",
        "ZWACHATPUSHCONFIG",
        "ZWAPROFILEPICTUREITEM",
        "Z_METADATA",
        "Z_MODELCACHE",
        "Z_PRIMARYKEY",
    ];
    if OWN.contains(&table) { Known::Housekeeping } else { Known::Nothing }
}
