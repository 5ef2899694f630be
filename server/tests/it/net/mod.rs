//! Keys and the outgoing network.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "helpers of tests may stop a test"
)]

mod addresses;
mod authority;
mod conformance;
mod documents;
mod keys;
mod limits;
mod rig;
mod rsa_keys;
mod signed;
