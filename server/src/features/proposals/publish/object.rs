//! A proposal in the words of the wire: a Note with FEP-0837 intents (federation.md §6.2).

use interkpa_federation::Uri;
use interkpa_federation::vocabulary::proposal::{
    Attachment, Hashtag, Intent, Place, ProposalObject,
};
use interkpa_federation::vocabulary::quantity::{MINUTES_MAX, Quantity, Unit};
use interkpa_federation::vocabulary::terms::{Action, KindName, Purpose, Settlement};
use interkpa_federation::vocabulary::write::{escape_html, label};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::proposals::model::{Proposal, State};
use crate::features::proposals::pictures;
use crate::features::proposals::publish::{recipients, uri};
use crate::features::proposals::store::media::{self, Picture};

/// The proposal in the words of the wire.
///
/// # Errors
/// Those of the store.
pub fn of(app: &App, tx: &mut Conn, proposal: &Proposal) -> Result<ProposalObject, StoreError> {
    let (to, cc) = recipients(app, tx, proposal, proposal.visibility)?;
    let pictures = media::of(tx, &[&proposal.id])?;
    let details = &proposal.details;
    let closed = matches!(proposal.state, State::Suspended | State::Fulfilled);
    // An end that is not after the beginning says « closed », whatever the reader's clock shows.
    let end = if closed {
        proposal.published_at
    } else {
        proposal.expires_at
    };
    let id = uri(&proposal.uri)?;
    Ok(ProposalObject {
        purpose: proposal.purpose,
        kind: proposal.kind,
        attributed_to: uri(&proposal.author_uri)?,
        hub: uri(&app.address("/hub"))?,
        to,
        cc,
        visibility: proposal.visibility,
        title: label(&proposal.title),
        description_html: described(proposal),
        description_en_html: None,
        url: id.clone(),
        published: proposal.published_at,
        updated: (proposal.updated_at > proposal.published_at).then_some(proposal.updated_at),
        expires_at: Some(end),
        place: (!proposal.town.is_empty()).then(|| Place {
            name: proposal.town.clone(),
            insee: None,
        }),
        category: Some(proposal.category.code().to_owned()),
        rome: Vec::new(),
        languages: Vec::new(),
        hashtags: hashtags(app, proposal),
        attachments: attachments(app, &pictures),
        settlements: details.settlements.clone(),
        unit_based: true,
        primary: primary(proposal, &id)?,
        reciprocal: reciprocal(proposal, &id)?,
        id,
    })
}

/// The text, and « Quand » for readers that know no other place for it.
fn described(proposal: &Proposal) -> String {
    let mut html = proposal.details.content.clone();
    if !proposal.details.when_text.is_empty() {
        html.push_str("<p>Quand : ");
        html.push_str(&escape_html(&proposal.details.when_text));
        html.push_str("</p>");
    }
    html
}

fn hashtags(app: &App, proposal: &Proposal) -> Vec<Hashtag> {
    let kind = match proposal.purpose {
        Purpose::Offer => "offre",
        Purpose::Request => "besoin",
    };
    let town: String = proposal
        .town
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    [kind.to_owned(), town]
        .into_iter()
        .filter(|word| !word.is_empty())
        .map(|word| {
            let query = interkpa_web::routes::percent_encode(&word);
            let href = Uri::parse(&app.address(&format!("/entraide?q={query}"))).ok();
            Hashtag {
                name: format!("#{word}"),
                href,
            }
        })
        .collect()
}

fn attachments(app: &App, pictures: &[Picture]) -> Vec<Attachment> {
    let attachment = |picture: &Picture| {
        let url = Uri::parse(&app.address(&pictures::href(&picture.id))).ok()?;
        Some(Attachment {
            url,
            media_type: Some(picture.media_type.clone()),
            name: (!picture.alt.is_empty()).then(|| picture.alt.clone()),
        })
    };
    pictures.iter().filter_map(attachment).collect()
}

/// What one unit is: a duration where time is given, a piece otherwise.
fn primary(proposal: &Proposal, id: &Uri) -> Result<Intent, StoreError> {
    let details = &proposal.details;
    let of_time = matches!(
        proposal.kind,
        KindName::Service | KindName::EventSeat | KindName::Mission | KindName::Booking
    );
    let (quantity, available) = match details.minutes {
        Some(minutes) if of_time => {
            let left = minutes.saturating_mul(details.available);
            let most = MINUTES_MAX - MINUTES_MAX % minutes.max(1);
            (
                Quantity::Time { minutes },
                Quantity::Time {
                    minutes: left.min(most),
                },
            )
        }
        _ => {
            let count = |units: i64| Quantity::Count {
                milli: units.saturating_mul(1_000),
                unit: Unit::One,
            };
            (count(1), count(details.available))
        }
    };
    Ok(Intent {
        id: part(id, "primary")?,
        action: proposal.kind.action(),
        conforms_to: Some(format!("ikpa:{}", proposal.kind)),
        quantity,
        available: (details.quantity > 1 && details.available > 0).then_some(available),
        minimum: None,
        starts_at: None,
        ends_at: None,
    })
}

/// What flows back for one unit, where an amount is known: hours first, then euros.
fn reciprocal(proposal: &Proposal, id: &Uri) -> Result<Vec<Intent>, StoreError> {
    let details = &proposal.details;
    let mut flows = Vec::new();
    if let Some(minutes) = details
        .minutes
        .filter(|_| details.settlements.contains(&Settlement::Hours))
    {
        flows.push(("ikpa:time-credit", Quantity::Time { minutes }));
    }
    if let Some(cents) = details.price_cents.filter(|cents| *cents > 0) {
        flows.push((
            "https://www.wikidata.org/entity/Q4916",
            Quantity::Money { cents },
        ));
    }
    let several = flows.len() > 1;
    flows
        .into_iter()
        .enumerate()
        .map(|(place, (resource, quantity))| {
            let name = if several {
                format!("reciprocal-{}", place + 1)
            } else {
                "reciprocal".to_owned()
            };
            Ok(Intent {
                id: part(id, &name)?,
                action: Action::Transfer,
                conforms_to: Some(resource.to_owned()),
                quantity,
                available: None,
                minimum: None,
                starts_at: None,
                ends_at: None,
            })
        })
        .collect()
}

fn part(id: &Uri, fragment: &str) -> Result<Uri, StoreError> {
    uri(&format!("{id}#{fragment}"))
}
