//! The identifiers of a record: in its texts, and those that its source gives as such.

use index::{Field, searched};
use model::record::{IdentifierKind, Record, What};

use super::{Context, Found, Kind, find, phone};

/// The identifiers of a record with the number of the text that each stands in, of those that
/// [`index::searched`] gives; `steps` is the path of its file.
pub fn in_record(record: &Record, steps: &[String], context: &Context) -> Vec<(usize, Found)> {
    let mut found = Vec::new();
    for (part, text) in searched(record, steps).iter().enumerate() {
        match text.field {
            Field::Identifier => found.extend(given(record, text.text, context).map(|one| (part, one))),
            Field::Change => {}
            _ => found.extend(find(text.text, context).into_iter().map(|one| (part, one))),
        }
    }
    found
}

/// What a source gives as an identifier is one, whatever it looks like.
fn given(record: &Record, written: &str, context: &Context) -> Option<Found> {
    let place = 0..written.len();
    let service = match &record.what {
        What::Message(message) => message.app.as_str(),
        What::Call(call) => call.app.as_str(),
        What::Contact(contact) => contact.app.as_str(),
        What::Account(account) => account.app.as_str(),
        _ => return None,
    };
    if let Some(key) = phone::of_identifier(service, written, context) {
        return Some(Found { kind: Kind::Phone, place, key, rule: "given-by-source" });
    }
    if let Some(found) = find(written, context).into_iter().find(|found| found.place == place) {
        return Some(Found { rule: "given-by-source", ..found });
    }
    if is_address(record, written) {
        return None;
    }
    let key = format!("{service}:{}", written.to_lowercase());
    Some(Found { kind: Kind::Handle, place, key, rule: "given-by-source" })
}

/// Whether a contact names it as a postal address.
fn is_address(record: &Record, written: &str) -> bool {
    let identifiers = match &record.what {
        What::Contact(contact) => &contact.identifiers,
        What::Account(account) => &account.identifiers,
        _ => return false,
    };
    identifiers.iter().any(|one| one.kind == IdentifierKind::Address && one.value == written)
}
