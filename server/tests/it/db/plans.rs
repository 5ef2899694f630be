//! How SQLite runs the queries of the hub: none reads a growing table from end to end, none sorts what
//! an index could give in order. The queries are those the hub really made, heard on its connections.

use std::collections::BTreeSet;
use std::sync::Mutex;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel::prelude::*;
use diesel::sql_types::Text;
use interkpa_server::db::error::StoreError;
use interkpa_server::features::people::rights::Role;
use interkpa_server::fediverse::peers::{self, Decider};
use interkpa_server::testing::foreign::Foreign;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

/// Names the hub of this test: connections to the databases of other tests are not heard.
const SLUG: &str = "plans_of_queries";
/// Tables that grow for ever.
const GROWING: [&str; 18] = [
    "audit_events",
    "deliveries",
    "economic_events",
    "follows",
    "hour_facts",
    "inbox_activities",
    "jobs",
    "media",
    "messages",
    "notifications",
    "outbox_activities",
    "proposal_details",
    "proposal_entries",
    "proposals",
    "remote_actors",
    "responses",
    "search_docs",
    "tombstones",
];

/// Sorts of what is bounded by people or hubs, not by what they publish: a part of the statement, and
/// what is sorted.
const SORTS_ADMITTED: [(&str, &str); 6] = [
    (
        "`responses`.`proposal_id` IN",
        "answers to the announcements of one page",
    ),
    (
        "`agreement_parties`.`member_id` = ?",
        "agreements of one member",
    ),
    (
        "`outbox_activities`.`object_uri` = ?",
        "deliveries about one thing",
    ),
    ("FROM `members` WHERE", "members of this KPA"),
    ("`peers`.`trust` IN", "hubs of the network"),
    ("FROM (`follows` INNER JOIN", "followers, read whole"),
];

static HEARD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Hears one connection.
#[derive(Default)]
struct Ear {
    is_ours: bool,
}

impl Instrumentation for Ear {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                self.is_ours = url.contains(SLUG);
            }
            InstrumentationEvent::StartQuery { query, .. } if self.is_ours => {
                let text = query.to_string();
                let sql = text.split(" -- binds:").next().unwrap_or_default().trim();
                HEARD.lock().unwrap().insert(sql.to_owned());
            }
            _ => {}
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "what the library asks for")]
fn ear() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(Ear::default()))
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    compile_options: String,
}

fn offer(number: u32) -> Value {
    json!({
        "purpose": "offer", "title": format!("Réparer un vélo, {number}"),
        "settlements": ["hours"], "town": "Roubaix", "visibility": "public",
    })
}

/// What a member, a visitor, an administrator and another server ask for.
async fn use_the_hub(hub: &TestHub, member: &TestMember) {
    let mut path = String::new();
    for number in 0..25 {
        let body = Some(offer(number));
        let made = hub.api(member, "POST", "/api/v1/proposals", body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        path = format!("/objets/{}", made.json()["id"].as_str().unwrap());
    }
    let after = "apres=1900000000000.00000000-0000-7000-8000-000000000000";
    let pages = [
        "/".to_owned(),
        "/entraide".to_owned(),
        format!("/entraide?{after}"),
        format!("/entraide?q=v%C3%A9lo&{after}"),
        format!("/entraide?genre=offer&reglement=hours&theme=mobility&ou=kpa&{after}"),
        "/entraide.atom?q=velo".to_owned(),
        "/hub.atom".to_owned(),
        "/kpa".to_owned(),
        "/hub".to_owned(),
        path.clone(),
    ];
    for page in &pages {
        for reader in [None, Some(member)] {
            let answered = hub.page(reader, page).await;
            assert_eq!(answered.status, 200, "{page}: {}", answered.text);
        }
    }
    let own = [
        "/moi/annonces",
        "/moi/reponses",
        "/moi/accords",
        "/temps",
        "/notifications",
        "/administration/envois",
        "/administration/journal",
        "/administration/membres",
    ];
    for page in own {
        hub.page(Some(member), page).await;
    }
    hub.deliver_all().await;
    hub.run_due_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_query_reads_a_growing_table_from_end_to_end_or_sorts_it() {
    set_default_instrumentation(ear).unwrap();
    let network = TestNetwork::new(81);
    let build = network
        .build(SLUG)
        .settings(|config| config.database.url = "hub.db".to_owned());
    let hub = build.start().await;
    let foreign = Foreign::start("ailleurs").await;
    let group = foreign.hub();
    let by = Decider::Operator("test");
    peers::allow(&hub.app, foreign.origin.as_str(), "test", by)
        .await
        .unwrap();
    let member = hub
        .member("amina")
        .role(Role::TechnicalAdmin)
        .create()
        .await;
    let follow = json!({
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": foreign.uri("/follows/1").as_str(), "type": "Follow",
        "actor": group.uri.as_str(), "object": hub.uri("/hub").as_str(),
    });

    HEARD.lock().unwrap().clear(); // opening a hub may read everything
    let delivery = group.delivery(&hub.uri("/inbox"), &follow, hub.app.now());
    assert_eq!(delivery.send().await.status, 202);
    use_the_hub(&hub, &member).await;
    let heard: Vec<String> = HEARD.lock().unwrap().iter().cloned().collect();
    let plans = hub
        .app
        .store
        .read(move |conn| -> Result<_, StoreError> {
            let mut plans = Vec::new();
            for sql in heard.into_iter().filter(|sql| is_planned(sql)) {
                let steps: Vec<Step> =
                    diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(conn)?;
                plans.push((sql, steps));
            }
            Ok(plans)
        })
        .await
        .unwrap();

    assert!(plans.len() > 40, "{} queries heard", plans.len());
    let bad: Vec<String> = plans
        .iter()
        .flat_map(|(sql, steps)| steps.iter().map(move |step| (sql, step)))
        .filter(|(sql, step)| is_bad(sql, &step.detail))
        .map(|(sql, step)| format!("{}\n    {sql}", step.detail))
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    let by_keys: Vec<_> = plans
        .iter()
        .filter(|(sql, _)| sql.contains("FROM (`proposals` ") && sql.contains("json_each("))
        .collect();
    assert!(by_keys.len() >= 2, "no search was heard");
    for (sql, steps) in by_keys {
        let by_key = steps.iter().any(|step| {
            step.detail
                .starts_with("SEARCH proposals USING INDEX sqlite_autoindex_proposals_1")
        });
        assert!(by_key, "a search reads more than its hits: {sql}");
    }
    for (part, what) in SORTS_ADMITTED {
        let met = plans.iter().any(|(sql, _)| sql.contains(part));
        assert!(met, "no statement sorts {what}: take the exception away");
    }
}

fn is_planned(sql: &str) -> bool {
    ["SELECT ", "UPDATE ", "DELETE ", "WITH "]
        .iter()
        .any(|verb| sql.starts_with(verb))
}

fn is_bad(sql: &str, detail: &str) -> bool {
    let scans = detail.strip_prefix("SCAN ").is_some_and(|rest| {
        let table = rest.split(' ').next().unwrap_or_default();
        GROWING.contains(&table) && !rest.contains("USING")
    });
    let sorts = detail == "USE TEMP B-TREE FOR ORDER BY";
    scans || sorts && !SORTS_ADMITTED.iter().any(|(part, _)| sql.contains(part))
}

/// Without it a statement with a bound LIMIT is compiled anew each time it is bound.
#[tokio::test]
async fn the_planner_does_not_look_at_bound_values() {
    let database = interkpa_server::testing::database::TestDatabase::on(
        interkpa_server::db::url::Engine::Sqlite,
    );
    let store = database.store();

    let options: Vec<Line> = store
        .read(|conn| -> Result<_, StoreError> {
            Ok(diesel::sql_query("PRAGMA compile_options").load(conn)?)
        })
        .await
        .unwrap();

    store.close().await;
    assert!(
        options
            .iter()
            .any(|line| line.compile_options == "ENABLE_QPSG"),
        "the build did not read LIBSQLITE3_FLAGS of .cargo/config.toml"
    );
}
