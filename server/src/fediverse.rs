//! What touches other hubs: keys, addresses, the outgoing network, the required crates.
//!
//! This folder alone names `activitypub_federation` and `http-signature-normalization`
//! (docs/architecture.md, invariant 3). Rules about what may be believed are in
//! `interkpa_federation`.

pub mod address;
pub mod bounded;
pub mod client;
pub mod fetch;
pub mod resolve;
pub mod rsa;
