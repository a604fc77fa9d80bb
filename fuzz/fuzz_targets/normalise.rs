//! Fuzz target: see `targets::normalise`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::normalise(bytes));
