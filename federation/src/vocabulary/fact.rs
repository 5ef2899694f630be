//! Facts: what happened, said by each party with its own proof (ValueFlows EconomicEvent).

use serde_json::Value;

use super::agreement::PartyRef;
use super::error::ParseError;
use super::quantity::Quantity;
use super::read::{Fields, owner_or};
use super::terms::Action;
use super::write::{Envelope, Object, activity, context_economic_proved, context_plain};
use crate::{Instant, Uri};

/// What one party says happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Address, on the hub of the party that says it.
    pub id: Uri,
    /// Said first, confirmed, or corrected.
    pub kind: FactKind,
    /// Who says it.
    pub attributed_to: Uri,
    /// The person behind a hub that says it.
    pub party: Option<PartyRef>,
    /// The agreement.
    pub agreement: Uri,
    /// The commitment that is fulfilled.
    pub fulfills: Uri,
    /// What happened.
    pub action: Action,
    /// From whom.
    pub provider: Uri,
    /// To whom.
    pub receiver: Uri,
    /// How much really.
    pub quantity: Quantity,
    /// When.
    pub happened_at: Instant,
    /// When it was said.
    pub published: Instant,
    /// Page for people.
    pub url: Uri,
    /// The fact of the other party that this one confirms.
    pub confirms: Option<Uri>,
    /// The fact that this one corrects; nothing is ever edited (I-25, D111).
    pub corrects: Option<Uri>,
}

words! {
    /// What a fact is for.
    pub enum FactKind {
        /// A party says it happened.
        Done = "done",
        /// The other party says so too.
        Confirmed = "confirmed",
        /// A reversing entry after a dispute.
        CounterEntry = "counter_entry",
    }
}

impl Fact {
    /// Reads an EconomicEvent sent by `actor`; whether its proof holds is asked elsewhere.
    ///
    /// # Errors
    /// [`ParseError`] names the key.
    pub fn read(value: &Value, actor: &Uri) -> Result<Self, ParseError> {
        let fields = Fields::of(value, "object")?;
        let id = fields.uri_needed("id")?;
        let confirms = fields.uri("ikpa:confirms")?;
        let corrects = fields.uri("corrects")?;
        let kind = match fields.word("ikpa:kind", FactKind::parse)? {
            Some(kind) => kind,
            None if corrects.is_some() => FactKind::CounterEntry,
            None if confirms.is_some() => FactKind::Confirmed,
            None => FactKind::Done,
        };
        if kind == FactKind::CounterEntry && corrects.is_none() {
            return Err(ParseError::Missing { field: "corrects" });
        }
        let effort = fields.get("effortQuantity");
        let (measure, field) = match effort {
            Some(measure) => (measure, "effortQuantity"),
            None => (
                fields.get("resourceQuantity").ok_or(ParseError::Missing {
                    field: "resourceQuantity",
                })?,
                "resourceQuantity",
            ),
        };
        Ok(Self {
            kind,
            attributed_to: owner_or(fields, actor)?,
            party: PartyRef::read(fields)?,
            agreement: fields.uri_needed("context")?,
            fulfills: fields.uri_needed("fulfills")?,
            action: fields.word_needed("action", Action::parse)?,
            provider: fields.uri_needed("provider")?,
            receiver: fields.uri_needed("receiver")?,
            quantity: Quantity::read(measure, field)?,
            happened_at: fields.instant_needed("hasPointInTime")?,
            published: fields.instant_needed("published")?,
            url: fields.uri_if_good("url").unwrap_or_else(|| id.clone()),
            confirms,
            corrects,
            id,
        })
    }

    /// Whether the quantity is effort (hours of somebody) rather than a resource, in ValueFlows.
    const fn is_effort(&self) -> bool {
        matches!(self.action, Action::DeliverService | Action::Work)
            && matches!(self.quantity, Quantity::Time { .. })
    }
}

/// The fact as a document of its own, to be signed before it is sent (federation.md 2.6).
pub fn object(fact: &Fact) -> Value {
    let measure = if fact.is_effort() {
        "effortQuantity"
    } else {
        "resourceQuantity"
    };
    Object::new("EconomicEvent")
        .set("@context", context_economic_proved())
        .uri("id", &fact.id)
        .set("ikpa:kind", fact.kind.as_str())
        .uri("attributedTo", &fact.attributed_to)
        .opt("ikpa:party", fact.party.as_ref().map(PartyRef::as_str))
        .uri("context", &fact.agreement)
        .uri("url", &fact.url)
        .instant("published", fact.published)
        .set("action", fact.action.as_str())
        .uri("fulfills", &fact.fulfills)
        .uri("provider", &fact.provider)
        .uri("receiver", &fact.receiver)
        .set(measure, fact.quantity.write())
        .instant("hasPointInTime", fact.happened_at)
        .opt_uri("ikpa:confirms", fact.confirms.as_ref())
        .opt_uri("corrects", fact.corrects.as_ref())
        .done()
}

/// `Create{EconomicEvent, context: agreement}` around the signed document of [`object`].
pub fn record(envelope: &Envelope, agreement: &Uri, signed: Value) -> Value {
    activity(context_plain(), "Create", envelope, signed)
        .uri("context", agreement)
        .done()
}
