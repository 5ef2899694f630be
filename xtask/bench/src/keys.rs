//! RSA keys of the other hubs: a few, whatever the number of actors, since making one takes time.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use anyhow::{Context, Result};
use interkpa_server::fediverse::rsa::SigningKey;

/// Keys made for one run.
const PAIRS: usize = 16;

/// A key and its public half.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) key: SigningKey,
    pub(crate) public_pem: String,
}

/// The keys of one run. An actor's key follows from its address.
#[derive(Clone)]
pub(crate) struct Keys(Arc<Vec<Pair>>);

impl Keys {
    /// Makes them.
    pub(crate) fn make() -> Result<Self> {
        let made = (0..PAIRS).map(|_| {
            let key = SigningKey::generate()?;
            let public_pem = key.public_pem()?;
            Ok(Pair { key, public_pem })
        });
        let made: Result<Vec<Pair>> = made.collect();
        Ok(Self(Arc::new(made.context("making keys")?)))
    }

    /// The key of an actor.
    pub(crate) fn of(&self, actor: &str) -> &Pair {
        let mut hasher = DefaultHasher::new();
        actor.hash(&mut hasher);
        let count = u64::try_from(self.0.len()).unwrap_or(1).max(1);
        let place = usize::try_from(hasher.finish() % count).unwrap_or(0);
        // There is always one: `make` gives PAIRS of them.
        #[expect(
            clippy::indexing_slicing,
            reason = "the remainder of a division by the length"
        )]
        &self.0[place]
    }
}
