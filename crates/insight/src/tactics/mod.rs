//! Hints: passages that may point to a tactic, by rules in `rules/tactics`, each with its reason.
