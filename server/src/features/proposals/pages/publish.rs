//! Publier, Modifier, Publier pour quelqu'un: one form, one set of rules.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use interkpa_federation::vocabulary::terms::Settlement;
use interkpa_web::chrome::Notice;
use interkpa_web::form::{Form as WebForm, Problem};
use interkpa_web::markup;
use interkpa_web::views::proposals::{Mode, ProposalForm};
use interkpa_web::words::{Kind as KindWord, Purpose};

use crate::app::App;
use crate::config::FederationMode;
use crate::db::once::{self, Answered};
use crate::features::people;
use crate::features::proposals::commands::{self, By, OnBehalf, Prepared};
use crate::features::proposals::model::Proposal;
use crate::features::proposals::model::new::{Fixed, NewProposal};
use crate::features::proposals::pages::seen;
use crate::features::proposals::pictures::{self, NotTaken};
use crate::features::proposals::store;
use crate::features::proposals::store::media::{self, Picture};
use crate::features::proposals::view;
use crate::http::error::{AppError, Kind};
use crate::http::form::Form;
use crate::http::identity::{Identity, SignedIn, Visitor};
use crate::http::render;
use crate::ids::{MediaId, MemberId, ProposalId};

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
        Mode::New,
        form,
        Vec::new(),
        StatusCode::OK,
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
    let members = choices(&app).await?;
    Ok(shown(
        &app,
        &visitor,
        Mode::OnBehalf,
        form,
        members,
        StatusCode::OK,
    ))
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
    form: Form,
) -> Result<Response, AppError> {
    let mut typed = typed(&form);
    let Some(member) = &visitor.member else {
        typed.set_note(visitor.locale.t("publish-visitor"));
        let status = StatusCode::UNAUTHORIZED;
        return Ok(shown(&app, &visitor, Mode::New, typed, Vec::new(), status));
    };
    let Some((new, pictures)) = taken_in(&app, member, &form, &mut typed, None).await? else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(shown(&app, &visitor, Mode::New, typed, Vec::new(), status));
    };
    published(&app, member, form.once(), None, new, pictures).await
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
        return Ok(shown(
            &app,
            &visitor,
            Mode::OnBehalf,
            typed,
            members,
            status,
        ));
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
    pictures: Vec<Picture>,
) -> Result<Response, AppError> {
    let kept: Vec<MediaId> = pictures
        .iter()
        .map(|p| MediaId::known(p.id.clone()))
        .collect();
    let (app_in, by, token) = (app.clone(), member.id.clone(), once.to_owned());
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
            let published =
                commands::publish_new(&app_in, tx, now, (&by, on_behalf), prepared, pictures)?;
            let location = published.href();
            let answer = Answered {
                status: 303,
                location: Some(location.clone()),
                body: None,
            };
            once::answered(tx, &scope, &token, &answer)?;
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

/// The rules, then the photo: a form with faults keeps no file.
pub async fn taken_in(
    app: &App,
    member: &SignedIn,
    form: &Form,
    typed: &mut WebForm,
    fixed: Option<&Fixed>,
) -> Result<Option<(NewProposal, Vec<Picture>)>, AppError> {
    let parsed = NewProposal::parse(typed, app.now(), fixed);
    let photo = form.files.iter().find(|upload| upload.field == "photo");
    if photo.is_some() && typed.value("photo_alt").trim().is_empty() {
        typed.refuse("photo_alt", Problem::DescriptionRequired);
    }
    let Some(new) = parsed.filter(|_| typed.is_fine()) else {
        return Ok(None);
    };
    let Some(photo) = photo else {
        return Ok(Some((new, Vec::new())));
    };
    match pictures::take_in(app, &member.id, photo.bytes.clone(), &new.photo_alt).await {
        Ok(picture) => Ok(Some((new, vec![picture]))),
        Err(NotTaken::Refused(problem)) => {
            typed.refuse("photo", problem);
            Ok(None)
        }
        Err(NotTaken::Failed(error)) => Err(error),
    }
}

/// `GET /objets/<id>/modifier`.
///
/// # Errors
/// 404 for who may not see it, 403 for who may not change it.
pub async fn edit_form(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (proposal, pictures) = editable(&app, &visitor, &member, &id).await?;
    let mode = Mode::Edit(proposal.href());
    let form = filled(&proposal);
    Ok(shown_with(
        &app,
        &visitor,
        mode,
        form,
        &pictures,
        StatusCode::OK,
    ))
}

/// `POST /objets/<id>/modifier`.
///
/// # Errors
/// As [`edit_form`], and 409 when it was changed in between.
pub async fn edit(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let (proposal, old) = editable(&app, &visitor, &member, &id).await?;
    let (href, fixed) = (proposal.href(), fixed(&proposal));
    let mut typed = typed(&form);
    let seen = typed.value("rev").parse().ok();
    let taken = taken_in(&app, &member, &form, &mut typed, Some(&fixed)).await?;
    let Some((new, pictures)) = taken else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(shown_with(
            &app,
            &visitor,
            Mode::Edit(href),
            typed,
            &old,
            status,
        ));
    };
    let kept: Vec<MediaId> = pictures
        .iter()
        .map(|p| MediaId::known(p.id.clone()))
        .collect();
    let (app_in, prepared, id) = (app.clone(), Prepared::of(new), proposal.id.clone());
    let done = app
        .write(move |tx| {
            let by = By::Member(&member.id, &member.roles);
            commands::edit(
                &app_in,
                tx,
                app_in.now(),
                by,
                (&id, seen),
                prepared,
                pictures,
            )
        })
        .await;
    match done {
        Ok(done) => {
            pictures::forget(&app, done.pictures_gone).await;
            Ok(render::done(&href, Notice::Changed))
        }
        Err(refusal) => {
            pictures::forget(&app, kept).await;
            let refusal = AppError::from(refusal);
            if refusal.code == "changed_meanwhile" {
                return Ok(
                    Redirect::to(&format!("{href}/modifier?fait=changed_meanwhile"))
                        .into_response(),
                );
            }
            Err(refusal)
        }
    }
}

async fn editable(
    app: &App,
    identity: &Identity,
    member: &SignedIn,
    id: &str,
) -> Result<(Proposal, Vec<Picture>), AppError> {
    let id = ProposalId::parse(id).ok_or_else(AppError::not_found)?;
    let (identity, member) = (identity.clone(), member.clone());
    app.store
        .read(move |conn| -> Result<_, AppError> {
            let proposal = seen(store::find(conn, &id)?, &identity)?;
            proposal
                .editable_by(&member.id, &member.roles)
                .map_err(|refusal| AppError::new(Kind::Forbidden, refusal.code()))?;
            let pictures = media::of(conn, &[&proposal.id])?;
            Ok((proposal, pictures))
        })
        .await
}

/// What an edit may not change.
pub fn fixed(proposal: &Proposal) -> Fixed {
    Fixed {
        purpose: proposal.purpose,
        kind: proposal.kind,
        taken: proposal.details.quantity - proposal.details.available,
        expires_at: proposal.expires_at,
    }
}

/// The form of an existing proposal, as its author would have typed it.
pub fn filled(proposal: &Proposal) -> WebForm {
    let details = &proposal.details;
    let mut form = WebForm::from_pairs([
        ("rev", proposal.rev.to_string()),
        ("purpose", proposal.purpose.as_str().to_owned()),
        ("kind", proposal.kind.as_str().to_owned()),
        ("title", proposal.title.clone()),
        ("text", details.description.clone()),
        ("when", details.when_text.clone()),
        ("place", proposal.town.clone()),
        ("category", proposal.category.code().to_owned()),
        ("lang", details.lang.clone()),
        (
            "quantity",
            if details.quantity > 1 {
                details.quantity.to_string()
            } else {
                String::new()
            },
        ),
    ]);
    for settlement in &details.settlements {
        form.add("settlement", Settlement::as_str(*settlement));
    }
    if let Some(cents) = details.price_cents {
        form.set("price", format!("{},{:02}", cents / 100, cents % 100));
    }
    if let Some(minutes) = details.minutes {
        form.set("minutes", format!("{} h {:02}", minutes / 60, minutes % 60));
    }
    let audience = details.widen_to.unwrap_or(proposal.visibility);
    form.set("audience", view::audience_word(audience).code());
    if details.widen_to.is_some() {
        form.set("first_hub", "1");
    }
    form
}

fn typed(form: &Form) -> WebForm {
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

fn shown(
    app: &App,
    identity: &Identity,
    mode: Mode,
    form: WebForm,
    members: Vec<(String, String)>,
    status: StatusCode,
) -> Response {
    let view = ProposalForm {
        mode,
        form,
        kinds: KINDS.to_vec(),
        is_open_mode: app.config.federation.mode == FederationMode::Open,
        photos: Vec::new(),
        is_visitor: identity.member.is_none(),
        members,
    };
    render::page_with(app, identity, status, &view)
}

fn shown_with(
    app: &App,
    identity: &Identity,
    mode: Mode,
    form: WebForm,
    old: &[Picture],
    status: StatusCode,
) -> Response {
    let view = ProposalForm {
        mode,
        form,
        kinds: KINDS.to_vec(),
        is_open_mode: app.config.federation.mode == FederationMode::Open,
        photos: old.iter().map(pictures::photo).collect(),
        is_visitor: false,
        members: Vec::new(),
    };
    render::page_with(app, identity, status, &view)
}
