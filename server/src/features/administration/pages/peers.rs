//! `/administration/kpa`: who takes part, who is refused, and how sending to each goes.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_federation::delivery::Circuit;
use interkpa_federation::{Instant, Trust};
use interkpa_web::chrome::Notice;
use interkpa_web::form::Problem;
use interkpa_web::views::administration::{PeerLine, Peers};
use interkpa_web::views::parts::Link;
use interkpa_web::{Locale, markup, routes, words};

use super::{Part, count};
use crate::app::App;
use crate::features::administration::trouble;
use crate::fediverse::deliver::{self, PeerQueue};
use crate::fediverse::peers::{self, Decider, PeerError, PeerRecord};
use crate::fediverse::remote::{DiscoverError, RemoteError};
use crate::http::error::{AppError, Kind};
use crate::http::form::Form;
use crate::http::identity::{Identity, SignedIn, Visitor};
use crate::http::{done, json, render};
use crate::moments;

/// Servers on one page.
const PAGE: i64 = 50;

pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(part): Query<Part>,
) -> Result<Response, AppError> {
    let view = view(&app, &visitor, part.apres, interkpa_web::Form::new()).await?;
    Ok(render::page(&app, &visitor, &view))
}

async fn view(
    app: &App,
    identity: &Identity,
    after: Option<String>,
    form: interkpa_web::Form,
) -> Result<Peers, AppError> {
    let records = peers::page(app, after, PAGE + 1).await?;
    let found = json::cut(records, PAGE, |peer: &PeerRecord| {
        peer.origin.as_str().to_owned()
    });
    let origins: Vec<String> = found
        .items
        .iter()
        .map(|peer| peer.origin.as_str().to_owned())
        .collect();
    let queues = json::read(app, move |conn| {
        let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
        deliver::queues_of(conn, &origins)
    })
    .await?;
    let (l, now) = (identity.locale, app.now());
    let mut lines: Vec<PeerLine> = found
        .items
        .into_iter()
        .enumerate()
        .map(|(place, record)| {
            let queue = queues
                .iter()
                .find(|queue| queue.origin == record.origin.as_str());
            line(l, now, place, record, queue)
        })
        .collect();
    // Those with trouble first; the order of the list otherwise.
    lines.sort_by_key(|line| line.last_error.is_none());
    Ok(Peers {
        peers: lines,
        next: found.next.map(|cursor| {
            let cursor = routes::percent_encode(&cursor);
            Link::new(format!("{}?apres={cursor}", routes::ADMIN_PEERS), "")
        }),
        form,
    })
}

fn line(
    l: Locale,
    now: Instant,
    place: usize,
    record: PeerRecord,
    queue: Option<&PeerQueue>,
) -> PeerLine {
    let host = record.origin.authority().to_owned();
    let failing = queue.filter(|queue| queue.circuit != Circuit::Closed);
    let lag = |oldest: Instant| l.duration((now - oldest).as_milliseconds() / 60_000);
    PeerLine {
        href: format!("{}/{host}", routes::ADMIN_PEERS),
        key: format!("p{place}"),
        name: record.name.unwrap_or_else(|| host.clone()),
        trust: match record.trust {
            Trust::Member => words::Trust::Member,
            Trust::Allowed => words::Trust::Allowed,
            Trust::Guest => words::Trust::Guest,
            Trust::Blocked => words::Trust::Blocked,
        },
        last_success: queue
            .and_then(|queue| queue.last_success_at)
            .map(|at| moments::ago(l, at, now)),
        lag: queue.and_then(|queue| queue.oldest).map(lag),
        waiting: queue.map_or(0, |queue| count(queue.waiting)),
        last_error: failing.and_then(|queue| {
            let status = queue.last_status.map(i32::from);
            let code = queue.last_error.as_deref()?;
            Some(trouble::sentence(l, code, status))
        }),
        next_try: failing
            .filter(|queue| queue.circuit != Circuit::Gone)
            .map(|queue| moments::ago(l, queue.next_try_at, now)),
        software: record.software,
        host,
    }
}

/// Allows the KPA whose address was typed; a refusal keeps what was typed.
pub(super) async fn allow_new(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    form: Form,
) -> Result<Response, AppError> {
    allowed(&app, &visitor, member, form.text("address"), form.once()).await
}

/// Asks a server who it is and allows it, once for each showing of the form: a second tap asks
/// nobody anything.
async fn allowed(
    app: &App,
    visitor: &Visitor,
    member: SignedIn,
    address: &str,
    token: &str,
) -> Result<Response, AppError> {
    let named: String = address.chars().take(200).collect();
    let scope = format!("peer_allow:{}:{named}", member.id);
    if let Some(answer) = done::before(app, &scope, token).await? {
        return Ok(answer);
    }
    let met = match peers::meet(app, address).await {
        Ok(met) => met,
        Err(refusal) => return refused(app, visitor, address, refusal).await,
    };
    let by = Decider::Member(member.id);
    let notice = Notice::PeerAllowed;
    let answer = done::once(app, scope, token, notice, move |app, tx, now| {
        peers::allow_in(app, tx, now, &met, "", &by)?;
        Ok(routes::ADMIN_PEERS.to_owned())
    })
    .await;
    peers::decided(app);
    answer
}

async fn refused(
    app: &App,
    visitor: &Visitor,
    address: &str,
    refusal: PeerError,
) -> Result<Response, AppError> {
    let code = refusal.code();
    let problem = match refusal {
        PeerError::Store(error)
        | PeerError::Discover(DiscoverError::Remote(RemoteError::Store(error))) => {
            return Err(error.into());
        }
        PeerError::Discover(DiscoverError::NotAnAddress) => Problem::NotAnAddress,
        PeerError::Discover(_) | PeerError::NotAHub => Problem::AddressUnreachable,
    };
    let mut again = interkpa_web::Form::from_pairs([("address", address)]);
    again.refuse("address", problem);
    if matches!(code, "address_ours" | "not_a_hub") {
        again.set_note(render::sentence(visitor.locale, Kind::Invalid, code));
    }
    let view = view(app, visitor, None, again).await?;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(render::page_with(app, visitor, status, &view))
}

/// Allows a server of the list.
pub(super) async fn allow(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(host): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    peers::named(&app, &host).map_err(|_no_server| AppError::not_found())?;
    allowed(&app, &visitor, member, &host, form.once()).await
}

/// Blocks a server of the list, with a reason.
pub(super) async fn block(
    State(app): State<App>,
    member: SignedIn,
    Path(host): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let origin = peers::named(&app, &host).map_err(|_no_server| AppError::not_found())?;
    let reason = markup::clean_name(form.text("reason"));
    let scope = format!("peer_block:{}:{origin}", member.id);
    let (notice, by) = (Notice::PeerBlocked, Decider::Member(member.id));
    let answer = done::once(&app, scope, form.once(), notice, move |app, tx, now| {
        peers::settle_in(app, tx, now, &origin, Trust::Blocked, &reason, &by)?;
        Ok(routes::ADMIN_PEERS.to_owned())
    })
    .await;
    peers::decided(&app);
    answer
}

/// Sends again what failed, and does not wait.
pub(super) async fn retry(
    State(app): State<App>,
    member: SignedIn,
    Path(host): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let origin = peers::named(&app, &host).map_err(|_no_server| AppError::not_found())?;
    let asked = origin.clone();
    let known = json::read(&app, move |conn| {
        Ok(!deliver::queues_of(conn, &[asked.as_str()])?.is_empty())
    });
    if !known.await? {
        return Err(AppError::not_found());
    }
    let scope = format!("peer_retry:{}:{origin}", member.id);
    let (notice, by) = (Notice::RetryPlanned, Decider::Member(member.id));
    done::once(&app, scope, form.once(), notice, move |app, tx, now| {
        deliver::retry_peer_in(app, tx, now, &origin, &by)?;
        Ok(routes::ADMIN_PEERS.to_owned())
    })
    .await
}
