//! Links in the databases of messengers on iPhones and Android.
//!
//! Only the columns that hold what people wrote, and what previews took from pages; columns are known from
//! the readers of this program (crate `readers`, whose headers name the sources) and, for those marked
//! "public descriptions", from what iLEAPP, ALEAPP and MVT read (2026). `sms.db` has a check of its own,
//! `ios_sms.rs`; everything else that a reader understands goes through `message_links.rs`. Deliberately not
//! read: databases that are encrypted on their own, deleted rows.

use source::tree::Candidate;

use crate::address_tables::{self, Addresses, Clock, Holds, Source};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question};

use Holds::{Path, Words};

/// Databases of messengers.
pub(crate) struct MessageDatabases;

impl Check for MessageDatabases {
    fn name(&self) -> &'static str {
        "message_databases"
    }

    fn about(&self) -> About {
        About {
            title: "Links in messengers' databases",
            platform: Platform::Any,
            covers: "WhatsApp, SMS and MMS of Android, Viber, Threema (iOS), Kik (iOS), Skype, LINE, \
                Telegram, \
                     Messenger, Instagram, TikTok, Snapchat: texts, captions, previews, names of files",
            leaves_out: "databases encrypted on their own (Signal, WeChat); deleted rows; texts that are \
                packed \
                         and do not begin with http",
            answers: &[Question::MessageLinks],
            source: "the readers of this program; public descriptions by iLEAPP, ALEAPP and MVT (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        address_tables::named(SOURCES, candidate.entry().name()).is_some() && candidate.is_sqlite()
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let name = input.entry().map_or("", source::tree::Entry::name);
        match address_tables::named(SOURCES, name) {
            Some(source) => address_tables::read(source, input, sink),
            None => Flow::Continue(()),
        }
    }
}

const fn messages(names: &'static [&'static str], tables: &'static [Addresses]) -> Source {
    Source { names, question: Question::MessageLinks, tables }
}

const fn table(
    table: &'static str,
    columns: &'static [(&'static str, Holds)],
    at: Option<(&'static str, Clock)>,
) -> Addresses {
    Addresses { table, columns, at }
}

const BY_SIZE: Clock = Clock::BySize;

/// The databases.
static SOURCES: &[Source] = &[
    messages(
        &["ChatStorage.sqlite", "7c7fba66680ef796b916b067077cc246adacf01d"],
        &[
            table("ZWAMESSAGE", &[("ZTEXT", Words)], Some(("ZMESSAGEDATE", Clock::Apple))),
            table(
                "ZWAMEDIAITEM",
                &[
                    ("ZTITLE", Words),
                    ("ZVCARDSTRING", Words),
                    ("ZMETADATA", Words),
                    ("ZMEDIALOCALPATH", Path),
                ],
                None,
            ),
            table(
                "ZWAMESSAGEDATAITEM",
                &[
                    ("ZCONTENT1", Words),
                    ("ZCONTENT2", Words),
                    ("ZMATCHEDTEXT", Words),
                    ("ZSUMMARY", Words),
                    ("ZTITLE", Words),
                ],
                Some(("ZDATE", Clock::Apple)),
            ),
            table("ZWAMESSAGEINFO", &[("ZRECEIPTINFO", Words)], None),
            table("ZWAGROUPINFO", &[("ZSUBJECTOWNERJID", Words)], None),
        ],
    ),
    messages(
        &["msgstore.db"],
        &[
            table("message", &[("text_data", Words)], Some(("timestamp", BY_SIZE))),
            table(
                "messages",
                &[("data", Words), ("media_caption", Words), ("media_name", Path), ("thumb_image", Words)],
                Some(("timestamp", BY_SIZE)),
            ),
            table("message_text", &[("description", Words), ("page_title", Words), ("url", Words)], None),
            table(
                "message_media",
                &[("media_caption", Words), ("media_name", Path), ("file_path", Path)],
                None,
            ),
            table("message_quoted", &[("text_data", Words)], Some(("timestamp", BY_SIZE))),
            table("message_quoted_text", &[("url", Words), ("description", Words)], None),
            table("message_location", &[("url", Words), ("place_name", Words)], None),
            table("message_vcard", &[("vcard", Words)], None),
            table("message_template", &[("content_text_data", Words), ("footer_text_data", Words)], None),
            table("message_template_button", &[("text_data", Words), ("extra_data", Words)], None),
        ],
    ),
    messages(
        &["mmssms.db"],
        &[
            table("sms", &[("body", Words), ("subject", Words)], Some(("date", BY_SIZE))),
            table("pdu", &[("sub", Words)], Some(("date", BY_SIZE))),
            table("part", &[("text", Words), ("name", Path), ("fn", Path), ("_data", Path)], None),
        ],
    ),
    messages(
        &["bugle_db"],
        &[
            table("parts", &[("text", Words), ("file_name", Path)], Some(("timestamp", BY_SIZE))),
            table("messages", &[("mms_subject", Words)], Some(("received_timestamp", BY_SIZE))),
        ],
    ),
    messages(
        &["Contacts.data"],
        &[
            table("ZVIBERMESSAGE", &[("ZTEXT", Words)], Some(("ZDATE", Clock::Apple))),
            table("ZATTACHMENT", &[("ZNAME", Path)], None),
        ],
    ),
    messages(
        &["viber_messages"],
        &[table(
            "messages",
            &[("body", Words), ("msg_info", Words), ("extra_uri", Path)],
            Some(("msg_date", BY_SIZE)),
        )],
    ),
    messages(
        &["ThreemaData.sqlite"],
        &[table(
            "ZMESSAGE",
            &[("ZTEXT", Words), ("ZCAPTION", Words), ("ZFILENAME", Path)],
            Some(("ZDATE", Clock::Apple)),
        )],
    ),
    messages(
        &["kik.sqlite"],
        &[
            table("ZKIKMESSAGE", &[("ZBODY", Words)], Some(("ZTIMESTAMP", Clock::Apple))),
            table("ZKIKATTACHMENT", &[("ZCONTENT", Words)], None),
        ],
    ),
    messages(&["main.db"], &[table("Messages", &[("body_xml", Words)], Some(("timestamp", BY_SIZE)))]),
    // Public descriptions.
    messages(
        &["naver_line"],
        &[table(
            "chat_history",
            &[("content", Words), ("parameter", Words)],
            Some(("created_time", BY_SIZE)),
        )],
    ),
    messages(&["Line.sqlite"], &[table("ZMESSAGE", &[("ZTEXT", Words)], Some(("ZTIMESTAMP", BY_SIZE)))]),
    messages(
        &["cache4.db"],
        &[
            table("messages_v2", &[("data", Words)], Some(("date", BY_SIZE))),
            table("messages", &[("data", Words)], Some(("date", BY_SIZE))),
        ],
    ),
    messages(&["db_sqlite"], &[table("t7", &[("value", Words)], None)]),
    messages(
        &["threads_db2"],
        &[table("messages", &[("text", Words), ("shares", Words)], Some(("timestamp_ms", BY_SIZE)))],
    ),
    messages(
        &["direct.db"],
        &[table("messages", &[("text", Words), ("message", Words)], Some(("timestamp", BY_SIZE)))],
    ),
    messages(
        &["arroyo.db"],
        &[table(
            "conversation_message",
            &[("message_content", Words)],
            Some(("creation_timestamp", BY_SIZE)),
        )],
    ),
];
