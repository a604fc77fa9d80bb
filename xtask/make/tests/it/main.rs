//! Tests of what is made: the lists are those of their sources, and everything on them is found wherever it can
//! stand.

mod known;
mod lists;
mod mini;
mod truth;
