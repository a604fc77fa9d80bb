//! Finds the files that messages name. A message names them by their path below the export's root; where the
//! root lies in the tree, and in which of the export's archives, is tried out, the nearest first.

use model::record::{Attachment, AttachmentState, FileNumber, MediaKind};
use source::tree::{Entry, Tree};

use super::archives;

/// Where to look for the files of one thread.
pub(crate) struct Media<'t> {
    tree: &'t Tree,
    archives: Vec<Option<FileNumber>>,
    /// The folder of the thread and every folder above it, each with its slash; last the empty one.
    folders: Vec<&'t str>,
}

impl<'t> Media<'t> {
    /// For the thread of this file.
    pub(crate) fn of(tree: &'t Tree, file: FileNumber) -> Self {
        /// Deeper than any export.
        const MOST_FOLDERS: usize = 16;
        let mut folder = tree.entry(file).map_or("", Entry::folder);
        let mut folders = vec![folder];
        while !folder.is_empty() && folders.len() < MOST_FOLDERS {
            let above = folder.trim_end_matches('/').rfind('/').map_or(0, |slash| slash.saturating_add(1));
            folder = folder.get(..above).unwrap_or_default();
            folders.push(folder);
        }
        Self { tree, archives: archives(tree, file), folders }
    }

    /// The file of a path in a message.
    pub(crate) fn find(&self, uri: &str) -> Option<FileNumber> {
        let path = uri.trim_start_matches("./").trim_start_matches("../");
        if path.is_empty() || path.contains("://") {
            return None;
        }
        self.archives.iter().find_map(|archive| {
            self.folders.iter().find_map(|folder| self.tree.find(*archive, &format!("{folder}{path}")))
        })
    }

    /// An attachment of this name, tied to its file if that is there.
    pub(crate) fn attachment(&self, kind: MediaKind, uri: String) -> Attachment {
        let file = self.find(&uri);
        let state = match file {
            Some(_) => AttachmentState::Present,
            None if uri.starts_with("Failed to download") => AttachmentState::Unavailable,
            None => AttachmentState::NotFound,
        };
        Attachment { kind, name: Some(uri), file, state, ..Attachment::default() }
    }
}

/// What sort of file a name tells of.
pub(crate) fn kind_of(name: &str) -> MediaKind {
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "jpg" | "jpeg" | "png" | "webp" | "heic" => MediaKind::Picture,
        "mp4" | "mov" | "webm" | "3gp" => MediaKind::Video,
        "mp3" | "m4a" | "aac" | "wav" | "ogg" | "opus" => MediaKind::Audio,
        "gif" => MediaKind::Animation,
        "pdf" | "doc" | "docx" | "txt" | "zip" | "xls" | "xlsx" => MediaKind::Document,
        _ => MediaKind::Unknown,
    }
}
