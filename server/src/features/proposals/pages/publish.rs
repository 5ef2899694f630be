//! Publier, Modifier, Publier pour quelqu'un: one form, one set of rules.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_federation::Instant;
use interkpa_web::chrome::Notice;
use interkpa_web::form::{Form as WebForm, Problem};
use interkpa_web::markup;
use interkpa_web::views::proposals::{Mode, ProposalForm};
use interkpa_web::words::{Kind as KindWord, Purpose};

use crate::app::App;
use crate::config::FederationMode;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::once::{self, Answered};
use crate::features::people;
use crate::features::proposals::commands::{self, OnBehalf, Pictures, Prepared};
use crate::features::proposals::model::new::{Fixed, NewProposal};
use crate::features::proposals::model::{self, Proposal};
use crate::features::proposals::pages::photos;
use crate::features::proposals::pictures;
use crate::features::proposals::store;
use crate::features::proposals::store::media::Picture;
use crate::http::error::AppError;
use crate::http::form::Form;
use crate::http::identity::{Identity, SignedIn, Visitor};
use crate::http::render;
use crate::ids::MemberId;

/// What the form offers; the other kinds begin on the pages of their own features.
const KINDS: [KindWord; 4] = [
    KindWord::Service,
    KindWord::Loan,
    KindWord::Gift,
    KindWord::Sale,
];
/// Longest name typed for a person without an account, in characters.
const NAME_MAX: u32 = 80;

/// `GET /publier`: for anybody; « écrivez d'abord, connectez-vous ensuite ».
///
/// # Errors
/// None.
pub async fn form(
    State(app): State<App>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let form = blank(&app, query.as_deref().unwrap_or_default());
    Ok(shown(
        &app,
        &visitor,
        StatusCode::OK,
        Shown::new(Mode::New, form),
    ))
}

/// `GET /accompagner/publier-pour`.
///
/// # Errors
/// Those of the store.
pub async fn form_on_behalf(
    State(app): State<App>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let form = blank(&app, query.as_deref().unwrap_or_default());
    let view = Shown {
        members: choices(&app).await?,
        ..Shown::new(Mode::OnBehalf, form)
    };
    Ok(shown(&app, &visitor, StatusCode::OK, view))
}

/// An untouched form; `genre` and `title` of the address prefill it.
fn blank(app: &App, query: &str) -> WebForm {
    let value = |name: &str| {
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let purpose = value("genre").and_then(|code| Purpose::from_code(&code));
    let mut form = ProposalForm::blank(purpose.unwrap_or(Purpose::Offer), &app.config.hub.town);
    if let Some(title) = value("title") {
        form.set("title", markup::clean_name(&title));
    }
    form
}

/// `POST /publier`.
///
/// # Errors
/// Those of the store; what is wrong with a field comes back with the form, 422.
pub async fn create(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    form: Form,
) -> Result<Response, AppError> {
    let mut typed = typed(&form);
    let Some((new, pictures)) = taken_in(&app, &member, &form, &mut typed, None).await? else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(shown(&app, &visitor, status, Shown::new(Mode::New, typed)));
    };
    published(&app, &member, form.once(), None, new, pictures).await
}

/// `POST /accompagner/publier-pour`: « saisi pour le compte de », with the person's consent.
///
/// # Errors
/// Those of the store; what is wrong with a field comes back with the form, 422.
pub async fn create_on_behalf(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    form: Form,
) -> Result<Response, AppError> {
    let mut typed = typed(&form);
    let members = choices(&app).await?;
    let on_behalf = on_behalf(&mut typed, &members);
    let taken = taken_in(&app, &member, &form, &mut typed, None).await?;
    let (Some(on_behalf), Some((new, pictures))) = (on_behalf, taken) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let view = Shown {
            members,
            ..Shown::new(Mode::OnBehalf, typed)
        };
        return Ok(shown(&app, &visitor, status, view));
    };
    published(&app, &member, form.once(), Some(on_behalf), new, pictures).await
}

/// For whom: a member, or a first name; never without consent.
pub fn on_behalf(typed: &mut WebForm, members: &[(String, String)]) -> Option<OnBehalf> {
    if typed.value("consent").is_empty() {
        typed.refuse("consent", Problem::ConsentRequired);
    }
    let member = typed.value("for_member").trim().to_owned();
    if !member.is_empty() {
        if members.iter().any(|(id, _)| *id == member) {
            return Some(OnBehalf::Member(MemberId::known(member)));
        }
        typed.refuse("for_member", Problem::UnknownChoice);
        return None;
    }
    let name = markup::clean_name(typed.value("for_name"));
    if name.is_empty() {
        typed.refuse("for_name", Problem::Required);
        return None;
    }
    if name.chars().count() > usize::try_from(NAME_MAX).unwrap_or(usize::MAX) {
        typed.refuse("for_name", Problem::TooLong { max: NAME_MAX });
        return None;
    }
    Some(OnBehalf::Named(name))
}

async fn published(
    app: &App,
    member: &SignedIn,
    once: &str,
    on_behalf: Option<OnBehalf>,
    new: NewProposal,
    pictures: Pictures,
) -> Result<Response, AppError> {
    let kept = pictures.added_ids();
    let (app_in, by, token) = (app.clone(), member.id.clone(), once.to_owned());
    let (title, description) = (new.title.clone(), new.description.clone());
    let prepared = Prepared::of(new);
    let answer = app
        .write(move |tx| -> Result<(String, bool), AppError> {
            let (now, scope) = (app_in.now(), format!("publish:{by}"));
            if let Some(before) = once::claim(tx, &scope, &token, now)? {
                return Ok((
                    before
                        .location
                        .unwrap_or_else(|| "/moi/annonces".to_owned()),
                    false,
                ));
            }
            let on_behalf = on_behalf.as_ref();
            if on_behalf.is_none()
                && let Some(same) = same_again(tx, &by, &title, &description, now)?
            {
                let location = same.href();
                once::answered(tx, &scope, &token, &to(&location))?;
                return Ok((location, false));
            }
            let published = commands::publish_new(
                &app_in,
                tx,
                now,
                (&by, on_behalf),
                prepared,
                pictures.added,
            )?;
            let location = published.href();
            once::answered(tx, &scope, &token, &to(&location))?;
            Ok((location, true))
        })
        .await;
    match answer {
        Ok((location, true)) => Ok(render::done(&location, Notice::Published)),
        Ok((location, false)) => {
            pictures::forget(app, kept).await;
            Ok(render::done(&location, Notice::AlreadyDone))
        }
        Err(refusal) => {
            pictures::forget(app, kept).await;
            Err(refusal)
        }
    }
}

fn to(location: &str) -> Answered {
    Answered {
        status: 303,
        location: Some(location.to_owned()),
        body: None,
    }
}

/// The announcement that this one repeats, word for word.
fn same_again(
    tx: &mut Conn,
    by: &MemberId,
    title: &str,
    description: &str,
    now: Instant,
) -> Result<Option<Proposal>, StoreError> {
    let last = store::last_of_title(tx, by, title, now - model::SAME_AGAIN)?;
    Ok(last.filter(|last| last.details.description == description))
}

/// The rules, then the photos: a form with faults keeps no file.
pub(super) async fn taken_in(
    app: &App,
    member: &SignedIn,
    form: &Form,
    typed: &mut WebForm,
    existing: Option<(&Fixed, &[Picture])>,
) -> Result<Option<(NewProposal, Pictures)>, AppError> {
    let (fixed, held) = existing.unzip();
    let new = NewProposal::parse(typed, app.now(), fixed);
    let held = held.unwrap_or_default();
    let pictures = photos::taken_in(app, &member.id, form, typed, held).await?;
    Ok(new.zip(pictures))
}

pub(super) fn typed(form: &Form) -> WebForm {
    WebForm::from_pairs(form.visible())
}

/// Members a facilitator may publish for, by name.
async fn choices(app: &App) -> Result<Vec<(String, String)>, AppError> {
    let cards = app.store.read(people::active_cards).await?;
    Ok(cards
        .into_iter()
        .map(|card| (card.id.as_str().to_owned(), card.name))
        .collect())
}

/// What a showing of the form holds beside its values.
pub(super) struct Shown<'a> {
    /// What it does.
    pub mode: Mode,
    /// Values and errors.
    pub form: WebForm,
    /// Members a facilitator may publish for.
    pub members: Vec<(String, String)>,
    /// Photos already there.
    pub photos: &'a [Picture],
}

impl Shown<'_> {
    fn new(mode: Mode, form: WebForm) -> Self {
        Self {
            mode,
            form,
            members: Vec::new(),
            photos: &[],
        }
    }
}

pub(super) fn shown(
    app: &App,
    identity: &Identity,
    status: StatusCode,
    shown: Shown<'_>,
) -> Response {
    let view = ProposalForm {
        mode: shown.mode,
        form: shown.form,
        kinds: KINDS.to_vec(),
        is_open_mode: app.config.federation.mode == FederationMode::Open,
        photos: shown.photos.iter().map(photos::now).collect(),
        is_visitor: identity.member.is_none(),
        members: shown.members,
    };
    render::page_with(app, identity, status, &view)
}
