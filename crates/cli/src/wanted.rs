//! The arguments that say which records are wanted; the same for `timeline` and `search`.

use desk::{Attachments, Date, Doubles, EntryNumber, Near, Place, RecordsWanted};

/// Which records.
#[derive(clap::Args)]
pub(crate) struct Wanted {
    /// From, to or about somebody.
    #[arg(long, value_name = "PERSON")]
    person: Option<String>,
    /// Only of this capsule.
    #[arg(long, value_name = "NUMBER")]
    capsule: Option<u64>,
    /// Only of this kind.
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only of this service.
    #[arg(long, value_name = "SERVICE")]
    app: Option<String>,
    /// Only from this reader.
    #[arg(long, value_name = "READER")]
    reader: Option<String>,
    /// Only in this chat.
    #[arg(long, value_name = "CHAT")]
    chat: Option<String>,
    /// From this day on.
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Up to this day.
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// With or without attachments.
    #[arg(long, value_name = "ANSWER", value_parser = ["yes", "no"])]
    attachment: Option<String>,
    /// Only with a place.
    #[arg(long)]
    place: bool,
    /// Only near a place.
    #[arg(long, value_name = "PLACE", conflicts_with = "place", allow_hyphen_values = true)]
    near: Option<Near>,
    /// Only with this tag.
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Only with a hint of this tactic.
    #[arg(long, value_name = "CODE")]
    hint: Option<String>,
    /// Only where this number, address or account occurs.
    #[arg(long, value_name = "IDENTIFIER", allow_hyphen_values = true)]
    identifier: Option<String>,
    /// The same message from two sources as often as it is there.
    #[arg(long)]
    doubles: bool,
}

impl Wanted {
    /// For the desk.
    pub(crate) fn records(self) -> RecordsWanted {
        RecordsWanted {
            person: self.person,
            capsule: self.capsule.map(EntryNumber),
            kind: self.kind,
            app: self.app,
            reader: self.reader,
            chat: self.chat,
            from: self.from,
            to: self.to,
            attachments: match self.attachment.as_deref() {
                Some("yes") => Attachments::Some,
                Some(_) => Attachments::None,
                None => Attachments::Any,
            },
            place: match self.near {
                Some(near) => Place::Near(near),
                None if self.place => Place::Some,
                None => Place::Any,
            },
            tag: self.tag,
            hint: self.hint,
            identifier: self.identifier,
            doubles: if self.doubles { Doubles::All } else { Doubles::Once },
        }
    }
}
