//! Identifiers, hints, proposals and pictures from outside.

mod find;
mod structure;
mod tactics;
