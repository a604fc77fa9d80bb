//! Fuzz target: see `targets::proof`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::proof(bytes));
