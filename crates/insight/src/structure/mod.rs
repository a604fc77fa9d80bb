//! Hints by structure: repetition, escalation, a new number after a block; described rules, no score.
