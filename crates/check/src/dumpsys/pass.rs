//! One pass over a dump: finds the sections and hands their lines on. Memory stays flat, however long it is.
//!
//! Three wrappings, all with the same headings: a bug report (`------ TITLE (command) ------` for parts of
//! dumpstate, `DUMP OF SERVICE [CRITICAL |HIGH ]name:` for services), the whole of `dumpsys` as AndroidQF
//! keeps it, and one section without any heading. Known from AOSP's `dumpstate.cpp` and `dumpsys.cpp`
//! (Android 8 to 15). A section that timed out on the device, was refused, or is cut at the end of the text
//! is said to be not whole. Deliberately not read: reports in proto form, checkin forms for machines.

use model::record::{Place, ProblemKind};
use source::lines::{Cut, Line, Lines};

use super::out::{Half, Out, Progress, Spot, say_halves};
use super::{Reader, Section, dumpstate, section};
use crate::{FactSink, Flow, Input, Seen, Wholly};

/// Most bytes of a line that are looked at.
const LINE_BYTES: u64 = 256 << 10;

/// What a text begins with.
#[derive(Clone, Copy)]
pub(crate) enum Begins {
    /// A wrapping: the head of dumpstate, a list of services, a heading.
    Wrapping,
    /// Lines of this section.
    Section(&'static dyn Section),
}

/// Reads a dump from front to back.
pub(crate) fn read(input: &Input<'_>, begins: Begins, sink: &mut dyn FactSink) -> Flow {
    let whole = input.seen(Place::Whole);
    let Some(Ok(stream)) = input.entry().map(|entry| entry.content().stream()) else {
        return sink.trouble(&whole, ProblemKind::Unreadable, "the bytes of the file", "nothing");
    };
    let mut lines = Lines::new(stream, LINE_BYTES.min(input.limits.unit_bytes));
    let mut pass = Pass::new(&whole, begins, sink);
    loop {
        match lines.next_line() {
            Ok(Some(line)) => pass.line(&line)?,
            Ok(None) => break,
            Err(_) => {
                pass.broken = true;
                pass.trouble(ProblemKind::Unreadable, "the rest of the file")?;
                break;
            }
        }
    }
    pass.finish()
}

/// The section that is open.
struct Open {
    reader: Box<dyn Reader>,
    progress: Progress,
    /// Whether a line with something in it was seen.
    began: bool,
}

struct Pass<'p> {
    whole: &'p Seen,
    sink: &'p mut dyn FactSink,
    open: Option<Open>,
    halves: Vec<Half>,
    /// The last line.
    last: Spot,
    /// Whether the last line was not ended, or bytes could not be had.
    broken: bool,
    /// Whether sections are followed by how long they took: then one without it at the end is cut.
    has_footers: bool,
    /// How far dumpstate's own frame was seen.
    frame: Frame,
}

/// The frame that dumpstate puts around a report.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// There is none.
    None,
    /// Its first line was seen, its last is to come.
    Begun,
    /// Its last line was seen.
    Done,
}

impl<'p> Pass<'p> {
    fn new(whole: &'p Seen, begins: Begins, sink: &'p mut dyn FactSink) -> Self {
        let reader = match begins {
            Begins::Wrapping => Box::new(dumpstate::Head::default()) as Box<dyn Reader>,
            Begins::Section(section) => section.begin(),
        };
        let open = Some(Open { reader, progress: Progress::new(Spot::default()), began: false });
        let (last, halves, frame) = (Spot::default(), Vec::new(), Frame::None);
        Self { whole, sink, open, halves, last, broken: false, has_footers: false, frame }
    }

    fn line(&mut self, line: &Line<'_>) -> Flow {
        let spot = Spot { offset: line.offset, length: line.length };
        self.broken = line.cut == Cut::No && line.length == line.bytes.len() as u64;
        // Few lines can be a heading: most are told apart by their first byte.
        match line.bytes.first() {
            Some(b'D') if line.bytes.starts_with(b"DUMP OF SERVICE ") => return self.heading(line, spot),
            Some(b'-') if line.bytes.starts_with(b"------") => {
                if let Some(flow) = self.dashes(line, spot) {
                    return flow;
                }
            }
            Some(b'=') if line.bytes.starts_with(b"== dumpstate: ") => {
                let done = line.bytes.starts_with(b"== dumpstate: done");
                self.frame = if done { Frame::Done } else { Frame::Begun };
            }
            Some(b'*') if line.bytes.starts_with(b"*** SERVICE '") => self.mark_open_not_whole(),
            _ => {}
        }
        self.last = spot;
        self.hand_on(line, spot)
    }

    /// A line of a section that somebody reads.
    fn hand_on(&mut self, line: &Line<'_>, spot: Spot) -> Flow {
        let Some(open) = &mut self.open else { return Flow::Continue(()) };
        if line.cut == Cut::Yes {
            open.progress.wholly = Wholly::No;
        }
        let text = String::from_utf8_lossy(line.bytes);
        if !open.began && !text.trim().is_empty() {
            open.began = true;
            if is_refusal(&text) {
                self.open = None;
                return self.trouble_at(spot, ProblemKind::Unsupported, "a section that was not refused");
            }
        }
        open.progress.spot = open.progress.spot.until(spot);
        let progress = &mut open.progress;
        let halves = &mut self.halves;
        let file = self.whole.file;
        open.reader.line(&text, &mut Out { sink: self.sink, file, line: spot, progress, halves })
    }

    /// `DUMP OF SERVICE name:`, perhaps with a priority before the name.
    fn heading(&mut self, line: &Line<'_>, spot: Spot) -> Flow {
        self.close()?;
        let text = String::from_utf8_lossy(line.bytes);
        let named = text.strip_prefix("DUMP OF SERVICE ").unwrap_or_default().trim_end();
        let name = named.strip_suffix(':').unwrap_or(named).rsplit(' ').next().unwrap_or_default();
        self.begin(section(name), spot);
        Flow::Continue(())
    }

    /// A line of dashes: how long something took, a title of dumpstate, or a ruler. None if it is neither.
    fn dashes(&mut self, line: &Line<'_>, spot: Spot) -> Option<Flow> {
        let text = String::from_utf8_lossy(line.bytes);
        let text = text.trim_end();
        if text.contains(" was the duration of ") {
            self.has_footers = true;
            return Some(self.close());
        }
        if text.bytes().all(|byte| byte == b'-') {
            // Rulers stand before headings; inside a section one means nothing.
            return None;
        }
        let title = text.strip_prefix("------ ")?.strip_suffix(" ------")?;
        let closed = self.close();
        if closed.is_continue() {
            self.begin(titled(title), spot);
        }
        Some(closed)
    }

    fn begin(&mut self, section: Option<&'static dyn Section>, spot: Spot) {
        self.last = spot;
        self.open = section.map(|section| Open {
            reader: section.begin(),
            progress: Progress::new(spot),
            began: false,
        });
    }

    fn close(&mut self) -> Flow {
        let Some(mut open) = self.open.take() else { return Flow::Continue(()) };
        let line = open.progress.spot;
        let progress = &mut open.progress;
        let (file, halves) = (self.whole.file, &mut self.halves);
        open.reader.end(&mut Out { sink: self.sink, file, line, progress, halves })
    }

    fn mark_open_not_whole(&mut self) {
        if let Some(open) = &mut self.open {
            open.progress.wholly = Wholly::No;
        }
    }

    fn finish(&mut self) -> Flow {
        let cut = self.broken || self.has_footers || self.frame == Frame::Begun;
        if cut {
            self.mark_open_not_whole();
        }
        if self.frame == Frame::Begun {
            self.trouble(ProblemKind::Truncated, "the last line of dumpstate")?;
        } else if self.broken && self.open.is_some() {
            self.trouble(ProblemKind::Truncated, "a last line with its end")?;
        }
        self.close()?;
        say_halves(&self.halves, self.whole, self.sink)
    }

    fn trouble(&mut self, kind: ProblemKind, expected: &str) -> Flow {
        self.trouble_at(self.last, kind, expected)
    }

    fn trouble_at(&mut self, spot: Spot, kind: ProblemKind, expected: &str) -> Flow {
        let place = Place::bytes(spot.offset, spot.length);
        self.sink.trouble(&Seen { file: self.whole.file, place }, kind, expected, "what came before")
    }
}

/// Whether a service said no instead of something about itself.
fn is_refusal(first: &str) -> bool {
    ["Permission Denial", "Can't find service", "Error dumping service", "Failure while dumping"]
        .iter()
        .any(|refusal| first.trim_start().starts_with(refusal))
}

/// The section of a title of dumpstate: `SYSTEM PROPERTIES (getprop)`, or one whose command is `dumpsys` of
/// one service in its plain form.
fn titled(title: &str) -> Option<&'static dyn Section> {
    let (name, command) = title.split_once(" (").unwrap_or((title, ""));
    if let Some(section) = section(name) {
        return Some(section);
    }
    let command = command.strip_suffix(')')?;
    let mut words = command.split(' ').skip_while(|word| !word.ends_with("dumpsys")).skip(1);
    let mut service = None;
    while let Some(word) = words.next() {
        match word {
            "-T" | "-t" => drop(words.next()),
            "-a" => {}
            _ if word.starts_with('-') || service.is_some() => return None,
            _ => service = Some(word),
        }
    }
    section(service?)
}
