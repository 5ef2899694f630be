//! The one way to read a form: its fields, its pictures, and the proof that it is ours.
//!
//! Three layers against forged forms (web.md §3): the cookie is SameSite=Lax; the access layer
//! refuses a foreign `Sec-Fetch-Site` or `Origin`; and here the token in `_csrf` must be the one of
//! the session. A stale token loses nothing: the answer shows what was typed and one button.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;

use crate::http::body;
use crate::http::error::{AppError, Kind};
use crate::http::identity::{Credential, Identity};

/// Most fields one form may carry.
pub const FIELDS_MAX: usize = 100;
/// Most files one form may carry.
pub const FILES_MAX: usize = 4;

/// A file of a form, in memory: routes bound their body.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Name of the control.
    pub field: String,
    /// The bytes; never believed to be what they say.
    pub bytes: Bytes,
}

/// A form whose token was checked.
#[derive(Debug, Clone, Default)]
pub struct Form {
    fields: BTreeMap<String, Vec<String>>,
    /// Files with at least one byte.
    pub files: Vec<Upload>,
}

impl Form {
    /// The first value of a field, trimmed; empty when absent.
    pub fn text(&self, name: &str) -> &str {
        self.fields
            .get(name)
            .and_then(|all| all.first())
            .map_or("", |value| value.trim())
    }
    /// Whether a field was sent with any text (a ticked box).
    pub fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }
    /// Every value of a field (several boxes of one name).
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields
            .get(name)
            .into_iter()
            .flatten()
            .map(String::as_str)
    }
    /// Every field but the hidden ones that begin with `_`, as sent.
    pub fn visible(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .filter(|(name, _)| !name.starts_with('_'))
            .flat_map(|(name, all)| all.iter().map(|value| (name.as_str(), value.as_str())))
    }
    /// The token of one showing of the form, against double taps; empty when absent.
    pub fn once(&self) -> &str {
        self.text("_once")
    }
    /// A form from pairs, for tests and for commands that act as a form would.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            form.fields
                .entry(name.to_owned())
                .or_default()
                .push(value.to_owned());
        }
        form
    }

    /// What was typed, to be shown again.
    fn kept(&self, action: &str) -> StaleForm {
        let fields = self.visible();
        StaleForm {
            action: action.to_owned(),
            fields: fields.map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
            files_lost: !self.files.is_empty(),
        }
    }

    fn push(&mut self, name: String, value: String) -> Result<(), AppError> {
        // Text storage refuses NUL on one engine; it means nothing in a form (storage.md §5).
        if value.contains('\0') || name.contains('\0') {
            return Err(AppError::new(Kind::Malformed, "nul_in_text"));
        }
        if self.fields.values().map(Vec::len).sum::<usize>() >= FIELDS_MAX {
            return Err(AppError::new(Kind::Malformed, "too_many_fields"));
        }
        self.fields.entry(name).or_default().push(value);
        Ok(())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let identity = request
            .extensions()
            .get::<Identity>()
            .cloned()
            .unwrap_or_default();
        let form = read(request, state).await?;
        let expected = match identity.member.as_ref().map(|member| &member.credential) {
            Some(Credential::Session { csrf_token, .. }) => csrf_token,
            Some(Credential::Token { .. }) => return Err(AppError::forbidden()),
            None => &identity.anonymous_csrf,
        };
        if expected.is_empty() || !same(expected, form.text("_csrf")) {
            return Err(AppError::stale_form(form.kept(&identity.path)));
        }
        Ok(form)
    }
}

/// Asks to sign in first and keeps what was typed: the session may have ended while somebody was writing.
/// The token does not matter here, since nothing is done with the form but showing it again. What is no
/// form keeps nothing.
pub async fn sign_in_before(request: Request, action: &str) -> AppError {
    AppError {
        stale: read(request, &())
            .await
            .ok()
            .map(|form| Box::new(form.kept(action))),
        ..AppError::new(Kind::Unauthenticated, "not_signed_in")
    }
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Form, AppError> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    if content_type.starts_with("multipart/form-data") {
        read_multipart(request, state).await
    } else if content_type.starts_with("application/x-www-form-urlencoded") {
        read_urlencoded(request, state).await
    } else {
        Err(AppError::new(Kind::UnsupportedType, "not_a_form"))
    }
}

/// A form whose token was not the session's: what it was and what was typed, to offer again.
#[derive(Debug, Clone)]
pub struct StaleForm {
    /// Where the form was going.
    pub action: String,
    /// The visible fields as typed.
    pub fields: Vec<(String, String)>,
    /// Files were sent, which cannot come back.
    pub files_lost: bool,
}

/// Compares two tokens without telling by time where they differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && a.bytes()
            .zip(b.bytes())
            .fold(0, |acc, (x, y)| acc | (x ^ y))
            == 0
}

async fn read_urlencoded<S: Send + Sync>(request: Request, state: &S) -> Result<Form, AppError> {
    let bytes = body::whole(request, state).await?;
    let mut form = Form::default();
    for (name, value) in url::form_urlencoded::parse(&bytes) {
        form.push(name.into_owned(), value.into_owned())?;
    }
    Ok(form)
}

async fn read_multipart<S: Send + Sync>(request: Request, state: &S) -> Result<Form, AppError> {
    let broken = |_source| AppError::new(Kind::Malformed, "broken_form");
    let mut parts = Multipart::from_request(request, state)
        .await
        .map_err(|_source| AppError::new(Kind::Malformed, "broken_form"))?;
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(|error| {
            let kind = error.status();
            if kind == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                AppError::new(Kind::TooLarge, "too_large")
            } else {
                AppError::new(Kind::Malformed, "broken_form")
            }
        })?;
        if is_file {
            if bytes.is_empty() {
                continue;
            }
            if form.files.len() >= FILES_MAX {
                return Err(AppError::new(Kind::Malformed, "too_many_files"));
            }
            form.files.push(Upload { field: name, bytes });
        } else {
            let value = String::from_utf8(bytes.to_vec())
                .map_err(|_source| AppError::new(Kind::Malformed, "broken_form"))?;
            form.push(name, value)?;
        }
    }
    Ok(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_equal_only_when_whole() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd"));
        assert!(!same("abc", "ab"));
    }

    #[test]
    fn nul_and_floods_of_fields_are_refused() {
        let mut form = Form::default();

        assert!(form.push("a".into(), "x\0y".into()).is_err());
        for n in 0..FIELDS_MAX {
            form.push(format!("f{n}"), "v".into()).unwrap();
        }
        assert!(form.push("one more".into(), "v".into()).is_err());
    }
}
