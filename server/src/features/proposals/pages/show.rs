//! One proposal: its page for people, its document for other servers, at one address.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use interkpa_federation::vocabulary::note::object as note_object;
use interkpa_federation::vocabulary::terms::Visibility;
use interkpa_federation::{Instant, Origin, Trust, Uri};
use interkpa_web::form::Form;
use interkpa_web::markup;
use interkpa_web::views::parts::Person;
use interkpa_web::views::proposals::{
    Copy, ProposalPage, Reader as Shown, Remark, Spread, Widening,
};
use interkpa_web::{Locale, qr};

use crate::app::App;
use crate::config::FederationMode;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::people::rights::Right;
use crate::features::proposals::model::visibility::{PeerStanding, Reader, may_see, next_step};
use crate::features::proposals::model::{self, NOTICE_BEFORE_EXPIRY, Proposal, href};
use crate::features::proposals::pages::seen;
use crate::features::proposals::pictures;
use crate::features::proposals::store;
use crate::features::proposals::store::marks::{self, Entry};
use crate::features::proposals::store::replies::{self, Reply, ReplyState};
use crate::features::proposals::view::{self, Authorship, Beside};
use crate::features::proposals::{questions, standing_of};
use crate::features::{agreements, people};
use crate::fediverse::actors::{activity_json, gone_or_unknown};
use crate::fediverse::{audience, gone, reader as wire};
use crate::http::error::{AppError, Kind};
use crate::http::identity::{Identity, Visitor};
use crate::http::negotiate::wants_activity_json;
use crate::http::render;
use crate::ids::{MemberId, ProposalId};
use crate::moments;

/// Most hubs named as those an announcement has not reached yet.
const WAITING_MAX: usize = 5;

/// `GET /objets/<id>`.
///
/// # Errors
/// 404 for who may not see it, 410 once it was taken back; for programs also 401 and 403, as the
/// mode of the hub says.
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    signature: Result<wire::Reader, AppError>,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    if wants_activity_json(&headers) {
        return document(&app, id, &signature?).await;
    }
    let question = visitor.member.as_ref().map(|_| Form::new());
    match view(&app, &visitor, id.clone(), question).await {
        Ok(page) => Ok(render::page(&app, &visitor, &page)),
        Err(refusal) if refusal.kind == Kind::NotFound => remark_page(&app, id, refusal).await,
        Err(refusal) => Err(refusal),
    }
}

/// The page of a remark is the page of what it is about, which decides who may read it.
async fn remark_page(app: &App, id: ProposalId, refusal: AppError) -> Result<Response, AppError> {
    let found = app
        .store
        .read(move |conn| replies::find(conn, id.as_str()))
        .await?;
    match found {
        Some(reply) => {
            let proposal = ProposalId::known(reply.proposal_id);
            Ok(Redirect::to(&format!("{}#remarks", href(&proposal))).into_response())
        }
        None => Err(refusal),
    }
}

/// What another server asks for under an address of ours.
enum Asked {
    Proposal(Box<Proposal>, PeerStanding),
    Remark(Box<Reply>, Box<Proposal>, PeerStanding),
}

/// The document as it was last sent; the copy of another hub is served by that hub alone.
///
/// # Errors
/// 401 and 403 as the mode of the hub says, 404 for who may not see it, 410 once it was taken back.
pub async fn document(
    app: &App,
    id: ProposalId,
    reader: &wire::Reader,
) -> Result<Response, AppError> {
    reader.may_read_public(app)?;
    let server = match reader {
        wire::Reader::Signed(verified) => Some((verified.peer.origin.clone(), verified.peer.trust)),
        wire::Reader::Unsigned => None,
    };
    let app_in = app.clone();
    let asked = app
        .store
        .read(move |conn| -> Result<_, AppError> { asked(&app_in, conn, &id, server) })
        .await?;
    let (proposal, allowed) = match &asked {
        Asked::Remark(_, copy, _) if !copy.is_ours() => {
            // Ours, under a copy: its owner reads it, and everybody what is public there.
            let owner = reader
                .origin()
                .is_some_and(|origin| origin.as_str() == copy.origin);
            (copy, owner || copy.visibility == Visibility::Public)
        }
        Asked::Proposal(proposal, standing) | Asked::Remark(_, proposal, standing) => {
            (proposal, may_see(proposal, Reader::Peer(*standing)))
        }
    };
    if !allowed {
        return Err(AppError::not_found());
    }
    if proposal.visibility != Visibility::Public {
        reader.entitled(app)?;
    }
    let text = match &asked {
        Asked::Proposal(proposal, _) => proposal.details.document.clone(),
        // Its author is no more.
        Asked::Remark(reply, ..) if reply.content.is_empty() => {
            let uri = app.address(&format!("/objets/{}", reply.id));
            return Err(gone_or_unknown(app, uri).await?);
        }
        Asked::Remark(reply, proposal, _) => questions::note(proposal, reply)
            .map(|note| note_object(&note).to_string())
            .unwrap_or_default(),
    };
    if text.is_empty() {
        let id = Uri::parse(&proposal.uri).map_err(StoreError::broken)?;
        let left = gone::Tombstone {
            former_kind: Some("Note".to_owned()),
            deleted_at: proposal.updated_at,
        };
        return Err(left.refusal("proposal_gone", &id));
    }
    Ok(activity_json(Bytes::from(text)))
}

fn asked(
    app: &App,
    conn: &mut Conn,
    id: &ProposalId,
    server: Option<(Origin, Trust)>,
) -> Result<Asked, AppError> {
    let standing = match server {
        Some((origin, trust)) => standing_of(app, conn, &origin, trust)?,
        None => PeerStanding::default(),
    };
    if let Some(proposal) = store::find(conn, id)?.filter(Proposal::is_ours) {
        return Ok(Asked::Proposal(Box::new(proposal), standing));
    }
    let reply = replies::find(conn, id.as_str())?.filter(|reply| reply.member_id.is_some());
    let reply = reply.ok_or_else(AppError::not_found)?;
    let proposal = store::find(conn, &ProposalId::known(reply.proposal_id.clone()))?;
    let proposal = proposal.ok_or_else(AppError::not_found)?;
    Ok(Asked::Remark(Box::new(reply), Box::new(proposal), standing))
}

/// Everything the page of a proposal is made of, read in one go.
struct Read {
    proposal: Proposal,
    beside: Beside,
    entry: Option<(Entry, Option<String>)>,
    remarks: Vec<Reply>,
    spread: Vec<(String, bool)>,
    hub_names: Vec<(String, String)>,
}

/// The page of a proposal for this reader. Answers to it are filled in by agreements.
///
/// # Errors
/// 404 for who may not see it, 410 once it was taken back.
pub async fn view(
    app: &App,
    identity: &Identity,
    id: ProposalId,
    question: Option<Form>,
) -> Result<ProposalPage, AppError> {
    let reader = identity.clone();
    let key = id.clone();
    let read = app
        .store
        .read(move |conn| read(conn, &reader, &key))
        .await?;
    let mut page = page_of(app, identity, read, question);
    agreements::pages::fill(app, identity, &id, &mut page).await?;
    Ok(page)
}

fn read(conn: &mut Conn, identity: &Identity, id: &ProposalId) -> Result<Read, AppError> {
    let proposal = seen(store::find(conn, id)?, identity)?;
    let beside = Beside::read(conn, &[authorship(&proposal)])?;
    let in_hub = identity.member.is_some();
    let manages = manages(&proposal, identity);
    let entry = match marks::entry(conn, id)? {
        Some(entry) if in_hub => {
            let who = people::cards(conn, &[&entry.entered_by])?
                .pop()
                .map(|card| card.name);
            Some((entry, who))
        }
        _ => None,
    };
    let with_held = manages
        || identity
            .member
            .as_ref()
            .is_some_and(|m| m.may(Right::Moderate));
    let remarks = replies::under(conn, id, with_held)?;
    let spread = if manages {
        audience::spread(conn, &proposal.uri)?
    } else {
        Vec::new()
    };
    let waiting: Vec<&str> = spread
        .iter()
        .filter(|(_, done)| !done)
        .map(|(origin, _)| origin.as_str())
        .collect();
    let hub_names = audience::hub_names(conn, &waiting)?;
    Ok(Read {
        proposal,
        beside,
        entry,
        remarks,
        spread,
        hub_names,
    })
}

/// The author, or somebody who acts on behalf of others.
pub fn manages(proposal: &Proposal, identity: &Identity) -> bool {
    let Some(member) = &identity.member else {
        return false;
    };
    proposal.editable_by(&member.id, &member.roles).is_ok()
}

/// Whose a proposal is.
pub fn authorship(proposal: &Proposal) -> Authorship<'_> {
    Authorship {
        id: &proposal.id,
        origin: &proposal.origin,
        author_uri: &proposal.author_uri,
        member_id: proposal.member_id.as_ref(),
    }
}

fn page_of(app: &App, identity: &Identity, read: Read, question: Option<Form>) -> ProposalPage {
    let (l, now) = (identity.locale, app.now());
    let Read {
        proposal,
        beside,
        entry,
        remarks,
        spread,
        hub_names,
    } = read;
    let in_hub = identity.member.is_some();
    let manages = manages(&proposal, identity);
    let details = &proposal.details;
    let changed = proposal.updated_at > proposal.published_at;
    ProposalPage {
        href: proposal.href(),
        qr: qr::svg(&details.url, &l.t("share-qr")),
        url: details.url.clone(),
        purpose: view::purpose(proposal.purpose),
        kind: view::kind(proposal.kind),
        category: Some(proposal.category),
        title: proposal.title.clone(),
        text: markup::remote_html(&details.content),
        lang: details.lang.clone(),
        author: beside.author(app, l, authorship(&proposal), in_hub),
        entered_by: entry.as_ref().and_then(|(_, who)| who.clone()),
        slip_code: entry
            .and_then(|(entry, _)| entry.slip_code)
            .filter(|_| manages),
        copy: copy(l, now, &proposal, &beside),
        place: view::filled(&proposal.town),
        when: view::filled(&details.when_text),
        settlements: view::settlements(&details.settlements),
        price: view::price(l, details.price_cents, details.minutes),
        places_left: view::places_left(details.quantity, details.available),
        audience: view::audience_word(proposal.visibility),
        is_open_mode: app.config.federation.mode == FederationMode::Open,
        published: moments::ago(l, proposal.published_at, now),
        changed: changed.then(|| moments::ago(l, proposal.updated_at, now)),
        expires: Some(moments::in_full(l, proposal.expires_at)),
        photos: beside
            .pictures(&proposal.id)
            .map(pictures::large_photo)
            .collect(),
        state: view::state(proposal.state),
        may_prolong: manages && ends_soon(&proposal, now),
        asks_contact: false,
        answer_for: Vec::new(),
        team_answer: None,
        reader: match &identity.member {
            None => Shown::Visitor,
            Some(_) if manages => Shown::Author,
            Some(_) => Shown::Member(Form::new()),
        },
        responses: Vec::new(),
        spread: manages.then(|| how_far(&spread, &hub_names)),
        widening: widening(l, &proposal).filter(|_| manages),
        more_responses: None,
        remarks: remarks
            .iter()
            .enumerate()
            .map(|(place, reply)| remark(app, l, now, place, reply, in_hub))
            .collect(),
        question,
    }
}

fn copy(l: Locale, now: Instant, proposal: &Proposal, beside: &Beside) -> Option<Copy> {
    (!proposal.is_ours()).then(|| Copy {
        hub: beside.hub_tag(&proposal.origin),
        original: proposal.details.url.clone(),
        copied: moments::ago(l, proposal.details.fetched_at, now),
    })
}

/// Whether its author is asked « Encore d'actualité ? »: it ended, or ends soon.
fn ends_soon(proposal: &Proposal, now: Instant) -> bool {
    let lives = matches!(
        proposal.state,
        model::State::Published | model::State::Expired
    );
    lives && proposal.details.available > 0 && proposal.expires_at <= now + NOTICE_BEFORE_EXPIRY
}

fn how_far(spread: &[(String, bool)], names: &[(String, String)]) -> Spread {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Spread {
        received: count(spread.iter().filter(|(_, arrived)| *arrived).count()),
        total: count(spread.len()),
        waiting: names
            .iter()
            .take(WAITING_MAX)
            .map(|(_, name)| name.clone())
            .collect(),
    }
}

fn widening(l: Locale, proposal: &Proposal) -> Option<Widening> {
    let target = proposal.details.widen_to?;
    Some(Widening {
        next: view::audience_word(next_step(proposal.visibility, target)?),
        at: moments::in_full(l, proposal.details.widen_at?),
    })
}

fn remark(app: &App, l: Locale, now: Instant, place: usize, reply: &Reply, in_hub: bool) -> Remark {
    let ours = reply.member_id.is_some();
    // The name of a member without a public actor is for the members of this hub.
    let named = !ours || in_hub || reply.author_uri != app.address("/hub");
    let mut who = if named {
        Person::new(&reply.author_name)
    } else {
        Person::new(&l.t1("hub-named", "hub", &app.config.hub.name))
    };
    if let Some(member) = reply.member_id.clone().map(MemberId::known)
        && reply.author_uri != app.address("/hub")
    {
        who = who.at(format!("/members/{member}"));
    }
    // Words of another server are shown with its name, whatever they look like (security.md D70);
    // a guest's name is its handle already.
    if !ours
        && !reply.guest
        && let Ok(author) = Uri::parse(&reply.author_uri)
    {
        who = who.from_hub(author.authority());
    }
    Remark {
        key: format!("q{}", place + 1),
        who,
        text: markup::remote_html(&reply.content),
        at: moments::ago(l, Instant::from_milliseconds(reply.created_at), now),
        outside: reply.guest,
        waiting: reply.state == ReplyState::Held.as_str(),
    }
}
