//! The ActivityPub server through real HTTP: what it publishes, what it takes in, what it sends.

mod authorised_fetch;
mod delivering;
mod following;
mod guard;
mod keys;
mod origins;
mod pages;
mod published;
mod repetition;
mod stage;
mod tiers;
