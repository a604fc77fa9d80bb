//! Checks from outside: whole folders and archives go through the tree and every check; facts become findings.

mod android;
mod indicators;
mod judging;
mod rules;
mod sysdiagnose;
