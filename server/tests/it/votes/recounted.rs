//! What is shown as certified recounts; what does not is not shown as certified.

use diesel::prelude::*;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::{gov_certificates, gov_objects};
use interkpa_server::features::votes::recount;

use super::stage::Stage;

#[tokio::test]
async fn an_administrator_who_edits_the_database_takes_the_certificate_away() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    for place in &stage.places {
        place.votes(poll, "approve").await;
    }
    stage.until_certified(poll, &[0, 1, 2]).await;
    let app = &stage.places[0].hub.app;
    let found = recount::all(app).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].fault, None);

    app.write(|tx| -> Result<(), StoreError> {
        let result = gov_certificates::result;
        let text: String = gov_certificates::table.select(result).first(tx)?;
        let other = text.replace("adopted", "rejected");
        diesel::update(gov_certificates::table)
            .set(result.eq(other))
            .execute(tx)?;
        Ok(())
    })
    .await
    .unwrap();
    let found = recount::all(app).await.unwrap();

    assert_eq!(found[0].fault, Some("result_differs"));
    assert!(!stage.places[0].whole(poll).await.summary.certified);
    let bundle = stage.places[0]
        .fetched(&format!("/gov/polls/{poll}/bundle.json"))
        .await;
    assert_eq!(
        (bundle.status, bundle.code().as_str()),
        (409, "certificate_refuted")
    );
    // Others hold the signed originals: nothing is lost.
    assert!(stage.places[1].whole(poll).await.summary.certified);
}

#[tokio::test]
async fn a_ballot_changed_in_the_database_is_found() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    for place in &stage.places {
        place.votes(poll, "oppose").await;
    }
    stage.until_certified(poll, &[0, 1, 2]).await;
    let app = &stage.places[2].hub.app;

    app.write(|tx| -> Result<(), StoreError> {
        let ballots = gov_objects::table.filter(gov_objects::kind.eq("ikpa:Ballot"));
        let (hash, text): (String, String) = ballots
            .select((gov_objects::hash, gov_objects::original))
            .order(gov_objects::hash)
            .first(tx)?;
        diesel::update(gov_objects::table.find(hash))
            .set(gov_objects::original.eq(text.replace("\"oppose\"", "\"approve\"")))
            .execute(tx)?;
        Ok(())
    })
    .await
    .unwrap();
    let found = recount::all(app).await.unwrap();

    assert!(found[0].fault.is_some());
}
