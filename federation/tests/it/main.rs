//! Integration tests.

mod documents;
mod fixtures;
#[cfg(test)]
mod proof;
mod trust;
#[cfg(test)]
mod vectors;
mod vocabulary;
