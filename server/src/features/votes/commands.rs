//! What people of a hub do in votes, as named commands: pages, the JSON twin, the command line and the
//! demo all come through here. Each writes its audit row in its own transaction.

use std::sync::Arc;

use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::effect::Effect;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::machine::Input;
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::poll::text::{PollText, TextFormat};
use interkpa_federation::governance::poll::voters::{Electorate, Member};
use interkpa_federation::governance::poll::{Convocation, Poll, Shown};
use interkpa_federation::governance::prove::Signatory;
use interkpa_federation::governance::question::Question;
use interkpa_federation::governance::rule::Rule;
use interkpa_federation::{Instant, Uri};
use serde_json::Value;

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::features::people::rights::{Right, Roles};
use crate::features::votes::intake::{self, NotTaken};
use crate::features::votes::model::prefixed;
use crate::features::votes::store::polls;
use crate::features::votes::{engine, exchange, register, send};
use crate::http::error::{AppError, FieldError, Kind};
use crate::ids::MemberId;

mod ballots;

pub use ballots::{NewBallot, Prepared, confirm, prepare};

/// Longest title of a poll, in characters.
const TITLE_MAX: usize = 200;
/// Longest text of a poll, in characters.
const TEXT_MAX: usize = 50_000;

/// Who acts: a member of this hub, with the roles held now.
#[derive(Debug, Clone)]
pub struct Hand {
    /// Who.
    pub member: MemberId,
    /// What they may do.
    pub roles: Roles,
}

impl Hand {
    fn require(&self, right: Right) -> Result<(), AppError> {
        if self.roles.may(right) {
            Ok(())
        } else {
            Err(AppError::forbidden())
        }
    }
}

/// A poll as a spokesperson writes it. Question, rule and effect are JSON as votes.md shows them,
/// without the prefix `ikpa:`.
#[derive(Debug, Clone)]
pub struct NewPoll {
    /// Its title.
    pub title: String,
    /// Language of its texts.
    pub language: String,
    /// The text voted on, in Markdown.
    pub text: String,
    /// From when hubs may cast; at once without it.
    pub opens_at: Option<Instant>,
    /// When hubs seal.
    pub closes_at: Instant,
    /// What is asked.
    pub question: Value,
    /// How it is decided.
    pub rule: Value,
    /// What follows from its adoption.
    pub effect: Option<Value>,
    /// The poll that it replaces.
    pub previous: Option<ObjectHash>,
    /// Which convocation it is.
    pub convocation: Option<u8>,
    /// Whether screens show the ballots only after the close.
    pub hidden: bool,
}

fn field(name: &str, code: &'static str) -> AppError {
    AppError::invalid(vec![FieldError::new(name, code)])
}

fn conflict(code: &'static str) -> AppError {
    AppError::new(Kind::Conflict, code)
}

impl From<NotTaken> for AppError {
    fn from(error: NotTaken) -> Self {
        match error {
            NotTaken::Refused(code) => Self::new(Kind::Invalid, code),
            NotTaken::Store(error) => error.into(),
        }
    }
}

/// Opens a poll: signed by this hub, sent to every elector.
///
/// # Errors
/// 403 without the right or the voice; 409 `no_register`; 422 on what the rules refuse.
pub async fn open(app: &App, by: &Hand, new: NewPoll) -> Result<ObjectHash, AppError> {
    let (app_in, by) = (app.clone(), by.clone());
    app.write(move |tx| open_in(&app_in, tx, &by, &new)).await
}

/// The same in the transaction of the caller.
///
/// # Errors
/// As [`open`].
pub fn open_in(app: &App, tx: &mut Conn, by: &Hand, new: &NewPoll) -> Result<ObjectHash, AppError> {
    by.require(Right::Vote)?;
    let now = app.now();
    let poll = draft_poll(tx, app, now, new)?;
    let me = poll.author;
    let key = engine::key_for(app, me, &poll);
    let signatory = Signatory {
        hub: me,
        key: &key,
        created: now,
    };
    let body = Body::Poll(Box::new(poll.clone()));
    let object = Object::sign(body, &[signatory])
        .map_err(|error| AppError::new(Kind::Invalid, error.code()))?;
    let hash = object.hash();
    intake::take(app, tx, now, object.clone(), app.origin.as_str())?;
    send::to_electors(app, tx, now, &poll, &[Arc::new(object)])?;
    let subject = hash.to_string();
    let event = Event::new(Actor::Member(&by.member), "poll_open", "poll", &subject);
    audit::record(tx, &app.new_id(), now, &event)?;
    Ok(hash)
}

/// The poll that the register of its notice instant and the words of its author make.
fn draft_poll(tx: &mut Conn, app: &App, now: Instant, new: &NewPoll) -> Result<Poll, AppError> {
    let present = register::at(tx, now)?.ok_or_else(|| conflict("no_register"))?;
    let closes_at = whole_second(new.closes_at);
    let notice_at = closes_at - present.register.rules().min_notice;
    if notice_at <= now {
        return Err(field("closes_at", "notice_too_short"));
    }
    let network = register::at(tx, notice_at)?.ok_or_else(|| conflict("no_register"))?;
    let rules = network.register.rules();
    let me = register::own_id(app)?;
    let electors = network.register.electors();
    if !electors.iter().any(|elector| elector.hub == me) {
        return Err(AppError::new(Kind::Forbidden, "no_voice"));
    }
    let member = |elector: &interkpa_federation::governance::electorate::Elector| Member {
        hub: elector.hub,
        key: elector.key,
        actor: network
            .homes
            .get(&elector.hub)
            .map(|home| home.actor.clone())
            .unwrap_or_default(),
        delegate_key: elector.delegate_key,
    };
    let members: Vec<Member> = electors.iter().map(member).collect();
    let opens_at = new.opens_at.map_or(now, whole_second);
    if opens_at > notice_at {
        return Err(field("opens_at", "opens_after_notice"));
    }
    let asked = Asked::read(new)?;
    Ok(Poll {
        author: me,
        title: asked.title,
        language: bounded(&new.language, 35, "language")?,
        text: asked.text,
        opens_at: whole_second(opens_at),
        closes_at,
        grace: rules.grace,
        min_notice: rules.min_notice,
        certifiers: rules.certifiers(&members),
        electorate: Electorate {
            genesis: network.genesis,
            decisions: network.decisions.clone(),
            members,
        },
        question: asked.question,
        rule: asked.rule,
        effect: asked.effect,
        previous: new.previous,
        convocation: asked.convocation,
        shown: if new.hidden {
            Shown::AfterClose
        } else {
            Shown::AtOnce
        },
    })
}

/// What the author of a poll chooses, read.
struct Asked {
    title: String,
    text: PollText,
    question: Question,
    rule: Rule,
    effect: Option<Effect>,
    convocation: Option<Convocation>,
}

impl Asked {
    fn read(new: &NewPoll) -> Result<Self, AppError> {
        let title = bounded(&new.title, TITLE_MAX, "title")?;
        let text = bounded(&new.text, TEXT_MAX, "text")?;
        let question = Question::read(&prefixed(&new.question))
            .map_err(|_named_by_field| field("question", "question_invalid"))?;
        let rule = Rule::read(&prefixed(&new.rule), question.kind())
            .map_err(|_named_by_field| field("rule", "rule_invalid"))?;
        let effect = new
            .effect
            .as_ref()
            .map(|effect| Effect::read(&prefixed(effect), &question))
            .transpose()
            .map_err(|_named_by_field| field("effect", "effect_invalid"))?;
        let convocation = match new.convocation {
            Some(number) => Some(
                Convocation::new(number)
                    .ok_or_else(|| field("convocation", "convocation_invalid"))?,
            ),
            None => None,
        };
        Ok(Self {
            title,
            text: PollText::body(TextFormat::Markdown, &text),
            question,
            rule,
            effect,
            convocation,
        })
    }
}

/// Signed text holds whole seconds.
fn whole_second(instant: Instant) -> Instant {
    Instant::from_seconds(instant.as_seconds())
}

/// A text of people, composed (NFC), neither empty nor too long.
fn bounded(text: &str, letters_max: usize, name: &str) -> Result<String, AppError> {
    let text = interkpa_federation::governance::composed(text.trim());
    if text.is_empty() {
        return Err(field(name, "required"));
    }
    if text.chars().count() > letters_max || text.contains('\0') {
        return Err(field(name, "too_long"));
    }
    Ok(text)
}

/// Takes back a poll of this hub, before its close.
///
/// # Errors
/// 403 without the right; 404 for an unknown poll; 409 `poll_closed`, `not_author`.
pub async fn cancel(app: &App, by: &Hand, poll: ObjectHash) -> Result<(), AppError> {
    by.require(Right::Vote)?;
    let (app_in, by) = (app.clone(), by.clone());
    app.write(move |tx| -> Result<(), AppError> {
        let now = app_in.now();
        let row = polls::find(tx, poll)?.ok_or_else(AppError::not_found)?;
        if row.author != app_in.keys.hub_id {
            return Err(conflict("not_author"));
        }
        let done = engine::step(&app_in, tx, now, poll, Input::Cancel)?;
        if let Some(refusal) = done.and_then(|done| done.refused) {
            return Err(conflict(refusal.code()));
        }
        let subject = poll.to_string();
        let event = Event::new(Actor::Member(&by.member), "poll_cancel", "poll", &subject);
        Ok(audit::record(tx, &app_in.new_id(), now, &event)?)
    })
    .await
}

/// Asks the hubs of the network for a poll that this one does not know yet.
///
/// # Errors
/// 404 when nobody gives it.
pub async fn ask_for_poll(app: &App, poll: ObjectHash) -> Result<(), AppError> {
    let now = app.now();
    let (known, homes) = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let network = register::at(conn, now)?;
            let homes = network.map(|network| network.homes).unwrap_or_default();
            Ok((polls::find(conn, poll)?.is_some(), homes))
        })
        .await?;
    if known {
        return Ok(());
    }
    for home in homes.values() {
        let Ok(actor) = Uri::parse(&home.actor) else {
            continue;
        };
        if actor.origin() != app.origin && exchange::pull(app, &actor.origin(), poll).await? {
            return Ok(());
        }
    }
    Err(AppError::not_found())
}
