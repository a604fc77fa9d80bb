//! Fuzz target: see `targets::receipt`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::receipt(bytes));
