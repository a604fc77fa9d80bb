//! Reactions and votes: what people added to a message.
//!
//! `message_add_on` says who and when; `message_add_on_reaction` and the two tables of votes say what. In a
//! chat between two the one who reacted is -1: the other of the two.

use std::ops::ControlFlow;

use model::record::{FileNumber, Message, Place, ProblemKind, Reaction, TimeReading};
use sqlite::{Database, Table};

use super::details::{party, spoken};
use super::people::{People, table};
use crate::Sink;
use crate::database::{self, Became};
use crate::troubles::Troubles;
use crate::whatsapp::named::{Fields, Named};

/// The tables that hold what was added.
pub(super) struct AddOns<'d> {
    database: &'d Database,
    reactions: Option<(&'d Table, Fields)>,
    votes: Option<(&'d Table, Fields)>,
    options: Option<(&'d Table, Fields)>,
    /// Add-on and chosen option.
    chosen: Vec<(i64, i64)>,
}

/// The tables that are read here.
pub(super) const TABLES: [&str; 3] =
    ["message_add_on_reaction", "message_add_on_poll_vote", "message_add_on_poll_vote_selected_option"];

impl<'d> AddOns<'d> {
    /// Goes over the tables once; a row whose add-on is not there is told.
    pub(super) fn read(
        (database, file): (&'d Database, FileNumber),
        troubles: &mut Troubles,
        sink: &mut dyn Sink,
    ) -> ControlFlow<(), Self> {
        let mut add_ons = Self {
            database,
            reactions: table(database, TABLES[0], &["reaction", "sender_timestamp", "message_add_on_row_id"]),
            votes: table(database, TABLES[1], &["sender_timestamp", "message_add_on_row_id"]),
            options: table(database, "message_poll_option", &["option_name"]),
            chosen: Vec::new(),
        };
        let chosen = table(database, TABLES[2], &["message_add_on_row_id", "message_poll_option_id"]);
        let mut picked = Vec::new();
        for (table, fields) in [&add_ons.reactions, &add_ons.votes, &chosen].into_iter().flatten() {
            let parents = database.table("message_add_on");
            database::each_row((database, table, file), sink, &mut |row, sink| {
                let named = fields.in_row(row);
                let add_on = named.integer("message_add_on_row_id").unwrap_or(row.rowid());
                if table.name() == TABLES[2] {
                    picked.push((add_on, named.integer("message_poll_option_id").unwrap_or_default()));
                }
                let parent = parents.and_then(|parents| database.row(parents, add_on).ok().flatten());
                if parent.is_some() {
                    return ControlFlow::Continue(Became::Continuation);
                }
                let place = Place::row(table.name(), row.rowid());
                let text = ("the row that says who added it", "the row in the database");
                troubles.say(sink, place, ProblemKind::Gap, text)?;
                ControlFlow::Continue(Became::Problem)
            })?;
        }
        picked.sort_unstable();
        add_ons.chosen = picked;
        ControlFlow::Continue(add_ons)
    }

    /// Puts an add-on into its message.
    pub(super) fn add(&self, rowid: i64, row: Named<'_, '_>, people: &People, message: &mut Message) {
        let who = match (row.integer("from_me"), row.positive("sender_jid_row_id")) {
            (Some(1), _) => None,
            (_, Some(jid)) => Some(people.who(jid)),
            _ => people.other(&message.chat),
        };
        let by = who.map(|who| party(who, "reaction_by", &mut message.extra));
        let from_owner = row.integer("from_me") == Some(1);
        let shown = by.as_ref().map_or_else(|| if from_owner { "owner" } else { "" }.to_owned(), spoken);
        let at = row.positive("timestamp");
        if let Some((sign, sent)) = self.reaction(rowid) {
            let at = sent.or(at).map(TimeReading::unix_ms);
            if sign.is_empty() {
                message.extra.push(("reaction_removed".to_owned(), shown));
                return;
            }
            if from_owner {
                message.extra.push(("reaction_by_owner".to_owned(), sign.clone()));
            }
            message.reactions.push(Reaction { by, sign, at, count: 1 });
            return;
        }
        let chosen = self.chosen_by(rowid);
        if !chosen.is_empty() || self.is_vote(rowid) {
            message.extra.push(("vote".to_owned(), format!("{shown}: {}", chosen.join(", "))));
            return;
        }
        let kind = row.integer("message_add_on_type").map_or_else(String::new, |kind| kind.to_string());
        let at = at.map_or_else(String::new, |at| at.to_string());
        message.extra.push(("add_on".to_owned(), format!("type {kind} {shown} {at}").trim_end().to_owned()));
    }

    fn reaction(&self, rowid: i64) -> Option<(String, Option<i64>)> {
        let (table, fields) = self.reactions.as_ref()?;
        let row = self.database.row(table, rowid).ok().flatten()?;
        let row = row.row();
        let row = fields.in_row(&row);
        Some((row.text("reaction").unwrap_or_default(), row.positive("sender_timestamp")))
    }

    fn is_vote(&self, rowid: i64) -> bool {
        let row = self.votes.as_ref().and_then(|(table, _)| self.database.row(table, rowid).ok().flatten());
        row.is_some()
    }

    fn chosen_by(&self, rowid: i64) -> Vec<String> {
        let from = self.chosen.partition_point(|(add_on, _)| *add_on < rowid);
        let chosen = self.chosen.get(from..).unwrap_or_default();
        let chosen = chosen.iter().take_while(|(add_on, _)| *add_on == rowid);
        chosen.map(|(_, option)| self.option(*option).unwrap_or_else(|| option.to_string())).collect()
    }

    fn option(&self, rowid: i64) -> Option<String> {
        let (table, fields) = self.options.as_ref()?;
        let row = self.database.row(table, rowid).ok().flatten()?;
        fields.in_row(&row.row()).text("option_name")
    }
}
