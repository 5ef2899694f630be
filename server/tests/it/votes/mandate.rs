//! Who may vote for a hub: a spokesperson writes, a second mandated person confirms, nobody alone.

use interkpa_federation::Span;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::audit_events;
use interkpa_server::features::people::rights::Role;
use interkpa_server::testing::caller::{Answered, Caller};
use serde_json::{Value, json};

use diesel::prelude::*;

use super::stage::{Place, Stage};

#[tokio::test]
async fn a_ballot_needs_a_second_mandated_person() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    let place = &stage.places[1];
    let admin = place
        .hub
        .member("admin")
        .role(Role::TechnicalAdmin)
        .create()
        .await;

    let prepared = place.prepares(poll, json!("approve")).await;

    assert_eq!(prepared.json()["state"], "waiting");
    let alone = place.confirms(&place.spokesperson, poll, &prepared).await;
    assert_eq!(
        (alone.status, alone.code().as_str()),
        (403, "second_person_needed")
    );
    let by_admin = place.confirms(&admin, poll, &prepared).await;
    assert_eq!(by_admin.status, 403, "who runs the machine is not mandated");
    assert!(!place.whole(poll).await.summary.voted);
    let good = place.confirms(&place.facilitator, poll, &prepared).await;
    assert_eq!(good.status, 200, "{}", good.text);
    let again = place.confirms(&place.facilitator, poll, &prepared).await;
    assert_eq!(
        (again.status, again.code().as_str()),
        (409, "draft_not_waiting")
    );
    assert!(place.whole(poll).await.summary.voted);
}

#[tokio::test]
async fn neither_a_cooperant_nor_the_administrator_prepares_a_ballot() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    let hub = &stage.places[0].hub;
    let admin = hub
        .member("admin")
        .role(Role::TechnicalAdmin)
        .create()
        .await;
    let cooperant = hub.member("aicha").create().await;
    let body = json!({"choice": "approve", "mandate": {
        "mode": "consent", "decided_at": hub.app.now().to_rfc3339(),
    }});

    for member in [&admin, &cooperant] {
        let path = format!("/api/v1/votes/{poll}/ballots");
        let answered = hub.api(member, "POST", &path, Some(body.clone())).await;
        assert_eq!(answered.status, 403, "{}", member.handle);
    }
}

#[tokio::test]
async fn without_the_setting_a_spokesperson_casts_alone_but_never_who_also_runs_the_machine() {
    let stage = Stage::founded_with(3, |config| config.votes.second_person = false).await;
    let poll = stage.opened().await;
    let place = &stage.places[0];
    let both = place
        .hub
        .member("both")
        .role(Role::Spokesperson)
        .role(Role::TechnicalAdmin)
        .create()
        .await;

    let alone = place.prepares(poll, json!("approve")).await;
    let body = json!({"choice": "oppose", "mandate": {
        "mode": "consent", "decided_at": place.hub.app.now().to_rfc3339(),
    }});
    let path = format!("/api/v1/votes/{poll}/ballots");
    let waits = place.hub.api(&both, "POST", &path, Some(body)).await;

    assert_eq!(
        (alone.status, alone.json()["state"].as_str()),
        (201, Some("cast"))
    );
    assert_eq!(
        (waits.status, waits.json()["state"].as_str()),
        (202, Some("waiting"))
    );
}

/// A call with the same `Idempotency-Key` each time.
async fn repeated(place: &Place, path: &str, body: Value) -> Answered {
    let headers = [
        (
            "authorization",
            format!("Bearer {}", place.spokesperson.token),
        ),
        ("content-type", "application/json".to_owned()),
        ("idempotency-key", "once".to_owned()),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value));
    let body = Some(body.to_string().into_bytes());
    Caller::new()
        .send("POST", &place.hub.uri(path), &headers, body)
        .await
}

#[tokio::test]
async fn a_call_repeated_with_its_key_casts_one_ballot_and_opens_one_vote() {
    let stage = Stage::founded_with(3, |config| config.votes.second_person = false).await;
    let poll = stage.opened().await;
    let place = &stage.places[0];
    let path = format!("/api/v1/votes/{poll}/ballots");
    let ballot = json!({"choice": "approve", "mandate": {
        "mode": "consent", "decided_at": place.hub.app.now().to_rfc3339(),
    }});

    let first = repeated(place, &path, ballot.clone()).await;
    let second = repeated(place, &path, ballot).await;
    let mut asked = stage.poll();
    asked["title"] = json!("Une autre question");
    let opened = repeated(place, "/api/v1/votes", asked.clone()).await;
    stage.network.clock.advance(Span::minutes(1));
    let again = repeated(place, "/api/v1/votes", asked).await;

    assert_eq!((first.status, second.status), (201, 201), "{}", second.text);
    assert_eq!(first.json()["ballot"], second.json()["ballot"]);
    assert_eq!(place.whole(poll).await.drafts.len(), 1);
    assert_eq!((opened.status, again.status), (201, 201), "{}", again.text);
    assert_eq!(opened.json()["hash"], again.json()["hash"]);
}

#[tokio::test]
async fn a_voice_changes_until_the_close_and_the_last_one_counts() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    stage.places[0].votes(poll, "oppose").await;
    stage.settle().await;
    stage.places[0].votes(poll, "approve").await;
    stage.places[1].votes(poll, "approve").await;
    stage.settle().await;

    let seen = stage.places[2].whole(poll).await;
    let voices: Vec<(usize, Option<u8>)> = seen
        .electors
        .iter()
        .map(|one| (one.voices.len(), one.voices.first().map(|voice| voice.seq)))
        .collect();
    assert!(voices.contains(&(1, Some(2))), "{voices:?}");
    stage.until_certified(poll, &[0, 1, 2]).await;

    let counts = stage.places[2]
        .whole(poll)
        .await
        .certified
        .unwrap()
        .result
        .to_json();
    assert_eq!(
        counts["ikpa:counts"],
        json!({"approve": 2, "oppose": 0, "abstain": 0})
    );
    let late = stage.places[0].prepares(poll, json!("oppose")).await;
    assert_eq!((late.status, late.code().as_str()), (409, "poll_closed"));
}

#[tokio::test]
async fn what_does_not_answer_the_question_is_refused_by_field() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    let place = &stage.places[0];

    for choice in [
        json!("consent"),
        json!(["o1"]),
        json!("perhaps"),
        json!(1.5),
    ] {
        let answered = place.prepares(poll, choice.clone()).await;
        assert_eq!(answered.status, 422, "{choice}: {}", answered.text);
        assert_eq!(answered.json()["errors"][0]["field"], "choice");
    }
    let unknown = place
        .prepares(super::stage::nowhere(), json!("approve"))
        .await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn a_poll_without_notice_or_with_another_majority_is_not_opened() {
    let stage = Stage::founded(3).await;
    let place = &stage.places[0];
    let mut soon = stage.poll();
    soon["closes_at"] = json!((stage.now() + Span::minutes(4)).to_rfc3339());
    let mut strange = stage.poll();
    strange["rule"]["threshold"]["den"] = json!(0);

    for (body, field, code) in [
        (soon, "closes_at", "notice_too_short"),
        (strange, "rule", "rule_invalid"),
    ] {
        let answered = place
            .hub
            .api(&place.spokesperson, "POST", "/api/v1/votes", Some(body))
            .await;
        assert_eq!(answered.status, 422);
        assert_eq!(answered.json()["errors"][0]["field"], field);
        assert_eq!(answered.json()["errors"][0]["code"], code);
    }
}

#[tokio::test]
async fn receipts_tell_how_many_hold_a_ballot_and_every_change_is_in_the_trail() {
    let stage = Stage::founded(4).await;
    let poll = stage.opened().await;
    stage.places[0].votes(poll, "approve").await;
    stage.settle().await;
    stage.pass(Span::seconds(2)).await;

    let seen = stage.places[3].whole(poll).await;

    let voice = seen
        .electors
        .iter()
        .flat_map(|one| &one.voices)
        .next()
        .unwrap();
    assert_eq!(voice.received_by, 4, "the voter and three others");
    let commands = stage.places[0]
        .hub
        .app
        .store
        .read(|conn| -> Result<Vec<String>, StoreError> {
            Ok(audit_events::table
                .filter(audit_events::actor_kind.eq("member"))
                .order(audit_events::id)
                .select(audit_events::command)
                .load(conn)?)
        })
        .await
        .unwrap();
    assert_eq!(commands, ["poll_open", "ballot_prepare", "ballot_cast"]);
}
