//! Fuzz target: see `targets::checkpoint`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::checkpoint(bytes));
