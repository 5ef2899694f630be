//! The hub of one KPA: everything that touches the world.
//!
//! Start at [`app`] (what a hub is made of), [`http::router`] (what it answers) and
//! [`features`] (what it does). Pure rules live in `interkpa_federation`, pages in `interkpa_web`.

pub mod api;
pub mod app;
pub mod backup;
pub mod bounded;
pub mod caches;
pub mod clock;
pub mod command;
pub mod config;
pub mod db;
pub mod demo;
pub mod features;
pub mod fediverse;
pub mod http;
pub mod hub;
pub mod ids;
pub mod jobs;
pub mod keeping;
pub mod leases;
pub mod moments;
pub mod random;
#[cfg(feature = "testing")]
pub mod testing;
pub mod typed;
