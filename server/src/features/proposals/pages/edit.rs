//! Modifier: the same form, filled with what stands there now.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use interkpa_federation::vocabulary::terms::Settlement;
use interkpa_web::chrome::Notice;
use interkpa_web::form::Form as WebForm;
use interkpa_web::views::proposals::Mode;

use crate::app::App;
use crate::features::proposals::commands::{self, By, Prepared};
use crate::features::proposals::model::Proposal;
use crate::features::proposals::model::new::Fixed;
use crate::features::proposals::pages::photos;
use crate::features::proposals::pages::publish::{Shown, shown, taken_in, typed};
use crate::features::proposals::pages::seen;
use crate::features::proposals::pictures;
use crate::features::proposals::store;
use crate::features::proposals::store::media::{self, Picture};
use crate::features::proposals::view;
use crate::http::error::{AppError, Kind};
use crate::http::form::Form;
use crate::http::identity::{Identity, SignedIn, Visitor};
use crate::http::render;
use crate::ids::ProposalId;

/// `GET /objets/<id>/modifier`.
///
/// # Errors
/// 404 for who may not see it, 403 for who may not change it.
pub async fn form(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (proposal, pictures) = editable(&app, &visitor, &member, &id).await?;
    let mode = Mode::Edit(proposal.href());
    let mut form = filled(&proposal);
    photos::fill(&mut form, &pictures);
    Ok(shown(
        &app,
        &visitor,
        StatusCode::OK,
        Shown {
            mode,
            form,
            members: Vec::new(),
            photos: &pictures,
        },
    ))
}

/// `POST /objets/<id>/modifier`.
///
/// # Errors
/// As showing the form, and 409 when it was changed in between.
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
    let existing = Some((&fixed, old.as_slice()));
    let taken = taken_in(&app, &member, &form, &mut typed, existing).await?;
    let Some((new, pictures)) = taken else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(shown(
            &app,
            &visitor,
            status,
            Shown {
                mode: Mode::Edit(href),
                form: typed,
                members: Vec::new(),
                photos: &old,
            },
        ));
    };
    let kept = pictures.added_ids();
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
                &prepared,
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
