//! What touches other hubs: keys, addresses, the outgoing network, the required crates.
//!
//! This folder alone names `activitypub_federation` and `http-signature-normalization`
//! (docs/architecture.md, invariant 3). Rules about what may be believed are in
//! `interkpa_federation`.

pub mod actors;
pub mod address;
pub mod announce;
pub mod audience;
pub mod budget;
pub mod client;
mod collections;
pub mod crate_bridge;
pub mod deliver;
pub mod documents;
pub mod fetch;
pub mod gone;
pub mod hubs;
pub mod inbox;
pub mod keys;
pub mod member_keys;
pub mod memory;
mod nodeinfo;
pub mod ours;
pub mod outbox;
pub mod peers;
pub mod proved;
pub mod reader;
pub mod receive;
pub mod refusals;
pub mod remote;
pub mod resolve;
pub mod rsa;
pub mod verify;
mod webfinger;

/// Addresses other servers read and write; filled by the modules of this folder.
pub fn routes() -> Vec<crate::http::Route> {
    let parts = [
        inbox::routes(),
        actors::routes(),
        collections::routes(),
        webfinger::routes(),
        nodeinfo::routes(),
    ];
    parts.into_iter().flatten().collect()
}

/// Background work of this folder.
pub fn jobs() -> Vec<crate::jobs::job::JobKind<crate::app::App>> {
    remote::jobs::kinds()
        .into_iter()
        .chain(inbox::waiting::kinds())
        .collect()
}
