//! The words hubs exchange: one small file per kind of message, JSON in and JSON out.
//!
//! Reading is total: any JSON gives a typed message or a [`ParseError`]; what we do not know becomes
//! `Body::Unknown`. Writing gives a `serde_json::Value` with our context (federation.md 6.1); the
//! fixtures of `tests/it/fixtures/ours/` are what it must equal.
//!
//! Not here: signatures and proofs (`signature`, `proof`), who may say what (`permission`), storage.

pub mod agreement;
pub mod announce;
pub mod delete;
pub mod error;
pub mod fact;
pub mod follow;
pub mod note;
pub mod proposal;
pub mod quantity;
pub mod reaction;
pub mod read;
pub mod recipients;
pub mod response;
pub mod statement;
pub mod terms;
pub mod unknown;
pub mod write;

pub use error::ParseError;
pub use recipients::Recipients;
pub use write::Envelope;
