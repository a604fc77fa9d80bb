//! The databases of the phone, each with ordinary rows and what is planted. Tables are those of our fixtures
//! where a reader has some, else the columns that tools read, of iOS 17.

use rusqlite::{Connection, params};

use super::IosSize;
use super::backup::Content;
use crate::acquisitions::planted::{Device, Where};
use crate::acquisitions::text::moment;
use crate::acquisitions::{Outcome, Planted, Random, background};

const SMS: &str = include_str!(
    "../../../../../crates/readers/fixtures/ios_sms/ordinary/input/HomeDomain/Library/SMS/sms.db.sql"
);
const WHATSAPP: &str = include_str!(
    "../../../../../crates/readers/fixtures/whatsapp_ios/phone_backup/input/AppDomainGroup-group.net.whatsapp.\
     WhatsApp.shared/ChatStorage.sqlite.sql"
);
/// Seconds from 1970 to 2001.
const APPLE: i64 = 978_307_200;
/// An archived NSAttributedString: what stands before the text, between it and its run, and behind.
const BEFORE: &[u8] =
    b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08\
    NSObject\x00\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+";
const BETWEEN: &[u8] = b"\x86\x84\x02iI\x01";
const BEHIND: &[u8] = b"\x92\x84\x84\x84\x0cNSDictionary\x00\x94\x84\x01i\x01\x92\x84\x96\x96\x1d\
    __kIMMessagePartAttributeName\x86\x92\x84\x84\x84\x08NSNumber\x00\x84\x84\x07NSValue\x00\x94\x84\x01*\x84\x99\
    \x99\x00\x86\x86\x86";

/// All of them.
pub(super) fn contents(planted: &Planted, size: &IosSize, seed: u64) -> Outcome<Vec<Content>> {
    let part = |name: &str| Random::new(seed, name);
    let home = |path: &str, bytes| Content::new("HomeDomain", path, bytes);
    Ok(vec![
        home("Library/SMS/sms.db", messages(planted, size.messages, &mut part("sms"))?),
        home("Library/Safari/History.db", safari(planted, size.visits, &mut part("safari"))?),
        home("Library/TCC/TCC.db", tcc(planted, size.apps, &mut part("tcc"))?),
        home("Library/Accounts/Accounts3.sqlite", accounts()?),
        home("Library/Shortcuts/Shortcuts.sqlite", shortcuts(planted)?),
        Content::new(
            "WirelessDomain",
            "Library/Databases/DataUsage.sqlite",
            data_usage(planted, size.apps, &mut part("data usage"))?,
        ),
        Content::new(
            "AppDomainGroup-group.net.whatsapp.WhatsApp.shared",
            "ChatStorage.sqlite",
            whatsapp(planted, size.whatsapp_messages, &mut part("whatsapp"))?,
        ),
    ])
}

/// A database on a disk with these tables, in one transaction.
pub(super) fn open<S: AsRef<str>>(statements: &[S]) -> Outcome<(Connection, tempfile::NamedTempFile)> {
    let file = tempfile::NamedTempFile::new()?;
    let connection = Connection::open(file.path())?;
    connection.execute_batch("PRAGMA journal_mode = off; PRAGMA synchronous = off; BEGIN")?;
    for statement in statements {
        connection.execute(statement.as_ref(), [])?;
    }
    Ok((connection, file))
}

/// Its bytes.
pub(super) fn close(connection: Connection, file: &tempfile::NamedTempFile) -> Outcome<Vec<u8>> {
    connection.execute_batch("COMMIT")?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(std::fs::read(file.path())?)
}

/// The tables of a fixture.
fn tables(fixture: &str) -> Vec<&str> {
    fixture.split(";\n").map(str::trim).filter(|statement| statement.starts_with("CREATE TABLE")).collect()
}

fn attributed(text: &str) -> Outcome<Vec<u8>> {
    let length = |length: usize| -> Outcome<Vec<u8>> {
        let length = u16::try_from(length)?;
        Ok(if length < 0x80 {
            vec![length.to_le_bytes()[0]]
        } else {
            [&[0x81][..], &length.to_le_bytes()].concat()
        })
    };
    let units = text.encode_utf16().count();
    Ok([BEFORE, &length(text.len())?, text.as_bytes(), BETWEEN, &length(units)?, BEHIND].concat())
}

/// Half of the texts stand in `attributedBody` only, as iOS writes them; one link of the planted, too.
fn messages(planted: &Planted, count: u64, random: &mut Random) -> Outcome<Vec<u8>> {
    const CHATS: i64 = 50;
    // What real tables have and the fixture leaves out: other programs ask for it.
    let more = ["user_info", "sticker_user_info", "attribution_info"]
        .map(|name| format!("ALTER TABLE attachment ADD COLUMN {name} BLOB"));
    let tables: Vec<&str> = tables(SMS).into_iter().chain(more.iter().map(String::as_str)).collect();
    let (connection, file) = open(&tables)?;
    for chat in 1..=CHATS {
        let person = format!("+49171392{chat:04}");
        connection.execute(
            "INSERT INTO handle(ROWID, id, service) VALUES (?, ?, 'iMessage')",
            params![chat, person],
        )?;
        connection.execute(
            "INSERT INTO chat(ROWID, guid, style, chat_identifier, service_name) VALUES (?, ?, 45, ?, \
             'iMessage')",
            params![chat, format!("iMessage;-;{person}"), person],
        )?;
    }
    let insert = "INSERT INTO message(ROWID, guid, text, attributedBody, handle_id, service, date, \
                  date_read, is_from_me, is_read, is_sent) VALUES (?, ?, ?, ?, ?, 'iMessage', ?, ?, ?, \
                  1, ?)";
    // One of them in a text, an odd row: one archived, an even row.
    let middle = count / 2 * 2;
    let link = |row: u64| match row {
        _ if row == middle / 2 / 2 * 2 => planted.domain(Where::Message),
        _ if row + 1 == middle => planted.domain(Where::ArchivedMessage),
        _ => None,
    };
    for row in 1..=count {
        let (number, chat) = (i64::try_from(row)?, 1 + i64::try_from(random.below(50))?);
        let body = match link(row) {
            Some(domain) => format!("Hier: https://{domain}/erfunden"),
            None if row % 25 == 0 => {
                format!("{} {}", background::sentence(random), background::address(random))
            }
            None => background::sentence(random),
        };
        let (text, archived) =
            if row % 2 == 0 { (Some(body), None) } else { (None, Some(attributed(&body)?)) };
        let date = (moment(random) - APPLE) * 1_000_000_000;
        let mine = row % 3 == 0;
        let guid = format!("A0000000-0000-4000-8000-{row:012}");
        connection.prepare_cached(insert)?.execute(params![
            number,
            guid,
            text,
            archived,
            chat,
            date,
            date + 5_000_000_000,
            mine,
            mine
        ])?;
        connection
            .prepare_cached("INSERT INTO chat_message_join VALUES (?, ?, ?)")?
            .execute(params![chat, number, date])?;
        if row % 33 == 0 {
            connection
                .prepare_cached(
                    "INSERT INTO attachment(ROWID, guid, filename, mime_type, total_bytes, \
                     transfer_name) VALUES (?, ?, ?, 'image/jpeg', 12345, 'IMG.JPG')",
                )?
                .execute(params![
                    number,
                    format!("at_{row}"),
                    format!("~/Library/SMS/Attachments/ab/12/at_{row}/IMG.JPG")
                ])?;
            connection
                .prepare_cached("INSERT INTO message_attachment_join VALUES (?, ?)")?
                .execute(params![number, number])?;
        }
    }
    close(connection, &file)
}

fn safari(planted: &Planted, count: u64, random: &mut Random) -> Outcome<Vec<u8>> {
    let (connection, file) = open(&[
        "CREATE TABLE history_items (id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL UNIQUE, \
         domain_expansion TEXT, visit_count INTEGER NOT NULL, daily_visit_counts BLOB, \
         weekly_visit_counts BLOB, autocomplete_triggers BLOB, should_recompute_derived_visit_counts \
         INTEGER, visit_count_score INTEGER)",
        "CREATE TABLE history_visits (id INTEGER PRIMARY KEY AUTOINCREMENT, history_item INTEGER NOT \
         NULL, visit_time REAL NOT NULL, title TEXT, load_successful BOOLEAN, http_non_get BOOLEAN, \
         synthesized BOOLEAN, redirect_source INTEGER UNIQUE, redirect_destination INTEGER UNIQUE, \
         origin INTEGER, generation INTEGER, attributes INTEGER, score INTEGER)",
    ])?;
    let ordinary: Vec<String> =
        (0..count).map(|number| format!("{}?n={number}", background::address(random))).collect();
    let planted = planted.domain(Where::Visit).map(|domain| format!("https://{domain}/anmelden"));
    for (row, url) in (1_i64..).zip(ordinary.into_iter().chain(planted)) {
        connection
            .prepare_cached("INSERT INTO history_items(id, url, visit_count) VALUES (?, ?, 1)")?
            .execute(params![row, url])?;
        connection
            .prepare_cached(
                "INSERT INTO history_visits(id, history_item, visit_time, title) VALUES (?, ?, ?, 'x')",
            )?
            .execute(params![row, row, moment(random) - APPLE])?;
    }
    close(connection, &file)
}

fn tcc(planted: &Planted, apps: u64, random: &mut Random) -> Outcome<Vec<u8>> {
    let (connection, file) = open(&[
        "CREATE TABLE admin (key TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL)",
        "CREATE TABLE access (service TEXT NOT NULL, client TEXT NOT NULL, client_type INTEGER NOT \
         NULL, auth_value INTEGER NOT NULL, auth_reason INTEGER NOT NULL, auth_version INTEGER NOT \
         NULL, csreq BLOB, policy_id INTEGER, indirect_object_identifier_type INTEGER, \
         indirect_object_identifier TEXT NOT NULL DEFAULT 'UNUSED', indirect_object_code_identity \
         BLOB, flags INTEGER, last_modified INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (service, client, \
         client_type, indirect_object_identifier))",
    ])?;
    let put = |client: &str, service: &str, value: i64, at: i64| -> Outcome<()> {
        connection
            .prepare_cached(
                "INSERT OR IGNORE INTO access(service, client, client_type, auth_value, auth_reason, \
                 auth_version, last_modified) VALUES (?, ?, 0, ?, 2, 1, ?)",
            )?
            .execute(params![service, client, value, at])?;
        Ok(())
    };
    for (id, _) in background::iphone_apps(apps) {
        let (value, at) = (if random.below(3) == 0 { 2 } else { 0 }, moment(random));
        put(&id, random.word(&["kTCCServicePhotos", "kTCCServiceCamera", "kTCCServiceContacts"]), value, at)?;
    }
    for app in planted.apps_of(Device::Iphone) {
        for service in ["kTCCServiceMicrophone", "kTCCServiceCamera", "kTCCServiceMotion"] {
            put(&app.id, service, 2, moment(random))?;
        }
    }
    close(connection, &file)
}

fn accounts() -> Outcome<Vec<u8>> {
    let (connection, file) = open(&[
        "CREATE TABLE ZACCOUNTTYPE (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, \
         ZACCOUNTTYPEDESCRIPTION VARCHAR, ZIDENTIFIER VARCHAR)",
        "CREATE TABLE ZACCOUNT (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, ZACTIVE \
         INTEGER, ZACCOUNTTYPE INTEGER, ZPARENTACCOUNT INTEGER, ZDATE TIMESTAMP, ZACCOUNTDESCRIPTION \
         VARCHAR, ZIDENTIFIER VARCHAR, ZOWNINGBUNDLEID VARCHAR, ZUSERNAME VARCHAR)",
        "INSERT INTO ZACCOUNTTYPE VALUES (1, 4, 1, 'iCloud', 'com.apple.account.AppleAccount')",
        "INSERT INTO ZACCOUNTTYPE VALUES (2, 4, 1, 'Gmail', 'com.apple.account.Google')",
        "INSERT INTO ZACCOUNT VALUES (1, 2, 1, 1, 1, NULL, 700000000, 'iCloud', 'A-1', \
         'com.apple.accountsd', 'erfunden@icloud.com')",
        "INSERT INTO ZACCOUNT VALUES (2, 2, 1, 1, 2, NULL, 700100000, 'Gmail', 'A-2', \
         'com.apple.accountsd', 'erfunden.zwei@example.com')",
    ])?;
    close(connection, &file)
}

fn shortcuts(planted: &Planted) -> Outcome<Vec<u8>> {
    let (connection, file) = open(&[
        "CREATE TABLE ZSHORTCUT (Z_PK INTEGER PRIMARY KEY, ZNAME VARCHAR, ZCREATIONDATE TIMESTAMP, \
         ZMODIFICATIONDATE TIMESTAMP, ZACTIONSDESCRIPTION VARCHAR, ZACTIONCOUNT INTEGER)",
        "CREATE TABLE ZSHORTCUTACTIONS (Z_PK INTEGER PRIMARY KEY, ZSHORTCUT INTEGER, ZDATA BLOB)",
    ])?;
    let ordinary = "https://example.org/wetter".to_owned();
    let links = planted.domain(Where::Shortcut).map(|domain| format!("https://{domain}/melden"));
    for (row, link) in (1_i64..).zip([Some(ordinary), links].into_iter().flatten()) {
        connection.execute(
            "INSERT INTO ZSHORTCUT VALUES (?, 'Kurzbefehl', 700000000, 700000100, '', 1)",
            params![row],
        )?;
        connection.execute(
            "INSERT INTO ZSHORTCUTACTIONS VALUES (?, ?, ?)",
            params![row, row, super::lists::action(&link)?],
        )?;
    }
    close(connection, &file)
}

fn data_usage(planted: &Planted, apps: u64, random: &mut Random) -> Outcome<Vec<u8>> {
    let (connection, file) = open(&[
        "CREATE TABLE ZPROCESS (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, \
         ZFIRSTTIMESTAMP TIMESTAMP, ZTIMESTAMP TIMESTAMP, ZBUNDLENAME VARCHAR, ZPROCNAME VARCHAR)",
        "CREATE TABLE ZLIVEUSAGE (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, ZKIND \
         INTEGER, ZMETADATA INTEGER, ZTAG INTEGER, ZHASPROCESS INTEGER, ZBILLCYCLEEND TIMESTAMP, \
         ZTIMESTAMP TIMESTAMP, ZWIFIIN FLOAT, ZWIFIOUT FLOAT, ZWWANIN FLOAT, ZWWANOUT FLOAT)",
    ])?;
    let ordinary = background::iphone_apps(apps).into_iter().map(|(id, _)| id);
    let more = planted
        .apps_of(Device::Iphone)
        .map(|app| app.id.clone())
        .chain(planted.processes_of(Device::Iphone).map(str::to_owned));
    for (row, name) in (1_i64..).zip(ordinary.chain(more).collect::<Vec<_>>()) {
        let at = moment(random) - APPLE;
        connection.execute(
            "INSERT INTO ZPROCESS VALUES (?, 6, 1, ?, ?, ?, ?)",
            params![row, at - 1000, at, name, format!("{name}/{name}")],
        )?;
        connection.execute(
            "INSERT INTO ZLIVEUSAGE VALUES (?, 3, 1, 0, 0, 0, ?, NULL, ?, 1000, 2000, 3000, 4000)",
            params![row, row, at],
        )?;
    }
    close(connection, &file)
}

fn whatsapp(planted: &Planted, count: u64, random: &mut Random) -> Outcome<Vec<u8>> {
    let more = "CREATE TABLE ZWAMESSAGEDATAITEM (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT \
                INTEGER, ZMESSAGE INTEGER, ZCONTENT1 VARCHAR, ZCONTENT2 VARCHAR, ZMATCHEDTEXT VARCHAR, \
                ZSUMMARY VARCHAR, ZTITLE VARCHAR)";
    let tables: Vec<&str> = tables(WHATSAPP).into_iter().chain([more]).collect();
    let (connection, file) = open(&tables)?;
    for chat in 1..=10_i64 {
        connection.execute(
            "INSERT INTO ZWACHATSESSION(Z_PK, ZSESSIONTYPE, ZCONTACTJID, ZPARTNERNAME) VALUES (?, 0, \
             ?, 'Erfunden')",
            params![chat, format!("49171392{chat:04}@s.whatsapp.net")],
        )?;
    }
    let insert = "INSERT INTO ZWAMESSAGE(Z_PK, Z_ENT, Z_OPT, ZISFROMME, ZMESSAGETYPE, ZCHATSESSION, \
                  ZMESSAGEDATE, ZFROMJID, ZSTANZAID, ZTEXT) VALUES (?, 9, 1, 0, 0, ?, ?, ?, ?, ?)";
    let ordinary: Vec<String> = (0..count).map(|_| background::sentence(random)).collect();
    let more = planted.domain(Where::Whatsapp).map(|domain| format!("https://{domain}/laden"));
    for (row, body) in (1_i64..).zip(ordinary.into_iter().chain(more)) {
        let chat = 1 + i64::try_from(random.below(10))?;
        connection.prepare_cached(insert)?.execute(params![
            row,
            chat,
            moment(random) - APPLE,
            format!("49171392{chat:04}@s.whatsapp.net"),
            format!("3A{row:018}"),
            body
        ])?;
    }
    close(connection, &file)
}
