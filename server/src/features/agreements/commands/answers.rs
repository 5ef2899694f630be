//! Answering, taking back, accepting, refusing.

use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::{AgreementState, RefusalReason, Settlement};

use crate::app::App;
use crate::db::audit::Actor;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::{
    AgreementError, Doer, Record, Whole, record, tell, tell_entered, write_record,
};
use crate::features::agreements::jobs;
use crate::features::agreements::model::{Deal, ResponseState, Side};
use crate::features::agreements::publish::{self, Between};
use crate::features::agreements::store::responses::{self, Response};
use crate::features::agreements::store::{self, Agreement, PartyRow};
use crate::features::notifications::{self, Happening, Notice};
use crate::features::people::{self, rights::Right};
use crate::features::proposals::{self, Proposal, ProposalError};
use crate::ids::{AgreementId, MemberId, ProposalId, ResponseId};

/// An answer as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewResponse {
    /// Plain text, checked for length.
    pub message: String,
    /// Units, at least one.
    pub quantity: i64,
    /// How it would be settled.
    pub settlement: Settlement,
    /// « samedi 14 h »
    pub planned: String,
}

/// Answers a proposal of this hub or of another one.
///
/// # Errors
/// Closed or gone proposals, the own proposal, a way of settling that is not offered, an answer
/// that waits already.
#[expect(
    clippy::too_many_lines,
    reason = "one step after the other; to be cut with the next change"
)]
pub fn respond(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    doer: &Doer,
    proposal: &ProposalId,
    new: NewResponse,
) -> Result<Response, AgreementError> {
    let proposal = proposals::find_for(tx, proposal, &doer.by)?.ok_or(StoreError::NotFound)?;
    let member = doer.member();
    if proposal.member_id.as_ref() == Some(member) {
        return Err(AgreementError::OwnProposal);
    }
    if !proposal.is_open_for_answers(now) {
        return Err(ProposalError::Refused(proposals::Refusal::Closed).into());
    }
    if new.quantity > proposal.details.available {
        return Err(ProposalError::Refused(proposals::Refusal::NoLongerAvailable).into());
    }
    if !proposal.details.settlements.contains(&new.settlement) {
        return Err(AgreementError::Settlement);
    }
    // The reference in the table's own rule is made anew for each answer: this one knows the member.
    if responses::has_open(tx, &proposal.id, member)? {
        return Err(AgreementError::Decided);
    }
    let card = people::cards(tx, &[member])?
        .pop()
        .ok_or(StoreError::NotFound)?;
    let responder_uri = if card.public_actor {
        app.address(&format!("/members/{member}"))
    } else {
        app.address("/hub")
    };
    let response = Response {
        id: ResponseId::known(app.new_id()),
        uri: app.address(&format!("/activites/{}", app.new_id())),
        proposal: proposal.id.clone(),
        responder_uri,
        party: new_party(app),
        member: Some(member.clone()),
        name: card.name,
        message: new.message,
        quantity: new.quantity,
        settlement: new.settlement,
        planned: new.planned,
        state: ResponseState::Sent,
        reason: None,
        on_behalf_of: doer.on_behalf_of().map(str::to_owned),
        created_at: now,
        decided_at: None,
    };
    if !responses::insert_if_new(tx, &response)? {
        return Err(AgreementError::Decided);
    }
    if proposal.is_ours() {
        tell_author(
            app,
            tx,
            now,
            &proposal,
            &response,
            Happening::ResponseReceived,
        )?;
    } else {
        publish::offer(
            app,
            tx,
            now,
            &response,
            &proposal,
            &deal(&proposal, &response),
        )?;
    }
    jobs::plan_end(app, tx, now, &proposal)?;
    record(
        app,
        tx,
        now,
        doer,
        &Record {
            command: "response_send",
            kind: "response",
            id: response.id.as_str(),
            old: None,
            new: Some(ResponseState::Sent.as_str()),
            reason: None,
        },
    )?;
    tell_entered(app, tx, now, doer, (&proposal.title, &proposal.href()))?;
    Ok(response)
}

/// Takes an own answer back before it was decided.
///
/// # Errors
/// Somebody else's answer is not found; a decided one is refused.
pub fn take_back(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    doer: &Doer,
    id: &ResponseId,
) -> Result<(), AgreementError> {
    let response = responses::find(tx, id)?.ok_or(StoreError::NotFound)?;
    if response.member.as_ref() != Some(doer.member()) {
        return Err(AgreementError::NotParty);
    }
    if !responses::decide(tx, id, ResponseState::Cancelled, None, now)? {
        return Err(AgreementError::Decided);
    }
    let proposal = proposals::find(tx, &response.proposal)?.ok_or(StoreError::NotFound)?;
    if !proposal.is_ours() {
        publish::take_back(app, tx, now, &response, &proposal)?;
    }
    record(
        app,
        tx,
        now,
        doer,
        &Record {
            command: "response_take_back",
            kind: "response",
            id: id.as_str(),
            old: Some(ResponseState::Sent.as_str()),
            new: Some(ResponseState::Cancelled.as_str()),
            reason: None,
        },
    )?;
    Ok(())
}

/// Refuses an answer to an own proposal, with a reason for the other person.
///
/// # Errors
/// An answer to somebody else's proposal is not found; a decided one is refused.
pub fn refuse(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    doer: &Doer,
    id: &ResponseId,
    reason: &str,
) -> Result<(), AgreementError> {
    let (response, proposal, doer) = to_decide(tx, doer, id)?;
    decline(
        app,
        tx,
        now,
        &response,
        &proposal,
        RefusalReason::Declined,
        reason,
    )?;
    record(
        app,
        tx,
        now,
        &doer,
        &Record {
            command: "response_refuse",
            kind: "response",
            id: id.as_str(),
            old: Some(ResponseState::Sent.as_str()),
            new: Some(ResponseState::Refused.as_str()),
            reason: None,
        },
    )?;
    Ok(tell_entered(
        app,
        tx,
        now,
        &doer,
        (&proposal.title, &proposal.href()),
    )?)
}

/// Says no to an open answer and tells whoever gave it. Also what happens by itself to answers
/// that come too late.
///
/// # Errors
/// [`AgreementError::Decided`] when it was decided before.
pub(in crate::features::agreements) fn decline(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    response: &Response,
    proposal: &Proposal,
    reason: RefusalReason,
    words: &str,
) -> Result<(), AgreementError> {
    let no = No { reason, words };
    if !responses::decide(tx, &response.id, no.state(), no.kept(), now)? {
        return Err(AgreementError::Decided);
    }
    Ok(tell_no(app, tx, now, response, proposal, no)?)
}

/// Why an answer came to nothing.
#[derive(Debug, Clone, Copy)]
pub(in crate::features::agreements) struct No<'a> {
    /// The word of the wire.
    pub reason: RefusalReason,
    /// What the proposer says to whoever answered; may be empty.
    pub words: &'a str,
}

impl<'a> No<'a> {
    /// Where it leaves the answer: the proposer said no, or the proposal ended first.
    pub(in crate::features::agreements) const fn state(self) -> ResponseState {
        match self.reason {
            RefusalReason::Closed | RefusalReason::NoLongerAvailable => ResponseState::Expired,
            _ => ResponseState::Refused,
        }
    }

    /// What is kept of it with the answer: the words, or else the word of the wire. A bare no has
    /// no reason.
    pub(in crate::features::agreements) const fn kept(self) -> Option<&'a str> {
        match (self.words.is_empty(), self.reason) {
            (false, _) => Some(self.words),
            (true, RefusalReason::Declined) => None,
            (true, reason) => Some(reason.as_str()),
        }
    }

    const fn happening(self) -> Happening {
        match self.reason {
            RefusalReason::Closed => Happening::ResponseEnded,
            RefusalReason::NoLongerAvailable => Happening::NothingLeft,
            _ => Happening::ResponseRefused,
        }
    }
}

/// Whether nobody can be taken up on a proposal any more. One kept back for a moment has not ended.
pub fn has_ended(proposal: &Proposal, now: Instant) -> bool {
    let closed = matches!(
        proposal.state,
        proposals::State::Fulfilled | proposals::State::Expired | proposals::State::Withdrawn
    );
    closed || proposal.expires_at <= now
}

/// Ends the open answers to a proposal that ended (I-06), in the transaction that ends it: whoever
/// answered is told why, with the words of its author. For a copy, its owner's hub says so too, and
/// may add the words.
///
/// # Errors
/// Those of the store.
pub fn end_answers(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &Proposal,
    words: &str,
) -> Result<(), StoreError> {
    let nothing_left =
        proposal.state == proposals::State::Fulfilled && proposal.details.available == 0;
    let reason = if nothing_left {
        RefusalReason::NoLongerAvailable
    } else {
        RefusalReason::Closed
    };
    let no = No { reason, words };
    loop {
        let waiting = responses::open_of_proposal(tx, &proposal.id)?;
        for answer in &waiting {
            end(app, tx, now, answer, proposal, no)?;
        }
        // Each is decided now, so that the next read finds others.
        if i64::try_from(waiting.len()).unwrap_or(i64::MAX) < responses::ANSWERS_MAX {
            return Ok(());
        }
    }
}

fn end(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    answer: &Response,
    proposal: &Proposal,
    no: No<'_>,
) -> Result<(), StoreError> {
    if !responses::decide(tx, &answer.id, ResponseState::Expired, no.kept(), now)? {
        return Ok(());
    }
    write_record(
        app,
        tx,
        now,
        (Actor::System(jobs::END), None),
        &Record {
            command: "response_expire",
            kind: "response",
            id: answer.id.as_str(),
            old: Some(ResponseState::Sent.as_str()),
            new: Some(ResponseState::Expired.as_str()),
            reason: None,
        },
    )?;
    tell_no(app, tx, now, answer, proposal, no)
}

/// Tells whoever answered, here or elsewhere, that it came to nothing. Nobody speaks for the owner of
/// a copy.
pub(in crate::features::agreements) fn tell_no(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    response: &Response,
    proposal: &Proposal,
    no: No<'_>,
) -> Result<(), StoreError> {
    let Some(member) = &response.member else {
        if proposal.is_ours() && publish::is_elsewhere(app, &response.responder_uri) {
            publish::reject(app, tx, now, response, proposal, no.reason, no.words)?;
        }
        return Ok(());
    };
    let who = proposals::author_name(tx, proposal)?;
    notifications::notify(
        tx,
        &app.new_id(),
        now,
        &Notice {
            member,
            happening: no.happening(),
            who: &who,
            what: &proposal.title,
            href: &proposal.href(),
        },
    )
}

/// Accepts an answer: from here on the two know how to reach each other.
///
/// # Errors
/// An answer to somebody else's proposal is not found; a decided one, a closed proposal, or too
/// few units left are refused.
#[expect(
    clippy::too_many_lines,
    reason = "one step after the other; to be cut with the next change"
)]
pub fn accept(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    doer: &Doer,
    id: &ResponseId,
) -> Result<AgreementId, AgreementError> {
    let (response, proposal, doer) = to_decide(tx, doer, id)?;
    // Before any answer: two that race for the last unit must not wait for each other.
    proposals::lock(tx, &proposal.id)?.ok_or(StoreError::NotFound)?;
    let author = proposal.member_id.clone().ok_or(AgreementError::NotParty)?;
    if !responses::decide(tx, id, ResponseState::Accepted, None, now)? {
        return Err(AgreementError::Decided);
    }
    let proposal = proposals::take(app, tx, now, &proposal.id, response.quantity)?;
    let agreement = Agreement {
        id: AgreementId::known(app.new_id()),
        uri: publish::new_object(app),
        origin: app.origin.as_str().to_owned(),
        response: response.id.clone(),
        proposal: proposal.id.clone(),
        deal: deal(&proposal, &response),
        state: AgreementState::Concluded,
        planned: response.planned.clone(),
        created_at: now,
        updated_at: now,
        fetched_at: now,
        rev: 0,
    };
    let proposer = local_party(
        tx,
        Side::Proposer,
        &author,
        &proposal.author_uri,
        &new_party(app),
    )?;
    let responder = match &response.member {
        Some(member) => {
            let (uri, party) = (&response.responder_uri, &response.party);
            local_party(tx, Side::Responder, member, uri, party)?
        }
        None => PartyRow {
            side: Side::Responder,
            actor_uri: response.responder_uri.clone(),
            party: response.party.clone(),
            member: None,
            name: response.name.clone(),
            phone: None,
            email: None,
        },
    };
    let parties = vec![proposer, responder];
    store::insert(tx, &agreement, &parties)?;
    if publish::is_elsewhere(app, &response.responder_uri) {
        publish::accept(app, tx, now, &agreement, &parties, &proposal, &response)?;
        publish::contact(
            app,
            tx,
            now,
            Between::new(&agreement, &parties, Side::Proposer)?,
        )?;
    }
    record(
        app,
        tx,
        now,
        &doer,
        &Record {
            command: "response_accept",
            kind: "agreement",
            id: agreement.id.as_str(),
            old: None,
            new: Some(AgreementState::Concluded.as_str()),
            reason: None,
        },
    )?;
    let whole = Whole::around(tx, agreement)?;
    tell(
        app,
        tx,
        now,
        &whole,
        Side::Responder,
        Happening::ResponseAccepted,
    )?;
    tell_entered(app, tx, now, &doer, (&whole.proposal.title, &whole.href()))?;
    Ok(whole.agreement.id)
}

/// A reference by which another hub names a person of this one without a name: made anew for each
/// answer, so that two of them tell nothing of each other (decision 21).
fn new_party(app: &App) -> String {
    let bytes: [u8; 10] = app.random.bytes();
    bytes
        .iter()
        .fold("p-".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

/// A party of this hub, with what the member consented to share with the other party.
pub(in crate::features::agreements) fn local_party(
    tx: &mut Conn,
    side: Side,
    member: &MemberId,
    actor_uri: &str,
    party: &str,
) -> Result<PartyRow, StoreError> {
    let contact = people::contact(tx, member)?.ok_or(StoreError::NotFound)?;
    Ok(PartyRow {
        side,
        actor_uri: actor_uri.to_owned(),
        party: party.to_owned(),
        member: Some(member.clone()),
        name: contact.name,
        phone: contact.phone,
        email: contact.email,
    })
}

/// The answer and its proposal, when the doer may decide on it: the author, or somebody who acts
/// for the author, and then the trail says for whom.
fn to_decide(
    tx: &mut Conn,
    doer: &Doer,
    id: &ResponseId,
) -> Result<(Response, Proposal, Doer), AgreementError> {
    let response = responses::find(tx, id)?.ok_or(StoreError::NotFound)?;
    let proposal = proposals::find(tx, &response.proposal)?.ok_or(StoreError::NotFound)?;
    let author = proposal.member_id.clone().ok_or(AgreementError::NotParty)?;
    if author == *doer.member() {
        return Ok((response, proposal, doer.clone()));
    }
    if !doer.by.may(Right::ActOnBehalf) {
        return Err(AgreementError::NotParty);
    }
    // Whoever answered does not also decide for the author.
    if response.member.as_ref() == Some(&doer.by.id) {
        return Err(AgreementError::BothSides);
    }
    let doer = Doer {
        by: doer.by.clone(),
        for_member: Some(author),
    };
    Ok((response, proposal, doer))
}

/// What both would promise.
pub(in crate::features::agreements) fn deal(proposal: &Proposal, response: &Response) -> Deal {
    Deal::of(
        proposal.kind,
        response.settlement,
        response.quantity,
        proposal.details.minutes,
        proposal.details.price_cents,
    )
}

/// Tells the author of a proposal of this hub.
pub(in crate::features::agreements) fn tell_author(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &Proposal,
    response: &Response,
    happening: Happening,
) -> Result<(), StoreError> {
    let Some(member) = &proposal.member_id else {
        return Ok(());
    };
    notifications::notify(
        tx,
        &app.new_id(),
        now,
        &Notice {
            member,
            happening,
            who: &response.name,
            what: &proposal.title,
            href: &proposal.href(),
        },
    )
}
