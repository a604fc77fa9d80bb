//! Fuzz target: see `targets::header`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::header(bytes));
