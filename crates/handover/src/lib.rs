//! What leaves: packages and receipts, only what consent covers.
