//! `/moderation`: the queue, one report, its decision with a reason for the author.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use interkpa_federation::Instant;
use interkpa_web::Locale;
use interkpa_web::chrome::Notice as Done;
use interkpa_web::form::Problem;
use interkpa_web::markup::member_text;
use interkpa_web::routes as paths;
use interkpa_web::views::moderation::{Complaint, ReportLine, ReportPage, ReportQueue};
use interkpa_web::views::parts::{Link, Person};

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::moderation::forward;
use crate::features::moderation::store::{self, Report};
use crate::features::notifications::{self, Happening, Notice};
use crate::features::people::rights::Right;
use crate::features::{people, proposals};
use crate::http::done;
use crate::http::error::{AppError, FieldError, Kind};
use crate::http::form::Form;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::{Access, Route, json, render};
use crate::ids::MemberId;
use crate::moments;

/// Reports on one page of the queue.
const OPEN_SHOWN: i64 = 100;
/// Decided reports below it.
const CLOSED_SHOWN: i64 = 20;

/// The routes of this feature's pages.
pub fn routes() -> Vec<Route> {
    let moderates = Access::Right(Right::Moderate);
    vec![
        Route::page(paths::MODERATION, moderates, get(queue)),
        Route::page("/moderation/{id}", moderates, get(show)),
        Route::form("/moderation/{id}/decision", moderates, post(decide)),
    ]
}

/// What a decision of the form does to the reports about a thing.
pub(super) fn state_of(decision: &str) -> Option<&'static str> {
    match decision {
        "nothing" => Some("kept"),
        "hide" => Some("hidden"),
        "forward" => Some("forwarded"),
        _ => None,
    }
}

/// The code of the reason and the words after it.
pub(super) fn split(reason: &str) -> (String, String) {
    let (code, words) = reason.split_once('\n').unwrap_or((reason, ""));
    (code.trim().to_owned(), words.trim().to_owned())
}

fn decided(l: Locale, report: &Report) -> Option<String> {
    let key = match report.state.as_str() {
        "kept" => "decision-nothing",
        "hidden" => "decision-hide",
        "forwarded" => "decision-forward",
        _ => return None,
    };
    let reason = report.decision.as_deref().unwrap_or_default();
    let joint = if reason.is_empty() {
        String::new()
    } else {
        l.t("colon")
    };
    Some(format!("{}{joint}{reason}", l.t(key)))
}

fn line(l: Locale, now: Instant, report: Report, count: u32) -> ReportLine {
    ReportLine {
        href: format!("{}/{}", paths::MODERATION, report.id),
        reason: split(&report.reason).0,
        count,
        at: moments::ago(l, report.created_at, now),
        decision: decided(l, &report),
        title: report.title,
        hub: report.reporter_origin,
    }
}

/// The queue: one line for each thing, however many reported it.
async fn queue(State(app): State<App>, visitor: Visitor) -> Result<Response, AppError> {
    let (open, closed) = json::read(&app, |conn| {
        Ok((
            store::open(conn, OPEN_SHOWN)?,
            store::closed(conn, CLOSED_SHOWN)?,
        ))
    })
    .await?;
    let (l, now) = (visitor.locale, app.now());
    let mut things: Vec<(Report, u32)> = Vec::new();
    for report in open {
        match things.iter_mut().find(|(first, _)| first.uri == report.uri) {
            Some((_, count)) => *count += 1,
            None => things.push((report, 1)),
        }
    }
    let view = ReportQueue {
        open: things
            .into_iter()
            .map(|(report, count)| line(l, now, report, count))
            .collect(),
        closed: closed
            .into_iter()
            .map(|report| line(l, now, report, 1))
            .collect(),
        next: None,
    };
    Ok(render::page(&app, &visitor, &view))
}

/// What is needed to show and to decide a report.
pub(super) struct Case {
    pub(super) report: Report,
    pub(super) all: Vec<Report>,
    names: Vec<people::Card>,
    pub(super) author: Option<MemberId>,
    author_name: String,
    pub(super) href: String,
    /// Who published it, when another KPA owns it.
    elsewhere: Option<String>,
}

pub(super) fn case(conn: &mut Conn, id: &str) -> Result<Option<Case>, StoreError> {
    let Some(report) = store::find(conn, id)? else {
        return Ok(None);
    };
    let all = store::about(conn, &report.uri)?;
    let proposal = proposals::find_by_uri(conn, &report.uri)?;
    let author = proposal
        .as_ref()
        .and_then(|proposal| proposal.member_id.clone());
    let people: Vec<&MemberId> = all
        .iter()
        .flat_map(|report| report.reporter.iter().chain(&report.decided_by))
        .chain(&author)
        .collect();
    let names = people::cards(conn, &people)?;
    let author_name = author
        .as_ref()
        .and_then(|id| names.iter().find(|card| &card.id == id))
        .map(|card| card.name.clone())
        .unwrap_or_default();
    let href = match &proposal {
        Some(proposal) => format!("/objets/{}", proposal.id),
        None => report.uri.clone(),
    };
    Ok(Some(Case {
        report,
        all,
        names,
        author,
        author_name,
        href,
        elsewhere: proposal
            .filter(|proposal| !proposal.is_ours())
            .map(|proposal| proposal.author_uri),
    }))
}

impl Case {
    /// Nobody decides about their own publication, nor about what they reported themselves alone.
    fn may_be_decided_by(&self, member: &MemberId) -> bool {
        self.author.as_ref() != Some(member)
    }

    fn page(
        self,
        l: Locale,
        now: Instant,
        reader: &MemberId,
        form: interkpa_web::Form,
    ) -> ReportPage {
        let name = |id: &MemberId| {
            let card = self.names.iter().find(|card| &card.id == id);
            card.map(|card| card.name.clone())
        };
        let complaints = self.all.iter().map(|report| {
            let (reason, words) = split(&report.reason);
            Complaint {
                by: report.reporter.as_ref().and_then(name),
                hub: report.reporter_origin.clone(),
                reason,
                words,
                at: moments::ago(l, report.created_at, now),
            }
        });
        let earlier = self.all.iter().filter(|other| other.id != self.report.id);
        ReportPage {
            href: format!("{}/{}", paths::MODERATION, self.report.id),
            title: self.report.title.clone(),
            content: member_text(&self.report.evidence),
            lang: l.code().to_owned(),
            author: Person::new(&self.author_name),
            about: Link::new(self.href.clone(), self.report.title.clone()),
            complaints: complaints.collect(),
            earlier: earlier.filter_map(|report| decided(l, report)).collect(),
            decided: decided(l, &self.report),
            is_appeal: false,
            is_elsewhere: self.elsewhere.is_some(),
            may_decide: self.may_be_decided_by(reader),
            form,
        }
    }
}

async fn load(app: &App, id: String) -> Result<Case, AppError> {
    json::read(app, move |conn| case(conn, &id))
        .await?
        .ok_or_else(AppError::not_found)
}

/// One report, with all others about the same thing.
async fn show(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let case = load(&app, id).await?;
    let view = case.page(
        visitor.locale,
        app.now(),
        &member.id,
        interkpa_web::Form::new(),
    );
    Ok(render::page(&app, &visitor, &view))
}

/// Decides about a thing in the caller's transaction: every open report about it at once, and the
/// author reads why.
///
/// # Errors
/// 403 `not_for_oneself`; 409 when it is decided already.
pub(super) fn decide_in(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: &MemberId,
    case: &Case,
    state: &'static str,
    reason: &str,
) -> Result<(), AppError> {
    if !case.may_be_decided_by(by) {
        return Err(AppError::new(Kind::Forbidden, "not_for_oneself"));
    }
    if state == "forwarded" && case.elsewhere.is_none() {
        return Err(AppError::invalid(vec![FieldError::new(
            "decision",
            "unknown_choice",
        )]));
    }
    let uri = &case.report.uri;
    match state {
        "hidden" => proposals::keep_back(app, tx, now, by, uri, reason)?,
        "forwarded" => {
            let author = case.elsewhere.as_deref().unwrap_or_default();
            forward::send(app, tx, now, (uri, author), reason)?;
        }
        _ => proposals::show_again(app, tx, now, by, uri)?,
    }
    if store::decide(tx, uri, state, reason, by, now)? == 0 {
        return Err(AppError::new(Kind::Conflict, "conflict"));
    }
    if let (Some(author), "hidden") = (&case.author, state) {
        let notice = Notice {
            member: author,
            happening: Happening::PublicationHidden,
            who: "",
            what: &format!("{} ({reason})", case.report.title),
            href: &case.href,
        };
        notifications::notify(tx, &app.new_id(), now, &notice)?;
    }
    let event = Event {
        old_state: Some("open"),
        new_state: Some(state),
        reason: Some(reason),
        ..Event::new(
            Actor::Member(by),
            "report_decide",
            "report",
            &case.report.id,
        )
    };
    Ok(audit::record(tx, &app.new_id(), now, &event)?)
}

/// Decides: every open report about the thing at once, and the author reads why.
async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let case = load(&app, id).await?;
    if !case.may_be_decided_by(&member.id) {
        return Err(AppError::new(Kind::Forbidden, "not_for_oneself"));
    }
    let reason: String = form.text("reason").chars().take(1_000).collect();
    // Only what another KPA owns is handed on.
    let state = state_of(form.text("decision"))
        .filter(|state| *state != "forwarded" || case.elsewhere.is_some());
    let (Some(state), false) = (state, reason.is_empty()) else {
        let mut again = interkpa_web::Form::from_pairs(form.visible());
        if state.is_none() {
            again.refuse("decision", Problem::ChoiceRequired);
        }
        if reason.is_empty() {
            again.refuse("reason", Problem::Required);
        }
        let view = case.page(visitor.locale, app.now(), &member.id, again);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(render::page_with(&app, &visitor, status, &view));
    };
    let (by, scope) = (
        member.id.clone(),
        format!("report_decide:{}:{}", member.id, case.report.id),
    );
    done::once(
        &app,
        scope,
        form.once(),
        Done::Decided,
        move |app, tx, now| {
            decide_in(app, tx, now, &by, &case, state, &reason)
                .map(|()| paths::MODERATION.to_owned())
        },
    )
    .await
}
