//! Votes between several hubs in one process, from the genesis to the bundle that anybody recounts.

mod stage;
mod story;
