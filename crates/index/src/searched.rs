//! What of a record is searched: its texts, names and identifiers, field by field.
//!
//! Deliberately left out: what a source says beyond the fields of a record (`extra`), reactions, raw times.

use std::collections::BTreeSet;

use model::record::{Attachment, Contact, Identifier, Inside, Message, Party, Record, What};
use text::{Spelling, find_numbers, normalise_into};

use crate::schema::FIELD_END;

/// Which field a text stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The text of a message or event.
    Text,
    /// A subject line.
    Subject,
    /// The text beside an attachment.
    Caption,
    /// An earlier text.
    EarlierText,
    /// The text of the message that is answered, as it was quoted.
    Quoted,
    /// The name of an attachment, or a step of the path of a file.
    FileName,
    /// The name of a chat or group.
    ChatName,
    /// The name of somebody.
    Name,
    /// A number, address or account of somebody.
    Identifier,
    /// A place: its name or address.
    Place,
    /// A poll's question or choice.
    Poll,
    /// A web address.
    Url,
    /// The title of a page, program or preview.
    Title,
    /// A note beside a contact.
    Note,
    /// The source's own word for a change or an event.
    Change,
}

/// A text of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'r> {
    /// Where it stands.
    pub field: Field,
    /// As the source has it.
    pub text: &'r str,
}

/// The texts of a record that are searched, empty ones left out, in a fixed order; `steps` is the path of its
/// file, which is searched for records that stand for a file.
pub fn searched<'r>(record: &'r Record, steps: &'r [String]) -> Vec<Part<'r>> {
    let mut parts = Parts(Vec::new());
    match &record.what {
        What::Message(message) => parts.message(message),
        What::Call(call) => {
            for party in &call.others {
                parts.party(party);
            }
            parts.chat(call.group.as_ref().and_then(|group| group.name.as_deref()));
            parts.add(Field::Identifier, call.group.as_ref().and_then(|group| group.id.as_deref()));
        }
        What::Contact(contact) => parts.contact(contact),
        What::Account(account) => parts.names(&account.names, &account.identifiers),
        What::Location(fix) => parts.add(Field::Place, fix.name.as_deref()),
        What::App(app) => {
            parts.add(Field::Title, app.name.as_deref());
            parts.add(Field::Identifier, Some(&app.id));
        }
        What::Visit(visit) => {
            parts.add(Field::Url, Some(&visit.url));
            parts.add(Field::Title, visit.title.as_deref());
        }
        What::Event(event) => {
            parts.add(Field::Text, event.text.as_deref());
            parts.add(Field::Change, Some(&event.kind));
        }
        What::Media(_) | What::File(_) => {
            for step in steps {
                parts.add(Field::FileName, Some(step));
            }
        }
    }
    parts.0
}

struct Parts<'r>(Vec<Part<'r>>);

impl<'r> Parts<'r> {
    fn add(&mut self, field: Field, text: Option<&'r str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.0.push(Part { field, text });
        }
    }

    fn chat(&mut self, name: Option<&'r str>) {
        self.add(Field::ChatName, name);
    }

    fn party(&mut self, party: &'r Party) {
        self.add(Field::Name, party.name.as_deref());
        self.add(Field::Identifier, party.id.as_deref());
    }

    fn message(&mut self, message: &'r Message) {
        self.add(Field::Text, message.text.as_deref());
        self.add(Field::Subject, message.subject.as_deref());
        for attachment in &message.attachments {
            self.attachment(attachment);
        }
        for inside in &message.inside {
            self.inside(inside);
        }
        for version in &message.versions {
            self.add(Field::EarlierText, version.text.as_deref());
        }
        self.add(Field::Quoted, message.quoted.as_ref().and_then(|quoted| quoted.text.as_deref()));
        if let Some(party) = &message.sender {
            self.party(party);
        }
        for party in &message.recipients {
            self.party(party);
        }
        // The chat of two is named after the other one, who stands there already.
        let chat = message.chat.name.as_deref();
        let sender = message.sender.as_ref().and_then(|sender| sender.name.as_deref());
        self.chat(chat.filter(|_| chat != sender));
    }

    fn attachment(&mut self, attachment: &'r Attachment) {
        self.add(Field::Caption, attachment.caption.as_deref());
        self.add(Field::FileName, attachment.name.as_deref());
    }

    fn inside(&mut self, inside: &'r Inside) {
        match inside {
            Inside::Location { name, .. } => self.add(Field::Place, name.as_deref()),
            Inside::Contact { name, numbers } => {
                self.add(Field::Name, name.as_deref());
                for number in numbers {
                    self.add(Field::Identifier, Some(number));
                }
            }
            Inside::Poll { question, options } => {
                self.add(Field::Poll, Some(question));
                for option in options {
                    self.add(Field::Poll, Some(&option.text));
                }
            }
            Inside::Link { url, title } => {
                self.add(Field::Url, Some(url));
                self.add(Field::Title, title.as_deref());
            }
            Inside::Change { what, about } => {
                self.add(Field::Change, Some(what));
                for party in about {
                    self.party(party);
                }
            }
            Inside::Call { .. } => {}
        }
    }

    fn contact(&mut self, contact: &'r Contact) {
        self.names(&contact.names, &contact.identifiers);
        self.add(Field::Note, contact.note.as_deref());
    }

    fn names(&mut self, names: &'r [String], identifiers: &'r [Identifier]) {
        for name in names {
            self.add(Field::Name, Some(name));
        }
        for identifier in identifiers {
            self.add(Field::Identifier, Some(&identifier.value));
        }
    }
}

/// Makes shadow texts; the memory is used again.
#[derive(Default)]
pub(crate) struct Shadow {
    text: String,
    field: String,
}

impl Shadow {
    /// The shadow form of all fields, and the digits of the telephone numbers in them that are written with
    /// gaps; each with [`FIELD_END`] behind it.
    pub(crate) fn of(&mut self, parts: &[Part<'_>]) -> &str {
        self.text.clear();
        for part in parts {
            normalise_into(part.text, &mut self.field);
            if !self.field.is_empty() {
                self.text.push_str(&self.field);
                self.text.push_str(FIELD_END);
            }
        }
        self.add_digits();
        &self.text
    }

    fn add_digits(&mut self) {
        if !self.text.bytes().any(|byte| byte.is_ascii_digit()) {
            return;
        }
        let mut runs = BTreeSet::new();
        for (place, key) in find_numbers(&self.text) {
            let written = self.text.get(place).unwrap_or_default();
            if !written.contains(key.digits()) {
                // With its sign, or it would be a number of any country.
                let sign = if key.spelling() == Spelling::International { "+" } else { "" };
                runs.insert(format!("{sign}{}", key.digits()));
            }
        }
        for run in runs {
            self.text.push_str(&run);
            self.text.push_str(FIELD_END);
        }
    }
}

#[cfg(test)]
mod tests {
    use model::record::{FileNumber, Place};

    use super::*;

    // Names and numbers are invented.

    #[test]
    fn every_text_of_a_message_is_there() {
        let message = Message {
            text: Some("Wir treffen uns".to_owned()),
            subject: Some("Übergabe".to_owned()),
            sender: Some(Party { id: Some("+49 171 39200-11".to_owned()), name: Some("Mia".to_owned()) }),
            inside: vec![Inside::Poll { question: "Wann?".to_owned(), options: Vec::new() }],
            ..Message::default()
        };
        let what = What::Message(Box::new(message));
        let record = Record { file: FileNumber(0), place: Place::Whole, part: 0, what };
        let parts = searched(&record, &[]);
        let mut shadow = Shadow::default();
        let text = shadow.of(&parts).replace(FIELD_END, "|");
        assert_eq!(text, "wir treffen uns|ubergabe|wann?|mia|+49 171 39200-11|+491713920011|");
    }
}
