//! Fuzz target: see `targets::package`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::targets::package(bytes));
