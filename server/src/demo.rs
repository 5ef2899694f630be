//! The sample network, built through the same commands as members use.

pub mod samples;
