//! The register: who has a voice, by which key, who hosts whom; and a sheet of fingerprints to print.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use interkpa_federation::Origin;
use interkpa_federation::governance::effect::Standing;
use interkpa_federation::governance::electorate::Entry;
use interkpa_federation::governance::numbers::Numbers;
use interkpa_federation::governance::register::Presence;
use interkpa_web::views::votes::{RegisterLine, RegisterPage};
use interkpa_web::{Locale, markup};

use crate::app::App;
use crate::db::error::StoreError;
use crate::features::votes::fingerprint::{fingerprint, in_groups};
use crate::features::votes::register::{self, Home, Network};
use crate::http::identity::Visitor;
use crate::http::{AppError, render};
use crate::moments;

/// `GET /registre`.
///
/// # Errors
/// Those of the store.
pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, AppError> {
    answer(&app, &visitor, false).await
}

/// `GET /registre/empreintes`: the fingerprints, to read aloud and to pin up.
///
/// # Errors
/// Those of the store.
pub(super) async fn sheet(State(app): State<App>, visitor: Visitor) -> Result<Response, AppError> {
    answer(&app, &visitor, true).await
}

async fn answer(app: &App, visitor: &Visitor, is_sheet: bool) -> Result<Response, AppError> {
    let now = app.now();
    let network = app
        .store
        .read(move |conn| -> Result<_, StoreError> { register::at(conn, now) })
        .await?;
    let page = page(app, visitor.locale, network.as_ref(), is_sheet)?;
    Ok(render::page(app, visitor, &page))
}

fn page(
    app: &App,
    l: Locale,
    network: Option<&Network>,
    is_sheet: bool,
) -> Result<RegisterPage, StoreError> {
    let me = register::own_id(app)?;
    let entries = network.map(|network| network.register.entries());
    let entries = entries.unwrap_or_default();
    let home = |entry: &Entry| network.and_then(|network| network.homes.get(&entry.hub));
    let voices = entries.iter().filter(|entry| entry.has_a_voice).count();
    let may_fail = Numbers::of(voices).may_fail();
    let mut lines: Vec<RegisterLine> = entries
        .iter()
        .map(|entry| line(l, entry, home(entry), entry.hub == me))
        .collect();
    lines.sort_by_key(|line| line.name.to_lowercase());
    let with_voice = entries.iter().filter(|entry| entry.has_a_voice);
    let hosts = hosts(with_voice.filter_map(home));
    let too_many = hosts
        .into_iter()
        .filter(|(_, many)| *many > may_fail && *many > 1);
    Ok(RegisterPage {
        is_sheet,
        network: network
            .map(|network| network.name.clone())
            .unwrap_or_default(),
        genesis: network
            .map(|network| in_groups(network.genesis))
            .unwrap_or_default(),
        voices,
        may_fail,
        warnings: too_many
            .map(|(host, many)| l.t2("register-warning", "host", host, "n", many))
            .collect(),
        lines,
        at: moments::in_full(l, app.now()),
    })
}

/// How many voices each host holds.
fn hosts<'h>(homes: impl Iterator<Item = &'h Home>) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for home in homes {
        let host = home.hosted_by.as_deref().unwrap_or(&home.name);
        *found.entry(markup::clean_name(host)).or_insert(0) += 1;
    }
    found
}

fn line(l: Locale, entry: &Entry, home: Option<&Home>, is_own: bool) -> RegisterLine {
    let actor = home.map(|home| home.actor.as_str()).unwrap_or_default();
    let site = Origin::parse(actor).map(|origin| origin.as_str().to_owned());
    let name = home.map_or_else(|| entry.hub.to_string(), |home| home.name.clone());
    RegisterLine {
        name: markup::clean_name(&name),
        href: site.unwrap_or_default(),
        is_own,
        standing: l.t(standing(entry)),
        fingerprint: fingerprint(&entry.key),
        host: home
            .and_then(|home| home.hosted_by.as_deref())
            .map(markup::clean_name),
    }
}

const fn standing(entry: &Entry) -> &'static str {
    match (entry.standing, entry.presence) {
        (Standing::Left, _) => "register-standing-left",
        (Standing::Paused, _) => "register-standing-paused",
        (Standing::Member, Presence::Away) => "register-standing-away",
        (Standing::Member, Presence::Back) if entry.has_a_voice => "register-standing-voice",
        (Standing::Member, Presence::Back) => "register-standing-observer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_counts_its_own_voice_and_those_that_live_on_it() {
        let home = |name: &str, host: Option<&str>| Home {
            actor: String::new(),
            name: name.to_owned(),
            hosted_by: host.map(ToOwned::to_owned),
        };
        let homes = [
            home("La Bobinette", None),
            home("La Criée", Some("La Bobinette")),
            home("Deux Voiles", None),
        ];

        let found = hosts(homes.iter());

        assert_eq!(found.get("La Bobinette"), Some(&2));
        assert_eq!(found.get("Deux Voiles"), Some(&1));
        assert_eq!(found.get("La Criée"), None);
    }
}
