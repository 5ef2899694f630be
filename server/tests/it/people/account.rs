//! Invited, signed in, on several devices, in two languages.

use interkpa_server::features::people::rights::Role;
use interkpa_server::testing::network::TestNetwork;

use super::{Browser, PASSWORD, link_on};

#[tokio::test]
async fn an_invitation_is_looked_at_as_often_as_one_likes_and_used_once() {
    let network = TestNetwork::new(21);
    let hub = network.hub("bobinette").await;
    let karima = hub.member("karima").role(Role::Facilitator).create().await;

    let asked = [("name", "Oumar"), ("role", "user"), ("days", "7")];
    let sheet = hub.form(&karima, "/accompagner/inviter", &asked).await;
    assert_eq!(sheet.status, 200, "{}", sheet.text);
    assert!(sheet.text.contains("<svg"), "a QR code to hand over");
    let link = link_on(&hub, &sheet.text);
    let mut oumar = Browser::new(&hub);
    for _ in 0..3 {
        assert_eq!(oumar.get(&link).await.status, 200);
    }
    let typed = [
        ("handle", "oumar"),
        ("name", "Oumar"),
        ("password", PASSWORD),
        // A role cannot be asked for (D87).
        ("role", "technical_admin"),
    ];
    let without = oumar.post(&link, &typed).await;
    assert_eq!(without.status, 422, "the rules were not accepted");
    assert!(without.text.contains("value=\"oumar\"") && !without.text.contains(PASSWORD));
    let mut with = typed.to_vec();
    with.push(("rules", "1"));
    let joined = oumar.post(&link, &with).await;

    assert_eq!(joined.status, 303, "{}", joined.text);
    assert_eq!(oumar.get("/moi").await.status, 200);
    assert_eq!(oumar.get("/administration").await.status, 403);
    assert_eq!(Browser::new(&hub).get(&link).await.status, 410);
}

#[tokio::test]
async fn a_device_that_is_signed_out_is_shut_and_the_others_stay() {
    let network = TestNetwork::new(22);
    let hub = network.hub("bobinette").await;
    let karima = hub.member("karima").role(Role::Facilitator).create().await;
    let asked = [("name", "Oumar"), ("role", "user"), ("days", "1")];
    let sheet = hub.form(&karima, "/accompagner/inviter", &asked).await;
    let link = link_on(&hub, &sheet.text);
    let mut first = Browser::new(&hub);
    first.get(&link).await;
    let typed = [
        ("handle", "oumar"),
        ("name", "Oumar"),
        ("password", PASSWORD),
        ("rules", "1"),
    ];
    assert_eq!(first.post(&link, &typed).await.status, 303);
    let mut second = Browser::new(&hub);
    second.get("/connexion").await;
    let signed_in = second
        .post("/connexion", &[("handle", "oumar"), ("password", PASSWORD)])
        .await;
    assert_eq!(signed_in.status, 303, "{}", signed_in.text);

    let devices = first.get("/moi/appareils").await;
    let action = devices
        .text
        .split("action=\"")
        .filter_map(|part| part.split('"').next())
        .find(|action| action.ends_with("/deconnecter"))
        .expect("the other device can be signed out")
        .to_owned();
    let done = first.post(&action, &[]).await;

    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(second.get("/moi").await.status, 303);
    assert_eq!(first.get("/moi").await.status, 200);
}

#[tokio::test]
async fn the_language_that_is_chosen_stays_chosen() {
    let network = TestNetwork::new(23);
    let hub = network.hub("bobinette").await;
    let mut visitor = Browser::new(&hub);

    assert!(visitor.get("/").await.text.contains("<html lang=\"fr\""));
    let english = visitor.get("/?lang=en").await;
    assert!(english.text.contains("<html lang=\"en\""));

    assert!(
        visitor
            .get("/aide")
            .await
            .text
            .contains("<html lang=\"en\"")
    );
    let unknown = visitor.get("/aide?lang=xx").await;
    assert!(unknown.text.contains("<html lang=\"en\""));
}
