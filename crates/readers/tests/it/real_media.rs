//! The pictures and sounds of other programs' tests, as far as they are here.

use std::fs;
use std::path::{Path, PathBuf};

use model::record::{MediaFact, What};
use readers::Options;

use crate::honesty;
use crate::reading::read_files;

fn shared() -> PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let root = std::env::var_os("ASSERVAT_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    if root.join("data/messages").is_dir() { root.join("data/messages") } else { root }
}

/// What one file says about itself; none if it is not here.
fn fact(path: &Path) -> Option<MediaFact> {
    let Ok(bytes) = fs::read(path) else {
        println!("skipped: {}", path.display());
        return None;
    };
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let read = read_files(vec![(name, bytes)], &[], &Options::default());
    honesty::check(&read, &path.display().to_string());
    let [record] = read.kept.records.as_slice() else { panic!("{:?}", read.kept) };
    let What::Media(fact) = &record.what else { panic!("{record:?}") };
    println!("{} {fact:?} {:?}", path.display(), read.kept.problems);
    Some((**fact).clone())
}

#[test]
fn stickers_of_imessage() {
    for name in ["no_effect", "outline", "puffy", "shiny", "comic"] {
        let path = shared().join(format!("imessage-exporter/test_data/stickers/{name}.heic"));
        let Some(fact) = fact(&path) else { return };
        assert!(fact.media_type.starts_with("image/hei"), "{fact:?}");
        assert!(fact.pixels.is_some_and(|(width, height)| width > 50 && height > 50), "{fact:?}");
    }
}

#[test]
fn pictures_and_stickers_of_chats() {
    let chats = "chat-history-manager-rust/test/telegram_2020-01/chats";
    for path in [
        format!("{chats}/chat_01/stickers/sticker.webp"),
        format!("{chats}/chat_01/stickers/sticker.webp_thumb.jpg"),
        format!("{chats}/chat_01/group_photo_1.jpg"),
        "timelinize/whatsapp/some-image.jpg".to_owned(),
    ] {
        let bytes = fs::read(shared().join(&path)).unwrap_or_default();
        // Some of them are only names: texts under the name of a picture.
        if !matches!(bytes.first(), Some(0xff | b'R')) {
            println!("skipped: {path}");
            continue;
        }
        let Some(fact) = fact(&shared().join(&path)) else { return };
        assert!(fact.pixels.is_some(), "{path}: {fact:?}");
    }
}

#[test]
fn a_voice_message_of_telegram() {
    let chat = "chat-history-manager-rust/test/telegram_2020-01/chats/chat_01";
    let Some(fact) = fact(&shared().join(chat).join("voice_messages/test.mp3")) else { return };
    assert_eq!(fact.media_type, "audio/mpeg");
    assert!(fact.duration_ms.is_some_and(|duration| duration > 100), "{fact:?}");
}
