//! Checks packages, receipts, capsules and cases. Depends on nothing but model, seal, bag, custody.
