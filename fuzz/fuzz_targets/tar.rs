//! Fuzz target: see `targets::tar`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::tar(bytes));
