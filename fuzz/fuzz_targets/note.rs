//! Fuzz target: see `targets::note`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::note(bytes));
