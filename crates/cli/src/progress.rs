//! The progress bar: on the terminal only, only for what takes longer than a second, with bytes and time
//! left.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use desk::{Progress, Stage};
use indicatif::{ProgressBar, ProgressStyle};

use crate::size::{size, span};
use crate::words::{Words, say};

/// Whether progress is shown at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Showing {
    /// On a terminal, somebody waits.
    Yes,
    /// Nobody looks, or wants to.
    No,
}

/// Shows the progress of one run. Plain characters, no colour.
pub(crate) struct Bar<'w> {
    words: &'w Words,
    showing: Showing,
    running: RefCell<Option<Running>>,
}

struct Running {
    stage: Stage,
    total_bytes: Option<u64>,
    done_bytes: u64,
    begun: Instant,
    drawn: Option<(ProgressBar, Instant)>,
}

const PATIENCE: Duration = Duration::from_secs(1);
const REDRAW: Duration = Duration::from_millis(200);

impl<'w> Bar<'w> {
    /// A bar that waits for the first stage.
    pub(crate) fn new(words: &'w Words, showing: Showing) -> Self {
        Self { words, showing, running: RefCell::new(None) }
    }

    fn draw(&self, running: &mut Running, now: Instant) {
        let due = running.drawn.as_ref().is_none_or(|(_, last)| now.duration_since(*last) >= REDRAW);
        if !due {
            return;
        }
        let bar = match running.drawn.take() {
            Some((bar, _)) => bar,
            None => new_bar(running.total_bytes).with_prefix(self.words.say(stage_id(running.stage))),
        };
        bar.set_position(running.done_bytes);
        bar.set_message(self.message(running, now));
        running.drawn = Some((bar, now));
    }

    fn message(&self, running: &Running, now: Instant) -> String {
        let done = size(self.words, running.done_bytes);
        let Some(total) = running.total_bytes.filter(|total| *total > 0) else { return done };
        let of = size(self.words, total);
        let elapsed = u128::from(now.duration_since(running.begun).as_secs());
        let rest = u128::from(total.saturating_sub(running.done_bytes));
        match (elapsed * rest).checked_div(u128::from(running.done_bytes)) {
            Some(seconds) => {
                let left = span(self.words, u64::try_from(seconds).unwrap_or(u64::MAX));
                say!(self.words, "progress-left", done = done, total = of, left = left)
            }
            None => say!(self.words, "progress", done = done, total = of),
        }
    }
}

impl Progress for Bar<'_> {
    fn begin(&self, stage: Stage, total_bytes: Option<u64>) {
        self.end();
        if self.showing == Showing::Yes {
            let running = Running { stage, total_bytes, done_bytes: 0, begun: Instant::now(), drawn: None };
            *self.running.borrow_mut() = Some(running);
        }
    }

    fn advance(&self, bytes: u64) {
        if let Some(running) = self.running.borrow_mut().as_mut() {
            running.done_bytes = running.done_bytes.saturating_add(bytes);
            let now = Instant::now();
            if now.duration_since(running.begun) >= PATIENCE {
                self.draw(running, now);
            }
        }
    }

    fn end(&self) {
        if let Some((bar, _)) = self.running.borrow_mut().take().and_then(|running| running.drawn) {
            bar.finish_and_clear();
        }
    }
}

fn new_bar(total_bytes: Option<u64>) -> ProgressBar {
    let (bar, template) = match total_bytes {
        Some(total) => (ProgressBar::new(total), "{prefix} [{bar:24}] {msg}"),
        None => (ProgressBar::new_spinner(), "{prefix} {msg}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

fn stage_id(stage: Stage) -> &'static str {
    match stage {
        Stage::Measuring => "stage-measuring",
        Stage::Sealing => "stage-sealing",
        Stage::ReadingBack => "stage-reading-back",
        Stage::Reading => "stage-reading",
        Stage::Checking => "stage-checking",
        Stage::Understanding => "stage-understanding",
        Stage::Verifying => "stage-verifying",
        Stage::Copying => "stage-copying",
        Stage::Unsealing => "stage-unsealing",
        Stage::HandingOver => "stage-handing-over",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_stage_has_words() {
        use Stage::{Copying, HandingOver, Measuring, Reading, ReadingBack, Sealing, Unsealing, Verifying};
        for language in Language::ALL {
            let words = Words::new(language);
            for stage in
                [Measuring, Sealing, Reading, ReadingBack, Verifying, Copying, Unsealing, HandingOver]
            {
                assert!(words.has(stage_id(stage)), "{stage:?}");
            }
        }
    }

    #[test]
    fn bytes_and_time_left() {
        let words = Words::new(Language::English);
        let bar = Bar::new(&words, Showing::No);
        let begun = Instant::now();
        let mut running =
            Running { stage: Stage::Sealing, total_bytes: Some(4000), done_bytes: 1000, begun, drawn: None };
        let later = begun + Duration::from_secs(10);
        assert_eq!(bar.message(&running, later), "1.0 kB of 4.0 kB, 30 seconds left");
        running.done_bytes = 0;
        assert_eq!(bar.message(&running, later), "0 bytes of 4.0 kB");
        running.total_bytes = None;
        assert_eq!(bar.message(&running, later), "0 bytes");
    }
}
