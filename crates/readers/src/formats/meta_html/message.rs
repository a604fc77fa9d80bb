//! One block of a page: a message, a notice about the thread, or an empty shell.

use model::record::{Inside, MediaKind, Message, Party, Reaction, TimeReading};

use super::Thread;
use crate::html::Node;
use crate::meta::kind_of;
use crate::worded_date;

/// What a block is.
pub(super) enum Read {
    /// A message.
    Message(Box<Message>),
    /// A word of the page about the thread: who takes part, that it is a request.
    Notice(String),
    /// A block around others, or with nothing in it.
    Shell,
}

/// Reads a block.
pub(super) fn read(thread: &Thread<'_>, block: &Node) -> Read {
    let sent = sent(block);
    let sender = first(block, ["_a6-h", "_2lek"]).and_then(|node| node.text(&nothing));
    let content = first(block, ["_a6-p", "_2let"]);
    let text = content.and_then(|content| content.text(&is_no_text));
    let mut message = Message {
        app: thread.app.to_owned(),
        chat: thread.chat.clone(),
        direction: thread.owner.direction(sender.as_deref()),
        ..Message::default()
    };
    if let Some(content) = content {
        media(thread, &mut message, content);
        reactions(&mut message, content);
    }
    let is_signed = block.first("_a6-i").or_else(|| block.first("_2lel")).is_some() && text.is_some();
    if sent.is_none() && message.attachments.is_empty() && !is_signed {
        // Without time, sender or file it is no message: a notice, if it says anything.
        let words: Vec<String> = sender.into_iter().chain(text).collect();
        let rest = if words.is_empty() { block.text(&is_no_text) } else { Some(words.join("\n")) };
        return rest.map_or(Read::Shell, Read::Notice);
    }
    message.sender = sender.map(Party::named);
    message.sent = sent;
    message.text = text;
    Read::Message(Box::new(message))
}

/// The time of a block.
pub(super) fn sent(block: &Node) -> Option<TimeReading> {
    let date = first(block, ["_a72d", "_a6-o"]).or_else(|| block.first("_2lem"));
    date.and_then(|node| node.text(&nothing)).map(|text| worded_date::reading(&text))
}

fn first<'n>(block: &'n Node, classes: [&str; 2]) -> Option<&'n Node> {
    classes.iter().find_map(|class| block.first(class))
}

fn nothing(_: &Node) -> bool {
    false
}

/// `_a6-q` now, a plain list before.
fn is_reactions(node: &Node) -> bool {
    node.tag.has_class("_a6-q") || node.tag.has_class("_tqp") || node.tag.name == "ul"
}

/// Reactions, the date, and what stands in place of a sound or video that cannot be played.
fn is_no_text(node: &Node) -> bool {
    is_reactions(node) || is_date(node) || matches!(node.tag.name.as_str(), "video" | "audio")
}

fn is_date(node: &Node) -> bool {
    ["_a72d", "_a6-o", "_2lem"].iter().any(|class| node.tag.has_class(class))
}

/// Pictures, videos, sounds and links.
fn media(thread: &Thread<'_>, message: &mut Message, content: &Node) {
    let holds = |node: &Node| node.tag.attribute("src").is_some() || node.tag.attribute("href").is_some();
    let mut open: Vec<&Node> = content.all(&|node| holds(node) || is_date(node));
    open.reverse();
    let mut seen: Vec<String> = Vec::new();
    while let Some(node) = open.pop() {
        if is_date(node) {
            continue;
        }
        let mut inner = node.all(&|node| holds(node) || is_date(node));
        inner.reverse();
        open.extend(inner);
        let is_link = node.tag.name == "a";
        let Some(uri) = node.tag.attribute("src").or_else(|| node.tag.attribute("href")) else { continue };
        // A picture stands in a link to itself.
        if uri.is_empty() || seen.iter().any(|before| before == uri) {
            continue;
        }
        remember(&mut seen, uri);
        if is_link && (uri.contains("://") || uri.starts_with("mailto:") || uri.starts_with("tel:")) {
            let title = node.text(&nothing).filter(|text| text != uri);
            message.inside.push(Inside::Link { url: uri.to_owned(), title });
        } else {
            message.attachments.push(thread.media.attachment(kind(&node.tag.name, uri), uri.to_owned()));
        }
    }
}

/// So many are compared, so that the cost stays linear.
fn remember(seen: &mut Vec<String>, uri: &str) {
    const MOST: usize = 64;
    if seen.len() >= MOST {
        seen.remove(0);
    }
    seen.push(uri.to_owned());
}

/// By the folder, which tells sounds (that are `.mp4`, too) from videos; else by tag and name.
fn kind(tag: &str, uri: &str) -> MediaKind {
    let folder = uri.rsplit('/').nth(1).unwrap_or_default();
    match (folder, tag) {
        ("photos", _) => MediaKind::Picture,
        ("videos", _) => MediaKind::Video,
        ("audio", _) | (_, "audio") => MediaKind::Audio,
        ("gifs", _) => MediaKind::Animation,
        ("files", _) => MediaKind::Document,
        ("stickers_used", _) => MediaKind::Sticker,
        (_, "video") => MediaKind::Video,
        (_, "img") => MediaKind::Picture,
        _ => kind_of(uri),
    }
}

fn reactions(message: &mut Message, content: &Node) {
    for list in content.all(&is_reactions) {
        for item in list.all(&|node| node.tag.name == "li") {
            if let Some(text) = item.text(&nothing) {
                message.reactions.push(reaction(&text));
            }
        }
    }
}

/// `❤️Name` or `❤️Name (Sep 24, 2023 11:55 pm)`.
fn reaction(text: &str) -> Reaction {
    let (text, at) = match text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        Some((before, date)) => {
            let at = worded_date::reading(date.trim());
            if at.first_ms.is_some() { (before.trim(), Some(at)) } else { (text, None) }
        }
        None => (text, None),
    };
    let begin = text.find(char::is_alphanumeric).unwrap_or(text.len());
    let (sign, name) = text.split_at(begin);
    let (sign, name) = (sign.trim(), name.trim());
    let (sign, name) = if sign.is_empty() { (name, "") } else { (sign, name) };
    let by = (!name.is_empty()).then(|| Party::named(name));
    Reaction { by, sign: sign.to_owned(), at, count: 1 }
}
