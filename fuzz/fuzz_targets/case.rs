//! Fuzz target: see `targets::case`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::case(bytes));
