//! The hub of one KPA.

pub mod clock;
pub mod db;
pub mod fediverse;
pub mod random;
