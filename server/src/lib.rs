//! The hub of one KPA.

pub mod clock;
pub mod db;
pub mod fediverse;
pub mod jobs;
pub mod random;
#[cfg(feature = "testing")]
pub mod testing;
