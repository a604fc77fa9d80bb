//! The readers on their fixtures: a case is a folder, the loop finds it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod documents;
mod fixtures;
mod honesty;
mod mails;
mod million;
mod reading;
mod real_android_sms;
mod real_ios_sms;
mod real_media;
mod real_meta_html;
mod real_meta_json;
mod real_signal;
mod real_telegram_html;
mod real_telegram_json;
mod real_vcard;
mod real_viber;
mod real_whatsapp_android;
mod real_whatsapp_ios;
mod real_whatsapp_txt;
mod whatsapp_txt;
