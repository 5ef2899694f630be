//! Words about an agreement, between its parties: contest, cancellation, resolution, message,
//! contact. Never to everybody, never to a collection (linter `common/12`).

use serde_json::Value;

use super::agreement::PartyRef;
use super::error::ParseError;
use super::fact::{Fact, FactKind};
use super::read::{Fields, owner_or};
use super::recipients::Recipients;
use super::terms::AgreementState;
use super::write::{Envelope, Object, activity, context_economic, context_plain};
use crate::{Instant, Uri};

words! {
    /// The `ikpa:kind` of words about an agreement.
    pub enum StatementKind {
        /// It did not happen so.
        Contest = "contest",
        /// It will not happen.
        Cancellation = "cancellation",
        /// A dispute is settled.
        Resolution = "resolution",
        /// A private message.
        Message = "message",
        /// How to reach a party.
        Contact = "contact",
    }
}

/// Words of one party about an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Address.
    pub id: Uri,
    /// Who says it.
    pub attributed_to: Uri,
    /// The person behind a hub that says it.
    pub party: Option<PartyRef>,
    /// The agreement.
    pub agreement: Uri,
    /// The parties and hubs addressed, by id.
    pub to: Recipients,
    /// The words; HTML. A message always has some.
    pub text_html: Option<String>,
    /// The fact that is contested.
    pub contests: Option<Uri>,
    /// Page for people.
    pub url: Uri,
    /// When.
    pub published: Instant,
}

/// The end of a dispute, said by the owner's hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// Who, about what, in which words.
    pub statement: Statement,
    /// `confirmed` or `cancelled`.
    pub outcome: AgreementState,
    /// The reversing entry, if any.
    pub counter_entry: Option<Fact>,
}

/// How to reach a party, sent to exactly the other party after the agreement. The one kind of
/// document that may carry a phone number (linter `common/14`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Address.
    pub id: Uri,
    /// Whose contact it is.
    pub attributed_to: Uri,
    /// The person behind a hub.
    pub party: Option<PartyRef>,
    /// The agreement.
    pub agreement: Uri,
    /// The other party, alone.
    pub to: Uri,
    /// Name to ask for.
    pub name: String,
    /// Phone number, digits, spaces, `+`, `-`, `.`, `(` and `)`.
    pub phone: Option<String>,
    /// A meeting point or other words; HTML.
    pub text_html: Option<String>,
    /// Page for people.
    pub url: Uri,
    /// When it was sent.
    pub published: Instant,
    /// When the receiver deletes it.
    pub expires_at: Option<Instant>,
}

impl Statement {
    pub(crate) fn read(
        value: &Value,
        kind: StatementKind,
        actor: &Uri,
    ) -> Result<Self, ParseError> {
        let fields = Fields::of(value, "object")?;
        let id = fields.uri_needed("id")?;
        let to = private(fields)?;
        let text_html = fields.html("content")?;
        if kind == StatementKind::Message && text_html.is_none() {
            return Err(ParseError::Missing { field: "content" });
        }
        Ok(Self {
            attributed_to: owner_or(fields, actor)?,
            party: PartyRef::read(fields)?,
            agreement: fields.uri_needed("context")?,
            to,
            text_html,
            contests: fields.uri("ikpa:contests")?,
            url: fields.uri_if_good("url").unwrap_or_else(|| id.clone()),
            published: fields.instant_needed("published")?,
            id,
        })
    }

    fn write(&self, kind: StatementKind) -> Object {
        Object::new("Note")
            .uri("id", &self.id)
            .set("ikpa:kind", kind.as_str())
            .uri("attributedTo", &self.attributed_to)
            .opt("ikpa:party", self.party.as_ref().map(PartyRef::as_str))
            .uri("context", &self.agreement)
            .opt("to", self.to.write())
            .uri("url", &self.url)
            .instant("published", self.published)
            .opt("content", self.text_html.as_deref())
            .opt("contentMap", in_french(self.text_html.as_deref()))
            .opt_uri("ikpa:contests", self.contests.as_ref())
    }
}

impl Resolution {
    pub(crate) fn read(value: &Value, actor: &Uri) -> Result<Self, ParseError> {
        let fields = Fields::of(value, "object")?;
        let field = "ikpa:outcome";
        let outcome = fields.word_needed(field, AgreementState::parse)?;
        if !matches!(
            outcome,
            AgreementState::Confirmed | AgreementState::Cancelled
        ) {
            return Err(ParseError::Wrong { field });
        }
        let field = "ikpa:counterEntry";
        let entry = fields.get(field).map(|entry| Fact::read(entry, actor));
        let counter_entry = entry.transpose()?;
        let statement = Statement::read(value, StatementKind::Resolution, actor)?;
        let fits = |entry: &Fact| {
            entry.kind == FactKind::CounterEntry && entry.agreement == statement.agreement
        };
        if !counter_entry.as_ref().is_none_or(fits) {
            return Err(ParseError::Wrong { field });
        }
        Ok(Self {
            statement,
            outcome,
            counter_entry,
        })
    }
}

impl Contact {
    pub(crate) fn read(value: &Value, actor: &Uri) -> Result<Self, ParseError> {
        let fields = Fields::of(value, "object")?;
        let id = fields.uri_needed("id")?;
        let mut to = private(fields)?.uris.into_iter();
        let (Some(other), None) = (to.next(), to.next()) else {
            return Err(ParseError::Audience { field: "to" });
        };
        let phone = fields.line("ikpa:phone")?;
        if !phone.as_deref().is_none_or(is_phone) {
            return Err(ParseError::Wrong {
                field: "ikpa:phone",
            });
        }
        Ok(Self {
            attributed_to: owner_or(fields, actor)?,
            party: PartyRef::read(fields)?,
            agreement: fields.uri_needed("context")?,
            to: other,
            name: fields
                .line("name")?
                .ok_or(ParseError::Missing { field: "name" })?,
            phone,
            text_html: fields.html("content")?,
            url: fields.uri_if_good("url").unwrap_or_else(|| id.clone()),
            published: fields.instant_needed("published")?,
            expires_at: fields.instant("ikpa:expiresAt")?,
            id,
        })
    }
}

/// The recipients of a private document: `to` alone, nobody else, at least one.
fn private(fields: Fields<'_>) -> Result<Recipients, ParseError> {
    for field in ["cc", "audience"] {
        if !Recipients::read(fields.get(field), field)?.is_empty() {
            return Err(ParseError::Audience { field });
        }
    }
    let to = Recipients::read(fields.get("to"), "to")?;
    if to.public || to.uris.is_empty() {
        return Err(ParseError::Audience { field: "to" });
    }
    Ok(to)
}

fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain =
        |c: char| c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | '+' | '-' | '.' | '(' | ')');
    (3..=20).contains(&digits) && text.chars().all(plain)
}

fn in_french(html: Option<&str>) -> Option<Value> {
    html.map(|html| Object::default().set("fr", html).done())
}

/// `Create{Note kind=contest}`.
pub fn contest(envelope: &Envelope, statement: &Statement) -> Value {
    said(envelope, statement, StatementKind::Contest)
}

/// `Create{Note kind=cancellation}`.
pub fn cancel(envelope: &Envelope, statement: &Statement) -> Value {
    said(envelope, statement, StatementKind::Cancellation)
}

/// `Create{Note kind=message}`.
pub fn message(envelope: &Envelope, statement: &Statement) -> Value {
    said(envelope, statement, StatementKind::Message)
}

fn said(envelope: &Envelope, statement: &Statement, kind: StatementKind) -> Value {
    let note = statement.write(kind).done();
    activity(context_plain(), "Create", envelope, note)
        .uri("context", &statement.agreement)
        .done()
}

/// `Create{Note kind=resolution}`; `counter_entry` is the signed document of
/// [`fact::object`](super::fact::object).
pub fn resolve(
    envelope: &Envelope,
    statement: &Statement,
    outcome: AgreementState,
    counter_entry: Option<Value>,
) -> Value {
    let note = statement
        .write(StatementKind::Resolution)
        .set("ikpa:outcome", outcome.as_str())
        .opt("ikpa:counterEntry", counter_entry)
        .done();
    activity(context_economic(), "Create", envelope, note)
        .uri("context", &statement.agreement)
        .done()
}

/// `Create{Document kind=contact}`, to the other party alone.
pub fn share_contact(envelope: &Envelope, contact: &Contact) -> Value {
    let document = Object::new("Document")
        .uri("id", &contact.id)
        .set("ikpa:kind", StatementKind::Contact.as_str())
        .uri("attributedTo", &contact.attributed_to)
        .opt("ikpa:party", contact.party.as_ref().map(PartyRef::as_str))
        .uri("context", &contact.agreement)
        .list("to", [contact.to.as_str()])
        .uri("url", &contact.url)
        .instant("published", contact.published)
        .line("name", Some(&contact.name))
        .line("ikpa:phone", contact.phone.as_deref())
        .opt("content", contact.text_html.as_deref())
        .opt("contentMap", in_french(contact.text_html.as_deref()))
        .opt_instant("ikpa:expiresAt", contact.expires_at)
        .done();
    activity(context_plain(), "Create", envelope, document)
        .uri("context", &contact.agreement)
        .done()
}
