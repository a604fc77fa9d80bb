//! Questions that are answered aloud: on the terminal, one line each. Secrets are asked for in `secrets.rs`.

use std::io::{self, IsTerminal, Write};

use crate::work::{Work, warn};

/// Whether somebody sits there who can answer.
pub(crate) fn is_somebody_there() -> bool {
    io::stdin().is_terminal()
}

/// Asks and gives the line without blanks around it; none when the input ends.
pub(crate) fn ask(question: &str) -> Option<String> {
    let mut err = io::stderr().lock();
    // A question nobody can see is answered by nobody; the reading below then ends.
    drop(write!(err, "{question} ").and_then(|()| err.flush()));
    let mut line = String::new();
    match io::stdin().read_line(&mut line) {
        Ok(0) | Err(_) => {
            warn("");
            None
        }
        Ok(_) => Some(line.trim().to_owned()),
    }
}

/// Which of the ids means this answer: each id's message lists the words for it, blanks between.
pub(crate) fn understood<'i>(work: &Work<'_>, answer: &str, ids: &[&'i str]) -> Option<&'i str> {
    let answer = answer.to_lowercase();
    ids.iter().copied().find(|id| work.words.say(id).split_whitespace().any(|word| word == answer))
}
