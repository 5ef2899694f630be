//! The pure part of Inter-KPA: what hubs say to each other and what they may believe.
//!
//! Here: addresses and origins, instants, activities in and out, signatures and proofs as rules
//! over bytes, trust of peers, the delivery state machine, the peer-rules linter, the votes of the
//! network (UKV-1).
//! Absent on purpose: sockets, files, clocks, threads, randomness, databases, pages. Time,
//! randomness and keys are arguments (decision 9).
#![deny(missing_docs)]

#[macro_use]
mod words;

pub mod activity;
pub mod actor;
pub mod collections;
pub mod delivery;
pub mod fuzz;
pub mod fuzz_inbox;
pub mod governance;
pub mod instant;
pub mod jcs;
pub mod json;
pub mod linter;
pub mod multikey;
pub mod nodeinfo;
pub mod origin;
pub mod permission;
pub mod proof;
pub mod signature;
pub mod trust;
pub mod uri;
pub mod vocabulary;
pub mod webfinger;

pub use activity::{Activity, Body};
pub use instant::{Instant, Span};
pub use trust::{Heard, Mode, Peer, Trust};
pub use uri::{Origin, Uri};
pub use vocabulary::{Envelope, ParseError, Recipients};
