//! A backup of Signal for Android, version 1 (2018 to 2025), once its container has decrypted it: the stream
//! of its plaintext frames, in which the whole database lies as SQL statements.
//!
//! Each frame is its length (four bytes, big-endian) and a `BackupFrame` of Backups.proto (Signal-Android,
//! app/src/main/protowire); rows are INSERT statements without column names, so the columns are learned from
//! the CREATE TABLE statements before them. Read twice: first the small tables into maps, then the messages.
//! Knows the tables sms, mms and part (to 2022) and message and attachment (since). Deliberately not read:
//! preferences and values of the program (there are keys among them), receipts of single group members,
//! stickers that were installed, sealed sending logs; they are counted, each table by its name.

mod call;
mod contact;
mod frames;
mod group_change;
mod joins;
mod message;
mod message_type;
mod people;
mod row;
mod shared;
mod sql;
mod tables;

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use model::record::{Counted, Event, Extra, Place, ProblemKind, Record, TimeReading, Unit, What};
use source::tree::Candidate;

use self::frames::{Frames, Held, Next, held};
use self::joins::{Earlier, Joins};
use self::message::{Making, MessageColumns};
use self::people::People;
use self::row::Row;
use self::tables::{Role, Shape, Tables};
use crate::troubles::Troubles;
use crate::wire::{Value, find};
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// The frames of a Signal backup.
pub(super) struct SignalBackup;

/// The container that decrypts the backup.
const CONTAINER: &str = "signal_backup";
/// What it calls the frames.
const CHILD: &str = "frames";
/// The name under which frames can be brought that somebody else decrypted.
const LOOSE: &str = "signal.frames";

impl Format for SignalBackup {
    fn name(&self) -> &'static str {
        "signal_backup"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Signal for Android, backup (version 1)",
            covers: "messages, edits, reactions, attachments, calls, contacts and groups of backups from \
                     2018 on (tables sms, mms, part; message, attachment)",
            leaves_out: "preferences and keys of the program, receipts of single group members, polls, \
                         installed stickers; they are counted by table",
            source: "Backups.proto, MessageTable.kt, MessageTypes.java, CallTable.kt, AttachmentTable.kt of \
                     signalapp/Signal-Android",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let entry = candidate.entry();
        let container = entry.container().and_then(|number| candidate.tree().entry(number));
        let child = container.is_some_and(|container| container.opened_as() == Some(CONTAINER));
        if child && entry.path() == CHILD {
            return Some(Claim::alone(Certainty::Certain));
        }
        (entry.name() == LOOSE).then(|| Claim::alone(Certainty::Likely))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(mut gathered) = gather(input) else {
            sink.trouble((input.file, Place::Whole), ProblemKind::Unreadable, "a stream of frames", "")?;
            let mut counted = Counted::new(input.file, Unit::Frame, "");
            (counted.in_source, counted.problems) = (1, 1);
            return sink.counted(counted);
        };
        gathered.people.finish();
        gathered.joins.finish();
        let Some(frames) = open(input) else { return ControlFlow::Continue(()) };
        let mut giving = Giving {
            input,
            sink,
            gathered,
            tables: Tables::default(),
            counted: BTreeMap::new(),
            others: Counted::new(input.file, Unit::Frame, ""),
            troubles: Troubles::new(input.file),
            rows: HashMap::new(),
        };
        giving.all(frames)?;
        giving.finish()
    }
}

type Stream = Box<dyn std::io::Read + Send>;

fn open(input: &Input<'_>) -> Option<Frames<Stream>> {
    let stream = input.entry()?.content().stream().ok()?;
    Some(Frames::new(stream, input.limits.unit_bytes))
}

/// What the first reading keeps.
#[derive(Default)]
struct Gathered {
    people: People,
    joins: Joins,
}

/// Reads everything that messages need and that may come behind them.
fn gather(input: &Input<'_>) -> Option<Gathered> {
    let mut frames = open(input)?;
    let (mut gathered, mut tables) = (Gathered::default(), Tables::default());
    loop {
        match frames.next() {
            Next::Frame(place, bytes) => match held(bytes) {
                Held::Statement { text, message } => {
                    if let Some(shape) = tables.statement(text) {
                        gathered.row(&shape, message, &place, input.limits.unit_bytes);
                    }
                }
                Held::KeyValue(message) => gathered.own(message, (1, 7), &["account.e164", "account.aci"]),
                Held::Preference(message) => {
                    gathered.own(message, (2, 3), &["pref_local_number", "pref_local_uuid"]);
                }
                _ => {}
            },
            Next::TooLong(_) => {}
            Next::Cut(_) | Next::Failed(_) | Next::End => return Some(gathered),
        }
    }
}

impl Gathered {
    fn row(&mut self, shape: &Shape, message: &[u8], place: &Place, most_bytes: u64) {
        match &shape.role {
            Role::Other | Role::Unnamed | Role::Draft(_) | Role::Call(_) => return,
            Role::Message(columns, _) => {
                return version(&mut self.joins, shape, columns, message, most_bytes);
            }
            _ => {}
        }
        let Some(row) = whole_row(shape, message) else { return };
        let (people, joins) = (&mut self.people, &mut self.joins);
        let at = (place, shape.table);
        match &shape.role {
            Role::Recipient(columns) => people.recipient(&row, columns),
            Role::Thread(columns) => people.thread(&row, columns),
            Role::Group(columns) => people.group(&row, columns),
            Role::Member(columns) => people.member(&row, columns),
            Role::List(columns) => people.list(&row, columns),
            Role::Attachment(columns) => joins.attachment(&row, columns, at),
            Role::Reaction(columns) => joins.reaction(&row, columns, at),
            Role::Mention(columns) => joins.mention(&row, columns, at),
            Role::Message(..) | Role::Other | Role::Unnamed | Role::Draft(_) | Role::Call(_) => {}
        }
    }

    /// Keeps the owner's number or account, if this value is one.
    fn own(&mut self, message: &[u8], (key, value): (u32, u32), keys: &[&str]) {
        let text = |number| find(message, number).and_then(Value::text);
        if text(key).is_some_and(|key| keys.contains(&key.as_ref()))
            && let Some(own) = text(value).filter(|own| !own.is_empty())
        {
            self.people.owner(own.into_owned());
        }
    }
}

/// Keeps a message that is an earlier version of another; of all others nothing is needed in advance.
fn version(joins: &mut Joins, shape: &Shape, columns: &MessageColumns, message: &[u8], most_bytes: u64) {
    if columns.newest.is_none() {
        return;
    }
    let wanted = [columns.id, columns.newest, columns.body, columns.sent];
    let row = Row::read_only(message, &wanted).ok().filter(|row| row.len() == shape.width);
    let Some((row, id)) = row.and_then(|row| row.integer(columns.id).map(|id| (row, id))) else { return };
    match row.positive(columns.newest) {
        Some(newest) => {
            let text = row.text(columns.body).map(Into::into);
            joins.version(newest, Earlier { id, text, sent: row.integer(columns.sent) }, most_bytes);
        }
        None => joins.seen(id),
    }
}

/// The values of a row, if there are as many as the table has columns.
fn whole_row<'r>(shape: &Shape, message: &'r [u8]) -> Option<Row<'r>> {
    Row::read(message, shape.width).ok().filter(|row| row.len() == shape.width)
}

/// What became of a frame.
enum Became {
    Record(What),
    Continuation,
    System,
}

/// The second reading.
struct Giving<'g, 's> {
    input: &'g Input<'g>,
    sink: &'s mut dyn Sink,
    gathered: Gathered,
    tables: Tables,
    counted: BTreeMap<u16, Counted>,
    /// Frames that are no rows.
    others: Counted,
    troubles: Troubles,
    /// The last row number of each table of messages.
    rows: HashMap<u16, i64>,
}

impl Giving<'_, '_> {
    fn all(&mut self, mut frames: Frames<Stream>) -> Flow {
        loop {
            match frames.next() {
                Next::Frame(place, bytes) => self.frame(place, bytes)?,
                Next::TooLong(place) => self.lost(place, ProblemKind::Limit, "a shorter frame")?,
                Next::Cut(place) => {
                    return self.lost(place, ProblemKind::Truncated, "the rest of a frame");
                }
                Next::Failed(place) => {
                    return self.lost(place, ProblemKind::Unreadable, "bytes that can be read to the end");
                }
                Next::End => return ControlFlow::Continue(()),
            }
        }
    }

    /// A frame that is no row and cannot be read.
    fn lost(&mut self, place: Place, kind: ProblemKind, expected: &'static str) -> Flow {
        self.others.in_source = self.others.in_source.saturating_add(1);
        self.others.problems = self.others.problems.saturating_add(1);
        self.troubles.say(self.sink, place, kind, (expected, ""))
    }

    fn frame(&mut self, place: Place, bytes: &[u8]) -> Flow {
        let shape = match held(bytes) {
            Held::Statement { text, message } => self.tables.statement(text).map(|shape| (shape, message)),
            Held::Unknown => return self.lost(place, ProblemKind::Damaged, "a frame of a known sort"),
            Held::File => {
                self.others.in_source = self.others.in_source.saturating_add(1);
                self.others.continuations = self.others.continuations.saturating_add(1);
                return ControlFlow::Continue(());
            }
            Held::KeyValue(_) | Held::Preference(_) | Held::Mark => None,
        };
        let Some((shape, message)) = shape else {
            self.others.in_source = self.others.in_source.saturating_add(1);
            self.others.system = self.others.system.saturating_add(1);
            return ControlFlow::Continue(());
        };
        self.row(&shape, message, place)
    }

    fn row(&mut self, shape: &Shape, message: &[u8], place: Place) -> Flow {
        let counted = counted(&mut self.counted, shape.table, self.input);
        counted.in_source = counted.in_source.saturating_add(1);
        let trouble = match &shape.role {
            Role::Unnamed => Some((ProblemKind::NotUnderstood, "the columns of the table before its rows")),
            Role::Other => {
                counted.system = counted.system.saturating_add(1);
                return ControlFlow::Continue(());
            }
            _ => None,
        };
        let trouble = match trouble {
            Some(trouble) => trouble,
            None => match whole_row(shape, message) {
                Some(row) => return self.good_row(shape, &row, place),
                None => (ProblemKind::Damaged, "as many values as the table has columns"),
            },
        };
        counted.problems = counted.problems.saturating_add(1);
        // The row that cannot be read has a number too: no gap is told over it.
        self.rows.remove(&shape.table);
        self.troubles.say(self.sink, place, trouble.0, (trouble.1, ""))
    }

    fn good_row(&mut self, shape: &Shape, row: &Row<'_>, place: Place) -> Flow {
        if let Role::Message(columns, _) = &shape.role {
            self.gap(shape.table, row.integer(columns.id), &place)?;
        }
        let became = self.became(shape, row);
        let counted = counted(&mut self.counted, shape.table, self.input);
        let what = match became {
            Became::Continuation => {
                counted.continuations = counted.continuations.saturating_add(1);
                return ControlFlow::Continue(());
            }
            Became::System => {
                counted.system = counted.system.saturating_add(1);
                return ControlFlow::Continue(());
            }
            Became::Record(what) => what,
        };
        if matches!(&what, What::Message(message) if message.direction == model::record::Direction::System) {
            counted.system = counted.system.saturating_add(1);
        } else {
            counted.records = counted.records.saturating_add(1);
        }
        self.sink.record(Record { file: self.input.file, place, part: 0, what })
    }

    fn became(&mut self, shape: &Shape, row: &Row<'_>) -> Became {
        let (people, joins) = (&self.gathered.people, &mut self.gathered.joins);
        match &shape.role {
            Role::Message(columns, store) => {
                if let (Some(newest), Some(id)) = (row.positive(columns.newest), row.integer(columns.id))
                    && joins.is_version(newest, id)
                {
                    return Became::Continuation;
                }
                let mut making = Making { people, joins, tree: self.input.tree, file: self.input.file };
                Became::Record(What::Message(Box::new(message::of(row, columns, *store, &mut making))))
            }
            Role::Draft(columns) => {
                Became::Record(What::Message(Box::new(message::of_draft(row, columns, people))))
            }
            Role::Call(columns) => Became::Record(What::Call(Box::new(call::of(row, columns, people)))),
            Role::Recipient(columns) => {
                Became::Record(What::Contact(Box::new(contact::of_recipient(row, columns, people))))
            }
            Role::Group(columns) => {
                if row.text(columns.group_id).is_some_and(|group_id| people.knows_group(&group_id)) {
                    return Became::Continuation;
                }
                Became::Record(What::Contact(Box::new(contact::of_group(row, columns, people))))
            }
            Role::Thread(_)
            | Role::Member(_)
            | Role::List(_)
            | Role::Attachment(_)
            | Role::Reaction(_)
            | Role::Mention(_) => Became::Continuation,
            Role::Other | Role::Unnamed => Became::System,
        }
    }

    /// Says which row numbers are missing before this one.
    fn gap(&mut self, table: u16, id: Option<i64>, place: &Place) -> Flow {
        let Some(id) = id else { return ControlFlow::Continue(()) };
        let before = self.rows.insert(table, id);
        let missing = before.and_then(|before| id.checked_sub(before)?.checked_sub(1)).unwrap_or(0);
        match u64::try_from(missing) {
            Ok(missing) if missing > 0 => self.troubles.say_units(
                self.sink,
                place.clone(),
                ProblemKind::Gap,
                ("consecutive row numbers of messages", "the rows before and behind"),
                missing,
            ),
            _ => ControlFlow::Continue(()),
        }
    }

    /// Rows whose message never came, then the reckoning.
    fn finish(mut self) -> Flow {
        self.attachments()?;
        self.reactions()?;
        self.mentions()?;
        self.troubles.finish(self.sink)?;
        self.sink.counted(self.others)?;
        for (table, mut counted) in self.counted {
            let name = self.tables.names().get(usize::from(table));
            name.unwrap_or(&String::new()).clone_into(&mut counted.part);
            self.sink.counted(counted)?;
        }
        ControlFlow::Continue(())
    }

    fn attachments(&mut self) -> Flow {
        let (tree, file) = (self.input.tree, self.input.file);
        for row in self.gathered.joins.attachments.unused() {
            let attachment = message::attachment(&row.says, tree, file);
            let mut extra = vec![("path".to_owned(), message::path(&row.says))];
            extra.extend(attachment.media_type.map(|value| ("media_type".to_owned(), value)));
            extra.extend(attachment.caption.map(|value| ("caption".to_owned(), value)));
            let event = event("attachment", attachment.name, extra);
            alone(&mut self.counted, row.table);
            self.sink.record(Record { file, place: row.place(), part: 0, what: event })?;
        }
        ControlFlow::Continue(())
    }

    fn reactions(&mut self) -> Flow {
        let (people, joins) = (&self.gathered.people, &mut self.gathered.joins);
        for row in joins.reactions.unused() {
            let by = row.says.author.as_ref().map(|address| people.party(address));
            let mut extra = Vec::new();
            extra.extend(by.and_then(|by| by.id).map(|by| ("author".to_owned(), by)));
            extra.extend(row.says.sent.map(|at| ("date_sent".to_owned(), TimeReading::unix_ms(at).raw)));
            let event = event("reaction", Some(row.says.emoji.to_string()), extra);
            alone(&mut self.counted, row.table);
            self.sink.record(Record { file: self.input.file, place: row.place(), part: 0, what: event })?;
        }
        ControlFlow::Continue(())
    }

    fn mentions(&mut self) -> Flow {
        let (people, joins) = (&self.gathered.people, &mut self.gathered.joins);
        for row in joins.mentions.unused() {
            let whom = row.says.recipient.as_ref().map(|address| people.party(address));
            let event = event("mention", whom.and_then(|whom| whom.id), Vec::new());
            alone(&mut self.counted, row.table);
            self.sink.record(Record { file: self.input.file, place: row.place(), part: 0, what: event })?;
        }
        ControlFlow::Continue(())
    }
}

/// Something that belonged to a message that is not there.
fn event(kind: &str, text: Option<String>, extra: Extra) -> What {
    What::Event(Box::new(Event { app: "signal".to_owned(), kind: kind.to_owned(), at: None, text, extra }))
}

/// A row that was counted as belonging to a message stands alone after all.
fn alone(counted: &mut BTreeMap<u16, Counted>, table: u16) {
    if let Some(counted) = counted.get_mut(&table) {
        counted.continuations = counted.continuations.saturating_sub(1);
        counted.records = counted.records.saturating_add(1);
    }
}

/// The reckoning of a table.
fn counted<'c>(all: &'c mut BTreeMap<u16, Counted>, table: u16, input: &Input<'_>) -> &'c mut Counted {
    all.entry(table).or_insert_with(|| Counted::new(input.file, Unit::Frame, ""))
}
