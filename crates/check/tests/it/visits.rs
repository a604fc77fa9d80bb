//! Pages visited, and what browsers and web views keep of addresses.

use check::{Kept, Question, TraceKind, Wholly};

use crate::databases::{database, database_of};
use crate::together::{looked, said_of, signs, traces};

fn visits(kept: &Kept) -> Vec<&str> {
    traces(kept, TraceKind::Visit)
}

const SAFARI: &str = "CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT);
    CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER, visit_time REAL,
        redirect_source INTEGER, redirect_destination INTEGER);
    CREATE TABLE history_tombstones (id INTEGER PRIMARY KEY, start_time REAL, url TEXT);";

#[test]
fn pages_of_safari_and_quick_redirects() {
    let history = database_of(&format!(
        "{SAFARI}
         INSERT INTO history_items VALUES (1, 'http://news.example/'), (2, 'https://attack.example/x'),
            (3, 'https://www.news.example/'), (4, 'https://slow.example/'), (5, 'https://never.example/');
         INSERT INTO history_visits VALUES
            (10, 1, 700000100.0, NULL, 11), (11, 2, 700000100.2, 10, NULL),
            (12, 1, 700000000.0, NULL, 13), (13, 3, 700000000.1, 12, NULL),
            (14, 1, 700000200.0, NULL, 15), (15, 4, 700000202.0, 14, NULL),
            (16, 1, 700000300.0, NULL, 99), (17, 4, 700000400.0, NULL, 11);
         INSERT INTO history_tombstones VALUES (1, 700000000.0, 'https://deleted.example/');"
    ));
    let kept = said_of(vec![("HomeDomain/Library/Safari/History.db", history)]);
    assert_eq!(
        visits(&kept),
        [
            "http://news.example/",
            "https://attack.example/x",
            "https://www.news.example/",
            "https://slow.example/",
            "https://never.example/",
            "https://deleted.example/",
        ]
    );
    assert_eq!(signs(&kept, "rapid-redirect"), ["http://news.example/ -> https://attack.example/x (200 ms)"]);
    assert_eq!(looked(&kept, Question::Visits), Some((Wholly::Yes, 14)));
}

#[test]
fn many_redirects_cost_no_more_than_their_number() {
    let history = database(|connection| {
        connection.execute_batch(SAFARI).unwrap();
        connection
            .execute_batch(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
                 INSERT INTO history_items SELECT i, 'http://host' || i || '.example/' FROM n;
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
                 INSERT INTO history_visits SELECT i, i, 700000000 + i * 0.001, NULL, i + 1 FROM n;",
            )
            .unwrap();
    });
    let kept = said_of(vec![("History.db", history)]);
    assert_eq!(signs(&kept, "rapid-redirect").len(), 1000);
    assert_eq!(visits(&kept).len(), 60_000);
}

#[test]
fn pages_of_chrome_and_what_was_downloaded() {
    let history = database_of(
        "CREATE TABLE urls (id INTEGER PRIMARY KEY, url TEXT, last_visit_time INTEGER);
         CREATE TABLE visits (id INTEGER PRIMARY KEY, url INTEGER, visit_time INTEGER);
         CREATE TABLE downloads (id INTEGER PRIMARY KEY, target_path TEXT, tab_url TEXT, hash BLOB,
         start_time INTEGER);
         CREATE TABLE downloads_url_chains (id INTEGER, chain_index INTEGER, url TEXT, PRIMARY KEY (id,
         chain_index));
         INSERT INTO urls VALUES (1, 'https://chrome.example/', 13412780800250000);
         INSERT INTO downloads VALUES (1, '/sdcard/Download/app.apk', 'https://page.example/',
         zeroblob(32), 0);
         INSERT INTO downloads_url_chains VALUES (1, 0, 'https://files.example/app.apk');",
    );
    let kept = said_of(vec![("data/data/com.android.chrome/app_chrome/Default/History", history)]);
    assert_eq!(
        visits(&kept),
        ["https://chrome.example/", "https://files.example/app.apk", "https://page.example/"]
    );
    assert_eq!(traces(&kept, TraceKind::Path), ["/sdcard/Download/app.apk"]);
    assert_eq!(traces(&kept, TraceKind::FileHash), ["0".repeat(64)]);
}

#[test]
fn what_web_views_keep() {
    let kept = said_of(vec![
        (
            "AppDomain-com.example.app/Library/WebKit/WebsiteData/ResourceLoadStatistics/observations.db",
            database_of(
                "CREATE TABLE ObservedDomains (domainID INTEGER PRIMARY KEY, registrableDomain TEXT,
                lastSeen REAL);
                 INSERT INTO ObservedDomains VALUES (1, 'observed.example', 1760000000.5);",
            ),
        ),
        (
            "AppDomain-com.example.app/Library/Caches/com.example.app/Cache.db",
            database_of(
                "CREATE TABLE cfurl_cache_response (entry_ID INTEGER PRIMARY KEY, request_key TEXT,
                time_stamp TEXT);
                 INSERT INTO cfurl_cache_response VALUES (1, 'https://cache.example/a',
                 '2024-05-06 07:08:09');",
            ),
        ),
        (
            "x/Library/WebKit/WebsiteData/IndexedDB/v1/https_stored.example_0/a/IndexedDB.sqlite3",
            b"whatever".to_vec(),
        ),
        (
            "x/Library/WebKit/WebsiteData/LocalStorage/https_local.example_0.localstorage",
            b"whatever".to_vec(),
        ),
        (
            "x/Library/WebKit/WebsiteData/Default/abc/def/origin",
            b"\x05\0\0\0\x01https\x0e\0\0\0\x01origin.example\0".to_vec(),
        ),
        (
            "HomeDomain/Library/Safari/BrowserState.db",
            database_of(
                "CREATE TABLE tabs (id INTEGER PRIMARY KEY, url TEXT, last_viewed_time REAL);
                 CREATE TABLE tab_sessions (id INTEGER PRIMARY KEY, session_data BLOB);
                 INSERT INTO tabs VALUES (1, 'https://tab.example/', 700000000);
                 INSERT INTO tab_sessions VALUES (1,
                 x'0000000062706c6973743030' || CAST('https://before.example/' AS BLOB));",
            ),
        ),
    ]);
    let mut connections = traces(&kept, TraceKind::Connection);
    connections.sort_unstable();
    assert_eq!(
        connections,
        ["https://cache.example/a", "local.example", "observed.example", "origin.example", "stored.example",]
    );
    assert!(visits(&kept).contains(&"https://tab.example/"));
    assert_eq!(looked(&kept, Question::Connections), Some((Wholly::Yes, 5)));
}

#[test]
fn the_log_of_a_session() {
    let mut log = plist::Dictionary::new();
    let mut entry = plist::Dictionary::new();
    entry.insert("origin".to_owned(), "log.example".into());
    entry.insert("redirectSource".to_owned(), plist::Value::Array(vec!["from.example".into(), 7.into()]));
    log.insert("browsingStatistics".to_owned(), plist::Value::Array(vec![plist::Value::Dictionary(entry)]));
    let mut bytes = Vec::new();
    plist::Value::Dictionary(log).to_writer_binary(&mut bytes).unwrap();
    let path = "AppDomain-com.apple.mobilesafari/Library/full_browsing_session_resourceLog.plist";
    let kept = said_of(vec![(path, bytes.clone())]);
    let mut connections = traces(&kept, TraceKind::Connection);
    connections.sort_unstable();
    assert_eq!(connections, ["from.example", "log.example"]);
    for length in 0..bytes.len() {
        said_of(vec![(path, bytes[..length].to_vec())]);
    }
}

#[test]
fn damaged_histories_give_the_rest() {
    let whole = database_of(
        "CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT, last_visit_date INTEGER);
         INSERT INTO moz_places VALUES (1, 'https://firefox.example/', 1760000000000000);",
    );
    let kept = said_of(vec![("places.sqlite", whole.clone())]);
    assert_eq!(visits(&kept), ["https://firefox.example/"]);
    for at in (0..whole.len()).step_by(13) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xff;
        said_of(vec![("places.sqlite", damaged)]);
        said_of(vec![("places.sqlite", whole[..at].to_vec())]);
    }
}
