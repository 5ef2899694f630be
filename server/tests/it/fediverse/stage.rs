//! One hub of ours and one foreign server that speaks to it.

use interkpa_federation::vocabulary::announce::announce_id;
use interkpa_federation::{Envelope, Instant, Recipients, Uri};
use interkpa_server::config::FederationMode;
use interkpa_server::db::schema::{inbox_activities, jobs};
use interkpa_server::features::follows;
use interkpa_server::fediverse::ours::OurActor;
use interkpa_server::fediverse::peers::{self, Decider};
use interkpa_server::testing::foreign::{Delivery, Foreign, ForeignActor};
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

use diesel::prelude::*;

/// What most tests of the inbox begin with.
pub(super) struct Stage {
    pub(super) network: TestNetwork,
    pub(super) hub: TestHub,
    pub(super) foreign: Foreign,
    /// The Group of the foreign server.
    pub(super) group: ForeignActor,
    /// A person of the foreign server.
    pub(super) zoe: ForeignActor,
}

impl Stage {
    /// A hub in a mode, and a foreign server it knows nothing of.
    pub(super) async fn strangers(mode: FederationMode) -> Self {
        let network = TestNetwork::new(11);
        let hub = network.build("bobinette").mode(mode).start().await;
        let foreign = Foreign::start("ailleurs").await;
        let (group, zoe) = (foreign.hub(), foreign.actor("zoe"));
        Self {
            network,
            hub,
            foreign,
            group,
            zoe,
        }
    }

    /// The same, the foreign server being an allowed peer.
    pub(super) async fn allowed() -> Self {
        let stage = Self::strangers(FederationMode::Network).await;
        stage.allow().await;
        stage
    }

    pub(super) async fn allow(&self) {
        let origin = self.foreign.origin.as_str();
        peers::allow(&self.hub.app, origin, "test", Decider::Operator("test"))
            .await
            .unwrap();
    }

    pub(super) fn now(&self) -> Instant {
        self.hub.app.now()
    }

    pub(super) fn inbox(&self) -> Uri {
        self.hub.uri("/inbox")
    }

    /// A `Follow` of the hub by an actor; its effect is one follower.
    pub(super) fn follow(&self, actor: &ForeignActor, number: u32) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{}/follows/{number}", actor.uri),
            "type": "Follow",
            "actor": actor.uri.as_str(),
            "object": self.hub.uri("/hub").as_str(),
        })
    }

    /// That `Follow` by the person, signed for the shared inbox.
    pub(super) fn delivery(&self, number: u32) -> Delivery {
        let activity = self.follow(&self.zoe, number);
        self.zoe.delivery(&self.inbox(), &activity, self.now())
    }

    /// The hub's announcement of its thing of that number, as a document that every server reads.
    pub(super) fn announcement(&self, id: &str, to: Recipients, number: u32) -> Value {
        let envelope = Envelope {
            id: self.hub.uri(&format!("/activites/{id}")),
            actor: self.hub.uri("/hub"),
            to,
            cc: Recipients::NOBODY,
            published: self.now(),
        };
        announce_id(&envelope, &self.hub.uri(&format!("/objets/{number}")))
    }

    /// How many follow the hub from elsewhere.
    pub(super) async fn followers(&self) -> u64 {
        let uri = OurActor::Hub.address(&self.hub.app);
        self.hub
            .app
            .store
            .read(move |conn| follows::follower_count(conn, &uri))
            .await
            .unwrap()
    }

    /// How many activities were taken in, and how many jobs wait.
    pub(super) async fn rows(&self) -> (i64, i64) {
        self.hub
            .app
            .store
            .read(
                |conn| -> Result<_, interkpa_server::db::error::StoreError> {
                    let taken = inbox_activities::table.count().get_result(conn)?;
                    let waiting = jobs::table.count().get_result(conn)?;
                    Ok((taken, waiting))
                },
            )
            .await
            .unwrap()
    }

    /// State and note of a stored activity.
    pub(super) async fn taken(&self, id: &str) -> (String, Option<String>) {
        let id = id.to_owned();
        self.hub
            .app
            .store
            .read(
                move |conn| -> Result<_, interkpa_server::db::error::StoreError> {
                    Ok(inbox_activities::table
                        .find(id)
                        .select((inbox_activities::state, inbox_activities::note))
                        .first(conn)?)
                },
            )
            .await
            .unwrap()
    }
}

/// The number of the thing that an announcement names.
pub(super) fn number_of(announcement: &Value) -> u64 {
    let object = announcement["object"].as_str().unwrap();
    object.rsplit('/').next().unwrap().parse().unwrap()
}
