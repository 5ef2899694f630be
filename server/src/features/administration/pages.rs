//! Pages of the administration. Complete without JavaScript: every action is a form of its own.

mod deliveries;
mod home;
mod journal;
mod members;
mod peers;

use axum::routing::{get, post};
use interkpa_web::routes as paths;
use serde::Deserialize;

use crate::features::people::rights::Right;
use crate::http::{Access, Route};

/// The routes of this feature's pages.
pub(super) fn routes() -> Vec<Route> {
    let peers_too = Access::Right(Right::ManagePeers);
    let people_too = Access::Right(Right::ManageMembers);
    let reads = Access::Right(Right::ReadAudit);
    vec![
        Route::page(paths::ADMIN, peers_too, get(home::show)),
        Route::page(paths::ADMIN_PEERS, peers_too, get(peers::list)),
        Route::form(paths::ADMIN_PEERS, peers_too, post(peers::allow_new)),
        Route::form(
            "/administration/kpa/{host}/autoriser",
            peers_too,
            post(peers::allow),
        ),
        Route::form(
            "/administration/kpa/{host}/bloquer",
            peers_too,
            post(peers::block),
        ),
        Route::form(
            "/administration/kpa/{host}/reessayer",
            peers_too,
            post(peers::retry),
        ),
        Route::page(paths::ADMIN_DELIVERIES, peers_too, get(deliveries::list)),
        Route::form(
            "/administration/envois/{id}/reessayer",
            peers_too,
            post(deliveries::retry),
        ),
        Route::form(
            "/administration/envois/{id}/abandonner",
            peers_too,
            post(deliveries::give_up),
        ),
        Route::page(
            paths::ADMIN_INVITATIONS,
            people_too,
            get(members::invitations),
        ),
        Route::form(
            "/administration/invitations/{id}/annuler",
            people_too,
            post(members::cancel_invitation),
        ),
        Route::page(paths::ADMIN_MEMBERS, people_too, get(members::list)),
        Route::form(
            "/administration/membres/{id}/roles",
            people_too,
            post(members::set_roles),
        ),
        Route::form(
            "/administration/membres/{id}/suspendre",
            people_too,
            post(members::suspend),
        ),
        Route::form(
            "/administration/membres/{id}/rouvrir",
            people_too,
            post(members::reopen),
        ),
        Route::page(paths::ADMIN_AUDIT, reads, get(journal::show)),
    ]
}

/// Where a list goes on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Part {
    /// Cursor.
    apres: Option<String>,
}

/// A count for a page, never below zero.
fn count(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(if n < 0 { 0 } else { u32::MAX })
}
