//! Atom feeds (RFC 4287): of this hub, and of any search of public announcements. The id of an
//! entry is the address of its proposal, for ever.

use atom_syndication::{
    Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Text,
};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interkpa_federation::Instant;
use interkpa_web::Locale;
use interkpa_web::views::proposals::Filters;

use crate::app::App;
use crate::features::people::secret_hash;
use crate::features::proposals::pages::list::filter_of;
use crate::features::proposals::store::page::{self, Filter, ListReader, Listed};
use crate::features::proposals::view::{self, Beside};
use crate::http::error::AppError;
use crate::http::identity::Visitor;

/// Entries of a feed.
const ENTRIES: i64 = 40;
/// How long readers keep a feed, in seconds.
const KEPT: &str = "public, max-age=300";

/// `GET /hub.atom`: what this hub publishes.
///
/// # Errors
/// Those of the store.
pub async fn hub(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let filter = Filter {
        origin: Some(app.origin.as_str().to_owned()),
        ..Filter::default()
    };
    let title = visitor.locale.t1("hub-named", "hub", &app.config.hub.name);
    answer(
        &app,
        visitor.locale,
        &headers,
        Some(filter),
        title,
        ("/hub.atom", "/hub"),
    )
    .await
}

/// `GET /entraide.atom`: the same filters as the page.
///
/// # Errors
/// Those of the store.
pub async fn search(
    State(app): State<App>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let query = query.unwrap_or_default();
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let filters = Filters::from_pairs(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())));
    let page = filters.href();
    let own = page.replacen("/entraide", "/entraide.atom", 1);
    let l = visitor.locale;
    let title = if filters.words.is_empty() {
        l.t("exchange-title")
    } else {
        l.t1("exchange-title-search", "words", &filters.words)
    };
    let filter = filter_of(&app, &filters);
    answer(&app, l, &headers, filter, title, (&own, &page)).await
}

async fn answer(
    app: &App,
    l: Locale,
    headers: &HeaderMap,
    filter: Option<Filter>,
    title: String,
    (own, page): (&str, &str),
) -> Result<Response, AppError> {
    let (items, beside) = match filter {
        None => (Vec::new(), Beside::default()),
        Some(filter) => {
            app.store
                .read(move |conn| -> Result<_, AppError> {
                    let reader = ListReader::Anyone;
                    let items = page::page(conn, &filter, &reader, None, ENTRIES)?.items;
                    let list: Vec<_> = items.iter().map(view::authorship).collect();
                    let beside = Beside::read(conn, &list)?;
                    Ok((items, beside))
                })
                .await?
        }
    };
    let updated = items.iter().map(|listed| listed.updated_at).max();
    let feed = Feed {
        title: Text::plain(format!("{title} – {}", app.config.hub.name)),
        id: app.address(own),
        // An empty feed is as old as its hub could be: a constant, so that readers see no change.
        updated: date(updated.unwrap_or(Instant::from_milliseconds(0)))?,
        generator: Some(Generator {
            value: "Inter-KPA".to_owned(),
            uri: Some(app.address("/source")),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
        links: vec![
            link("self", app.address(own)),
            link("alternate", app.address(page)),
        ],
        entries: items
            .iter()
            .map(|listed| entry(app, l, listed, &beside))
            .collect::<Result<_, _>>()?,
        lang: Some(l.code().to_owned()),
        ..Feed::default()
    };
    Ok(sent(headers, feed.to_string()))
}

fn entry(app: &App, l: Locale, listed: &Listed, beside: &Beside) -> Result<Entry, AppError> {
    let kind = l.t(view::purpose(listed.purpose).key());
    let author = beside.author(app, l, view::authorship(listed), false);
    Ok(Entry {
        title: Text::plain(format!("{kind}{}{}", l.t("colon"), listed.title)),
        id: listed.uri.clone(),
        updated: date(listed.updated_at)?,
        published: Some(date(listed.published_at)?),
        authors: vec![Person {
            name: author.name,
            ..Person::default()
        }],
        categories: vec![Category {
            term: listed.category.code().to_owned(),
            label: Some(l.t(listed.category.key())),
            ..Category::default()
        }],
        links: vec![link("alternate", listed.url.clone())],
        content: Some(Content {
            value: Some(listed.summary.clone()),
            content_type: Some("text".to_owned()),
            ..Content::default()
        }),
        ..Entry::default()
    })
}

fn link(rel: &str, href: String) -> Link {
    Link {
        rel: rel.to_owned(),
        href,
        ..Link::default()
    }
}

fn date(at: Instant) -> Result<FixedDateTime, AppError> {
    at.to_rfc3339()
        .parse()
        .map_err(|error| AppError::internal(anyhow::Error::msg(format!("{error}"))))
}

fn sent(headers: &HeaderMap, body: String) -> Response {
    let etag = secret_hash(&body);
    let etag = format!("\"{etag}\"");
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|tag| tag == etag.as_str());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body.into_response()
    };
    let kept = response.headers_mut();
    kept.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/atom+xml; charset=utf-8"),
    );
    kept.insert(header::CACHE_CONTROL, HeaderValue::from_static(KEPT));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        kept.insert(header::ETAG, etag);
    }
    response
}
