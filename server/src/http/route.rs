//! A route and who may take it: the authorisation table is the list of routes itself.
//!
//! Every route names its [`Access`]; the router cannot be built without it, and the layer in
//! [`access`](crate::http::access) enforces it before the handler runs. The matrix test sends every
//! route × every identity and compares with the same table (promise P13).

use axum::routing::MethodRouter;

use crate::app::App;
use crate::features::people::rights::Right;

/// Who may take a route. What depends on the thing itself (its owner, its parties) is checked by
/// the handler on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, signed in or not.
    Anyone,
    /// Anybody signed in whose account is active.
    Member,
    /// A member with this right.
    Right(Right),
    /// Another server: the handler checks its signature. No cookie counts here.
    Peer,
}

/// For whom a route answers, which decides how it answers a refusal and which credentials count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// Pages for people: cookie session, CSRF token in each form.
    Page,
    /// `/api/v1`: bearer token.
    Api,
    /// ActivityPub and discovery: HTTP signature.
    Fediverse,
}

/// HTTP method of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Changes.
    Post,
    /// Takes away (API only).
    Delete,
}

/// One entry of the authorisation table.
pub struct Route {
    /// Method it answers.
    pub method: Method,
    /// Path pattern of axum, `/annonces/{id}`.
    pub path: &'static str,
    /// Who may take it.
    pub access: Access,
    /// For whom it answers.
    pub surface: Surface,
    /// Largest body taken in, in bytes.
    pub body_bytes_max: usize,
    /// What answers.
    pub handler: MethodRouter<App>,
}

/// Largest body of a form without files, in bytes.
pub const FORM_BYTES_MAX: usize = 256 << 10;

impl Route {
    fn new(
        method: Method,
        path: &'static str,
        access: Access,
        surface: Surface,
        handler: MethodRouter<App>,
    ) -> Self {
        Self {
            method,
            path,
            access,
            surface,
            body_bytes_max: FORM_BYTES_MAX,
            handler,
        }
    }

    /// A page. `handler` is `axum::routing::get(…)`.
    pub fn page(path: &'static str, access: Access, handler: MethodRouter<App>) -> Self {
        Self::new(Method::Get, path, access, Surface::Page, handler)
    }

    /// The action of a form. `handler` is `axum::routing::post(…)`.
    pub fn form(path: &'static str, access: Access, handler: MethodRouter<App>) -> Self {
        Self::new(Method::Post, path, access, Surface::Page, handler)
    }

    /// A part of the JSON twin.
    pub fn api(
        method: Method,
        path: &'static str,
        access: Access,
        handler: MethodRouter<App>,
    ) -> Self {
        Self::new(method, path, access, Surface::Api, handler)
    }

    /// A part of the fediverse surface.
    pub fn fediverse(method: Method, path: &'static str, handler: MethodRouter<App>) -> Self {
        let access = if method == Method::Post {
            Access::Peer
        } else {
            Access::Anyone
        };
        Self::new(method, path, access, Surface::Fediverse, handler)
    }

    /// The same route with another bound on its body.
    #[must_use]
    pub fn body_bytes_max(mut self, bytes: usize) -> Self {
        self.body_bytes_max = bytes;
        self
    }
}
