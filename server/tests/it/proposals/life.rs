//! One hub: what a proposal goes through, who may do what, what lists show.

use interkpa_federation::Span;
use interkpa_server::features::people::rights::Role;
use interkpa_server::features::proposals::ProposalError;
use interkpa_server::features::proposals::{self, Refusal};
use interkpa_server::ids::ProposalId;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

use super::{get, need, offer, path_of, post, publish, titles};

async fn hub(seed: u64) -> (TestNetwork, TestHub) {
    let network = TestNetwork::new(seed);
    let hub = network.hub("bobinette").await;
    (network, hub)
}

fn key(proposal: &Value) -> ProposalId {
    ProposalId::parse(proposal["id"].as_str().unwrap()).unwrap()
}

async fn take(hub: &TestHub, proposal: &Value, units: i64) -> Result<(), ProposalError> {
    let (app, id) = (hub.app.clone(), key(proposal));
    hub.app
        .write(move |tx| proposals::take(&app, tx, app.now(), &id, units).map(drop))
        .await
}

async fn give_back(hub: &TestHub, proposal: &Value, units: i64) -> Result<(), ProposalError> {
    let (app, id) = (hub.app.clone(), key(proposal));
    hub.app
        .write(move |tx| proposals::give_back(&app, tx, app.now(), &id, units).map(drop))
        .await
}

#[tokio::test]
async fn a_published_offer_is_answered_with_its_address_and_read_back() {
    let (_network, hub) = hub(1).await;
    let aicha = hub.member("aicha").create().await;

    let body = offer(
        "Cours de couture",
        json!({
            "description": "Deux heures **ensemble**", "minutes": "2 h", "quantity": 4,
            "price": "12,50", "expires": "3/12",
        }),
    );
    let made = publish(&hub, &aicha, body).await;

    assert_eq!(made["visibility"], "public");
    assert_eq!(made["url"], made["uri"]);
    assert_eq!(made["minutes"], 120);
    assert_eq!(made["price_cents"], 1_250);
    assert_eq!(made["available"], 4);
    assert_eq!(made["expires"], "2026-12-03T23:00:00Z");
    assert_eq!(
        made["content"],
        "<p>Deux heures <strong>ensemble</strong></p>\n"
    );
    let read = get(&hub, &aicha, &path_of(&made, "")).await.json();
    assert_eq!(read, made);
}

#[tokio::test]
async fn a_refused_body_names_each_field_as_it_was_sent() {
    let (_network, hub) = hub(2).await;
    let aicha = hub.member("aicha").create().await;

    let body = json!({"purpose": "offer", "title": "ab", "settlements": [], "visibility": "world"});
    let refused = post(&hub, &aicha, "/api/v1/proposals", body).await;

    assert_eq!(refused.status, 422);
    let mut fields: Vec<String> = refused.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            format!(
                "{}:{}",
                error["field"].as_str().unwrap(),
                error["code"].as_str().unwrap()
            )
        })
        .collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "settlements:required",
            "title:too_short",
            "visibility:unknown_choice"
        ]
    );
    assert!(
        titles(&hub, &aicha, "").await.is_empty(),
        "nothing was written"
    );
}

#[tokio::test]
async fn the_same_idempotency_key_publishes_once() {
    let (_network, hub) = hub(3).await;
    let aicha = hub.member("aicha").create().await;
    let call = || async {
        let headers = [
            (
                "authorization".to_owned(),
                format!("Bearer {}", aicha.token),
            ),
            ("content-type".to_owned(), "application/json".to_owned()),
            ("idempotency-key".to_owned(), "once-1".to_owned()),
        ];
        let body = offer("Cours de couture", json!({}))
            .to_string()
            .into_bytes();
        interkpa_server::testing::caller::Caller::new()
            .send("POST", &hub.uri("/api/v1/proposals"), &headers, Some(body))
            .await
    };

    let (first, second) = (call().await, call().await);

    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.json(), second.json());
    assert_eq!(titles(&hub, &aicha, "").await.len(), 1);
}

#[tokio::test]
async fn accents_and_plurals_do_not_matter_when_searching() {
    let (_network, hub) = hub(4).await;
    let lucien = hub.member("lucien").create().await;
    publish(
        &hub,
        &lucien,
        offer("Réparation de l'éclairage du vélo", json!({})),
    )
    .await;
    publish(&hub, &lucien, offer("Cours de couture", json!({}))).await;

    let found = titles(&hub, &lucien, "?q=reparer%20eclairage%20velos").await;

    assert_eq!(found, ["Réparation de l'éclairage du vélo"]);
    assert!(
        titles(&hub, &lucien, "?q=de%20la").await.is_empty(),
        "nothing to look for finds nothing"
    );
    assert!(titles(&hub, &lucien, "?q=perceuse").await.is_empty());
}

#[tokio::test]
async fn filters_narrow_and_pages_follow_each_other_without_gap() {
    let (network, hub) = hub(5).await;
    let aicha = hub.member("aicha").create().await;
    for n in 0..7 {
        network.clock.advance(Span::minutes(1));
        let body = if n % 2 == 0 {
            offer(&format!("Offre {n}"), json!({"category": "textile"}))
        } else {
            need(
                &format!("Besoin {n}"),
                json!({"settlements": ["gift", "barter"]}),
            )
        };
        publish(&hub, &aicha, body).await;
    }

    assert_eq!(
        titles(&hub, &aicha, "?purpose=request").await,
        ["Besoin 5", "Besoin 3", "Besoin 1"]
    );
    assert_eq!(titles(&hub, &aicha, "?settlement=barter").await.len(), 3);
    assert_eq!(
        titles(&hub, &aicha, "?category=textile&hub=own")
            .await
            .len(),
        4
    );
    assert!(
        titles(&hub, &aicha, "?hub=https://elsewhere.example")
            .await
            .is_empty()
    );

    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let page = get(
            &hub,
            &aicha,
            &format!("/api/v1/proposals?limit=3&after={after}"),
        )
        .await
        .json();
        all.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|i| i["title"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    assert_eq!(
        all,
        [
            "Offre 6", "Besoin 5", "Offre 4", "Besoin 3", "Offre 2", "Besoin 1", "Offre 0"
        ]
    );
    let bad = get(&hub, &aicha, "/api/v1/proposals?after=1-x").await;
    assert_eq!((bad.status, bad.code().as_str()), (400, "cursor_unknown"));
    let bad = get(&hub, &aicha, "/api/v1/proposals?purpose=vote").await;
    assert_eq!(bad.status, 422);
}

#[tokio::test]
async fn a_member_cannot_change_anothers_offer_and_a_facilitator_can() {
    let (_network, hub) = hub(6).await;
    let aicha = hub.member("aicha").create().await;
    let bruno = hub.member("bruno").create().await;
    let karima = hub.member("karima").role(Role::Facilitator).create().await;
    let made = publish(&hub, &aicha, offer("Cours de couture", json!({}))).await;

    for action in ["/withdraw", "/fulfil", "/suspend", ""] {
        let refused = post(
            &hub,
            &bruno,
            &path_of(&made, action),
            json!({"title": "Volé"}),
        )
        .await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (403, "forbidden"),
            "{action}"
        );
    }
    let changed = post(
        &hub,
        &karima,
        &path_of(&made, ""),
        json!({"title": "Couture"}),
    )
    .await;
    assert_eq!(
        (changed.status, changed.json()["title"].as_str()),
        (200, Some("Couture"))
    );
    assert_eq!(
        changed.json()["description"],
        made["description"],
        "the rest stays"
    );
}

#[tokio::test]
async fn a_change_over_an_older_revision_is_refused() {
    let (_network, hub) = hub(7).await;
    let aicha = hub.member("aicha").create().await;
    let made = publish(&hub, &aicha, offer("Cours de couture", json!({}))).await;
    let rev = made["rev"].clone();

    let first = post(
        &hub,
        &aicha,
        &path_of(&made, ""),
        json!({"title": "Couture A", "rev": rev}),
    )
    .await;
    let second = post(
        &hub,
        &aicha,
        &path_of(&made, ""),
        json!({"title": "Couture B", "rev": rev}),
    )
    .await;

    assert_eq!(first.status, 200);
    assert_eq!(
        (second.status, second.code().as_str()),
        (409, "changed_meanwhile")
    );
}

#[tokio::test]
async fn what_was_taken_back_is_gone_for_those_who_could_see_it_and_unknown_to_others() {
    let (_network, hub) = hub(8).await;
    let aicha = hub.member("aicha").create().await;
    let bruno = hub.member("bruno").create().await;
    let shown = publish(&hub, &aicha, offer("Cours de couture", json!({}))).await;
    let private = publish(
        &hub,
        &aicha,
        offer("Brouillon", json!({"visibility": "private"})),
    )
    .await;

    assert_eq!(get(&hub, &bruno, &path_of(&private, "")).await.status, 404);
    assert_eq!(titles(&hub, &bruno, "").await, ["Cours de couture"]);
    assert_eq!(
        titles(&hub, &aicha, "").await.len(),
        2,
        "one's own private ones are one's own"
    );
    for made in [&shown, &private] {
        assert_eq!(
            hub.api(&aicha, "DELETE", &path_of(made, ""), None)
                .await
                .status,
            204
        );
    }
    assert_eq!(get(&hub, &bruno, &path_of(&shown, "")).await.status, 410);
    assert_eq!(get(&hub, &bruno, &path_of(&private, "")).await.status, 404);
    assert!(titles(&hub, &aicha, "").await.is_empty());
    let again = post(&hub, &aicha, &path_of(&shown, "/fulfil"), json!({})).await;
    assert_eq!(again.status, 410);
}

#[tokio::test]
async fn units_are_never_promised_twice_and_the_last_one_fulfils() {
    let (_network, hub) = hub(9).await;
    let aicha = hub.member("aicha").create().await;
    let made = publish(&hub, &aicha, offer("Quatre places", json!({"quantity": 4}))).await;

    // Six tries for one unit each at the same time: four find one (I-01).
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let (app, id) = (hub.app.clone(), key(&made));
        tries.spawn(async move {
            let inner = app.clone();
            app.write(move |tx| proposals::take(&inner, tx, inner.now(), &id, 1).map(drop))
                .await
        });
    }
    let mut taken = 0;
    for done in tries.join_all().await {
        match done {
            Ok(()) => taken += 1,
            Err(ProposalError::Refused(refusal)) => assert_eq!(refusal, Refusal::Closed),
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(taken, 4);
    let now = get(&hub, &aicha, &path_of(&made, "")).await.json();
    assert_eq!(
        (now["available"].as_i64(), now["state"].as_str()),
        (Some(0), Some("fulfilled"))
    );
    assert!(
        titles(&hub, &aicha, "").await.is_empty(),
        "what is found leaves the list"
    );

    give_back(&hub, &made, 1).await.unwrap();
    let now = get(&hub, &aicha, &path_of(&made, "")).await.json();
    assert_eq!(
        (now["available"].as_i64(), now["state"].as_str()),
        (Some(1), Some("published"))
    );
    let too_many = take(&hub, &made, 2).await.unwrap_err();
    assert!(matches!(
        too_many,
        ProposalError::Refused(Refusal::NoLongerAvailable)
    ));
    let more = give_back(&hub, &made, 9).await.unwrap_err();
    assert!(matches!(
        more,
        ProposalError::Refused(Refusal::NoLongerAvailable)
    ));
}

#[tokio::test]
async fn found_by_hand_stays_found_when_units_come_back() {
    let (_network, hub) = hub(10).await;
    let aicha = hub.member("aicha").create().await;
    let made = publish(&hub, &aicha, offer("Quatre places", json!({"quantity": 4}))).await;
    take(&hub, &made, 1).await.unwrap();
    post(&hub, &aicha, &path_of(&made, "/fulfil"), json!({})).await;

    give_back(&hub, &made, 1).await.unwrap();

    let now = get(&hub, &aicha, &path_of(&made, "")).await.json();
    assert_eq!(
        (now["available"].as_i64(), now["state"].as_str()),
        (Some(4), Some("fulfilled"))
    );
}

#[tokio::test]
async fn fewer_units_than_agreed_upon_cannot_be_offered() {
    let (_network, hub) = hub(11).await;
    let aicha = hub.member("aicha").create().await;
    let made = publish(&hub, &aicha, offer("Quatre places", json!({"quantity": 4}))).await;
    take(&hub, &made, 2).await.unwrap();

    let refused = post(&hub, &aicha, &path_of(&made, ""), json!({"quantity": 1})).await;
    let changed = post(&hub, &aicha, &path_of(&made, ""), json!({"quantity": 3}))
        .await
        .json();

    assert_eq!(refused.status, 422);
    assert_eq!(
        (changed["quantity"].as_i64(), changed["available"].as_i64()),
        (Some(3), Some(1))
    );
}

#[tokio::test]
async fn a_hidden_offer_leaves_the_lists_of_that_member_alone() {
    let (_network, hub) = hub(12).await;
    let aicha = hub.member("aicha").create().await;
    let bruno = hub.member("bruno").create().await;
    let made = publish(&hub, &aicha, offer("Cours de couture", json!({}))).await;

    assert_eq!(
        post(&hub, &bruno, &path_of(&made, "/hide"), json!({}))
            .await
            .status,
        204
    );

    assert!(titles(&hub, &bruno, "").await.is_empty());
    assert_eq!(titles(&hub, &aicha, "").await.len(), 1);
    assert_eq!(
        hub.api(&bruno, "DELETE", &path_of(&made, "/hide"), None)
            .await
            .status,
        204
    );
    assert_eq!(titles(&hub, &bruno, "").await.len(), 1);
}

#[tokio::test]
async fn publishing_for_somebody_needs_the_right_and_consent_and_keeps_the_name_here() {
    let (_network, hub) = hub(13).await;
    let aicha = hub.member("aicha").public_actor().create().await;
    let oumar = hub.member("oumar").role(Role::Desk).create().await;
    let body = |more: Value| {
        let mut body = need("Poser une étagère", json!({"settlements": ["cesu"]}));
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };

    let no_right = body(json!({"for_name": "Zohra", "consent": true}));
    assert_eq!(
        post(&hub, &aicha, "/api/v1/proposals", no_right)
            .await
            .status,
        403
    );
    let no_consent = body(json!({"for_name": "Zohra"}));
    let refused = post(&hub, &oumar, "/api/v1/proposals", no_consent).await;
    assert_eq!(
        (refused.status, refused.json()["errors"][0]["code"].as_str()),
        (422, Some("consent_required"))
    );

    let named = publish(
        &hub,
        &oumar,
        body(json!({"for_name": "Zohra", "consent": true})),
    )
    .await;
    assert_eq!(named["author"]["uri"], hub.uri("/hub").as_str());
    assert!(!named.to_string().contains("Zohra"));
    let member = json!({"for_member": aicha.id.as_str(), "consent": true, "visibility": "public"});
    let made = publish(&hub, &oumar, body(member)).await;
    assert_eq!(made["author"]["uri"], aicha.actor.as_str());
    let changed = post(
        &hub,
        &aicha,
        &path_of(&made, ""),
        json!({"title": "Poser deux étagères"}),
    )
    .await;
    assert_eq!(changed.status, 200, "the member is the author");
}
