//! Fuzz target: see `formats::format`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::formats::format(bytes));
