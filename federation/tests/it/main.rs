//! Integration tests.

mod fixtures;
mod vocabulary;
