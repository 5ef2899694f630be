//! « Saisi pour le compte de »: what somebody of the team enters for a member who uses no screen. It
//! is written down with both names, the member is told, and nobody confirms both sides.

use interkpa_federation::Span;
use interkpa_server::features::people::rights::Role;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

use super::{led_to, publish, text, two};

/// Aïcha publishes; Fatou uses no screen; Oumar and Salma are of the team.
struct Desk {
    network: TestNetwork,
    hub: TestHub,
    aicha: TestMember,
    fatou: TestMember,
    oumar: TestMember,
    salma: TestMember,
    offer: Value,
}

impl Desk {
    async fn new(seed: u64) -> Self {
        let (network, hub, _) = two(seed).await;
        let aicha = hub.member("aicha").create().await;
        let fatou = hub.member("fatou").create().await;
        let oumar = hub.member("oumar").role(Role::Desk).create().await;
        let salma = hub.member("salma").role(Role::Facilitator).create().await;
        let offer = publish(&hub, &aicha, "Poser une étagère").await;
        Self {
            network,
            hub,
            aicha,
            fatou,
            oumar,
            salma,
            offer,
        }
    }

    fn page_of_offer(&self) -> String {
        format!("/objets/{}", text(&self.offer["id"]))
    }

    async fn answer_for_fatou(&self, by: &TestMember) {
        let fields = [
            ("_once", "a"),
            ("message", "Pour samedi."),
            ("for_member", self.fatou.id.as_str()),
            ("consent", "1"),
        ];
        let path = format!("{}/reponses", self.page_of_offer());
        led_to(&self.hub.form(by, &path, &fields).await);
    }

    async fn the_answer(&self) -> Value {
        let path = format!("/api/v1/proposals/{}/responses", text(&self.offer["id"]));
        let list = self.hub.api(&self.aicha, "GET", &path, None).await.json();
        list["items"][0].clone()
    }

    /// Accepts as somebody; the path of the agreement.
    async fn accept(&self, by: &TestMember) -> String {
        let path = format!(
            "/reponses/{}/accepter",
            text(&self.the_answer().await["id"])
        );
        led_to(&self.hub.form(by, &path, &[("_once", "b")]).await)
    }

    async fn told(&self, member: &TestMember) -> String {
        self.hub.page(Some(member), "/notifications").await.text
    }

    /// Sends a form of the agreement for somebody; its status.
    async fn does(
        &self,
        by: &TestMember,
        for_whom: &TestMember,
        (agreement, deed): (&str, &str),
        once: &str,
    ) -> u16 {
        let fields = [
            ("_once", once),
            ("for_member", for_whom.id.as_str()),
            ("minutes", "60"),
            ("reason", "Ce n’est pas fait."),
        ];
        self.hub
            .form(by, &format!("{agreement}/{deed}"), &fields)
            .await
            .status
    }
}

#[tokio::test]
async fn the_desk_answers_for_somebody_who_is_told_and_stays_the_one_who_answered() {
    let desk = Desk::new(240).await;
    let page = desk
        .hub
        .page(Some(&desk.oumar), &desk.page_of_offer())
        .await;
    assert!(
        page.text.contains("Pour qui répondez-vous"),
        "{}",
        page.text
    );

    let without = [
        ("_once", "z"),
        ("message", "Pour samedi."),
        ("for_member", desk.fatou.id.as_str()),
    ];
    let path = format!("{}/reponses", desk.page_of_offer());
    let refused = desk.hub.form(&desk.oumar, &path, &without).await;
    assert_eq!(refused.status, 422, "never without consent");
    assert!(refused.text.contains("Pour samedi."));
    desk.answer_for_fatou(&desk.oumar).await;

    assert_eq!(desk.the_answer().await["name"], "Fatou");
    assert!(desk.told(&desk.fatou).await.contains("Oumar a saisi"));
    let tell = desk.hub.page(Some(&desk.oumar), "/a-prevenir").await.text;
    assert!(!tell.contains("Fatou"), "a day to look for herself");
    desk.network.clock.advance(Span::days(1));
    let tell = desk.hub.page(Some(&desk.oumar), "/a-prevenir").await.text;
    assert!(tell.contains("Fatou"), "{tell}");
}

#[tokio::test]
async fn a_member_without_the_right_enters_nothing_for_others() {
    let desk = Desk::new(244).await;
    let bilal = desk.hub.member("bilal").create().await;
    let page = desk.hub.page(Some(&bilal), &desk.page_of_offer()).await;
    assert!(!page.text.contains("Pour qui répondez-vous"));

    let fields = [
        ("_once", "a"),
        ("message", "Pour elle."),
        ("for_member", desk.fatou.id.as_str()),
        ("consent", "1"),
    ];
    let path = format!("{}/reponses", desk.page_of_offer());
    let refused = desk.hub.form(&bilal, &path, &fields).await;
    assert_eq!(refused.status, 422);
    assert!(desk.the_answer().await.is_null());

    desk.answer_for_fatou(&desk.oumar).await;
    let agreement = desk.accept(&desk.aicha).await;
    let page = format!("{agreement}?pour={}", desk.fatou.id);
    assert_eq!(desk.hub.page(Some(&bilal), &page).await.status, 404);
    let status = desk
        .does(&bilal, &desk.fatou, (&agreement, "fait"), "c")
        .await;
    assert_eq!(status, 404);
    let page = desk.hub.page(Some(&bilal), "/accompagner/agir-pour").await;
    assert_eq!(page.status, 403);
}

#[tokio::test]
async fn the_whole_exchange_is_entered_and_two_people_confirm_the_two_sides() {
    let desk = Desk::new(248).await;
    desk.answer_for_fatou(&desk.oumar).await;
    let list = format!("/accompagner/agir-pour?membre={}", desk.aicha.id);
    let list = desk.hub.page(Some(&desk.oumar), &list).await.text;
    assert!(list.contains("Fatou répond à"), "{list}");
    // The desk also decides for Aïcha, who called.
    let agreement = desk.accept(&desk.oumar).await;
    assert!(desk.told(&desk.aicha).await.contains("Oumar a saisi"));

    let page = format!("{agreement}?pour={}", desk.fatou.id);
    let page = desk.hub.page(Some(&desk.oumar), &page).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("Vous agissez pour Fatou"));
    assert!(!page.text.contains("/messages\""), "the thread is theirs");
    let for_fatou = desk
        .does(&desk.oumar, &desk.fatou, (&agreement, "fait"), "c")
        .await;
    assert_eq!(for_fatou, 303);

    let both = desk
        .does(&desk.oumar, &desk.aicha, (&agreement, "confirmer"), "d")
        .await;
    assert_eq!(both, 403, "nobody confirms both sides");
    let contest = desk
        .does(&desk.oumar, &desk.aicha, (&agreement, "contester"), "e")
        .await;
    assert_eq!(contest, 403);
    let other = desk
        .does(&desk.salma, &desk.aicha, (&agreement, "confirmer"), "f")
        .await;
    assert_eq!(other, 303);

    let history = desk.hub.page(Some(&desk.fatou), &agreement).await.text;
    assert!(history.contains("Oumar l’a saisi pour Fatou"), "{history}");
    assert!(history.contains("Salma l’a saisi pour Aicha"), "{history}");
    let hours = desk
        .hub
        .api(&desk.aicha, "GET", "/api/v1/hours", None)
        .await
        .json();
    assert_eq!(hours["items"][0]["minutes"], 60, "{hours}");
}

#[tokio::test]
async fn somebody_of_the_team_who_is_a_party_acts_for_nobody_else_in_it() {
    let desk = Desk::new(252).await;
    let fields = [("_once", "a"), ("message", "Pour moi.")];
    let path = format!("{}/reponses", desk.page_of_offer());
    led_to(&desk.hub.form(&desk.salma, &path, &fields).await);

    let path = format!(
        "/reponses/{}/accepter",
        text(&desk.the_answer().await["id"])
    );
    let refused = desk.hub.form(&desk.salma, &path, &[("_once", "b")]).await;
    assert_eq!(refused.status, 403, "she answered: she does not decide");

    let agreement = desk.accept(&desk.aicha).await;
    let refused = desk
        .does(&desk.salma, &desk.aicha, (&agreement, "fait"), "c")
        .await;
    assert_eq!(refused, 403);
}

#[tokio::test]
async fn a_disagreement_is_settled_with_the_right_duration_by_the_form_alone() {
    let desk = Desk::new(256).await;
    desk.answer_for_fatou(&desk.oumar).await;
    let agreement = desk.accept(&desk.aicha).await;
    let fields = [("_once", "c"), ("minutes", "120")];
    led_to(
        &desk
            .hub
            .form(&desk.aicha, &format!("{agreement}/fait"), &fields)
            .await,
    );
    let fields = [("_once", "d"), ("reason", "Une heure et demie.")];
    led_to(
        &desk
            .hub
            .form(&desk.fatou, &format!("{agreement}/contester"), &fields)
            .await,
    );

    let page = desk.hub.page(Some(&desk.salma), &agreement).await.text;
    assert!(page.contains("La bonne durée"), "{page}");
    let fields = [
        ("_once", "e"),
        ("outcome", "confirmed"),
        ("minutes", "un peu"),
        ("reason", "D’un commun accord."),
    ];
    let path = format!("{agreement}/regler");
    let refused = desk.hub.form(&desk.salma, &path, &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("un peu"), "what was typed stays");
    let fields = [
        ("_once", "f"),
        ("outcome", "confirmed"),
        ("minutes", "1 h 30"),
        ("reason", "D’un commun accord."),
    ];
    led_to(&desk.hub.form(&desk.salma, &path, &fields).await);

    let hours = desk
        .hub
        .api(&desk.aicha, "GET", "/api/v1/hours", None)
        .await
        .json();
    let minutes: Vec<i64> = hours["items"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|line| line["minutes"].as_i64())
        .collect();
    assert_eq!(
        minutes.iter().sum::<i64>(),
        90,
        "one fact, one counter-entry: {minutes:?}"
    );
    assert_eq!(minutes.len(), 2);
    let page = desk.hub.page(Some(&desk.aicha), "/temps").await.text;
    assert!(page.contains("Correction"), "{page}");
    let me = desk.hub.page(Some(&desk.aicha), "/moi").await.text;
    assert!(
        me.contains("1\u{202f}h\u{202f}30") || me.contains("1\u{a0}h\u{a0}30"),
        "{me}"
    );
}

#[tokio::test]
async fn a_program_of_the_team_does_the_same_under_the_same_rules() {
    let desk = Desk::new(268).await;
    let hub = &desk.hub;
    let bilal = hub.member("bilal").create().await;
    let answers = format!("/api/v1/proposals/{}/responses", text(&desk.offer["id"]));
    let body = |consent: bool| {
        let fatou = desk.fatou.id.as_str();
        Some(json!({"message": "Pour samedi.", "for_member": fatou, "consent": consent}))
    };

    let without = hub.api(&desk.oumar, "POST", &answers, body(false)).await;
    assert_eq!(without.status, 422, "never without consent");
    assert_eq!(without.json()["errors"][0]["field"], "consent");
    let no_right = hub.api(&bilal, "POST", &answers, body(true)).await;
    assert_eq!(no_right.status, 403);
    let nobody = json!({"message": "x", "for_member": "personne", "consent": true});
    let nobody = hub.api(&desk.oumar, "POST", &answers, Some(nobody)).await;
    assert_eq!(nobody.status, 422);
    let given = hub.api(&desk.oumar, "POST", &answers, body(true)).await;
    assert_eq!(given.status, 201, "{}", given.text);
    assert_eq!(given.json()["name"], "Fatou");
    assert!(desk.told(&desk.fatou).await.contains("Oumar a saisi"));

    let of_aicha = format!("/api/v1/waiting?for_member={}", desk.aicha.id);
    let waiting = hub.api(&desk.salma, "GET", &of_aicha, None).await.json();
    assert_eq!(waiting["items"][0]["what"], "decide", "{waiting}");
    let own = hub.api(&desk.aicha, "GET", "/api/v1/waiting", None).await;
    assert_eq!(own.json(), waiting, "what she reads herself");
    assert_eq!(hub.api(&bilal, "GET", &of_aicha, None).await.status, 403);
    let accept = format!(
        "/api/v1/responses/{}/accept",
        text(&waiting["items"][0]["response"])
    );
    let accepted = hub.api(&desk.aicha, "POST", &accept, Some(json!({}))).await;
    assert_eq!(accepted.status, 201, "{}", accepted.text);
    let agreement = format!("/api/v1/agreements/{}", text(&accepted.json()["id"]));
    let word = json!({"text": "Entre nous."});
    let said = hub
        .api(
            &desk.aicha,
            "POST",
            &format!("{agreement}/messages"),
            Some(word),
        )
        .await;
    assert_eq!(said.status, 200, "{}", said.text);

    let read = async |by: &TestMember, query: &str| {
        hub.api(by, "GET", &format!("{agreement}{query}"), None)
            .await
    };
    let for_fatou = format!("?for_member={}", desk.fatou.id);
    let page = read(&desk.oumar, &for_fatou).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(!page.text.contains("Entre nous."), "the thread is theirs");
    assert_eq!(read(&desk.oumar, "").await.status, 404);
    assert_eq!(read(&bilal, &for_fatou).await.status, 403);
    let list = format!("/api/v1/agreements{for_fatou}");
    let list = hub.api(&desk.oumar, "GET", &list, None).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_program_of_the_team_speaks_for_one_side_only() {
    let desk = Desk::new(272).await;
    let bilal = desk.hub.member("bilal").create().await;
    desk.answer_for_fatou(&desk.salma).await;
    let page = desk.accept(&desk.aicha).await;
    let agreement = page.replace("/accords", "/api/v1/agreements");

    let does = async |by: &TestMember, whom: &TestMember, deed: &str| {
        let body = json!({"for_member": whom.id.as_str(), "minutes": 60, "reason": "Non."});
        let path = format!("{agreement}/{deed}");
        desk.hub.api(by, "POST", &path, Some(body)).await
    };
    let stranger = does(&desk.oumar, &bilal, "done").await;
    assert_eq!(stranger.status, 404, "he is no party");
    assert_eq!(does(&bilal, &desk.fatou, "done").await.status, 403);
    assert_eq!(does(&desk.oumar, &desk.fatou, "done").await.status, 200);
    for deed in ["confirm", "contest"] {
        let both = does(&desk.oumar, &desk.aicha, deed).await;
        assert_eq!((both.status, both.code().as_str()), (403, "both_sides"));
    }
    let confirmed = does(&desk.salma, &desk.aicha, "confirm").await;
    assert_eq!(confirmed.json()["state"], "confirmed", "{}", confirmed.text);
    let history = desk.hub.page(Some(&desk.fatou), &page).await.text;
    assert!(history.contains("Oumar l’a saisi pour Fatou"), "{history}");
}
