//! Keys and the outgoing network.

mod addresses;
mod authority;
mod documents;
mod keys;
mod limits;
mod rig;
mod rsa_keys;
mod signed;
