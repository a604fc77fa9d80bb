//! One block of a page.

use model::record::{
    Direction, Inside, Message, Party, Precision, Quoted, Reaction, State, TimeReading, Zone,
};

use super::{Before, Reading, media};
use crate::html::{Node, parse};
use crate::{Input, telegram, worded_date};

/// What stands in place of a message that the exporting program did not know.
const UNSUPPORTED: &str = "This message is not supported by this version of Telegram Desktop";

/// The day that a block of the program shows and nothing else: `7 November 2020`.
pub(super) fn day(block: &Node) -> Option<String> {
    let shown = outer(block);
    if !shown.tag.has_class("service") {
        return None;
    }
    let text = shown.text(&nothing)?;
    let reading = worded_date::reading(&text);
    let words = text.split(' ').count();
    (words == 3 && reading.first_ms.is_some() && reading.precision == Precision::Day).then_some(text)
}

/// The block's own element inside the parsed piece.
fn outer(block: &Node) -> &Node {
    block.children().next().unwrap_or(block)
}

fn nothing(_: &Node) -> bool {
    false
}

impl Reading<'_> {
    /// What a block says.
    pub(super) fn message(&mut self, block: &Node) -> Message {
        let shown = outer(block);
        let id = shown.tag.attribute("id").and_then(|id| id.strip_prefix("message"));
        let mut message = Message {
            app: "telegram".to_owned(),
            chat: self.chat.clone(),
            id: id.filter(|id| !id.is_empty()).map(str::to_owned),
            ..Message::default()
        };
        if shown.tag.has_class("service") {
            self.service(&mut message, shown);
            return message;
        }
        let body = shown.first("body").unwrap_or(shown);
        message.sent = time(body);
        let forwarded =
            body.children().find(|node| node.tag.has_class("forwarded") && node.tag.has_class("body"));
        self.sender(&mut message, shown, body, forwarded);
        let inner = forwarded.unwrap_or(body);
        reply(&mut message, body);
        media::attachments(self.input, &mut message, inner);
        text(&mut message, inner);
        reactions(&mut message, shown);
        if let Some(author) = inner.first("signature").and_then(|node| node.text(&nothing)) {
            message.extra.push(("author".to_owned(), author));
        }
        self.direction(&mut message);
        message
    }

    /// The program's own messages: English sentences, without a time; the day stands above them.
    fn service(&mut self, message: &mut Message, shown: &Node) {
        self.before = Before { doubtful: true, ..Before::default() };
        message.direction = Direction::System;
        message.sent = self.day.as_deref().map(worded_date::reading);
        let body = shown.first("body").unwrap_or(shown);
        message.text = body.text(&nothing);
        if message.text.as_deref().is_some_and(|text| text.starts_with(UNSUPPORTED)) {
            message.direction = Direction::Unknown;
            message.extra.push(("type".to_owned(), "unsupported".to_owned()));
        } else if let Some(text) = &message.text {
            message.inside.push(Inside::Change { what: text.clone(), about: Vec::new() });
        }
        reply_in(message, body);
        for picture in shown.all(&|node| node.tag.has_class("userpic_link")) {
            let href = picture.tag.attribute("href").unwrap_or_default().to_owned();
            message.attachments.push(media::picture(self.input, href));
        }
    }

    /// The name on the block, or the one on the block before; and whose message was passed on.
    fn sender(&mut self, message: &mut Message, shown: &Node, body: &Node, forwarded: Option<&Node>) {
        let own = body.children().find(|node| node.tag.has_class("from_name"));
        if let Some(name) = own.and_then(|node| node.text(&is_date)) {
            let (name, via) = without_bot(&name);
            message.extra.extend(via.map(|via| ("via_bot".to_owned(), via.to_owned())));
            // A deleted account has no name of its own.
            self.before = Before { sender: Some(Party::named(name)), ..Before::default() };
        } else {
            let is_joined = shown.tag.has_class("joined");
            if self.before.doubtful || !is_joined || self.before.sender.is_none() {
                message.states.push(State::Doubtful("sender".to_owned()));
            }
            if !is_joined {
                self.before = Before { doubtful: true, ..Before::default() };
            }
        }
        message.sender.clone_from(&self.before.sender);
        let Some(forwarded) = forwarded else {
            self.before.forwarded_from = None;
            return;
        };
        message.states.push(State::Forwarded);
        let name = forwarded.children().find(|node| node.tag.has_class("from_name"));
        if let Some(name) = name {
            self.before.forwarded_from = name.text(&is_date);
            let date = name.first("date").and_then(|node| node.tag.attribute("title"));
            message.extra.extend(date.map(|date| ("forwarded_date".to_owned(), date.to_owned())));
        }
        let from = self.before.forwarded_from.clone();
        message.extra.extend(from.map(|from| ("forwarded_from".to_owned(), from)));
    }

    /// By the name that was told or that the account's summary shows; a call tells by itself.
    fn direction(&self, message: &mut Message) {
        if message.direction != Direction::Unknown {
            return;
        }
        let name = message.sender.as_ref().and_then(|sender| sender.name.as_deref());
        message.direction = match (self.owner.as_deref(), name) {
            (Some(owner), Some(name)) if owner == name => Direction::Outgoing,
            (Some(_), Some(_)) => Direction::Incoming,
            _ => Direction::Unknown,
        };
    }
}

/// `Name via @bot`.
fn without_bot(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once(" via @") {
        Some((name, bot)) if !bot.contains(' ') => (name, Some(bot)),
        _ => (name, None),
    }
}

fn is_date(node: &Node) -> bool {
    node.tag.has_class("date")
}

/// `13.09.2020 12:26:00`, since 2021 with `UTC+02:00`.
fn time(body: &Node) -> Option<TimeReading> {
    let date = body.children().find(|node| is_date(node))?;
    let shown = date.tag.attribute("title").filter(|title| !title.is_empty());
    let shown = shown.map(str::to_owned).or_else(|| date.text(&nothing))?;
    let reading = worded_date::reading(&shown);
    // Without the title only the clock is left, which is no time of its own.
    let is_clock = reading.zone == Zone::Unknown && reading.precision == Precision::Day;
    Some(if is_clock { TimeReading { first_ms: None, ..reading } } else { reading })
}

/// `In reply to this message`, with the number in the link.
fn reply(message: &mut Message, body: &Node) {
    if let Some(reply) = body.first("reply_to") {
        reply_in(message, reply);
        if message.quoted.is_none() {
            let text = reply.text(&nothing);
            message.extra.extend(text.map(|text| ("reply_to".to_owned(), text)));
        }
    }
}

fn reply_in(message: &mut Message, node: &Node) {
    const LINK: &str = "#go_to_message";
    for link in node.all(&|node| node.tag.name == "a") {
        let href = link.tag.attribute("href").unwrap_or_default();
        if let Some((_, id)) = href.rsplit_once(LINK) {
            message.quoted = Some(Quoted { id: Some(id.to_owned()), ..Quoted::default() });
        }
    }
}

/// The text, and the links behind its words.
fn text(message: &mut Message, inner: &Node) {
    let texts = || inner.children().filter(|node| node.tag.has_class("text"));
    let words: Vec<String> = texts().filter_map(|node| node.text(&nothing)).collect();
    message.text = (!words.is_empty()).then(|| words.join("\n"));
    for link in texts().flat_map(|node| node.all(&|node| node.tag.name == "a")) {
        let url = link.tag.attribute("href").unwrap_or_default();
        let title = link.text(&nothing);
        // What is the same in words stands in the text already.
        if url.is_empty() || title.as_deref() == Some(url) {
            continue;
        }
        message.inside.push(Inside::Link { url: url.to_owned(), title });
    }
}

/// One for everybody who is named, one for the rest that is only counted.
fn reactions(message: &mut Message, shown: &Node) {
    for one in shown.all(&|node| node.tag.has_class("reaction")) {
        let sign = one.first("emoji").and_then(|node| node.text(&nothing)).unwrap_or_default();
        let named = one.all(&|node| node.tag.attribute("title").is_some());
        for who in &named {
            let by = who.tag.attribute("title").map(Party::named);
            message.reactions.push(Reaction { by, sign: sign.clone(), at: None, count: 1 });
        }
        let count = one.first("count").and_then(|node| node.text(&nothing)?.parse::<u64>().ok());
        let count = count.unwrap_or(1).saturating_sub(named.len() as u64);
        if count > 0 {
            message.reactions.push(Reaction { by: None, sign, at: None, count });
        }
    }
}

/// The name that the account's summary page shows.
pub(super) fn owner(input: &Input<'_>) -> Option<String> {
    let page = parse(&telegram::summary(input)?);
    let names = page.first("personal_info")?.first("names")?;
    let values = names.all(&|node| node.tag.has_class("value"));
    let words: Vec<String> = values.iter().filter_map(|node| node.text(&nothing)).collect();
    let name = words.join(" ");
    (!name.is_empty()).then_some(name)
}
