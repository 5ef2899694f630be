//! Integration tests.

mod fixtures;
#[cfg(test)]
mod proof;
#[cfg(test)]
mod vectors;
mod vocabulary;
