//! The list of votes, and what the home page shows of those that are open.

use axum::extract::{Query, State};
use axum::response::Response;
use interkpa_federation::Instant;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_web::views::parts::Link;
use interkpa_web::views::votes::{Stage, VoteLine, VoteList};
use interkpa_web::{Locale, markup, routes as paths};
use serde::Deserialize;

use super::{href, own_words, stage, words};
use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::people::rights::Right;
use crate::features::votes::register;
use crate::features::votes::view::{self, Cursor, Summary};
use crate::http::identity::{Identity, Visitor};
use crate::http::{AppError, Kind, render};
use crate::moments;

/// Votes on one page.
const PAGE: i64 = 20;
/// Open votes on the home page.
const HOME: usize = 3;

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Part {
    /// The place behind which it begins.
    apres: Option<String>,
}

fn cursor(text: &str) -> Result<Cursor, AppError> {
    let invalid = || AppError::new(Kind::Malformed, "cursor_invalid");
    let (at, hash) = text.split_once('.').ok_or_else(invalid)?;
    let at: i64 = at.parse().map_err(|_no_number| invalid())?;
    let hash = ObjectHash::parse(hash).ok_or_else(invalid)?;
    Ok((Instant::from_milliseconds(at), hash))
}

/// `GET /decisions`.
///
/// # Errors
/// 400 for a cursor that is none.
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(part): Query<Part>,
) -> Result<Response, AppError> {
    let after = part.apres.as_deref().map(cursor).transpose()?;
    let (app_in, identity) = (app.clone(), visitor.clone());
    let list = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(view(&app_in, conn, &identity, after)?) })
        .await?;
    Ok(render::page(&app, &visitor, &list))
}

fn view(
    app: &App,
    conn: &mut Conn,
    identity: &Identity,
    after: Option<Cursor>,
) -> Result<VoteList, StoreError> {
    let (l, is_member) = (identity.locale, identity.member.is_some());
    let mut found = view::list(app, conn, after, PAGE + 1)?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.len() > page;
    found.truncate(page);
    let end = found.last().filter(|_| more);
    let next = end.map(|end| {
        let place = format!("{}.{}", end.closes_at.as_milliseconds(), end.hash);
        Link::new(format!("{}?apres={place}", paths::VOTES), "")
    });
    let may_vote = identity
        .member
        .as_ref()
        .is_some_and(|member| member.may(Right::Vote));
    let network = register::at(conn, app.now())?;
    let me = register::own_id(app)?;
    let has_voice = network.as_ref().is_some_and(|network| {
        let electors = network.register.electors();
        electors.iter().any(|elector| elector.hub == me)
    });
    let mut list = VoteList {
        open: vec![],
        closing: vec![],
        over: vec![],
        may_open: may_vote && has_voice,
        in_network: network.is_some(),
        next,
    };
    for summary in found {
        let mut line = line(app, conn, l, &summary)?;
        let in_progress = matches!(line.stage, Stage::Planned | Stage::Open | Stage::Closing);
        if is_member && in_progress {
            line.own = Some(own(app, conn, l, summary.hash)?);
        }
        match line.stage {
            Stage::Planned | Stage::Open => list.open.push(line),
            Stage::Closing => list.closing.push(line),
            Stage::Over | Stage::Refuted => list.over.push(line),
        }
    }
    // What closes first stands first among what is open.
    list.open.reverse();
    Ok(list)
}

fn line(app: &App, conn: &mut Conn, l: Locale, summary: &Summary) -> Result<VoteLine, StoreError> {
    let stage = stage(summary, app.now());
    let decided = match stage {
        Stage::Over => view::decided(conn, summary.hash)?,
        _ => None,
    };
    Ok(VoteLine {
        href: href(summary.hash),
        title: markup::clean_name(&summary.title),
        author: markup::clean_name(&summary.author),
        stage,
        closes: moments::in_full(l, summary.closes_at),
        result: decided.map(|(poll, result)| words::result(l, &poll.question, &result)),
        own: None,
    })
}

fn own(app: &App, conn: &mut Conn, l: Locale, hash: ObjectHash) -> Result<String, StoreError> {
    match view::one(app, conn, hash)? {
        Some(whole) => own_words(app, conn, l, &whole),
        None => Ok(String::new()),
    }
}

/// The votes that are open, those that close first before the others, each with the voice of this hub
/// and who cast it: « votre KPA a-t-il voté ? ». Source: votes.md 7.6.
///
/// # Errors
/// Those of the store.
pub fn open_votes(app: &App, conn: &mut Conn, l: Locale) -> Result<Vec<VoteLine>, StoreError> {
    let now = app.now();
    let mut found = view::list(app, conn, None, PAGE)?;
    found.retain(|summary| stage(summary, now) == Stage::Open);
    found.reverse();
    let mut lines = vec![];
    for summary in found.into_iter().take(HOME) {
        let mut line = line(app, conn, l, &summary)?;
        line.own = Some(own(app, conn, l, summary.hash)?);
        lines.push(line);
    }
    Ok(lines)
}
