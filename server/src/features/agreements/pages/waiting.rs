//! What waits for a member on the home page: answers to decide, exchanges to confirm or to do, and
//! messages not read.

use axum::extract::{Query, State};
use axum::response::Response;
use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::AgreementState;
use interkpa_web::Locale;
use interkpa_web::views::facilitation::{ActFor, ActForPage, PersonWaiting};
use interkpa_web::views::home::Waiting;
use serde::Deserialize;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::Whole;
use crate::features::agreements::store::{self, responses};
use crate::features::{notifications, people, proposals};
use crate::http::error::AppError;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::render;
use crate::ids::MemberId;
use crate::moments;

/// Most lines shown (the page shows no more).
const SHOWN_MAX: usize = 10;
/// Open proposals of one member that are looked at for answers.
const PROPOSALS_MAX: i64 = 100;

/// What waits for a member, most urgent first: whoever answered waits for a yes or no, then whoever
/// says it was done, then messages, then what is still to be done.
///
/// # Errors
/// Those of the store.
pub fn waiting(
    app: &App,
    conn: &mut Conn,
    l: Locale,
    now: Instant,
    member: &MemberId,
) -> Result<Vec<Waiting>, StoreError> {
    let mut all = answers(conn, l, now, member)?;
    let (to_confirm, to_do) = agreements(app, conn, l, now, member)?;
    all.extend(to_confirm);
    all.extend(messages(conn, l, now, member)?);
    all.extend(to_do);
    all.truncate(SHOWN_MAX);
    Ok(all)
}

/// `GET /accompagner/agir-pour`: what waits for a member, for somebody of the team who acts for them.
///
/// # Errors
/// Those of the store.
pub(super) async fn act_for(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let (app_in, l, now) = (app.clone(), visitor.locale, app.now());
    let view = app
        .store
        .read(move |conn| -> Result<ActForPage, StoreError> {
            let mut cards = people::active_cards(conn)?;
            cards.retain(|card| card.id != member.id);
            let chosen = asked.membre.as_deref().unwrap_or_default();
            let chosen = match cards.iter().find(|card| card.id.as_str() == chosen) {
                Some(card) => Some(ActFor {
                    id: card.id.as_str().to_owned(),
                    name: card.name.clone(),
                    waiting: for_team(&app_in, conn, l, now, &card.id)?,
                }),
                None => None,
            };
            let members = cards
                .into_iter()
                .map(|card| (card.id.as_str().to_owned(), card.name));
            Ok(ActForPage {
                members: members.collect(),
                chosen,
            })
        })
        .await?;
    Ok(render::page(&app, &visitor, &view))
}

/// Who is chosen.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    membre: Option<String>,
}

/// The same lines, leading to the pages on which somebody acts for the member.
fn for_team(
    app: &App,
    conn: &mut Conn,
    l: Locale,
    now: Instant,
    member: &MemberId,
) -> Result<Vec<PersonWaiting>, StoreError> {
    let mut all = answers(conn, l, now, member)?;
    let (to_confirm, to_do) = agreements(app, conn, l, now, member)?;
    let of_agreements = to_confirm.into_iter().chain(to_do).map(|line| Waiting {
        href: format!("{}?pour={member}", line.href),
        ..line
    });
    all.extend(of_agreements);
    Ok(all
        .into_iter()
        .map(|line| PersonWaiting {
            href: line.href,
            icon: line.icon,
            sentence: line.sentence,
            since: line.since,
        })
        .collect())
}

fn answers(
    conn: &mut Conn,
    l: Locale,
    now: Instant,
    member: &MemberId,
) -> Result<Vec<Waiting>, StoreError> {
    let open = proposals::open_of_member(conn, member, PROPOSALS_MAX)?;
    let mut lines = Vec::new();
    for answer in responses::open_among(conn, &open, SHOWN_MAX)? {
        let Some(proposal) = proposals::find(conn, &answer.proposal)? else {
            continue;
        };
        lines.push(Waiting {
            href: format!("{}#answers", proposal.href()),
            icon: "hand",
            sentence: sentence(
                l,
                "notification-response-received",
                &answer.name,
                &proposal.title,
            ),
            since: moments::ago(l, answer.created_at, now),
        });
    }
    Ok(lines)
}

/// Those to confirm, and those to do.
fn agreements(
    app: &App,
    conn: &mut Conn,
    l: Locale,
    now: Instant,
    member: &MemberId,
) -> Result<(Vec<Waiting>, Vec<Waiting>), StoreError> {
    let (mut to_confirm, mut to_do) = (Vec::new(), Vec::new());
    for agreement in store::unfinished_of_member(conn, member)? {
        let whole = Whole::around(conn, agreement)?;
        let Some(side) = whole.side_of(member) else {
            continue;
        };
        let other = whole.party(side.other())?;
        let who = super::person(app, conn, &other.name, &other.actor_uri)?.name;
        let line = |key: &str, icon| Waiting {
            href: whole.href(),
            icon,
            sentence: sentence(l, key, &who, &whole.proposal.title),
            since: moments::ago(l, whole.agreement.updated_at, now),
        };
        match whole.agreement.state {
            AgreementState::DeclaredDone if !whole.standing().has_said(side) => {
                to_confirm.push(line("waiting-confirm", "clock"));
            }
            AgreementState::Concluded => to_do.push(line("waiting-do", "check")),
            _ => {}
        }
    }
    Ok((to_confirm, to_do))
}

fn messages(
    conn: &mut Conn,
    l: Locale,
    now: Instant,
    member: &MemberId,
) -> Result<Vec<Waiting>, StoreError> {
    let unread = notifications::unread_messages(conn, member)?;
    Ok(unread
        .into_iter()
        .map(|(notice, at)| Waiting {
            href: notice.href,
            icon: "send",
            sentence: sentence(
                l,
                "notification-message-received",
                &notice.who,
                &notice.what,
            ),
            since: moments::ago(l, at, now),
        })
        .collect())
}

fn sentence(l: Locale, key: &str, who: &str, what: &str) -> String {
    l.t2(key, "who", who, "what", what)
}
