//! Proposes who may be the same person, and says why; decides nothing.
