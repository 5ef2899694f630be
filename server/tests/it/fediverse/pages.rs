//! Pages about KPAs and following, as people use them.

use interkpa_server::config::FederationMode;
use interkpa_server::testing::caller::{Answered, Caller};
use interkpa_server::testing::foreign::Foreign;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use scraper::{Html, Selector};
use serde_json::json;

use super::stage::Stage;

fn texts(answered: &Answered, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let page = Html::parse_document(&answered.text);
    page.select(&selector)
        .map(|part| {
            let text: String = part.text().collect();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect()
}

fn links(answered: &Answered, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let page = Html::parse_document(&answered.text);
    page.select(&selector)
        .filter_map(|link| link.attr("href").map(str::to_owned))
        .collect()
}

async fn two_hubs() -> (TestNetwork, TestHub, TestHub) {
    let network = TestNetwork::new(21);
    let (bobinette, chevalement) = (
        network.open_hub("bobinette").await,
        network.open_hub("chevalement").await,
    );
    network.befriend(&[&bobinette, &chevalement]).await;
    (network, bobinette, chevalement)
}

#[tokio::test]
async fn the_kpas_of_the_network_are_listed_with_a_page_each() {
    let (_network, bobinette, chevalement) = two_hubs().await;
    let aicha = bobinette.member("aicha").create().await;
    let href = format!("/kpa/{}", chevalement.origin().authority());

    let list = bobinette.page(None, "/kpa").await;
    assert_eq!(list.status, 200);
    assert_eq!(links(&list, ".card-title a"), ["/hub", href.as_str()]);
    assert!(texts(&list, "form[action='/kpa/suivre']").is_empty());
    let page = bobinette.page(Some(&aicha), &href).await;

    assert_eq!(page.status, 200);
    let title = texts(&page, "h1").remove(0);
    assert!(title.contains("KPA chevalement"), "{title}");
    let button = format!("form[action='{href}/suivre'] button");
    assert_eq!(texts(&page, &button), ["Suivre"]);
    let twin = bobinette
        .api(&aicha, "GET", "/api/v1/hubs", None)
        .await
        .json();
    assert_eq!(twin["items"][0]["actor"], chevalement.uri("/hub").as_str());
    assert_eq!(twin["items"][0]["town"], "Roubaix");
    for unknown in ["/kpa/inconnu.localhost", "/kpa/a%20b", "/kpa/..%2Fhub"] {
        assert_eq!(bobinette.page(None, unknown).await.status, 404, "{unknown}");
    }
}

#[tokio::test]
async fn a_member_follows_and_leaves_a_kpa_by_two_buttons() {
    let (network, bobinette, chevalement) = two_hubs().await;
    let hubs = [&bobinette, &chevalement];
    let aicha = bobinette.member("aicha").create().await;
    let href = format!("/kpa/{}", chevalement.origin().authority());

    let followed = bobinette.form(&aicha, &format!("{href}/suivre"), &[]).await;
    assert_eq!(followed.status, 303, "{}", followed.text);
    assert_eq!(followed.header("location"), format!("{href}?fait=followed"));
    let asked = bobinette.page(Some(&aicha), &href).await;
    assert!(texts(&asked, ".hero .tag").contains(&"Demande envoyée".to_owned()));
    network.settle(&hubs).await;
    let accepted = bobinette.page(Some(&aicha), &href).await;
    assert!(texts(&accepted, ".hero .tag").contains(&"Suivi".to_owned()));

    let leave = format!("{href}/ne-plus-suivre");
    assert_eq!(bobinette.form(&aicha, &leave, &[]).await.status, 303);
    network.settle(&hubs).await;
    let free = bobinette.page(Some(&aicha), &href).await;
    let button = format!("form[action='{href}/suivre'] button");
    assert_eq!(texts(&free, &button), ["Suivre"]);
}

#[tokio::test]
async fn an_address_that_leads_nowhere_comes_back_with_what_was_typed() {
    let (_network, bobinette, _chevalement) = two_hubs().await;
    let aicha = bobinette.member("aicha").create().await;

    for typed in [
        "",
        "pas une adresse",
        "@personne@inconnu.localhost",
        "http://127.0.0.1/",
    ] {
        let refused = bobinette
            .form(&aicha, "/kpa/suivre", &[("address", typed)])
            .await;
        let page = Html::parse_document(&refused.text);
        let field = Selector::parse("input[name='address']").unwrap();
        let value = page.select(&field).next().unwrap().attr("value");

        assert_eq!((refused.status, value.unwrap_or_default()), (422, typed));
    }
}

#[tokio::test]
async fn our_own_page_shows_who_agreed_to_be_shown() {
    let hub = TestNetwork::new(22).hub("bobinette").await;
    let lea = hub.member("lea").public_actor().create().await;
    let aicha = hub.member("aicha").create().await;

    let page = hub.page(None, "/hub").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Lea"));
    assert!(!page.text.contains("Aicha"));

    for (member, visitor, signed_in) in [(&lea, 200, 200), (&aicha, 404, 200)] {
        let path = format!("/members/{}", member.id);
        assert_eq!(hub.page(None, &path).await.status, visitor);
        assert_eq!(hub.page(Some(&aicha), &path).await.status, signed_in);
    }
    let unknown = "/members/0199c0de-7000-7000-8000-000000000001";
    assert_eq!(hub.page(Some(&aicha), unknown).await.status, 404);
}

#[tokio::test]
async fn an_account_elsewhere_is_led_home_by_a_link_and_never_redirected() {
    let stage = Stage::strangers(FederationMode::Open).await;
    let at = stage.foreign.origin.authority().to_owned();
    let template = format!("{}/authorize_interaction?uri={{uri}}", stage.foreign.origin);
    let jrd = json!({
        "subject": format!("acct:zoe@{at}"),
        "links": [{"rel": "http://ostatus.org/schema/1.0/subscribe", "template": template}],
    });
    let kind = "application/jrd+json";
    stage
        .foreign
        .put_raw("/.well-known/webfinger", 200, kind, &jrd.to_string());
    let hub = interkpa_web::routes::percent_encode(stage.hub.uri("/hub").as_str());
    let expected = template.replace("{uri}", &hub);
    let visitor = Visitor::of(&stage.hub).await;

    for typed in [
        format!("@zoe@{at}"),
        format!("zoe@{at}"),
        format!("{}/@zoe", stage.foreign.origin),
    ] {
        let found = visitor.send(&stage.hub, &typed).await;
        assert_eq!(found.status, 200, "{typed}");
        let there = links(&found, "section a.button-big");
        assert_eq!(there, [expected.as_str()], "{typed}");
    }
    for typed in ["", "moi", "@moi@inconnu.localhost", "http://127.0.0.1/@moi"] {
        assert_eq!(visitor.send(&stage.hub, typed).await.status, 422, "{typed}");
    }
    assert_eq!(stage.hub.page(None, "/@autre/suivre").await.status, 404);
    assert_eq!(stage.hub.page(None, "/bobinette/suivre").await.status, 404);
}

#[tokio::test]
async fn an_account_of_a_kpa_is_led_to_that_kpa_and_confirms_there() {
    let (network, bobinette, chevalement) = two_hubs().await;
    let hubs = [&bobinette, &chevalement];
    let ali = chevalement.member("ali").create().await;

    let page = bobinette.page(None, "/@bobinette/suivre").await;
    let there = links(&page, "section a.button-second[rel=noopener]").remove(0);
    let path = there.strip_prefix(chevalement.origin().as_str()).unwrap();
    let anonymous = chevalement.page(None, path).await;
    assert_eq!(anonymous.status, 303);
    let location = anonymous.header("location");
    assert!(location.starts_with("/connexion?next="), "{location}");
    let shown = chevalement.page(Some(&ali), path).await;
    assert!(shown.text.contains("KPA bobinette"), "{}", shown.text);
    let uri = bobinette.uri("/hub").to_string();
    let done = chevalement.form(&ali, "/interagir", &[("uri", &uri)]).await;
    network.settle(&hubs).await;

    assert_eq!(done.status, 303, "{}", done.text);
    let list = chevalement.page(Some(&ali), "/kpa").await;
    assert!(texts(&list, ".card-hub .tag").contains(&"Suivi".to_owned()));
}

#[tokio::test]
async fn looking_at_an_address_from_elsewhere_never_acts_and_shows_no_fetched_bytes() {
    let stage = Stage::strangers(FederationMode::Open).await;
    let aicha = stage.hub.member("aicha").create().await;
    stage.foreign.put_raw(
        "/secret",
        200,
        "text/plain",
        "secret-of-an-internal-service",
    );
    let show = async |uri: &str| {
        let encoded = interkpa_web::routes::percent_encode(uri);
        let path = format!("/interagir?uri={encoded}");
        stage.hub.page(Some(&aicha), &path).await
    };

    let page = show(stage.group.uri.as_str()).await;
    assert_eq!(page.status, 200);
    assert_eq!(texts(&page, "form[action='/interagir'] button"), ["Suivre"]);
    let follows = stage.hub.api(&aicha, "GET", "/api/v1/follows", None).await;
    assert_eq!(follows.json()["items"], json!([]));
    let secret = show(&format!("{}/secret", stage.foreign.origin)).await;
    assert!(!secret.text.contains("secret-of"), "{}", secret.text);
    for bad in [
        "",
        "javascript:alert(1)",
        "http://127.0.0.1/",
        "file:///etc/passwd",
    ] {
        assert_eq!(show(bad).await.status, 400, "{bad}");
    }
    let other = Foreign::start("bloque").await;
    stage.hub.block(&other.origin).await;
    assert_eq!(show(other.uri("/hub").as_str()).await.status, 200);
    assert_eq!(
        other.asked().len(),
        0,
        "nothing is asked of a blocked server"
    );
}

/// Somebody without an account: the token of their forms lives in a cookie.
struct Visitor {
    cookie: String,
    csrf: String,
}

impl Visitor {
    async fn of(hub: &TestHub) -> Self {
        let page = hub.page(None, "/@bobinette/suivre").await;
        let cookie = page.header("set-cookie").split(';').next().unwrap();
        let document = Html::parse_document(&page.text);
        let token = Selector::parse("input[name='_csrf']").unwrap();
        let csrf = document.select(&token).next().unwrap().attr("value");
        Self {
            cookie: cookie.to_owned(),
            csrf: csrf.unwrap().to_owned(),
        }
    }

    async fn send(&self, hub: &TestHub, account: &str) -> Answered {
        let body = format!(
            "_csrf={}&account={}",
            interkpa_web::routes::percent_encode(&self.csrf),
            interkpa_web::routes::percent_encode(account)
        );
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "text/html"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let uri = hub.uri("/@bobinette/suivre");
        Caller::new()
            .send("POST", &uri, &headers, Some(body.into_bytes()))
            .await
    }
}
