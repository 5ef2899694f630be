//! Between sockets and features: the router, who is asking, forms, errors, headers.
//!
//! Not here: any rule of a feature, any SQL.

pub mod access;
pub mod assets;
pub mod authorisation;
pub mod body;
pub mod done;
pub mod error;
pub mod form;
pub mod identity;
pub mod internal;
pub mod json;
pub mod layers;
pub mod listener;
pub mod negotiate;
pub mod render;
pub mod route;
pub mod router;

pub use error::{AppError, FieldError, Kind};
pub use identity::{Identity, SignedIn, Visitor};
pub use route::{Access, Method, Route, Surface};
