//! Answers and agreements between two hubs, through real HTTP: the story, and everything that must
//! not become one.

mod consent;
mod ending;
mod leaving;
mod pages;
mod refusals;
mod story;
mod time;

use diesel::prelude::*;
use interkpa_federation::vocabulary::terms::{KindName, Purpose, Settlement, Visibility};
use interkpa_federation::{Span, Uri};
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::{
    agreement_parties, deliveries, hour_facts, inbox_activities, members, messages,
    outbox_activities, responses,
};
use interkpa_server::features::people::{rights::Role, store};
use interkpa_server::features::proposals;
use interkpa_server::features::proposals::model::{Details, Proposal, State};
use interkpa_server::ids::ProposalId;
use interkpa_server::testing::caller::Answered;
use interkpa_server::testing::foreign::ForeignActor;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use interkpa_web::words::Category;
use serde_json::{Value, json};

/// Telephone of Aïcha, who needs help.
const PHONE_OF_AICHA: &str = "06 39 98 01 01";
/// Telephone of Bruno, who gives it.
const PHONE_OF_BRUNO: &str = "06 39 98 02 02";

/// Aïcha of Bobinette needs help; Bruno of Le Chevalement sees a copy of it.
struct Two {
    network: TestNetwork,
    bobinette: TestHub,
    chevalement: TestHub,
    aicha: TestMember,
    bruno: TestMember,
    /// Settles disagreements at Bobinette.
    fatou: TestMember,
    proposal: ProposalId,
    copy: ProposalId,
}

impl Two {
    async fn new(seed: u64, settlement: Settlement) -> Self {
        Self::with_units(seed, settlement, 1).await
    }

    async fn with_units(seed: u64, settlement: Settlement, units: i64) -> Self {
        Self::with(seed, settlement, |need| {
            need.details.quantity = units;
            need.details.available = units;
        })
        .await
    }

    /// The need is another one than usual.
    async fn with(seed: u64, settlement: Settlement, change: impl Fn(&mut Proposal)) -> Self {
        let network = TestNetwork::new(seed);
        let bobinette = network.hub("bobinette").await;
        let chevalement = network.hub("chevalement").await;
        network.befriend(&[&bobinette, &chevalement]).await;
        let aicha = bobinette.member("aicha").create().await;
        let fatou = bobinette
            .member("fatou")
            .role(Role::Facilitator)
            .create()
            .await;
        let bruno = chevalement.member("bruno").create().await;
        telephone(&bobinette, &aicha, PHONE_OF_AICHA).await;
        telephone(&chevalement, &bruno, PHONE_OF_BRUNO).await;
        let mut ours = need(&bobinette, &aicha, settlement);
        change(&mut ours);
        let proposal = ours.id.clone();
        let theirs = Proposal {
            id: ProposalId::known(chevalement.app.new_id()),
            member_id: None,
            ..ours.clone()
        };
        let copy = theirs.id.clone();
        keep(&bobinette, ours).await;
        keep(&chevalement, theirs).await;
        Self {
            network,
            bobinette,
            chevalement,
            aicha,
            bruno,
            fatou,
            proposal,
            copy,
        }
    }

    fn hubs(&self) -> [&TestHub; 2] {
        [&self.bobinette, &self.chevalement]
    }

    async fn settle(&self) {
        self.network.settle(&self.hubs()).await;
    }

    /// Bruno answers; the key of his answer at his hub.
    async fn respond(&self) -> String {
        let path = format!("/api/v1/proposals/{}/responses", self.copy);
        let body = json!({ "message": "Je peux venir samedi.", "planned": "samedi 14 h" });
        let done = self
            .chevalement
            .api(&self.bruno, "POST", &path, Some(body))
            .await;
        assert_eq!(done.status, 201, "{}", done.text);
        text(&done.json()["id"])
    }

    /// The answers Aïcha reads.
    async fn received(&self) -> Vec<Value> {
        let path = format!("/api/v1/proposals/{}/responses", self.proposal);
        let list = self.bobinette.api(&self.aicha, "GET", &path, None).await;
        items(&list)
    }

    async fn accept(&self, response: &Value) -> Answered {
        let path = format!("/api/v1/responses/{}/accept", text(&response["id"]));
        self.bobinette.api(&self.aicha, "POST", &path, None).await
    }

    /// An agreement that both hubs know: its key here and there.
    async fn agree(&self) -> (String, String) {
        self.respond().await;
        self.settle().await;
        let received = self.received().await;
        let accepted = self.accept(received.last().expect("an answer")).await;
        assert_eq!(accepted.status, 201, "{}", accepted.text);
        self.settle().await;
        let theirs = self.agreements_of_bruno().await;
        (text(&accepted.json()["id"]), text(&theirs[0]["id"]))
    }

    async fn agreements_of_bruno(&self) -> Vec<Value> {
        items(
            &self
                .chevalement
                .api(&self.bruno, "GET", "/api/v1/agreements", None)
                .await,
        )
    }

    async fn aicha_does(&self, agreement: &str, deed: &str, body: Value) -> Answered {
        let path = format!("/api/v1/agreements/{agreement}/{deed}");
        self.bobinette
            .api(&self.aicha, "POST", &path, Some(body))
            .await
    }

    async fn bruno_does(&self, agreement: &str, deed: &str, body: Value) -> Answered {
        let path = format!("/api/v1/agreements/{agreement}/{deed}");
        self.chevalement
            .api(&self.bruno, "POST", &path, Some(body))
            .await
    }

    async fn aicha_reads(&self, agreement: &str) -> Value {
        let path = format!("/api/v1/agreements/{agreement}");
        self.bobinette
            .api(&self.aicha, "GET", &path, None)
            .await
            .json()
    }

    async fn bruno_reads(&self, agreement: &str) -> Value {
        let path = format!("/api/v1/agreements/{agreement}");
        self.chevalement
            .api(&self.bruno, "GET", &path, None)
            .await
            .json()
    }

    /// Brings everything either hub ever said to the other one again, the last first, as if the
    /// other one had never heard of it.
    async fn repeat_everything_backwards(&self) {
        for (from, to) in [
            (&self.bobinette, &self.chevalement),
            (&self.chevalement, &self.bobinette),
        ] {
            forget_what_came(to).await;
            let mut said = said(from).await;
            said.reverse();
            for activity in said {
                bring(from, to, &activity).await;
            }
        }
        self.settle().await;
    }
}

fn need(hub: &TestHub, author: &TestMember, settlement: Settlement) -> Proposal {
    let app = &hub.app;
    let (id, now) = (ProposalId::known(app.new_id()), app.now());
    let uri = app.address(&format!("/objets/{id}"));
    Proposal {
        origin: app.origin.as_str().to_owned(),
        author_uri: author.actor.as_str().to_owned(),
        member_id: Some(author.id.clone()),
        purpose: Purpose::Request,
        kind: KindName::Service,
        title: "Réparer le vélo-cargo".to_owned(),
        category: Category::Other,
        town: String::new(),
        state: State::Published,
        visibility: Visibility::Network,
        expires_at: now + Span::days(60),
        published_at: now,
        updated_at: now,
        rev: 0,
        details: Details {
            description: String::new(),
            content: String::new(),
            summary: String::new(),
            lang: "fr".to_owned(),
            settlements: vec![settlement],
            quantity: 1,
            available: 1,
            minutes: Some(120),
            price_cents: None,
            when_text: String::new(),
            widen_to: None,
            widen_at: None,
            url: uri.clone(),
            document: String::new(),
            fetched_at: now,
        },
        id,
        uri,
    }
}

async fn keep(hub: &TestHub, proposal: Proposal) {
    hub.app
        .write(move |tx| proposals::store::insert(tx, &proposal))
        .await
        .expect("a proposal is written");
}

async fn telephone(hub: &TestHub, member: &TestMember, number: &'static str) {
    let (id, now) = (member.id.clone(), hub.app.now());
    hub.app
        .write(move |tx| -> Result<(), StoreError> {
            diesel::update(members::table.find(id.as_str()))
                .set(members::phone.eq(number))
                .execute(tx)?;
            // Who has a telephone in these stories agreed to show it.
            store::contact::choose_contact(tx, &id, true, now)
        })
        .await
        .expect("a number is written");
}

/// Every activity a hub said so far, the first first.
async fn said(hub: &TestHub) -> Vec<Value> {
    let bodies: Vec<String> = hub
        .app
        .store
        .read(|conn| -> Result<_, StoreError> {
            Ok(outbox_activities::table
                .order((outbox_activities::created_at, outbox_activities::id))
                .select(outbox_activities::body)
                .load(conn)?)
        })
        .await
        .expect("activities are read");
    bodies
        .iter()
        .map(|body| serde_json::from_str(body).expect("JSON"))
        .collect()
}

/// What waits to be sent is not sent by the hub itself: the test brings it.
async fn hold_back(hub: &TestHub) {
    hub.app
        .write(|tx| -> Result<(), StoreError> {
            diesel::delete(deliveries::table).execute(tx)?;
            Ok(())
        })
        .await
        .expect("deliveries are held back");
}

async fn forget_what_came(hub: &TestHub) {
    hub.app
        .write(|tx| -> Result<(), StoreError> {
            diesel::delete(inbox_activities::table).execute(tx)?;
            Ok(())
        })
        .await
        .expect("rows are deleted");
}

/// Brings an activity of one hub to the inbox of another one, signed with its key.
async fn bring(from: &TestHub, to: &TestHub, activity: &Value) -> Answered {
    let speaker = ForeignActor {
        uri: from.uri("/hub"),
        key_id: Uri::parse(&format!("{}#main-key", from.uri("/hub"))).expect("a key id"),
        key: from.app.keys.actor.rsa.clone(),
    };
    speaker
        .delivery(&to.uri("/hub/inbox"), activity, to.app.now())
        .send()
        .await
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn items(answered: &Answered) -> Vec<Value> {
    assert_eq!(answered.status, 200, "{}", answered.text);
    answered.json()["items"].as_array().expect("a list").clone()
}

/// Rows that a repetition must not add to.
async fn rows(hub: &TestHub) -> [i64; 4] {
    hub.app
        .store
        .read(|conn| -> Result<_, StoreError> {
            Ok([
                responses::table.count().get_result(conn)?,
                agreement_parties::table.count().get_result(conn)?,
                messages::table.count().get_result(conn)?,
                hour_facts::table.count().get_result(conn)?,
            ])
        })
        .await
        .expect("rows are counted")
}
