//! What time does to people: the keys of an actor that left go once nothing of it is on its way.

use interkpa_federation::Uri;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::fediverse::member_keys;
use crate::jobs::job::{JobContext, JobError, JobKind};

/// Name of the job; stored, never renamed.
pub(super) const FORGET_KEYS: &str = "people_forget_keys";

/// The kinds of jobs of this feature.
pub(super) fn kinds() -> Vec<JobKind<App>> {
    vec![JobKind::new(FORGET_KEYS, forget_keys)]
}

/// Payload: an actor of ours that is no more.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OfActor {
    /// Its address.
    pub(super) actor: String,
}

async fn forget_keys(ctx: JobContext<App>, payload: OfActor) -> Result<(), JobError> {
    let Ok(actor) = Uri::parse(&payload.actor) else {
        return Ok(());
    };
    ctx.app
        .write(move |tx| member_keys::forget(tx, &actor))
        .await?;
    Ok(())
}
