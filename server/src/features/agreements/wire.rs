//! Agreements in the words of the wire: pure conversions between what is stored and what is said.

use interkpa_federation::Uri;
use interkpa_federation::vocabulary::agreement::{AgreementObject, Commitment, Party, PartyRef};
use interkpa_federation::vocabulary::quantity::{Quantity, Unit};
use interkpa_federation::vocabulary::terms::{Action, KindName, Settlement};
use interkpa_federation::vocabulary::write::label;
use interkpa_web::markup;

use crate::db::error::StoreError;
use crate::features::agreements::model::{Deal, Side};
use crate::features::agreements::store::{Agreement, PartyRow};
use crate::features::proposals::Proposal;

/// A stored address; it was checked when it was taken in.
///
/// # Errors
/// [`StoreError::Broken`]: somebody wrote the database by hand.
pub fn uri(text: &str) -> Result<Uri, StoreError> {
    Uri::parse(text).map_err(|error| StoreError::broken(format!("stored address: {error}")))
}

/// The address of a part of a document.
///
/// # Errors
/// As [`uri`].
pub fn part(of: &str, name: &str) -> Result<Uri, StoreError> {
    uri(&format!("{of}#{name}"))
}

/// The hub of an actor of a server that speaks our vocabulary (decision 20).
///
/// # Errors
/// As [`uri`].
pub fn hub_of(actor: &str) -> Result<Uri, StoreError> {
    uri(&format!("{}/hub", uri(actor)?.origin()))
}

/// Whether one unit is a duration where the proposal gives one.
pub const fn is_of_time(kind: KindName) -> bool {
    matches!(
        kind,
        KindName::Service | KindName::EventSeat | KindName::Mission | KindName::Booking
    )
}

/// What the first commitment promises: time where time is given, pieces otherwise.
pub fn primary_quantity(deal: &Deal) -> Quantity {
    match deal.minutes {
        Some(minutes) if is_of_time(deal.kind) => Quantity::Time { minutes },
        _ => Quantity::Count {
            milli: deal.quantity.saturating_mul(1_000),
            unit: Unit::One,
        },
    }
}

/// What a party says was done: the time it took wherever time is counted, whether or not the agreement
/// named a duration, and for a thing lent too; else what was promised.
pub fn done_quantity(deal: &Deal) -> Quantity {
    match (deal.settlement, deal.minutes) {
        (Settlement::Hours, Some(minutes)) => Quantity::Time { minutes },
        _ => primary_quantity(deal),
    }
}

/// What flows back, where an amount is known.
pub fn reciprocal_quantity(deal: &Deal) -> Option<Quantity> {
    match deal.settlement {
        Settlement::Hours => deal.minutes.map(|minutes| Quantity::Time { minutes }),
        Settlement::Euros | Settlement::Cesu | Settlement::CaeInvoice => deal
            .price_cents
            .filter(|cents| *cents > 0)
            .map(|cents| Quantity::Money { cents }),
        Settlement::Gift | Settlement::Barter => None,
    }
}

/// How many units of a proposal a quantity of the wire is; `None` when it is no whole number.
pub fn units(proposal: &Proposal, quantity: Quantity) -> Option<i64> {
    let whole = |all: i64, one: i64| (one > 0 && all % one == 0).then(|| all / one);
    match quantity {
        Quantity::Time { minutes } => whole(minutes, proposal.details.minutes?),
        Quantity::Count { milli, .. } => whole(milli, 1_000),
        Quantity::Money { .. } => None,
    }
    .filter(|units| *units > 0)
}

/// One party as others read it.
///
/// # Errors
/// As [`uri`].
pub fn party(row: &PartyRow) -> Result<Party, StoreError> {
    Ok(Party {
        actor: uri(&row.actor_uri)?,
        hub: hub_of(&row.actor_uri)?,
        reference: PartyRef::parse(&row.party),
    })
}

/// Both promises of a deal, between whoever gives and whoever receives.
///
/// # Errors
/// As [`uri`].
pub fn commitments(
    proposal: &Proposal,
    deal: &Deal,
    agreement: Option<&str>,
    (provider, receiver): (&str, &str),
) -> Result<(Commitment, Vec<Commitment>), StoreError> {
    let id = |name| agreement.map(|uri| part(uri, name)).transpose();
    let concluded = agreement.is_some();
    let named = |actor: &str| {
        if concluded {
            uri(actor).map(Some)
        } else {
            Ok(None)
        }
    };
    let primary = Commitment {
        id: id("primary")?,
        satisfies: part(&proposal.uri, "primary")?,
        quantity: primary_quantity(deal),
        action: concluded.then(|| deal.kind.action()),
        provider: named(provider)?,
        receiver: named(receiver)?,
    };
    let back = reciprocal_quantity(deal).map(|quantity| -> Result<_, StoreError> {
        Ok(Commitment {
            id: id("reciprocal")?,
            satisfies: part(&proposal.uri, "reciprocal")?,
            quantity,
            action: concluded.then_some(Action::Transfer),
            provider: named(receiver)?,
            receiver: named(provider)?,
        })
    });
    Ok((primary, back.transpose()?.into_iter().collect()))
}

/// An agreement of ours as others read it.
///
/// # Errors
/// As [`uri`].
pub fn object(
    agreement: &Agreement,
    parties: &[PartyRow],
    proposal: &Proposal,
    offer: &str,
    facts: &[String],
) -> Result<AgreementObject, StoreError> {
    let (proposer, responder) = both(parties)?;
    let provider = Side::provider_of(proposal.purpose);
    let (gives, receives) = match provider {
        Side::Proposer => (&proposer.actor_uri, &responder.actor_uri),
        Side::Responder => (&responder.actor_uri, &proposer.actor_uri),
    };
    let (primary, reciprocal) = commitments(
        proposal,
        &agreement.deal,
        Some(&agreement.uri),
        (gives, receives),
    )?;
    let id = uri(&agreement.uri)?;
    Ok(AgreementObject {
        attributed_to: uri(&proposer.actor_uri)?,
        proposal: uri(&proposal.uri)?,
        offer: uri(offer)?,
        title: Some(label(&proposal.title)),
        url: id.clone(),
        published: agreement.created_at,
        updated: (agreement.updated_at > agreement.created_at).then_some(agreement.updated_at),
        state: agreement.state,
        kind: agreement.deal.kind,
        settlement: agreement.deal.settlement,
        planned_at: None,
        proposer: party(proposer)?,
        responder: party(responder)?,
        primary,
        reciprocal,
        facts: facts
            .iter()
            .map(|fact| uri(fact))
            .collect::<Result<_, _>>()?,
        id,
    })
}

/// Both parties of an agreement, proposer first.
///
/// # Errors
/// [`StoreError::Broken`] when one is missing.
pub fn both(parties: &[PartyRow]) -> Result<(&PartyRow, &PartyRow), StoreError> {
    let of = |side| parties.iter().find(|party| party.side == side);
    of(Side::Proposer)
        .zip(of(Side::Responder))
        .ok_or_else(|| StoreError::broken("an agreement without two parties"))
}

/// Plain words as the one paragraph of a document; `None` for no words.
pub fn paragraphs(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| format!("<p>{}</p>", markup::escape(text).replace('\n', "<br>")))
}

/// The words of a document as plain text of bounded length.
pub fn plain(html: Option<&str>, characters_max: usize) -> String {
    let Some(html) = html else {
        return String::new();
    };
    let text = markup::plain_text(&markup::remote_html(html));
    text.trim().chars().take(characters_max).collect()
}
