//! The rig of the catalogue: the hub under test, an honest server, a hostile one; what each case
//! counts before and after.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use diesel::prelude::*;
use interkpa_federation::{Instant, Span, Uri};
use interkpa_server::config::{Config, FederationMode};
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema;
use interkpa_server::fediverse::peers::{self, Decider};
use interkpa_server::fediverse::rsa::SigningKey;
use interkpa_server::testing::caller::Answered;
use interkpa_server::testing::foreign::{Delivery, Foreign, ForeignActor};
use interkpa_server::testing::network::{HubBuilder, TestHub, TestNetwork};
use serde_json::{Value, json};

use crate::table::{Row, Table, count_panics};

/// Both modes: what differs between them differs by design only.
pub(crate) const BOTH: [FederationMode; 2] = [FederationMode::Network, FederationMode::Open];

/// Who plays.
pub(crate) struct Scene {
    pub(crate) mode: FederationMode,
    pub(crate) network: TestNetwork,
    /// B, the hub under test.
    pub(crate) hub: TestHub,
    /// E: an allowed peer in mode `network`, a guest in mode `open`.
    pub(crate) evil: Foreign,
    /// The Group of E.
    pub(crate) group: ForeignActor,
    /// A person of E.
    pub(crate) zoe: ForeignActor,
    /// A: an allowed peer that behaves.
    pub(crate) friend: Foreign,
    /// The Group of A.
    pub(crate) friends: ForeignActor,
    /// A person of A.
    pub(crate) lea: ForeignActor,
}

impl Scene {
    /// The rig in a mode; the actors are known to the hub, so that nothing but the rule under test
    /// stands between a request and its effect.
    pub(crate) async fn start(mode: FederationMode) -> Self {
        Self::with(mode, |config| {
            config.federation.peer_requests_per_minute = 100_000;
            config.federation.stranger_requests_per_minute = 100_000;
        })
        .await
    }

    /// The same with settings of the case's choice.
    pub(crate) async fn with(
        mode: FederationMode,
        settings: impl FnOnce(&mut Config) + 'static,
    ) -> Self {
        Self::built(mode, |hub| hub.settings(settings)).await
    }

    /// The same with a hub of the case's choice.
    pub(crate) async fn built(
        mode: FederationMode,
        build: impl FnOnce(HubBuilder) -> HubBuilder,
    ) -> Self {
        let scene = Self::bare(mode, build).await;
        scene.allow(&scene.friend).await;
        if mode == FederationMode::Network {
            scene.allow(&scene.evil).await;
        }
        for actor in [&scene.zoe, &scene.lea, &scene.group, &scene.friends] {
            let known = scene.follow(actor, 0).await;
            assert_eq!(known.status, 202, "{}: {}", actor.uri, known.text);
        }
        scene
    }

    /// The same, the hub knowing nobody.
    pub(crate) async fn bare(
        mode: FederationMode,
        build: impl FnOnce(HubBuilder) -> HubBuilder,
    ) -> Self {
        count_panics();
        let network = TestNetwork::new(121);
        let hub = build(network.build("bobinette").mode(mode)).start().await;
        let (evil, friend) = (Foreign::start("mechant").await, Foreign::start("ami").await);
        Self {
            mode,
            group: group_of(&evil, 0),
            zoe: actor_of(&evil, "zoe", 1),
            friends: group_of(&friend, 2),
            lea: actor_of(&friend, "lea", 3),
            network,
            hub,
            evil,
            friend,
        }
    }

    pub(crate) async fn allow(&self, server: &Foreign) {
        let by = Decider::Operator("test");
        peers::allow(&self.hub.app, server.origin.as_str(), "test", by)
            .await
            .unwrap();
    }

    pub(crate) const fn mode_name(&self) -> &'static str {
        match self.mode {
            FederationMode::Network => "network",
            FederationMode::Open => "open",
        }
    }

    /// Whether E is only a guest here.
    pub(crate) fn guest(&self) -> bool {
        self.mode == FederationMode::Open
    }

    pub(crate) fn now(&self) -> Instant {
        self.hub.app.now()
    }

    pub(crate) fn inbox(&self) -> Uri {
        self.hub.uri("/inbox")
    }

    /// A `Follow` of the hub; its effect is one follower.
    pub(crate) fn follow_of(&self, actor: &ForeignActor, number: u32) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{}/follows/{number}", actor.uri), "type": "Follow",
            "actor": actor.uri.as_str(), "object": self.hub.uri("/hub").as_str(),
        })
    }

    /// A signed activity of an actor, not sent yet.
    pub(crate) fn signed(&self, actor: &ForeignActor, activity: &Value) -> Delivery {
        actor.delivery(&self.inbox(), activity, self.now())
    }

    /// Sends an activity as its actor would.
    pub(crate) async fn say(&self, actor: &ForeignActor, activity: &Value) -> Answered {
        self.signed(actor, activity).send().await
    }

    /// Sends a Follow of the hub.
    pub(crate) async fn follow(&self, actor: &ForeignActor, number: u32) -> Answered {
        self.say(actor, &self.follow_of(actor, number)).await
    }

    /// Begins a case: a minute has passed since the one before, so that no budget is left spent.
    pub(crate) async fn case<'s>(
        &'s self,
        number: u8,
        sent: &str,
        must: &'s [(u16, &'s str)],
    ) -> Case<'s> {
        self.network.clock.advance(Span::seconds(61));
        Case {
            scene: self,
            number,
            sent: sent.to_owned(),
            must,
            effects: Vec::new(),
            tries: 0,
            failures: 0,
            came: BTreeMap::new(),
            wrong: Vec::new(),
            before: self.look().await,
            fetches_max: 0,
            rows_free: Vec::new(),
        }
    }

    /// Rows of every table, and fetches made from E and A.
    pub(crate) async fn look(&self) -> Look {
        Look {
            rows: rows(&self.hub).await,
            fetches: self.evil.fetches() + self.friend.fetches(),
        }
    }
}

/// What a hub holds and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) rows: BTreeMap<&'static str, i64>,
    pub(crate) fetches: usize,
}

macro_rules! counted {
    ($hub:ident: $($table:ident)*) => {
        $hub.app
            .store
            .read(|conn| -> Result<BTreeMap<&'static str, i64>, StoreError> {
                Ok(BTreeMap::from([$((
                    stringify!($table),
                    schema::$table::table.count().get_result::<i64>(conn)?,
                )),*]))
            })
            .await
            .unwrap()
    };
}

/// Rows of every table but the counters of refusals, which count what is refused.
pub(crate) async fn rows(hub: &TestHub) -> BTreeMap<&'static str, i64> {
    counted!(hub: hub_facts jobs audit_events idempotency members member_roles actor_keys sessions
        invitations api_tokens member_profiles peers remote_actors inbox_activities
        outbox_activities deliveries delivery_peers follows tombstones proposals proposal_details
        proposal_entries responses agreements agreement_parties economic_events hour_facts disputes
        messages replies media notifications hidden_objects reports)
}

/// One line of the table in the making.
pub(crate) struct Case<'s> {
    scene: &'s Scene,
    number: u8,
    sent: String,
    must: &'s [(u16, &'s str)],
    effects: Vec<String>,
    tries: usize,
    failures: usize,
    came: BTreeMap<String, usize>,
    wrong: Vec<String>,
    before: Look,
    fetches_max: usize,
    rows_free: Vec<&'static str>,
}

impl Case<'_> {
    /// So many fetches are allowed: none otherwise.
    pub(crate) fn fetches(mut self, fetches_max: usize) -> Self {
        self.fetches_max = fetches_max;
        self
    }

    /// These tables may gain rows: none otherwise.
    pub(crate) fn rows(mut self, tables: &[&'static str]) -> Self {
        self.rows_free.extend(tables);
        self
    }

    /// Sends a delivery and takes note of its answer.
    pub(crate) async fn send(&mut self, delivery: &Delivery) -> Answered {
        let answered = delivery.send().await;
        self.answered(&answered);
        answered
    }

    /// Sends an activity signed by an actor.
    pub(crate) async fn say(&mut self, actor: &ForeignActor, activity: &Value) -> Answered {
        self.send(&self.scene.signed(actor, activity)).await
    }

    /// Takes note of an answer: its status and code must be among those stated, `*` standing for
    /// any code; a refusal says something and gives nothing away.
    pub(crate) fn answered(&mut self, answer: &Answered) {
        let code = code_of(answer);
        self.came(answer.status, &code);
        let as_stated = self.must.iter().any(|(status, stated)| {
            *status == answer.status && (*stated == "*" || *stated == code)
        });
        if !as_stated {
            self.wrong
                .push(format!("{} {code}: {:.300}", answer.status, answer.text));
        }
        if answer.status >= 400 {
            self.is_clear(answer);
        }
    }

    /// The same for an answer of which only the status is known.
    pub(crate) fn came(&mut self, status: u16, code: &str) {
        self.tries += 1;
        self.failures += usize::from(status >= 500);
        if status >= 500 {
            self.wrong.push(format!("{status} {code}"));
        }
        *self
            .came
            .entry(format!("{status} {code}").trim().to_owned())
            .or_insert(0) += 1;
    }

    /// Takes note of a try that is no HTTP answer.
    pub(crate) fn tried(&mut self, what: &str) {
        self.tries += 1;
        *self.came.entry(what.to_owned()).or_insert(0) += 1;
    }

    /// What must hold beside the answers.
    pub(crate) fn holds(&mut self, what: &str, yes: bool) {
        if !yes {
            self.wrong.push(format!("not so: {what}"));
        }
        if !self.effects.iter().any(|effect| effect == what) {
            self.effects.push(what.to_owned());
        }
    }

    /// Writes the line, after counting again.
    pub(crate) async fn end(mut self, table: &mut Table) {
        let after = self.scene.look().await;
        for (name, count) in &after.rows {
            let before = self.before.rows.get(name).copied().unwrap_or_default();
            if before != *count && !self.rows_free.contains(name) {
                self.wrong
                    .push(format!("{name}: {before} rows, then {count}"));
            }
        }
        let fetched = after.fetches - self.before.fetches.min(after.fetches);
        if fetched > self.fetches_max {
            self.wrong.push(format!("{fetched} fetches"));
        }
        if self.tries == 0 {
            self.wrong.push("nothing was sent".to_owned());
        }
        let answers: Vec<String> = self
            .must
            .iter()
            .map(|(status, code)| format!("{status} {code}").trim_end_matches(" *").to_owned())
            .collect();
        let mut must = vec![answers.join(" or ")];
        must.retain(|text| !text.is_empty());
        must.extend(std::mem::take(&mut self.effects));
        if self.rows_free.is_empty() {
            must.push("no row".to_owned());
        }
        if self.fetches_max == 0 {
            must.push("no fetch".to_owned());
        } else {
            must.push(format!("≤ {} fetches", self.fetches_max));
        }
        let came: Vec<String> = self
            .came
            .iter()
            .map(|(what, times)| format!("{what} ×{times}"))
            .collect();
        table.push(Row {
            number: self.number,
            mode: self.scene.mode_name(),
            sent: self.sent,
            must: must.join("; "),
            tries: self.tries,
            came: came.join(", "),
            wrong: self.wrong,
            failures: self.failures,
        });
    }

    /// P12: a stable code and a sentence, no inside of the machine.
    fn is_clear(&mut self, answer: &Answered) {
        if answer
            .header("content-type")
            .starts_with("application/problem+json")
        {
            let problem: Value = serde_json::from_str(&answer.text).unwrap_or_default();
            let says = |key: &str| problem[key].as_str().is_some_and(|text| !text.is_empty());
            if !says("code") || !says("detail") {
                self.wrong
                    .push(format!("no clear refusal: {:.200}", answer.text));
            }
        }
        for inside in ["panicked", "SELECT ", "diesel", "/src/", "stack backtrace"] {
            if answer.text.contains(inside) {
                self.wrong.push(format!("the answer shows {inside:?}"));
            }
        }
    }
}

/// The stable code of a refusal in JSON; nothing for a page.
pub(crate) fn code_of(answer: &Answered) -> String {
    let problem: Value = serde_json::from_str(&answer.text).unwrap_or_default();
    problem["code"].as_str().unwrap_or_default().to_owned()
}

/// Keys are made once for all scenes: making them is slow.
pub(crate) fn key(number: usize) -> SigningKey {
    static KEYS: [OnceLock<SigningKey>; 6] = [const { OnceLock::new() }; 6];
    KEYS[number]
        .get_or_init(|| SigningKey::generate().unwrap())
        .clone()
}

/// An actor at an address with one of the shared keys, served by nobody yet.
pub(crate) fn actor_at(uri: Uri, key_number: usize) -> ForeignActor {
    ForeignActor {
        key_id: Uri::parse(&format!("{uri}#main-key")).unwrap(),
        uri,
        key: key(key_number),
    }
}

/// A person of a server, served at `/<name>`.
pub(crate) fn actor_of(server: &Foreign, name: &str, key_number: usize) -> ForeignActor {
    let actor = actor_at(server.uri(&format!("/{name}")), key_number);
    server.put(&format!("/{name}"), &actor.document("Person"));
    actor
}

/// The Group of a KPA, served at `/hub`.
pub(crate) fn group_of(server: &Foreign, key_number: usize) -> ForeignActor {
    let group = actor_at(server.uri("/hub"), key_number);
    let mut document = group.document("Group");
    document["ikpa:kind"] = json!("hub");
    server.put("/hub", &document);
    group
}
