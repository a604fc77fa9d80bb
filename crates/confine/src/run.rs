//! The parent's side: starts a worker, answers its questions, hands its messages on, until it ends.
//!
//! The worker is not believed: every length, every kind, every order is checked, and the first wrong word is
//! the last.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::thread;
use std::time::Duration;

use crate::frame::{
    BATCH_BYTES, Broken, FrameReader, HEADER_BYTES, Kind, MESSAGE_HEADER_BYTES, ReadRequest, Terms, header,
    next_message, trouble_byte,
};
use crate::process::{Pipes, Process};
use crate::watch::Watch;
use crate::{ConfineError, Ending, Host, How, Layers, Limits, Program, Why};

/// Runs one worker to its end. `job` goes to the worker as it is and is not kept; the caller wipes its own.
///
/// Returns only when the process is gone, whatever happened. Errors: the worker could not be started or
/// waited for. Everything a worker can do wrong is an [`Ending`].
pub fn run(
    program: &Program,
    limits: &Limits,
    job: &[u8],
    host: &mut dyn Host,
) -> Result<Ending, ConfineError> {
    u32::try_from(job.len()).map_err(|_| ConfineError::Job)?;
    let (process, pipes) = Process::start(program)?;
    let watch = Watch::default();
    let silence = Duration::from_secs(limits.wall_seconds_without_word);
    let folder = program.spool_folder.as_deref().and_then(|folder| folder.to_str()).unwrap_or_default();
    let terms = Terms { limits: *limits, spool_folder: folder.to_owned() };
    thread::scope(|scope| {
        let _end = EndWatch(&watch);
        thread::Builder::new()
            .name("worker watch".to_owned())
            .spawn_scoped(scope, || watch.over(silence, || process.kill()))
            .map_err(ConfineError::Start)?;
        let Pipes { to, from } = pipes;
        // A batch may hold one message of full length, or many short ones.
        let frame_bytes_max = limits.message_length().max(BATCH_BYTES).saturating_add(MESSAGE_HEADER_BYTES);
        let reader = FrameReader::new(from, frame_bytes_max);
        let mut talk =
            Talk { watch: &watch, to, host, message_bytes_max: limits.message_length(), layers: None };
        let last = talk.begin(&terms, job, reader);
        let layers = talk.layers;
        Ok(Ending { how: ending(&process, &watch, last)?, layers })
    })
}

/// Ends the watch, also when the host panics; else the thread would never be joined.
struct EndWatch<'a>(&'a Watch);

impl Drop for EndWatch<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// What ended the conversation.
enum Last {
    /// The worker said that it is done.
    End,
    /// The host said stop.
    Stop,
    /// The worker said what it must not.
    BadWord,
    /// The pipe is closed.
    Gone,
}

/// Makes sure that the process is gone and says how it ended.
fn ending(process: &Process, watch: &Watch, last: Last) -> Result<How, ConfineError> {
    let status = match last {
        Last::Gone => process.farewell()?,
        Last::End | Last::Stop | Last::BadWord => {
            process.end()?;
            None
        }
    };
    Ok(match (last, status) {
        (Last::End, _) => How::Finished,
        (Last::Stop, _) => How::Stopped,
        _ if watch.gave_up() => How::Died { why: Why::Silence },
        (Last::Gone, Some(status)) => How::Died { why: process.why(status) },
        (Last::BadWord | Last::Gone, _) => How::Died { why: Why::BadWord },
    })
}

/// The conversation with one worker.
struct Talk<'a> {
    watch: &'a Watch,
    to: std::process::ChildStdin,
    host: &'a mut dyn Host,
    message_bytes_max: usize,
    layers: Option<Layers>,
}

impl Talk<'_> {
    /// Gives terms and job, then listens to the end. What cannot be written need not be said: the other side
    /// is gone, and reading tells.
    fn begin(&mut self, terms: &Terms, job: &[u8], mut from: FrameReader<impl io::Read>) -> Last {
        let _ = self.say(&terms.frame());
        match self.watch.waiting(|| from.next()).map(|(kind, payload)| (kind, Layers::from_bytes(payload))) {
            Ok((Kind::Layers, Some(layers))) => self.layers = Some(layers),
            Ok(_) | Err(Broken::Garbage) => return Last::BadWord,
            Err(Broken::Gone) => return Last::Gone,
        }
        if self.layers.is_some_and(|layers| self.host.entered(&layers).is_break()) {
            return Last::Stop;
        }
        let _ = self.say(&header(Kind::Job, job.len())).and_then(|()| self.say(job));
        self.listen(from)
    }

    fn listen(&mut self, mut from: FrameReader<impl io::Read>) -> Last {
        let mut answer = Vec::new();
        loop {
            let step = match self.watch.waiting(|| from.next()) {
                Ok((Kind::Read, payload)) => self.answer(payload, &mut answer),
                Ok((Kind::Messages, payload)) => self.hand_on(payload),
                Ok((Kind::End, [])) => ControlFlow::Break(Last::End),
                Ok(_) | Err(Broken::Garbage) => ControlFlow::Break(Last::BadWord),
                Err(Broken::Gone) => ControlFlow::Break(Last::Gone),
            };
            if let ControlFlow::Break(last) = step {
                return last;
            }
        }
    }

    /// Hands every message of a frame to the host.
    fn hand_on(&mut self, mut payload: &[u8]) -> ControlFlow<Last> {
        while !payload.is_empty() {
            let Some(message) = next_message(&mut payload, self.message_bytes_max) else {
                return ControlFlow::Break(Last::BadWord);
            };
            if self.host.message(message).is_break() {
                return ControlFlow::Break(Last::Stop);
            }
        }
        ControlFlow::Continue(())
    }

    /// Answers a question for bytes in one write.
    fn answer(&mut self, payload: &[u8], answer: &mut Vec<u8>) -> ControlFlow<Last> {
        let Some(request) = ReadRequest::parse(payload) else { return ControlFlow::Break(Last::BadWord) };
        let whole = HEADER_BYTES.saturating_add(usize::try_from(request.length).unwrap_or(0));
        if answer.len() < whole {
            answer.resize(whole, 0);
        }
        let said = match self.read(request, answer.get_mut(HEADER_BYTES..whole).unwrap_or_default()) {
            Ok(count) => {
                let head = header(Kind::Bytes, count);
                answer.iter_mut().zip(head).for_each(|(to, from)| *to = from);
                self.say(answer.get(..HEADER_BYTES.saturating_add(count)).unwrap_or_default())
            }
            Err(error) => {
                let [letter, a, b, c, d] = header(Kind::Trouble, 1);
                self.say(&[letter, a, b, c, d, trouble_byte(&error)])
            }
        };
        if said.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(Last::Gone) }
    }

    /// Asks the host until the buffer is full or the content ends.
    fn read(&mut self, request: ReadRequest, buffer: &mut [u8]) -> io::Result<usize> {
        let mut done = 0_usize;
        while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
            let room = rest.len();
            let offset = request.offset.checked_add(done as u64).ok_or(io::ErrorKind::InvalidInput)?;
            match self.host.read_at(request.content, offset, rest) {
                Ok(0) => break,
                Ok(count) => done = done.saturating_add(count.min(room)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    fn say(&mut self, bytes: &[u8]) -> io::Result<()> {
        let to = &mut self.to;
        self.watch.waiting(|| to.write_all(bytes))
    }
}
