//! Opening a vote: the form with the defaults of the network, the preview, the publication. A vote
//! without an effect: what changes the register or the charter is asked elsewhere.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_federation::governance::question::{Question, QuestionKind};
use interkpa_federation::governance::rule::Rule;
use interkpa_federation::{Instant, Span};
use interkpa_web::chrome::Notice;
use interkpa_web::form::{Form as WebForm, Problem};
use interkpa_web::views::votes::{NotForYou, OpenVoteForm, OpenVotePreview};
use interkpa_web::{Locale, markup, routes as paths};
use serde_json::{Value, json};

use super::cast::{answered, claimed};
use super::{hand, href, words};
use crate::app::App;
use crate::db::error::StoreError;
use crate::features::people::rights::Right;
use crate::features::votes::commands::{self, NewPoll};
use crate::features::votes::model::prefixed;
use crate::features::votes::register::{self, Network};
use crate::http::form::Form;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::{AppError, Kind, render};
use crate::{moments, typed};

/// Longest title, in characters. Source: `commands`.
const TITLE_MAX: usize = 200;
/// Longest text, in characters. Source: `commands`.
const TEXT_MAX: usize = 50_000;
/// Longest label of an option, in characters.
const LABEL_MAX: usize = 200;
/// Most options on a page; the protocol takes 999.
const OPTIONS_MAX: usize = 50;
/// Latest close, in days from now.
const DAYS_MAX: i64 = 366;

/// What the register says to who opens a vote.
struct Room {
    voters: usize,
    earliest: Instant,
    notice: Span,
}

async fn room(app: &App) -> Result<Option<Room>, AppError> {
    let now = app.now();
    let me = register::own_id(app)?;
    let network: Option<Network> = app
        .store
        .read(move |conn| -> Result<_, StoreError> { register::at(conn, now) })
        .await?;
    Ok(network.and_then(|network| {
        let electors = network.register.electors();
        let notice = network.register.rules().min_notice;
        let has_voice = electors.iter().any(|elector| elector.hub == me);
        has_voice.then(|| Room {
            voters: electors.len(),
            earliest: now + notice,
            notice,
        })
    }))
}

/// `GET /decisions/ouvrir`.
///
/// # Errors
/// Those of the store.
pub(super) async fn form(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
) -> Result<Response, AppError> {
    let l = visitor.locale;
    if !member.may(Right::Vote) {
        let names = app
            .store
            .read(|conn| -> Result<_, StoreError> { super::spokespeople(conn) })
            .await?;
        return Ok(kindly(&app, &visitor, "vote-not-for-you", names));
    }
    let Some(room) = room(&app).await? else {
        return Ok(kindly(&app, &visitor, "votes-no-network", vec![]));
    };
    let page = page(l, &room, defaults(&room, app.now()));
    Ok(render::page(&app, &visitor, &page))
}

fn kindly(app: &App, visitor: &Visitor, why: &str, spokespeople: Vec<String>) -> Response {
    let page = NotForYou {
        next: paths::VOTES.to_owned(),
        why: visitor.locale.t(why),
        spokespeople,
    };
    render::page_with(app, visitor, StatusCode::FORBIDDEN, &page)
}

fn page(l: Locale, room: &Room, form: WebForm) -> OpenVoteForm {
    OpenVoteForm {
        voters: room.voters,
        earliest: moments::in_full(l, room.earliest),
        form,
    }
}

/// What the form holds at first: the notice of the network and a margin of the same rules.
fn defaults(room: &Room, now: Instant) -> WebForm {
    let is_long = room.notice >= Span::days(1);
    let margin = if is_long { Span::days(1) } else { room.notice };
    let closes = moments::moment(now + room.notice + margin + Span::minutes(1)).civil;
    let time = if is_long {
        "18:00".to_owned()
    } else {
        format!("{:02}:{:02}", closes.hour, closes.minute)
    };
    let day = format!("{:04}-{:02}-{:02}", closes.year, closes.month, closes.day);
    WebForm::from_pairs([
        ("kind", "approval".to_owned()),
        ("majority", "simple".to_owned()),
        ("quorum", "half".to_owned()),
        ("scale_min", "0".to_owned()),
        ("scale_max", "5".to_owned()),
        ("choices_max", "2".to_owned()),
        ("closes_on", day),
        ("closes_time", time),
    ])
}

/// `POST /decisions/ouvrir`: the preview; with `back`, the form again. Changes nothing.
///
/// # Errors
/// 403 `no_voice` for a hub without a voice.
pub(super) async fn preview(
    State(app): State<App>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, AppError> {
    let l = visitor.locale;
    let room = room(&app).await?.ok_or_else(no_voice)?;
    let mut typed = WebForm::from_pairs(form.visible());
    if form.has("back") {
        return Ok(render::page(&app, &visitor, &page(l, &room, typed)));
    }
    match read(l, &form, &mut typed, &room, app.now()) {
        Some(asked) => {
            let preview = previewed(l, &room, &form, &asked);
            Ok(render::page(&app, &visitor, &preview))
        }
        None => Ok(refused(&app, &visitor, &room, typed)),
    }
}

fn no_voice() -> AppError {
    AppError::new(Kind::Forbidden, "no_voice")
}

fn refused(app: &App, visitor: &Visitor, room: &Room, typed: WebForm) -> Response {
    let page = page(visitor.locale, room, typed);
    render::page_with(app, visitor, StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn previewed(l: Locale, room: &Room, form: &Form, asked: &Asked) -> OpenVotePreview {
    let options = asked.question.options().iter();
    let fields = form
        .visible()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    OpenVotePreview {
        title: markup::clean_name(&asked.new.title),
        text: markup::member_text(&asked.new.text),
        kind: words::kind(l, asked.question.kind()),
        options: options.map(|option| option.label.clone()).collect(),
        rules: words::rules(l, asked.question.kind(), &asked.rule, room.voters),
        voters: room.voters,
        closes: moments::in_full(l, asked.new.closes_at),
        is_hidden: asked.new.hidden,
        fields: fields.collect(),
        refused: None,
    }
}

/// `POST /decisions/publier`: signs the vote and sends it. A second tap leads to the same vote.
///
/// # Errors
/// 403 `no_voice` for a hub without a voice.
pub(super) async fn publish(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    form: Form,
) -> Result<Response, AppError> {
    let l = visitor.locale;
    let scope = format!("poll_open:{}", member.id);
    if let Some(before) = claimed(&app, &scope, form.once(), paths::VOTES).await? {
        return Ok(before);
    }
    let room = room(&app).await?.ok_or_else(no_voice)?;
    let mut typed = WebForm::from_pairs(form.visible());
    let Some(asked) = read(l, &form, &mut typed, &room, app.now()) else {
        return Ok(refused(&app, &visitor, &room, typed));
    };
    match commands::open(&app, &hand(&member), asked.new.clone()).await {
        Ok(hash) => {
            let place = href(hash);
            answered(&app, &scope, form.once(), &place).await?;
            Ok(render::done(&place, Notice::VoteOpened))
        }
        Err(error) if matches!(error.kind, Kind::Invalid | Kind::Conflict | Kind::Busy) => {
            let code = error.fields.first().map_or(error.code, |field| field.code);
            let page = OpenVotePreview {
                refused: Some(render::sentence(l, error.kind, code)),
                ..previewed(l, &room, &form, &asked)
            };
            let status = error.kind.status();
            Ok(render::page_with(&app, &visitor, status, &page))
        }
        Err(error) => Err(error),
    }
}

/// A vote as typed, read.
struct Asked {
    new: NewPoll,
    question: Question,
    rule: Rule,
}

/// What was typed; what is wrong is added to the form.
fn read(l: Locale, form: &Form, typed: &mut WebForm, room: &Room, now: Instant) -> Option<Asked> {
    let title = text(typed, "title", TITLE_MAX);
    let body = text(typed, "text", TEXT_MAX);
    let kind = QuestionKind::parse(typed.value("kind"));
    if kind.is_none() {
        typed.refuse("kind", Problem::ChoiceRequired);
    }
    let question = kind.and_then(|kind| question(l, typed, kind));
    let closes_at = closes(l, typed, room, now);
    let (kind, question, closes_at) = (kind?, question?, closes_at?);
    if !typed.is_fine() {
        return None;
    }
    let rule = rule(typed, kind);
    Some(Asked {
        question: Question::read(&prefixed(&question)).ok()?,
        rule: Rule::read(&prefixed(&rule), kind).ok()?,
        new: NewPoll {
            title,
            language: l.code().to_owned(),
            text: body,
            opens_at: None,
            closes_at,
            question,
            rule,
            effect: None,
            previous: None,
            convocation: None,
            hidden: form.has("hidden"),
        },
    })
}

fn text(typed: &mut WebForm, field: &str, characters_max: usize) -> String {
    let text = typed.value(field).trim().replace("\r\n", "\n");
    if text.is_empty() {
        typed.refuse(field, Problem::Required);
    } else if text.chars().count() > characters_max {
        let max = u32::try_from(characters_max).unwrap_or(u32::MAX);
        typed.refuse(field, Problem::TooLong { max });
    }
    text
}

/// The question as votes.md shows it, without prefix.
fn question(l: Locale, typed: &mut WebForm, kind: QuestionKind) -> Option<Value> {
    let code = kind.as_str();
    if matches!(kind, QuestionKind::Approval | QuestionKind::Consent) {
        return Some(json!({"kind": code}));
    }
    let labels = labels(l, typed)?;
    let many = labels.len();
    let options: Vec<Value> = labels
        .iter()
        .enumerate()
        .map(|(at, label)| json!({"id": format!("o{}", at + 1), "label": label}))
        .collect();
    let mut question = json!({"kind": code, "options": options});
    if kind == QuestionKind::Multiple {
        let most = i64::try_from(many).unwrap_or(i64::MAX);
        let max = number(typed, "choices_max", 1, most)?;
        merge(&mut question, "maxChoices", json!(max));
    }
    if kind == QuestionKind::Score {
        let min = number(typed, "scale_min", -1_000, 1_000);
        let max = number(typed, "scale_max", -1_000, 1_000);
        let (min, max) = (min?, max?);
        if min >= max {
            let problem = Problem::Sentence(l.t("open-scale-order"));
            typed.refuse("scale_max", problem);
            return None;
        }
        merge(&mut question, "scale", json!({"min": min, "max": max}));
    }
    Some(question)
}

fn merge(value: &mut Value, name: &str, member: Value) {
    if let Some(members) = value.as_object_mut() {
        members.insert(name.to_owned(), member);
    }
}

fn labels(l: Locale, typed: &mut WebForm) -> Option<Vec<String>> {
    let lines: Vec<String> = typed
        .value("options")
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    if lines.len() < 2 {
        let problem = Problem::Sentence(l.t("open-choices-two"));
        typed.refuse("options", problem);
        return None;
    }
    if lines.len() > OPTIONS_MAX {
        let max = u32::try_from(OPTIONS_MAX).unwrap_or(u32::MAX);
        typed.refuse("options", Problem::TooMany { max });
        return None;
    }
    if lines.iter().any(|line| line.chars().count() > LABEL_MAX) {
        let max = u32::try_from(LABEL_MAX).unwrap_or(u32::MAX);
        typed.refuse("options", Problem::TooLong { max });
        return None;
    }
    Some(lines)
}

fn number(typed: &mut WebForm, field: &str, min: i64, max: i64) -> Option<i64> {
    let text = typed.value(field).trim().replace('−', "-");
    let read = match text.parse::<i64>() {
        Ok(number) if (min..=max).contains(&number) => Ok(number),
        Ok(_outside) => Err(Problem::OutOfRange { min, max }),
        Err(_no_number) => Err(Problem::NotANumber),
    };
    read.map_err(|problem| typed.refuse(field, problem)).ok()
}

/// The rule as votes.md shows it, without prefix.
fn rule(typed: &WebForm, kind: QuestionKind) -> Value {
    let (num, den, strict) = match typed.value("quorum") {
        "third" => (1, 3, false),
        "two_thirds" => (2, 3, false),
        "none" => (0, 1, false),
        _ => (1, 2, true),
    };
    let mut rule = json!({
        "quorum": {"num": num, "den": den, "strict": strict, "base": "electorate"},
        "abstainCountsInQuorum": true,
    });
    let threshold = match typed.value("majority") {
        "two_thirds" => json!({"num": 2, "den": 3, "strict": false, "base": "expressed"}),
        "absolute" => json!({"num": 1, "den": 2, "strict": true, "base": "electorate"}),
        _ => json!({"num": 1, "den": 2, "strict": true, "base": "expressed"}),
    };
    match kind {
        QuestionKind::Approval => merge(&mut rule, "threshold", threshold),
        QuestionKind::Consent => merge(&mut rule, "maxObjections", json!(0)),
        QuestionKind::Ranked => {
            merge(&mut rule, "method", json!("schulze-wv"));
            merge(&mut rule, "unranked", json!("last"));
        }
        QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Score => {}
    }
    rule
}

/// The instant of the close: after the notice, within a year.
fn closes(l: Locale, typed: &mut WebForm, room: &Room, now: Instant) -> Option<Instant> {
    let (day, hour) = (
        typed.value("closes_on").to_owned(),
        typed.value("closes_time").to_owned(),
    );
    let at = match typed::at_hour(&day, &hour) {
        Ok(at) => at,
        Err(problem) => {
            typed.refuse("closes_on", problem);
            return None;
        }
    };
    if at <= room.earliest {
        let problem = Problem::Sentence(l.t("error-notice-too-short"));
        typed.refuse("closes_on", problem);
        return None;
    }
    if at > now + Span::days(DAYS_MAX) {
        typed.refuse("closes_on", Problem::TooFar { days: 366 });
        return None;
    }
    Some(at)
}
