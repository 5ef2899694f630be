//! The page of one agreement, for its two parties and whoever settles its disagreement.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::{AgreementState, Settlement};
use interkpa_web::form::Form as WebForm;
use interkpa_web::views::agreements::{
    ActingFor, Actions, AgreementPage, Commitment, Contact, Dispute, Fact, Message, NextStep,
};
use interkpa_web::views::parts::{HubTag, Person};
use interkpa_web::views::proposals::Copy;
use interkpa_web::{Locale, markup, routes, words};

use serde::Deserialize;

use super::person;
use crate::app::App;
use crate::db::audit;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::{Doer, Whole};
use crate::features::agreements::model::Side;
use crate::features::agreements::store::PartyRow;
use crate::features::agreements::store::facts::{self, FactRow, Speaker};
use crate::features::agreements::store::thread;
use crate::features::agreements::wire;
use crate::features::notifications;
use crate::features::people;
use crate::features::people::rights::Right;
use crate::http::error::AppError;
use crate::http::identity::{Identity, SignedIn, Visitor};
use crate::http::render;
use crate::ids::{AgreementId, MemberId};
use crate::moments;

/// A form shown again as it was typed.
pub(super) enum Typed {
    /// « C'est fait ».
    Declare(WebForm),
    /// « Je ne suis pas d'accord ».
    Contest(WebForm),
    /// « Annuler l'accord ».
    Cancel(WebForm),
    /// A facilitator's.
    Settle(WebForm),
    /// A message.
    Write(WebForm),
}

/// For whom a facilitator looks at an agreement.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// Key of a member of this hub.
    pour: Option<String>,
}

/// `GET /accords/<id>`, and with `?pour=` for somebody of the team who acts for a party.
///
/// # Errors
/// 404 for who is no party and settles nothing here.
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let id = AgreementId::parse(&id).ok_or_else(AppError::not_found)?;
    let for_member = asked.pour.as_deref().and_then(MemberId::parse);
    let page = view(&app, &visitor, id, for_member, None).await?;
    if let Some(member) = &visitor.member {
        notifications::seen(&app, member.id.clone(), page.href.clone()).await?;
    }
    Ok(render::page(&app, &visitor, &page))
}

/// The page for a reader, with the form that was refused.
///
/// # Errors
/// 404 for who is no party and settles nothing here.
pub(super) async fn view(
    app: &App,
    identity: &Identity,
    id: AgreementId,
    for_member: Option<MemberId>,
    typed: Option<Typed>,
) -> Result<AgreementPage, AppError> {
    let member = identity.member.clone().ok_or_else(AppError::not_found)?;
    let (app_in, l) = (app.clone(), identity.locale);
    app.store
        .read(move |conn| -> Result<AgreementPage, AppError> {
            let whole = Whole::load(conn, &id)?;
            let settles = settles(&app_in, &whole, &member);
            let doer = Doer::acting(member.clone(), for_member)?;
            let side = whole.side_of(doer.member());
            if side.is_none() && !settles {
                return Err(AppError::not_found());
            }
            // Whoever acts for a party reads what was agreed, not what the two write each other.
            let own = side.filter(|_| doer.for_member.is_none());
            let mut page = page(&app_in, conn, l, &whole, (side, own))?;
            page.actions = actions(&whole, (side, own), settles.then_some(&member));
            if let (Some(id), Some(side)) = (&doer.for_member, side) {
                page.acting_for = Some(ActingFor {
                    id: id.as_str().to_owned(),
                    name: whole.party(side)?.name.clone(),
                });
            }
            keep_typed(&mut page.actions, typed);
            Ok(page)
        })
        .await
}

/// Whether a member settles what the parties of an agreement do not agree on.
fn settles(app: &App, whole: &Whole, member: &SignedIn) -> bool {
    whole.is_ours(app)
        && member.may(Right::SettleDispute)
        && whole.agreement.state == AgreementState::Contested
}

/// Whether a member may read an agreement: its parties do, and who settles it while it is
/// contested.
pub(super) fn may_read(app: &App, whole: &Whole, member: &SignedIn) -> bool {
    whole.side_of(&member.id).is_some() || settles(app, whole, member)
}

fn keep_typed(actions: &mut Actions, typed: Option<Typed>) {
    match typed {
        None => {}
        Some(Typed::Declare(form)) => actions.declare = Some(form),
        Some(Typed::Contest(form)) => actions.contest = Some(form),
        Some(Typed::Cancel(form)) => actions.cancel = Some(form),
        Some(Typed::Settle(form)) => actions.settle = Some(form),
        Some(Typed::Write(form)) => actions.write = Some(form),
    }
}

fn actions(
    whole: &Whole,
    (side, own): (Option<Side>, Option<Side>),
    settler: Option<&SignedIn>,
) -> Actions {
    let offered = |when: bool| when.then(WebForm::new);
    let state = whole.agreement.state;
    let standing = whole.standing();
    let to_confirm =
        side.is_some_and(|side| state == AgreementState::DeclaredDone && !standing.has_said(side));
    let concluded = side.is_some() && state == AgreementState::Concluded;
    // Said here, and the copy of the owner's hub does not know it yet.
    let said = side.is_some_and(|side| standing.has_said(side));
    Actions {
        declare: offered(concluded && !said),
        confirm: to_confirm,
        contest: offered(to_confirm),
        cancel: offered(concluded),
        settle: offered(settler.is_some()),
        write: offered(own.is_some()),
    }
}

fn next_step(whole: &Whole, side: Option<Side>) -> NextStep {
    match whole.agreement.state {
        AgreementState::Concluded if !side.is_some_and(|side| whole.standing().has_said(side)) => {
            NextStep::DoIt
        }
        AgreementState::Concluded | AgreementState::DeclaredDone => {
            let said = side.is_none_or(|side| whole.standing().has_said(side));
            if said {
                NextStep::Wait
            } else {
                NextStep::Confirm
            }
        }
        AgreementState::Contested => NextStep::Mediation,
        AgreementState::Confirmed => NextStep::Over,
        AgreementState::Cancelled => NextStep::Cancelled,
    }
}

/// The word of the page for a state; the codes are the same.
pub(super) fn state(state: AgreementState) -> words::AgreementState {
    words::AgreementState::from_code(state.as_str()).unwrap_or(words::AgreementState::Concluded)
}

fn page(
    app: &App,
    conn: &mut Conn,
    l: Locale,
    whole: &Whole,
    (side, own): (Option<Side>, Option<Side>),
) -> Result<AgreementPage, StoreError> {
    let (agreement, now) = (&whole.agreement, app.now());
    let other = whole.party(side.map_or(Side::Responder, Side::other))?;
    let people = People::read(app, conn, whole)?;
    let dispute = facts::dispute(conn, &agreement.id)?.map(|found| Dispute {
        by: people.name(found.opened_side),
        reason: found.reason,
        opened: moments::ago(l, found.opened_at, now),
        outcome: found.resolution,
    });
    let thread = if own.is_some() {
        thread::of_agreement(conn, &agreement.id)?
    } else {
        Vec::new()
    };
    let messages = thread.into_iter().map(|message| Message {
        from: people.of(message.side).clone(),
        is_mine: side == Some(message.side),
        text: markup::remote_html(&wire::paragraphs(&message.text).unwrap_or_default()),
        lang: l.code().to_owned(),
        at: moments::ago(l, message.created_at, now),
        travel: None,
    });
    let said: Vec<Fact> = whole
        .facts
        .iter()
        .map(|fact| said(l, now, whole, &people, fact))
        .collect();
    let mut history = vec![Fact {
        sentence: l.t("history-agreed"),
        by: String::new(),
        at: moments::ago(l, agreement.created_at, now),
    }];
    history.extend(said.iter().cloned());
    history.extend(entered(conn, l, now, whole)?);
    Ok(AgreementPage {
        href: whole.href(),
        title: whole.proposal.title.clone(),
        proposal: Some(whole.proposal.href()),
        state: state(whole.shown_state()),
        next_step: next_step(whole, side),
        commitments: commitments(l, whole, &people, side),
        settlement: words::Settlement::from_code(agreement.deal.settlement.as_str())
            .unwrap_or(words::Settlement::Gift),
        amount: amount(l, whole),
        planned: None,
        in_hours: agreement.deal.settlement == Settlement::Hours,
        other: people.of(other.side).clone(),
        contacts: if own.is_some() {
            contacts(l, whole, other)
        } else {
            Vec::new()
        },
        through_reception: false,
        copy: (!whole.is_ours(app)).then(|| kept_elsewhere(l, whole, &people, now)),
        messages: messages.collect(),
        facts: said,
        dispute,
        silent_confirmation: whole
            .standing()
            .silent_at()
            .map(|at| moments::in_full(l, at)),
        history,
        actions: Actions::default(),
        acting_for: None,
    })
}

/// What the team entered for a party of this hub: « saisi par … pour … ».
fn entered(
    conn: &mut Conn,
    l: Locale,
    now: Instant,
    whole: &Whole,
) -> Result<Vec<Fact>, StoreError> {
    let done = audit::done_by_members(conn, "agreement", whole.agreement.id.as_str())?;
    let mut lines = Vec::new();
    for done in done {
        let Some(member) = done.on_behalf_of.map(MemberId::known) else {
            continue;
        };
        let Some(side) = whole.side_of(&member) else {
            continue;
        };
        let by = people::cards(conn, &[&done.by])?.pop();
        let by = by.map_or_else(|| people::FORMER_MEMBER.to_owned(), |card| card.name);
        let name = whole.party(side)?.name.clone();
        lines.push(Fact {
            sentence: l.t2("history-entered", "by", by, "name", name),
            by: String::new(),
            at: moments::ago(l, done.at, now),
        });
    }
    Ok(lines)
}

/// Both parties as shown.
struct People {
    proposer: Person,
    responder: Person,
}

impl People {
    fn read(app: &App, conn: &mut Conn, whole: &Whole) -> Result<Self, StoreError> {
        let (proposer, responder) = wire::both(&whole.parties)?;
        Ok(Self {
            proposer: person(app, conn, &proposer.name, &proposer.actor_uri)?,
            responder: person(app, conn, &responder.name, &responder.actor_uri)?,
        })
    }

    const fn of(&self, side: Side) -> &Person {
        match side {
            Side::Proposer => &self.proposer,
            Side::Responder => &self.responder,
        }
    }

    fn name(&self, side: Side) -> String {
        self.of(side).name.clone()
    }
}

fn amount(l: Locale, whole: &Whole) -> Option<String> {
    let deal = &whole.agreement.deal;
    match deal.settlement {
        Settlement::Hours => deal.minutes.map(|minutes| l.duration(minutes)),
        _ => deal.price_cents.map(|cents| l.money(cents)),
    }
}

fn commitments(l: Locale, whole: &Whole, people: &People, side: Option<Side>) -> Vec<Commitment> {
    let provider = Side::provider_of(whole.proposal.purpose);
    let mut what = whole.proposal.title.clone();
    if let Some(minutes) = whole.agreement.deal.minutes {
        what = format!("{} : {what}", l.duration(minutes));
    }
    if !whole.agreement.planned.is_empty() {
        what = format!("{what} ({})", whole.agreement.planned);
    }
    let one = |whose: Side, what: String| Commitment {
        who: people.of(whose).clone(),
        what,
        is_mine: side == Some(whose),
    };
    let mut both = vec![one(provider, what)];
    both.extend(amount(l, whole).map(|amount| one(provider.other(), amount)));
    both
}

fn contacts(l: Locale, whole: &Whole, other: &PartyRow) -> Vec<Contact> {
    let mut ways = Vec::new();
    if let Some(phone) = &other.phone {
        let about = l.t1("sms-about", "title", whole.proposal.title.as_str());
        ways.push(Contact {
            icon: "phone",
            href: Some(routes::tel(phone)),
            text: phone.clone(),
        });
        ways.push(Contact {
            icon: "send",
            href: Some(routes::sms(phone, &about)),
            text: l.t("contact-sms"),
        });
    }
    if let Some(email) = &other.email {
        let href = format!("mailto:{}", routes::percent_encode(email));
        ways.push(Contact {
            icon: "send",
            href: Some(href),
            text: email.clone(),
        });
    }
    ways
}

fn kept_elsewhere(l: Locale, whole: &Whole, people: &People, now: Instant) -> Copy {
    let name = people.proposer.hub.clone().unwrap_or_default();
    let authority = whole
        .agreement
        .origin
        .split("://")
        .nth(1)
        .unwrap_or_default();
    Copy {
        hub: HubTag {
            name,
            href: format!("/kpa/{authority}"),
            distance: None,
        },
        original: whole.agreement.uri.clone(),
        copied: moments::ago(l, whole.agreement.fetched_at, now),
    }
}

fn said(l: Locale, now: Instant, whole: &Whole, people: &People, fact: &FactRow) -> Fact {
    let what = match fact.minutes {
        Some(minutes) => l.duration(minutes),
        None => whole.proposal.title.clone(),
    };
    let mut sentence = l.t2(
        "fact-gave",
        "name",
        people.name(fact.provider),
        "what",
        what,
    );
    if !fact.note.is_empty() {
        sentence = format!("{sentence} : {}", fact.note);
    }
    let by = match fact.by {
        Speaker::Party(side) => people.name(side),
        Speaker::Facilitator => l.t("fact-team"),
    };
    Fact {
        sentence,
        by,
        at: moments::ago(l, fact.happened_at, now),
    }
}
