//! Votes between several hubs in one process, from the genesis to the bundle that anybody recounts.

mod away;
mod carried;
mod mandate;
mod pages;
mod recounted;
mod register;
mod restored;
mod stage;
mod story;
