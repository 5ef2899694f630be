//! Proposals as JSON, and JSON bodies as the form they stand for.

use interkpa_web::Locale;
use interkpa_web::form::Form as WebForm;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::app::App;
use crate::features::proposals::model::Proposal;
use crate::features::proposals::pages::show;
use crate::features::proposals::pictures;
use crate::features::proposals::store::media::Picture;
use crate::features::proposals::store::page::Listed;
use crate::features::proposals::store::replies::Reply;
use crate::features::proposals::view::{self, Authorship, Beside};
use crate::http::error::{AppError, FieldError, Kind};

/// Members of a JSON body and the fields of the form that mean the same.
const FIELDS: &[(&str, &str)] = &[
    ("purpose", "purpose"),
    ("kind", "kind"),
    ("title", "title"),
    ("description", "text"),
    ("settlements", "settlement"),
    ("price", "price"),
    ("minutes", "minutes"),
    ("quantity", "quantity"),
    ("when", "when"),
    ("town", "place"),
    ("category", "category"),
    ("visibility", "audience"),
    ("first_hub", "first_hub"),
    ("expires", "expires"),
    ("expires_days", "expires_days"),
    ("lang", "lang"),
    ("rev", "rev"),
    ("for_member", "for_member"),
    ("for_name", "for_name"),
    ("consent", "consent"),
    ("question", "question"),
    ("reason", "reason"),
    ("words", "words"),
    ("forward", "forward"),
];

/// A new offer or need, or the members of one that change. Amounts, durations and days are taken
/// as people write them: `"12,50"`, `"1 h 30"` or 90, `"3/12"`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[expect(
    dead_code,
    reason = "describes the body; bodies are read member by member"
)]
pub struct NewProposalJson {
    /// `offer` or `request`.
    purpose: String,
    /// `service` when absent.
    kind: Option<String>,
    /// 3 to 120 characters.
    title: String,
    /// Markdown, at most 5 000 characters.
    description: Option<String>,
    /// `gift`, `hours`, `euros`, `cesu`, `cae_invoice`, `barter`; at least one.
    settlements: Vec<String>,
    /// Euros for one unit: `"12,50"`.
    price: Option<String>,
    /// Duration of one unit, in minutes or as text.
    minutes: Option<String>,
    /// Units, 1 when absent.
    quantity: Option<i64>,
    /// When, in words.
    when: Option<String>,
    /// Commune.
    town: Option<String>,
    /// Theme; guessed from the words when absent.
    category: Option<String>,
    /// `private`, `hub`, `followed`, `network`, `public`; public for offers, network for needs.
    visibility: Option<String>,
    /// Shown to this hub first, then wider day by day.
    first_hub: Option<bool>,
    /// Last day: `"2026-12-03"`.
    expires: Option<String>,
    /// Days it stays open; 60 when both are absent.
    expires_days: Option<i64>,
    /// BCP 47 language of title and text.
    lang: Option<String>,
    /// When it changes: the `rev` it was read with.
    rev: Option<i64>,
    /// Publish for a member (id), with `consent`.
    for_member: Option<String>,
    /// Publish for somebody without an account, with `consent`; never leaves the hub.
    for_name: Option<String>,
    /// The person agreed.
    consent: Option<bool>,
}

/// The form a body stands for. Unknown members are left out: a client may be newer.
///
/// # Errors
/// 422 `wrong_type` for a member that is no text, number, truth value or list of texts.
pub fn to_form(body: &Map<String, Value>) -> Result<WebForm, AppError> {
    let mut form = WebForm::new();
    lay_over(&mut form, body)?;
    Ok(form)
}

/// Writes the members of a body over the fields of a form.
///
/// # Errors
/// As [`to_form`].
pub fn lay_over(form: &mut WebForm, body: &Map<String, Value>) -> Result<(), AppError> {
    for (member, value) in body {
        let Some((_, field)) = FIELDS.iter().find(|(name, _)| name == member) else {
            continue;
        };
        let wrong = || AppError::invalid(vec![FieldError::new(member, "wrong_type")]);
        match value {
            Value::Null | Value::Bool(false) => form.set(field, ""),
            Value::Bool(true) => form.set(field, "1"),
            Value::String(text) => form.set(field, text.as_str()),
            Value::Number(number) => form.set(field, number.to_string()),
            Value::Array(items) => {
                form.clear(field);
                for item in items {
                    form.add(field, item.as_str().ok_or_else(wrong)?);
                }
            }
            Value::Object(_) => return Err(wrong()),
        }
    }
    Ok(())
}

/// The faults of a form, under the names of the JSON members.
pub fn refused(form: &WebForm, l: Locale) -> AppError {
    let fields = form.errors().iter().map(|error| {
        let member = FIELDS.iter().find(|(_, field)| *field == error.field);
        FieldError {
            field: member
                .map_or(error.field.as_str(), |(name, _)| name)
                .to_owned(),
            code: error.problem.code(),
            detail: error.problem.sentence(l),
        }
    });
    AppError::invalid(fields.collect())
}

/// 422 for a parameter that is none of the known words.
pub fn unknown_word(field: &str) -> AppError {
    AppError {
        kind: Kind::Invalid,
        ..AppError::invalid(vec![FieldError::new(field, "unknown_choice")])
    }
}

/// Who published something, as the caller may know.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuthorJson {
    /// Name people read; that of the hub for a member without a public actor.
    pub name: String,
    /// Author on the wire.
    pub uri: String,
    /// Name of the hub, when it is another one.
    pub hub: Option<String>,
}

/// A picture.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PictureJson {
    /// Local key.
    pub id: String,
    /// Full size.
    pub url: String,
    /// Small copy.
    pub small_url: String,
    /// Description in words.
    pub alt: String,
}

/// An offer or a need in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SummaryJson {
    /// Local key.
    pub id: String,
    /// Address, at its owner's.
    pub uri: String,
    /// Page on this hub.
    pub url: String,
    /// Server that owns it.
    pub origin: String,
    /// `offer` or `request`.
    pub purpose: &'static str,
    /// `service`, `loan`, …
    pub kind: &'static str,
    /// Title.
    pub title: String,
    /// Beginning of the text, plain.
    pub summary: String,
    /// BCP 47; empty when not said.
    pub lang: String,
    /// Theme.
    pub category: &'static str,
    /// Commune; empty when not said.
    pub town: String,
    /// When, in words; empty when not said.
    pub when: String,
    /// Ways of settling.
    pub settlements: Vec<&'static str>,
    /// Cents of one unit.
    pub price_cents: Option<i64>,
    /// Minutes of one unit.
    pub minutes: Option<i64>,
    /// Units in all.
    pub quantity: i64,
    /// Units left.
    pub available: i64,
    /// `published`, `suspended`, `fulfilled`, `expired`.
    pub state: &'static str,
    /// Who may see it.
    pub visibility: &'static str,
    /// RFC 3339.
    pub published: String,
    /// RFC 3339.
    pub updated: String,
    /// RFC 3339: no answer is taken from here on.
    pub expires: String,
    /// Who published it.
    pub author: AuthorJson,
    /// Pictures of this hub.
    pub pictures: Vec<PictureJson>,
}

/// An offer or a need.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProposalJson {
    /// What lists show.
    #[serde(flatten)]
    pub summary: SummaryJson,
    /// Markdown as typed; empty for a copy.
    pub description: String,
    /// Cleaned HTML.
    pub content: String,
    /// Number of changes; sent back with a change, it guards against another one in between.
    pub rev: i64,
    /// How far an unmet need goes in the end.
    pub widen_to: Option<&'static str>,
    /// When it goes one step further, RFC 3339.
    pub widen_at: Option<String>,
    /// Page at its owner's.
    pub original_url: String,
    /// Age of a copy, RFC 3339; absent for this hub's own.
    pub fetched: Option<String>,
}

/// A question or remark.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QuestionJson {
    /// Local key.
    pub id: String,
    /// Address at its owner's.
    pub uri: String,
    /// Name of who says it.
    pub author: String,
    /// Cleaned HTML.
    pub content: String,
    /// From a server outside the network.
    pub outside: bool,
    /// `held` or `shown`.
    pub state: String,
    /// RFC 3339.
    pub published: String,
}

/// A remark as this caller may read it.
pub fn question(app: &App, reply: &Reply, in_hub: bool) -> QuestionJson {
    let hub_speaks = reply.member_id.is_some() && reply.author_uri == app.address("/hub");
    QuestionJson {
        id: reply.id.clone(),
        uri: reply.uri.clone(),
        author: if hub_speaks && !in_hub {
            app.config.hub.name.clone()
        } else {
            reply.author_name.clone()
        },
        content: reply.content.clone(),
        outside: reply.guest,
        state: reply.state.clone(),
        published: interkpa_federation::Instant::from_milliseconds(reply.created_at).to_rfc3339(),
    }
}

fn author(app: &App, of: Authorship<'_>, beside: &Beside, in_hub: bool) -> AuthorJson {
    let person = beside.author(app, Locale::Fr, of, in_hub);
    AuthorJson {
        name: person.name,
        uri: of.author_uri.to_owned(),
        hub: person.hub,
    }
}

fn picture(app: &App, picture: &Picture) -> PictureJson {
    PictureJson {
        id: picture.id.clone(),
        url: app.address(&pictures::href(&picture.id)),
        small_url: app.address(&pictures::small_href(&picture.id)),
        alt: picture.alt.clone(),
    }
}

/// A row of a list as this caller may read it.
pub fn summary(app: &App, listed: &Listed, beside: &Beside, in_hub: bool) -> SummaryJson {
    SummaryJson {
        id: listed.id.as_str().to_owned(),
        uri: listed.uri.clone(),
        url: app.address(&crate::features::proposals::model::href(&listed.id)),
        origin: listed.origin.clone(),
        purpose: listed.purpose.as_str(),
        kind: listed.kind.as_str(),
        title: listed.title.clone(),
        summary: listed.summary.clone(),
        lang: listed.lang.clone(),
        category: listed.category.code(),
        town: listed.town.clone(),
        when: listed.when_text.clone(),
        settlements: listed.settlements.iter().map(|one| one.as_str()).collect(),
        price_cents: listed.price_cents,
        minutes: listed.minutes,
        quantity: listed.quantity,
        available: listed.available,
        state: listed.state.as_str(),
        visibility: listed.visibility.as_str(),
        published: listed.published_at.to_rfc3339(),
        updated: listed.updated_at.to_rfc3339(),
        expires: listed.expires_at.to_rfc3339(),
        author: author(app, view::authorship(listed), beside, in_hub),
        pictures: beside
            .pictures(&listed.id)
            .map(|one| picture(app, one))
            .collect(),
    }
}

/// A proposal as this caller may read it.
pub fn whole(app: &App, proposal: &Proposal, beside: &Beside, in_hub: bool) -> ProposalJson {
    let details = &proposal.details;
    ProposalJson {
        description: details.description.clone(),
        content: details.content.clone(),
        rev: proposal.rev,
        widen_to: details
            .widen_to
            .map(interkpa_federation::vocabulary::terms::Visibility::as_str),
        widen_at: details
            .widen_at
            .map(interkpa_federation::Instant::to_rfc3339),
        original_url: details.url.clone(),
        fetched: (!proposal.is_ours()).then(|| details.fetched_at.to_rfc3339()),
        summary: SummaryJson {
            id: proposal.id.as_str().to_owned(),
            uri: proposal.uri.clone(),
            url: app.address(&proposal.href()),
            origin: proposal.origin.clone(),
            purpose: proposal.purpose.as_str(),
            kind: proposal.kind.as_str(),
            title: proposal.title.clone(),
            summary: details.summary.clone(),
            lang: details.lang.clone(),
            category: proposal.category.code(),
            town: proposal.town.clone(),
            when: details.when_text.clone(),
            settlements: details.settlements.iter().map(|one| one.as_str()).collect(),
            price_cents: details.price_cents,
            minutes: details.minutes,
            quantity: details.quantity,
            available: details.available,
            state: proposal.state.as_str(),
            visibility: proposal.visibility.as_str(),
            published: proposal.published_at.to_rfc3339(),
            updated: proposal.updated_at.to_rfc3339(),
            expires: proposal.expires_at.to_rfc3339(),
            author: author(app, show::authorship(proposal), beside, in_hub),
            pictures: beside
                .pictures(&proposal.id)
                .map(|one| picture(app, one))
                .collect(),
        },
    }
}
