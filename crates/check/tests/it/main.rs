//! Tests of the device check as a whole.

mod judging;
mod rules;
