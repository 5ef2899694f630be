//! The views: one module per feature, one plain struct per page.
//!
//! A view holds what its page shows, finished: `String`, `bool`, numbers, hrefs, [`crate::Stamp`],
//! [`crate::SafeHtml`] for foreign text, the closed lists of [`crate::words`], and a [`crate::Form`] where
//! there is something to fill in. The server fills it without reading the template.

pub mod administration;
pub mod agreements;
pub mod errors;
pub mod facilitation;
pub mod help;
pub mod home;
pub mod hubs;
pub mod legal;
pub mod moderation;
pub mod notifications;
pub mod parts;
pub mod people;
pub mod proposals;
pub mod tell;
pub mod time;
pub mod votes;
