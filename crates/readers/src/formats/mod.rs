//! The formats, one file each, named in one list.
//!
//! To add one: write the file with a header (what, versions seen, source of knowledge) and a unit struct that
//! implements [`Format`], name it below, and give it a folder in `fixtures/` with at least one case and one
//! damaged case. Tests, fuzz targets and `docs/formats.md` follow from the list.

use crate::Format;

macro_rules! formats {
    ($($module:ident::$Name:ident,)*) => {
        $(mod $module;)*

        /// Every format, in the order in which they are asked.
        pub static FORMATS: &[&dyn Format] = &[$(&$module::$Name,)*];
    };
}

// In the order of docs/formats.md: chats, text messages and calls, contacts, mail, media.
formats! {
    whatsapp_txt::WhatsappTxt,
    whatsapp_android::WhatsappAndroid,
    whatsapp_ios::WhatsappIos,
    whatsapp_ios_calls::WhatsappIosCalls,
    whatsapp_contacts::WhatsappContacts,
    signal_backup::SignalBackup,
    signal_proto::SignalProto,
    signal_takeout::SignalTakeout,
    telegram_json::TelegramJson,
    telegram_html::TelegramHtml,
    meta_json::MetaJson,
    meta_html::MetaHtml,
    snapchat_json::SnapchatJson,
    tiktok_json::TiktokJson,
    takeout_chat::TakeoutChat,
    takeout_location::TakeoutLocation,
    ios_sms::IosSms,
    vcard::Vcard,
    mail::Mail,
    outlook::OutlookMail,
    photo::Photo,
    video::Video,
    voice::Voice,
    discord_json::DiscordJson,
    android_sms::AndroidSms,
    ios_calls::IosCalls,
    android_calls::AndroidCalls,
    ios_contacts::IosContacts,
    android_contacts::AndroidContacts,
    whatsapp_ios_contacts::WhatsappIosContacts,
}
