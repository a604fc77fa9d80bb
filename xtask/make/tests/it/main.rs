//! Tests of what is made: the lists are those of their sources, and everything on them is found wherever it
//! can stand; what is planted in an acquisition comes out of the checks.

mod known;
mod lists;
mod mini;
mod planted;
mod truth;
