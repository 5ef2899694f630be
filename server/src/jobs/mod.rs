//! Work that survives a restart: rows written with what causes them, run by a loop with leases.
//!
//! A feature enqueues in its own transaction (`queue::enqueue`), registers what to do
//! (`job::JobRegistry`) and wakes the runner after the commit (`runner::Waker`). Deliveries to other
//! hubs are not jobs: they have their own tables and their own order.

pub mod job;
pub mod queue;
pub mod runner;
