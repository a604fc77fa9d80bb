//! Contact cards: vCard 2.1, 3.0 and 4.0, any number of them in one file.
//!
//! vCard 2.1 (versit, 1996), RFC 2426, RFC 6350, RFC 9554, and what phones make of them: Android's
//! quoted-printable, Apple's groups and labels, WhatsApp's `waid`. What has no field of its own is kept as it
//! is written. Pictures, sounds and keys are counted and not decoded. A card without end is still a contact.

mod contact;
mod property;
mod unfold;

use model::record::{Counted, Place, Problem, ProblemKind, Record, Unit, What};
use source::tree::Candidate;

use self::property::Property;
use self::unfold::{Unfold, Unfolded};
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// Contact cards.
pub(super) struct Vcard;

/// Most properties of one card.
const PROPERTIES: usize = 2_000;
/// Most bytes of one card that are held.
const CARD_BYTES: usize = 4 << 20;
/// Most problems that are told one by one.
const PROBLEMS: u64 = 1_000;

impl Format for Vcard {
    fn name(&self) -> &'static str {
        "vcard"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Contact cards (vCard)",
            covers: "versions 2.1, 3.0 and 4.0 as phones, WhatsApp, Telegram and address books write them",
            leaves_out: "pictures, sounds and keys are counted, not decoded",
            source: "vCard 2.1, RFC 2426, RFC 6350, RFC 6868, RFC 9554",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let head = candidate.head();
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        if begins(head) {
            return Some(Claim::alone(Certainty::Certain));
        }
        let named = matches!(candidate.entry().extension().as_str(), "vcf" | "vcard" | "vct");
        let has_card = || head.split(|byte| *byte == b'\n').any(|line| begins(line.trim_ascii_start()));
        (named && has_card()).then(|| Claim::alone(Certainty::Likely))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let mut cards = Cards {
            input,
            sink,
            counted: Counted::new(input.file, Unit::Card, ""),
            open: None,
            stray: None,
            agents: 0,
            told: 0,
        };
        cards.read()?;
        cards.sum_up()?;
        let counted = cards.counted;
        sink.counted(counted)
    }
}

fn begins(line: &[u8]) -> bool {
    is_line(line, b"BEGIN:VCARD")
}

fn is_line(line: &[u8], wanted: &[u8]) -> bool {
    let end = line.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    let squeezed = end.trim_ascii_end().iter().filter(|byte| **byte != b' ').copied();
    squeezed.map(|byte| byte.to_ascii_uppercase()).eq(wanted.iter().copied())
}

struct Cards<'c> {
    input: &'c Input<'c>,
    sink: &'c mut dyn Sink,
    counted: Counted,
    open: Option<Card>,
    /// Text outside of cards: its place so far.
    stray: Option<(u64, u64)>,
    /// Cards inside the open one that did not end yet.
    agents: u32,
    /// How many problems there were.
    told: u64,
}

#[derive(Default)]
struct Card {
    offset: u64,
    end: u64,
    properties: Vec<Property>,
    broken: Vec<String>,
    /// The lines of a card inside this one.
    agent: Vec<String>,
    trouble: Option<(ProblemKind, &'static str)>,
    held_bytes: usize,
}

impl Card {
    fn is_full(&self) -> bool {
        let count = self.properties.len().saturating_add(self.broken.len()).saturating_add(self.agent.len());
        count >= PROPERTIES || self.held_bytes >= CARD_BYTES
    }
}

impl Cards<'_> {
    fn read(&mut self) -> Flow {
        let stream = self.input.entry().and_then(|entry| entry.content().stream().ok());
        let Some(stream) = stream else { return self.unreadable(0) };
        let mut unfold = Unfold::new(stream);
        loop {
            match unfold.next() {
                Ok(Some(line)) => self.line(&line)?,
                Ok(None) => break,
                Err(_) => {
                    let at = self.open.as_ref().map_or(0, |card| card.end);
                    self.end_card(Some((ProblemKind::Unreadable, "bytes that can be read to the end")))?;
                    return self.unreadable(at);
                }
            }
        }
        self.end_card(Some((ProblemKind::Truncated, "the end of a card")))?;
        self.end_stray()
    }

    fn line(&mut self, line: &Unfolded) -> Flow {
        if begins(&line.bytes) {
            return self.begin(line);
        }
        let Some(card) = &mut self.open else { return self.outside(line) };
        card.end = line.end;
        if is_line(&line.bytes, b"END:VCARD") {
            if self.agents > 0 {
                self.agents = self.agents.saturating_sub(1);
                return Flow::Continue(());
            }
            return self.end_card(None);
        }
        if line.bytes.trim_ascii().is_empty() {
            return Flow::Continue(());
        }
        if card.is_full() {
            card.trouble = Some((ProblemKind::Limit, "fewer properties in one card"));
            return Flow::Continue(());
        }
        if self.agents > 0 {
            card.held_bytes = card.held_bytes.saturating_add(line.bytes.len());
            card.agent.push(String::from_utf8_lossy(&line.bytes).into_owned());
            return Flow::Continue(());
        }
        if let Some(property) = Property::of(line) {
            if property.is_cut && !property.is_binary {
                card.trouble = Some((ProblemKind::Limit, "shorter values"));
            }
            card.held_bytes = card.held_bytes.saturating_add(property.value.len());
            card.properties.push(property);
        } else {
            card.held_bytes = card.held_bytes.saturating_add(line.bytes.len());
            card.broken.push(String::from_utf8_lossy(&line.bytes).into_owned());
            card.trouble = card.trouble.or(Some((ProblemKind::Damaged, "a name and a colon in every line")));
        }
        Flow::Continue(())
    }

    fn begin(&mut self, line: &Unfolded) -> Flow {
        if let Some(card) = &mut self.open {
            // vCard 2.1 puts the card of somebody's agent into the card.
            let in_agent =
                card.properties.last().is_some_and(|last| last.name == "AGENT" && last.value.is_empty());
            if in_agent || self.agents > 0 {
                card.end = line.end;
                self.agents = self.agents.saturating_add(1);
                return Flow::Continue(());
            }
            self.end_card(Some((ProblemKind::Truncated, "the end of a card")))?;
        }
        self.end_stray()?;
        self.open = Some(Card { offset: line.offset, end: line.end, ..Card::default() });
        Flow::Continue(())
    }

    fn end_card(&mut self, trouble: Option<(ProblemKind, &'static str)>) -> Flow {
        self.agents = 0;
        let Some(card) = self.open.take() else { return Flow::Continue(()) };
        let mut contact = contact::contact(&card.properties);
        contact.extra.extend(card.broken.into_iter().map(|line| ("line".to_owned(), line)));
        contact.extra.extend(card.agent.into_iter().map(|line| ("card inside".to_owned(), line)));
        let mut doubts: Vec<&str> =
            card.properties.iter().filter_map(|property| property.doubt.as_deref()).collect();
        doubts.dedup();
        contact.extra.extend(doubts.first().map(|doubt| ("charset".to_owned(), (*doubt).to_owned())));
        let place = Place::bytes(card.offset, card.end.saturating_sub(card.offset));
        for (kind, expected) in trouble.into_iter().chain(card.trouble) {
            self.trouble(place.clone(), kind, expected, "what the card says up to there")?;
        }
        self.counted.in_source = self.counted.in_source.saturating_add(1);
        self.counted.records = self.counted.records.saturating_add(1);
        self.sink.record(Record {
            file: self.input.file,
            place,
            part: 0,
            what: What::Contact(Box::new(contact)),
        })
    }

    fn outside(&mut self, line: &Unfolded) -> Flow {
        if !line.bytes.trim_ascii().is_empty() {
            self.stray = Some((self.stray.map_or(line.offset, |(begin, _)| begin), line.end));
        }
        Flow::Continue(())
    }

    fn end_stray(&mut self) -> Flow {
        let Some((begin, end)) = self.stray.take() else { return Flow::Continue(()) };
        self.counted.in_source = self.counted.in_source.saturating_add(1);
        self.counted.problems = self.counted.problems.saturating_add(1);
        let place = Place::bytes(begin, end.saturating_sub(begin));
        self.trouble(place, ProblemKind::NotUnderstood, "a card", "")
    }

    fn trouble(&mut self, place: Place, kind: ProblemKind, expected: &str, kept: &str) -> Flow {
        self.told = self.told.saturating_add(1);
        if self.told > PROBLEMS {
            return Flow::Continue(());
        }
        self.sink.trouble((self.input.file, place), kind, expected, kept)
    }

    /// Of more problems than are told one by one, the rest in one.
    fn sum_up(&mut self) -> Flow {
        let units = self.told.saturating_sub(PROBLEMS);
        if units == 0 {
            return Flow::Continue(());
        }
        self.sink.problem(Problem {
            file: self.input.file,
            place: Place::Whole,
            kind: ProblemKind::Damaged,
            expected: "cards as before, further cases".to_owned(),
            kept: "what the cards say".to_owned(),
            units,
        })
    }

    fn unreadable(&mut self, at: u64) -> Flow {
        self.counted.in_source = self.counted.in_source.saturating_add(1);
        self.counted.problems = self.counted.problems.saturating_add(1);
        let size = self.input.entry().map_or(0, source::tree::Entry::size_bytes);
        let place = Place::bytes(at, size.saturating_sub(at));
        let expected = "bytes that can be read to the end";
        self.sink.trouble((self.input.file, place), ProblemKind::Unreadable, expected, "the cards before")
    }
}
