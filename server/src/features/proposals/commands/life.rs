//! What happens to a proposal after it was published, but for edits and agreements.

use interkpa_federation::Instant;

use crate::app::App;
use crate::db::conn::Conn;
use crate::features::agreements;
use crate::features::proposals::commands::{
    By, Change, Done, ProposalError, finish, index, keep, locked, note, stay,
};
use crate::features::proposals::jobs;
use crate::features::proposals::model::visibility::Widening;
use crate::features::proposals::model::{
    Command, LIFETIME_DEFAULT, Proposal, Refusal, State, WIDENING_STEP,
};
use crate::features::proposals::store::{self, marks};
use crate::ids::ProposalId;

/// Takes it back for good; the others forget it.
///
/// # Errors
/// [`Refusal`] of the model; those of the store.
pub fn withdraw(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    id: &ProposalId,
    reason: Option<&str>,
) -> Result<Done, ProposalError> {
    let mut change = Change::of(locked(tx, by, id)?, "proposal_withdraw");
    change.reason = reason;
    let proposal = &mut change.proposal;
    proposal.state = proposal.after(Command::Withdraw)?;
    stay(proposal);
    let proposal = finish(app, tx, now, by, change)?;
    let pictures_gone = store::media::delete_of(tx, id)?;
    Ok(Done {
        proposal,
        pictures_gone,
    })
}

/// « Trouvé ! »: nothing more is answered, here and elsewhere.
///
/// # Errors
/// [`Refusal`] of the model; those of the store.
pub fn fulfil(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    id: &ProposalId,
) -> Result<Proposal, ProposalError> {
    let mut change = Change::of(locked(tx, by, id)?, "proposal_fulfil");
    let proposal = &mut change.proposal;
    proposal.state = proposal.after(Command::Fulfil)?;
    stay(proposal);
    finish(app, tx, now, by, change)
}

/// Keeps it back for a moment.
///
/// # Errors
/// [`Refusal`] of the model; those of the store.
pub fn suspend(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    id: &ProposalId,
    reason: Option<&str>,
) -> Result<Proposal, ProposalError> {
    let mut change = Change::of(locked(tx, by, id)?, "proposal_suspend");
    change.reason = reason;
    let proposal = &mut change.proposal;
    proposal.state = proposal.after(Command::Suspend)?;
    proposal.details.widen_at = None;
    finish(app, tx, now, by, change)
}

/// Shows it again, unless the team keeps it back.
///
/// # Errors
/// [`Refusal::KeptBack`]; others of the model; those of the store.
pub fn resume(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    id: &ProposalId,
) -> Result<Proposal, ProposalError> {
    let mut change = Change::of(locked(tx, by, id)?, "proposal_resume");
    let proposal = &mut change.proposal;
    proposal.state = proposal.after(Command::Resume)?;
    if marks::is_kept_back(tx, &proposal.uri)? {
        return Err(Refusal::KeptBack.into());
    }
    if proposal.expires_at <= now {
        return Err(Refusal::Closed.into());
    }
    if proposal.details.widen_to.is_some() {
        proposal.details.widen_at = Some(now + WIDENING_STEP);
    }
    finish(app, tx, now, by, change)
}

/// « Encore d'actualité »: it lives as long again as a new one, from now on.
///
/// # Errors
/// [`Refusal`] of the model; those of the store.
pub fn prolong(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    id: &ProposalId,
) -> Result<Proposal, ProposalError> {
    let mut change = Change::of(locked(tx, by, id)?, "proposal_prolong");
    let proposal = &mut change.proposal;
    if proposal.details.available == 0 {
        return Err(Refusal::NoLongerAvailable.into());
    }
    proposal.state = proposal.after(Command::Edit)?;
    proposal.expires_at = proposal.expires_at.max(now + LIFETIME_DEFAULT);
    finish(app, tx, now, by, change)
}

/// Its end has come. Nothing happens when it has not, or when it is closed already: a job may run
/// twice.
///
/// # Errors
/// Those of the store.
pub fn expire(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    id: &ProposalId,
) -> Result<Option<Proposal>, ProposalError> {
    let Some(proposal) = store::lock(tx, id)? else {
        return Ok(None);
    };
    let Some(state) = proposal.state.after(Command::Expire) else {
        return Ok(None);
    };
    if proposal.expires_at > now {
        return Ok(None);
    }
    let mut change = Change::of(proposal, "proposal_expire");
    let proposal = &mut change.proposal;
    proposal.state = state;
    stay(proposal);
    agreements::proposal_changed(app, tx, now, proposal, "")?;
    if !proposal.is_ours() {
        // The owner decides about a copy; here it only leaves the lists.
        store::update(tx, proposal)?;
        index(tx, proposal, None)?;
        app.caches.lists.raise();
        return Ok(Some(change.proposal));
    }
    // Every hub knows its end already: nothing is sent.
    keep(app, tx, now, proposal, None)?;
    note(app, tx, now, By::Job(jobs::EXPIRE), &change)?;
    Ok(Some(change.proposal))
}

/// Shows an unmet need one step wider: when a job finds its time has come, or at once when its
/// author says so. `None` when there is no further step.
///
/// # Errors
/// [`Refusal`] of the model; those of the store.
pub fn widen(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    id: &ProposalId,
) -> Result<Option<Proposal>, ProposalError> {
    let mut change = Change::of(locked(tx, by, id)?, "proposal_widen");
    let proposal = &mut change.proposal;
    let due = proposal.details.widen_at.is_some_and(|at| at <= now);
    let present = Widening {
        now: proposal.visibility,
        to: proposal.details.widen_to,
        at: proposal.details.widen_at,
    };
    let next = present.next(now, WIDENING_STEP);
    let (Ok(state), Some(next)) = (proposal.after(Command::Widen), next) else {
        if proposal.details.widen_at.is_some() {
            stay(proposal);
            store::update(tx, proposal)?;
        }
        return Ok(None);
    };
    if matches!(by, By::Job(_)) && !due {
        return Ok(None);
    }
    proposal.state = state;
    proposal.visibility = next.now;
    proposal.details.widen_to = next.to;
    proposal.details.widen_at = next.at;
    finish(app, tx, now, by, change).map(Some)
}

/// The team keeps something back after a report: ours, or the copy of another hub's, which is then
/// shown to nobody here. Nothing happens when it is not shown anyway.
///
/// # Errors
/// Those of the store.
pub fn keep_back(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    uri: &str,
    reason: &str,
) -> Result<(), ProposalError> {
    let Some(held) = store::find_by_uri(tx, uri)? else {
        return Ok(());
    };
    let Some(held) = store::lock(tx, &held.id)? else {
        return Ok(());
    };
    if held.state != State::Published {
        return Ok(());
    }
    let mut change = Change::of(held, "proposal_keep_back");
    change.reason = Some(reason);
    change.proposal.state = State::Suspended;
    change.proposal.details.widen_at = None;
    decided(app, tx, now, by, change)
}

/// The team shows again what it kept back. To be called before the decision is written: what the
/// author keeps back stays so.
///
/// # Errors
/// Those of the store.
pub fn show_again(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    uri: &str,
) -> Result<(), ProposalError> {
    let Some(held) = store::find_by_uri(tx, uri)? else {
        return Ok(());
    };
    let Some(held) = store::lock(tx, &held.id)? else {
        return Ok(());
    };
    if held.state != State::Suspended || !marks::is_kept_back(tx, uri)? {
        return Ok(());
    }
    let mut change = Change::of(held, "proposal_show_again");
    let open = change.proposal.expires_at > now;
    change.proposal.state = if open {
        State::Published
    } else {
        State::Expired
    };
    decided(app, tx, now, by, change)
}

/// Ours is told to the others; a copy changes here alone.
fn decided(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    change: Change<'_>,
) -> Result<(), ProposalError> {
    if change.proposal.is_ours() {
        return finish(app, tx, now, by, change).map(drop);
    }
    store::update(tx, &change.proposal)?;
    index(tx, &change.proposal, None)?;
    app.caches.lists.raise();
    Ok(note(app, tx, now, by, &change)?)
}
