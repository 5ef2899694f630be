//! Keys and the outgoing network.

mod rsa_keys;
