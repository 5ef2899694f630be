//! What the tests of this crate and of others start from. Feature `testing`; never in a release.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot be prepared must stop and say why"
)]

pub mod addresses;
pub mod caller;
pub mod database;
pub mod foreign;
pub mod linted;
pub mod members;
pub mod network;
