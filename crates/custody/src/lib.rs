//! The custody log: entries, tree, proofs, checkpoints, receipts. Knows nothing of storage.
