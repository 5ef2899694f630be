//! A member's own answers, agreements and hours, page by page.

use axum::extract::{Query, State};
use axum::response::Response;
use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::AgreementState;
use interkpa_web::views::agreements::{AgreementLine, AgreementList};
use interkpa_web::views::parts::{Link, Person};
use interkpa_web::views::people::{MyResponseLine, MyResponses};
use interkpa_web::views::time::{Hours, HoursLine};
use interkpa_web::{Locale, routes};
use serde::Deserialize;

use super::{answers, page, person};
use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::Whole;
use crate::features::agreements::model::Side;
use crate::features::agreements::store::facts::{self, HourFact};
use crate::features::agreements::store::{self, responses, shorten};
use crate::features::proposals;
use crate::http::error::AppError;
use crate::http::identity::{Identity, SignedIn, Visitor};
use crate::http::{json, render};
use crate::ids::MemberId;
use crate::moments;

/// How far below zero the hours of a member may go, in minutes: shown, not enforced here.
const HOURS_LIMIT_MINUTES: i64 = 20 * 60;

/// Where a list goes on.
#[derive(Debug, Deserialize)]
pub(super) struct After {
    apres: Option<String>,
}

fn next(path: &str, cursor: Option<String>) -> Option<Link> {
    cursor.map(|cursor| Link::new(format!("{path}?apres={cursor}"), ""))
}

/// `GET /moi/reponses`.
///
/// # Errors
/// 400 for a cursor that is none.
pub(super) async fn responses(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Query(query): Query<After>,
) -> Result<Response, AppError> {
    let after = json::read_cursor(query.apres.as_deref())?;
    let (app_in, l, now) = (app.clone(), visitor.locale, app.now());
    let view = app
        .store
        .read(move |conn| -> Result<MyResponses, StoreError> {
            let mut found = responses::page_of_member(conn, &member.id, after.as_ref())?;
            let more = shorten(&mut found, responses::PAGE_MAX);
            let cursor = found
                .last()
                .filter(|_| more)
                .map(|last| json::cursor(last.created_at, last.id.as_str()));
            let lines = found
                .into_iter()
                .map(|answer| response_line(&app_in, conn, l, now, &answer))
                .collect::<Result<_, _>>()?;
            Ok(MyResponses {
                lines,
                next: next(routes::MY_RESPONSES, cursor),
            })
        })
        .await?;
    Ok(render::page(&app, &visitor, &view))
}

fn response_line(
    app: &App,
    conn: &mut Conn,
    l: Locale,
    now: Instant,
    answer: &responses::Response,
) -> Result<MyResponseLine, StoreError> {
    let proposal = proposals::find(conn, &answer.proposal)?.ok_or(StoreError::NotFound)?;
    let agreement = store::of_response(conn, &answer.id)?;
    let name = proposals::author_name(conn, &proposal)?;
    Ok(MyResponseLine {
        href: proposal.href(),
        author: person(app, conn, &name, &proposal.author_uri)?,
        title: proposal.title,
        state: answers::state(answer.state),
        travel: None,
        sent: moments::ago(l, answer.created_at, now),
        agreement: agreement.map(|agreement| format!("/accords/{}", agreement.id)),
    })
}

/// `GET /moi/accords`.
///
/// # Errors
/// 400 for a cursor that is none.
pub(super) async fn agreements(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Query(query): Query<After>,
) -> Result<Response, AppError> {
    let after = json::read_cursor(query.apres.as_deref())?;
    let (app_in, identity) = (app.clone(), visitor.0.clone());
    let view = app
        .store
        .read(move |conn| -> Result<AgreementList, StoreError> {
            let mut found = store::page_of_member(conn, &member.id, after.as_ref())?;
            let more = shorten(&mut found, store::PAGE_MAX);
            let cursor = found
                .last()
                .filter(|_| more)
                .map(|last| json::cursor(last.created_at, last.id.as_str()));
            let mut lines = Vec::new();
            for agreement in found {
                let whole = Whole::around(conn, agreement)?;
                lines.push(agreement_line(
                    &app_in, conn, &identity, &member.id, &whole,
                )?);
            }
            // Those that wait for the reader first; the others stay in their order.
            lines.sort_by_key(|line| !line.waits_for_me);
            Ok(AgreementList {
                lines,
                next: next(routes::MY_AGREEMENTS, cursor),
            })
        })
        .await?;
    Ok(render::page(&app, &visitor, &view))
}

fn agreement_line(
    app: &App,
    conn: &mut Conn,
    identity: &Identity,
    member: &MemberId,
    whole: &Whole,
) -> Result<AgreementLine, StoreError> {
    let side = whole.side_of(member).unwrap_or(Side::Responder);
    let other = whole.party(side.other())?;
    let open = [AgreementState::Concluded, AgreementState::DeclaredDone];
    let waits = open.contains(&whole.agreement.state) && !whole.standing().has_said(side);
    Ok(AgreementLine {
        href: whole.href(),
        title: whole.proposal.title.clone(),
        other: person(app, conn, &other.name, &other.actor_uri)?,
        state: page::state(whole.shown_state()),
        waits_for_me: waits,
        at: moments::ago(identity.locale, whole.agreement.updated_at, app.now()),
    })
}

/// `GET /temps`: « Mes heures ».
///
/// # Errors
/// 400 for a cursor that is none.
pub(super) async fn hours(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Query(query): Query<After>,
) -> Result<Response, AppError> {
    let after = json::read_cursor(query.apres.as_deref())?;
    let (app_in, l) = (app.clone(), visitor.locale);
    let view = app
        .store
        .read(move |conn| -> Result<Hours, StoreError> {
            let mut found = facts::hours_of_member(conn, &member.id, after.as_ref())?;
            let more = shorten(&mut found, facts::HOURS_PAGE_MAX);
            let cursor = found
                .last()
                .filter(|_| more)
                .map(|last| json::cursor(last.happened_at, &last.id));
            let mut lines = Vec::new();
            for fact in &found {
                lines.push(hours_line(&app_in, conn, l, &member.id, fact)?);
            }
            let (given, received) = facts::totals_of_member(conn, &member.id)?;
            let balance = given - received;
            Ok(Hours {
                balance: signed(l, balance),
                is_negative: balance < 0,
                owed: if balance < 0 {
                    l.duration(-balance)
                } else {
                    String::new()
                },
                limit: l.duration(HOURS_LIMIT_MINUTES),
                given: l.duration(given),
                received: l.duration(received),
                lines,
                next: next(routes::HOURS, cursor),
            })
        })
        .await?;
    Ok(render::page(&app, &visitor, &view))
}

fn signed(l: Locale, minutes: i64) -> String {
    let sign = if minutes > 0 { "+" } else { "" };
    format!("{sign}{}", l.duration(minutes))
}

fn hours_line(
    app: &App,
    conn: &mut Conn,
    l: Locale,
    member: &MemberId,
    fact: &HourFact,
) -> Result<HoursLine, StoreError> {
    let whole = Whole::load(conn, &fact.agreement)?;
    let other = match whole.side_of(member) {
        Some(side) => {
            let other = whole.party(side.other())?;
            person(app, conn, &other.name, &other.actor_uri)?
        }
        None => Person::new(""),
    };
    let gives = fact.giver.as_ref() == Some(member);
    let minutes = if gives { fact.minutes } else { -fact.minutes };
    Ok(HoursLine {
        other,
        what: match &fact.corrects {
            Some(_) => l.t1("hours-correction", "title", whole.proposal.title.as_str()),
            None => whole.proposal.title.clone(),
        },
        href: Some(whole.href()),
        amount: signed(l, minutes),
        is_given: minutes > 0,
        is_pending: false,
        at: moments::ago(l, fact.happened_at, app.now()),
    })
}
