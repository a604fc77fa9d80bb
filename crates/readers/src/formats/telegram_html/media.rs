//! Files, places, contacts, polls and calls of a block.

use model::record::{
    Attachment, AttachmentState, CallMedium, CallOutcome, Direction, Inside, MediaKind, Message, Point,
    PollOption,
};

use crate::Input;
use crate::html::Node;
use crate::links;

/// Everything that stands in frames of its own.
pub(super) fn attachments(input: &Input<'_>, message: &mut Message, inner: &Node) {
    const SHOWN: [(&str, MediaKind); 4] = [
        ("photo_wrap", MediaKind::Picture),
        ("video_file_wrap", MediaKind::Video),
        ("animated_wrap", MediaKind::Animation),
        ("sticker_wrap", MediaKind::Sticker),
    ];
    for wrap in inner.all(&|node| node.tag.has_class("media_wrap")) {
        for (class, kind) in SHOWN {
            if let Some(node) = wrap.first(class) {
                let href = node.tag.attribute("href").unwrap_or_default().to_owned();
                let mut file = linked(input, kind, href);
                file.duration_ms = word(node, "video_duration").and_then(|text| duration_ms(&text));
                message.attachments.push(file);
            }
        }
        if let Some(poll) = wrap.first("media_poll") {
            self::poll(message, poll);
        }
        if let Some(node) = wrap.first("media") {
            generic(input, message, node);
        }
    }
}

/// A picture that is linked.
pub(super) fn picture(input: &Input<'_>, href: String) -> Attachment {
    linked(input, MediaKind::Picture, href)
}

fn linked(input: &Input<'_>, kind: MediaKind, href: String) -> Attachment {
    let file = links::linked(input.tree, input.file, &href);
    let state = if file.is_some() { AttachmentState::Present } else { AttachmentState::NotFound };
    Attachment {
        kind,
        name: Some(href).filter(|name| !name.is_empty()),
        file,
        state,
        ..Attachment::default()
    }
}

fn word(node: &Node, class: &str) -> Option<String> {
    node.first(class).and_then(|node| node.text(&|_| false))
}

/// A frame with a title, a description and a line of details. What they say is kept as it stands.
fn generic(input: &Input<'_>, message: &mut Message, node: &Node) {
    let [title, description, status] = ["title", "description", "status"].map(|class| word(node, class));
    let has = |class: &str| node.tag.has_class(class);
    if has("media_call") {
        call(message, status.as_deref().unwrap_or_default());
    } else if has("media_contact") {
        let numbers = status.as_deref().map(|status| status.trim_end_matches(" - vCard").to_owned());
        message.inside.push(Inside::Contact { name: title.clone(), numbers: numbers.into_iter().collect() });
        if let Some(href) = node.tag.attribute("href") {
            message.attachments.push(linked(input, MediaKind::ContactCard, href.to_owned()));
        }
    } else if has("media_location") || has("media_live_location") || has("media_venue") {
        location(message, node, (title.as_deref(), description.as_deref(), status.as_deref()));
    } else if let Some(kind) = kind(node, title.as_deref()) {
        file(input, message, node, kind, (title.as_deref(), description.as_deref(), status.as_deref()));
    } else if let Some(href) = node.tag.attribute("href") {
        message.inside.push(Inside::Link { url: href.to_owned(), title: title.clone() });
    }
    let said = [("media.title", title), ("media.description", description), ("media.status", status)];
    message.extra.extend(said.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text?))));
}

/// What sort of file a frame stands for; none if for none.
fn kind(node: &Node, title: Option<&str>) -> Option<MediaKind> {
    let has = |class: &str| node.tag.has_class(class);
    if has("media_photo") {
        Some(if title == Some("Sticker") { MediaKind::Sticker } else { MediaKind::Picture })
    } else if has("media_video") {
        Some(if title == Some("Animation") { MediaKind::Animation } else { MediaKind::Video })
    } else if has("media_voice_message") {
        Some(MediaKind::Voice)
    } else if has("media_audio_file") {
        Some(MediaKind::Audio)
    } else if has("media_file") {
        Some(MediaKind::Document)
    } else {
        None
    }
}

type Words<'w> = (Option<&'w str>, Option<&'w str>, Option<&'w str>);

fn file(
    input: &Input<'_>,
    message: &mut Message,
    node: &Node,
    kind: MediaKind,
    (title, description, status): Words<'_>,
) {
    let mut file = match node.tag.attribute("href") {
        Some(href) => linked(input, kind, href.to_owned()),
        None => Attachment { kind, ..Attachment::default() },
    };
    if file.name.is_none() && kind == MediaKind::Document {
        file.name = title.map(str::to_owned);
    }
    file.duration_ms = status.and_then(|status| duration_ms(status.split(',').next()?));
    let description = description.unwrap_or_default();
    if description.starts_with("Not included") || description.starts_with("Exceeds maximum size") {
        file.state = AttachmentState::LeftOut;
    } else if description.starts_with("Unavailable")
        || title.is_some_and(|title| title.starts_with("Self-destr"))
    {
        file.state = AttachmentState::Unavailable;
    }
    message.attachments.push(file);
}

/// `01:09` or `1:02:03`.
fn duration_ms(text: &str) -> Option<u64> {
    let mut seconds: u64 = 0;
    let mut parts: u32 = 0;
    for part in text.trim().split(':') {
        seconds = seconds.checked_mul(60)?.checked_add(part.parse::<u32>().ok()?.into())?;
        parts = parts.saturating_add(1);
    }
    if (2..=3).contains(&parts) { seconds.checked_mul(1000) } else { None }
}

/// Places have their numbers in a line of details, or in the link to a map.
fn location(message: &mut Message, node: &Node, (title, description, status): Words<'_>) {
    let link = node.tag.attribute("href").unwrap_or_default();
    let query = link.split_once("q=").map(|(_, query)| query.split('&').next().unwrap_or_default());
    let point = status.and_then(point).or_else(|| query.and_then(point));
    let is_venue = node.tag.has_class("media_venue");
    let words: Vec<&str> = title.into_iter().chain(description).filter(|_| is_venue).collect();
    let name = if words.is_empty() { None } else { Some(words.join(", ")) };
    let live = node.tag.has_class("media_live_location");
    message.inside.push(Inside::Location { point, name, live });
}

fn point(text: &str) -> Option<Point> {
    let (north, east) = text.split_once(',')?;
    Point::new(north.trim().parse().ok()?, east.trim().parse().ok()?)
}

/// `Outgoing (75 seconds)`, `Incoming …`, `Missed`, `Declined`, `Cancelled`: from the owner's side.
fn call(message: &mut Message, status: &str) {
    let word = status.split(' ').next().unwrap_or_default();
    let seconds = status.split_once('(').and_then(|(_, rest)| rest.split(' ').next()?.parse::<u64>().ok());
    let (direction, outcome) = match word {
        "Outgoing" => (Direction::Outgoing, CallOutcome::Unknown),
        "Cancelled" => (Direction::Outgoing, CallOutcome::Cancelled),
        "Incoming" => (Direction::Incoming, CallOutcome::Unknown),
        "Missed" => (Direction::Incoming, CallOutcome::Missed),
        "Declined" => (Direction::Incoming, CallOutcome::Declined),
        other => (Direction::Unknown, CallOutcome::Other(other.to_owned())),
    };
    let outcome = if seconds.is_some_and(|seconds| seconds > 0) { CallOutcome::Answered } else { outcome };
    message.direction = direction;
    message.inside.push(Inside::Call { medium: CallMedium::Unknown, outcome, duration_seconds: seconds });
}

/// `- answer` with `12 votes, chosen vote` beside it.
fn poll(message: &mut Message, poll: &Node) {
    let question = word(poll, "question").unwrap_or_default();
    let mut options = Vec::new();
    for answer in poll.all(&|node| node.tag.has_class("answer")) {
        let text = answer.text(&|node| node.tag.has_class("details")).unwrap_or_default();
        let text = text.strip_prefix("- ").unwrap_or(&text).to_owned();
        let details = word(answer, "details");
        let votes = match &details {
            Some(details) => details.split(' ').next().and_then(|number| number.parse().ok()),
            None => Some(0),
        };
        if details.is_some_and(|details| details.contains("chosen")) {
            message.extra.push(("poll.chosen".to_owned(), text.clone()));
        }
        options.push(PollOption { text, votes });
    }
    message.inside.push(Inside::Poll { question, options });
    let total = word(poll, "total");
    message.extra.extend(total.map(|total| ("poll.total".to_owned(), total)));
}
