//! Recipients and chats of the frames, by their numbers.

use std::collections::HashMap;

use model::record::{ChatKind, ChatRef, Contact, Identifier, IdentifierKind, Party};
use serde_json::Value;

use super::values::{account_id, list, says, string, text};

/// Who and where, as far as the frames said until now.
#[derive(Default)]
pub(crate) struct People {
    recipients: HashMap<String, (Party, ChatKind)>,
    accounts: HashMap<String, String>,
    chats: HashMap<String, (ChatRef, Party)>,
    owner: Option<String>,
}

impl People {
    /// The owner's name.
    pub(super) fn owner(&mut self, name: &str) {
        self.owner = Some(label(name.to_owned())).filter(|name| !name.is_empty());
    }

    /// A recipient; none if it is the owner or the program.
    pub(super) fn recipient(&mut self, value: &Value) -> Option<Contact> {
        let id = text(value, "id").unwrap_or_default();
        let mut contact = Contact { app: "signal".to_owned(), id: Some(id.clone()), ..Contact::default() };
        let of = |kind: &str| value.get(kind);
        let kind = if let Some(person) = of("contact") {
            person_of(&mut contact, person);
            ChatKind::Direct
        } else if let Some(group) = of("group") {
            self.group(&mut contact, group);
            ChatKind::Group
        } else if let Some(item) = of("distributionList") {
            let list_itself = item.get("distributionList").unwrap_or(&Value::Null);
            contact.names.extend(string(list_itself, "name"));
            for member in list(list_itself, "memberRecipientIds") {
                let member = self.party(member.as_str().unwrap_or_default());
                contact.extra.push(("member".to_owned(), shown(member)));
            }
            for key in ["distributionId", "deletionTimestamp"] {
                contact.extra.extend(text(item, key).map(|value| (key.to_owned(), value)));
            }
            ChatKind::Broadcast
        } else if let Some(link) = of("callLink") {
            contact.names.extend(string(link, "name"));
            for key in ["restrictions", "expirationMs"] {
                contact.extra.extend(text(link, key).map(|value| (key.to_owned(), value)));
            }
            ChatKind::Unknown
        } else {
            let (name, kind) = if of("self").is_some() {
                (self.owner.clone(), ChatKind::Own)
            } else {
                (of("releaseNotes").map(|_| "Signal".to_owned()), ChatKind::Broadcast)
            };
            self.recipients.insert(id.clone(), (Party { id: Some(unnamed(&id)), name }, kind));
            return None;
        };
        let first = contact.identifiers.first().map(|identifier| identifier.value.clone());
        if let Some(aci) = contact.identifiers.iter().find(|id| id.label.as_deref() == Some("aci")) {
            self.accounts.insert(aci.value.clone(), id.clone());
        }
        let name = contact.names.first().cloned().map(label);
        let party = Party { id: first.map(label).or_else(|| Some(unnamed(&id))), name };
        self.recipients.insert(id, (party, kind));
        Some(contact)
    }

    fn group(&self, contact: &mut Contact, group: &Value) {
        let snapshot = group.get("snapshot").unwrap_or(&Value::Null);
        let part = |blob: &str, key: &str| string(snapshot.get(blob)?, key);
        contact.names.extend(part("title", "title"));
        contact.note = part("description", "descriptionText");
        for (members, label) in [
            ("members", "member"),
            ("membersPendingProfileKey", "invited"),
            ("membersPendingAdminApproval", "asked to join"),
            ("members_banned", "banned"),
            ("membersBanned", "banned"),
        ] {
            for member in list(snapshot, members) {
                let member = member.get("member").unwrap_or(member);
                let Some(account) = string(member, "userId").and_then(|id| account_id(&id)) else { continue };
                let mut value = shown(self.account(&account));
                if string(member, "role").as_deref() == Some("ADMINISTRATOR") {
                    value.push_str(" (administrator)");
                }
                contact.extra.push((label.to_owned(), value));
            }
        }
        if says(group, "blocked") {
            contact.extra.push(("blocked".to_owned(), "true".to_owned()));
        }
    }

    /// A chat.
    pub(super) fn chat(&mut self, value: &Value) {
        let id = text(value, "id").unwrap_or_default();
        let with = text(value, "recipientId").unwrap_or_default();
        let kind = self.recipients.get(&with).map_or(ChatKind::Unknown, |(_, kind)| *kind);
        let party = self.party(&with);
        let name = party.name.clone().or_else(|| party.id.clone());
        self.chats.insert(id.clone(), (ChatRef { id, name, kind }, party));
    }

    /// The chat of a number.
    pub(super) fn in_chat(&self, id: &str) -> ChatRef {
        let unknown = || ChatRef { id: id.to_owned(), ..ChatRef::default() };
        self.chats.get(id).map_or_else(unknown, |(chat, _)| chat.clone())
    }

    /// Whom or which group a chat is with.
    pub(super) fn chat_with(&self, id: &str) -> Option<Party> {
        self.chats.get(id).map(|(_, party)| party.clone())
    }

    /// Somebody by number.
    pub(super) fn party(&self, id: &str) -> Party {
        let unknown = || Party::with_id(unnamed(id));
        self.recipients.get(id).map_or_else(unknown, |(party, _)| party.clone())
    }

    /// Somebody by account id.
    pub(super) fn account(&self, account: &str) -> Party {
        self.accounts.get(account).map_or_else(|| Party::with_id(account), |id| self.party(id))
    }
}

/// A name as it stands beside every message: its beginning, if it is longer than any name. The contact itself
/// has it whole.
fn label(mut name: String) -> String {
    const LABEL_BYTES: usize = 4096;
    name.truncate(name.floor_char_boundary(LABEL_BYTES));
    name
}

fn unnamed(id: &str) -> String {
    format!("recipient {id}")
}

fn shown(party: Party) -> String {
    [party.id, party.name].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn person_of(contact: &mut Contact, person: &Value) {
    let joined = |value: &Value, keys: [&str; 2]| {
        let name = keys.iter().filter_map(|key| string(value, key)).collect::<Vec<_>>().join(" ");
        Some(name).filter(|name| !name.is_empty())
    };
    let nickname = person.get("nickname").and_then(|name| joined(name, ["given", "family"]));
    let system = joined(person, ["systemGivenName", "systemFamilyName"]);
    let profile = joined(person, ["profileGivenName", "profileFamilyName"]);
    for name in [nickname, system, profile, string(person, "systemNickname")].into_iter().flatten() {
        if !contact.names.contains(&name) {
            contact.names.push(name);
        }
    }
    let mut identifier = |kind, value: Option<String>, label: Option<&str>| {
        let label = label.map(str::to_owned);
        contact.identifiers.extend(value.map(|value| Identifier { kind, value, label }));
    };
    // The number stands there without its plus.
    identifier(IdentifierKind::Phone, text(person, "e164").map(|number| format!("+{number}")), None);
    let account = |key: &str| account_id(&string(person, key)?);
    identifier(IdentifierKind::Account, account("aci"), Some("aci"));
    identifier(IdentifierKind::Account, account("pni"), Some("pni"));
    identifier(IdentifierKind::Account, string(person, "username"), Some("username"));
    contact.note = string(person, "note");
    for key in ["blocked", "hideStory"] {
        if says(person, key) {
            contact.extra.push((key.to_owned(), "true".to_owned()));
        }
    }
    for key in ["visibility", "identityState"] {
        contact.extra.extend(text(person, key).map(|value| (key.to_owned(), value)));
    }
    if let Some(gone) = person.get("notRegistered") {
        let since = text(gone, "unregisteredTimestamp").unwrap_or_default();
        contact.extra.push(("unregisteredTimestamp".to_owned(), since));
    }
}
