//! What an address answers with: a page for people, ActivityPub JSON for programs, at one URL.
//!
//! Source: federation.md §4.7. `Vary: Accept` is set by the layers on every answer.

use axum::http::{HeaderMap, header};

/// Type of every ActivityPub document we serve: it is in the list of every peer.
pub const ACTIVITY_JSON: &str = "application/activity+json; charset=utf-8";

/// Whether the reader asks for ActivityPub JSON rather than a page.
///
/// Mastodon sends `application/activity+json, application/ld+json`; Mitra only the profile form;
/// a browser never names either.
pub fn wants_activity_json(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|accept| {
            accept.split(',').any(|part| {
                let essence = part.split(';').next().unwrap_or_default().trim();
                essence.eq_ignore_ascii_case("application/activity+json")
                    || essence.eq_ignore_ascii_case("application/ld+json")
            })
        })
}

/// Whether a refusal is wanted as JSON: the reader names JSON and no HTML.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let accept = accept.to_ascii_lowercase();
    accept.contains("json") && !accept.contains("text/html")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT, axum::http::HeaderValue::from_static(value))])
    }

    #[test]
    fn programs_of_the_fediverse_get_json_and_browsers_get_pages() {
        assert!(wants_activity_json(&accept(
            "application/activity+json, application/ld+json"
        )));
        assert!(wants_activity_json(&accept(
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""
        )));
        assert!(!wants_activity_json(&accept(
            "text/html,application/xhtml+xml,*/*;q=0.8"
        )));
        assert!(!wants_activity_json(&HeaderMap::new()));
    }
}
