//! Integration tests.

mod documents;
mod fixtures;
#[cfg(test)]
mod proof;
#[cfg(test)]
mod vectors;
mod trust;
mod vocabulary;
