//! Fuzz target: see `targets::query`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::query(bytes));
