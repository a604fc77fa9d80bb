//! Fuzz target: see `targets::entry`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::entry(bytes));
