//! Goes through a capture and tells where the device connects to.

use std::collections::BTreeMap;

use model::record::{FileNumber, Place, Problem, ProblemKind};
use seal::foreign::ForeignSha1;

use super::file::{CaptureFile, Captured, Ending, Extent, Next};
use super::findings::{Findings, Origin};
use super::internet::{self, Carries, End, Opens, Part, Way};
use super::link::{self, Inside};
use super::quic::{self, Openings};
use super::streams::{Look, Standing, Streams};
use super::window::Window;
use super::{certificate, dns, http, tls};
use crate::{FactSink, Flow, Input, Question, Seen, Wholly};

/// Reads the capture of an input.
pub(crate) fn read(input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let whole = input.seen(Place::Whole);
    let stream = input.entry().and_then(|entry| entry.content().stream().ok());
    let opened = stream.ok_or(Ending::Unreadable).and_then(|stream| CaptureFile::open(Window::new(stream)));
    let mut file = match opened {
        Ok(file) => file,
        Err(ending) => return tell_ending(ending, &whole, sink),
    };
    let mut traffic = Traffic {
        findings: Findings::new(input.file, sink),
        streams: Streams::default(),
        openings: Openings::default(),
        counted: Counted::default(),
    };
    loop {
        let ending = match file.next() {
            Next::Packet(packet) => {
                traffic.packet(&packet);
                traffic.findings.flow?;
                continue;
            }
            Next::Names(names) => {
                let offset_bytes = file.offset_bytes();
                let origin = Origin { at: None, app: None, offset_bytes, length_bytes: 0 };
                for name in &names {
                    traffic.findings.name(name, origin);
                }
                traffic.findings.flow?;
                continue;
            }
            Next::Odd => {
                traffic.counted.add(Count::Odd);
                continue;
            }
            Next::End(ending) => ending,
        };
        let seen = Seen { file: input.file, place: Place::bytes(file.offset_bytes(), 0) };
        return traffic.finish(ending, &seen);
    }
}

fn tell_ending(ending: Ending, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
    let (kind, expected) = match ending {
        Ending::Whole => return Flow::Continue(()),
        Ending::Truncated => (ProblemKind::Truncated, "a capture that ends behind a packet"),
        Ending::Damaged => (ProblemKind::Damaged, "the head of a packet of a capture"),
        Ending::Unreadable => (ProblemKind::Unreadable, "bytes of a capture that can be had"),
    };
    sink.trouble(seen, kind, expected, "the packets before")
}

/// What packets are counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Count {
    /// Looked at.
    Packet,
    /// Cut when captured, and something that was needed is gone.
    Cut,
    /// It contradicts itself.
    Odd,
    /// Encrypted Wi-Fi.
    Encrypted,
    /// A kind of frame that is not read.
    Unknown,
    /// A part of a packet.
    Fragment,
}

#[derive(Default)]
struct Counted(BTreeMap<Count, u64>);

impl Counted {
    fn add(&mut self, count: Count) {
        let number = self.0.entry(count).or_default();
        *number = number.saturating_add(1);
    }

    fn of(&self, count: Count) -> u64 {
        self.0.get(&count).copied().unwrap_or(0)
    }
}

struct Traffic<'s> {
    findings: Findings<'s>,
    streams: Streams,
    openings: Openings,
    counted: Counted,
}

impl Traffic<'_> {
    fn packet(&mut self, captured: &Captured<'_>) {
        self.counted.add(Count::Packet);
        if self.look(captured).is_none() {
            self.counted.add(if captured.extent == Extent::Cut { Count::Cut } else { Count::Odd });
        }
    }

    /// None if the packet ends before what is needed of it.
    fn look(&mut self, captured: &Captured<'_>) -> Option<()> {
        let frame = link::frame(captured.link, captured.bytes)?;
        let bytes = match frame.inside {
            Inside::Internet(bytes) => bytes,
            Inside::Other => return Some(()),
            Inside::Encrypted => {
                self.counted.add(Count::Encrypted);
                return Some(());
            }
            Inside::Unknown => {
                self.counted.add(Count::Unknown);
                return Some(());
            }
        };
        let packet = internet::packet(bytes)?;
        if packet.part == Part::Fragment {
            self.counted.add(Count::Fragment);
        }
        let origin = Origin {
            at: captured.at,
            app: frame.app,
            offset_bytes: captured.offset_bytes,
            length_bytes: captured.bytes.len() as u64,
        };
        let way = packet.way;
        match packet.carries {
            Carries::Datagram(bytes) => {
                self.findings.end(far(way, Opens::No), origin);
                self.datagram(way, bytes, origin)
            }
            Carries::Segment { sequence, opens, bytes } => {
                self.findings.end(far(way, opens), origin);
                if opens != Opens::No {
                    self.streams.open(way, sequence.wrapping_add(1));
                }
                if !bytes.is_empty() {
                    let sequence = if opens == Opens::No { sequence } else { sequence.wrapping_add(1) };
                    self.segment((way, sequence), bytes, origin);
                }
                // A cut segment may hide the name of a server.
                let is_cut = captured.extent == Extent::Cut && is_begin(way, bytes, Standing::Anywhere);
                (!is_cut).then_some(())
            }
            Carries::Other => {
                self.findings.end(way.to, origin);
                Some(())
            }
        }
    }

    fn datagram(&mut self, way: Way, bytes: &[u8], origin: Origin<'_>) -> Option<()> {
        let Self { findings, openings, .. } = self;
        if is_dns(way) {
            return dns::message(bytes, &mut |said| tell_dns(said, origin, findings));
        }
        if way.from.port != 443 && quic::is_initial(bytes) {
            openings.datagram(way, bytes, &mut |name| findings.name(name, origin));
        }
        Some(())
    }

    fn segment(&mut self, place: (Way, u32), bytes: &[u8], origin: Origin<'_>) {
        let Self { findings, streams, .. } = self;
        let way = place.0;
        streams.segment(place, bytes, &|bytes, standing| is_begin(way, bytes, standing), &mut |stream| {
            if is_dns(way) {
                messages(stream, origin, findings)
            } else if tls::is_begin(stream, Standing::First) {
                tls::look(stream, &mut |said| match said {
                    tls::Said::Name(name) => findings.name(name, origin),
                    tls::Said::Certificate(bytes) => {
                        findings.certificate(&model::encode_hex(&ForeignSha1::of(bytes)), origin);
                        certificate::names(bytes, &mut |name| findings.name(name, origin));
                    }
                })
            } else {
                http::look(stream, &mut |address| findings.page(address, origin))
            }
        });
    }

    fn finish(mut self, ending: Ending, seen: &Seen) -> Flow {
        tell_ending(ending, seen, self.findings.sink())?;
        let whole = Seen { file: seen.file, place: Place::Whole };
        let packets = self.counted.of(Count::Packet);
        let mut wholly = if ending == Ending::Whole { Wholly::Yes } else { Wholly::No };
        let given_up = self.streams.given_up().saturating_add(self.openings.given_up());
        for (units, kind, expected) in [
            (
                self.counted.of(Count::Cut),
                ProblemKind::Truncated,
                "whole packets; these were cut when captured",
            ),
            (self.counted.of(Count::Odd), ProblemKind::Damaged, "packets that do not contradict themselves"),
            (self.counted.of(Count::Encrypted), ProblemKind::NeedsKey, "Wi-Fi that is not encrypted"),
            (self.counted.of(Count::Unknown), ProblemKind::Unsupported, "a kind of frame that is read"),
            (self.counted.of(Count::Fragment), ProblemKind::Unsupported, "packets that are not split"),
            (given_up, ProblemKind::Truncated, "openings of connections that are whole"),
        ] {
            if units == 0 {
                continue;
            }
            wholly = Wholly::No;
            let problem = problem((whole.file, units), kind, expected);
            self.findings.sink().problem(problem)?;
        }
        self.findings.finish()?;
        let unread = self.counted.of(Count::Encrypted).saturating_add(self.counted.of(Count::Unknown));
        let looked = packets.saturating_sub(unread);
        if packets > 0 && looked == 0 {
            // Nothing could be looked at: that is no answer.
            return Flow::Continue(());
        }
        self.findings.sink().looked(&whole, Question::Connections, wholly, looked)
    }
}

fn problem((file, units): (FileNumber, u64), kind: ProblemKind, expected: &str) -> Problem {
    let (expected, kept) = (expected.to_owned(), "what else the packets say".to_owned());
    Problem { file, place: Place::Whole, kind, expected, kept, units }
}

fn is_dns(way: Way) -> bool {
    way.from.port == 53 || way.to.port == 53
}

fn is_begin(way: Way, bytes: &[u8], standing: Standing) -> bool {
    is_dns(way) || tls::is_begin(bytes, standing) || http::is_begin(bytes, standing)
}

/// The end that is not the device's own: the one that is asked for a connection; else that with the smaller
/// port, as services have.
fn far(way: Way, opens: Opens) -> End {
    match opens {
        Opens::Answers => way.from,
        Opens::No if way.from.port < way.to.port => way.from,
        Opens::Asks | Opens::No => way.to,
    }
}

/// Messages of DNS in a stream, each with its length before it.
fn messages(stream: &[u8], origin: Origin<'_>, findings: &mut Findings<'_>) -> Look {
    let mut cursor = super::cursor::Cursor(stream);
    while !cursor.0.is_empty() {
        let Some(message) = cursor.piece_of_two() else { return Look::More };
        if dns::message(message, &mut |said| tell_dns(said, origin, findings)).is_none() {
            return Look::Done;
        }
    }
    Look::Done
}

fn tell_dns(said: dns::Said<'_>, origin: Origin<'_>, findings: &mut Findings<'_>) {
    match said {
        dns::Said::Name(name) => findings.name(name, origin),
        dns::Said::Address(address) => findings.end(End { address, port: 0 }, origin),
    }
}
