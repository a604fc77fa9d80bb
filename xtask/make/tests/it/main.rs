//! The acquisitions that are made here go through every check: what was planted is found, and nothing else.

mod planted;
