//! Holds records back for a moment where the clock runs backwards, to tell pasted lines from late ones.
//!
//! Somebody who pastes an old conversation into a message makes lines that look like messages of their own,
//! far back in time; a few lines later the chat goes on where it was. Such lines are marked as doubtful, and
//! never dropped. A file that goes back for long is another order of messages, and is not marked.

use model::record::{Record, State, What};

use crate::{Flow, Sink};

/// Records that wait.
#[derive(Default)]
pub(super) struct Hold {
    held: Vec<Record>,
    bytes: usize,
    /// The time of the last record that did not wait.
    last_ms: Option<i64>,
}

/// A step back of so much is no late delivery.
const BACK_MS: i64 = 7 * 86_400_000;
/// The chat is where it was if it is no further back than this.
const NEAR_MS: i64 = 86_400_000;
/// Most records that wait.
const MOST_RECORDS: usize = 20;
/// Most bytes of text that wait.
const MOST_BYTES: usize = 4 << 20;

impl Hold {
    /// Takes a record whose time is sure, or none.
    pub(super) fn push(&mut self, record: Record, time_ms: Option<i64>, sink: &mut dyn Sink) -> Flow {
        if self.held.is_empty() {
            let Some((now, last)) = time_ms.zip(self.last_ms) else {
                self.last_ms = time_ms.or(self.last_ms);
                return sink.record(record);
            };
            if now >= last.saturating_sub(BACK_MS) {
                self.last_ms = Some(now);
                return sink.record(record);
            }
        } else if let Some((now, last)) = time_ms.zip(self.last_ms)
            && now >= last.saturating_sub(NEAR_MS)
        {
            self.last_ms = time_ms;
            self.release(Verdict::Pasted, sink)?;
            return sink.record(record);
        }
        self.bytes = self.bytes.saturating_add(size_bytes(&record));
        self.held.push(record);
        if self.held.len() > MOST_RECORDS || self.bytes > MOST_BYTES {
            self.last_ms = time_ms.or(self.last_ms);
            self.release(Verdict::Late, sink)?;
        }
        Flow::Continue(())
    }

    /// Gives what still waits.
    pub(super) fn end(&mut self, sink: &mut dyn Sink) -> Flow {
        self.release(Verdict::Pasted, sink)
    }

    fn release(&mut self, verdict: Verdict, sink: &mut dyn Sink) -> Flow {
        self.bytes = 0;
        for mut record in self.held.drain(..) {
            if let (Verdict::Pasted, What::Message(message)) = (verdict, &mut record.what)
                && !message.states.iter().any(|state| matches!(state, State::Doubtful(_)))
            {
                message.states.push(State::Doubtful(PASTED.to_owned()));
            }
            sink.record(record)?;
        }
        Flow::Continue(())
    }
}

/// Why a line is doubtful that may stand in somebody's text.
pub(super) const PASTED: &str = "may be pasted text";

#[derive(Clone, Copy)]
enum Verdict {
    Pasted,
    Late,
}

fn size_bytes(record: &Record) -> usize {
    match &record.what {
        What::Message(message) => message.text.as_ref().map_or(0, String::len),
        _ => 0,
    }
}
