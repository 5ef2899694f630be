use diesel::prelude::*;
use interkpa_federation::Instant;
use interkpa_server::db::conn::Conn;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::search_docs;
use interkpa_server::db::search::{self, Stems, Words};
use interkpa_server::db::store::Store;
use interkpa_server::testing::database::TestDatabase;
use proptest::prelude::*;

const TEXTS: [(&str, &str); 4] = [
    ("1", "Réparation d'éclairages de vélo"),
    ("2", "Cours de menuiserie"),
    ("3", "Cœur de village à l'œuvre"),
    ("4", "Lot de vis 1e5 et a1b2, bus 12"),
];

async fn filled(database: &TestDatabase) -> Store {
    let store = database.store();
    store
        .write(|tx| {
            TEXTS
                .iter()
                .try_for_each(|(id, text)| search::index(tx, "offer", id, &Stems::of(&[text])))?;
            search::index(tx, "event", "5", &Stems::of(&["Atelier", "vélo"]))
        })
        .await
        .unwrap();
    store
}

fn find(conn: &mut Conn, kind: &str, typed: &str) -> Result<Option<Vec<String>>, StoreError> {
    let Some(words) = Words::parse(typed) else {
        return Ok(None);
    };
    let mut query = search_docs::table.select(search_docs::ref_id).into_boxed();
    query = query.filter(search::matching(
        conn.engine(),
        search_docs::ref_id,
        kind,
        &words,
    ));
    Ok(Some(query.order(search_docs::ref_id).load(conn)?))
}

async fn found(store: &Store, kind: &'static str, typed: &str) -> Option<Vec<String>> {
    let typed = typed.to_owned();
    store
        .read(move |conn| find(conn, kind, &typed))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn french_words_are_found_whatever_their_accents_endings_and_ligatures() {
    let database = TestDatabase::fresh();
    let store = filled(&database).await;

    for (typed, expected) in [
        ("reparer eclairage", vec!["1"]),
        ("RÉPARATIONS", vec!["1"]),
        ("velos", vec!["1"]),
        ("menuiseries", vec!["2"]),
        ("coeur oeuvre", vec!["3"]),
        ("l’œuvre", vec!["3"]),
        ("vil", vec!["3"]),
        ("1e5", vec!["4"]),
        ("a1", vec!["4"]),
        ("bus 12", vec!["4"]),
        ("bus 13", vec![]),
        ("\" OR 1=1 --", vec![]),
    ] {
        assert_eq!(
            found(&store, "offer", typed).await.unwrap(),
            expected,
            "{typed}"
        );
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_say_nothing_are_no_search_at_all() {
    let database = TestDatabase::fresh();
    let store = filled(&database).await;

    for typed in ["", "l'", "de la", "a", "漢字", "' & | ! ()"] {
        assert_eq!(found(&store, "offer", typed).await, None, "{typed}");
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_or_went_is_found_by_its_present_words_only() {
    let database = TestDatabase::fresh();
    let store = filled(&database).await;

    store
        .write(|tx| {
            search::index(tx, "offer", "1", &Stems::of(&["Tour à bois"]))?;
            search::remove(tx, "offer", "2")?;
            search::remove(tx, "offer", "never there")
        })
        .await
        .unwrap();

    assert!(found(&store, "offer", "vélo").await.unwrap().is_empty());
    assert_eq!(found(&store, "offer", "tour bois").await.unwrap(), ["1"]);
    assert!(
        found(&store, "offer", "menuiserie")
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        found(&store, "event", "vélo").await.unwrap(),
        ["5"],
        "another kind stays"
    );
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_is_current_once_it_was_marked() {
    let database = TestDatabase::fresh();
    let store = database.store();

    assert!(!store.read(search::is_current).await.unwrap());
    for day in 1..3 {
        store
            .write(move |tx| search::mark_current(tx, Instant::from_seconds(day)))
            .await
            .unwrap();
        assert!(store.read(search::is_current).await.unwrap());
    }
    store.close().await;
}

#[test]
fn no_text_breaks_a_search_and_every_text_is_found_by_its_own_words() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = TestDatabase::fresh();
    let store = runtime.block_on(filled(&database));
    let long_word = prop::collection::vec("[a-z]{50,3000}", 1..3).prop_map(|words| words.join(" "));

    proptest!(ProptestConfig::with_cases(64), |(typed in prop_oneof![
        any::<String>(), "[\\PC\\x00 '\"()*:&|!^-]{0,60}", "([a-z0-9éœ]{1,8} ){0,30}", long_word
    ])| {
        let text = typed.clone();
        let hits = runtime.block_on(store.write(move |tx| {
            search::index(tx, "offer", "own", &Stems::of(&[&text]))?;
            let hits = find(tx, "offer", &text)?;
            search::remove(tx, "offer", "own")?;
            Ok::<_, StoreError>(hits)
        }));
        if let Some(hits) = hits.unwrap() {
            prop_assert!(hits.contains(&"own".to_owned()), "{} did not find itself", typed);
        }
    });
    runtime.block_on(store.close());
}
