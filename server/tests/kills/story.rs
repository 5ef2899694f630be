//! The story of the first issue between two processes: need, answer, agreement, contact, thread,
//! done, confirmed; each activity takes effect once.

use serde_json::json;

use crate::rig::Rig;

async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "never happened: {what}"
        );
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_need_of_one_hub_is_met_by_a_member_of_another() {
    let mut rig = Rig::start("story").await;
    let need = json!({
        "purpose": "request", "kind": "service", "title": "Réparer le vélo-cargo",
        "description": "La chaîne saute.", "settlements": ["hours"], "minutes": 150,
        "visibility": "network",
    });

    let (status, need) = rig
        .post(0, "aicha", "/api/v1/proposals", Some("need"), &need)
        .await
        .unwrap();
    assert_eq!(status, 201, "{need}");
    let uri = need["uri"].as_str().unwrap().to_owned();

    let copy = eventually("the need is seen at the other hub", async || {
        let list = rig
            .get(1, "lucien", "/api/v1/proposals?q=velo+cargo")
            .await?;
        let items = list["items"].as_array()?.clone();
        items.into_iter().find(|item| item["uri"] == uri.as_str())
    })
    .await;
    let path = format!(
        "/api/v1/proposals/{}/responses",
        copy["id"].as_str().unwrap()
    );
    let answer =
        json!({"message": "Je peux aider.", "settlement": "hours", "planned": "samedi 14 h"});
    let (status, answered) = rig
        .post(1, "lucien", &path, Some("answer"), &answer)
        .await
        .unwrap();
    assert_eq!(status, 201, "{answered}");

    let path = format!(
        "/api/v1/proposals/{}/responses",
        need["id"].as_str().unwrap()
    );
    let response = eventually("the answer arrives", async || {
        let list = rig.get(0, "aicha", &path).await?;
        list["items"].as_array()?.first().cloned()
    })
    .await;
    let path = format!(
        "/api/v1/responses/{}/accept",
        response["id"].as_str().unwrap()
    );
    let (status, agreement) = rig
        .post(0, "aicha", &path, Some("accept"), &json!({}))
        .await
        .unwrap();
    assert_eq!(status, 201, "{agreement}");
    let here = format!("/api/v1/agreements/{}", agreement["id"].as_str().unwrap());

    let there = eventually("the agreement is copied", async || {
        let list = rig.get(1, "lucien", "/api/v1/agreements").await?;
        let id = list["items"].as_array()?.first()?["id"]
            .as_str()?
            .to_owned();
        Some(format!("/api/v1/agreements/{id}"))
    })
    .await;
    for (at, member, path, phone) in [
        (0, "aicha", &here, "06 39 98 00 21"),
        (1, "lucien", &there, "06 39 98 00 11"),
    ] {
        eventually("each sees the other's telephone", async || {
            let agreement = rig.get(at, member, path).await?;
            agreement["parties"]
                .as_array()?
                .iter()
                .any(|p| p["phone"] == phone)
                .then_some(())
        })
        .await;
    }

    let message = json!({"text": "Samedi 14 h au Métier ?"});
    let (status, _) = rig
        .post(
            0,
            "aicha",
            &format!("{here}/messages"),
            Some("m1"),
            &message,
        )
        .await
        .unwrap();
    assert_eq!(status, 200);
    eventually("the message arrives", async || {
        let agreement = rig.get(1, "lucien", &there).await?;
        (agreement["messages"].as_array()?.len() == 1).then_some(())
    })
    .await;

    let done = json!({"minutes": 150});
    let (status, said) = rig
        .post(1, "lucien", &format!("{there}/done"), Some("d1"), &done)
        .await
        .unwrap();
    assert_eq!(status, 200, "{said}");
    eventually("the word arrives", async || {
        let agreement = rig.get(0, "aicha", &here).await?;
        (agreement["state"] == "declared_done").then_some(())
    })
    .await;
    let (status, said) = rig
        .post(0, "aicha", &format!("{here}/confirm"), Some("c1"), &done)
        .await
        .unwrap();
    assert_eq!(status, 200, "{said}");
    eventually("both hubs say confirmed", async || {
        let (a, b) = (
            rig.get(0, "aicha", &here).await?,
            rig.get(1, "lucien", &there).await?,
        );
        (a["state"] == "confirmed" && b["state"] == "confirmed").then_some(())
    })
    .await;

    for (at, member, minutes) in [(0, "aicha", -150), (1, "lucien", 150)] {
        let hours = rig.get(at, member, "/api/v1/hours").await.unwrap();
        let lines = hours["items"].as_array().unwrap();
        assert_eq!(lines.len(), 1, "{hours}");
        assert_eq!(lines[0]["minutes"], minutes);
    }
    rig.stop().await;
    rig.assert_whole();
}
