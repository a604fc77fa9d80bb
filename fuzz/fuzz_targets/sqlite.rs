//! Fuzz target: see `targets::sqlite`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::sqlite(bytes));
