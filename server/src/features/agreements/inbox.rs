//! What another hub says about answers and agreements.
//!
//! Everything may come twice or in another order: a fact before its agreement waits for it, an old
//! copy changes nothing. Only the owner's word moves a copy; the other party's words move an
//! agreement of ours by the same rules as a member's.

mod agreements;
mod answers;

pub use agreements::receive as receive_agreement;
pub use answers::receive as receive_response;

use interkpa_federation::Uri;
use interkpa_web::markup;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::AgreementError;
use crate::features::proposals::ProposalError;
use crate::fediverse::receive::{Effect, Needs, Refusal};
use crate::fediverse::remote;
use crate::http::Kind;

impl From<AgreementError> for Refusal {
    fn from(error: AgreementError) -> Self {
        match error {
            AgreementError::Store(error)
            | AgreementError::Proposal(ProposalError::Store(error)) => error.into(),
            AgreementError::NotParty => Self::forbidden("not_owner"),
            other => Self {
                code: other.code(),
                kind: Kind::Conflict,
                source: None,
            },
        }
    }
}

/// Something that has to come first; it comes by itself.
fn waits_for(uri: &Uri) -> Effect {
    Effect::Waiting(Needs {
        uri: uri.clone(),
        fetch: false,
    })
}

/// The name of an actor of another server as people here read it: the person's, or the hub's for a
/// member who speaks through it.
fn name_of(conn: &mut Conn, actor: &Uri) -> Result<String, StoreError> {
    let known = remote::held(conn, actor)?;
    Ok(known.map_or_else(
        || actor.origin().host().to_owned(),
        |known| {
            let name = markup::clean_name(&known.name);
            if name.is_empty() {
                known.handle()
            } else {
                name
            }
        },
    ))
}
