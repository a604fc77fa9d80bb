//! Cases on a store: crash-safe append, locks, holders, erasing. Parses no evidence.
