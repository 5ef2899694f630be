use interkpa_federation::Instant;
use interkpa_server::db::conn::Conn;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::search::{self, HITS_MAX, Key, Kind, Stems, Words};
use interkpa_server::db::store::Store;
use interkpa_server::testing::database::TestDatabase;
use proptest::prelude::*;

const OFFER: Kind = Kind {
    name: "offer",
    number: 1,
};
const EVENT: Kind = Kind {
    name: "event",
    number: 2,
};

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
                .try_for_each(|(id, text)| index(tx, OFFER, id, text))?;
            index(tx, EVENT, "5", "Atelier vélo")
        })
        .await
        .unwrap();
    store
}

fn index(tx: &mut Conn, kind: Kind, id: &str, text: &str) -> Result<(), StoreError> {
    let at = Instant::from_seconds(1_764_000_000);
    search::index(tx, kind, (id, at), &Stems::of(&[text]))
}

fn find(conn: &mut Conn, kind: Kind, typed: &str) -> Result<Option<Vec<String>>, StoreError> {
    let Some(words) = Words::parse(typed) else {
        return Ok(None);
    };
    let hits = search::hits(conn, kind, &words, Key::above_all(kind), HITS_MAX)?;
    let mut ids: Vec<String> = hits.into_iter().map(|hit| hit.ref_id).collect();
    ids.sort_unstable();
    Ok(Some(ids))
}

async fn found(store: &Store, kind: Kind, typed: &str) -> Option<Vec<String>> {
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
            found(&store, OFFER, typed).await.unwrap(),
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
        assert_eq!(found(&store, OFFER, typed).await, None, "{typed}");
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_or_went_is_found_by_its_present_words_only() {
    let database = TestDatabase::fresh();
    let store = filled(&database).await;

    store
        .write(|tx| {
            index(tx, OFFER, "1", "Tour à bois")?;
            search::remove(tx, OFFER, "2")?;
            search::remove(tx, OFFER, "never there")
        })
        .await
        .unwrap();

    assert!(found(&store, OFFER, "vélo").await.unwrap().is_empty());
    assert_eq!(found(&store, OFFER, "tour bois").await.unwrap(), ["1"]);
    assert!(found(&store, OFFER, "menuiserie").await.unwrap().is_empty());
    assert_eq!(
        found(&store, EVENT, "vélo").await.unwrap(),
        ["5"],
        "another kind stays"
    );
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_is_current_once_it_was_marked() {
    let database = TestDatabase::fresh();
    let store = database.store();

    assert!(
        !store
            .read(|conn| search::is_current(conn, OFFER))
            .await
            .unwrap()
    );
    for day in 1..3 {
        store
            .write(move |tx| search::mark_current(tx, OFFER, Instant::from_seconds(day)))
            .await
            .unwrap();
        assert!(
            store
                .read(|conn| search::is_current(conn, OFFER))
                .await
                .unwrap()
        );
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hits_come_newest_first_and_go_on_below_a_key_also_within_one_millisecond() {
    let database = TestDatabase::fresh();
    let store = database.store();
    let ids = store
        .write(|tx| {
            // Published at 1, 2, 2, 2 and 3 ms; indexed in another order.
            for (id, ms) in [("c", 2), ("a", 1), ("f", 3), ("d", 2), ("e", 2)] {
                let at = Instant::from_milliseconds(ms);
                search::index(tx, OFFER, (id, at), &Stems::of(&["vélo"]))?;
            }
            let words = Words::parse("vélos").unwrap();
            let (mut before, mut ids) = (Key::above_all(OFFER), Vec::new());
            while let Some(hit) = search::hits(tx, OFFER, &words, before, 1)?.pop() {
                before = hit.key;
                ids.push(hit.ref_id);
            }
            Ok::<_, StoreError>(ids)
        })
        .await
        .unwrap();

    assert_eq!(ids, ["f", "e", "d", "c", "a"]);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_at_another_time_takes_another_place() {
    let database = TestDatabase::fresh();
    let store = filled(&database).await;
    let later = Instant::from_seconds(1_764_000_001);

    let (moved, hits) = store
        .write(move |tx| {
            search::index(tx, OFFER, ("1", later), &Stems::of(&["Cours de vélo"]))?;
            let words = Words::parse("cours").unwrap();
            let hits = search::hits(tx, OFFER, &words, Key::above_all(OFFER), 9)?;
            Ok::<_, StoreError>((search::key_of(tx, OFFER, "1")?, hits))
        })
        .await
        .unwrap();

    let ids: Vec<&str> = hits.iter().map(|hit| hit.ref_id.as_str()).collect();
    assert_eq!(ids, ["1", "2"]);
    assert_eq!(moved.unwrap().published_at(), later);
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
            index(tx, OFFER, "own", &text)?;
            let hits = find(tx, OFFER, &text)?;
            search::remove(tx, OFFER, "own")?;
            Ok::<_, StoreError>(hits)
        }));
        if let Some(hits) = hits.unwrap() {
            prop_assert!(hits.contains(&"own".to_owned()), "{} did not find itself", typed);
        }
    });
    runtime.block_on(store.close());
}
