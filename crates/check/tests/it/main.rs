//! Checks from outside: whole folders and archives go through the tree and every check.

mod capture;
mod frames;
mod together;
