//! Tests of the checks on whole files.

mod dumpsys;
