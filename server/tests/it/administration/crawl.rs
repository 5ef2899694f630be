//! Every link and every form leads somewhere, for everybody who is shown it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use interkpa_server::features::people::rights::Role;
use interkpa_server::ids::MemberId;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::TestHub;
use serde_json::json;

use super::Stage;

/// More pages than this hub has.
const PAGES_MAX: usize = 600;

/// The value of an attribute of one tag.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

/// Links, and actions of forms with whether they are POSTs, of one page.
fn ways_out(html: &str) -> (Vec<String>, Vec<(String, bool)>) {
    let (mut links, mut forms) = (Vec::new(), Vec::new());
    let plain = |text: &str| text.replace("&amp;", "&").replace("&#38;", "&");
    for tag in html.split('<').filter_map(|part| part.split('>').next()) {
        if let Some(href) = attribute(tag, "href") {
            links.push(plain(href));
        }
        if tag.starts_with("form")
            && let Some(action) = attribute(tag, "action")
        {
            forms.push((plain(action), attribute(tag, "method") == Some("post")));
        }
    }
    (links, forms)
}

/// The path of a link of this hub, without its fragment.
fn ours(hub: &TestHub, href: &str) -> Option<String> {
    let href = href.split('#').next().unwrap_or_default();
    let path = href.strip_prefix(hub.origin().as_str()).unwrap_or(href);
    path.starts_with('/').then(|| path.to_owned())
}

/// Walks everything reachable from the first page; what led nowhere, and the pages seen.
async fn walk(hub: &TestHub, member: Option<&TestMember>) -> (Vec<String>, BTreeSet<String>) {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::from(["/".to_owned()]);
    let mut posted = BTreeSet::new();
    let mut next = VecDeque::from(["/".to_owned()]);
    let mut from = BTreeMap::new();
    while let Some(path) = next.pop_front() {
        let answer = hub.page(member, &path).await;
        let came = from.get(&path).cloned().unwrap_or_default();
        // 303: a visitor is asked to sign in, and comes back.
        if !matches!(answer.status, 200 | 303) {
            wrong.push(format!("{path}: {} (from {came})", answer.status));
            continue;
        }
        let (mut links, forms) = ways_out(&answer.text);
        links.extend(
            Some(answer.header("location").to_owned()).filter(|location| !location.is_empty()),
        );
        for (action, is_post) in forms {
            let Some(action) = ours(hub, &action) else {
                wrong.push(format!("{path}: a form sends to {action}"));
                continue;
            };
            if !is_post {
                links.push(action);
            } else if posted.insert(action.clone()) {
                let status = refused(hub, member, &action).await;
                // A visitor is asked to sign in first; nothing typed is lost by it.
                if !matches!(status, 401 | 403) {
                    wrong.push(format!("POST {action}: {status} (from {path})"));
                }
            }
        }
        for href in links.iter().filter_map(|href| ours(hub, href)) {
            if seen.insert(href.clone()) {
                from.insert(href.clone(), path.clone());
                next.push_back(href);
            }
        }
        assert!(seen.len() < PAGES_MAX, "the walk does not end: {seen:?}");
    }
    (wrong, seen)
}

/// What a form without its token gets: 403 where a handler stands, and nothing happens.
async fn refused(hub: &TestHub, member: Option<&TestMember>, action: &str) -> u16 {
    let nobody = TestMember {
        csrf: "not the token".to_owned(),
        ..match member {
            Some(member) => member.clone(),
            None => TestMember {
                id: MemberId::known("0199c0de-7000-7000-8000-00000000dead".to_owned()),
                handle: String::new(),
                token: String::new(),
                cookie: "none".to_owned(),
                csrf: String::new(),
                actor: hub.uri("/hub"),
            },
        }
    };
    hub.form(&nobody, action, &[]).await.status
}

/// A hub in which something of everything is there.
async fn lived_in() -> (Stage, TestMember, TestMember) {
    let mut stage = Stage::new().await;
    stage.undelivered().await;
    let aicha = stage.hub.member("aicha").public_actor().create().await;
    let bruno = stage.hub.member("bruno").create().await;
    stage.hub.member("fatou").suspended().create().await;
    let offer = json!({"purpose": "offer", "title": "Un vélo", "settlements": ["gift"],
        "visibility": "public", "text": "À prendre."});
    let made = stage
        .hub
        .api(&aicha, "POST", "/api/v1/proposals", Some(offer))
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let answer = json!({"message": "Je viens."});
    let path = format!("/api/v1/proposals/{id}/responses");
    let response = stage.hub.api(&bruno, "POST", &path, Some(answer)).await;
    let response = response.json()["id"].as_str().unwrap().to_owned();
    let report = format!("/api/v1/proposals/{id}/report");
    stage
        .hub
        .api(&bruno, "POST", &report, Some(json!({"reason": "spam"})))
        .await;
    let invited = stage
        .post(
            "/api/v1/invitations",
            json!({"name": "Oumar", "role": "user"}),
        )
        .await;
    assert_eq!(invited.status, 201, "{}", invited.text);
    let accept = format!("/api/v1/responses/{response}/accept");
    let accepted = stage
        .hub
        .api(&aicha, "POST", &accept, Some(json!({})))
        .await;
    assert_eq!(accepted.status, 201, "{}", accepted.text);
    (stage, aicha, bruno)
}

#[tokio::test]
async fn every_link_and_every_form_that_somebody_is_shown_leads_somewhere() {
    let (stage, aicha, bruno) = lived_in().await;
    let karima = stage
        .hub
        .member("karima")
        .role(Role::Facilitator)
        .create()
        .await;
    let leo = stage
        .hub
        .member("leo")
        .role(Role::Spokesperson)
        .create()
        .await;
    let accueil = stage.hub.member("accueil").role(Role::Desk).create().await;
    let readers = [
        ("a visitor", None),
        ("an author", Some(&aicha)),
        ("who answered", Some(&bruno)),
        ("a facilitator", Some(&karima)),
        ("a spokesperson", Some(&leo)),
        ("the desk", Some(&accueil)),
        ("the technical administrator", Some(&stage.admin)),
    ];

    for (who, reader) in readers {
        let (wrong, seen) = walk(&stage.hub, reader).await;

        assert!(wrong.is_empty(), "{who}:\n{}", wrong.join("\n"));
        assert!(seen.len() > 30, "{who} sees {} pages", seen.len());
        let administers = seen.contains("/administration");
        assert_eq!(administers, who == "the technical administrator", "{who}");
    }
}
