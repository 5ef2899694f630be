//! A form that did its work, or had done it before: a double tap changes nothing twice.

use axum::response::Response;
use interkpa_federation::Instant;
use interkpa_web::chrome::Notice;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::once::{self, Answered};
use crate::http::{AppError, render};

/// Where a form leads whose first answer did not say it.
const FALLBACK: &str = "/moi";

/// Runs the change of a form once for each showing of it, in one transaction with its token, then
/// leads on (303). The second tap leads to the same place and says that it was done. `scope` keeps
/// tokens of different members and forms apart; `token` is [`Form::once`](crate::http::form::Form::once).
///
/// # Errors
/// Those of the change.
pub async fn once(
    app: &App,
    scope: String,
    token: &str,
    notice: Notice,
    change: impl FnOnce(&App, &mut Conn, Instant) -> Result<String, AppError> + Send + 'static,
) -> Result<Response, AppError> {
    let (app_in, token) = (app.clone(), token.to_owned());
    let (location, first) = app
        .write(move |tx| -> Result<(String, bool), AppError> {
            let now = app_in.now();
            if let Some(before) = once::claim(tx, &scope, &token, now)? {
                return Ok((
                    before.location.unwrap_or_else(|| FALLBACK.to_owned()),
                    false,
                ));
            }
            let location = change(&app_in, tx, now)?;
            let answer = Answered {
                status: 303,
                location: Some(location.clone()),
                body: None,
            };
            once::answered(tx, &scope, &token, &answer)?;
            Ok((location, true))
        })
        .await?;
    let notice = if first { notice } else { Notice::AlreadyDone };
    Ok(render::done(&location, notice))
}

/// The answer to a form that was sent before, for one that asks another server first.
///
/// # Errors
/// Those of the store.
pub async fn before(app: &App, scope: &str, token: &str) -> Result<Option<Response>, AppError> {
    let (scope, token) = (scope.to_owned(), token.to_owned());
    let found = app
        .store
        .read(move |conn| -> Result<_, StoreError> { once::find(conn, &scope, &token) })
        .await?;
    Ok(found.map(|before| {
        let location = before.location.unwrap_or_else(|| FALLBACK.to_owned());
        render::done(&location, Notice::AlreadyDone)
    }))
}
