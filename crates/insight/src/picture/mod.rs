//! Pictures of a case as SVG, each with a table and a description beside it.
