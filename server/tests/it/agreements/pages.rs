//! The pages of answers, agreements and hours, as a browser without scripts uses them.

use interkpa_federation::Span;
use interkpa_federation::vocabulary::terms::Settlement;
use interkpa_server::features::people::secret_hash;
use interkpa_server::features::people::store::{NewSession, insert_session};
use interkpa_server::testing::caller::{Answered, Caller};
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::TestHub;

use super::{PHONE_OF_AICHA, Two, text};

/// A browser in which somebody is signed in.
struct Browser<'a> {
    hub: &'a TestHub,
    cookie: String,
    token: String,
}

impl<'a> Browser<'a> {
    async fn of(hub: &'a TestHub, member: &TestMember) -> Self {
        let secret = format!("session-of-{}", member.handle);
        let token = format!("token-of-{}", member.handle);
        let now = hub.app.now();
        let session = NewSession {
            id_hash: secret_hash(&secret),
            member: member.id.clone(),
            csrf_secret: token.clone(),
            browser: "Firefox".to_owned(),
            created_at: now,
            expires_at: now + Span::days(30),
        };
        hub.app
            .write(move |tx| insert_session(tx, &session))
            .await
            .expect("a session is written");
        Self {
            hub,
            cookie: format!("session={secret}"),
            token,
        }
    }

    async fn get(&self, path: &str) -> Answered {
        let headers = [("cookie".to_owned(), self.cookie.clone())];
        Caller::new()
            .send("GET", &self.hub.uri(path), &headers, None)
            .await
    }

    async fn post(&self, path: &str, once: &str, fields: &[(&str, &str)]) -> Answered {
        let headers = [
            ("cookie".to_owned(), self.cookie.clone()),
            (
                "content-type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            ),
            ("sec-fetch-site".to_owned(), "same-origin".to_owned()),
        ];
        let mut body = vec![format!("_csrf={}", self.token), format!("_once={once}")];
        let encode = interkpa_web::routes::percent_encode;
        body.extend(
            fields
                .iter()
                .map(|(name, value)| format!("{name}={}", encode(value))),
        );
        let body = body.join("&").into_bytes();
        Caller::new()
            .send("POST", &self.hub.uri(path), &headers, Some(body))
            .await
    }
}

/// Where a form led to, without the notice.
fn led_to(answered: &Answered) -> String {
    assert_eq!(answered.status, 303, "{}", answered.text);
    let location = answered.header("location");
    location.split('?').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn two_people_do_it_all_with_forms_alone() {
    let two = Two::new(80, Settlement::Hours).await;
    let aicha = Browser::of(&two.bobinette, &two.aicha).await;
    let bruno = Browser::of(&two.chevalement, &two.bruno).await;
    let (here, there) = (
        format!("/objets/{}", two.proposal),
        format!("/objets/{}", two.copy),
    );

    let fields = [("message", "Je peux venir."), ("proposed", "2026-11-28")];
    let sent = bruno.post(&format!("{there}/reponses"), "a", &fields).await;
    assert_eq!(led_to(&sent), there);
    // A second tap leads to the same place, and there is still one answer.
    assert_eq!(
        led_to(&bruno.post(&format!("{there}/reponses"), "a", &fields).await),
        there
    );
    assert!(bruno.get("/moi/reponses").await.text.contains("vélo-cargo"));
    assert!(bruno.get(&there).await.text.contains("Je peux venir."));
    two.settle().await;

    let shown = aicha.get(&here).await.text;
    assert!(
        shown.contains("Je peux venir.") && shown.contains("28/11/2026"),
        "{shown}"
    );
    let received = two.received().await;
    assert_eq!(received.len(), 1);
    let accept = format!("/reponses/{}/accepter", text(&received[0]["id"]));
    let agreement = led_to(&aicha.post(&accept, "b", &[]).await);
    assert!(agreement.starts_with("/accords/"));
    assert_eq!(led_to(&aicha.post(&accept, "b", &[]).await), agreement);
    two.settle().await;

    let copy = format!(
        "/accords/{}",
        text(&two.agreements_of_bruno().await[0]["id"])
    );
    let page = bruno.get(&copy).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains(PHONE_OF_AICHA));
    let fields = [("minutes", "1 h 30"), ("words", "Tout va bien")];
    assert_eq!(
        led_to(&bruno.post(&format!("{copy}/fait"), "c", &fields).await),
        copy
    );
    two.settle().await;
    assert!(
        aicha
            .get("/moi/accords")
            .await
            .text
            .contains("À vous de jouer")
    );
    assert_eq!(
        led_to(
            &aicha
                .post(&format!("{agreement}/confirmer"), "d", &[])
                .await
        ),
        agreement
    );
    two.settle().await;

    let hours = bruno.get("/temps").await;
    assert!(
        hours.status == 200 && hours.text.contains("+1"),
        "{}",
        hours.text
    );
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    let two = Two::new(84, Settlement::Hours).await;
    let bruno = Browser::of(&two.chevalement, &two.bruno).await;
    let there = format!("/objets/{}", two.copy);

    let fields = [("message", ""), ("proposed", "2026-11-28")];
    let refused = bruno.post(&format!("{there}/reponses"), "a", &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("2026-11-28"));

    let (_, copy) = two.agree().await;
    let copy = format!("/accords/{copy}");
    let fields = [("minutes", "une heure"), ("words", "Tout va bien")];
    let refused = bruno.post(&format!("{copy}/fait"), "b", &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("une heure") && refused.text.contains("Tout va bien"));
    let refused = bruno
        .post(&format!("{copy}/messages"), "c", &[("words", "")])
        .await;
    assert_eq!(refused.status, 422);
}

#[tokio::test]
async fn the_page_of_an_agreement_is_for_its_parties() {
    let two = Two::new(88, Settlement::Gift).await;
    let (here, _) = two.agree().await;
    let zoe = two.bobinette.member("zoe").create().await;

    let zoe = Browser::of(&two.bobinette, &zoe).await;
    let fatou = Browser::of(&two.bobinette, &two.fatou).await;
    let path = format!("/accords/{here}");

    assert_eq!(zoe.get(&path).await.status, 404);
    // Whoever settles disagreements reads an agreement only while it is contested.
    assert_eq!(fatou.get(&path).await.status, 404);
    let refused = zoe.post(&format!("{path}/annuler"), "a", &[]).await;
    assert_eq!(refused.status, 404);
}

#[tokio::test]
async fn what_is_said_at_the_responders_hub_shows_at_once_before_the_owners_copy_returns() {
    let two = Two::new(92, Settlement::Hours).await;
    let (_, copy) = two.agree().await;
    let bruno = Browser::of(&two.chevalement, &two.bruno).await;
    let path = format!("/accords/{copy}");
    let chip = |page: &str| {
        let html = scraper::Html::parse_document(page);
        let tag = scraper::Selector::parse(".card-top .tag").unwrap();
        let found = html.select(&tag).next().unwrap();
        found.text().collect::<String>().trim().to_owned()
    };
    assert_eq!(chip(&bruno.get(&path).await.text), "Accord conclu");

    two.bruno_does(&copy, "done", serde_json::json!({"minutes": 60}))
        .await;

    assert_eq!(chip(&bruno.get(&path).await.text), "À confirmer");
    assert_eq!(two.bruno_reads(&copy).await["state"], "concluded");
    let waiting = two
        .chevalement
        .api(&two.bruno, "GET", "/api/v1/waiting", None)
        .await;
    assert_eq!(waiting.json()["items"], serde_json::json!([]));
    two.settle().await;
    assert_eq!(chip(&bruno.get(&path).await.text), "À confirmer");
}
