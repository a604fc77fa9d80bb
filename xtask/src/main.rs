//! Rules of the house as tests.
fn main() {}
