//! One entry of a list, and the columns it is read from.

use diesel::prelude::*;
use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::{KindName, Purpose, Settlement, Visibility};
use interkpa_web::words::Category;

use crate::db::error::StoreError;
use crate::db::schema::{proposal_details, proposals};
use crate::features::proposals::model::State;
use crate::features::proposals::store::{known, settlements};
use crate::ids::{MemberId, ProposalId};

/// A proposal as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Local key.
    pub id: ProposalId,
    /// Address.
    pub uri: String,
    /// Server that owns it.
    pub origin: String,
    /// Author on the wire.
    pub author_uri: String,
    /// Author here.
    pub member_id: Option<MemberId>,
    /// Offered or asked for.
    pub purpose: Purpose,
    /// What kind of agreement it leads to.
    pub kind: KindName,
    /// Title.
    pub title: String,
    /// Theme.
    pub category: Category,
    /// Commune.
    pub town: String,
    /// Where it stands.
    pub state: State,
    /// Who may see it.
    pub visibility: Visibility,
    /// Its end.
    pub expires_at: Instant,
    /// First publication.
    pub published_at: Instant,
    /// Last change.
    pub updated_at: Instant,
    /// Beginning of the text, plain.
    pub summary: String,
    /// Language, if said.
    pub lang: String,
    /// Ways of settling.
    pub settlements: Vec<Settlement>,
    /// Units in all.
    pub quantity: i64,
    /// Units left.
    pub available: i64,
    /// Minutes of a unit.
    pub minutes: Option<i64>,
    /// Cents of a unit.
    pub price_cents: Option<i64>,
    /// When, in words.
    pub when_text: String,
    /// Page at its owner's.
    pub url: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = proposals)]
pub(super) struct Main {
    pub(super) id: String,
    uri: String,
    origin: String,
    author_uri: String,
    member_id: Option<String>,
    purpose: String,
    kind: String,
    title: String,
    category: String,
    town: String,
    state: String,
    visibility: String,
    expires_at: i64,
    published_at: i64,
    updated_at: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = proposal_details)]
pub(super) struct Beside {
    summary: String,
    lang: String,
    settlements: String,
    quantity: i64,
    available: i64,
    minutes: Option<i64>,
    price_cents: Option<i64>,
    when_text: String,
    url: String,
}

/// A row as the rest of the hub knows it.
pub(super) fn listed((p, d): (Main, Beside)) -> Result<Listed, StoreError> {
    Ok(Listed {
        purpose: known("purpose", Purpose::parse(&p.purpose))?,
        kind: known("kind", KindName::parse(&p.kind))?,
        category: known("category", Category::from_code(&p.category))?,
        state: known("state", State::parse(&p.state))?,
        visibility: known("visibility", Visibility::parse(&p.visibility))?,
        settlements: settlements(&d.settlements)?,
        id: ProposalId::known(p.id),
        uri: p.uri,
        origin: p.origin,
        author_uri: p.author_uri,
        member_id: p.member_id.map(MemberId::known),
        title: p.title,
        town: p.town,
        expires_at: Instant::from_milliseconds(p.expires_at),
        published_at: Instant::from_milliseconds(p.published_at),
        updated_at: Instant::from_milliseconds(p.updated_at),
        summary: d.summary,
        lang: d.lang,
        quantity: d.quantity,
        available: d.available,
        minutes: d.minutes,
        price_cents: d.price_cents,
        when_text: d.when_text,
        url: d.url,
    })
}
