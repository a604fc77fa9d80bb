//! Fuzz target: see `targets::payload`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::payload(bytes));
