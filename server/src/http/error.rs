//! The one error type at the edge, and the layer that renders it.
//!
//! A handler returns `AppError`; its response carries only the status and the error itself. The
//! layer [`render`](crate::http::layers) turns it into a page in the reader's language or into
//! `application/problem+json` with a stable code (decision 28), and logs it once.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use crate::db::error::StoreError;
use crate::http::form::StaleForm;

/// What kind of refusal this is: decides the status, and nothing else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 400: a program sent something that is not what the address takes.
    Malformed,
    /// 422: a person or program sent values that break rules; fields say which.
    Invalid,
    /// 401: nobody is signed in, or the signature does not hold.
    Unauthenticated,
    /// 403
    Forbidden,
    /// 404: also for what exists but is not for this reader.
    NotFound,
    /// 405
    MethodNotAllowed,
    /// 406
    NotAcceptable,
    /// 408: the connection broke before everything was said.
    Unfinished,
    /// 409
    Conflict,
    /// 410
    Gone,
    /// 413
    TooLarge,
    /// 415
    UnsupportedType,
    /// 429
    TooMany,
    /// 503
    Busy,
    /// 500: a bug or a broken machine.
    Internal,
}

impl Kind {
    /// The status of this kind.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::Unfinished => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Gone => StatusCode::GONE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// A field of a form or of a JSON body that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Name of the field as sent.
    pub field: String,
    /// Stable code; its sentence is `error-<code>` in the locales.
    pub code: &'static str,
    /// The sentence for the reader, filled in when the answer is rendered.
    pub detail: String,
}

impl FieldError {
    /// A broken rule on one field.
    pub fn new(field: &str, code: &'static str) -> Self {
        Self {
            field: field.to_owned(),
            code,
            detail: String::new(),
        }
    }
}

/// A refusal or a failure on its way to the reader.
#[derive(Debug)]
pub struct AppError {
    /// Decides the status.
    pub kind: Kind,
    /// Stable snake_case code; its sentence is `error-<code>` in the locales.
    pub code: &'static str,
    /// The fields at fault, for [`Kind::Invalid`].
    pub fields: Vec<FieldError>,
    /// Seconds after which trying again makes sense, for [`Kind::TooMany`] and [`Kind::Busy`].
    pub retry_after_seconds: Option<u32>,
    /// A form whose token was stale: shown again with one button, so that nothing typed is lost.
    pub stale: Option<Box<StaleForm>>,
    /// What programs of the fediverse read of a thing that is gone, for [`Kind::Gone`].
    pub tombstone: Option<Box<Value>>,
    /// What happened below, for the log alone.
    pub source: Option<anyhow::Error>,
}

impl AppError {
    /// A refusal with its code.
    pub fn new(kind: Kind, code: &'static str) -> Self {
        Self {
            kind,
            code,
            fields: Vec::new(),
            retry_after_seconds: None,
            stale: None,
            tombstone: None,
            source: None,
        }
    }
    /// 404 `not_found`.
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "not_found")
    }
    /// 403 `forbidden`.
    pub fn forbidden() -> Self {
        Self::new(Kind::Forbidden, "forbidden")
    }
    /// 403 `stale_form`: the form is offered again with what was typed.
    pub fn stale_form(form: StaleForm) -> Self {
        Self {
            stale: Some(Box::new(form)),
            ..Self::new(Kind::Forbidden, "stale_form")
        }
    }
    /// 422 with the fields at fault.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        Self {
            fields,
            ..Self::new(Kind::Invalid, "invalid")
        }
    }
    /// 500 `internal` with what happened.
    pub fn internal(source: impl Into<anyhow::Error>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(Kind::Internal, "internal")
        }
    }
    /// 410 with what is left of a public thing.
    pub fn gone(code: &'static str, tombstone: Value) -> Self {
        Self {
            tombstone: Some(Box::new(tombstone)),
            ..Self::new(Kind::Gone, code)
        }
    }
    /// Adds when to come back.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        let (kind, code) = match &error {
            StoreError::NotFound => (Kind::NotFound, "not_found"),
            StoreError::Conflict(_) => (Kind::Conflict, "conflict"),
            StoreError::Busy => (Kind::Busy, "busy"),
            StoreError::Broken(_) => (Kind::Internal, "internal"),
        };
        Self {
            source: Some(error.into()),
            ..Self::new(kind, code)
        }
    }
}

impl From<anyhow::Error> for AppError {
    fn from(error: anyhow::Error) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}

/// The body of a refusal for programs (RFC 9457, decision 28).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// `about:blank#<code>`: the code is what a program reads.
    pub r#type: String,
    /// The status in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Stable snake_case code.
    pub code: String,
    /// A sentence for people, in the language asked for.
    pub detail: String,
    /// Names the request in the hub's log.
    pub request_id: String,
    /// The fields at fault, if any.
    pub errors: Vec<ProblemField>,
}

/// One field at fault in a [`Problem`].
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemField {
    /// Name of the field as sent.
    pub field: String,
    /// Stable snake_case code.
    pub code: String,
    /// A sentence for people.
    pub detail: String,
}

impl Problem {
    /// The answer as `application/problem+json`.
    pub fn into_response(self, status: StatusCode) -> Response {
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json; charset=utf-8"),
        );
        response
    }
}
