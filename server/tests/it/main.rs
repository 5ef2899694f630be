//! Tests of the server with real parts: sockets, keys, files.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::default_trait_access,
    clippy::similar_names,
    reason = "a broken assumption fails the test; a forger forges what is forged"
)]

mod access;
mod administration;
mod agreements;
mod command;
mod daily;
mod db;
mod fediverse;
mod net;
mod people;
mod proposals;
mod votes;
