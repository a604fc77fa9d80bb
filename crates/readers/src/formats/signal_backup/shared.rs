//! Contacts and links that were shared in a message: JSON texts in columns of their own.

use model::record::Inside;
use serde_json::Value;

/// `shared_contacts`: `[{"name": {"displayName", …}, "phoneNumbers": [{"number"}], "emails": [{"email"}]}]`.
pub(super) fn contacts(text: &str) -> Option<Vec<Inside>> {
    let contact = |contact: &Value| {
        let name = contact.get("name");
        let part = |key: &str| name?.get(key)?.as_str().map(str::to_owned);
        let given = [part("givenName"), part("familyName")];
        let given = given.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let list = |list: &str, key: &str| {
            let entries = contact.get(list).and_then(Value::as_array).into_iter().flatten();
            entries.filter_map(|entry| entry.get(key)?.as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        let mut numbers = list("phoneNumbers", "number");
        numbers.extend(list("emails", "email"));
        let name = part("displayName").or_else(|| Some(given).filter(|given| !given.is_empty()));
        Inside::Contact { name, numbers }
    };
    Some(serde_json::from_str::<Value>(text).ok()?.as_array()?.iter().map(contact).collect())
}

/// `link_previews`: `[{"url", "title", …}]`.
pub(super) fn links(text: &str) -> Option<Vec<Inside>> {
    let link = |link: &Value| {
        let part = |key: &str| link.get(key).and_then(Value::as_str).map(str::to_owned);
        Inside::Link {
            url: part("url").unwrap_or_default(),
            title: part("title").filter(|title| !title.is_empty()),
        }
    };
    Some(serde_json::from_str::<Value>(text).ok()?.as_array()?.iter().map(link).collect())
}
