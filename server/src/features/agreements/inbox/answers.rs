//! `Offer{Agreement}`, its undoing, its `Accept` and its `Reject`.

use interkpa_federation::vocabulary::agreement::{AgreementObject, PartyRef};
use interkpa_federation::vocabulary::response::{
    self as wire_response, ResponseMessage, ResponseObject,
};
use interkpa_federation::vocabulary::terms::RefusalReason;
use interkpa_federation::{Activity, Heard, Instant, Uri};

use super::{name_of, waits_for};
use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::answers::{self, No};
use crate::features::agreements::commands::{AgreementError, Whole, tell};
use crate::features::agreements::jobs;
use crate::features::agreements::model::{
    Deal, MESSAGE_CHARACTERS_MAX, REASON_CHARACTERS_MAX, ResponseState, Side,
};
use crate::features::agreements::publish::{self, Between};
use crate::features::agreements::store::responses::{self, Response};
use crate::features::agreements::store::{self, Agreement, PartyRow};
use crate::features::agreements::wire;
use crate::features::notifications::Happening;
use crate::features::proposals::{self, Proposal};
use crate::fediverse::inbox::waiting;
use crate::fediverse::receive::{Effect, Refusal};
use crate::ids::{AgreementId, ResponseId};

/// Receives an answer, or the answer to one of ours.
///
/// # Errors
/// [`Refusal`]: an `Accept` or `Reject` from anybody but the proposer's side (I-03), an undoing of
/// somebody else's answer.
pub fn receive(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    _heard: &Heard,
    activity: &Activity,
    message: &ResponseMessage,
) -> Result<Effect, Refusal> {
    match message {
        ResponseMessage::Offered(offer) => offered(app, tx, now, activity, offer),
        ResponseMessage::TakenBack { offer } => taken_back(tx, now, activity, offer),
        ResponseMessage::Accepted { offer, agreement } => {
            accepted(app, tx, now, activity, offer, agreement)
        }
        ResponseMessage::Refused(refusal) => refused(app, tx, now, activity, refusal),
    }
}

/// Somebody of another hub answers a proposal of ours. What cannot be is refused at once, with the
/// reason (I-06), so that nobody waits for nothing.
fn offered(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    activity: &Activity,
    offer: &ResponseObject,
) -> Result<Effect, Refusal> {
    let Some(proposal) = proposals::find_by_uri(tx, offer.proposal.as_str())? else {
        return Ok(Effect::Ignored("proposal_unknown"));
    };
    if !proposal.is_ours() {
        return Ok(Effect::Ignored("proposal_of_another_hub"));
    }
    let response = response_of(tx, now, activity, offer, &proposal)?;
    if !responses::insert_if_new(tx, &response)? {
        return Ok(Effect::Ignored("answered_before"));
    }
    let reason = if !proposal.is_open_for_answers(now) {
        Some(RefusalReason::Closed)
    } else if response.quantity > proposal.details.available {
        Some(RefusalReason::NoLongerAvailable)
    } else if !proposal.details.settlements.contains(&response.settlement) {
        Some(RefusalReason::Rule)
    } else {
        None
    };
    if let Some(reason) = reason {
        answers::decline(app, tx, now, &response, &proposal, reason, "")?;
        return Ok(Effect::Applied);
    }
    answers::tell_author(
        app,
        tx,
        now,
        &proposal,
        &response,
        Happening::ResponseReceived,
    )?;
    jobs::plan_end(app, tx, now, &proposal)?;
    Ok(Effect::Applied)
}

fn response_of(
    tx: &mut Conn,
    now: Instant,
    activity: &Activity,
    offer: &ResponseObject,
    proposal: &Proposal,
) -> Result<Response, Refusal> {
    let quantity = wire::units(proposal, offer.primary.quantity)
        .ok_or(Refusal::invalid("quantity_invalid"))?;
    let settlement = offer
        .settlement
        .or_else(|| proposal.details.settlements.first().copied())
        .ok_or(Refusal::invalid("settlement_not_offered"))?;
    let reference = offer
        .responder
        .reference
        .as_ref()
        .map_or("", PartyRef::as_str);
    // The local key is made of the address, so that a repetition makes the same one.
    let key = activity.id.as_str().rsplit('/').next().unwrap_or_default();
    Ok(Response {
        id: ResponseId::parse(key).ok_or(Refusal::malformed("bad_json"))?,
        uri: activity.id.as_str().to_owned(),
        proposal: proposal.id.clone(),
        responder_uri: offer.responder.actor.as_str().to_owned(),
        party: reference.to_owned(),
        member: None,
        name: name_of(tx, &offer.responder.actor)?,
        message: wire::plain(offer.message_html.as_deref(), MESSAGE_CHARACTERS_MAX),
        quantity,
        settlement,
        planned: String::new(),
        state: ResponseState::Sent,
        reason: None,
        on_behalf_of: None,
        created_at: activity.published.unwrap_or(now).min(now),
        decided_at: None,
    })
}

/// The responder takes the answer back; decided already, nothing changes.
fn taken_back(
    tx: &mut Conn,
    now: Instant,
    activity: &Activity,
    offer: &Uri,
) -> Result<Effect, Refusal> {
    let Some(response) = responses::find_by_uri(tx, offer.as_str())? else {
        return Ok(waits_for(offer));
    };
    if response.responder_uri != activity.actor.as_str() {
        return Err(Refusal::forbidden("not_owner"));
    }
    if responses::decide(tx, &response.id, ResponseState::Cancelled, None, now)? {
        Ok(Effect::Applied)
    } else {
        Ok(Effect::Ignored("decided_before"))
    }
}

/// An answer of ours and its proposal, when the sender is the proposer's side of it (I-03).
fn ours(
    tx: &mut Conn,
    activity: &Activity,
    offer: &Uri,
) -> Result<Option<(Response, Proposal)>, Refusal> {
    let Some(response) = responses::find_by_uri(tx, offer.as_str())? else {
        return Ok(None);
    };
    let proposal = proposals::find(tx, &response.proposal)?.ok_or(StoreError::NotFound)?;
    let hub = wire::hub_of(&proposal.author_uri)?;
    let is_proposer = activity.actor.as_str() == proposal.author_uri || activity.actor == hub;
    if response.member.is_none() || !is_proposer {
        return Err(Refusal::forbidden("not_owner"));
    }
    Ok(Some((response, proposal)))
}

/// Our answer was accepted: the agreement is copied, and the other party learns how to reach ours.
fn accepted(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    activity: &Activity,
    offer: &Uri,
    object: &AgreementObject,
) -> Result<Effect, Refusal> {
    let Some((response, proposal)) = ours(tx, activity, offer)? else {
        return Ok(Effect::Ignored("answer_unknown"));
    };
    if store::of_response(tx, &response.id)?.is_some() {
        return Ok(Effect::Ignored("accepted_before"));
    }
    if object.responder.actor.as_str() != response.responder_uri
        || object.proposal.as_str() != proposal.uri
        || object.offer != *offer
    {
        return Err(Refusal::forbidden("not_owner"));
    }
    // The owner's word stands, even for an answer that ended or was taken back in between.
    responses::accepted_by_owner(tx, &response.id, now)?;
    let agreement = copy_of(app, now, object, &response, &proposal);
    let member = response.member.clone().ok_or(AgreementError::NotParty)?;
    let parties = vec![
        PartyRow {
            side: Side::Proposer,
            actor_uri: object.proposer.actor.as_str().to_owned(),
            party: object
                .proposer
                .reference
                .as_ref()
                .map_or("", PartyRef::as_str)
                .to_owned(),
            member: None,
            name: name_of(tx, &object.proposer.actor)?,
            phone: None,
            email: None,
        },
        answers::local_party(
            tx,
            Side::Responder,
            &member,
            &response.responder_uri,
            &response.party,
        )?,
    ];
    store::insert(tx, &agreement, &parties)?;
    publish::contact(
        app,
        tx,
        now,
        Between::new(&agreement, &parties, Side::Responder)?,
    )?;
    // A contact or a message may have come before the agreement it belongs to.
    waiting::wake(app, tx, now, &[&agreement.uri])?;
    let whole = Whole::around(tx, agreement)?;
    tell(
        app,
        tx,
        now,
        &whole,
        Side::Responder,
        Happening::ResponseAccepted,
    )?;
    Ok(Effect::Applied)
}

fn copy_of(
    app: &App,
    now: Instant,
    object: &AgreementObject,
    response: &Response,
    proposal: &Proposal,
) -> Agreement {
    let deal = Deal::of(
        object.kind,
        object.settlement,
        response.quantity,
        proposal.details.minutes,
        proposal.details.price_cents,
    );
    Agreement {
        id: AgreementId::known(app.new_id()),
        uri: object.id.as_str().to_owned(),
        origin: object.id.origin().as_str().to_owned(),
        response: response.id.clone(),
        proposal: proposal.id.clone(),
        deal,
        state: object.state,
        planned: response.planned.clone(),
        created_at: object.published,
        updated_at: object.updated.unwrap_or(object.published),
        fetched_at: now,
        rev: 0,
    }
}

/// Our answer was refused.
fn refused(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    activity: &Activity,
    refusal: &wire_response::Refusal,
) -> Result<Effect, Refusal> {
    let Some((response, proposal)) = ours(tx, activity, &refusal.offer)? else {
        return Ok(Effect::Ignored("answer_unknown"));
    };
    let words = wire::plain(refusal.message_html.as_deref(), REASON_CHARACTERS_MAX);
    let no = No {
        reason: refusal.reason.unwrap_or(RefusalReason::Declined),
        words: &words,
    };
    if responses::decide(tx, &response.id, no.state(), no.kept(), now)? {
        answers::tell_no(app, tx, now, &response, &proposal, no)?;
        return Ok(Effect::Applied);
    }
    // It ended here with the copy; now its owner says why.
    if let (ResponseState::Expired, Some(why)) = (no.state(), no.kept())
        && responses::explain(tx, &response.id, why)?
    {
        return Ok(Effect::Applied);
    }
    Ok(Effect::Ignored("decided_before"))
}
