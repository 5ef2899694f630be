//! `/administration/journal`: who did what, newest first.

use axum::extract::{Query, State};
use axum::response::Response;
use interkpa_federation::Instant;
use interkpa_web::views::administration::{Audit, AuditFilter, AuditLine};
use interkpa_web::views::parts::Link;
use interkpa_web::{Locale, markup};
use serde::Deserialize;

use crate::app::App;
use crate::db::audit::{self, Entry, Search};
use crate::features::administration::words;
use crate::features::people::{self, Card};
use crate::http::error::AppError;
use crate::http::identity::Visitor;
use crate::http::{json, render};
use crate::ids::MemberId;
use crate::moments;

/// Lines on one page.
const PAGE: i64 = 50;

/// The filters in the address.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// A handle.
    #[serde(default)]
    qui: String,
    /// A command.
    #[serde(default)]
    quoi: String,
    /// Cursor.
    apres: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let after = json::read_cursor(asked.apres.as_deref())?;
    let handle = asked.qui.trim().trim_start_matches('@').to_lowercase();
    let command = asked.quoi.clone();
    let (entries, cards) = json::read(&app, move |conn| {
        let mut search = Search {
            after,
            command: (!command.is_empty()).then_some(command),
            ..Search::default()
        };
        if !handle.is_empty() {
            match people::id_of_handle(conn, &handle)? {
                Some(id) => search.actor = Some(id.to_string()),
                None => return Ok((Vec::new(), Vec::new())),
            }
        }
        let entries = audit::page(conn, &search, PAGE + 1)?;
        let ids: Vec<MemberId> = entries
            .iter()
            .flat_map(|entry| [Some(entry.actor.as_str()), entry.on_behalf_of.as_deref()])
            .flatten()
            .filter_map(MemberId::parse)
            .collect();
        let cards = people::cards(conn, &ids.iter().collect::<Vec<_>>())?;
        Ok((entries, cards))
    })
    .await?;
    let found = json::cut(entries, PAGE, |entry: &Entry| {
        json::cursor(entry.at, &entry.id)
    });
    let (l, now) = (visitor.locale, app.now());
    let view = Audit {
        filter: AuditFilter {
            actor: asked.qui,
            action: asked.quoi,
        },
        actions: words::actions(l),
        lines: found
            .items
            .into_iter()
            .map(|entry| line(l, now, &cards, entry))
            .collect(),
        next: found.next,
    };
    Ok(render::page(&app, &visitor, &view))
}

fn line(l: Locale, now: Instant, cards: &[Card], entry: Entry) -> AuditLine {
    let name = |id: &str| {
        let card = cards.iter().find(|card| card.id.as_str() == id);
        card.map(|card| markup::clean_name(&card.name))
    };
    let actor = match entry.actor_kind.as_str() {
        "member" => name(&entry.actor).unwrap_or_else(|| l.t("audit-left")),
        "operator" => l.t("audit-operator"),
        "system" => l.t("audit-system"),
        _ => entry.actor.clone(),
    };
    let on_behalf = entry
        .on_behalf_of
        .as_deref()
        .map(|who| name(who).unwrap_or_else(|| markup::clean_name(who)));
    // What two people agreed is theirs: the journal says that it changed, and does not lead there.
    let subject = match entry.subject_kind.as_str() {
        "peer" | "delivery_peer" => Some(Link::new(
            interkpa_web::routes::ADMIN_PEERS,
            entry.subject_id.clone(),
        )),
        "delivery" => Some(Link::new(
            interkpa_web::routes::ADMIN_DELIVERIES,
            l.t("admin-deliveries-title"),
        )),
        "invitation" => Some(Link::new(
            interkpa_web::routes::ADMIN_INVITATIONS,
            l.t("admin-invitations-title"),
        )),
        _ => None,
    };
    AuditLine {
        at: moments::ago(l, entry.at, now),
        actor,
        on_behalf,
        action: words::of_action(l, &entry.command),
        subject,
        change: words::of_change(
            l,
            &entry.subject_kind,
            entry.old_state.as_deref(),
            entry.new_state.as_deref(),
        ),
        reason: words::of_reason(l, &entry.command, entry.reason),
    }
}
