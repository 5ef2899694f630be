//! The database: SQLite by default, PostgreSQL by configuration, one code for both.
//!
//! Query code takes `&mut Conn` and answers `StoreError`; everybody else goes through
//! `Store::read` and `Store::write`. What differs between the engines stays in this folder, in
//! `jobs/queue.rs` and in `migrations/{sqlite,postgres}`.

pub mod among;
pub mod analyser;
pub mod audit;
pub mod backup;
pub mod conn;
pub mod counters;
pub mod error;
pub mod facts;
pub mod gauges;
pub mod lock;
pub mod migrate;
pub mod once;
pub mod per_backend;
mod pool;
pub mod presence;
pub mod restored;
pub mod schema;
pub mod search;
pub mod store;
pub mod types;
pub mod url;
pub mod word;
mod writer;
