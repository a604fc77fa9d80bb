//! The contact cards that are sent in chats: name and numbers only.
//!
//! Follows vCard 2.1 and 3.0 (RFC 2426) as WhatsApp writes them. Deliberately no pictures and no other
//! properties: the card stays in the database as it is.

use model::record::Inside;

/// Most numbers and addresses that are taken from one card.
const NUMBERS_MOST: usize = 200;

/// The contact on a card; `name` is what the database calls it.
pub(crate) fn contact(card: &str, name: Option<String>) -> Inside {
    let (mut full, mut numbers) = (None, Vec::new());
    for line in unfolded(card) {
        let Some((head, value)) = line.split_once(':') else { continue };
        let property = head.split(';').next().unwrap_or_default();
        let property = property.rsplit('.').next().unwrap_or_default().to_ascii_uppercase();
        match property.as_str() {
            "FN" if full.is_none() => full = Some(plain(value)),
            "TEL" | "EMAIL" if numbers.len() < NUMBERS_MOST => numbers.push(plain(value)),
            _ => {}
        }
    }
    let full = full.filter(|name| !name.is_empty());
    numbers.retain(|number| !number.is_empty());
    Inside::Contact { name: full.or(name), numbers }
}

/// Lines with their continuations, which begin with a blank.
fn unfolded(card: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in card.lines() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn plain(value: &str) -> String {
    value.trim().replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_gives_name_and_numbers() {
        let card = "BEGIN:VCARD\nVERSION:3.0\nFN:Erfunden\\, Eva\nitem1.TEL;waid=491713920005:+49 171 3920\n \
                    005\nEND:VCARD";
        let expected = Inside::Contact {
            name: Some("Erfunden, Eva".to_owned()),
            numbers: vec!["+49 171 3920005".to_owned()],
        };
        assert_eq!(contact(card, None), expected);
        let unnamed = Inside::Contact { name: Some("Name".to_owned()), numbers: Vec::new() };
        assert_eq!(contact("no card", Some("Name".to_owned())), unnamed);
    }
}
