//! WhatsApp chat exports as text: `_chat.txt` of an iPhone, `WhatsApp Chat with NAME.txt` of Android.
//!
//! Any language and region of a phone, 2012 to today; media are found beside the text. The form is learned
//! from the file, in two passes: `survey.rs` gathers evidence, `emit.rs` makes records. Words of WhatsApp are
//! in `words.tsv`. Source: public exports (whats_json, timelinize, whatsapp-export-inconsistencies) and
//! reports of users of other readers. A zip around it is opened as a container. Times are wall clocks of the
//! phone that exported, of an unknown zone. Deliberately no guess where the file does not decide: the order
//! of day and month stays open with both readings, a doubtful line is marked and counted.

mod author;
mod body;
mod calendar;
mod characters;
mod emit;
mod hold;
mod media_names;
mod order;
mod stamp;
mod stamp_words;
mod survey;
mod text;
mod words;

use model::record::{ChatRef, Place, ProblemKind};
use source::tree::{Candidate, Entry, Tree};

use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

use author::split;
use body::Bodies;
use characters::begins_marked;
use emit::Emitter;
use stamp::{Frame, Separator, scan};
use survey::Survey;
use text::{Encoding, TextLines};
use words::Words;

/// The format.
pub(super) struct WhatsappTxt;

impl Format for WhatsappTxt {
    fn name(&self) -> &'static str {
        "whatsapp_txt"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "WhatsApp chat export (text)",
            covers: "Android and iPhone, 2012 to 2026, all languages and regions of dates, Gregorian, \
                     Buddhist, Japanese and Persian years; media beside the text",
            leaves_out: "The zone of the times and reactions, which an export does not hold; years of the \
                         Islamic calendar keep their raw value only",
            source: "Public exports of 24 languages, locale data of Unicode",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        if candidate.entry().extension() != "txt" {
            return None;
        }
        certainty(candidate).map(Claim::alone)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(entry) = input.entry() else { return Flow::Continue(()) };
        let place = (input.file, Place::Whole);
        let bodies = Bodies::new(input.tree, input.file);
        let most = input.limits.unit_bytes;
        let Some(survey) = survey(entry, &bodies, most) else {
            return sink.trouble(place, ProblemKind::Unreadable, "bytes that can be read", "");
        };
        let Ok(stream) = entry.content().stream() else {
            return sink.trouble(place, ProblemKind::Unreadable, "bytes that can be read", "");
        };
        let name = chat_name(input.tree, entry).or_else(|| survey.names.of_chat());
        let chat = ChatRef { id: String::new(), kind: survey.kind(name.as_deref()), name };
        let owner = input.options.owner.clone().or_else(|| survey.names.owner());
        let emitter = Emitter::new(input.file, (&survey, &bodies), chat, owner, most);
        emitter.read(TextLines::new(stream, survey.encoding, most), sink)
    }
}

/// The first pass; a second time if the text turns out to be of another encoding.
fn survey(entry: &Entry, bodies: &Bodies<'_>, most_bytes: u64) -> Option<Survey> {
    let mut head = [0; 4];
    let read = std::io::Read::read(&mut entry.content().stream().ok()?, &mut head).unwrap_or(0);
    let told = Encoding::of(head.get(..read).unwrap_or_default());
    let lines = TextLines::new(entry.content().stream().ok()?, told, most_bytes);
    let first = Survey::take(lines, told, bodies);
    if first.encoding == told {
        return Some(first);
    }
    let lines = TextLines::new(entry.content().stream().ok()?, first.encoding, most_bytes);
    let damaged_lines = first.damaged_lines;
    let mut second = Survey::take(lines, first.encoding, bodies);
    second.damaged_lines = damaged_lines;
    Some(second)
}

/// The name of the chat: from the file's name, or from that of the archive or folder it lies in.
fn chat_name(tree: &Tree, entry: &Entry) -> Option<String> {
    let words = Words::get();
    let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let folder = entry.folder().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let container = entry.container().and_then(|number| tree.entry(number)).map(|outer| stem(outer.name()));
    let names = [Some(stem(entry.name())), Some(folder), container];
    let found = names.iter().flatten().find_map(|name| words.chat_name(name))?;
    Some(characters::without_marks(found)).filter(|name| !name.is_empty())
}

/// How sure it is that this file is one; none if it is not.
fn certainty(candidate: &Candidate<'_>) -> Option<Certainty> {
    /// A message may be long, but an export begins with a header.
    const LINES_BEFORE: usize = 20;
    let head = candidate.head();
    let named = is_named(candidate.entry().name());
    let mut lines = TextLines::new(head, Encoding::of(head), 1 << 20);
    let mut seen = Seen::default();
    let mut number = 0;
    while let Ok(Some(line)) = lines.next_line() {
        number += 1;
        seen.line(&line.bytes);
        if seen.headers == 0 && number >= LINES_BEFORE {
            return None;
        }
    }
    let alike = seen.most_alike() > 1;
    match (seen.headers, seen.own > 0 || named) {
        (0, _) => None,
        _ if seen.like_log > 0 && !named => None,
        _ if seen.with_name == 0 && seen.own == 0 => None,
        (_, true) if alike || named => Some(Certainty::Certain),
        _ if alike => Some(Certainty::Likely),
        _ => Some(Certainty::Possible),
    }
}

fn is_named(name: &str) -> bool {
    name == "_chat.txt" || Words::get().chat_name(name).is_some()
}

/// What the first lines show.
#[derive(Default)]
struct Seen {
    headers: usize,
    with_name: usize,
    /// Signs that only WhatsApp makes.
    own: usize,
    like_log: usize,
    families: Vec<(u16, usize)>,
}

impl Seen {
    fn line(&mut self, line: &[u8]) {
        let Some(header) = scan(line) else { return };
        self.headers = self.headers.saturating_add(1);
        let family = header.family();
        match self.families.iter_mut().find(|(known, _)| *known == family) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.families.push((family, 1)),
        }
        let rest = line.get(header.rest..).unwrap_or_default();
        // Logs of programs write such dates too; Android's exports have no seconds.
        let exact = header.clock.2.is_some() && header.frame != Frame::Bracket;
        let dashes = header.separator == Separator::Dash;
        let is_log = (exact && (dashes || header.frame == Frame::Dash)) || log_level(rest);
        self.like_log = self.like_log.saturating_add(usize::from(is_log));
        let words = Words::get();
        let own = match split(rest) {
            Some(split) => {
                self.with_name = self.with_name.saturating_add(1);
                let text = std::str::from_utf8(split.text).unwrap_or_default();
                begins_marked(split.text) || words.meaning(text).is_some() || words.sentence(text).is_some()
            }
            None => std::str::from_utf8(rest).is_ok_and(|text| words.sentence(text).is_some()),
        };
        self.own = self.own.saturating_add(usize::from(own));
    }

    fn most_alike(&self) -> usize {
        self.families.iter().map(|(_, count)| *count).max().unwrap_or(0)
    }
}

/// Whether the rest of a line begins with a level as logs write it.
fn log_level(rest: &[u8]) -> bool {
    const LEVELS: [&str; 9] =
        ["ERROR", "INFO", "WARN", "WARNING", "DEBUG", "TRACE", "NOTICE", "CRITICAL", "FATAL"];
    let head = String::from_utf8_lossy(rest.get(..rest.len().min(64)).unwrap_or_default());
    head.split(|character: char| !character.is_ascii_alphabetic()).any(|word| LEVELS.contains(&word))
}
