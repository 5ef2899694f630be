//! What touches other hubs: keys, addresses, the outgoing network, the required crates.
//!
//! This folder alone names `activitypub_federation` and `http-signature-normalization`
//! (docs/architecture.md, invariant 3). Rules about what may be believed are in
//! `interkpa_federation`.

pub mod address;
pub mod audience;
pub mod bounded;
pub mod client;
pub mod crate_bridge;
pub mod fetch;
pub mod keys;
pub mod outbox;
pub mod resolve;
pub mod rsa;

/// Addresses other servers read and write; filled by the modules of this folder.
pub fn routes() -> Vec<crate::http::Route> {
    Vec::new()
}
