//! `/administration/membres` and `/administration/invitations`.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use interkpa_web::chrome::Notice;
use interkpa_web::routes;
use interkpa_web::views::administration::{
    InvitationLine, InvitationState, Invitations, MemberLine, MemberState, Members,
};
use interkpa_web::views::parts::{Link, Person};
use interkpa_web::words::{Permission, Role as RoleWord};
use serde::Deserialize;

use super::Part;
use crate::app::App;
use crate::db::conn::Conn;
use crate::features::people::commands::{By, team};
use crate::features::people::rights::{Role, Roles};
use crate::features::people::{self, InvitationRow, MemberRow};
use crate::http::error::AppError;
use crate::http::form::Form;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::{done, json, render};
use crate::ids::MemberId;
use crate::moments;

/// Lines on one page.
const PAGE: i64 = 50;

/// Which invitations were made and where they stand.
pub(super) async fn invitations(
    State(app): State<App>,
    visitor: Visitor,
    Query(part): Query<Part>,
) -> Result<Response, AppError> {
    let after = json::read_cursor(part.apres.as_deref())?;
    let rows = json::read(&app, move |conn| {
        people::invitations_page(conn, after, PAGE + 1)
    })
    .await?;
    let found = json::cut(rows, PAGE, |row: &InvitationRow| {
        json::cursor(row.created_at, &row.id)
    });
    let (l, now) = (visitor.locale, app.now());
    let line = |row: InvitationRow| InvitationLine {
        href: format!("{}/{}", routes::ADMIN_INVITATIONS, row.id),
        by: if row.by.is_empty() {
            app.config.hub.name.clone()
        } else {
            row.by
        },
        role: row
            .role
            .and_then(|role| RoleWord::from_code(role.as_str()))
            .unwrap_or(RoleWord::User),
        state: match row.state.as_str() {
            "used" => InvitationState::Used,
            "revoked" => InvitationState::Cancelled,
            _ if row.expires_at <= now => InvitationState::Expired,
            _ => InvitationState::Open,
        },
        created: moments::ago(l, row.created_at, now),
        expires: moments::ago(l, row.expires_at, now),
        name: row.name,
    };
    let view = Invitations {
        lines: found.items.into_iter().map(line).collect(),
        next: found
            .next
            .map(|cursor| Link::new(format!("{}?apres={cursor}", routes::ADMIN_INVITATIONS), "")),
    };
    Ok(render::page(&app, &visitor, &view))
}

/// Takes an invitation back.
pub(super) async fn cancel_invitation(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let scope = format!("invitation_cancel:{}:{id}", member.id);
    let (notice, by) = (Notice::InvitationCancelled, By::Member(member.id));
    done::once(&app, scope, form.once(), notice, move |app, tx, _now| {
        team::cancel_invitation_in(app, tx, &by, &id).map(|()| routes::ADMIN_INVITATIONS.to_owned())
    })
    .await
}

/// What narrows the list of members.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// Part of a handle or a name.
    #[serde(default)]
    q: String,
    /// The handle of the last one seen.
    apres: Option<String>,
}

/// Members, their roles, and whether their account works.
pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let typed: String = asked.q.trim().chars().take(100).collect();
    let words = typed.trim_start_matches('@').to_owned();
    let (rows, total) = json::read(&app, move |conn| {
        let rows = people::members_page(conn, &words, asked.apres.as_deref(), PAGE + 1)?;
        Ok((rows, people::active_count(conn)?))
    })
    .await?;
    let found = json::cut(rows, PAGE, |row: &MemberRow| row.handle.clone());
    let (l, now) = (visitor.locale, app.now());
    let line = |(place, row): (usize, MemberRow)| MemberLine {
        href: format!("{}/{}", routes::ADMIN_MEMBERS, row.id),
        key: format!("m{place}"),
        person: Person::new(&row.name),
        roles: of_words(&row.roles, RoleWord::from_code),
        permissions: of_words(&row.roles, Permission::from_code),
        state: match row.state.as_str() {
            "suspended" => MemberState::Suspended,
            "deleted" => MemberState::Deleted,
            _ => MemberState::Active,
        },
        last_seen: row.seen_at.map(|at| moments::ago(l, at, now)),
        is_me: row.id == member.id,
        handle: row.handle,
    };
    let view = Members {
        lines: found.items.into_iter().enumerate().map(line).collect(),
        total: l.number(u64::try_from(total).unwrap_or(0)),
        next: found.next.map(|cursor| {
            let query = routes::percent_encode(&typed);
            let cursor = routes::percent_encode(&cursor);
            let href = format!("{}?q={query}&apres={cursor}", routes::ADMIN_MEMBERS);
            Link::new(href, "")
        }),
        words: typed,
    };
    Ok(render::page(&app, &visitor, &view))
}

fn of_words<T>(roles: &Roles, from_code: impl Fn(&str) -> Option<T>) -> Vec<T> {
    roles
        .iter()
        .filter_map(|role| from_code(role.as_str()))
        .collect()
}

fn subject(id: &str) -> Result<MemberId, AppError> {
    MemberId::parse(id).ok_or_else(AppError::not_found)
}

/// Sets the roles and permissions of somebody else to what is ticked.
pub(super) async fn set_roles(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let ticked = form.all("role").chain(form.all("permission"));
    let wanted: Roles = ticked
        .filter_map(|word| word.parse::<Role>().ok())
        .collect();
    let what = ("member_roles", Notice::RolesChanged);
    change(&app, member, &id, &form, what, move |app, tx, by, id| {
        team::set_roles_in(app, tx, by, id, &wanted)
    })
    .await
}

/// Closes somebody's account for a time.
pub(super) async fn suspend(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let what = ("member_suspend", Notice::MemberChanged);
    change(&app, member, &id, &form, what, team::suspend_in).await
}

/// Opens a suspended account again.
pub(super) async fn reopen(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let what = ("member_reopen", Notice::MemberChanged);
    change(&app, member, &id, &form, what, team::reopen_in).await
}

/// One decision about a member, once for each showing of its form.
async fn change(
    app: &App,
    member: SignedIn,
    id: &str,
    form: &Form,
    (name, notice): (&'static str, Notice),
    change: impl FnOnce(&App, &mut Conn, &By, &MemberId) -> Result<(), AppError> + Send + 'static,
) -> Result<Response, AppError> {
    let id = subject(id)?;
    let (scope, by) = (format!("{name}:{}:{id}", member.id), By::Member(member.id));
    done::once(app, scope, form.once(), notice, move |app, tx, _now| {
        change(app, tx, &by, &id).map(|()| routes::ADMIN_MEMBERS.to_owned())
    })
    .await
}
