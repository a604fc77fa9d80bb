//! Help in the language of the run: the commands clap derives, with every text taken from `help.ftl`.
//!
//! A command's text is `help-<command>`, an argument's `help-<command>-<argument>` or, where commands share
//! it, `help-arg-<argument>`; a value's name `value-<name>`.

use clap::{Arg, ArgAction, Command, CommandFactory};

use crate::arguments::Arguments;
use crate::exit::Exit;
use crate::words::Words;

const LAST: usize = 900;

/// The command line with the words of one language.
pub(crate) fn command(words: &Words) -> Command {
    let flag = |name: &'static str, short, action| Arg::new(name).long(name).short(short).action(action);
    let command = Arguments::command()
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(flag("help", 'h', ArgAction::Help).global(true))
        .arg(flag("version", 'V', ArgAction::Version))
        .after_help(exit_codes(words));
    with_words(command, words, &[])
}

/// What clap writes by itself, in the language of the run.
pub(crate) fn finished(rendered: &str, words: &Words) -> String {
    rendered.replace("[OPTIONS]", &format!("[{}]", words.say("help-word-usage-options")))
}

/// The id of an argument's text.
pub(crate) fn argument_id(words: &Words, path: &[&str], argument: &str) -> String {
    let argument = argument.replace('_', "-");
    let own = format!("help-{}-{argument}", path.join("-"));
    if words.has(&own) { own } else { format!("help-arg-{argument}") }
}

fn with_words(command: Command, words: &Words, path: &[&str]) -> Command {
    let id = if path.is_empty() { "help-program".to_owned() } else { format!("help-{}", path.join("-")) };
    let template =
        format!("{{about}}\n\n{}: {{usage}}\n\n{{all-args}}{{after-help}}\n", words.say("help-word-usage"));
    command
        .about(words.say(&id))
        .long_about(None)
        .help_template(template)
        .subcommand_help_heading(kept(words.say("help-word-commands")))
        .subcommand_value_name(kept(words.say("help-word-command")))
        .mut_args(|argument| argument_with_words(argument, words, path))
        .mut_subcommands(|below| {
            let name = below.get_name().to_owned();
            let path: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
            with_words(below, words, &path)
        })
}

fn argument_with_words(argument: Arg, words: &Words, path: &[&str]) -> Arg {
    let heading = if argument.is_positional() { "help-word-arguments" } else { "help-word-options" };
    let id = argument_id(words, path, argument.get_id().as_str());
    let names: Vec<&str> = argument
        .get_value_names()
        .unwrap_or_default()
        .iter()
        .filter(|_| argument.get_action().takes_values())
        .map(|name| kept(words.say(&value_id(name))))
        .collect();
    let argument = argument.help(words.say(&id)).long_help(None).help_heading(kept(words.say(heading)));
    // What a command needs of its own stands above what every command takes.
    let argument = if argument.is_global_set() { argument.display_order(LAST) } else { argument };
    if names.is_empty() { argument } else { argument.value_names(names).hide_possible_values(true) }
}

/// Clap keeps headings and names of values by reference. They are made once in a run.
fn kept(text: String) -> &'static str {
    text.leak()
}

fn value_id(name: &str) -> String {
    format!("value-{}", name.to_lowercase())
}

/// The end of the program's help.
fn exit_codes(words: &Words) -> String {
    let line =
        |exit: &Exit| format!("  {:>2}  {}", exit.number(), words.say(&format!("exit-{}", exit.number())));
    let lines: Vec<String> = Exit::ALL.iter().map(line).collect();
    format!("{}\n{}\n\n{}", words.say("help-word-exit-codes"), lines.join("\n"), words.say("help-end"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn walk(command: &Command, path: &mut Vec<String>, visit: &mut dyn FnMut(&Command, &[&str])) {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        visit(command, &names);
        for below in command.get_subcommands() {
            path.push(below.get_name().to_owned());
            walk(below, path, visit);
            path.pop();
        }
    }

    #[test]
    fn every_command_and_argument_has_words_in_both_languages() {
        for language in Language::ALL {
            let words = Words::new(language);
            let mut missing = Vec::new();
            // As clap derives it: the names of values are not translated yet.
            walk(&Arguments::command(), &mut Vec::new(), &mut |command, path| {
                let id = if path.is_empty() {
                    "help-program".to_owned()
                } else {
                    format!("help-{}", path.join("-"))
                };
                missing.push(id);
                for argument in command.get_arguments() {
                    missing.push(argument_id(&words, path, argument.get_id().as_str()));
                    let names = argument.get_value_names().unwrap_or_default();
                    let takes = argument.get_action().takes_values();
                    missing.extend(names.iter().filter(|_| takes).map(|name| value_id(name)));
                }
            });
            missing.extend(Exit::ALL.iter().map(|exit| format!("exit-{}", exit.number())));
            missing.retain(|id| !words.has(id));
            assert!(missing.is_empty(), "{}: {missing:?}", language.tag());
        }
    }

    #[test]
    fn every_command_and_argument_written_about_exists() {
        let mut known = Vec::new();
        let words = Words::new(Language::English);
        walk(&command(&words), &mut Vec::new(), &mut |command, path| {
            known.push(format!("help-{}", path.join("-")));
            known.extend(command.get_arguments().map(|a| argument_id(&words, path, a.get_id().as_str())));
        });
        let catalogue = include_str!("../../../locales/en/help.ftl");
        for id in catalogue.lines().filter_map(|line| line.split_once(" =").map(|(id, _)| id)) {
            let fixed = ["help-word-", "help-program", "help-end", "value-", "exit-"];
            let known =
                known.iter().any(|known| known == id) || fixed.iter().any(|begin| id.starts_with(begin));
            assert!(known, "{id}");
        }
    }

    #[test]
    fn the_definitions_are_sound_and_german_help_is_german() {
        let words = Words::new(Language::German);
        let mut command = command(&words);
        command.clone().debug_assert();
        let text = finished(&command.render_help().to_string(), &words);
        assert!(text.contains("Aufruf: asservat [OPTIONEN] [BEFEHL]"), "{text}");
        for english in ["Usage", "Commands", "Options", "OPTIONS", "Print"] {
            assert!(!text.contains(english), "{english} in {text}");
        }
    }
}
