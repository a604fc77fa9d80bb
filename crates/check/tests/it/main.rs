//! Checks from outside: whole folders and archives go through the tree and every check.

mod indicators;
mod sysdiagnose;
