//! What an account's export holds beside chats: the own account, contacts, sessions, pictures.

use model::record::{
    self, Contact, Event, Extra, Identifier, IdentifierKind, ProblemKind, TimeReading, What,
};
use serde_json::Value;

use crate::json::Step;
use crate::part::{self, Object};
use crate::tally::Became;
use crate::telegram;

/// What is known of the owner.
#[derive(Default)]
pub(super) struct Account {
    /// The own number.
    pub(super) user_id: Option<String>,
}

impl Account {
    /// What an element outside the chats is.
    pub(super) fn record(&mut self, path: &[Step], value: Value) -> Became {
        let [Step::Key(first), ..] = path else {
            return Became::Problem(ProblemKind::NotUnderstood, "an object");
        };
        let Value::Object(object) = value else {
            return match part::as_text(value) {
                Some(text) => Became::Record(event(first, None, Some(text), Extra::new())),
                None => Became::Problem(ProblemKind::NotUnderstood, "an object"),
            };
        };
        match first.as_str() {
            "personal_information" => Became::Record(self.own(object)),
            "contacts" => Became::Record(contact(object)),
            "frequent_contacts" => Became::Record(frequent(object)),
            "sessions" => Became::Record(dated("session", "last_active", object)),
            "web_sessions" => Became::Record(dated("web_session", "last_active", object)),
            "profile_pictures" => Became::Record(dated("profile_picture", "date", object)),
            "stories" => Became::Record(dated("story", "date", object)),
            other => {
                let mut extra = Extra::new();
                part::put_rest(&mut extra, "", object);
                Became::Record(event(other, None, None, extra))
            }
        }
    }

    fn own(&mut self, mut object: Object) -> What {
        let mut account = record::Account { app: "telegram".to_owned(), ..record::Account::default() };
        self.user_id = part::take_scalar(&mut object, "user_id");
        account.names.extend(name(&mut object));
        let ids = self.user_id.iter().map(|id| identifier(IdentifierKind::Account, id, "user_id"));
        account.identifiers.extend(ids);
        for (key, kind) in [("phone_number", IdentifierKind::Phone), ("username", IdentifierKind::Account)] {
            let found = part::take_text(&mut object, key);
            account.identifiers.extend(found.map(|value| identifier(kind, &value, key)));
        }
        part::put_rest(&mut account.extra, "", object);
        What::Account(Box::new(account))
    }
}

fn identifier(kind: IdentifierKind, value: &str, label: &str) -> Identifier {
    Identifier { kind, value: value.to_owned(), label: Some(label.to_owned()) }
}

/// First and last name as they are shown.
fn name(object: &mut Object) -> Option<String> {
    let parts = ["first_name", "last_name"].map(|key| part::take_text(object, key));
    let name: Vec<String> = parts.into_iter().flatten().collect();
    (!name.is_empty()).then(|| name.join(" "))
}

fn contact(mut object: Object) -> What {
    let mut contact = Contact { app: "telegram".to_owned(), ..Contact::default() };
    // Nobody has the number 0: the contact has no account.
    contact.id = part::take_scalar(&mut object, "user_id").filter(|id| id != "0");
    contact.names.extend(name(&mut object));
    let phone = part::take_text(&mut object, "phone_number");
    contact.identifiers.extend(phone.map(|phone| identifier(IdentifierKind::Phone, &phone, "phone_number")));
    contact.changed = time(&mut object, "date");
    part::put_rest(&mut contact.extra, "", object);
    What::Contact(Box::new(contact))
}

fn frequent(mut object: Object) -> What {
    let name = part::take_text(&mut object, "name");
    let mut extra = Extra::new();
    part::put_rest(&mut extra, "", object);
    event("frequent_contact", None, name, extra)
}

fn dated(kind: &str, key: &str, mut object: Object) -> What {
    let at = time(&mut object, key);
    let mut extra = Extra::new();
    part::put_rest(&mut extra, "", object);
    event(kind, at, None, extra)
}

/// The time under a key and its `_unixtime`; the count of seconds stays beside it.
fn time(object: &mut Object, key: &str) -> Option<TimeReading> {
    let wall = part::take_text(object, key);
    let unix = object.get(&format!("{key}_unixtime")).and_then(telegram::whole_number);
    telegram::time(wall, unix)
}

fn event(kind: &str, at: Option<TimeReading>, text: Option<String>, extra: Extra) -> What {
    let (app, kind) = ("telegram".to_owned(), kind.to_owned());
    What::Event(Box::new(Event { app, kind, at, text, extra }))
}
