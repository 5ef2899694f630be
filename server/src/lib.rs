//! The hub of one KPA.
