//! Running the hub: its pages and their JSON twin.

mod api;
mod crawl;
mod deliveries;
mod pages;
mod peers;

use interkpa_server::features::people::rights::Role;
use interkpa_server::testing::caller::Answered;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

/// A hub, another one, and the technical administrator of the first.
struct Stage {
    network: TestNetwork,
    hub: TestHub,
    other: TestHub,
    admin: TestMember,
}

impl Stage {
    async fn new() -> Self {
        let network = TestNetwork::new(5);
        let (hub, other) = (
            network.hub("bobinette").await,
            network.hub("chevalement").await,
        );
        let admin = hub
            .member("nadia")
            .role(Role::TechnicalAdmin)
            .create()
            .await;
        Self {
            network,
            hub,
            other,
            admin,
        }
    }

    /// The name of the other hub in addresses.
    fn host(&self) -> String {
        self.other.origin().authority().to_owned()
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.hub.api(&self.admin, "GET", path, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    async fn post(&self, path: &str, body: Value) -> Answered {
        self.hub.api(&self.admin, "POST", path, Some(body)).await
    }

    /// Commands of the journal about one subject, oldest first, with the reason.
    async fn journal(&self, subject: &str) -> Vec<(String, Option<String>)> {
        use diesel::prelude::*;
        use interkpa_server::db::schema::audit_events;
        let subject = subject.to_owned();
        self.hub
            .app
            .store
            .read(move |conn| {
                Ok::<_, interkpa_server::db::error::StoreError>(
                    audit_events::table
                        .filter(audit_events::subject_id.eq(subject))
                        .order(audit_events::id)
                        .limit(50)
                        .select((audit_events::command, audit_events::reason))
                        .load(conn)?,
                )
            })
            .await
            .unwrap()
    }

    /// A delivery to the other hub, which does not answer; gives its line.
    async fn undelivered(&mut self) -> Value {
        self.network.befriend(&[&self.hub, &self.other]).await;
        let address = json!({"address": self.other.origin().as_str()});
        self.other.go_silent();
        self.other.listen_again().await;
        let followed = self.post("/api/v1/follows", address).await;
        assert_eq!(followed.status, 201, "{}", followed.text);
        self.other.go_silent();
        self.hub.deliver_all().await;
        let waiting = self.get("/api/v1/deliveries").await;
        waiting["items"][0].clone()
    }
}
