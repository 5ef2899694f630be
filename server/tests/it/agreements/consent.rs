//! Whose number the other person reads after an agreement (decision record 0010).

use diesel::prelude::*;
use interkpa_federation::vocabulary::terms::Settlement;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::{audit_events, member_profiles};
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::TestHub;

use super::{PHONE_OF_AICHA, PHONE_OF_BRUNO, Two, text};

/// The question of the forms.
const QUESTION: &str = "Montrer mon numéro à l’autre personne après l’accord";

/// As if the member had never been asked.
async fn never_asked(hub: &TestHub, member: &TestMember) {
    let id = member.id.clone();
    hub.app
        .write(move |tx| -> Result<(), StoreError> {
            diesel::delete(member_profiles::table.find(id.as_str())).execute(tx)?;
            Ok(())
        })
        .await
        .expect("a choice is forgotten");
}

async fn nobody_asked(seed: u64) -> Two {
    let two = Two::new(seed, Settlement::Gift).await;
    never_asked(&two.bobinette, &two.aicha).await;
    never_asked(&two.chevalement, &two.bruno).await;
    two
}

#[tokio::test]
async fn whoever_never_chose_shares_no_number() {
    let two = nobody_asked(90).await;

    let (here, there) = two.agree().await;

    let of_bruno = &two.aicha_reads(&here).await["parties"][1]["phone"];
    let of_aicha = &two.bruno_reads(&there).await["parties"][0]["phone"];
    assert_eq!((of_bruno.as_str(), of_aicha.as_str()), (None, None));
}

#[tokio::test]
async fn the_forms_ask_once_with_an_empty_box_and_keep_the_choice() {
    let two = nobody_asked(94).await;
    let (here, there) = (
        format!("/objets/{}", two.proposal),
        format!("/objets/{}", two.copy),
    );

    let form = two.chevalement.page(Some(&two.bruno), &there).await.text;
    assert!(form.contains(QUESTION), "{form}");
    let tick = form.split("name=\"share_contact\"").nth(1).unwrap();
    let tick = tick.split('>').next().unwrap();
    assert!(!tick.contains("checked"), "the box is empty: {tick}");
    let fields = [
        ("_once", "a"),
        ("message", "Je peux venir."),
        ("share_asked", "1"),
        ("share_contact", "1"),
    ];
    let sent = two
        .chevalement
        .form(&two.bruno, &format!("{there}/reponses"), &fields)
        .await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    two.settle().await;

    let shown = two.bobinette.page(Some(&two.aicha), &here).await.text;
    assert!(shown.contains(QUESTION), "{shown}");
    let answer = text(&two.received().await[0]["id"]);
    let fields = [("_once", "b"), ("share_asked", "1")];
    let accepted = two
        .bobinette
        .form(&two.aicha, &format!("/reponses/{answer}/accepter"), &fields)
        .await;
    assert_eq!(accepted.status, 303, "{}", accepted.text);
    two.settle().await;

    let theirs = two.agreements_of_bruno().await;
    let agreement = two.bruno_reads(&text(&theirs[0]["id"])).await;
    assert!(agreement["parties"][0]["phone"].is_null(), "she said no");
    assert!(!agreement.to_string().contains(PHONE_OF_AICHA));
    let location = accepted.header("location");
    let page = location.split('?').next().unwrap();
    let page = two.bobinette.page(Some(&two.aicha), page).await.text;
    assert!(page.contains(PHONE_OF_BRUNO), "he said yes");
    assert_eq!(choices(&two.bobinette).await, ["kept"]);
    assert_eq!(choices(&two.chevalement).await, ["shared"]);
}

#[tokio::test]
async fn whoever_chose_is_not_asked_again_and_a_form_cannot_change_it() {
    let two = Two::new(98, Settlement::Gift).await;
    let there = format!("/objets/{}", two.copy);

    let form = two.chevalement.page(Some(&two.bruno), &there).await.text;
    assert!(!form.contains(QUESTION));
    let fields = [("_once", "a"), ("message", "Oui."), ("share_asked", "1")];
    two.chevalement
        .form(&two.bruno, &format!("{there}/reponses"), &fields)
        .await;
    two.settle().await;
    let accepted = two.accept(&two.received().await[0]).await.json();
    two.settle().await;

    let here = two.aicha_reads(&text(&accepted["id"])).await;
    assert_eq!(here["parties"][1]["phone"], PHONE_OF_BRUNO);
}

/// What the journal says was chosen when somebody was asked.
async fn choices(hub: &TestHub) -> Vec<String> {
    hub.app
        .store
        .read(|conn| -> Result<_, StoreError> {
            let states: Vec<Option<String>> = audit_events::table
                .filter(audit_events::command.eq("contact_choose"))
                .limit(10)
                .order(audit_events::at)
                .select(audit_events::new_state)
                .load(conn)?;
            Ok(states.into_iter().flatten().collect())
        })
        .await
        .expect("the journal is read")
}
