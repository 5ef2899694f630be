//! `/moi`: tiles to everything of the reader.

use axum::extract::State;
use axum::response::Response;
use interkpa_web::views::parts::Person;
use interkpa_web::views::people::Me;

use crate::app::App;
use crate::features::people::rights::Right;
use crate::features::{agreements, moderation, notifications};
use crate::http::error::AppError;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::render;

/// Shows the tiles.
///
/// # Errors
/// Those of the store.
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
) -> Result<Response, AppError> {
    let now = app.now();
    let (tells, moderates) = (member.may(Right::TellPeople), member.may(Right::Moderate));
    let id = member.id.clone();
    let (to_tell, reports_open, mine) = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let to_tell = if tells {
                notifications::to_tell(conn, now)?
            } else {
                0
            };
            let reports = if moderates {
                moderation::open_count(conn)?
            } else {
                0
            };
            Ok((to_tell, reports, agreements::mine(conn, &id)?))
        })
        .await?;
    let view = Me {
        person: Person::new(&member.name).at(format!("/members/{}", member.id)),
        handle: format!("@{}@{}", member.handle, app.origin.authority()),
        hours: visitor.locale.duration(mine.balance_minutes),
        answers_waiting: mine.answers_waiting,
        responses_open: mine.responses_open,
        agreements_waiting: mine.agreements_waiting,
        to_tell,
        reports_open,
    };
    Ok(render::page(&app, &visitor, &view))
}
