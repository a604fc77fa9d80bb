//! Checks from outside: whole folders and archives go through the tree and every check; facts become findings.

mod dumpsys;
mod indicators;
mod ios;
mod judging;
mod rules;
mod sysdiagnose;
