//! Checks from outside: whole folders and archives go through the tree and every check; facts become findings.

mod android;
mod capture;
mod databases;
mod documents;
mod dumpsys;
mod frames;
mod indicators;
mod ios;
mod judging;
mod messages;
mod rules;
mod sysdiagnose;
mod together;
mod visits;
