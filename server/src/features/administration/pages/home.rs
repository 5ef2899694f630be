//! `/administration`: how the hub is, in a few sentences, and where to act.

use axum::extract::State;
use axum::response::Response;
use interkpa_federation::Instant;
use interkpa_web::views::administration::{AdminHome, Check, Health};
use interkpa_web::views::parts::Link;
use interkpa_web::{Locale, routes};

use super::count;
use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::people::rights::Right;
use crate::features::{moderation, people};
use crate::fediverse::deliver;
use crate::http::error::AppError;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::{json, render};

/// What is counted for the page.
struct Figures {
    dead: i64,
    silent: i64,
    invitations: i64,
    reports: u32,
    members: i64,
}

fn figures(conn: &mut Conn, now: Instant, moderates: bool) -> Result<Figures, StoreError> {
    let (dead, silent) = deliver::troubles(conn)?;
    Ok(Figures {
        dead,
        silent,
        invitations: people::open_invitations(conn, now)?,
        reports: if moderates {
            moderation::open_count(conn)?
        } else {
            0
        },
        members: people::active_count(conn)?,
    })
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
) -> Result<Response, AppError> {
    let (now, moderates) = (app.now(), member.may(Right::Moderate));
    let figures = json::read(&app, move |conn| figures(conn, now, moderates)).await?;
    let l = visitor.locale;
    let members = u64::try_from(figures.members).unwrap_or(0);
    let view = AdminHome {
        checks: checks(&app, l, &figures),
        failed_deliveries: count(figures.dead),
        silent_peers: count(figures.silent),
        open_invitations: count(figures.invitations),
        open_reports: figures.reports,
        members: l.number(members),
    };
    Ok(render::page(&app, &visitor, &view))
}

/// What asks for somebody, worst first; nothing when all is well.
fn checks(app: &App, l: Locale, figures: &Figures) -> Vec<Check> {
    let mut found = Vec::new();
    if figures.dead > 0 {
        found.push(Check {
            health: Health::Bad,
            sentence: l.t1("admin-failed", "n", count(figures.dead)),
            link: Some(Link::new(
                routes::ADMIN_DELIVERIES,
                l.t("admin-deliveries-title"),
            )),
        });
    }
    if figures.silent > 0 {
        found.push(Check {
            health: Health::Warn,
            sentence: l.t1("admin-silent", "n", count(figures.silent)),
            link: Some(Link::new(routes::ADMIN_PEERS, l.t("admin-peers-title"))),
        });
    }
    let said = &app.config.legal;
    let missing = [
        &said.publisher,
        &said.address,
        &said.responsible,
        &said.host,
    ];
    if missing.into_iter().any(String::is_empty) {
        found.push(Check {
            health: Health::Warn,
            sentence: l.t("admin-legal-missing"),
            link: Some(Link::new(routes::LEGAL, l.t("legal-title"))),
        });
    }
    found
}
