//! The card files of other programs' tests, as far as they are here.

use std::fs;
use std::path::PathBuf;

use model::record::{Contact, IdentifierKind, What};
use readers::Options;

use crate::honesty;
use crate::reading::read_files;

fn shared() -> PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let root = std::env::var_os("ASSERVAT_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    if root.join("data/messages").is_dir() { root.join("data/messages") } else { root }
}

/// The contacts of one file; none if it is not here.
fn contacts(path: &str) -> Option<Vec<Contact>> {
    let Ok(bytes) = fs::read(shared().join(path)) else {
        println!("skipped: {path}");
        return None;
    };
    let read =
        read_files(vec![(path.rsplit('/').next().unwrap().to_owned(), bytes)], &[], &Options::default());
    honesty::check(&read, path);
    assert!(read.kept.problems.is_empty(), "{:?}", read.kept.problems);
    let contact = |record: &model::record::Record| match &record.what {
        What::Contact(contact) => (**contact).clone(),
        other => panic!("{other:?}"),
    };
    Some(read.kept.records.iter().map(contact).collect())
}

fn numbers(contact: &Contact) -> Vec<&str> {
    let phones = contact.identifiers.iter().filter(|found| found.kind == IdentifierKind::Phone);
    phones.map(|found| found.value.as_str()).collect()
}

#[test]
fn contacts_of_whatsapp_chat_exporter() {
    let Some(found) = contacts("whatsapp-chat-exporter/contacts.vcf") else { return };
    assert_eq!(found.len(), 6);
    assert_eq!(found[0].names, ["Sample Contact"]);
    assert_eq!(found[1].names, ["Yard Lawn Guy, Jose Lopez", "Yard Lawn Guy Jose Lopez"]);
    assert!(found[2].names[0].starts_with("John Butler \u{1f31f}\u{1f4ab}"));
    assert_eq!(numbers(&found[3]), ["1234567890"]);
    assert!(found[3].note.as_deref().unwrap().starts_with("Spirit Airlines 800-772-7117"));
    assert_eq!(found[5].names, ["AAA Car Service"]);
}

#[test]
fn cards_of_msgvault() {
    let folder = "msgvault/vcard/testdata";
    let Some(quoted) = contacts(&format!("{folder}/v21-quoted-printable.vcf")) else { return };
    assert_eq!(quoted[0].names, ["Ren\u{e9}  Dupont"]);
    let groups = contacts(&format!("{folder}/v3-apple-groups.vcf")).unwrap();
    let labels: Vec<_> = groups[0].identifiers.iter().map(|found| found.label.as_deref().unwrap()).collect();
    assert_eq!(labels, ["Home", "iPhone"]);
    assert_eq!(groups[0].id.as_deref(), Some("synthetic-apple-uid"));
    let registry = contacts(&format!("{folder}/v4-registry-smoke.vcf")).unwrap();
    assert_eq!(registry.len(), 1);
    // Every property is a field or kept beside it: 45 lines between BEGIN and END.
    assert!(registry[0].extra.len() >= 33, "{:?}", registry[0].extra);
    assert!(registry[0].changed.as_ref().unwrap().first_ms.is_some());
    let newer = contacts(&format!("{folder}/v4-rfc9554.vcf")).unwrap();
    assert!(newer[0].extra.iter().any(|(name, value)| name.starts_with("PRONOUNS") && value == "she/her"));
    let unknown = contacts(&format!("{folder}/unknown-extensions.vcf")).unwrap();
    assert!(unknown[0].extra.iter().any(|(name, _)| name == "item9.X-LABEL"));
}

#[test]
fn cards_shared_in_telegram() {
    let path = "chat-history-manager-rust/test/telegram_2020-01/chats/chat_08/contacts/contact_1.vcard";
    let Some(found) = contacts(path) else { return };
    assert_eq!(numbers(&found[0]), ["+998909990099"]);
    assert!(found[0].names.is_empty());
}
