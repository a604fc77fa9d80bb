//! Contacts of iPhones and iPads: `AddressBook.sqlitedb`.
//!
//! `ABPerson` with its values in `ABMultiValue` (3 phone, 4 mail, 5 postal address, 13 instant message, 16
//! and 22 web addresses, 12 dates, 23 related people, 46 social profile), whose compound values stand in
//! `ABMultiValueEntry`. Known from public descriptions of the schema. Deliberately not read: pictures
//! (`AddressBookImages.sqlitedb`), search tables, deleted rows in free pages.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::record::{
    Contact, Event, Extra, FileNumber, Identifier, IdentifierKind, Place, ProblemKind, Record, What,
};
use source::tree::Candidate;
use sqlite::Table;

use crate::database::{self, Became};
use crate::tables::{self, Gaps, Kept, Tables, apple, shown, text};
use crate::troubles::Troubles;
use crate::{About, Claim, Flow, Format, Input, Sink};

/// `AddressBook.sqlitedb`.
pub(crate) struct IosContacts;

/// Tables for searching, synchronising and showing.
const HOUSEKEEPING: &[&str] = &[
    "_SqliteDatabaseProperties",
    "ABPersonChanges",
    "ABPersonMultiValueDeletes",
    "ABPersonSearchKey",
    "ABPersonSmartDialerMapping",
    "ABPersonBasicChanges",
    "ABPersonLink",
    "ABPhoneLastFour",
    "ABGroupChanges",
    "ABAccount",
    "ABStore",
    "ABRecent",
    "FirstSortSectionCount",
    "FirstSortSectionCountTotal",
    "LastSortSectionCount",
    "LastSortSectionCountTotal",
    "CNContactHistory",
];

/// Columns of a person that are kept as they are.
const KEPT: &[&str] = &[
    "Department",
    "JobTitle",
    "Prefix",
    "Suffix",
    "FirstPhonetic",
    "LastPhonetic",
    "CreationDate",
    "StoreID",
    "ExternalIdentifier",
    "guid",
    "IsPreferredName",
    "PreferredLikenessSource",
];

impl Format for IosContacts {
    fn name(&self) -> &'static str {
        "ios_contacts"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Contacts of iPhone (AddressBook.sqlitedb)",
            covers: "people with names, numbers, mail and postal addresses, accounts, dates, notes and \
                     groups; values whose person is gone",
            leaves_out: "pictures; tables for searching and synchronising; deleted rows in free pages",
            source: "public descriptions of the schema",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let names = ["AddressBook.sqlitedb", "31bb7ba8914766d4ba40d6dfb6113c8b614be442"];
        tables::recognise(candidate, &names, "ABMultiValue", &["ABPerson", "ABMultiValue"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        let mut values = values(&mut tables, sink)?;
        groups(&mut tables, &mut values, sink)?;
        people(input.file, &mut tables, &mut values, sink)?;
        left(&mut tables, values, sink)?;
        tables.finish(HOUSEKEEPING, sink)
    }
}

/// What belongs to a person.
#[derive(Default)]
struct Values {
    identifiers: Vec<Identifier>,
    extra: Extra,
    /// The rows of `ABMultiValue` that it was read from.
    rows: Vec<i64>,
}

type ByPerson = BTreeMap<i64, Values>;

/// A list of words by number: labels, keys of compound values.
fn words(tables: &mut Tables<'_>, name: &str, sink: &mut dyn Sink) -> ControlFlow<(), BTreeMap<i64, String>> {
    let mut found = BTreeMap::new();
    let Some(table) = tables.take(name) else { return ControlFlow::Continue(found) };
    let value = table.column("value");
    tables.each(table, sink, |row, _, _| {
        found.extend(text(row, value).map(|value| (row.rowid(), plain(&value))));
        ControlFlow::Continue(Became::Continuation)
    })?;
    ControlFlow::Continue(found)
}

/// Apple's own labels are written `_$!<Mobile>!$_`.
fn plain(label: &str) -> String {
    let inner = label.strip_prefix("_$!<").and_then(|rest| rest.strip_suffix(">!$_"));
    inner.unwrap_or(label).to_owned()
}

fn values(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> ControlFlow<(), ByPerson> {
    let labels = words(tables, "ABMultiValueLabel", sink)?;
    let keys = words(tables, "ABMultiValueEntryKey", sink)?;
    let parts = parts(tables, &keys, sink)?;
    let mut found = ByPerson::new();
    let Some(table) = tables.take("ABMultiValue") else { return ControlFlow::Continue(found) };
    let names = ["UID", "record_id", "property", "label", "value"];
    let [uid, person, property, label, value] = names.map(|name| table.column(name));
    // Which became a part of a person is known when the people were read; see `left`.
    let mut rows = tables.database.rows(table);
    while let Some(row) = rows.next() {
        let Ok(row) = row else { continue };
        let values = found.entry(row.integer(person).unwrap_or_default()).or_default();
        values.rows.push(row.rowid());
        let compound = row.integer(uid).and_then(|uid| parts.get(&uid));
        let label = row.integer(label).and_then(|label| labels.get(&label)).cloned();
        let whole = text(&row, value);
        let kind = row.integer(property);
        match (kind, whole, compound) {
            (Some(13 | 46), None, Some(compound)) => values.identifiers.push(account(compound, label)),
            (Some(5), None, Some(compound)) => {
                let lines: Vec<&str> = compound.iter().map(|(_, part)| part.as_str()).collect();
                let value = lines.join(", ");
                values.identifiers.push(Identifier { kind: IdentifierKind::Address, value, label });
            }
            (_, Some(value), _) => match identifier_kind(kind) {
                Some(kind) => values.identifiers.push(Identifier { kind, value, label }),
                None => values.extra.push((named(kind, label), value)),
            },
            (_, None, Some(compound)) => {
                let name = named(kind, label);
                values
                    .extra
                    .extend(compound.iter().map(|(key, part)| (format!("{name} {key}"), part.clone())));
            }
            (_, None, None) => {}
        }
    }
    ControlFlow::Continue(found)
}

fn identifier_kind(property: Option<i64>) -> Option<IdentifierKind> {
    Some(match property? {
        3 => IdentifierKind::Phone,
        4 => IdentifierKind::Mail,
        5 => IdentifierKind::Address,
        13 | 46 => IdentifierKind::Account,
        16 | 22 => IdentifierKind::Url,
        _ => return None,
    })
}

fn named(property: Option<i64>, label: Option<String>) -> String {
    let property = match property {
        Some(12) => "date".to_owned(),
        Some(23) => "related".to_owned(),
        Some(other) => format!("property {other}"),
        None => "property".to_owned(),
    };
    label.map_or_else(|| property.clone(), |label| format!("{property} {label}"))
}

/// An account by its parts: the service stands with the label.
fn account(parts: &[(String, String)], label: Option<String>) -> Identifier {
    let part = |names: &[&str]| {
        let found = parts.iter().find(|(key, _)| names.iter().any(|name| key.eq_ignore_ascii_case(name)));
        found.map(|(_, value)| value.clone())
    };
    let all = || parts.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(", ");
    let value = part(&["username", "identifier", "url"]).unwrap_or_else(all);
    let label = [part(&["service"]), label].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Identifier { kind: IdentifierKind::Account, value, label: Some(label).filter(|label| !label.is_empty()) }
}

/// Compound values: key and value of each part, by the value they belong to.
fn parts(
    tables: &mut Tables<'_>,
    keys: &BTreeMap<i64, String>,
    sink: &mut dyn Sink,
) -> ControlFlow<(), BTreeMap<i64, Vec<(String, String)>>> {
    let mut found: BTreeMap<i64, Vec<(String, String)>> = BTreeMap::new();
    let Some(table) = tables.take("ABMultiValueEntry") else { return ControlFlow::Continue(found) };
    let [parent, key, value] = ["parent_id", "key", "value"].map(|name| table.column(name));
    let present = uids(tables);
    let mut troubles = Troubles::new(tables.file);
    tables.each(table, sink, |row, _, sink| {
        let owner = row.integer(parent).filter(|parent| present.binary_search(parent).is_ok());
        let Some(owner) = owner else {
            let place = Place::row("ABMultiValueEntry", row.rowid());
            troubles.say(sink, place, ProblemKind::Gap, ("the value this part belongs to", "the row"))?;
            return ControlFlow::Continue(Became::Problem);
        };
        let number = row.integer(key);
        let known = number.and_then(|key| keys.get(&key)).cloned();
        let key = known.or_else(|| number.map(|key| key.to_string())).unwrap_or_default();
        found.entry(owner).or_default().extend(text(row, value).map(|value| (key, value)));
        ControlFlow::Continue(Became::Continuation)
    })?;
    troubles.finish(sink)?;
    ControlFlow::Continue(found)
}

/// The numbers of the values that are there.
fn uids(tables: &Tables<'_>) -> Vec<i64> {
    let mut found = Vec::new();
    let Some(table) = tables.database.table("ABMultiValue") else { return found };
    let uid = table.column("UID");
    let mut rows = tables.database.rows(table);
    while let Some(row) = rows.next() {
        found.extend(row.ok().and_then(|row| row.integer(uid)));
    }
    found.sort_unstable();
    found
}

/// Groups stand with their members; a group without members is told.
fn groups(tables: &mut Tables<'_>, values: &mut ByPerson, sink: &mut dyn Sink) -> Flow {
    let mut members: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    if let Some(table) = tables.take("ABGroupMembers") {
        let (group, member) = (table.column("group_id"), table.column("member_id"));
        tables.each(table, sink, |row, _, _| {
            let pair = row.integer(group).zip(row.integer(member));
            members.entry(pair.map_or(0, |pair| pair.0)).or_default().extend(pair.map(|pair| pair.1));
            ControlFlow::Continue(Became::Continuation)
        })?;
    }
    let Some(table) = tables.take("ABGroup") else { return Flow::Continue(()) };
    let name = table.column("Name");
    let file = tables.file;
    tables.each(table, sink, |row, part, sink| {
        let name = text(row, name);
        let Some(people) = members.get(&row.rowid()) else {
            let (app, kind) = ("phone".to_owned(), "contact-group".to_owned());
            let event = Event { app, kind, text: name, ..Event::default() };
            let place = Place::row("ABGroup", row.rowid());
            sink.record(Record { file, place, part, what: What::Event(Box::new(event)) })?;
            return ControlFlow::Continue(Became::Record);
        };
        for person in people {
            let group = ("group".to_owned(), name.clone().unwrap_or_else(|| row.rowid().to_string()));
            values.entry(*person).or_default().extra.push(group);
        }
        ControlFlow::Continue(Became::Continuation)
    })
}

fn people(file: FileNumber, tables: &mut Tables<'_>, values: &mut ByPerson, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("ABPerson") else { return Flow::Continue(()) };
    let column = |name: &str| table.column(name);
    let kept = Kept::of(table, KEPT);
    let mut gaps = Gaps::new(file, "ABPerson");
    tables.each(table, sink, |row, part, sink| {
        gaps.seen(row.rowid(), sink)?;
        let value = |name: &str| text(row, column(name));
        let full: Vec<String> = ["First", "Middle", "Last"].into_iter().filter_map(value).collect();
        let mut names = Vec::new();
        let others =
            ["Nickname", "Organization", "PreviousFamilyName", "DisplayName", "CompositeNameFallback"];
        let full = Some(full.join(" ")).filter(|full| !full.is_empty());
        for name in full.into_iter().chain(others.into_iter().filter_map(value)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let found = if part == 0 { values.remove(&row.rowid()) } else { None }.unwrap_or_default();
        let mut contact = Contact {
            app: "phone".to_owned(),
            id: Some(row.rowid().to_string()),
            names,
            identifiers: found.identifiers,
            note: value("Note"),
            changed: apple(row.get(column("ModificationDate"))),
            extra: found.extra,
        };
        kept.add(row, &mut contact.extra);
        // A birthday is a count of seconds like the other dates, kept as text.
        contact.extra.extend(shown(row.get(column("Birthday"))).map(|day| ("Birthday".to_owned(), day)));
        contact.extra.extend(day(row.real(column("Birthday")).or_else(|| value("Birthday")?.parse().ok())));
        let place = Place::row("ABPerson", row.rowid());
        sink.record(Record { file, place, part, what: What::Contact(Box::new(contact)) })?;
        ControlFlow::Continue(Became::Record)
    })?;
    gaps.finish(tables.database, sink)
}

/// The day of a birthday; it is stored as noon in UTC.
fn day(seconds: Option<f64>) -> Option<(String, String)> {
    let ms = model::record::TimeReading::apple(seconds?).first_ms?;
    let day = jiff::Timestamp::from_millisecond(ms).ok()?.strftime("%Y-%m-%d").to_string();
    Some(("birthday".to_owned(), day))
}

/// The values: parts of a person, or told here if the person is gone.
fn left(tables: &mut Tables<'_>, mut values: ByPerson, sink: &mut dyn Sink) -> Flow {
    let Some(table): Option<&Table> = tables.take("ABMultiValue") else { return Flow::Continue(()) };
    let person = table.column("record_id");
    let file = tables.file;
    tables.each(table, sink, |row, part, sink| {
        let owner = row.integer(person).unwrap_or_default();
        let Some(of) = values.get(&owner).filter(|of| of.rows.first() == Some(&row.rowid()) && part == 0)
        else {
            return ControlFlow::Continue(Became::Continuation);
        };
        if of.rows.is_empty() {
            return ControlFlow::Continue(Became::Continuation);
        }
        // All values of one person who is gone are told together, at the first of them.
        let of = values.remove(&owner).unwrap_or_default();
        let mut contact = Contact { app: "phone".to_owned(), ..Contact::default() };
        contact.id = Some(owner.to_string());
        contact.identifiers = of.identifiers;
        contact.extra = of.extra;
        contact.extra.push(("ABPerson".to_owned(), "row is gone".to_owned()));
        let place = Place::row("ABMultiValue", row.rowid());
        sink.record(Record { file, place, part, what: What::Contact(Box::new(contact)) })?;
        ControlFlow::Continue(Became::Record)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_apple_are_plain_words() {
        assert_eq!(plain("_$!<Mobile>!$_"), "Mobile");
        assert_eq!(plain("Schicht"), "Schicht");
    }

    #[test]
    fn a_birthday_is_a_day() {
        assert_eq!(day(Some(-347_155_200.0)).unwrap().1, "1990-01-01");
        assert_eq!(day(Some(f64::NAN)), None);
    }
}
