//! The command line of Asservat.
fn main() {}
