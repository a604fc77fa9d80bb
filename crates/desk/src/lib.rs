//! The verbs: one function each. The only place where the rooms meet.
