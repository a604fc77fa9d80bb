//! Checks from outside: whole folders and archives go through the tree and every check.

mod capture;
mod databases;
mod frames;
mod messages;
mod together;
mod visits;
