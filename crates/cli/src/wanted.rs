//! Which records a person wants to see: the options that `timeline` and `search` share.

use clap::builder::PossibleValuesParser;
use desk::{Attachments, Date, Doubles, EntryNumber, Located, RECORD_KINDS, RecordsWanted};

/// Filters; a record must fit all of them.
#[derive(clap::Args)]
pub(crate) struct Wanted {
    /// From, to or about somebody: name, number or key.
    #[arg(long, value_name = "WHO")]
    person: Option<String>,
    /// Only of this capsule.
    #[arg(long, value_name = "NUMBER")]
    capsule: Option<u64>,
    /// Only of this service.
    #[arg(long, value_name = "SERVICE")]
    app: Option<String>,
    /// Only from this reader.
    #[arg(long, value_name = "READER")]
    reader: Option<String>,
    /// Only in this chat: name, identifier or number.
    #[arg(long, value_name = "CHAT")]
    chat: Option<String>,
    /// Only of this kind.
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(RECORD_KINDS))]
    kind: Option<String>,
    /// From this day on.
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Up to this day.
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// Only with a point on the earth.
    #[arg(long)]
    place: bool,
    /// Only near a point.
    #[arg(long, value_name = "CIRCLE", value_parser = desk::near, allow_hyphen_values = true)]
    near: Option<Located>,
    /// With or without attachments.
    #[arg(long, value_name = "YES-NO", value_parser = PossibleValuesParser::new(["yes", "no"]))]
    attachment: Option<String>,
    /// Only with this tag.
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Only with a hint of this code.
    #[arg(long, value_name = "CODE")]
    hint: Option<String>,
    /// Only where this number, address or account occurs.
    #[arg(long, value_name = "IDENTIFIER")]
    identifier: Option<String>,
    /// The same message from two sources as often as it is there.
    #[arg(long)]
    doubles: bool,
}

impl Wanted {
    /// For the desk.
    pub(crate) fn records(self) -> RecordsWanted {
        let attachments = match self.attachment.as_deref() {
            None => Attachments::Any,
            Some("yes") => Attachments::Some,
            Some(_) => Attachments::None,
        };
        RecordsWanted {
            person: self.person,
            capsule: self.capsule.map(EntryNumber),
            kind: self.kind,
            app: self.app,
            reader: self.reader,
            chat: self.chat,
            from: self.from,
            to: self.to,
            attachments,
            located: self.near.or(self.place.then_some(Located::Somewhere)),
            tag: self.tag.map(|tag| tag.trim().to_owned()),
            hint: self.hint,
            identifier: self.identifier,
            doubles: if self.doubles { Doubles::All } else { Doubles::Once },
        }
    }
}
