//! Fuzz target: see `targets::extract`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::extract(bytes));
