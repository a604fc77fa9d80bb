//! The files of a message.

use model::record::{Attachment, AttachmentState, MediaKind, Message};

use crate::Input;
use crate::part::{self, Object};
use crate::telegram;

/// Photo, file and contact card of a message.
pub(super) fn attachments(input: &Input<'_>, message: &mut Message, object: &mut Object) {
    if let Some(path) = part::take_text(object, "photo") {
        let mut photo = attachment(input, message, MediaKind::Picture, "photo", path);
        photo.size_bytes = size(object, "photo_file_size");
        message.attachments.push(photo);
    }
    if let Some(path) = part::take_text(object, "file") {
        let media_type = part::take_text(object, "mime_type");
        let kind = kind(part::take_text(object, "media_type"), media_type.as_deref(), message);
        let mut file = attachment(input, message, kind, "file", path);
        file.media_type = media_type;
        file.size_bytes = size(object, "file_size");
        if let Some(name) = part::take_text(object, "file_name") {
            match &file.name {
                Some(_) => message.extra.push(("file_name".to_owned(), name)),
                None => file.name = Some(name),
            }
        }
        let seconds =
            part::take_number(object, "duration_seconds").and_then(|seconds| u64::try_from(seconds).ok());
        file.duration_ms = seconds.and_then(|seconds| seconds.checked_mul(1000));
        message.attachments.push(file);
    }
    if let Some(path) = part::take_text(object, "contact_vcard") {
        let card = attachment(input, message, MediaKind::ContactCard, "contact_vcard", path);
        message.attachments.push(card);
    }
}

fn size(object: &mut Object, key: &str) -> Option<u64> {
    part::take_number(object, key).and_then(|size| u64::try_from(size).ok())
}

/// A path, or a sentence that stands in its place, which is kept beside.
fn attachment(
    input: &Input<'_>,
    message: &mut Message,
    kind: MediaKind,
    key: &str,
    path: String,
) -> Attachment {
    if let Some(state) = telegram::missing(&path) {
        message.extra.push((key.to_owned(), path));
        return Attachment { kind, state, ..Attachment::default() };
    }
    let file = telegram::file(input.tree, input.file, &path);
    let state = if file.is_some() { AttachmentState::Present } else { AttachmentState::NotFound };
    Attachment { kind, name: Some(path), file, state, ..Attachment::default() }
}

/// By the source's word; without one by the media type. A word that is not known stays beside.
fn kind(word: Option<String>, media_type: Option<&str>, message: &mut Message) -> MediaKind {
    let kind = match word.as_deref() {
        Some("sticker") => MediaKind::Sticker,
        Some("video_message" | "video_file") => MediaKind::Video,
        Some("voice_message") => MediaKind::Voice,
        Some("audio_file") => MediaKind::Audio,
        Some("animation") => MediaKind::Animation,
        Some(_) => MediaKind::Unknown,
        None if media_type.is_some_and(|media_type| media_type.starts_with("image/")) => MediaKind::Picture,
        None => MediaKind::Document,
    };
    let is_said = word.as_deref().is_some_and(|word| word == "video_message") || kind == MediaKind::Unknown;
    message.extra.extend(word.filter(|_| is_said).map(|word| ("media_type".to_owned(), word)));
    kind
}
