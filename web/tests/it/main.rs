//! Integration tests: every page, both languages, every hostile text.

#[cfg(test)]
mod assets;
#[cfg(test)]
mod locales;
#[cfg(test)]
mod markup;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod sources;
