//! The JSON twin: bodies in, answers out, a repeated call answered the same.

use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interkpa_federation::Instant;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::once::{self, Answered};
use crate::http::body;
use crate::http::error::{AppError, Kind};

/// A JSON body of a known shape. An unknown member is ignored, so that a client may be newer.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let named = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok());
        let essence = named
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(AppError::new(Kind::UnsupportedType, "not_json"));
        }
        let bytes = body::whole(request, state).await?;
        // Text storage refuses NUL on one engine (storage.md §5): `\u0000` is no text anywhere.
        if bytes.windows(6).any(|six| six == b"\\u0000") {
            return Err(AppError::new(Kind::Malformed, "nul_in_text"));
        }
        let value = serde_json::from_slice(&bytes).map_err(|error| AppError {
            source: Some(error.into()),
            ..AppError::new(Kind::Malformed, "bad_json")
        })?;
        Ok(Self(value))
    }
}

/// A call without a body and without a content type has nothing to say: `None`.
impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Body<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, AppError> {
        if request.headers().get(header::CONTENT_TYPE).is_none() {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state)
            .await
            .map(Some)
    }
}

/// The header `Idempotency-Key`, empty when absent.
#[derive(Debug, Clone, Default)]
pub struct IdempotencyKey(pub String);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Ok(Self::default());
        };
        let text = value.to_str().unwrap_or_default();
        if text.is_empty() || text.len() > once::KEY_BYTES_MAX {
            return Err(AppError::new(Kind::Malformed, "idempotency_key"));
        }
        Ok(Self(text.to_owned()))
    }
}

/// One page of a list (decision 28).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct List<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// What to give as `after` for the next page; `null` at the end.
    pub next: Option<String>,
}

/// 200 with a JSON body.
pub fn ok(value: &impl Serialize) -> Response {
    answer(StatusCode::OK, value, None)
}

fn answer(status: StatusCode, value: &impl Serialize, location: Option<&str>) -> Response {
    match serde_json::to_string(value) {
        Ok(text) => with_body(status, text, location),
        Err(error) => AppError::internal(error).into_response(),
    }
}

fn with_body(status: StatusCode, text: String, location: Option<&str>) -> Response {
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    if let Some(value) = location.and_then(|path| HeaderValue::from_str(path).ok()) {
        headers.insert(header::LOCATION, value);
    }
    response
}

/// What a call did, to answer with and to answer again with.
pub struct Done<T> {
    /// 200 or 201.
    pub status: StatusCode,
    /// The body.
    pub value: T,
    /// Address of what was made.
    pub location: Option<String>,
}

/// Runs a changing call once for each key: the change, the key and the answer are one transaction.
/// A repetition gets the first answer and changes nothing. `scope` names member and route.
///
/// # Errors
/// Those of the change.
pub async fn once<T, E>(
    app: &App,
    scope: String,
    key: IdempotencyKey,
    change: impl FnOnce(&mut Conn, Instant) -> Result<Done<T>, E> + Send + 'static,
) -> Result<Response, AppError>
where
    T: Serialize + 'static,
    E: Into<AppError> + 'static,
{
    let now = app.now();
    let (status, body, location) = app
        .write(
            move |tx| -> Result<(u16, String, Option<String>), AppError> {
                if let Some(before) = once::claim(tx, &scope, &key.0, now)? {
                    return Ok((
                        before.status,
                        before.body.unwrap_or_default(),
                        before.location,
                    ));
                }
                let done = change(tx, now).map_err(Into::into)?;
                let body = serde_json::to_string(&done.value).map_err(AppError::internal)?;
                let status = done.status.as_u16();
                let answered = Answered {
                    status,
                    location: done.location.clone(),
                    body: Some(body.clone()),
                };
                once::answered(tx, &scope, &key.0, &answered)?;
                Ok::<_, AppError>((status, body, done.location))
            },
        )
        .await?;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    Ok(with_body(status, body, location.as_deref()))
}

/// The answer that a call with this key got before, for one that asks another server first.
///
/// # Errors
/// Those of the store.
pub async fn answered_before(
    app: &App,
    scope: &str,
    key: &IdempotencyKey,
) -> Result<Option<Response>, AppError> {
    let (scope, key) = (scope.to_owned(), key.0.clone());
    let before = read(app, move |conn| once::find(conn, &scope, &key)).await?;
    Ok(before.map(|before| {
        let status = StatusCode::from_u16(before.status).unwrap_or(StatusCode::OK);
        let body = before.body.unwrap_or_default();
        with_body(status, body, before.location.as_deref())
    }))
}

/// A cursor of (instant, id) as clients hand it back: opaque to them.
pub fn cursor(at: Instant, id: &str) -> String {
    format!("{}-{id}", at.as_milliseconds())
}

/// Reads a cursor back.
///
/// # Errors
/// 400 `cursor_unknown` for a text that [`cursor`] never made.
pub fn read_cursor(text: Option<&str>) -> Result<Option<(Instant, String)>, AppError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let parsed = text.split_once('-').and_then(|(at, id)| {
        let at = Instant::from_milliseconds(at.parse().ok()?);
        let good = id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        good.then(|| (at, id.to_owned()))
    });
    parsed
        .map(Some)
        .ok_or_else(|| AppError::new(Kind::Malformed, "cursor_unknown"))
}

/// Cuts what was read with one more than a page to the page, and says how the next one is asked for.
pub fn cut<T>(mut items: Vec<T>, page: i64, cursor: impl Fn(&T) -> String) -> List<T> {
    let page = usize::try_from(page).unwrap_or(usize::MAX);
    let more = items.len() > page;
    items.truncate(page);
    let next = items.last().filter(|_| more).map(cursor);
    List { items, next }
}

/// A read of the store on behalf of a call.
///
/// # Errors
/// Those of the read.
pub async fn read<T: Send + 'static>(
    app: &App,
    read: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, AppError> {
    app.store
        .read(move |conn| -> Result<T, AppError> { Ok(read(conn)?) })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_made_and_nothing_else_is() {
        let at = Instant::from_milliseconds(1_800_000_000_123);
        let id = "0199c0de-7000-7000-8000-000000000001";

        assert_eq!(
            read_cursor(Some(&cursor(at, id))).unwrap(),
            Some((at, id.to_owned()))
        );
        assert_eq!(read_cursor(None).unwrap(), None);
        for bad in ["x", "12", "a-b", "1-' OR 1=1", "1-../x"] {
            assert!(read_cursor(Some(bad)).is_err(), "{bad}");
        }
    }
}
