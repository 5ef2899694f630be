//! The page of a member, with the lines this reader may see. Its address is that of the Person too:
//! the handler that chooses between both is in `fediverse/actors.rs`.

use axum::response::Response;
use interkpa_web::views::agreements::Contact;
use interkpa_web::views::parts::{Link, Person};
use interkpa_web::views::people::MemberPage;
use interkpa_web::words::Audience;
use interkpa_web::{markup, routes};

use crate::app::App;
use crate::db::error::StoreError;
use crate::features::people::profile::Profile;
use crate::features::people::{public_member, store};
use crate::features::proposals::latest::{Of, latest};
use crate::http::error::AppError;
use crate::http::identity::Identity;
use crate::http::render;
use crate::ids::MemberId;

/// The page: for members of this hub, and for everybody if the member opted into a public actor.
///
/// # Errors
/// 404 for whom it is not meant for, as for who does not exist.
pub async fn page(
    app: &App,
    visitor: &Identity,
    id: &MemberId,
    after: Option<&str>,
) -> Result<Response, AppError> {
    let wanted = id.clone();
    let (public, profile) = app
        .store
        .read(move |conn| -> Result<_, StoreError> {
            let public = public_member(conn, &wanted)?;
            if store::state(conn, wanted.as_str())?.as_deref() != Some("active") {
                return Ok((public, None));
            }
            Ok((public, Some(store::account::profile(conn, &wanted)?)))
        })
        .await?;
    let profile = profile.ok_or_else(AppError::not_found)?;
    if visitor.member.is_none() && public.is_none() {
        return Err(AppError::not_found());
    }
    let lines = Lines {
        profile: &profile,
        in_hub: visitor.member.is_some(),
    };
    let (cards, next) = latest(app, visitor, Of::Member(id.clone()), after).await?;
    let href = format!("/members/{id}");
    let handle = public.map(|member| format!("@{}@{}", member.handle, app.origin.authority()));
    let view = MemberPage {
        person: Person::new(&profile.name),
        handle,
        hub: None,
        about: markup::member_text(lines.shown("about", &profile.about).unwrap_or_default()),
        skills: lines
            .shown("skills", &profile.skills)
            .map(|text| {
                text.lines()
                    .map(markup::clean_name)
                    .filter(|l| !l.is_empty())
                    .collect()
            })
            .unwrap_or_default(),
        languages: lines.line("languages", &profile.languages),
        place: lines.line("place", &profile.place),
        contacts: lines.contacts(),
        cards,
        next: next.map(|cursor| Link::new(format!("{href}?apres={cursor}"), "")),
        is_me: visitor
            .member
            .as_ref()
            .is_some_and(|member| member.id == *id),
        looks_like_another: false,
        href,
    };
    Ok(render::page(app, visitor, &view))
}

/// The lines of a profile for one kind of reader.
struct Lines<'a> {
    profile: &'a Profile,
    in_hub: bool,
}

impl Lines<'_> {
    /// A line this reader may see and that says something.
    fn shown<'t>(&self, field: &str, text: &'t str) -> Option<&'t str> {
        let consents = &self.profile.consents;
        let may = consents.of(field) == Audience::Public
            || (self.in_hub && consents.lets_members_of_this_hub(field));
        Some(text.trim()).filter(|text| may && !text.is_empty())
    }

    fn line(&self, field: &str, text: &str) -> Option<String> {
        self.shown(field, text).map(markup::clean_name)
    }

    /// A telephone and an address are shown inside this hub at most.
    fn contacts(&self) -> Vec<Contact> {
        if !self.in_hub {
            return Vec::new();
        }
        let phone = self
            .line("phone", &self.profile.phone)
            .map(|phone| Contact {
                icon: "phone",
                href: Some(routes::tel(&phone)),
                text: phone,
            });
        let email = self
            .line("email", &self.profile.email)
            .map(|email| Contact {
                icon: "send",
                href: Some(format!(
                    "mailto:{}",
                    routes::percent_encode(&email).replace("%40", "@")
                )),
                text: email,
            });
        phone.into_iter().chain(email).collect()
    }
}
