//! One hostile peer: it sends everything that `security.md` §8 lists and prints what came back.
//!
//! Each group is a test of its own; the last test prints the table of all of them, and holds that
//! every case of the catalogue was run or is listed with a reason. Run it alone with
//! `cargo test -p interkpa-server --features testing --test hostile`; the table is printed, and
//! kept in `target/test/hostile-<database>.txt`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::similar_names,
    clippy::too_many_lines,
    reason = "a broken assumption fails the test; a forger forges what is forged; a case says in one \
              place what is sent and what must come back"
)]

mod browser;
mod cases;
mod catalogue;
mod forge;
mod fuzz;
mod raw;
mod scene;
mod script;
mod table;
