//! What becomes of the answers and agreements of somebody who is no more (I-07): what waits is taken
//! back, what is open is cancelled, what is confirmed stays under a pseudonym.

use interkpa_federation::vocabulary::terms::AgreementState;
use interkpa_federation::{Instant, Span};

use crate::app::App;
use crate::db::audit::Actor;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::{
    AgreementError, Record, Whole, deeds, tell, write_record,
};
use crate::features::agreements::model::{ResponseState, Side};
use crate::features::agreements::publish::{self, Between, Said};
use crate::features::agreements::store::leaving::{self as rows, Leaver};
use crate::features::agreements::store::{self, responses};
use crate::features::notifications::Happening;
use crate::features::people::FORMER_MEMBER;
use crate::features::proposals;
use crate::ids::AgreementId;

/// Ends what somebody who is no more began. For a member of this hub, other hubs are told; what an
/// actor of another server leaves is known there. Call it before the person's own rows go.
///
/// # Errors
/// Those of the store and of proposals.
pub fn leave(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    who: Leaver<'_>,
) -> Result<(), AgreementError> {
    for answer in rows::answers(tx, who)? {
        if answer.state.is_open()
            && responses::decide(tx, &answer.id, ResponseState::Cancelled, None, now)?
        {
            let proposal = proposals::find(tx, &answer.proposal)?.ok_or(StoreError::NotFound)?;
            if matches!(who, Leaver::Member(_)) && !proposal.is_ours() {
                publish::take_back(app, tx, now, &answer, &proposal)?;
            }
            let states = (
                ResponseState::Sent.as_str(),
                ResponseState::Cancelled.as_str(),
            );
            note(app, tx, now, who, ("response", answer.id.as_str()), states)?;
        }
        rows::forget_answer(tx, &answer.id, FORMER_MEMBER)?;
    }
    for (id, side) in rows::sides(tx, who)? {
        end(app, tx, now, who, (&id, side))?;
    }
    Ok(())
}

fn end(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    who: Leaver<'_>,
    (id, side): (&AgreementId, Side),
) -> Result<(), AgreementError> {
    let mut whole = Whole::load(tx, id)?;
    let old = whole.agreement.state;
    let is_open = !matches!(old, AgreementState::Confirmed | AgreementState::Cancelled);
    let is_local = matches!(who, Leaver::Member(_));
    // Of a copy the owner decides; what was not begun yet is called off by either party.
    let by_owner = is_local && !whole.is_ours(app);
    let cancelled = is_open && (!by_owner || old == AgreementState::Concluded);
    if cancelled && is_local {
        let between = Between::new(&whole.agreement, &whole.parties, side)?;
        publish::say(app, tx, now, between, Said::Cancel, "")?;
    }
    if cancelled && whole.is_ours(app) {
        deeds::called_off(app, tx, now, &mut whole)?;
    } else if cancelled && !is_local {
        let at = now.max(whole.agreement.updated_at + Span::milliseconds(1));
        store::refresh_copy(tx, id, AgreementState::Cancelled, at, now)?;
    }
    if cancelled {
        let states = (old.as_str(), AgreementState::Cancelled.as_str());
        note(app, tx, now, who, ("agreement", id.as_str()), states)?;
        tell(app, tx, now, &whole, side.other(), Happening::Cancelled)?;
    }
    store::set_contact(tx, id, side, FORMER_MEMBER, None, None)?;
    rows::forget_messages(tx, id, side)?;
    if is_local {
        // Also replaces the name and the number that the other hub may hold.
        whole.parties = store::parties(tx, id)?;
        let between = Between::new(&whole.agreement, &whole.parties, side)?;
        publish::contact(app, tx, now, between)?;
    }
    Ok(())
}

fn note(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    who: Leaver<'_>,
    (kind, id): (&'static str, &str),
    (old, new): (&str, &str),
) -> Result<(), StoreError> {
    let actor = match who {
        Leaver::Member(member) => Actor::Member(member),
        Leaver::Actor(address) | Leaver::Server(address) => Actor::Peer(address),
    };
    let record = Record {
        command: "party_leave",
        kind,
        id,
        old: Some(old),
        new: Some(new),
        reason: None,
    };
    write_record(app, tx, now, (actor, None), &record)
}
