//! Fuzz target: see `targets::names`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::names(bytes));
