//! Entraide: the list with its filters and its search; « Mes annonces ».

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use interkpa_federation::vocabulary::terms::{Purpose, Settlement};
use interkpa_web::views::parts::Link;
use interkpa_web::views::people::MyProposals;
use interkpa_web::views::proposals::{Filters, ProposalList, Reach};

use crate::app::App;
use crate::db::search::Words;
use crate::features::agreements;
use crate::features::proposals::pages::cached;
use crate::features::proposals::store::page::{self, Cursor, Filter, ListReader, PAGE, Page};
use crate::features::proposals::view::Cards;
use crate::http::error::AppError;
use crate::http::identity::{Identity, SignedIn, Visitor};
use crate::http::render;
use crate::ids::ProposalId;

/// `GET /entraide`: offers and needs, the newest first.
///
/// # Errors
/// Those of the store.
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let query = query.unwrap_or_default();
    cached::answer(&app, &visitor, &headers, || async {
        let view = view(&app, &visitor, &query).await?;
        Ok(render::html(&app, &visitor, &view))
    })
    .await
}

async fn view(app: &App, identity: &Identity, query: &str) -> Result<ProposalList, AppError> {
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let filters = Filters::from_pairs(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())));
    let after = pairs
        .iter()
        .find(|(name, _)| name == "apres")
        .map(|(_, value)| value.as_str());
    let after = after.and_then(Cursor::parse);
    let is_later_page = after.is_some();
    let Some(filter) = filter_of(app, &filters) else {
        // Nothing to look for is left of the words (« de la »): nothing is found.
        return Ok(ProposalList {
            filters,
            cards: Vec::new(),
            next: None,
            is_later_page,
        });
    };
    let reader = list_reader(identity);
    let (cards, next) = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let Page { items, next } = page::page(conn, &filter, &reader, after.as_ref(), PAGE)?;
            Ok((Cards::read(conn, items)?, next))
        })
        .await?;
    Ok(ProposalList {
        filters,
        cards: cards.shown(app, identity.locale, app.now(), identity.member.is_some()),
        next: next.map(|cursor| cursor.to_string()),
        is_later_page,
    })
}

/// The filters of the address as a filter of rows; `None` when no row can match.
pub fn filter_of(app: &App, filters: &Filters) -> Option<Filter> {
    let words = if filters.words.is_empty() {
        None
    } else {
        Some(Words::parse(&filters.words)?)
    };
    Some(Filter {
        words,
        actor: None,
        purpose: filters
            .purpose
            .and_then(|purpose| Purpose::parse(purpose.code())),
        category: filters.category,
        settlement: filters
            .settlement
            .and_then(|one| Settlement::parse(one.code())),
        origin: (filters.reach == Reach::Hub).then(|| app.origin.as_str().to_owned()),
        town: None,
        author: None,
    })
}

/// Whose list it is.
pub fn list_reader(identity: &Identity) -> ListReader {
    match &identity.member {
        None => ListReader::Anyone,
        Some(member) => ListReader::Member(member.id.clone()),
    }
}

/// `GET /moi/annonces`: a member's own, whatever their state.
///
/// # Errors
/// Those of the store.
pub async fn mine(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let query = query.unwrap_or_default();
    let after = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "apres")
        .and_then(|(_, value)| Cursor::parse(&value));
    let reader = ListReader::Author(member.id);
    let (cards, waiting, next) = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let page = page::page(conn, &Filter::default(), &reader, after.as_ref(), PAGE)?;
            let ids: Vec<ProposalId> = page.items.iter().map(|one| one.id.clone()).collect();
            let waiting = agreements::answers_waiting(conn, &ids)?;
            Ok((Cards::read(conn, page.items)?, waiting, page.next))
        })
        .await?;
    let mut cards = cards.shown(&app, visitor.locale, app.now(), true);
    for (card, waiting) in cards.iter_mut().zip(waiting) {
        card.answers_waiting = waiting;
    }
    let view = MyProposals {
        cards,
        next: next.map(|cursor| {
            Link::new(
                format!("/moi/annonces?apres={cursor}"),
                visitor.locale.t("more-proposals"),
            )
        }),
    };
    Ok(render::page(&app, &visitor, &view))
}
