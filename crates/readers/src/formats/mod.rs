//! The formats, one file each, named in one list.
//!
//! To add one: write the file with a header (what, versions seen, source of knowledge) and a unit struct that
//! implements [`Format`], name it below, and give it a folder in `fixtures/` with at least one case and one
//! damaged case. Tests, fuzz targets and `docs/formats.md` follow from the list.

mod android_backup_sms;
mod android_calls;
mod android_contacts;
mod android_sms;
mod chrome_history;
mod discord_json;
mod firefox_history;
mod ios_calls;
mod ios_contacts;
mod ios_locations;
mod ios_sms;
mod ios_wifi;
mod kik_ios;
mod mail;
mod meta_html;
mod meta_json;
mod outlook;
mod photo;
mod safari_history;
mod signal_backup;
mod signal_proto;
mod signal_takeout;
mod skype;
mod sms_backup_restore;
mod snapchat_json;
mod takeout_chat;
mod takeout_location;
mod telegram_html;
mod telegram_json;
mod threema_ios;
mod tiktok_json;
mod vcard;
mod viber_android;
mod viber_android_data;
mod viber_ios;
mod video;
mod voice;
mod whatsapp_android;
mod whatsapp_contacts;
mod whatsapp_ios;
mod whatsapp_ios_calls;
mod whatsapp_ios_contacts;
mod whatsapp_txt;

use crate::Format;

/// Every format, in the order in which they are asked: chats, text messages and calls, contacts, mail, media.
pub static FORMATS: &[&dyn Format] = &[
    &whatsapp_txt::WhatsappTxt,
    &whatsapp_android::WhatsappAndroid,
    &whatsapp_contacts::WhatsappContacts,
    &whatsapp_ios::WhatsappIos,
    &whatsapp_ios_contacts::WhatsappIosContacts,
    &whatsapp_ios_calls::WhatsappIosCalls,
    &signal_backup::SignalBackup,
    &signal_proto::SignalProto,
    &signal_takeout::SignalTakeout,
    &telegram_json::TelegramJson,
    &telegram_html::TelegramHtml,
    &meta_json::MetaJson,
    &meta_html::MetaHtml,
    &snapchat_json::SnapchatJson,
    &tiktok_json::TiktokJson,
    &takeout_chat::TakeoutChat,
    &takeout_location::TakeoutLocation,
    &discord_json::DiscordJson,
    &viber_android::ViberAndroid,
    &viber_android_data::ViberAndroidData,
    &viber_ios::ViberIos,
    &threema_ios::ThreemaIos,
    &skype::Skype,
    &kik_ios::KikIos,
    &ios_sms::IosSms,
    &android_sms::AndroidSms,
    &sms_backup_restore::SmsBackupRestore,
    &android_backup_sms::AndroidBackupSms,
    &ios_calls::IosCalls,
    &android_calls::AndroidCalls,
    &ios_contacts::IosContacts,
    &android_contacts::AndroidContacts,
    &vcard::Vcard,
    &mail::Mail,
    &outlook::OutlookMail,
    &photo::Photo,
    &video::Video,
    &voice::Voice,
    &safari_history::SafariHistory,
    &chrome_history::ChromeHistory,
    &firefox_history::FirefoxHistory,
    &ios_locations::IosLocations,
    &ios_wifi::IosWifi,
];
