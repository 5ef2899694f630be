//! A lost member gets the account back from the team.

use interkpa_server::features::people::rights::Role;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};

use super::{Browser, PASSWORD, link_on};

async fn sheet_for(hub: &TestHub, by: &TestMember, member: &TestMember) -> String {
    let asked = [
        ("member", member.id.as_str()),
        ("seen", "1"),
        ("reason", "téléphone perdu"),
    ];
    let sheet = hub.form(by, "/accompagner/redonner-acces", &asked).await;
    assert_eq!(sheet.status, 200, "{}", sheet.text);
    assert!(sheet.text.contains("<svg"), "a QR code to show");
    link_on(hub, &sheet.text)
}

#[tokio::test]
async fn old_devices_and_keys_end_and_the_member_reads_who_did_it() {
    let network = TestNetwork::new(31);
    let hub = network.hub("bobinette").await;
    let karima = hub.member("karima").role(Role::Facilitator).create().await;
    let oumar = hub.member("oumar").create().await;

    let link = sheet_for(&hub, &karima, &oumar).await;
    let mut phone = Browser::new(&hub);
    assert_eq!(phone.get(&link).await.status, 200);
    let back = phone.post(&link, &[("password", PASSWORD)]).await;

    assert_eq!(back.status, 303, "{}", back.text);
    assert_eq!(hub.page(Some(&oumar), "/moi").await.status, 303);
    let key = hub.api(&oumar, "GET", "/api/v1/me", None).await;
    assert_eq!(key.status, 401);
    let told = phone.get("/notifications").await;
    assert!(told.text.contains("Karima"), "{}", told.text);
    assert_eq!(phone.get(&link).await.status, 410, "a link is used once");
}

#[tokio::test]
async fn the_account_of_who_could_do_harm_needs_a_second_person() {
    let network = TestNetwork::new(32);
    let hub = network.hub("bobinette").await;
    let karima = hub.member("karima").role(Role::Facilitator).create().await;
    let leo = hub.member("leo").role(Role::Spokesperson).create().await;
    let chloe = hub.member("chloe").role(Role::Spokesperson).create().await;

    let link = sheet_for(&hub, &karima, &chloe).await;
    assert_eq!(Browser::new(&hub).get(&link).await.status, 410);
    let waiting = hub.page(Some(&leo), "/accompagner").await;
    let approve = waiting
        .text
        .split("action=\"")
        .filter_map(|part| part.split('"').next())
        .find(|action| action.ends_with("/approuver"))
        .expect("the second person is asked")
        .to_owned();
    for (who, status) in [(&karima, 403), (&chloe, 403), (&leo, 303)] {
        assert_eq!(hub.form(who, &approve, &[]).await.status, status);
    }
    let mut phone = Browser::new(&hub);
    assert_eq!(phone.get(&link).await.status, 200);

    assert_eq!(
        phone.post(&link, &[("password", PASSWORD)]).await.status,
        303
    );
    assert_eq!(phone.get("/moi").await.status, 200);
}

#[tokio::test]
async fn nobody_gives_themselves_the_access_back() {
    let network = TestNetwork::new(33);
    let hub = network.hub("bobinette").await;
    let karima = hub.member("karima").role(Role::Facilitator).create().await;

    let asked = [("member", karima.id.as_str()), ("seen", "1")];
    let refused = hub
        .form(&karima, "/accompagner/redonner-acces", &asked)
        .await;

    assert_eq!(refused.status, 403);
}
