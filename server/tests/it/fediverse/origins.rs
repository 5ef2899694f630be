//! Who may speak about what (D22–D38), through the inbox.

use serde_json::{Value, json};

use super::stage::Stage;

async fn say(stage: &Stage, activity: &Value) -> (u16, String) {
    let answered = stage
        .zoe
        .delivery(&stage.inbox(), activity, stage.now())
        .send()
        .await;
    let code = if answered.status < 300 {
        String::new()
    } else {
        answered.code()
    };
    (answered.status, code)
}

#[tokio::test]
async fn an_activity_is_of_the_server_of_its_actor() {
    let stage = Stage::allowed().await;
    let mut elsewhere = stage.follow(&stage.zoe, 1);
    elsewhere["id"] = json!("http://autre.localhost:1/follows/1");
    let mut ours = stage.follow(&stage.zoe, 1);
    ours["id"] = json!(stage.hub.uri("/activites/1").as_str());

    for activity in [elsewhere, ours] {
        assert_eq!(
            say(&stage, &activity).await,
            (403, "origin_mismatch".to_owned())
        );
    }
    let mut as_us = stage.follow(&stage.zoe, 1);
    as_us["actor"] = json!(stage.hub.uri("/hub").as_str());
    assert_eq!(
        say(&stage, &as_us).await,
        (403, "origin_mismatch".to_owned())
    );
    assert_eq!(stage.rows().await.0, 0);
}

#[tokio::test]
async fn an_object_is_of_the_server_of_who_creates_it() {
    let stage = Stage::allowed().await;
    let create = |id: &str, owner: &str| {
        json!({
            "id": format!("{}/creates/1", stage.zoe.uri), "type": "Create",
            "actor": stage.zoe.uri.as_str(),
            "object": {"id": id, "type": "Note", "attributedTo": owner, "content": "<p>x</p>"},
        })
    };
    let own = format!("{}/notes/1", stage.zoe.uri);
    let ours = stage
        .hub
        .uri("/objets/0199c0de-7000-7000-8000-000000000001");

    let elsewhere = create("http://autre.localhost:1/n/1", stage.zoe.uri.as_str());
    assert_eq!(
        say(&stage, &elsewhere).await,
        (403, "origin_mismatch".to_owned())
    );
    let of_ours = create(ours.as_str(), stage.zoe.uri.as_str());
    assert_eq!(
        say(&stage, &of_ours).await,
        (403, "origin_mismatch".to_owned())
    );
    let by_other = create(&own, "http://autre.localhost:1/x");
    assert_eq!(
        say(&stage, &by_other).await,
        (400, "attributed_to_invalid".to_owned())
    );
    let by_neighbour = create(&own, stage.group.uri.as_str());
    assert_eq!(
        say(&stage, &by_neighbour).await,
        (403, "not_owner".to_owned())
    );
    for wrong in [
        json!(1),
        json!(null),
        json!([]),
        json!([own, "http://autre.localhost:1/x"]),
    ] {
        let mut activity = create(&own, "");
        activity["object"]["attributedTo"] = wrong.clone();
        let refused = (400, "attributed_to_invalid".to_owned());
        assert_eq!(say(&stage, &activity).await, refused, "{wrong}");
    }
}

#[tokio::test]
async fn nobody_moves_an_account_here() {
    let stage = Stage::allowed().await;
    let activity = json!({
        "id": format!("{}/moves/1", stage.zoe.uri), "type": "Move",
        "actor": stage.zoe.uri.as_str(), "object": stage.zoe.uri.as_str(),
        "target": stage.hub.uri("/hub").as_str(),
    });

    assert_eq!(
        say(&stage, &activity).await,
        (403, "move_refused".to_owned())
    );
}

#[tokio::test]
async fn an_actor_does_not_change_its_nature_silently() {
    let stage = Stage::allowed().await;
    assert_eq!(stage.delivery(1).send().await.status, 202);
    let update = |number: u32, change: &dyn Fn(&mut Value)| {
        let mut object = stage.zoe.document("Person");
        change(&mut object);
        json!({
            "id": format!("{}/updates/{number}", stage.zoe.uri), "type": "Update",
            "actor": stage.zoe.uri.as_str(), "object": object,
        })
    };

    let renamed = update(1, &|actor| actor["preferredUsername"] = json!("autre"));
    assert_eq!(
        say(&stage, &renamed).await,
        (403, "actor_changed".to_owned())
    );
    let hub = update(2, &|actor| actor["type"] = json!("Group"));
    assert_eq!(say(&stage, &hub).await, (403, "actor_changed".to_owned()));
    let moved = update(3, &|actor| {
        actor["inbox"] = json!("http://autre.localhost:1/inbox");
    });
    assert_eq!(say(&stage, &moved).await.0, 403);
    let named = update(4, &|actor| actor["name"] = json!("Zo\u{202e}é <b>\u{200b}"));
    assert_eq!(say(&stage, &named).await, (202, String::new()));
}

#[tokio::test]
async fn an_actor_ends_itself_and_its_hub_may_end_it_and_nobody_else() {
    let stage = Stage::allowed().await;
    assert_eq!(stage.delivery(1).send().await.status, 202);
    let other = stage.foreign.actor("yann");
    let delete = |actor: &str, number: u32| {
        json!({
            "id": format!("{actor}/deletes/{number}"), "type": "Delete",
            "actor": actor, "object": stage.zoe.uri.as_str(),
        })
    };

    let by_other = delete(other.uri.as_str(), 1);
    let answered = other
        .delivery(&stage.inbox(), &by_other, stage.now())
        .send()
        .await;
    assert_eq!(
        (answered.status, answered.code().as_str()),
        (403, "not_owner")
    );
    assert_eq!(stage.followers().await, 1);
    let by_hub = delete(stage.group.uri.as_str(), 2);
    let answered = stage
        .group
        .delivery(&stage.inbox(), &by_hub, stage.now())
        .send()
        .await;
    assert_eq!(answered.status, 202, "{}", answered.text);
    assert_eq!(stage.followers().await, 0);
}

#[tokio::test]
async fn a_document_that_calls_itself_otherwise_is_nobodys() {
    let stage = Stage::allowed().await;
    let mut document = stage.zoe.document("Person");
    document["id"] = json!("http://autre.localhost:1/zoe");
    stage.foreign.put("/zoe", &document);

    let answered = stage.delivery(1).send().await;

    assert_eq!(
        (answered.status, answered.code().as_str()),
        (401, "key_not_of_actor")
    );
    assert_eq!(stage.rows().await.0, 0);
}
