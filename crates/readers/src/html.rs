//! Reads HTML that a program wrote: its tags with their places in constant memory, and single blocks as
//! small trees.
//!
//! Exports of chats are HTML of one or two hundred kinds of tags, one block for each message, up to
//! gigabytes in one file. So the document is gone through tag by tag, and only one block at a time becomes
//! a tree. Tolerant: a tag that is never closed ends with what it stands in. Deliberately not the whole
//! algorithm of the HTML standard: no scripts, no tables that mend themselves, no encodings but UTF-8.

mod blocks;
mod entities;
mod node;
mod tag;
mod tokens;

pub(crate) use blocks::{Block, Blocks, Closed, Ended};
pub(crate) use node::{Node, parse};
pub(crate) use tag::Tag;
use tokens::{Kind, Tokens};
