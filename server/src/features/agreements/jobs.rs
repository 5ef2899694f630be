//! What time does to agreements: a gift nobody contests counts as confirmed, and whoever answered a
//! proposal that ended is told, instead of waiting for ever.
//!
//! A job is planned by the command that makes it due and may run twice: the rules decide anew.

use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::Settlement;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::{self, AgreementError, Whole};
use crate::features::agreements::model::Refusal;
use crate::features::proposals::{self, Proposal};
use crate::ids::{AgreementId, ProposalId};
use crate::jobs::job::{JobContext, JobError, JobKind, NewJob};
use crate::jobs::queue;

/// Name of the silent confirmation; stored, never renamed.
pub const SILENCE: &str = "agreements_silence";
/// Name of the end of answers; stored, never renamed.
pub const END: &str = "agreements_end_of_answers";

/// The kinds of jobs of this feature.
pub fn kinds() -> Vec<JobKind<App>> {
    vec![JobKind::new(SILENCE, silence), JobKind::new(END, end)]
}

#[derive(Debug, Serialize, Deserialize)]
struct OfAgreement {
    agreement: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct OfProposal {
    proposal: String,
}

/// Plans the silent confirmation of a gift of ours that somebody just said was done.
///
/// # Errors
/// Those of the store.
pub fn plan_silence(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    whole: &Whole,
) -> Result<(), StoreError> {
    let Some(at) = whole.standing().silent_at() else {
        return Ok(());
    };
    if whole.agreement.deal.settlement != Settlement::Gift || !whole.is_ours(app) {
        return Ok(());
    }
    let id = whole.agreement.id.as_str().to_owned();
    let key = format!("{SILENCE}:{id}");
    let job = NewJob::new(
        &app.random,
        now,
        SILENCE,
        json!(OfAgreement { agreement: id }),
    );
    queue::enqueue(tx, &job.at(at).once(key)).map(drop)
}

/// Plans the end of the answers to a proposal that somebody answered.
///
/// # Errors
/// Those of the store.
pub fn plan_end(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &Proposal,
) -> Result<(), StoreError> {
    let id = proposal.id.as_str().to_owned();
    let key = format!("{END}:{id}:{}", proposal.expires_at.as_milliseconds());
    let job = NewJob::new(&app.random, now, END, json!(OfProposal { proposal: id }));
    queue::enqueue(tx, &job.at(now.max(proposal.expires_at)).once(key)).map(drop)
}

async fn silence(ctx: JobContext<App>, payload: OfAgreement) -> Result<(), JobError> {
    let Some(id) = AgreementId::parse(&payload.agreement) else {
        return Ok(());
    };
    let (app, now) = (ctx.app.clone(), ctx.now);
    let done = ctx
        .app
        .write(move |tx| commands::silence(&app, tx, now, &id))
        .await;
    match done {
        // Contested or confirmed in between: there is nothing left to do.
        Ok(()) | Err(AgreementError::Refused(Refusal::NotNow)) => Ok(()),
        Err(error) => Err(JobError::Retry(error.into())),
    }
}

async fn end(ctx: JobContext<App>, payload: OfProposal) -> Result<(), JobError> {
    let Some(id) = ProposalId::parse(&payload.proposal) else {
        return Ok(());
    };
    let (app, now) = (ctx.app.clone(), ctx.now);
    ctx.app
        .write(move |tx| -> Result<(), StoreError> {
            let Some(proposal) = proposals::lock(tx, &id)? else {
                return Ok(());
            };
            if commands::has_ended(&proposal, now) {
                return commands::end_answers(&app, tx, now, &proposal, "");
            }
            // Its author gave it another end since.
            plan_end(&app, tx, now, &proposal)
        })
        .await
        .map_err(|error| JobError::Retry(error.into()))
}
