//! Units agreed upon, and given back.

use interkpa_federation::Instant;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::proposals::commands::{By, Change, ProposalError, finish, stay};
use crate::features::proposals::model::{Command, Proposal, Refusal, State};
use crate::features::proposals::store;
use crate::ids::ProposalId;

/// Who changes units: an agreement, in whose name its members stand in the journal beside.
const AGREEMENT: &str = "agreement";

/// Agrees upon `units` of a proposal of this hub (I-01, I-06). The last one fulfils it.
///
/// # Errors
/// [`Refusal::Closed`] unless it is open for answers now, [`Refusal::NoLongerAvailable`] when fewer
/// units are left, [`Refusal::NotOurs`] for a copy; those of the store.
pub fn take(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    id: &ProposalId,
    units: i64,
) -> Result<Proposal, ProposalError> {
    let proposal = store::lock(tx, id)?.ok_or(StoreError::NotFound)?;
    let mut change = Change::of(proposal, "proposal_take");
    let proposal = &mut change.proposal;
    proposal.after(Command::Take)?;
    if proposal.expires_at <= now {
        return Err(Refusal::Closed.into());
    }
    if units < 1 || !store::take(tx, id, units)? {
        return Err(Refusal::NoLongerAvailable.into());
    }
    proposal.details.available -= units;
    if proposal.details.available == 0 {
        proposal.state = State::Fulfilled;
        stay(proposal);
    }
    finish(app, tx, now, By::Job(AGREEMENT), change)
}

/// Gives units of a cancelled agreement back; what was fulfilled by the last one is open again,
/// unless its end has come.
///
/// # Errors
/// [`Refusal::NotOurs`] for a copy, [`Refusal::NoLongerAvailable`] when more would be left than was
/// offered; those of the store.
pub fn give_back(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    id: &ProposalId,
    units: i64,
) -> Result<Proposal, ProposalError> {
    let proposal = store::lock(tx, id)?.ok_or(StoreError::NotFound)?;
    let mut change = Change::of(proposal, "proposal_give_back");
    let proposal = &mut change.proposal;
    let state = proposal.after(Command::GiveBack)?;
    if units < 1 || !store::give_back(tx, id, units)? {
        return Err(Refusal::NoLongerAvailable.into());
    }
    // « Trouvé ! » said by hand while units were left stays said.
    let by_last_unit = proposal.state == State::Fulfilled && proposal.details.available == 0;
    if proposal.state != State::Fulfilled || by_last_unit {
        proposal.state = state;
    }
    if proposal.state == State::Published && proposal.expires_at <= now {
        proposal.state = State::Expired;
    }
    proposal.details.available += units;
    finish(app, tx, now, By::Job(AGREEMENT), change)
}
