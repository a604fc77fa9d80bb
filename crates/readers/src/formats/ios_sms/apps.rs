//! Messages that an app made: links with a preview, shared places, Find My, Check In, and any other.
//!
//! `balloon_bundle_id` names the app, `payload_data` is a keyed archive: for links a `LPLinkMetadata`, for
//! apps a dictionary with the app's name (`an`), the text for those who do not have it (`ldtext`), captions
//! (`userInfo`) and an address (`URL`). Deliberately no attempt at what an app packs into its address.

use model::record::{Extra, Inside, Point};

use crate::property_list::{PropertyList, Value};

/// The longest address that is kept.
const ADDRESS_MOST: usize = 4000;

/// What a message of an app says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct AppMessage {
    pub(super) inside: Vec<Inside>,
    pub(super) extra: Extra,
}

/// Apps by a part of their bundle, and the word for them.
const APPS: [(&str, &str); 8] = [
    ("findmy.FindMyMessagesApp", "find-my"),
    ("SafetyMonitor", "check-in"),
    ("PeerPayment", "apple-cash"),
    ("DigitalTouch", "digital-touch"),
    ("Handwriting", "handwriting"),
    ("mobileslideshow", "photos"),
    ("BusinessExtension", "business"),
    ("ActivityMessagesApp", "fitness"),
];

/// Reads the message of an app.
pub(super) fn read(bundle: &str, payload: &[u8]) -> AppMessage {
    let mut message = AppMessage::default();
    let list = PropertyList::open(payload);
    let root = list.as_ref().and_then(PropertyList::root);
    if bundle.ends_with("URLBalloonProvider") {
        if let Some(root) = root {
            link(root, &mut message);
        }
        return message;
    }
    let app = root.and_then(|root| root.archived("an")).and_then(Value::text);
    let word = APPS.iter().find(|(part, _)| bundle.contains(part)).map(|(_, word)| *word);
    let word =
        word.map_or_else(|| bundle.rsplit([':', '.']).next().unwrap_or(bundle).to_owned(), str::to_owned);
    let text = root.and_then(says);
    let what = text.map_or_else(|| word.clone(), |text| format!("{word}: {text}"));
    message.inside.push(Inside::Change { what, about: Vec::new() });
    message.extra.extend(app.map(|app| ("app.name".to_owned(), app)));
    if let Some(info) = root.and_then(|root| root.archived("userInfo")) {
        for name in ["caption", "subcaption", "secondary-subcaption", "tertiary-subcaption", "image-title"] {
            let text = info.archived(name).and_then(Value::text);
            message.extra.extend(text.map(|text| (format!("app.{name}"), text)));
        }
    }
    let address = root.and_then(|root| root.archived("URL")).and_then(Value::text);
    message.extra.extend(address.map(|address| ("app.url".to_owned(), cut(address))));
    message
}

/// The text that stands for the app's message.
fn says(root: Value<'_>) -> Option<String> {
    let caption = || root.archived("userInfo")?.archived("caption")?.text();
    let label = || root.archived("AccessibilityLabel")?.text();
    root.archived("ldtext").and_then(Value::text).or_else(caption).or_else(label)
}

fn link(root: Value<'_>, message: &mut AppMessage) {
    let Some(data) = root.get("richLinkMetadata").or_else(|| root.get("metadata")) else { return };
    let url = data.get("originalURL").or_else(|| data.get("URL")).and_then(Value::text);
    let title = data.get("title").and_then(Value::text);
    let special = data.get("specialization2").or_else(|| data.get("specialization"));
    let named = |name: &str| special.and_then(|special| special.get(name)).and_then(Value::text);
    if special.is_some_and(|special| special.get("addressComponents").is_some()) {
        let name = [named("name"), named("address")].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let name = Some(name).filter(|name| !name.is_empty()).or_else(|| title.clone());
        let point = url.as_deref().and_then(point);
        message.inside.push(Inside::Location { point, name, live: false });
    }
    for name in ["summary", "siteName"] {
        let text = data.get(name).and_then(Value::text);
        message.extra.extend(text.map(|text| (format!("link.{name}"), text)));
    }
    for name in ["artist", "album", "name"] {
        message.extra.extend(named(name).map(|text| (format!("link.{name}"), text)));
    }
    if let Some(url) = url {
        message.inside.push(Inside::Link { url: cut(url), title });
    }
}

/// The point in an address of Apple's maps: `ll=` or `coordinate=`, degrees north and east.
fn point(url: &str) -> Option<Point> {
    let (_, query) = url.split_once('?')?;
    let value = query.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        ["ll", "coordinate"].contains(&name).then_some(value)
    })?;
    let (north, east) = value.split_once(',').or_else(|| value.split_once("%2C"))?;
    Point::new(north.parse().ok()?, east.parse().ok()?)
}

fn cut(text: String) -> String {
    if text.len() <= ADDRESS_MOST {
        return text;
    }
    let kept: String = text.chars().take(ADDRESS_MOST).collect();
    format!("{kept} … ({} bytes)", text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn real(bundle: &str, path: &str) -> Option<AppMessage> {
        let bytes = crate::shared_data::real(&format!("imessage-exporter/test_data/{path}.plist"))?;
        Some(read(bundle, &bytes))
    }

    const PLUGIN: &str = "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:com.apple.";
    const LINK: &str = "com.apple.messages.URLBalloonProvider";

    fn change(app: &str, file: &str) -> Option<String> {
        let message = real(&format!("{PLUGIN}{app}"), &format!("app_message/{file}"))?;
        match message.inside.into_iter().next() {
            Some(Inside::Change { what, .. }) => Some(what),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn real_find_my_and_check_in() {
        let check_in = "SafetyMonitorApp.SafetyMonitorMessages";
        let Some(what) = change("findmy.FindMyMessagesApp", "FindMy") else { return };
        assert_eq!(what, "find-my: Started Sharing Location");
        assert_eq!(change(check_in, "CheckinTimer").unwrap(), "check-in: Check\u{a0}In: Timer Started");
        let late = "check-in: Check\u{a0}In: Has not checked in when expected, location shared";
        assert_eq!(change(check_in, "CheckinLate").unwrap(), late);
        assert_eq!(change(check_in, "CheckinEnded").unwrap(), "check-in: Check\u{a0}In: Ended");
        assert_eq!(change(check_in, "CheckinLocation").unwrap(), "check-in: Check\u{a0}In: Fake Location");
        let cash = change("PassbookUIService.PeerPaymentMessagesExtension", "Sent265").unwrap();
        assert_eq!(cash, "apple-cash: Sent $265 with Apple\u{a0}Pay.");
        for file in ["Game", "Slideshow", "OpenTableInvited", "ApplePayRecurring", "Business"] {
            assert!(change("unknown.App", file).unwrap().len() > "App: ".len(), "{file}");
        }
    }

    #[test]
    fn real_links_and_places() {
        let Some(message) = real(LINK, "url_message/URL") else { return };
        let url = "https://chrissardegna.com".to_owned();
        let link = Inside::Link { url: url.clone(), title: Some("Christopher Sardegna".to_owned()) };
        assert_eq!(message.inside, std::slice::from_ref(&link));
        assert_eq!(real(LINK, "url_message/MetadataURL").unwrap().inside, [link]);
        for file in [
            "url_message/Twitter",
            "url_message/Reminder",
            "app_store/AppStoreLink",
            "music_message/AppleMusic",
            "collaboration_message/Freeform",
        ] {
            let message = real(LINK, file).unwrap();
            assert!(matches!(message.inside.last(), Some(Inside::Link { .. })), "{file} {message:?}");
        }
        let place = real(LINK, "shared_placemark/SharedPlacemark").unwrap();
        let point = Point::new(33.450_858, -118.508_212);
        let name = Some("Cherry Cove, Cherry Cove, Avalon".to_owned());
        assert_eq!(place.inside[0], Inside::Location { point, name, live: false });
    }

    #[test]
    fn an_app_whose_payload_cannot_be_read_is_named() {
        let message = read("com.apple.DigitalTouchBalloonProvider", b"\x08\x01");
        assert_eq!(message.inside, [Inside::Change { what: "digital-touch".to_owned(), about: Vec::new() }]);
    }
}
