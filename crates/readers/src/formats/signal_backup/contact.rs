//! A recipient or group of a Signal backup as an entry of an address book.

use model::record::{Contact, Identifier, IdentifierKind, TimeReading};

use super::people::{Address, GroupColumns, People, RecipientColumns};
use super::row::Row;

/// A row of `recipient`.
pub(super) fn of_recipient(row: &Row<'_>, columns: &RecipientColumns, people: &People) -> Contact {
    let mut contact = Contact { app: "signal".to_owned(), ..Contact::default() };
    contact.id = row.string(columns.id);
    let given = [row.string(columns.given_name), row.string(columns.family_name)];
    let given = given.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let names = [columns.nickname, columns.system_name, columns.profile_name];
    for name in names
        .into_iter()
        .filter_map(|column| row.string(column))
        .chain(Some(given).filter(|given| !given.is_empty()))
    {
        if !contact.names.contains(&name) {
            contact.names.push(name);
        }
    }
    let identifiers = [
        (columns.e164, IdentifierKind::Phone, None),
        (columns.aci, IdentifierKind::Account, Some("aci")),
        (columns.pni, IdentifierKind::Account, Some("pni")),
        (columns.email, IdentifierKind::Mail, None),
        (columns.username, IdentifierKind::Account, Some("username")),
        (columns.address, IdentifierKind::Other, None),
        (columns.group_id, IdentifierKind::Other, Some("group")),
    ];
    for (column, kind, label) in identifiers {
        if let Some(value) = row.string(column) {
            contact.identifiers.push(Identifier { kind, value, label: label.map(str::to_owned) });
        }
    }
    let list = Address::of(row, columns.id).and_then(|address| people.in_list(&address));
    contact.names.extend(list.cloned());
    contact.note = row.string(columns.note);
    let extra = [
        ("about", columns.about),
        ("about_emoji", columns.about_emoji),
        ("distribution_list_id", columns.list),
    ];
    for (name, column) in extra {
        if let Some(value) = row.string(column) {
            contact.extra.push((name.to_owned(), value));
        }
    }
    for (name, column) in [("blocked", columns.blocked), ("hidden", columns.hidden)] {
        if row.says(column) {
            contact.extra.push((name.to_owned(), row.string(column).unwrap_or_default()));
        }
    }
    if let Some(at) = row.positive(columns.unregistered) {
        contact.extra.push(("unregistered_timestamp".to_owned(), TimeReading::unix_ms(at).raw));
    }
    if let Some(group_id) = row.text(columns.group_id) {
        in_group(&mut contact, &group_id, people);
    }
    contact
}

/// A row of `groups` that no recipient stands for.
pub(super) fn of_group(row: &Row<'_>, columns: &GroupColumns, people: &People) -> Contact {
    let mut contact = Contact { app: "signal".to_owned(), ..Contact::default() };
    if let Some(value) = row.string(columns.group_id) {
        in_group(&mut contact, &value, people);
        let label = Some("group".to_owned());
        contact.identifiers.push(Identifier { kind: IdentifierKind::Other, value, label });
    }
    contact
}

/// Most members that are named; Signal allows a thousand.
const MEMBERS_MAX: usize = 2000;

/// Adds the title of a group and who is in it.
fn in_group(contact: &mut Contact, group_id: &str, people: &People) {
    let (title, members) = people.in_group(group_id);
    contact.names.extend(title.cloned());
    for member in members.iter().take(MEMBERS_MAX) {
        let party = people.party(member);
        let shown = [party.id, party.name].into_iter().flatten().collect::<Vec<_>>().join(" ");
        contact.extra.push(("member".to_owned(), shown));
    }
    if members.len() > MEMBERS_MAX {
        contact.extra.push(("members".to_owned(), members.len().to_string()));
    }
}
