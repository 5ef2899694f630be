//! Integration tests: every page, both languages, every hostile text.

mod locales;
mod pages;
mod sources;
