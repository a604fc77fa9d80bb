//! What clap could not understand, said in the words of the run.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::errors::Failure;
use crate::trouble::Trouble;

/// The failure for an error of clap. `asked` is the command to look up help for.
pub(crate) fn failure(error: &clap::Error, asked: &str) -> Failure {
    let given = |kind| error.get(kind).map(text).unwrap_or_default();
    let argument = given(ContextKind::InvalidArg);
    let value = given(ContextKind::InvalidValue);
    if looks_secret(&value) || looks_secret(&argument) {
        return Trouble::SecretOnCommandLine.into();
    }
    let failure = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            Failure::from(Trouble::UsageCommand).with("given", given(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Failure::from(Trouble::UsageCommandMissing)
        }
        ErrorKind::UnknownArgument => Failure::from(Trouble::UsageArgument).with("given", argument),
        ErrorKind::MissingRequiredArgument => Failure::from(Trouble::UsageMissing).with("given", argument),
        ErrorKind::ArgumentConflict => Failure::from(Trouble::UsageConflict)
            .with("given", argument)
            .with("other", given(ContextKind::PriorArg)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if !value.is_empty() => {
            Failure::from(Trouble::UsageValue).with("given", argument).with("value", value)
        }
        ErrorKind::InvalidValue
        | ErrorKind::NoEquals
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues => Failure::from(Trouble::UsageValueMissing).with("given", argument),
        _ => Failure::from(Trouble::UsageOther).with("given", argument),
    };
    failure.with("asked", asked)
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(all) => all.join(", "),
        ContextValue::StyledStrs(all) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// A secret that was typed into the command line is never repeated.
fn looks_secret(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    upper.contains("AGE-SECRET-KEY-") || upper.contains("AGE-PLUGIN-")
}
