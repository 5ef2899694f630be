//! The pages, without JavaScript.

use interkpa_server::features::people::rights::Role;
use interkpa_server::testing::network::TestNetwork;
use serde_json::json;

use super::browser::{Browser, led_to, texts};
use super::{need, offer, publish, titles};

const FIELDS: &[(&str, &str)] = &[
    ("purpose", "offer"),
    ("kind", "service"),
    ("title", "Cours de couture"),
    ("text", "Deux heures"),
    ("settlement", "hours"),
    ("settlement", "gift"),
    ("minutes", "1 h 30"),
    ("audience", "public"),
    ("expires_days", "60"),
];

#[tokio::test]
async fn a_form_publishes_once_however_often_it_is_tapped() {
    let network = TestNetwork::new(60);
    let hub = network.hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let browser = Browser::of(&hub, &aicha).await;
    let tokens = browser.tokens("/publier").await;

    let first = browser.post("/publier", &tokens, FIELDS).await;
    let second = browser.post("/publier", &tokens, FIELDS).await;

    let page = led_to(&first);
    assert_eq!(led_to(&second), page);
    assert_eq!(titles(&hub, &aicha, "").await.len(), 1);
    let shown = browser.get(&page).await;
    assert_eq!(texts(&shown.text, "h1"), ["Cours de couture"]);
    assert!(
        shown.text.contains("1 h 30") || shown.text.contains("1\u{a0}h\u{a0}30"),
        "the duration"
    );
}

/// Going back in the browser shows the form with another token and the words still there.
#[tokio::test]
async fn the_same_words_again_are_the_same_announcement() {
    let network = TestNetwork::new(67);
    let hub = network.hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let browser = Browser::of(&hub, &aicha).await;

    let first = browser
        .post("/publier", &browser.tokens("/publier").await, FIELDS)
        .await;
    let again = browser
        .post("/publier", &browser.tokens("/publier").await, FIELDS)
        .await;
    let mut other = FIELDS.to_vec();
    other[3] = ("text", "Trois heures");
    let different = browser
        .post("/publier", &browser.tokens("/publier").await, &other)
        .await;

    assert_eq!(led_to(&again), led_to(&first));
    assert_ne!(led_to(&different), led_to(&first));
    assert_eq!(titles(&hub, &aicha, "").await.len(), 2);
}

/// « Rien ne vous attend » was said whatever waited.
#[tokio::test]
async fn the_home_page_says_what_waits() {
    let network = TestNetwork::new(69);
    let hub = network.hub("bobinette").await;
    let (aicha, bruno) = (
        hub.member("aicha").create().await,
        hub.member("bruno").create().await,
    );
    let theirs = publish(&hub, &aicha, need("Réparer un vélo", json!({}))).await;
    let browser = Browser::of(&hub, &aicha).await;
    let before = browser.get("/").await;
    let path = format!(
        "/api/v1/proposals/{}/responses",
        theirs["id"].as_str().unwrap()
    );
    let answered = hub
        .api(
            &bruno,
            "POST",
            &path,
            Some(json!({ "message": "Je viens" })),
        )
        .await;
    assert_eq!(answered.status, 201, "{}", answered.text);

    let after = browser.get("/").await;

    assert_eq!(texts(&before.text, ".todo strong").len(), 0);
    let waiting = texts(&after.text, ".todo strong");
    assert!(waiting[0].contains("Réparer un vélo"), "{waiting:?}");
    assert!(texts(&Browser::stranger(&hub).get("/").await.text, ".todo").is_empty());
}

/// A session ended while somebody was writing: what was typed was lost without JavaScript.
#[tokio::test]
async fn what_was_written_waits_for_signing_in() {
    let network = TestNetwork::new(68);
    let hub = network.hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let theirs = publish(&hub, &aicha, need("Réparer un vélo", json!({}))).await;
    let answers = format!("/objets/{}/reponses", theirs["id"].as_str().unwrap());
    let stranger = Browser::stranger(&hub);

    for (path, field, text) in [
        ("/publier", "title", "Un « titre » à <garder>"),
        (answers.as_str(), "message", "Je viens samedi"),
    ] {
        let tokens = [("_csrf".to_owned(), "of another time".to_owned())];
        let asked = stranger
            .post(path, &tokens, &[(field, text), ("password", "secret")])
            .await;

        assert_eq!(asked.status, 401, "{path}");
        let kept = |name: &str| {
            let selector = format!("form[action='/connexion'] input[name='{name}']");
            let html = scraper::Html::parse_document(&asked.text);
            let found = scraper::Selector::parse(&selector).unwrap();
            html.select(&found)
                .next()
                .and_then(|input| input.value().attr("value").map(str::to_owned))
        };
        assert_eq!(kept("kept_action").as_deref(), Some(path));
        assert_eq!(kept(&format!("kept.{field}")).as_deref(), Some(text));
        assert_eq!(kept("kept.password"), None);
    }
}

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed_and_a_sentence_for_each_fault() {
    let network = TestNetwork::new(61);
    let hub = network.hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let browser = Browser::of(&hub, &aicha).await;
    let tokens = browser.tokens("/publier").await;
    let fields = [
        ("purpose", "offer"),
        ("kind", "service"),
        ("title", "ab"),
        ("text", "Un texte <b>long</b> qui ne doit pas se perdre"),
        ("price", "12,5o"),
        ("audience", "public"),
    ];

    let refused = browser.post("/publier", &tokens, &fields).await;

    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("value=\"12,5o\""));
    assert!(
        refused.text.contains("Un texte &#60;b&#62;long")
            || refused.text.contains("Un texte &lt;b&gt;long")
    );
    assert_eq!(
        texts(&refused.text, "#errors li").len(),
        3,
        "title, settlement, price"
    );
    assert!(titles(&hub, &aicha, "").await.is_empty());
    // The same form, put right, goes through.
    let fixed = browser.post("/publier", &tokens, FIELDS).await;
    led_to(&fixed);
}

#[tokio::test]
async fn strangers_see_public_offers_without_names_and_nothing_else() {
    let network = TestNetwork::new(62);
    let hub = network.hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let made = publish(&hub, &aicha, offer("Cours de couture", json!({}))).await;
    let hidden = publish(&hub, &aicha, need("Un secret de réseau", json!({}))).await;
    let stranger = Browser::stranger(&hub);

    for path in ["/", "/entraide", "/entraide.atom", "/hub.atom"] {
        let page = stranger.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text.contains("Cours de couture"), "{path}");
        assert!(!page.text.contains("secret de réseau"), "{path}");
        assert!(!page.text.contains("Aicha"), "{path}");
    }
    let path = |made: &serde_json::Value| format!("/objets/{}", made["id"].as_str().unwrap());
    assert_eq!(stranger.get(&path(&made)).await.status, 200);
    assert_eq!(stranger.get(&path(&hidden)).await.status, 404);
    let member = Browser::of(&hub, &aicha).await;
    assert!(
        member
            .get("/entraide")
            .await
            .text
            .contains("secret de réseau")
    );
}

#[tokio::test]
async fn a_public_list_changes_with_the_next_publication_and_answers_304_until_then() {
    let network = TestNetwork::new(63);
    let hub = network.hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let stranger = Browser::stranger(&hub);
    publish(&hub, &aicha, offer("Première", json!({}))).await;
    let first = stranger.get("/entraide").await;
    let tag = first.header("etag").to_owned();

    let same = stranger
        .get_with("/entraide", &[("if-none-match", &tag)])
        .await;
    assert_eq!((same.status, same.text.as_str()), (304, ""));
    publish(&hub, &aicha, offer("Deuxième", json!({}))).await;
    let next = stranger
        .get_with("/entraide", &[("if-none-match", &tag)])
        .await;
    assert_eq!(next.status, 200);
    assert!(next.text.contains("Deuxième"));
}

#[tokio::test]
async fn the_author_edits_pauses_finds_and_takes_back_by_buttons() {
    let network = TestNetwork::new(64);
    let hub = network.hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let bruno = hub.member("bruno").create().await;
    let made = publish(&hub, &aicha, offer("Cours de couture", json!({}))).await;
    let page = format!("/objets/{}", made["id"].as_str().unwrap());
    let (author, other) = (
        Browser::of(&hub, &aicha).await,
        Browser::of(&hub, &bruno).await,
    );

    let tokens = author.tokens(&format!("{page}/modifier")).await;
    let edit = [
        ("title", "Couture"),
        ("settlement", "gift"),
        ("audience", "public"),
    ];
    assert_eq!(
        led_to(
            &author
                .post(&format!("{page}/modifier"), &tokens, &edit)
                .await
        ),
        page
    );
    let stale = author
        .post(&format!("{page}/modifier"), &tokens, &edit)
        .await;
    assert!(
        stale.header("location").contains("changed_meanwhile"),
        "the page was open too long"
    );
    assert_eq!(texts(&author.get(&page).await.text, "h1"), ["Couture"]);
    assert_eq!(other.get(&format!("{page}/modifier")).await.status, 403);

    led_to(&author.press(&page, &format!("{page}/suspendre")).await);
    assert_eq!(other.get(&page).await.status, 404, "kept back");
    led_to(&author.press(&page, &format!("{page}/reprendre")).await);
    led_to(&author.press(&page, &format!("{page}/pourvu")).await);
    assert_eq!(other.get(&page).await.status, 200, "found, still readable");
    let tokens = author.tokens(&format!("{page}/retirer")).await;
    led_to(
        &author
            .post(
                &format!("{page}/retirer"),
                &tokens,
                &[("reason", "Changé d'avis")],
            )
            .await,
    );
    assert_eq!(other.get(&page).await.status, 410);
}

#[tokio::test]
async fn a_form_of_another_session_changes_nothing() {
    let network = TestNetwork::new(65);
    let hub = network.hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let bruno = hub.member("bruno").create().await;
    let tokens = Browser::of(&hub, &bruno).await.tokens("/publier").await;

    let refused = Browser::of(&hub, &aicha)
        .await
        .post("/publier", &tokens, FIELDS)
        .await;

    assert_eq!(refused.status, 403);
    assert!(titles(&hub, &aicha, "").await.is_empty());
}

#[tokio::test]
async fn the_desk_publishes_for_somebody_and_prints_a_code() {
    let network = TestNetwork::new(66);
    let hub = network.hub("bobinette").await;
    let oumar = hub.member("oumar").role(Role::Desk).create().await;
    let aicha = hub.member("aicha").create().await;
    let browser = Browser::of(&hub, &oumar).await;
    let tokens = browser.tokens("/accompagner/publier-pour").await;
    let mut fields = FIELDS.to_vec();
    fields.extend([("for_name", "Zohra"), ("consent", "1")]);

    let page = led_to(
        &browser
            .post("/accompagner/publier-pour", &tokens, &fields)
            .await,
    );

    let shown = browser.get(&page).await.text;
    assert!(shown.contains("G-"), "the code of the slip");
    assert!(shown.contains("Oumar"), "who entered it");
    let other = Browser::of(&hub, &aicha).await.get(&page).await.text;
    assert!(!other.contains("G-2") && !other.contains("Zohra"));
    let refused = Browser::of(&hub, &aicha)
        .await
        .get("/accompagner/publier-pour")
        .await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn questions_and_reports_are_forms_too() {
    let network = TestNetwork::new(67);
    let hub = network.hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let bruno = hub.member("bruno").create().await;
    let made = publish(&hub, &aicha, offer("Cours de couture", json!({}))).await;
    let page = format!("/objets/{}", made["id"].as_str().unwrap());
    let browser = Browser::of(&hub, &bruno).await;
    let tokens = browser.tokens(&page).await;

    let empty = browser
        .post(&format!("{page}/question"), &tokens, &[("question", "")])
        .await;
    assert_eq!(empty.status, 422);
    led_to(
        &browser
            .post(
                &format!("{page}/question"),
                &tokens,
                &[("question", "Pour débutants ?")],
            )
            .await,
    );
    assert!(browser.get(&page).await.text.contains("Pour débutants"));
    let report = format!("{page}/signaler");
    let tokens = browser.tokens(&report).await;
    assert_eq!(
        browser
            .post(&report, &tokens, &[("reason", "")])
            .await
            .status,
        422
    );
    led_to(&browser.post(&report, &tokens, &[("reason", "spam")]).await);
    led_to(&browser.press(&page, &format!("{page}/masquer")).await);
    assert!(
        !browser
            .get("/entraide")
            .await
            .text
            .contains("Cours de couture")
    );
}
