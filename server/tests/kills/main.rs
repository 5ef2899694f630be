//! Two hubs as real processes that federate over loopback, one on SQLite and one on PostgreSQL:
//! every acknowledged activity takes effect once, whatever happens to the network between them
//! (`story.rs`) and to the processes themselves (`kills.rs`). Promises P1 and P2.
//!
//! `INTERKPA_KILLS` says how many kills (50 unless said) and `INTERKPA_SEED` repeats the choices of
//! a run. `INTERKPA_TEST_POSTGRES_URL` names a server where databases may be made.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken assumption fails the run"
)]
#![expect(
    clippy::print_stdout,
    reason = "the figures of a run are what it is for"
)]

mod books;
mod chance;
mod deal;
mod ending;
mod hub;
mod kills;
mod proxy;
mod rig;
mod story;
