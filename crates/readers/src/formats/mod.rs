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
    ios_sms::IosSms,
    android_sms::AndroidSms,
    sms_backup_restore::SmsBackupRestore,
    android_backup_sms::AndroidBackupSms,
    ios_calls::IosCalls,
    android_calls::AndroidCalls,
    ios_contacts::IosContacts,
    android_contacts::AndroidContacts,
}
