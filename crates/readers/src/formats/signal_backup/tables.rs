//! Which table a statement is about, and where its columns are: learned from the CREATE TABLE statements of
//! the same stream, and kept for each wording of an INSERT.

use std::collections::HashMap;
use std::rc::Rc;

use super::call::CallColumns;
use super::joins::{AttachmentColumns, MentionColumns, ReactionColumns, Store};
use super::message::{DraftColumns, MessageColumns};
use super::people::{GroupColumns, ListColumns, MemberColumns, RecipientColumns, ThreadColumns};
use super::sql::{self, Statement};

/// Tables that are counted singly; those after them are counted together.
const TABLES_MAX: usize = 1000;
/// Wordings of INSERT that are kept.
const SHAPES_MAX: usize = 1000;

/// What rows of a table are.
pub(super) enum Role {
    /// Messages.
    Message(Box<MessageColumns>, Store),
    /// Texts not sent.
    Draft(DraftColumns),
    /// Calls.
    Call(CallColumns),
    /// People, groups and lists.
    Recipient(Box<RecipientColumns>),
    /// Chats.
    Thread(ThreadColumns),
    /// Groups.
    Group(GroupColumns),
    /// Who is in a group.
    Member(MemberColumns),
    /// Lists that stories go to.
    List(ListColumns),
    /// Files of messages.
    Attachment(Box<AttachmentColumns>),
    /// Reactions to messages.
    Reaction(ReactionColumns),
    /// People named in messages.
    Mention(MentionColumns),
    /// Anything else: the program's own.
    Other,
    /// Rows of a table that was never made: their values have no names.
    Unnamed,
}

/// What an INSERT puts where.
pub(super) struct Shape {
    /// The table's number.
    pub(super) table: u16,
    /// How many values a row has.
    pub(super) width: usize,
    /// What the row is.
    pub(super) role: Role,
}

/// The tables that were met.
#[derive(Default)]
pub(super) struct Tables {
    names: Vec<String>,
    numbers: HashMap<String, u16>,
    columns: HashMap<String, Vec<String>>,
    shapes: HashMap<Vec<u8>, Option<Rc<Shape>>>,
    last: (Vec<u8>, Option<Rc<Shape>>),
}

impl Tables {
    /// The names of the tables by number.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Hears a statement; what it puts where, if it is an INSERT.
    pub(super) fn statement(&mut self, text: &[u8]) -> Option<Rc<Shape>> {
        if self.last.0 == text {
            return self.last.1.clone();
        }
        let shape = match self.shapes.get(text) {
            Some(shape) => shape.clone(),
            None => self.read(text),
        };
        self.last.0.clear();
        self.last.0.extend_from_slice(text);
        self.last.1.clone_from(&shape);
        shape
    }

    fn read(&mut self, text: &[u8]) -> Option<Rc<Shape>> {
        match sql::read(&String::from_utf8_lossy(text)) {
            Statement::Create { table, columns } => {
                self.columns.insert(table.to_ascii_lowercase(), columns);
                self.shapes.clear();
                None
            }
            Statement::Insert { table, columns } => {
                let number = self.number(&table);
                let made = self.columns.get(&table.to_ascii_lowercase());
                let shape = match columns.as_ref().or(made) {
                    Some(columns) => {
                        let role = role(&table.to_ascii_lowercase(), columns);
                        Shape { table: number, width: columns.len(), role }
                    }
                    None => Shape { table: number, width: 0, role: Role::Unnamed },
                };
                let shape = Some(Rc::new(shape));
                if self.shapes.len() < SHAPES_MAX {
                    self.shapes.insert(text.to_vec(), shape.clone());
                }
                shape
            }
            Statement::Other => None,
        }
    }

    fn number(&mut self, table: &str) -> u16 {
        if let Some(number) = self.numbers.get(table) {
            return *number;
        }
        let further = self.names.len() >= TABLES_MAX;
        let number = u16::try_from(self.names.len()).unwrap_or(u16::MAX);
        if further {
            let last = number.saturating_sub(1);
            if let Some(name) = self.names.last_mut() {
                "further tables".clone_into(name);
            }
            return last;
        }
        self.names.push(table.to_owned());
        self.numbers.insert(table.to_owned(), number);
        number
    }
}

/// What rows of a table of this name are.
fn role(table: &str, columns: &[String]) -> Role {
    match table {
        "message" | "mms" => Role::Message(Box::new(MessageColumns::of(columns)), Store::Message),
        "sms" => Role::Message(Box::new(MessageColumns::of(columns)), Store::Sms),
        "drafts" | "draft" => Role::Draft(DraftColumns::of(columns)),
        "call" => Role::Call(CallColumns::of(columns)),
        "recipient" | "recipient_preferences" => Role::Recipient(Box::new(RecipientColumns::of(columns))),
        "thread" => Role::Thread(ThreadColumns::of(columns)),
        "groups" => Role::Group(GroupColumns::of(columns)),
        "group_membership" => Role::Member(MemberColumns::of(columns)),
        "distribution_list" => Role::List(ListColumns::of(columns)),
        "attachment" | "part" => Role::Attachment(Box::new(AttachmentColumns::of(columns))),
        "reaction" => Role::Reaction(ReactionColumns::of(columns)),
        "mention" => Role::Mention(MentionColumns::of(columns)),
        _ => Role::Other,
    }
}
