//! Integration tests.

mod documents;
mod fixtures;
mod keys;
mod linter;
#[cfg(test)]
mod proof;
#[cfg(test)]
mod signature;
mod trust;
#[cfg(test)]
mod vectors;
mod vocabulary;
