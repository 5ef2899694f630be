//! The rest of the team's JSON twin: the caller, members, invitations, notices, reports, the journal.

use interkpa_server::features::people::rights::Role;
use interkpa_server::testing::caller::Caller;
use interkpa_server::testing::members::TestMember;
use serde_json::{Value, json};

use super::Stage;

async fn get(stage: &Stage, member: &TestMember, path: &str) -> Value {
    let answer = stage.hub.api(member, "GET", path, None).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json()
}

#[tokio::test]
async fn a_program_reads_who_calls_and_what_they_may() {
    let stage = Stage::new().await;

    let me = get(&stage, &stage.admin, "/api/v1/me").await;

    assert_eq!(me["handle"], "nadia");
    assert_eq!(me["roles"], json!(["cooperant", "technical_admin"]));
    let rights = me["rights"].as_array().unwrap();
    assert!(rights.contains(&json!("manage_members")));
    assert!(!rights.contains(&json!("moderate")));
    assert_eq!(me["scopes"], json!(["read", "write", "admin"]));
}

#[tokio::test]
async fn members_are_listed_and_their_roles_set_with_the_rules_of_the_page() {
    let stage = Stage::new().await;
    let aicha = stage.hub.member("aicha").create().await;
    let roles = |id: &str| format!("/api/v1/members/{id}/roles");

    let set = stage
        .post(
            &roles(aicha.id.as_str()),
            json!({"roles": ["user", "moderate"]}),
        )
        .await;
    assert_eq!(set.status, 200, "{}", set.text);
    assert_eq!(set.json()["roles"], json!(["user", "moderate"]));
    let unknown = stage
        .post(&roles(aicha.id.as_str()), json!({"roles": ["root"]}))
        .await;
    assert_eq!((unknown.status, unknown.code().as_str()), (422, "invalid"));
    let own = stage
        .post(&roles(stage.admin.id.as_str()), json!({"roles": []}))
        .await;
    assert_eq!((own.status, own.code().as_str()), (403, "not_for_oneself"));
    let suspended = stage
        .post(&format!("/api/v1/members/{}/suspend", aicha.id), json!({}))
        .await;

    assert_eq!(suspended.json()["state"], "suspended");
    let list = stage.get("/api/v1/members?q=aic").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let said = stage
        .get(&format!(
            "/api/v1/audit?command=role_give&actor={}",
            stage.admin.id
        ))
        .await;
    assert_eq!(said["items"].as_array().unwrap().len(), 2);
    assert_eq!(said["items"][0]["subject"], aicha.id.as_str());
}

#[tokio::test]
async fn the_secret_of_an_invitation_is_told_once_and_not_to_a_repeated_call() {
    let stage = Stage::new().await;
    let call = async || {
        let headers = [
            ("authorization", format!("Bearer {}", stage.admin.token)),
            ("content-type", "application/json".to_owned()),
            ("idempotency-key", "oumar".to_owned()),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value));
        let body = json!({"name": "Oumar", "role": "cooperant"}).to_string();
        let answer = Caller::new()
            .send(
                "POST",
                &stage.hub.uri("/api/v1/invitations"),
                &headers,
                Some(body.into_bytes()),
            )
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()
    };

    let (first, again) = (call().await, call().await);

    assert!(first["url"].as_str().unwrap().contains("/invitation/"));
    assert_eq!(again["url"], json!(null));
    assert_eq!(first["id"], again["id"]);
    let list = stage.get("/api/v1/invitations").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["state"], "open");
}

#[tokio::test]
async fn an_invitation_gives_no_role_its_maker_may_not_give() {
    let stage = Stage::new().await;
    let karima = stage
        .hub
        .member("karima")
        .role(Role::Facilitator)
        .create()
        .await;

    let body = json!({"name": "Oumar", "role": "technical_admin", "days": 30});
    let refused = stage
        .hub
        .api(&karima, "POST", "/api/v1/invitations", Some(body))
        .await;

    assert_eq!(refused.status, 422);
    let fields: Vec<Value> = refused.json()["errors"].as_array().unwrap().clone();
    let named: Vec<&str> = fields.iter().filter_map(|e| e["field"].as_str()).collect();
    assert_eq!(named, ["role", "days"]);
}

#[tokio::test]
async fn a_decision_on_a_report_is_told_to_the_author_with_its_reason_and_never_who_reported() {
    let stage = Stage::new().await;
    let (aicha, bruno) = (
        stage.hub.member("aicha").create().await,
        stage.hub.member("bruno").create().await,
    );
    let karima = stage
        .hub
        .member("karima")
        .role(Role::Facilitator)
        .create()
        .await;
    let offer = json!({"purpose": "offer", "title": "Montres pas chères",
        "settlements": ["gift"], "visibility": "hub"});
    let made = stage
        .hub
        .api(&aicha, "POST", "/api/v1/proposals", Some(offer))
        .await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let report = format!("/api/v1/proposals/{id}/report");
    let sent = stage
        .hub
        .api(&bruno, "POST", &report, Some(json!({"reason": "spam"})))
        .await;
    assert!(sent.status < 300, "{}", sent.text);

    let open = get(&stage, &karima, "/api/v1/reports").await;
    let report = open["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(open["items"][0]["reason"], "spam");
    let path = format!("/api/v1/reports/{report}/decision");
    let empty = json!({"decision": "hide", "reason": " "});
    let refused = stage.hub.api(&karima, "POST", &path, Some(empty)).await;
    assert_eq!(refused.status, 422);
    let decision = json!({"decision": "hide", "reason": "C’est de la publicité."});
    let decided = stage
        .hub
        .api(&karima, "POST", &path, Some(decision.clone()))
        .await;
    let again = stage.hub.api(&karima, "POST", &path, Some(decision)).await;

    assert_eq!(
        (decided.status, again.status),
        (200, 409),
        "{}",
        decided.text
    );
    assert_eq!(decided.json()["state"], "hidden");
    let told = get(&stage, &aicha, "/api/v1/notifications").await;
    let sentence = told["items"][0]["sentence"].as_str().unwrap();
    assert!(sentence.contains("C’est de la publicité."), "{sentence}");
    assert!(!sentence.contains("Bruno"), "{sentence}");
    let closed = get(&stage, &karima, "/api/v1/reports?state=closed").await;
    assert_eq!(closed["items"][0]["id"], report.as_str());
    let said = stage.journal(&report).await;
    assert_eq!(said[0].0, "report_decide");
}

#[tokio::test]
async fn notices_are_read_one_by_one_or_all_and_only_ones_own() {
    let stage = Stage::new().await;
    let (aicha, bruno) = (
        stage.hub.member("aicha").create().await,
        stage.hub.member("bruno").create().await,
    );
    let offer = json!({"purpose": "offer", "title": "Un vélo", "settlements": ["gift"],
        "visibility": "hub"});
    let made = stage
        .hub
        .api(&aicha, "POST", "/api/v1/proposals", Some(offer))
        .await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/proposals/{id}/responses");
    let answer = json!({"message": "Je viens."});
    stage.hub.api(&bruno, "POST", &path, Some(answer)).await;
    let notice = get(&stage, &aicha, "/api/v1/notifications").await["items"][0].clone();
    assert_eq!(notice["kind"], "response_received");
    assert_eq!(notice["read_at"], json!(null));
    let read = format!(
        "/api/v1/notifications/{}/read",
        notice["id"].as_str().unwrap()
    );

    let others = stage.hub.api(&bruno, "POST", &read, None).await;
    assert_eq!(others.status, 404);
    assert_eq!(get(&stage, &aicha, "/api/v1/me").await["unread"], 1);
    assert_eq!(stage.hub.api(&aicha, "POST", &read, None).await.status, 204);

    assert_eq!(get(&stage, &aicha, "/api/v1/me").await["unread"], 0);
    let all = "/api/v1/notifications/read";
    assert_eq!(stage.hub.api(&aicha, "POST", all, None).await.status, 204);
}
