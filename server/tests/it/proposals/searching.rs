//! Searching: pages of hits without gap or repetition, filters that leave few of many hits, and an index made
//! anew.

use interkpa_federation::Span;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::search::{self, Key, Stems, Words};
use interkpa_server::features::proposals;
use interkpa_server::features::proposals::store::page::SEARCH_KIND;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

use super::{get, need, offer, publish, titles};

/// All pages of a search, each as its titles.
async fn pages(hub: &TestHub, member: &TestMember, query: &str) -> Vec<Vec<String>> {
    let (mut pages, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/proposals?{query}{after}");
        let page = get(hub, member, &path).await.json();
        let items = page["items"].as_array().unwrap().iter();
        pages.push(
            items
                .map(|item| item["title"].as_str().unwrap().to_owned())
                .collect(),
        );
        match &page["next"] {
            Value::String(next) => after = format!("&after={next}"),
            _ => return pages,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_hits_are_newest_first_also_when_all_were_published_at_one_instant() {
    let network = TestNetwork::new(91);
    let hub = network.open_hub("bobinette").await;
    let member = hub.member("amina").create().await;
    let mut expected = Vec::new();
    for number in 0..9 {
        if number == 5 {
            network.clock.advance(Span::minutes(1));
        }
        let title = format!("Réparer un vélo, {number}");
        publish(&hub, &member, offer(&title, json!({}))).await;
        publish(
            &hub,
            &member,
            offer(&format!("Couture {number}"), json!({})),
        )
        .await;
        expected.push(title);
    }
    expected.reverse();

    for limit in [1, 2, 4, 20] {
        let query = format!("q=v%C3%A9los&limit={limit}");
        let found = pages(&hub, &member, &query).await;

        assert_eq!(found.concat(), expected, "pages of {limit}");
        assert!(found.iter().all(|page| page.len() <= limit));
        assert_eq!(found.len(), 9_usize.div_ceil(limit), "no empty last page");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_applies_to_the_hits_and_what_ended_is_found_no_more() {
    let network = TestNetwork::new(92);
    let hub = network.open_hub("bobinette").await;
    let member = hub.member("amina").create().await;
    publish(
        &hub,
        &member,
        need("Un vélo pour aller au travail", json!({})),
    )
    .await;
    let gone = publish(&hub, &member, offer("Vélo bleu", json!({}))).await;
    publish(&hub, &member, offer("Vélo rouge", json!({}))).await;
    let path = format!("/api/v1/proposals/{}", gone["id"].as_str().unwrap());
    let taken_back = hub.api(&member, "DELETE", &path, None).await;
    assert!(taken_back.status < 300, "{}", taken_back.text);

    let needs = titles(&hub, &member, "?q=velo&purpose=request").await;
    let offers = titles(&hub, &member, "?q=velo&purpose=offer").await;

    assert_eq!(needs, ["Un vélo pour aller au travail"]);
    assert_eq!(offers, ["Vélo rouge"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_reads_many_hits_for_nothing_ends_its_page_and_goes_on_from_there() {
    let network = TestNetwork::new(93);
    let hub = network.open_hub("bobinette").await;
    let member = hub.member("amina").create().await;
    publish(&hub, &member, offer("Vélo", json!({}))).await;
    // Hits without anything behind them stand for hits that a filter takes away.
    let (app, later) = (hub.app.clone(), hub.app.now() + Span::seconds(1));
    hub.app
        .store
        .write(move |tx| -> Result<(), StoreError> {
            let stems = Stems::of(&["vélo"]);
            (0..2_100)
                .try_for_each(|_| search::index(tx, SEARCH_KIND, (&app.new_id(), later), &stems))
        })
        .await
        .unwrap();

    let found = pages(&hub, &member, "q=velo").await;

    assert_eq!(found, [vec![], vec!["Vélo".to_owned()]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_another_version_is_made_anew_in_the_background() {
    let network = TestNetwork::new(94);
    let hub = network.open_hub("bobinette").await;
    let member = hub.member("amina").create().await;
    for number in 0..3 {
        publish(&hub, &member, offer(&format!("Vélo {number}"), json!({}))).await;
    }
    // As after a migration: the entries are gone, and nothing says that they are current.
    hub.app
        .store
        .write(|tx| -> Result<(), StoreError> {
            let words = Words::parse("vélo").ok_or(StoreError::NotFound)?;
            for hit in search::hits(tx, SEARCH_KIND, &words, Key::above_all(SEARCH_KIND), 9)? {
                search::remove(tx, SEARCH_KIND, &hit.ref_id)?;
            }
            Ok(())
        })
        .await
        .unwrap();
    assert!(titles(&hub, &member, "?q=velo").await.is_empty());

    proposals::keep_findable(&hub.app).await.unwrap();
    hub.run_due_jobs().await;

    assert_eq!(titles(&hub, &member, "?q=velo").await.len(), 3);
    let current = |conn: &mut _| search::is_current(conn, SEARCH_KIND);
    assert!(hub.app.store.read(current).await.unwrap());
}
