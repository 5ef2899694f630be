//! Hubs that founded a network together, each with a spokesperson and a facilitator.

use interkpa_federation::governance::bundle::Bundle;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::verify::{Report, verify};
use interkpa_federation::multikey::SecretKey;
use interkpa_federation::{Instant, Span};
use interkpa_server::config::Config;
use interkpa_server::db::error::StoreError;
use interkpa_server::features::people::rights::Role;
use interkpa_server::features::votes::founding;
use interkpa_server::features::votes::view::{self, Whole};
use interkpa_server::testing::caller::{Answered, Caller};
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

/// The names of the hubs, in the order in which they found the network.
const SLUGS: [&str; 5] = [
    "bobinette",
    "chevalement",
    "criee",
    "deuxvoiles",
    "lavedouce",
];
/// Between two looks at the clock while a poll closes.
const STEP: Span = Span::seconds(10);
/// More steps mean that a poll does not end.
const STEPS_MAX: usize = 300;

/// One hub and its two mandated people.
pub(super) struct Place {
    pub(super) hub: TestHub,
    pub(super) spokesperson: TestMember,
    pub(super) facilitator: TestMember,
}

/// A founded network.
pub(super) struct Stage {
    pub(super) network: TestNetwork,
    pub(super) places: Vec<Place>,
    pub(super) genesis: ObjectHash,
}

impl Stage {
    /// So many hubs with the short rules: five minutes of notice, rounds of half a minute.
    pub(super) async fn founded(many: usize) -> Self {
        Self::founded_with(many, |_| {}).await
    }

    /// The same with settings of the test's choice.
    pub(super) async fn founded_with(many: usize, settings: fn(&mut Config)) -> Self {
        let network = TestNetwork::new(23);
        let mut places = vec![];
        for slug in &SLUGS[..many] {
            places.push(Place::with(&network, slug, settings).await);
        }
        let genesis = found(&places).await;
        let stage = Self {
            network,
            places,
            genesis,
        };
        stage.settle().await;
        stage
    }

    pub(super) fn now(&self) -> Instant {
        self.places[0].hub.app.now()
    }

    pub(super) async fn settle(&self) {
        let hubs: Vec<&TestHub> = self.places.iter().map(|place| &place.hub).collect();
        self.network.settle(&hubs).await;
    }

    /// The same when the others are down.
    pub(super) async fn settle_some(&self, places: &[usize]) {
        let up = |place: &usize| &self.places[*place].hub;
        let hubs: Vec<&TestHub> = places.iter().map(up).collect();
        self.network.settle(&hubs).await;
    }

    /// Lets time pass, with all that is due in it.
    pub(super) async fn pass(&self, span: Span) {
        self.network.clock.advance(span);
        self.settle().await;
    }

    /// Lets time pass until these hubs have a certified result.
    pub(super) async fn until_certified(&self, poll: ObjectHash, places: &[usize]) {
        let closes_at = self.places[places[0]].whole(poll).await.poll.closes_at;
        if self.now() < closes_at {
            self.settle_some(places).await;
            self.network.clock.set(closes_at);
            self.settle_some(places).await;
        }
        for _ in 0..STEPS_MAX {
            let mut done = true;
            for place in places {
                done &= self.places[*place].whole(poll).await.certified.is_some();
            }
            if done {
                return;
            }
            self.network.clock.advance(STEP);
            self.settle_some(places).await;
        }
        panic!("no result within {STEPS_MAX} steps");
    }

    /// A poll for approval that the first hub opens and that closes in half an hour.
    pub(super) async fn opened(&self) -> ObjectHash {
        let poll = self.places[0].opens(&self.poll()).await;
        self.settle().await;
        poll
    }

    /// What the program of a spokesperson sends to open a poll.
    pub(super) fn poll(&self) -> Value {
        json!({
            "title": "Le cadre, version 2",
            "text": "Nous adoptons la **version 2** du cadre.",
            "closes_at": (self.now() + Span::minutes(30)).to_rfc3339(),
            "question": {"kind": "approval"},
            "rule": {
                "threshold": {"num": 1, "den": 2, "strict": true, "base": "expressed"},
                "quorum": {"num": 1, "den": 2, "strict": true, "base": "electorate"},
                "abstainCountsInQuorum": true,
            },
        })
    }
}

/// A hash that names nothing.
pub(super) fn nowhere() -> ObjectHash {
    ObjectHash::from_bytes([7; 32])
}

/// All sign one genesis, and each takes it in by its fingerprint.
async fn found(places: &[Place]) -> ObjectHash {
    let now = places[0].hub.app.now();
    let cards = places.iter().enumerate().map(|(number, place)| {
        let seed = u8::try_from(number + 1).unwrap();
        founding::card(&place.hub.app, SecretKey::from_seed(&[seed; 32]).public())
    });
    let rules = founding::short_rules(Span::minutes(5), 30_000);
    let genesis = founding::genesis("KPA-Cité", now, cards.collect(), rules);
    let copies: Vec<_> = places
        .iter()
        .map(|place| founding::sign(&place.hub.app, &genesis, now).unwrap())
        .collect();
    let signed = founding::join(&copies).unwrap();
    for place in places {
        founding::import(&place.hub.app, signed.clone(), signed.hash())
            .await
            .unwrap();
    }
    signed.hash()
}

impl Place {
    pub(super) async fn new(network: &TestNetwork, slug: &str) -> Self {
        Self::with(network, slug, |_| {}).await
    }

    async fn with(network: &TestNetwork, slug: &str, settings: fn(&mut Config)) -> Self {
        let hub = network.build(slug).settings(settings).start().await;
        let spokesperson = hub
            .member("yasmine")
            .role(Role::Spokesperson)
            .create()
            .await;
        let facilitator = hub.member("leon").role(Role::Facilitator).create().await;
        Self {
            hub,
            spokesperson,
            facilitator,
        }
    }

    /// The spokesperson opens a poll.
    pub(super) async fn opens(&self, body: &Value) -> ObjectHash {
        let answered = self
            .hub
            .api(
                &self.spokesperson,
                "POST",
                "/api/v1/votes",
                Some(body.clone()),
            )
            .await;
        assert_eq!(answered.status, 201, "{}", answered.text);
        ObjectHash::parse(answered.json()["hash"].as_str().unwrap()).unwrap()
    }

    /// The spokesperson prepares a ballot.
    pub(super) async fn prepares(&self, poll: ObjectHash, choice: Value) -> Answered {
        let body = json!({
            "choice": choice,
            "mandate": {
                "mode": "assembly",
                "decided_at": self.hub.app.now().to_rfc3339(),
                "participants": 12,
            },
        });
        let path = format!("/api/v1/votes/{poll}/ballots");
        self.hub
            .api(&self.spokesperson, "POST", &path, Some(body))
            .await
    }

    /// Somebody confirms a prepared ballot.
    pub(super) async fn confirms(
        &self,
        by: &TestMember,
        poll: ObjectHash,
        prepared: &Answered,
    ) -> Answered {
        let id = prepared.json()["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/votes/{poll}/ballots/{id}/confirm");
        self.hub.api(by, "POST", &path, None).await
    }

    /// The ballot of the hub, prepared by one and confirmed by the other.
    pub(super) async fn votes(&self, poll: ObjectHash, choice: &str) {
        let prepared = self.prepares(poll, json!(choice)).await;
        assert_eq!(prepared.status, 202, "{}", prepared.text);
        let cast = self.confirms(&self.facilitator, poll, &prepared).await;
        assert_eq!(cast.status, 200, "{}", cast.text);
    }

    /// The poll as this hub shows it.
    pub(super) async fn whole(&self, poll: ObjectHash) -> Whole {
        let app = self.hub.app.clone();
        let found = self
            .hub
            .app
            .store
            .read(move |conn| -> Result<_, StoreError> { view::one(&app, conn, poll) })
            .await
            .unwrap();
        found.expect("the poll is known here")
    }

    /// What a stranger without account fetches.
    pub(super) async fn fetched(&self, path: &str) -> Answered {
        let json = [("accept".to_owned(), "application/json".to_owned())];
        Caller::new()
            .send("GET", &self.hub.uri(path), &json, None)
            .await
    }

    /// The bundle of a poll, fetched by a stranger and recounted against the genesis on paper.
    pub(super) async fn recounted(&self, poll: ObjectHash, genesis: ObjectHash) -> Report {
        let answered = self
            .fetched(&format!("/gov/polls/{poll}/bundle.json"))
            .await;
        assert_eq!(answered.status, 200, "{}", answered.text);
        let bundle = Bundle::parse(answered.text.as_bytes()).unwrap();
        verify(&bundle, Some(genesis))
    }
}
