//! Who and where: the tables `recipient`, `thread`, `groups`, `group_membership`, `distribution_list`, read
//! into maps before the messages, because they may come behind them.
//!
//! Until 2019 a recipient was named by its address (a phone number) instead of a number: such addresses stay
//! as they are.

use std::collections::{HashMap, HashSet};

use model::record::{ChatKind, ChatRef, Party};

use super::row::{Column, Row, SqlValue, columns};

columns! {
    /// The columns of `recipient`, and of `recipient_preferences` before it.
    RecipientColumns {
        id: "_id",
        address: "recipient_ids",
        e164: "e164" | "phone",
        aci: "aci" | "service_id" | "uuid",
        pni: "pni",
        email: "email",
        username: "username",
        group_id: "group_id",
        list: "distribution_list_id",
        nickname: "nickname_joined_name",
        system_name: "system_joined_name" | "system_display_name",
        profile_name: "profile_joined_name" | "signal_profile_name",
        given_name: "profile_given_name" | "signal_profile_name",
        family_name: "profile_family_name",
        blocked: "blocked" | "block",
        hidden: "hidden",
        about: "about",
        about_emoji: "about_emoji",
        note: "note",
        unregistered: "unregistered_timestamp",
    }
}

columns! {
    /// The columns of `thread`.
    ThreadColumns { id: "_id", recipient: "recipient_id" | "thread_recipient_id" | "recipient_ids", }
}

columns! {
    /// The columns of `groups`.
    GroupColumns { group_id: "group_id", title: "title", members: "members", }
}

columns! {
    /// The columns of `group_membership`.
    MemberColumns { group_id: "group_id", recipient: "recipient_id", }
}

columns! {
    /// The columns of `distribution_list`.
    ListColumns { name: "name", recipient: "recipient_id", }
}

/// How a row names somebody.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Address {
    /// By the number of a recipient.
    Recipient(i64),
    /// By an address: a phone number, a group.
    Text(String),
}

impl Address {
    /// What stands in a column; none if nobody is named.
    pub(super) fn of(row: &Row<'_>, column: Column) -> Option<Self> {
        match row.value(column) {
            SqlValue::Integer(number) if number > 0 => Some(Self::Recipient(number)),
            SqlValue::Text(_) => {
                let text = row.text(column)?;
                let number = text.parse().ok().filter(|_| !text.starts_with('+') && text.len() < 7);
                Some(number.map_or_else(|| Self::Text(text.into_owned()), Self::Recipient))
            }
            _ => None,
        }
    }
}

/// Somebody, or a group.
struct Person {
    party: Party,
    kind: ChatKind,
    group_id: Option<String>,
}

/// Who and where, as far as the tables say.
#[derive(Default)]
pub(super) struct People {
    persons: HashMap<Address, Person>,
    threads: HashMap<i64, Option<Address>>,
    titles: HashMap<String, String>,
    members: HashMap<String, Vec<Address>>,
    lists: HashMap<Address, String>,
    own: HashSet<String>,
    chats: HashMap<i64, ChatRef>,
    accounts: HashMap<String, Address>,
    groups: HashSet<String>,
}

impl People {
    /// A row of `recipient`.
    pub(super) fn recipient(&mut self, row: &Row<'_>, columns: &RecipientColumns) {
        let Some(address) =
            Address::of(row, columns.address).or_else(|| row.integer(columns.id).map(Address::Recipient))
        else {
            return;
        };
        let group_id = row.string(columns.group_id);
        self.groups.extend(group_id.clone());
        let kind = match () {
            () if group_id.is_some() => ChatKind::Group,
            () if row.positive(columns.list).is_some() => ChatKind::Broadcast,
            () => ChatKind::Direct,
        };
        let old_address = if let Address::Text(text) = &address { Some(text.clone()) } else { None };
        let identifiers = [columns.e164, columns.aci, columns.pni, columns.email, columns.username];
        let id = identifiers.iter().find_map(|column| row.string(*column)).or(old_address);
        let id = id.or_else(|| group_id.clone()).or_else(|| Some(unnamed(&address)));
        let party = Party { id: id.map(label), name: name(row, columns).map(label) };
        if let Some(account) = row.string(columns.aci) {
            self.accounts.insert(account, address.clone());
        }
        self.persons.insert(address, Person { party, kind, group_id });
    }

    /// A row of `thread`.
    pub(super) fn thread(&mut self, row: &Row<'_>, columns: &ThreadColumns) {
        if let Some(id) = row.integer(columns.id) {
            self.threads.insert(id, Address::of(row, columns.recipient));
        }
    }

    /// A row of `groups`.
    pub(super) fn group(&mut self, row: &Row<'_>, columns: &GroupColumns) {
        let Some(group_id) = row.string(columns.group_id) else { return };
        if let Some(title) = row.string(columns.title) {
            self.titles.insert(group_id.clone(), title);
        }
        if let Some(members) = row.text(columns.members) {
            let members = members.split(',').map(str::trim).filter(|member| !member.is_empty());
            let address = |member: &str| match member.parse() {
                Ok(number) if !member.starts_with('+') => Address::Recipient(number),
                _ => Address::Text(member.to_owned()),
            };
            self.members.entry(group_id).or_default().extend(members.map(address));
        }
    }

    /// A row of `group_membership`.
    pub(super) fn member(&mut self, row: &Row<'_>, columns: &MemberColumns) {
        if let (Some(group_id), Some(member)) =
            (row.string(columns.group_id), Address::of(row, columns.recipient))
        {
            self.members.entry(group_id).or_default().push(member);
        }
    }

    /// A row of `distribution_list`.
    pub(super) fn list(&mut self, row: &Row<'_>, columns: &ListColumns) {
        if let (Some(name), Some(address)) = (row.string(columns.name), Address::of(row, columns.recipient)) {
            self.lists.insert(address, name);
        }
    }

    /// An identifier of the owner.
    pub(super) fn owner(&mut self, identifier: String) {
        self.own.insert(identifier);
    }

    /// Everything has been seen: puts it together.
    pub(super) fn finish(&mut self) {
        let own: Vec<&Address> = self.own.iter().filter_map(|id| self.accounts.get(id)).collect();
        for (address, person) in &mut self.persons {
            let title = person.group_id.as_ref().and_then(|group_id| self.titles.get(group_id));
            if let Some(name) = title.or_else(|| self.lists.get(address)) {
                person.party.name = Some(label(name.clone()));
            }
            let account = person.party.id.as_ref();
            if account.is_some_and(|id| self.own.contains(id)) || own.contains(&address) {
                person.kind = ChatKind::Own;
            }
        }
        let threads: Vec<i64> = self.threads.keys().copied().collect();
        for thread in threads {
            let with = self.threads.get(&thread).and_then(Option::as_ref);
            let person = with.and_then(|address| self.persons.get(address));
            let named = |party: &Party| party.name.clone().or_else(|| party.id.clone());
            let name = person.and_then(|person| named(&person.party));
            let name = name.or_else(|| with.and_then(|address| named(&self.party(address))));
            let kind = person.map_or(ChatKind::Unknown, |person| person.kind);
            self.chats.insert(thread, ChatRef { id: thread.to_string(), name, kind });
        }
    }

    /// The chat of a thread.
    pub(super) fn chat(&self, thread: Option<i64>) -> ChatRef {
        let Some(thread) = thread else { return ChatRef::default() };
        let unknown = || ChatRef { id: thread.to_string(), ..ChatRef::default() };
        self.chats.get(&thread).cloned().unwrap_or_else(unknown)
    }

    /// Somebody by address; who is in no table keeps the number or address.
    pub(super) fn party(&self, address: &Address) -> Party {
        let unknown = || Party::with_id(unnamed(address));
        self.persons.get(address).map_or_else(unknown, |person| person.party.clone())
    }

    /// Somebody by account id.
    pub(super) fn account(&self, account: &str) -> Party {
        let address = self.accounts.get(account);
        address.map_or_else(|| Party::with_id(account), |address| self.party(address))
    }

    /// Whether an address is a group's.
    pub(super) fn is_group(&self, address: &Address) -> bool {
        self.persons.get(address).is_some_and(|person| person.kind == ChatKind::Group)
    }

    /// The name of a group, and who is in it.
    pub(super) fn in_group(&self, group_id: &str) -> (Option<&String>, &[Address]) {
        (self.titles.get(group_id), self.members.get(group_id).map_or(&[], Vec::as_slice))
    }

    /// The name of a list that stories go to.
    pub(super) fn in_list(&self, address: &Address) -> Option<&String> {
        self.lists.get(address)
    }

    /// Whether a recipient stands for this group.
    pub(super) fn knows_group(&self, group_id: &str) -> bool {
        self.groups.contains(group_id)
    }
}

/// A name as it stands beside every message: its beginning, if it is longer than any name. The contact itself
/// has it whole.
fn label(mut name: String) -> String {
    const LABEL_BYTES: usize = 4096;
    name.truncate(name.floor_char_boundary(LABEL_BYTES));
    name
}

/// How somebody is named who is in no table.
fn unnamed(address: &Address) -> String {
    match address {
        Address::Recipient(number) => format!("recipient {number}"),
        Address::Text(text) => text.clone(),
    }
}

/// The name that the owner sees first.
fn name(row: &Row<'_>, columns: &RecipientColumns) -> Option<String> {
    let joined = [columns.nickname, columns.system_name, columns.profile_name];
    let joined = joined.iter().find_map(|column| row.string(*column));
    joined.or_else(|| row.string(columns.given_name)).or_else(|| row.string(columns.username))
}
