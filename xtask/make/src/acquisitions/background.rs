//! The ordinary: apps, domains, words of messages, log lines, as every phone has them. All invented except
//! names that every phone has.

use super::Random;

/// Apps of the system and of everybody, with who installed them.
const KNOWN_APPS: &[(&str, &str)] = &[
    ("android", ""),
    ("com.android.settings", ""),
    ("com.android.systemui", ""),
    ("com.android.phone", ""),
    ("com.android.providers.telephony", ""),
    ("com.android.vending", ""),
    ("com.google.android.gms", ""),
    ("com.google.android.inputmethod.latin", ""),
    ("com.google.android.apps.maps", "com.android.vending"),
    ("com.whatsapp", "com.android.vending"),
    ("org.thoughtcrime.securesms", "com.android.vending"),
    ("org.mozilla.firefox", "com.android.vending"),
    ("com.spotify.music", "com.android.vending"),
];

/// An ordinary app.
#[derive(Clone, Debug)]
pub(super) struct Ordinary {
    /// Its identifier.
    pub(super) id: String,
    /// Who installed it; empty for what came with the device.
    pub(super) installer: &'static str,
    /// How many permissions it asks for.
    pub(super) permissions: u64,
}

/// So many ordinary apps: two thirds came with the device.
pub(super) fn apps(count: u64, random: &mut Random) -> Vec<Ordinary> {
    let known = KNOWN_APPS.iter().map(|(id, installer)| ((*id).to_owned(), *installer));
    let invented = (0..).map(|number: u64| match number % 3 {
        0 => (format!("com.example.{}{number}", word(number)), "com.android.vending"),
        1 => (format!("com.android.{}{number}", word(number)), ""),
        _ => (format!("com.example.maker.{}{number}", word(number)), ""),
    });
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    known
        .chain(invented)
        .take(count)
        .map(|(id, installer)| Ordinary { id, installer, permissions: 5 + random.below(25) })
        .collect()
}

/// Apps of everybody's iPhone, from the store.
const KNOWN_IPHONE_APPS: &[&str] =
    &["net.whatsapp.WhatsApp", "com.google.Maps", "com.spotify.client", "org.mozilla.ios.Firefox"];

/// So many ordinary apps of an iPhone: identifier and name.
pub(super) fn iphone_apps(count: u64) -> Vec<(String, String)> {
    let known = KNOWN_IPHONE_APPS.iter().map(|id| {
        let name = id.rsplit('.').next().unwrap_or_default();
        ((*id).to_owned(), name.to_owned())
    });
    let invented = (0..).map(|number| {
        let word = word(number * 3);
        (format!("com.example.{word}{number}"), format!("Erfunden {word} {number}"))
    });
    known.chain(invented).take(usize::try_from(count).unwrap_or(usize::MAX)).collect()
}

const WORDS_OF_APPS: [&str; 8] = ["wetter", "spiel", "bus", "bank", "radio", "kamera", "notiz", "laden"];

/// One of the words.
fn word(number: u64) -> &'static str {
    let at = usize::try_from(number / 3 % 8).unwrap_or(0);
    WORDS_OF_APPS.get(at).copied().unwrap_or_default()
}

/// Permissions that apps ask for.
pub(super) const PERMISSIONS: &[&str] = &[
    "INTERNET",
    "ACCESS_NETWORK_STATE",
    "WAKE_LOCK",
    "VIBRATE",
    "FOREGROUND_SERVICE",
    "ACCESS_WIFI_STATE",
    "CAMERA",
    "READ_EXTERNAL_STORAGE",
    "POST_NOTIFICATIONS",
    "ACCESS_COARSE_LOCATION",
    "BLUETOOTH",
    "NFC",
    "USE_BIOMETRIC",
    "READ_CONTACTS",
    "RECORD_AUDIO",
];

const WORDS: &[&str] = &[
    "heute",
    "morgen",
    "komme",
    "später",
    "Bahnhof",
    "bitte",
    "danke",
    "Termin",
    "Arbeit",
    "zu",
    "Hause",
    "noch",
    "nicht",
    "ja",
    "nein",
    "vielleicht",
    "Einkauf",
    "Schlüssel",
    "Zug",
    "Essen",
    "Kind",
    "Schule",
    "Arzt",
    "Regen",
];

/// The text of an ordinary message.
pub(super) fn sentence(random: &mut Random) -> String {
    let count = 3 + random.below(14);
    let words: Vec<&str> = (0..count).map(|_| random.word(WORDS)).collect();
    words.join(" ")
}

const ENDS: &[&str] = &["example.com", "example.org", "example.net"];

/// An ordinary domain.
pub(super) fn domain(random: &mut Random) -> String {
    format!("{}{}.{}", random.word(&["www", "api", "cdn", "img", "m"]), random.below(5000), random.word(ENDS))
}

/// An ordinary address of a page.
pub(super) fn address(random: &mut Random) -> String {
    format!("https://{}/{}/{}", domain(random), random.word(WORDS_OF_APPS.as_slice()), random.below(100_000))
}

/// An ordinary path below a folder.
pub(super) fn path(folder: &str, number: u64, random: &mut Random) -> String {
    let end = random.word(&["so", "xml", "jar", "bin", "dat", "jpg", "odex", "json"]);
    format!("{folder}/{}{}/datei{number}.{end}", random.word(WORDS_OF_APPS.as_slice()), number % 97)
}

/// A line of the system's log.
pub(super) fn log_line(random: &mut Random) -> String {
    let tag =
        random.word(&["ActivityManager", "WifiService", "PowerManagerService", "chatty", "BatteryStats"]);
    format!(
        "11-{:02} {:02}:{:02}:{:02}.{:03} u0a{} {:5} {:5} {} {tag}: {} {}/{} flg=0x{:08x}",
        1 + random.below(20),
        random.below(24),
        random.below(60),
        random.below(60),
        random.below(1000),
        random.below(300),
        1000 + random.below(20_000),
        1000 + random.below(20_000),
        random.word(&["D", "I", "W", "V"]),
        random.word(&["Start proc", "Scheduling restart of", "Killing", "released"]),
        random.below(30_000),
        random.word(&["com.android.systemui", "com.google.android.gms", "com.whatsapp", "com.android.phone"]),
        random.below(u64::from(u32::MAX)),
    )
}
