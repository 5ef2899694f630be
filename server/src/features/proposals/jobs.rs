//! What happens to proposals as time passes: their end, the notice before it, and the next step of
//! an unmet need. Each sweep is one indexed query and a bounded number of small transactions; it
//! may run twice.
//!
//! A sweep is planned for the minute something is due, once, by the command that makes it due.

use interkpa_federation::{Instant, Span};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tracing::info;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::notifications::{self, Happening, Notice};
use crate::features::proposals::commands::{self, By, ProposalError};
use crate::features::proposals::model::{NOTICE_BEFORE_EXPIRY, Proposal, State};
use crate::features::proposals::store;
use crate::ids::ProposalId;
use crate::jobs::job::{JobContext, JobError, JobKind, NewJob};
use crate::jobs::queue;

pub mod indexing;

/// Name of the sweep over what has ended; stored, never renamed.
pub const EXPIRE: &str = "proposals_expire";
/// Name of the sweep over unmet needs; stored, never renamed.
pub const WIDEN: &str = "proposals_widen";
/// Name of the question « Encore d'actualité ? »; stored, never renamed.
pub const ASK: &str = "proposals_ask_before_end";

/// Most proposals of one sweep; when there are more, another one follows at once.
pub const SWEEP_MAX: i64 = 100;
/// Sweeps are planned on whole minutes, those over copies on whole hours.
const GRAIN: Span = Span::minutes(1);
const GRAIN_OF_COPIES: Span = Span::hours(1);

/// The kinds of jobs of this feature.
pub fn kinds() -> Vec<JobKind<App>> {
    vec![
        JobKind::new(EXPIRE, |ctx: JobContext<App>, _: Sweep| expire(ctx)),
        JobKind::new(WIDEN, |ctx: JobContext<App>, _: Sweep| widen(ctx)),
        JobKind::new(ASK, ask),
        indexing::kind(),
    ]
}

/// Payload of a sweep: it looks for itself what is due.
#[derive(Debug, Serialize, Deserialize)]
struct Sweep {}

/// Payload of the question.
#[derive(Debug, Serialize, Deserialize)]
struct Ask {
    proposal: String,
}

/// Plans what time will do to a proposal as it is now. Planned already, nothing changes.
///
/// # Errors
/// Those of the store.
pub fn plan(app: &App, tx: &mut Conn, now: Instant, proposal: &Proposal) -> Result<(), StoreError> {
    if proposal.state != State::Published {
        return Ok(());
    }
    let grain = if proposal.is_ours() {
        GRAIN
    } else {
        GRAIN_OF_COPIES
    };
    sweep_at(app, tx, now, EXPIRE, rounded_up(proposal.expires_at, grain))?;
    if let Some(at) = proposal.details.widen_at {
        sweep_at(app, tx, now, WIDEN, rounded_up(at, GRAIN))?;
    }
    if proposal.is_ours() {
        let payload = json!(Ask {
            proposal: proposal.id.as_str().to_owned()
        });
        let job = NewJob::new(&app.random, now, ASK, payload)
            .at(now.max(proposal.expires_at - NOTICE_BEFORE_EXPIRY))
            .once(format!("{ASK}:{}", proposal.id));
        // One with little time to live from the start needs no question.
        if proposal.expires_at - NOTICE_BEFORE_EXPIRY > now {
            queue::enqueue(tx, &job)?;
        }
    }
    Ok(())
}

fn sweep_at(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    kind: &'static str,
    at: Instant,
) -> Result<(), StoreError> {
    let job = NewJob::new(&app.random, now, kind, json!(Sweep {}))
        .at(at)
        .once(format!("{kind}:{}", at.as_milliseconds()));
    queue::enqueue(tx, &job)?;
    Ok(())
}

fn rounded_up(at: Instant, grain: Span) -> Instant {
    let grain = grain.as_milliseconds();
    let rest = at.as_milliseconds().rem_euclid(grain);
    if rest == 0 {
        at
    } else {
        at + Span::milliseconds(grain - rest)
    }
}

async fn expire(ctx: JobContext<App>) -> Result<(), JobError> {
    let now = ctx.now;
    let due = ctx
        .app
        .store
        .read(move |conn| store::ended(conn, now, SWEEP_MAX))
        .await?;
    let full = i64::try_from(due.len()).unwrap_or(i64::MAX) >= SWEEP_MAX;
    let mut ended = 0_u32;
    for id in due {
        let app = ctx.app.clone();
        let done = ctx
            .app
            .write(move |tx| -> Result<bool, ProposalError> {
                let Some(proposal) = commands::expire(&app, tx, now, &id)? else {
                    return Ok(false);
                };
                tell(&app, tx, now, &proposal)?;
                Ok(true)
            })
            .await
            .map_err(retry)?;
        ended += u32::from(done);
    }
    if ended > 0 {
        info!(job.name = EXPIRE, ended, "proposals came to their end");
    }
    again(&ctx, EXPIRE, full).await
}

async fn widen(ctx: JobContext<App>) -> Result<(), JobError> {
    let now = ctx.now;
    let due = ctx
        .app
        .store
        .read(move |conn| store::to_widen(conn, now, SWEEP_MAX))
        .await?;
    let full = i64::try_from(due.len()).unwrap_or(i64::MAX) >= SWEEP_MAX;
    for id in due {
        let app = ctx.app.clone();
        ctx.app
            .write(move |tx| commands::widen(&app, tx, now, By::Job(WIDEN), &id))
            .await
            .map_err(retry)?;
    }
    again(&ctx, WIDEN, full).await
}

/// A full sweep left some behind: another one, at once.
async fn again(ctx: &JobContext<App>, kind: &'static str, full: bool) -> Result<(), JobError> {
    if !full {
        return Ok(());
    }
    let (app, now) = (ctx.app.clone(), ctx.now);
    ctx.app
        .write(move |tx| -> Result<(), StoreError> {
            let job = NewJob::new(&app.random, now, kind, json!(Sweep {}));
            queue::enqueue(tx, &job)?;
            Ok(())
        })
        .await?;
    Ok(())
}

async fn ask(ctx: JobContext<App>, payload: Ask) -> Result<(), JobError> {
    let Some(id) = ProposalId::parse(&payload.proposal) else {
        return Ok(());
    };
    let (app, now) = (ctx.app.clone(), ctx.now);
    ctx.app
        .write(move |tx| -> Result<(), StoreError> {
            let Some(proposal) = store::find(tx, &id)? else {
                return Ok(());
            };
            if proposal.state != State::Published {
                return Ok(());
            }
            let due = proposal.expires_at - NOTICE_BEFORE_EXPIRY;
            if due > now {
                // Its end was put off since: the question comes later.
                let job = NewJob::new(&app.random, now, ASK, json!(payload)).at(due);
                queue::enqueue(tx, &job)?;
                return Ok(());
            }
            tell(&app, tx, now, &proposal)
        })
        .await?;
    Ok(())
}

/// « Encore d'actualité ? »: leads to the page where one tap gives it another end.
fn tell(app: &App, tx: &mut Conn, now: Instant, proposal: &Proposal) -> Result<(), StoreError> {
    let Some(member) = &proposal.member_id else {
        return Ok(());
    };
    let href = proposal.href();
    let notice = Notice {
        member,
        happening: Happening::ProposalExpired,
        who: "",
        what: &proposal.title,
        href: &href,
    };
    notifications::notify(tx, &app.new_id(), now, &notice)
}

fn retry(error: ProposalError) -> JobError {
    JobError::Retry(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_is_planned_on_the_whole_minute_that_follows() {
        let at = |ms| Instant::from_milliseconds(ms);

        assert_eq!(rounded_up(at(60_000), GRAIN), at(60_000));
        assert_eq!(rounded_up(at(60_001), GRAIN), at(120_000));
        assert_eq!(rounded_up(at(1), GRAIN_OF_COPIES), at(3_600_000));
    }
}
