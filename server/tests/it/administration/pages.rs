//! The pages of the administration.

use interkpa_server::features::people::rights::Role;

use super::Stage;

const PAGES: [&str; 6] = [
    "/administration",
    "/administration/kpa",
    "/administration/envois",
    "/administration/invitations",
    "/administration/membres",
    "/administration/journal",
];

#[tokio::test]
async fn the_pages_are_there_on_the_first_day_for_the_administrator_alone() {
    let stage = Stage::new().await;
    let aicha = stage
        .hub
        .member("aicha")
        .role(Role::Facilitator)
        .create()
        .await;

    for path in PAGES {
        let shown = stage.hub.page(Some(&stage.admin), path).await;
        assert_eq!(shown.status, 200, "{path}: {}", shown.text);
        assert_eq!(
            stage.hub.page(Some(&aicha), path).await.status,
            403,
            "{path}"
        );
        let visitor = stage.hub.page(None, path).await;
        assert_eq!(visitor.status, 303, "{path}");
        let english = format!("{path}?lang=en");
        let english = stage.hub.page(Some(&stage.admin), &english).await;
        assert!(english.text.contains("<html lang=\"en\""), "{path}");
    }
}

#[tokio::test]
async fn a_kpa_is_allowed_and_blocked_by_forms_and_a_wrong_address_is_kept() {
    let stage = Stage::new().await;
    let page = "/administration/kpa";

    let wrong = stage
        .hub
        .form(&stage.admin, page, &[("address", "pas une adresse")])
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("value=\"pas une adresse\""));
    let host = stage.host();
    let allowed = stage
        .hub
        .form(&stage.admin, page, &[("address", &host)])
        .await;
    assert_eq!(allowed.status, 303, "{}", allowed.text);
    let shown = stage.hub.page(Some(&stage.admin), page).await;
    assert!(shown.text.contains("KPA chevalement"), "{}", shown.text);
    let block = format!("{page}/{host}/bloquer");
    let blocked = stage
        .hub
        .form(&stage.admin, &block, &[("reason", "insultes")])
        .await;
    assert_eq!(blocked.status, 303);
    let again = format!("{page}/{host}/autoriser");
    assert_eq!(stage.hub.form(&stage.admin, &again, &[]).await.status, 303);

    let said = stage.journal(stage.other.origin().as_str()).await;
    let commands: Vec<&str> = said.iter().map(|(command, _)| command.as_str()).collect();
    assert_eq!(commands, ["peer_allow", "peer_block", "peer_allow"]);
    assert_eq!(said[1].1.as_deref(), Some("insultes"));
}

#[tokio::test]
async fn a_double_tap_on_any_form_of_the_administration_does_it_once() {
    let mut stage = Stage::new().await;
    let host = stage.host();
    let kpa = "/administration/kpa";
    let line = stage.undelivered().await;
    let letter = format!("/administration/envois/{}", line["id"].as_str().unwrap());
    let letter_id = line["id"].as_str().unwrap().to_owned();
    let bilal = stage.hub.member("bilal").create().await;
    let (member, other) = (
        format!("/administration/membres/{}", bilal.id),
        stage.other.origin().as_str().to_owned(),
    );
    let cases = [
        (format!("{letter}/reessayer"), &letter_id, "delivery_retry"),
        (
            format!("{letter}/abandonner"),
            &letter_id,
            "delivery_give_up",
        ),
        (format!("{kpa}/{host}/reessayer"), &other, "delivery_retry"),
        (format!("{kpa}/{host}/bloquer"), &other, "peer_block"),
        (
            format!("{member}/roles"),
            &bilal.id.to_string(),
            "role_give",
        ),
        (
            format!("{member}/suspendre"),
            &bilal.id.to_string(),
            "member_suspend",
        ),
        (
            format!("{member}/rouvrir"),
            &bilal.id.to_string(),
            "member_reopen",
        ),
    ];

    for (path, subject, command) in cases {
        let fields = [("_once", "t1"), ("role", "desk"), ("reason", "essai")];
        let first = stage.hub.form(&stage.admin, &path, &fields).await;
        let second = stage.hub.form(&stage.admin, &path, &fields).await;

        assert_eq!((first.status, second.status), (303, 303), "{path}");
        let led = second.header("location").to_owned();
        assert!(led.contains("already"), "{path}: {led}");
        let said = stage.journal(subject).await;
        let times = said.iter().filter(|(done, _)| done == command).count();
        assert_eq!(times, 1, "{path}: {said:?}");
    }

    stage.other.listen_again().await;
    let fields = [("_once", "t2"), ("address", host.as_str())];
    let before = stage.journal(&other).await.len();
    for _ in 0..2 {
        let allowed = stage.hub.form(&stage.admin, kpa, &fields).await;
        assert_eq!(allowed.status, 303, "{}", allowed.text);
    }
    assert_eq!(stage.journal(&other).await.len(), before + 1);
}

#[tokio::test]
async fn what_did_not_arrive_is_shown_in_words_sent_again_and_given_up() {
    let mut stage = Stage::new().await;
    let line = stage.undelivered().await;
    let id = line["id"].as_str().unwrap();
    let page = "/administration/envois";

    let shown = stage.hub.page(Some(&stage.admin), page).await;
    assert!(
        shown
            .text
            .contains("Nous n’arrivons pas à joindre ce site.")
    );
    assert!(shown.text.contains("Demande de suivi"));
    let state = stage.hub.page(Some(&stage.admin), "/administration").await;
    assert!(state.text.contains("1 ne répond pas"));
    let give_up = format!("{page}/{id}/abandonner");
    assert_eq!(
        stage.hub.form(&stage.admin, &give_up, &[]).await.status,
        303
    );
    assert_eq!(
        stage.hub.form(&stage.admin, &give_up, &[]).await.status,
        404
    );
    stage.other.listen_again().await;
    let retry = format!("{page}/{id}/reessayer");
    assert_eq!(stage.hub.form(&stage.admin, &retry, &[]).await.status, 303);
    stage.hub.deliver_all().await;

    let shown = stage.hub.page(Some(&stage.admin), page).await;
    assert!(shown.text.contains("Aucun envoi perdu."));
    assert!(shown.text.contains("1 envoi reçu"));
}

#[tokio::test]
async fn roles_are_given_and_taken_but_never_ones_own_nor_the_last_administrators() {
    let stage = Stage::new().await;
    let aicha = stage.hub.member("aicha").create().await;
    let second = stage
        .hub
        .member("second")
        .role(Role::TechnicalAdmin)
        .create()
        .await;
    let path = |id: &str, verb: &str| format!("/administration/membres/{id}/{verb}");
    let roles = path(aicha.id.as_str(), "roles");
    let given = [
        ("role", "cooperant"),
        ("role", "facilitator"),
        ("permission", "desk"),
    ];

    let done = stage.hub.form(&stage.admin, &roles, &given).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let own = path(stage.admin.id.as_str(), "roles");
    let refused = stage.hub.form(&stage.admin, &own, &given).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("On ne fait pas cela pour soi-même"));
    let demoted = path(second.id.as_str(), "roles");
    assert_eq!(
        stage.hub.form(&stage.admin, &demoted, &[]).await.status,
        303
    );

    let said = stage.journal(aicha.id.as_str()).await;
    assert_eq!(said.len(), 2, "{said:?}");
    let shown = stage.hub.page(Some(&aicha), "/accompagner").await;
    assert_eq!(shown.status, 200, "the new role counts at once");
    let last = path(stage.admin.id.as_str(), "suspendre");
    assert_eq!(stage.hub.form(&second, &last, &[]).await.status, 403);
    let members = stage
        .hub
        .page(Some(&stage.admin), "/administration/membres?q=aich")
        .await;
    assert!(members.text.contains("@aicha") && !members.text.contains("@second"));
}

#[tokio::test]
async fn a_suspended_account_is_shut_at_once_and_opened_again() {
    let stage = Stage::new().await;
    let aicha = stage.hub.member("aicha").create().await;
    let path = |verb: &str| format!("/administration/membres/{}/{verb}", aicha.id);

    let done = stage.hub.form(&stage.admin, &path("suspendre"), &[]).await;
    assert_eq!(done.status, 303);
    assert_eq!(stage.hub.page(Some(&aicha), "/moi").await.status, 303);
    let key = stage.hub.api(&aicha, "GET", "/api/v1/me", None).await;
    assert_eq!(key.status, 401);
    let again = stage.hub.form(&stage.admin, &path("suspendre"), &[]).await;
    assert_eq!(again.status, 404);
    let opened = stage.hub.form(&stage.admin, &path("rouvrir"), &[]).await;

    assert_eq!(opened.status, 303);
    let said = stage.journal(aicha.id.as_str()).await;
    let commands: Vec<&str> = said.iter().map(|(command, _)| command.as_str()).collect();
    assert_eq!(commands, ["member_suspend", "member_reopen"]);
}

#[tokio::test]
async fn a_cancelled_invitation_opens_nothing_any_more() {
    let stage = Stage::new().await;
    let made = stage
        .post(
            "/api/v1/invitations",
            serde_json::json!({"name": "Oumar", "role": "cooperant"}),
        )
        .await
        .json();
    let link = made["url"].as_str().unwrap();
    let link = link.strip_prefix(stage.hub.origin().as_str()).unwrap();
    assert_eq!(stage.hub.page(None, link).await.status, 200);
    let page = "/administration/invitations";
    let shown = stage.hub.page(Some(&stage.admin), page).await;
    assert!(shown.text.contains("Oumar"));
    assert!(!shown.text.contains(link), "the secret is shown once");

    let cancel = format!("{page}/{}/annuler", made["id"].as_str().unwrap());
    let cancelled = stage.hub.form(&stage.admin, &cancel, &[]).await;

    assert_eq!(cancelled.status, 303);
    assert_eq!(stage.hub.page(None, link).await.status, 410);
    let shown = stage.hub.page(Some(&stage.admin), page).await;
    assert!(shown.text.contains("Annulée"));
}

#[tokio::test]
async fn the_journal_says_who_did_what_and_is_narrowed_and_paged() {
    let stage = Stage::new().await;
    let aicha = stage.hub.member("aicha").create().await;
    for _ in 0..26 {
        for verb in ["suspendre", "rouvrir"] {
            let path = format!("/administration/membres/{}/{verb}", aicha.id);
            let done = stage.hub.form(&stage.admin, &path, &[]).await;
            assert_eq!(done.status, 303);
        }
    }
    let page = "/administration/journal";

    let first = stage.hub.page(Some(&stage.admin), page).await.text;
    assert!(first.contains("Nadia"), "{first}");
    assert!(first.contains("suspend un compte"));
    assert!(first.contains("Actif → Suspendu"));
    let next = first
        .split("href=\"")
        .filter_map(|part| part.split('"').next())
        .find(|href| href.contains("apres="))
        .expect("52 entries are more than one page")
        .replace("&amp;", "&")
        .replace("&#38;", "&");
    let second = stage.hub.page(Some(&stage.admin), &next).await;
    assert_eq!(second.status, 200);
    assert_eq!(second.text.matches("<tr><td").count(), 2);
    let nobody = format!("{page}?qui=personne");
    let nobody = stage.hub.page(Some(&stage.admin), &nobody).await;
    assert!(nobody.text.contains("Rien dans le journal"));
    let narrowed = format!("{page}?qui=nadia&quoi=member_reopen");
    let narrowed = stage.hub.page(Some(&stage.admin), &narrowed).await;
    assert_eq!(narrowed.text.matches("<tr><td").count(), 26);
}
