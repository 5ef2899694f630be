//! Agreements from and to JSON.

use serde_json::Value;

use super::{AgreementObject, Commitment, FACTS_MAX, PARTY_REF_BYTES_MAX, Party, PartyRef};
use crate::Uri;
use crate::vocabulary::error::ParseError;
use crate::vocabulary::proposal::RECIPROCAL_MAX;
use crate::vocabulary::quantity::Quantity;
use crate::vocabulary::read::{Fields, owner_or};
use crate::vocabulary::terms::{Action, AgreementState, KindName, Settlement};
use crate::vocabulary::write::Object;

impl AgreementObject {
    /// Reads the object of an `Update`, or the result of an `Accept`, sent by `actor`.
    ///
    /// # Errors
    /// [`ParseError`] names the key.
    pub fn read(value: &Value, actor: &Uri) -> Result<Self, ParseError> {
        let fields = Fields::of(value, "result")?;
        let id = fields.uri_needed("id")?;
        if id.origin() != actor.origin() {
            return Err(ParseError::Wrong { field: "id" });
        }
        let (primary, reciprocal) = commitments(fields)?;
        let numbered = std::iter::once(&primary).chain(&reciprocal);
        for commitment in numbered {
            let own = commitment
                .id
                .as_ref()
                .is_some_and(|c| c.without_fragment() == id);
            if !own {
                return Err(ParseError::Wrong {
                    field: "stipulates",
                });
            }
        }
        let party = |key| Party::read(fields, key)?.ok_or(ParseError::Missing { field: key });
        let (proposer, responder) = (party("ikpa:proposer")?, party("ikpa:responder")?);
        if proposer.actor.origin() != actor.origin() {
            return Err(ParseError::Wrong {
                field: "ikpa:proposer",
            });
        }
        let published = fields.instant_needed("published")?;
        let updated = fields.instant("updated")?;
        if updated.is_some_and(|updated| updated < published) {
            return Err(ParseError::Date { field: "updated" });
        }
        Ok(Self {
            attributed_to: owner_or(fields, actor)?,
            proposal: fields
                .uri("context")?
                .unwrap_or_else(|| primary.satisfies.without_fragment()),
            offer: fields.uri_needed("ikpa:offer")?,
            title: fields.line("name")?,
            url: fields.uri_if_good("url").unwrap_or_else(|| id.clone()),
            published,
            updated,
            state: fields.word_needed("ikpa:state", AgreementState::parse)?,
            kind: fields.word_needed("ikpa:terms", KindName::parse)?,
            settlement: fields.word_needed("ikpa:settlement", Settlement::parse)?,
            planned_at: fields.instant("ikpa:plannedAt")?,
            proposer,
            responder,
            primary,
            reciprocal,
            facts: fields.uris("ikpa:facts", FACTS_MAX)?,
            id,
        })
    }

    pub(crate) fn write(&self) -> Object {
        Object::new("Agreement")
            .uri("id", &self.id)
            .uri("attributedTo", &self.attributed_to)
            .uri("context", &self.proposal)
            .uri("ikpa:offer", &self.offer)
            .line("name", self.title.as_deref())
            .uri("url", &self.url)
            .instant("published", self.published)
            .opt_instant("updated", self.updated)
            .set("ikpa:state", self.state.as_str())
            .set("ikpa:terms", self.kind.as_str())
            .set("ikpa:settlement", self.settlement.as_str())
            .opt_instant("ikpa:plannedAt", self.planned_at)
            .set("ikpa:proposer", self.proposer.write())
            .set("ikpa:responder", self.responder.write())
            .set("stipulates", self.primary.write())
            .one_or_list(
                "stipulatesReciprocal",
                self.reciprocal.iter().map(Commitment::write).collect(),
            )
            .list("ikpa:facts", self.facts.iter().map(Uri::as_str))
    }
}

impl Party {
    pub(crate) fn read(fields: Fields<'_>, key: &'static str) -> Result<Option<Self>, ParseError> {
        let Some(value) = fields.get(key) else {
            return Ok(None);
        };
        let party = Fields::of(value, key)?;
        let actor = party.uri_needed("ikpa:actor")?;
        let hub = party.uri_needed("ikpa:hub")?;
        if actor.origin() != hub.origin() {
            return Err(ParseError::Wrong { field: key });
        }
        Ok(Some(Self {
            actor,
            hub,
            reference: PartyRef::read(party)?,
        }))
    }

    pub(crate) fn write(&self) -> Value {
        Object::default()
            .uri("ikpa:actor", &self.actor)
            .uri("ikpa:hub", &self.hub)
            .opt("ikpa:party", self.reference.as_ref().map(PartyRef::as_str))
            .done()
    }
}

impl PartyRef {
    /// Takes in a reference; `None` when it is not of the form above.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let good = (1..=PARTY_REF_BYTES_MAX).contains(&text.len()) && text.bytes().all(plain);
        good.then(|| Self(text.to_owned()))
    }

    /// The reference as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn read(fields: Fields<'_>) -> Result<Option<Self>, ParseError> {
        fields.word("ikpa:party", Self::parse)
    }
}

impl Commitment {
    fn read(value: &Value, field: &'static str) -> Result<Self, ParseError> {
        let fields = Fields::of(value, field)?;
        let measure = fields
            .get("resourceQuantity")
            .or_else(|| fields.get("effortQuantity"))
            .ok_or(ParseError::Missing {
                field: "resourceQuantity",
            })?;
        Ok(Self {
            id: fields.uri("id")?,
            satisfies: fields.uri_needed("satisfies")?,
            quantity: Quantity::read(measure, "resourceQuantity")?,
            action: fields.word("action", Action::parse)?,
            provider: fields.uri("provider")?,
            receiver: fields.uri("receiver")?,
        })
    }

    pub(crate) fn write(&self) -> Value {
        Object::new("Commitment")
            .opt_uri("id", self.id.as_ref())
            .uri("satisfies", &self.satisfies)
            .set("resourceQuantity", self.quantity.write())
            .opt("action", self.action.map(Action::as_str))
            .opt_uri("provider", self.provider.as_ref())
            .opt_uri("receiver", self.receiver.as_ref())
            .done()
    }
}

/// `stipulates` and `stipulatesReciprocal` of an Agreement.
pub(crate) fn commitments(fields: Fields<'_>) -> Result<(Commitment, Vec<Commitment>), ParseError> {
    let primary = fields.get("stipulates").ok_or(ParseError::Missing {
        field: "stipulates",
    })?;
    let field = "stipulatesReciprocal";
    let reciprocal = fields.items(field);
    let max = RECIPROCAL_MAX;
    if reciprocal.len() > max {
        return Err(ParseError::TooMany { field, max });
    }
    let reciprocal = reciprocal.iter().map(|item| Commitment::read(item, field));
    Ok((
        Commitment::read(primary, "stipulates")?,
        reciprocal.collect::<Result<_, _>>()?,
    ))
}
