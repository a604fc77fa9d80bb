//! Fuzz target: see `targets::bag`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::bag(bytes));
