//! Proofs on what everybody may read, so that others may hand it on (FEP-8b32, federation.md 2.6).
//!
//! Not here: proofs of facts between two parties (`features/agreements`), and those of governance.
//! What is addressed to some servers only carries no proof: it would stay provable if it leaked.

use interkpa_federation::proof::{self, Signer};
use interkpa_federation::vocabulary::write::with_proof_context;
use interkpa_federation::{Instant, Uri};
use serde_json::Value;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::fediverse::keys::PROOF_KEY;
use crate::fediverse::member_keys;

/// A public activity with the proof of the actor of ours that says it.
///
/// # Errors
/// Those of the store; [`StoreError::NotFound`] for an actor without keys.
pub fn proved(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    actor: &Uri,
    activity: Value,
) -> Result<Value, StoreError> {
    let keys = member_keys::of_actor(app, tx, actor)?;
    let method = format!("{actor}#{PROOF_KEY}");
    let signer = Signer {
        key: &keys.proof,
        verification_method: &method,
        created: now,
    };
    proof::sign(&with_proof_context(activity), signer).map_err(StoreError::broken)
}
