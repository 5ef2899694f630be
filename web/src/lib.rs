//! The pages of Inter-KPA: view models, templates, locales, forms and assets.
//!
//! A handler of the server builds a view (a plain struct of `views/`), then calls
//! [`render`]`(&view, locale, &chrome)` and answers the string. Views hold finished values (« 1 h 30 »,
//! an href), never rows or ids to look up; the formatting helpers are methods of [`Locale`].
//!
//! What is **not** here: no database, no HTTP, no clock, no file read at run time, nothing of the
//! federation. Everything a page shows is in its view or in its [`Chrome`].
//!
//! | you want to | look at |
//! |---|---|
//! | add a page | a struct and `impl Page` in `views/<feature>.rs`, a template, its keys in both locales, one line in `gallery.rs` |
//! | show a form again with its errors | [`Form`] |
//! | link somewhere | [`routes`] |
//! | show what a member or a stranger wrote | [`markup`] |

pub mod assets;
pub mod chrome;
pub mod form;
pub mod gallery;
pub mod locale;
pub mod markup;
mod page;
pub mod qr;
pub mod routes;
pub mod views;
pub mod words;

pub use chrome::{Chrome, Flash, Viewer};
pub use form::{Choice, Form, Problem};
pub use locale::{Locale, Stamp};
pub use markup::SafeHtml;
pub use page::{Page, Sample, Section, Width, render};

pub(crate) use page::icon;
