//! What the properties of a card say of a person, as a contact.

use model::record::{Contact, Identifier, IdentifierKind, Precision, TimeReading, wall_ms};

use super::property::{Property, components, text};

/// The contact that a card's properties make, in their order.
pub(super) fn contact(properties: &[Property]) -> Contact {
    let mut contact = Contact { app: "vcard".to_owned(), ..Contact::default() };
    let mut names = Names::default();
    for property in properties {
        let value = || text(&property.value);
        let mut identifier = |kind, label: Option<String>| {
            let value = value();
            if !value.is_empty() {
                let label = label_of(property, properties).or(label);
                contact.identifiers.push(Identifier { kind, value, label });
            }
        };
        match property.name.as_str() {
            _ if property.is_binary => contact.extra.push((property.head.clone(), size(property))),
            "FN" => names.shown.push(value()),
            "N" => names.parts(property),
            "NICKNAME" => names.nick.push(value()),
            "ORG" => {
                let org = components(&property.value).into_iter().filter(|part| !part.is_empty());
                names.organisation = Some(org.collect::<Vec<_>>().join(", "));
                contact.extra.push((property.head.clone(), property.value.trim().to_owned()));
            }
            "TEL" => {
                identifier(IdentifierKind::Phone, None);
                if let Some(account) = property.parameter("WAID") {
                    let (value, label) = (account.to_owned(), Some("WhatsApp".to_owned()));
                    contact.identifiers.push(Identifier { kind: IdentifierKind::Account, value, label });
                }
            }
            "EMAIL" => identifier(IdentifierKind::Mail, None),
            "ADR" => {
                let parts = components(&property.value).into_iter().filter(|part| !part.is_empty());
                let value = parts.collect::<Vec<_>>().join(", ");
                if !value.is_empty() {
                    let label = label_of(property, properties);
                    contact.identifiers.push(Identifier { kind: IdentifierKind::Address, value, label });
                }
            }
            "URL" => identifier(IdentifierKind::Url, None),
            "NOTE" => match &mut contact.note {
                Some(note) => {
                    note.push('\n');
                    note.push_str(&value());
                }
                none => *none = Some(value()),
            },
            "UID" | "X-ABUID" if contact.id.is_none() => contact.id = Some(value()),
            "REV" if contact.changed.is_none() && !value().is_empty() => {
                contact.changed = Some(revision(value()));
            }
            "X-ABLABEL" if names_something(property, properties) => {}
            name if service(name).is_some() => {
                let stated = property.parameter("X-SERVICE-TYPE").or(property.parameter("SERVICE-TYPE"));
                identifier(IdentifierKind::Account, stated.or(service(name)).map(str::to_owned));
            }
            _ => contact.extra.push((property.head.clone(), value())),
        }
        let in_extra = contact.extra.last().is_some_and(|(head, _)| *head == property.head);
        if property.says_more() && !in_extra {
            contact.extra.push((property.head.clone(), value()));
        }
    }
    contact.names = names.in_order();
    contact
}

#[derive(Default)]
struct Names {
    shown: Vec<String>,
    built: Option<String>,
    nick: Vec<String>,
    organisation: Option<String>,
}

impl Names {
    /// Family; given; further; before; after.
    fn parts(&mut self, property: &Property) {
        let parts = components(&property.value);
        let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
        let words = [part(3), part(1), part(2), part(0), part(4)];
        let built = words.iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>().join(" ");
        self.built = Some(built).filter(|built| !built.is_empty()).or(self.built.take());
    }

    fn in_order(self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let organisation = self.organisation.into_iter();
        for name in self.shown.into_iter().chain(self.built).chain(self.nick).chain(organisation) {
            if !name.trim().is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// The services whose accounts have a property of their own.
fn service(name: &str) -> Option<&'static str> {
    const SERVICES: &[(&str, &str)] = &[
        ("IMPP", ""),
        ("SOCIALPROFILE", ""),
        ("X-SOCIALPROFILE", ""),
        ("X-SKYPE", "Skype"),
        ("X-SKYPE-USERNAME", "Skype"),
        ("X-JABBER", "Jabber"),
        ("X-ICQ", "ICQ"),
        ("X-AIM", "AIM"),
        ("X-MSN", "MSN"),
        ("X-YAHOO", "Yahoo"),
        ("X-QQ", "QQ"),
        ("X-GTALK", "Google Talk"),
        ("X-GOOGLE-TALK", "Google Talk"),
        ("X-WHATSAPP", "WhatsApp"),
        ("X-TELEGRAM", "Telegram"),
        ("X-SIGNAL", "Signal"),
        ("X-VIBER", "Viber"),
        ("X-TWITTER", "Twitter"),
        ("X-FACEBOOK", "Facebook"),
        ("X-INSTAGRAM", "Instagram"),
    ];
    SERVICES.iter().find(|(known, _)| *known == name).map(|(_, service)| *service)
}

/// The label that a person gave it, or its types.
fn label_of(property: &Property, all: &[Property]) -> Option<String> {
    let label = property.group.as_ref().and_then(|group| {
        all.iter().find(|other| other.name == "X-ABLABEL" && other.group.as_ref() == Some(group))
    });
    let label = label.map(|label| {
        let label = text(&label.value);
        // Apple's own labels are written `_$!<Home>!$_`.
        let inner = label.strip_prefix("_$!<").and_then(|label| label.strip_suffix(">!$_"));
        inner.map(str::to_owned).unwrap_or(label)
    });
    label.filter(|label| !label.is_empty()).or_else(|| property.types())
}

/// Whether a label belongs to a property that shows it.
fn names_something(label: &Property, all: &[Property]) -> bool {
    let shows = |other: &&Property| {
        matches!(other.name.as_str(), "TEL" | "EMAIL" | "ADR" | "URL") || service(&other.name).is_some()
    };
    label.group.is_some() && all.iter().filter(shows).any(|other| other.group == label.group)
}

/// How large the bytes of a picture or key are.
fn size(property: &Property) -> String {
    let letters = property.length.saturating_sub(property.head.len() as u64);
    format!("about {} bytes", letters / 4 * 3)
}

/// When a card was changed: ISO 8601, with or without marks between the numbers.
fn revision(raw: String) -> TimeReading {
    let Some((wall, precision)) = wall(&raw) else { return TimeReading::wall(raw, None, Precision::Second) };
    let clock = raw.split_once('T').map_or("", |(_, clock)| clock);
    if clock.ends_with('Z') {
        return TimeReading::utc(raw, Some(wall), precision);
    }
    match offset(clock) {
        Some(minutes) => {
            let utc = wall.checked_sub(i64::from(minutes).saturating_mul(60_000));
            TimeReading::with_offset(raw, utc, minutes, precision)
        }
        None => TimeReading::wall(raw, Some(wall), precision),
    }
}

fn wall(raw: &str) -> Option<(i64, Precision)> {
    let (date, clock) = raw.split_once('T').unwrap_or((raw, ""));
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let number = |text: &str, from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let date = digits(date);
    let clock = digits(clock.split(['Z', '+', '-', '.', ',']).next().unwrap_or_default());
    if date.len() != 8 {
        return None;
    }
    let day = (number(&date, 0, 4)?, number(&date, 4, 6)?, number(&date, 6, 8)?);
    let (time, precision) = match clock.len() {
        0 => ((0, 0, 0), Precision::Day),
        4 => ((number(&clock, 0, 2)?, number(&clock, 2, 4)?, 0), Precision::Minute),
        6 => ((number(&clock, 0, 2)?, number(&clock, 2, 4)?, number(&clock, 4, 6)?), Precision::Second),
        _ => return None,
    };
    Some((wall_ms(day, time)?, precision))
}

fn offset(clock: &str) -> Option<i16> {
    let at = clock.find(['+', '-'])?;
    let sign = if clock.get(at..)?.starts_with('-') { -1 } else { 1 };
    let digits: String = clock.get(at..)?.chars().filter(char::is_ascii_digit).take(4).collect();
    let hours: i16 = digits.get(..2)?.parse().ok()?;
    let minutes: i16 = digits.get(2..4).map_or(Some(0), |minutes| minutes.parse().ok())?;
    (hours < 24 && minutes < 60).then(|| sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_change() {
        let at = 1_785_369_600_000; // 2026-07-30 00:00:00
        assert_eq!(revision("2026-07-30T00:00:00Z".to_owned()).first_ms, Some(at));
        assert_eq!(revision("20260730T020000+0200".to_owned()).first_ms, Some(at));
        assert_eq!(revision("2026-07-30".to_owned()).precision, Precision::Day);
        assert_eq!(revision("never".to_owned()).first_ms, None);
    }
}
