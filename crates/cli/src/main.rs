//! The command line of Asservat: arguments, prompts, progress, words.
//!
//! Thin: every act is a verb of `desk`. Data goes to stdout, everything else to stderr; exit codes by
//! meaning.

mod answer;
mod arguments;
mod check_text;
mod clock;
mod commands;
mod csv;
mod emphasis;
mod errors;
mod exit;
mod fold;
mod gate;
mod help;
mod home;
mod language;
mod overview;
mod progress;
mod prompt;
mod record_line;
mod safety;
mod secrets;
mod shown;
mod size;
mod timeline_text;
mod trouble;
mod usage;
mod wanted;
mod words;
mod work;
mod worker;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::panic;
use std::process::ExitCode;
use std::sync::Mutex;

use clap::FromArgMatches;
use clap::error::ErrorKind;

use crate::answer::Answer;
use crate::arguments::Arguments;
use crate::errors::{Failure, Telling};
use crate::exit::Exit;
use crate::language::Language;
use crate::progress::Showing;
use crate::trouble::Trouble;
use crate::words::{Words, say};
use crate::work::{Manner, Work};

/// Where in the program it broke; never what it was about, because that could be evidence.
static BROKEN_AT: Mutex<String> = Mutex::new(String::new());

fn main() -> ExitCode {
    let arguments = help_last(std::env::args_os().collect());
    if worker::is_worker(&arguments) {
        return worker::work();
    }
    let words = Words::new(Language::of(&arguments));
    // Known before the arguments are understood, because a wrong one is told in the same form.
    let json = arguments.iter().any(|argument| argument == "--json");
    panic::set_hook(Box::new(|info| {
        if let (Some(place), Ok(mut broken)) = (info.location(), BROKEN_AT.lock()) {
            *broken = format!("{}:{}", place.file(), place.line());
        }
    }));
    let outcome =
        panic::catch_unwind(panic::AssertUnwindSafe(|| run(&arguments, &words))).unwrap_or_else(|_| {
            let place = BROKEN_AT.lock().map(|place| place.clone()).unwrap_or_default();
            Err(Failure::from(Trouble::Fault).with("place", place))
        });
    match outcome {
        Ok(answer) => told(&answer, json, &words),
        Err(failure) => {
            tell(&failure, json, &words);
            failure.exit().into()
        }
    }
}

fn run(arguments: &[OsString], words: &Words) -> Result<Answer, Failure> {
    let mut command = help::command(words);
    let matches = match command.try_get_matches_from_mut(arguments) {
        Ok(matches) => matches,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            let text = help::finished(error.render().to_string().trim_end(), words);
            return Ok(Answer::new(&serde_json::json!({ "text": text }), [text.clone()]));
        }
        Err(error) => return Err(usage::failure(&error, &asked(&command, arguments))),
    };
    let asked = asked(&command, arguments);
    let parsed = Arguments::from_arg_matches(&matches).map_err(|error| usage::failure(&error, &asked))?;
    let common = parsed.manner;
    debug_assert!(common.lang.is_none_or(|language| language == words.language()));
    let manner = match (common.json, common.quiet) {
        (true, _) => Manner::Json,
        (false, true) => Manner::Quiet,
        (false, false) => Manner::Spoken,
    };
    let watched = manner == Manner::Spoken && io::stderr().is_terminal();
    let showing = if watched { Showing::Yes } else { Showing::No };
    let work = Work::new(words, manner, home::home(common.home), showing);
    match parsed.command {
        None => Ok(overview::overview(&work)),
        Some(command) => command.run(&work),
    }
}

/// `asservat help secure` is `asservat secure --help`.
fn help_last(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_some_and(|first| first == "help") {
        arguments.remove(1);
        arguments.push("--help".into());
    }
    arguments
}

/// The command whose help would have told: `asservat`, or `asservat secure`.
fn asked(command: &clap::Command, arguments: &[OsString]) -> String {
    let known = |argument: &&str| command.find_subcommand(argument).is_some();
    match arguments.iter().skip(1).filter_map(|argument| argument.to_str()).find(known) {
        Some(name) => format!("asservat {name}"),
        None => "asservat".to_owned(),
    }
}

/// Prints an answer. Somebody who closes the pipe has read enough; that is no error.
fn told(answer: &Answer, json: bool, words: &Words) -> ExitCode {
    let text = match &answer.json {
        serde_json::Value::Null => String::new(),
        object if json => object.to_string(),
        _ => match terminal_width() {
            Some(width) => fold::fold(&answer.text, width),
            None => answer.text.clone(),
        },
    };
    match print(&text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            tell(&Trouble::OutputFailed.into(), false, words);
            Exit::Medium.into()
        }
        _ => answer.exit.into(),
    }
}

/// How wide the terminal is, if text goes to one.
fn terminal_width() -> Option<usize> {
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(columns))
}

/// Tells a failure: in JSON on stdout, otherwise on stderr.
fn tell(failure: &Failure, json: bool, words: &Words) {
    let told = failure.told(words);
    if json {
        // Where stdout is gone, the exit code still tells.
        drop(print(&serde_json::json!({ "error": told }).to_string()));
    } else if failure.telling == Telling::Due {
        let text = say!(words, "failure", message = told.message, next = told.next, code = told.code);
        drop(writeln!(io::stderr().lock(), "{text}"));
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if !text.is_empty() {
        out.write_all(text.as_bytes())?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
