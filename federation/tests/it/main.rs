//! Integration tests. `cfg(test)` on each module tells clippy that this is test code throughout.

#[cfg(test)]
mod delivery;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod federation_md;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod governance;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod linter;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod proof;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod signature;
#[cfg(test)]
mod trust;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod vocabulary;
