//! Who is asking, found once for each request and read by handlers from its extensions.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use interkpa_web::Locale;

use crate::features::people::rights::{Right, Roles};
use crate::http::error::{AppError, Kind};
use crate::ids::MemberId;

/// How the request proved who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A cookie session: forms need its CSRF token.
    Session {
        /// SHA-256 of the cookie, hex.
        id_hash: String,
        /// The token every form of this session carries.
        csrf_token: String,
    },
    /// A bearer token of the API.
    Token {
        /// Id of the token.
        id: String,
        /// What its owner lets it do.
        scopes: Scopes,
    },
}

/// What a bearer token may do; never more than its member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes {
    /// Publish, answer, decide: every change.
    pub write: bool,
    /// What only the team of the place may do.
    pub admin: bool,
}

impl Scopes {
    /// Everything its member may do.
    pub const ALL: Self = Self {
        write: true,
        admin: true,
    };

    /// From words separated by commas; reading is always among them.
    pub fn parse(words: &str) -> Self {
        let has = |word: &str| words.split(',').any(|known| known.trim() == word);
        Self {
            write: has("write"),
            admin: has("admin"),
        }
    }

    /// The words stored.
    pub fn words(self) -> Vec<&'static str> {
        let mut words = vec!["read"];
        if self.write {
            words.push("write");
        }
        if self.admin {
            words.push("admin");
        }
        words
    }
}

/// A member whose account is active.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Local key.
    pub id: MemberId,
    /// Handle in this hub.
    pub handle: String,
    /// Name people read.
    pub name: String,
    /// Roles held now.
    pub roles: Roles,
    /// Notifications not read yet.
    pub unread: u32,
    /// How this request proved it.
    pub credential: Credential,
}

impl SignedIn {
    /// Whether a role of this member grants the right.
    pub fn may(&self, right: Right) -> bool {
        self.roles.may(right)
    }

    /// # Errors
    /// 403 `forbidden` without the right.
    pub fn require(&self, right: Right) -> Result<(), AppError> {
        if self.may(right) {
            Ok(())
        } else {
            Err(AppError::forbidden())
        }
    }
}

/// What the access layer found out; always in the extensions of a request.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// The member, when one is signed in.
    pub member: Option<SignedIn>,
    /// Language the answer is in.
    pub locale: Locale,
    /// Names the request in the log and on error pages.
    pub request_id: String,
    /// Address the request came from, behind trusted proxies.
    pub client: Option<std::net::IpAddr>,
    /// Path and query of the request, for the language switch and the way back after signing in.
    pub path: String,
    /// CSRF token of forms shown to people who are not signed in (sign-in, invitation).
    pub anonymous_csrf: String,
}

/// Extractor: anybody. Carries the whole [`Identity`].
#[derive(Debug, Clone)]
pub struct Visitor(pub Identity);

impl std::ops::Deref for Visitor {
    type Target = Identity;
    fn deref(&self) -> &Identity {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(
            parts
                .extensions
                .get::<Identity>()
                .cloned()
                .unwrap_or_default(),
        ))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = AppError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        parts
            .extensions
            .get::<Identity>()
            .and_then(|identity| identity.member.clone())
            .ok_or_else(|| AppError::new(Kind::Unauthenticated, "not_signed_in"))
    }
}
