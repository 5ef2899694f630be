//! What leaves: in order, never lost, never given up silently (P4–P6).

use diesel::prelude::*;
use interkpa_federation::delivery::Circuit;
use interkpa_federation::{Recipients, Span, Uri};
use interkpa_server::db::conn::Conn;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::delivery_peers;
use interkpa_server::fediverse::deliver::{self, Letter, LetterState, Letters};
use interkpa_server::fediverse::outbox::{self, Audience, Outgoing};
use interkpa_server::fediverse::peers::Decider;
use interkpa_server::testing::foreign::Asked;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::stage::{Stage, number_of};

/// Publishes numbered activities for the foreign group.
async fn publish(stage: &Stage, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let app = stage.hub.app.clone();
        let id = app.new_id();
        let out = Outgoing {
            body: stage.announcement(&id, Recipients::only([stage.group.uri.clone()]), number),
            id,
            actor_uri: stage.hub.uri("/hub").to_string(),
            kind: "Announce",
            object_uri: None,
            audience: Audience {
                actors: vec![stage.group.uri.to_string()],
                ..Audience::default()
            },
        };
        let now = app.now();
        app.clone()
            .write(move |tx| outbox::send(&app, tx, now, &out))
            .await
            .unwrap();
    }
}

/// The numbers that arrived, in order.
fn arrived(stage: &Stage) -> Vec<u64> {
    stage.foreign.delivered().iter().map(number_of).collect()
}

async fn dead(stage: &Stage) -> Vec<Letter> {
    deliver::letters(&stage.hub.app, Letters::new(LetterState::Dead, 100))
        .await
        .unwrap()
}

async fn queue(stage: &Stage) -> deliver::PeerQueue {
    deliver::queues(&stage.hub.app, None, 10)
        .await
        .unwrap()
        .remove(0)
}

#[tokio::test]
async fn deliveries_arrive_in_the_order_of_publication() {
    let stage = Stage::allowed().await;

    publish(&stage, 0..120).await;
    stage.hub.deliver_all().await;

    assert_eq!(arrived(&stage), (0..120).collect::<Vec<u64>>());
    assert_eq!(queue(&stage).await.waiting, 0);
}

#[tokio::test]
async fn what_a_silent_peer_missed_is_kept_for_a_week_and_sent_in_order_when_it_speaks_again() {
    let mut stage = Stage::allowed().await;
    stage.foreign.go_silent();
    publish(&stage, 0..3).await;

    let mut tries = 0;
    for _ in 0..(7 * 24) {
        tries += stage.hub.deliver_all().await.failed;
        stage.network.clock.advance(Span::hours(1));
        publish(&stage, 0..0).await;
    }
    stage.hub.restart().await;
    assert!((20..=200).contains(&tries), "{tries} tries in a week");
    assert_eq!(queue(&stage).await.circuit, Circuit::Open);
    publish(&stage, 3..6).await;
    stage.foreign.listen_again().await;
    stage.hub.deliver_all().await;
    let too_early = arrived(&stage);
    let spoke = stage.group.get(&stage.hub.uri("/hub"), stage.now()).await;
    stage.hub.deliver_all().await;

    assert_eq!(too_early, Vec::<u64>::new());
    assert_eq!(spoke.status, 200);
    assert_eq!(arrived(&stage), [0, 1, 2, 3, 4, 5]);
    assert_eq!(queue(&stage).await.circuit, Circuit::Closed);
}

#[tokio::test]
async fn a_peer_that_posts_to_us_is_sent_what_waits_at_once() {
    let mut stage = Stage::allowed().await;
    stage.foreign.go_silent();
    publish(&stage, 0..1).await;
    stage.hub.deliver_all().await;
    stage.foreign.listen_again().await;

    stage.hub.deliver_all().await;
    assert_eq!(arrived(&stage), Vec::<u64>::new(), "it has to wait");
    assert_eq!(stage.delivery(1).send().await.status, 202);
    stage.hub.deliver_all().await;

    assert_eq!(number_of(&stage.foreign.delivered()[0]), 0);
}

#[tokio::test]
async fn a_dead_peer_does_not_slow_the_others() {
    let stage = Stage::allowed().await;
    let mut down = interkpa_server::testing::foreign::Foreign::start("eteint").await;
    let group = down.hub();
    let by = Decider::Operator("test");
    let origin = down.origin.as_str().to_owned();
    interkpa_server::fediverse::peers::allow(&stage.hub.app, &origin, "", by)
        .await
        .unwrap();
    down.go_silent();

    let app = stage.hub.app.clone();
    for number in 0..20_u32 {
        let id = app.new_id();
        let out = Outgoing {
            body: stage.announcement(
                &id,
                Recipients::only([group.uri.clone(), stage.group.uri.clone()]),
                number,
            ),
            id,
            actor_uri: stage.hub.uri("/hub").to_string(),
            kind: "Announce",
            object_uri: None,
            audience: Audience {
                actors: vec![group.uri.to_string(), stage.group.uri.to_string()],
                ..Audience::default()
            },
        };
        let (app_in, now) = (app.clone(), app.now());
        app.write(move |tx| outbox::send(&app_in, tx, now, &out))
            .await
            .unwrap();
    }
    let report = stage.hub.deliver_all().await;

    assert_eq!(arrived(&stage), (0..20).collect::<Vec<u64>>());
    assert_eq!(
        (report.done, report.failed),
        (20, 1),
        "one trial, not twenty"
    );
}

#[tokio::test]
async fn a_peer_that_reads_only_rfc_9421_is_found_out_and_remembered() {
    let stage = Stage::allowed().await;
    stage.foreign.accept_only_rfc9421();

    publish(&stage, 0..3).await;
    let report = stage.hub.deliver_all().await;

    let posts: Vec<bool> = stage
        .foreign
        .asked()
        .iter()
        .filter(|asked| asked.method == "POST")
        .map(|asked| asked.headers.contains_key("signature-input"))
        .collect();
    assert_eq!(
        posts,
        [false, true, true, true],
        "cavage once, then what works"
    );
    assert_eq!((report.done, report.failed), (3, 1));
}

#[tokio::test]
async fn every_answer_means_what_the_table_says() {
    for (status, attempts, is_dead) in [
        (200, 1, false),
        (204, 1, false),
        (404, 1, true),
        (405, 1, true),
        (422, 1, true),
        (500, 1, false),
        (502, 1, false),
        (408, 1, false),
        (503, 1, false),
        (429, 1, false),
    ] {
        let stage = Stage::allowed().await;
        stage.foreign.answer_inbox(status, &[]);

        publish(&stage, 0..1).await;
        stage.hub.deliver_all().await;

        assert_eq!(stage.foreign.delivered().len(), attempts, "{status}");
        assert_eq!(dead(&stage).await.len(), usize::from(is_dead), "{status}");
        let waits = i64::from(!is_dead && status >= 300);
        assert_eq!(queue(&stage).await.waiting, waits, "{status}");
    }
}

#[tokio::test]
async fn a_peer_that_asks_for_patience_gets_it() {
    let stage = Stage::allowed().await;
    stage.foreign.answer_inbox(429, &[("retry-after", "1800")]);
    publish(&stage, 0..2).await;
    stage.hub.deliver_all().await;
    stage.foreign.answer_inbox(202, &[]);

    stage.network.clock.advance(Span::minutes(29));
    stage.hub.deliver_all().await;
    assert_eq!(stage.foreign.delivered().len(), 1);
    stage.network.clock.advance(Span::minutes(2));
    stage.hub.deliver_all().await;

    assert_eq!(arrived(&stage), [0, 0, 1]);
}

#[tokio::test]
async fn a_refused_item_is_a_dead_letter_that_can_be_sent_again_and_the_next_one_goes_on() {
    let stage = Stage::allowed().await;
    stage.foreign.answer_inbox(422, &[]);
    publish(&stage, 0..1).await;
    stage.hub.deliver_all().await;
    stage.foreign.answer_inbox(202, &[]);
    publish(&stage, 1..2).await;
    stage.hub.deliver_all().await;
    let letter = dead(&stage).await.remove(0);
    assert_eq!(
        (letter.last_status, letter.last_error.as_deref()),
        (Some(422), Some("refused"))
    );

    deliver::retry(&stage.hub.app, &letter.id, Decider::Operator("test"))
        .await
        .unwrap();
    stage.hub.deliver_all().await;

    assert_eq!(arrived(&stage), [0, 1, 0]);
    assert_eq!(dead(&stage).await, []);
    let again = deliver::retry(&stage.hub.app, &letter.id, Decider::Operator("test")).await;
    assert!(again.is_err(), "it is no dead letter any more");
}

#[tokio::test]
async fn a_signature_nobody_believes_is_tried_in_both_schemes_then_once_more_then_dead() {
    let stage = Stage::allowed().await;
    stage.foreign.answer_inbox(401, &[]);
    publish(&stage, 0..1).await;

    stage.hub.deliver_all().await;
    assert_eq!(stage.foreign.delivered().len(), 2);
    assert_eq!(dead(&stage).await, []);
    stage.network.clock.advance(Span::minutes(11));
    stage.hub.deliver_all().await;

    assert_eq!(dead(&stage).await.len(), 1);
    let by = Decider::Operator("test");
    stage.foreign.answer_inbox(202, &[]);
    let revived = deliver::retry_peer(&stage.hub.app, &stage.foreign.origin, by)
        .await
        .unwrap();
    stage.hub.deliver_all().await;
    assert_eq!((revived, dead(&stage).await.len()), (1, 0));
}

#[tokio::test]
async fn a_hub_that_has_not_allowed_us_yet_is_tried_again_after_seconds_and_nothing_is_lost() {
    let stage = Stage::allowed().await;
    for code in ["peer_not_allowed", "guest_not_allowed"] {
        stage.foreign.forget_asked();
        stage.foreign.refuse_inbox(403, code);
        publish(&stage, 0..2).await;
        stage.hub.deliver_all().await;
        let held = queue(&stage).await;
        assert_eq!((held.waiting, held.dead), (2, 0), "{code}");
        assert_eq!(held.last_error.as_deref(), Some("not_heard"), "{code}");

        stage.foreign.answer_inbox(202, &[]);
        stage.network.clock.advance(Span::seconds(12));
        stage.hub.deliver_all().await;

        assert_eq!(arrived(&stage), [0, 0, 1], "{code}");
        assert_eq!(queue(&stage).await.circuit, Circuit::Closed, "{code}");
    }
}

#[tokio::test]
async fn a_hub_that_allows_us_and_speaks_is_sent_what_waits_at_once() {
    let stage = Stage::allowed().await;
    stage.foreign.refuse_inbox(403, "peer_not_allowed");
    publish(&stage, 0..1).await;
    for _ in 0..8 {
        stage.hub.deliver_all().await;
        stage.network.clock.advance(Span::hours(6));
    }
    stage.hub.deliver_all().await;
    stage.foreign.answer_inbox(202, &[]);
    stage.foreign.forget_asked();
    stage.network.clock.advance(Span::seconds(1));
    stage.hub.deliver_all().await;
    assert_eq!(arrived(&stage), Vec::<u64>::new(), "it has to wait");

    let spoke = stage.group.get(&stage.hub.uri("/hub"), stage.now()).await;
    stage.hub.deliver_all().await;

    assert_eq!(spoke.status, 200);
    assert_eq!(arrived(&stage), [0]);
}

#[tokio::test]
async fn a_403_that_says_nothing_is_tried_once_more_then_a_dead_letter() {
    let stage = Stage::allowed().await;
    for refusal in ["forbidden", "not_owner"] {
        stage.foreign.forget_asked();
        stage.foreign.refuse_inbox(403, refusal);
        publish(&stage, 0..1).await;

        stage.hub.deliver_all().await;
        stage.network.clock.advance(Span::minutes(11));
        stage.hub.deliver_all().await;

        assert_eq!(stage.foreign.delivered().len(), 2, "{refusal}");
        assert_eq!(queue(&stage).await.waiting, 0, "{refusal}");
    }
    assert_eq!(dead(&stage).await.len(), 2);
}

#[tokio::test]
async fn a_gone_inbox_of_one_actor_ends_that_actor_and_nothing_else() {
    let stage = Stage::allowed().await;
    assert_eq!(stage.delivery(1).send().await.status, 202);
    let group = stage.follow(&stage.group, 2);
    let answered = stage
        .group
        .delivery(&stage.inbox(), &group, stage.now())
        .send()
        .await;
    assert_eq!((answered.status, stage.followers().await), (202, 2));
    stage.foreign.answer_inbox_at("/zoe/inbox", 410);

    stage.hub.deliver_all().await;

    assert_eq!(stage.followers().await, 1);
    assert_eq!(dead(&stage).await.len(), 1);
    publish(&stage, 0..1).await;
    stage.hub.deliver_all().await;
    assert_eq!(number_of(stage.foreign.delivered().last().unwrap()), 0);
}

#[tokio::test]
async fn what_waits_for_a_blocked_server_is_not_sent() {
    let stage = Stage::allowed().await;
    publish(&stage, 0..2).await;

    stage.hub.block(&stage.foreign.origin).await;
    stage.hub.deliver_all().await;

    assert_eq!(stage.foreign.delivered().len(), 0);
    let letters = dead(&stage).await;
    assert_eq!(letters.len(), 2);
    assert!(
        letters
            .iter()
            .all(|letter| letter.last_error.as_deref() == Some("blocked"))
    );
}

#[tokio::test]
async fn two_processes_share_a_queue_without_sending_anything_twice() {
    let stage = Stage::allowed().await;
    publish(&stage, 0..60).await;
    let (one, two) = (
        deliver::Sender::new(stage.hub.app.clone(), "one".to_owned()),
        deliver::Sender::new(stage.hub.app.clone(), "other".to_owned()),
    );

    let (first, second) = tokio::join!(one.deliver_due(), two.deliver_due());

    assert_eq!(first.unwrap().done + second.unwrap().done, 60);
    assert_eq!(arrived(&stage), (0..60).collect::<Vec<u64>>());
}

#[tokio::test]
async fn a_served_hub_makes_itself_heard_and_sends_what_is_written_without_being_asked() {
    let stage = Stage::allowed().await;
    stage.foreign.forget_asked();
    let stop = CancellationToken::new();
    let loops = stage.hub.run_by_itself(&stop);

    let of_hub = |asked: &[Asked]| asked.iter().any(|one| one.target == "/hub");
    stage.foreign.wait_until(of_hub).await;
    publish(&stage, 0..3).await;
    let posts = |asked: &[Asked]| asked.iter().filter(|one| one.method == "POST").count() == 3;
    stage.foreign.wait_until(posts).await;
    stop.cancel();
    loops.join_all().await;

    assert_eq!(arrived(&stage), [0, 1, 2]);
    assert_eq!(
        queue(&stage).await.waiting,
        0,
        "what was sent is marked before the end"
    );
}

#[tokio::test]
async fn what_is_deleted_is_not_sent_any_more_and_its_activities_are_empty() {
    let stage = Stage::allowed().await;
    let app = stage.hub.app.clone();
    let (id, object) = (app.new_id(), stage.hub.uri("/objets/x").to_string());
    let activity = stage.hub.uri(&format!("/activites/{id}"));
    let out = Outgoing {
        body: stage.announcement(&id, Recipients::everybody(), 1),
        id,
        actor_uri: stage.hub.uri("/hub").to_string(),
        kind: "Announce",
        object_uri: Some(object.clone()),
        audience: Audience {
            public: true,
            actors: vec![stage.group.uri.to_string()],
            ..Audience::default()
        },
    };
    let (app_in, now) = (app.clone(), app.now());
    app.write(move |tx| outbox::send(&app_in, tx, now, &out))
        .await
        .unwrap();
    assert_eq!(stage.zoe.get(&activity, stage.now()).await.status, 200);

    app.write(move |tx| outbox::retract(tx, &object))
        .await
        .unwrap();
    stage.hub.deliver_all().await;

    assert_eq!(stage.foreign.delivered().len(), 0);
    assert_eq!(dead(&stage).await, []);
    assert_eq!(stage.zoe.get(&activity, stage.now()).await.status, 410);
}

#[tokio::test]
async fn the_inbox_of_a_server_is_used_once_for_all_its_actors() {
    let stage = Stage::allowed().await;
    let shared = stage.foreign.uri("/inbox");
    for actor in [&stage.group, &stage.zoe] {
        let kind = if actor.uri == stage.group.uri {
            "Group"
        } else {
            "Person"
        };
        let mut document = actor.document(kind);
        document["ikpa:kind"] = json!(if kind == "Group" { "hub" } else { "person" });
        document["endpoints"] = json!({"sharedInbox": shared.as_str()});
        stage.foreign.put(actor.uri.as_url().path(), &document);
        let uri: &Uri = &actor.uri;
        interkpa_server::fediverse::remote::refresh(&stage.hub.app, uri)
            .await
            .unwrap();
    }

    let app = stage.hub.app.clone();
    let id = app.new_id();
    let out = Outgoing {
        body: stage.announcement(
            &id,
            Recipients::only([stage.group.uri.clone(), stage.zoe.uri.clone()]),
            1,
        ),
        id,
        actor_uri: stage.hub.uri("/hub").to_string(),
        kind: "Announce",
        object_uri: None,
        audience: Audience {
            actors: vec![stage.group.uri.to_string(), stage.zoe.uri.to_string()],
            ..Audience::default()
        },
    };
    let now = app.now();
    app.clone()
        .write(move |tx| outbox::send(&app, tx, now, &out))
        .await
        .unwrap();
    stage.hub.deliver_all().await;

    let posts = stage
        .foreign
        .asked()
        .into_iter()
        .filter(|asked| asked.method == "POST");
    assert_eq!(
        posts.map(|post| post.target).collect::<Vec<_>>(),
        ["/inbox"]
    );
}

/// Says that another process serves the foreign server, as its claim did before it was killed.
async fn claimed_by(stage: &Stage, name: &'static str) {
    let until = (stage.now() + Span::minutes(2)).as_milliseconds();
    let claim = move |tx: &mut Conn| -> Result<(), StoreError> {
        diesel::update(delivery_peers::table)
            .set((
                delivery_peers::lease_owner.eq(name),
                delivery_peers::lease_until.eq(until),
            ))
            .execute(tx)?;
        Ok(())
    };
    stage.hub.app.write(claim).await.unwrap();
}

#[tokio::test]
async fn what_a_killed_process_was_sending_is_sent_at_once_by_the_next_one() {
    let stage = Stage::allowed().await;
    publish(&stage, 0..2).await;
    claimed_by(&stage, "killed").await;

    assert_eq!(stage.hub.deliver_all().await.done, 0, "it might still live");
    stage.hub.take_over().await;

    assert_eq!(stage.hub.deliver_all().await.done, 2);
    assert_eq!(arrived(&stage), [0, 1]);
}
