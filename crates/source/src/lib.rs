//! What a client brings as one read-only tree. Writes nothing.
