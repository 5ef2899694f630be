//! What this hub says to the other party's hub about answers and agreements.
//!
//! Nothing is said when both parties live here. Everything is addressed to exactly the other
//! party's actor, never to a collection (linter `common/12`).

use interkpa_federation::proof::{self, Signer};
use interkpa_federation::vocabulary::agreement::{self as agreement_wire, Party, PartyRef};
use interkpa_federation::vocabulary::fact::{self as fact_wire, Fact};
use interkpa_federation::vocabulary::response::{self as response_wire, ResponseObject};
use interkpa_federation::vocabulary::statement::{self, Contact, Statement};
use interkpa_federation::vocabulary::terms::{AgreementState, RefusalReason};
use interkpa_federation::{Envelope, Instant, Origin, Recipients, Span};
use serde_json::Value;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::model::{Deal, Side};
use crate::features::agreements::store::responses::Response;
use crate::features::agreements::store::{Agreement, PartyRow};
use crate::features::agreements::wire::{self, uri};
use crate::features::proposals::Proposal;
use crate::fediverse::keys::PROOF_KEY;
use crate::fediverse::member_keys;
use crate::fediverse::outbox::{self, Audience, Outgoing};

/// How long the other hub may show a contact.
const CONTACT_SPAN: Span = Span::days(35);

/// Whether an actor lives on another server.
pub fn is_elsewhere(app: &App, actor: &str) -> bool {
    Origin::parse(actor).is_ok_and(|origin| origin != app.origin)
}

/// The address of a new object of this hub.
pub fn new_object(app: &App) -> String {
    app.address(&format!("/objets/{}", app.new_id()))
}

struct Saying<'a> {
    from: &'a str,
    to: &'a str,
    kind: &'static str,
    object: &'a str,
    now: Instant,
}

fn envelope(app: &App, saying: &Saying<'_>) -> Result<(String, Envelope), StoreError> {
    let id = app.new_id();
    let envelope = Envelope {
        id: uri(&app.address(&format!("/activites/{id}")))?,
        actor: uri(saying.from)?,
        to: Recipients::only([uri(saying.to)?]),
        cc: Recipients::NOBODY,
        published: saying.now,
    };
    Ok((id, envelope))
}

fn deliver(
    app: &App,
    tx: &mut Conn,
    saying: &Saying<'_>,
    id: String,
    body: Value,
) -> Result<(), StoreError> {
    let outgoing = Outgoing {
        id,
        actor_uri: saying.from.to_owned(),
        kind: saying.kind,
        object_uri: Some(saying.object.to_owned()),
        body,
        audience: Audience {
            actors: vec![saying.to.to_owned()],
            ..Audience::default()
        },
    };
    outbox::send(app, tx, saying.now, &outgoing)
}

/// `Offer{Agreement}`: the answer's address is that of this activity.
///
/// # Errors
/// Those of the store.
pub fn offer(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    response: &Response,
    proposal: &Proposal,
    deal: &Deal,
) -> Result<(), StoreError> {
    let saying = Saying {
        from: &response.responder_uri,
        to: &proposal.author_uri,
        kind: "Offer:response",
        object: &proposal.uri,
        now,
    };
    let id = response
        .uri
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_owned();
    let (_, mut envelope) = envelope(app, &saying)?;
    envelope.id = uri(&response.uri)?;
    let (primary, reciprocal) = wire::commitments(proposal, deal, None, ("", ""))?;
    let mut words = response.message.clone();
    if !response.planned.is_empty() {
        words.push('\n');
        words.push_str(&response.planned);
    }
    let object = ResponseObject {
        responder: Party {
            actor: uri(&response.responder_uri)?,
            hub: wire::hub_of(&response.responder_uri)?,
            reference: PartyRef::parse(&response.party),
        },
        proposal: uri(&proposal.uri)?,
        primary,
        reciprocal,
        settlement: Some(response.settlement),
        planned_at: None,
        message_html: wire::paragraphs(&words),
    };
    deliver(
        app,
        tx,
        &saying,
        id,
        response_wire::offer(&envelope, &object),
    )
}

/// `Undo{Offer}`: the answer is taken back.
///
/// # Errors
/// Those of the store.
pub fn take_back(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    response: &Response,
    proposal: &Proposal,
) -> Result<(), StoreError> {
    let saying = Saying {
        from: &response.responder_uri,
        to: &proposal.author_uri,
        kind: "Undo:response",
        object: &response.uri,
        now,
    };
    let (id, envelope) = envelope(app, &saying)?;
    let body = response_wire::take_back(&envelope, &uri(&response.uri)?);
    deliver(app, tx, &saying, id, body)
}

/// `Reject` of an answer, with its reason.
///
/// # Errors
/// Those of the store.
pub fn reject(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    response: &Response,
    proposal: &Proposal,
    reason: RefusalReason,
    words: &str,
) -> Result<(), StoreError> {
    let saying = Saying {
        from: &proposal.author_uri,
        to: &response.responder_uri,
        kind: "Reject:response",
        object: &response.uri,
        now,
    };
    let (id, envelope) = envelope(app, &saying)?;
    let refusal = response_wire::Refusal {
        offer: uri(&response.uri)?,
        reason: Some(reason),
        message_html: wire::paragraphs(words),
    };
    deliver(
        app,
        tx,
        &saying,
        id,
        response_wire::reject(&envelope, &refusal),
    )
}

/// `Accept` of an answer, with the agreement as its result.
///
/// # Errors
/// Those of the store.
pub fn accept(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    agreement: &Agreement,
    parties: &[PartyRow],
    proposal: &Proposal,
    response: &Response,
) -> Result<(), StoreError> {
    let (proposer, responder) = wire::both(parties)?;
    let saying = Saying {
        from: &proposer.actor_uri,
        to: &responder.actor_uri,
        kind: "Accept:response",
        object: &agreement.uri,
        now,
    };
    let (id, envelope) = envelope(app, &saying)?;
    let object = wire::object(agreement, parties, proposal, &response.uri, &[])?;
    let body = response_wire::accept(&envelope, &uri(&response.uri)?, &object);
    deliver(app, tx, &saying, id, body)
}

/// `Update{Agreement}`: the owner's dated copy for the other hub.
///
/// # Errors
/// Those of the store.
#[expect(clippy::too_many_arguments, reason = "the parts of one document")]
pub fn copy(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    agreement: &Agreement,
    parties: &[PartyRow],
    proposal: &Proposal,
    offer: &str,
    facts: &[String],
) -> Result<(), StoreError> {
    let (proposer, responder) = wire::both(parties)?;
    if !is_elsewhere(app, &responder.actor_uri) {
        return Ok(());
    }
    let saying = Saying {
        from: &proposer.actor_uri,
        to: &responder.actor_uri,
        kind: "Update:agreement",
        object: &agreement.uri,
        now,
    };
    let (id, envelope) = envelope(app, &saying)?;
    let object = wire::object(agreement, parties, proposal, offer, facts)?;
    deliver(
        app,
        tx,
        &saying,
        id,
        agreement_wire::copy(&envelope, &object),
    )
}

/// Who says something about an agreement, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Between<'a> {
    /// The party here.
    pub me: &'a PartyRow,
    /// The other party.
    pub other: &'a PartyRow,
    /// Address of the agreement.
    pub agreement: &'a str,
}

impl<'a> Between<'a> {
    /// The two parties as seen by one of them.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when one is missing.
    pub fn new(
        agreement: &'a Agreement,
        parties: &'a [PartyRow],
        me: Side,
    ) -> Result<Self, StoreError> {
        let (proposer, responder) = wire::both(parties)?;
        let (me, other) = match me {
            Side::Proposer => (proposer, responder),
            Side::Responder => (responder, proposer),
        };
        Ok(Self {
            me,
            other,
            agreement: &agreement.uri,
        })
    }

    fn saying(&self, kind: &'static str, now: Instant) -> Saying<'a> {
        Saying {
            from: &self.me.actor_uri,
            to: &self.other.actor_uri,
            kind,
            object: self.agreement,
            now,
        }
    }

    fn statement(&self, id: &str, words: &str, now: Instant) -> Result<Statement, StoreError> {
        Ok(Statement {
            id: uri(id)?,
            attributed_to: uri(&self.me.actor_uri)?,
            party: PartyRef::parse(&self.me.party),
            agreement: uri(self.agreement)?,
            to: Recipients::only([uri(&self.other.actor_uri)?]),
            text_html: wire::paragraphs(words),
            contests: None,
            url: uri(self.agreement)?,
            published: now,
        })
    }
}

/// The document of a fact with the proof of whoever says it.
///
/// # Errors
/// Those of the store; no key of the speaker.
pub fn prove(app: &App, tx: &mut Conn, fact: &Fact, now: Instant) -> Result<Value, StoreError> {
    let keys = member_keys::of_actor(app, tx, &fact.attributed_to)?;
    let method = format!("{}#{PROOF_KEY}", fact.attributed_to);
    proof::sign(
        &fact_wire::object(fact),
        Signer {
            key: &keys.proof,
            verification_method: &method,
            created: now,
        },
    )
    .map_err(StoreError::broken)
}

/// Tells the other hub a fact.
///
/// # Errors
/// Those of the store.
pub fn fact(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    between: Between<'_>,
    signed: Value,
) -> Result<(), StoreError> {
    if !is_elsewhere(app, &between.other.actor_uri) {
        return Ok(());
    }
    let saying = between.saying("Create:fact", now);
    let (id, envelope) = envelope(app, &saying)?;
    let body = fact_wire::record(&envelope, &uri(between.agreement)?, signed);
    deliver(app, tx, &saying, id, body)
}

/// What a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<'a> {
    /// A message of the thread; its address.
    Message(&'a str),
    /// A contest, of the fact with this address.
    Contest(&'a str),
    /// The agreement is called off.
    Cancel,
}

/// Tells the other hub words of a party.
///
/// # Errors
/// Those of the store.
pub fn say(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    between: Between<'_>,
    said: Said<'_>,
    words: &str,
) -> Result<(), StoreError> {
    if !is_elsewhere(app, &between.other.actor_uri) {
        return Ok(());
    }
    let own = new_object(app);
    let (kind, address) = match said {
        Said::Message(address) => ("Create:message", address),
        Said::Contest(_) => ("Create:contest", own.as_str()),
        Said::Cancel => ("Create:cancellation", own.as_str()),
    };
    let saying = between.saying(kind, now);
    let (id, envelope) = envelope(app, &saying)?;
    let mut statement = between.statement(address, words, now)?;
    let body = match said {
        Said::Message(_) => statement::message(&envelope, &statement),
        Said::Contest(fact) => {
            statement.contests = Some(uri(fact)?);
            statement::contest(&envelope, &statement)
        }
        Said::Cancel => statement::cancel(&envelope, &statement),
    };
    deliver(app, tx, &saying, id, body)
}

/// Tells the other hub how a facilitator settled the disagreement.
///
/// # Errors
/// Those of the store.
pub fn resolution(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    between: Between<'_>,
    outcome: AgreementState,
    words: &str,
    counter_entry: Option<Value>,
) -> Result<(), StoreError> {
    if !is_elsewhere(app, &between.other.actor_uri) {
        return Ok(());
    }
    let saying = between.saying("Create:resolution", now);
    let (id, envelope) = envelope(app, &saying)?;
    let statement = between.statement(&new_object(app), words, now)?;
    let body = statement::resolve(&envelope, &statement, outcome, counter_entry);
    deliver(app, tx, &saying, id, body)
}

/// Tells the other party how to reach ours: only after the agreement, only what was consented to,
/// to exactly that actor.
///
/// # Errors
/// Those of the store.
pub fn contact(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    between: Between<'_>,
) -> Result<(), StoreError> {
    if !is_elsewhere(app, &between.other.actor_uri) {
        return Ok(());
    }
    let saying = between.saying("Create:contact", now);
    let (id, envelope) = envelope(app, &saying)?;
    let contact = Contact {
        id: uri(&new_object(app))?,
        attributed_to: uri(&between.me.actor_uri)?,
        party: PartyRef::parse(&between.me.party),
        agreement: uri(between.agreement)?,
        to: uri(&between.other.actor_uri)?,
        name: between.me.name.clone(),
        phone: between.me.phone.clone(),
        text_html: None,
        url: uri(between.agreement)?,
        published: now,
        expires_at: Some(now + CONTACT_SPAN),
    };
    deliver(
        app,
        tx,
        &saying,
        id,
        statement::share_contact(&envelope, &contact),
    )
}
