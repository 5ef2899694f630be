//! The story of the first issue between two members of two hubs: a need or an offer, an answer, an
//! agreement, each other's telephone, a private thread, done and confirmed.

use serde_json::{Value, json};

use crate::chance::Chance;
use crate::rig::{Call, Rig, eventually, nothing};

/// Calls of one deal that change something: publish, respond, accept, two messages, done, confirm.
pub(crate) const CALLS: usize = 7;
/// Minutes of work in each deal.
pub(crate) const MINUTES: i64 = 150;

/// Who deals with whom.
pub(crate) struct Deal {
    /// Names it in titles and messages.
    pub(crate) key: String,
    /// The hub of whoever publishes; the other one is that of whoever answers.
    pub(crate) at: usize,
    pub(crate) proposer: Party,
    pub(crate) responder: Party,
}

/// A member of a test.
#[derive(Clone)]
pub(crate) struct Party {
    pub(crate) handle: String,
    pub(crate) phone: String,
}

/// What must be on both hubs once a deal is over.
#[derive(Debug, Clone)]
pub(crate) struct Closed {
    pub(crate) title: String,
    pub(crate) proposal: String,
    pub(crate) response: String,
    pub(crate) agreement: String,
    pub(crate) texts: [String; 2],
}

impl Deal {
    /// The whole story. Everything is asked for until it is acknowledged, and now and then again
    /// after that: the answer is the same then.
    pub(crate) async fn close(&self, rig: &Rig, chance: &Chance) -> Closed {
        let teller = Teller {
            deal: self,
            rig,
            chance,
        };
        let (here, there) = teller.publish().await;
        let response = teller.respond(&there).await;
        let (here, agreement) = teller.accept(&here).await;
        let there = teller.agreed(&there).await;
        teller.meet(&here, &there).await;
        let texts = teller.write(&here, &there).await;
        teller.finish(&here, &there).await;
        let (title, proposal) = (teller.title(), agreement.proposal);
        Closed {
            title,
            proposal,
            response,
            agreement: agreement.uri,
            texts,
        }
    }
}

/// Addresses that both hubs must know.
struct Agreed {
    proposal: String,
    uri: String,
}

/// A path of the JSON twin of one hub.
struct Path(String);

struct Teller<'a> {
    deal: &'a Deal,
    rig: &'a Rig,
    chance: &'a Chance,
}

impl Teller<'_> {
    fn title(&self) -> String {
        format!("Essai {}", self.deal.key)
    }

    /// The proposer, or whoever answers from the other hub.
    fn sides(&self) -> [(usize, &str); 2] {
        let deal = self.deal;
        [
            (deal.at, deal.proposer.handle.as_str()),
            (Rig::beyond(deal.at), deal.responder.handle.as_str()),
        ]
    }

    async fn say(&self, side: usize, kind: &'static str, path: &str, body: &Value) -> Value {
        let (at, member) = self.sides()[side];
        let key = format!("{}-{kind}-{side}", self.deal.key);
        let call = Call {
            at,
            member,
            kind,
            path,
            key: &key,
            body,
        };
        let answer = self.rig.insist(call).await;
        if self.chance.once_in(3) {
            assert_eq!(self.rig.insist(call).await, answer, "{kind}, said again");
        }
        answer
    }

    async fn read(&self, side: usize, path: &str) -> Option<Value> {
        let (at, member) = self.sides()[side];
        self.rig.get(at, member, path).await
    }

    /// The proposal here and, once it is seen there, its copy.
    async fn publish(&self) -> (Path, Path) {
        let is_need = self.chance.once_in(2);
        let body = json!({
            "purpose": if is_need { "request" } else { "offer" },
            "kind": "service",
            "title": self.title(),
            "description": "La chaîne du vélo-cargo saute.",
            "settlements": ["hours"],
            "minutes": MINUTES,
            "visibility": if is_need { "network" } else { "public" },
        });
        let made = self.say(0, "publish", "/api/v1/proposals", &body).await;
        let origin = self.rig.hubs[self.deal.at].origin();
        let list = format!("/api/v1/proposals?limit=100&hub={origin}");
        let copy = eventually("it is seen at the other hub", async || {
            let list = self.read(1, &list).await?;
            let mut items = list["items"].as_array()?.iter();
            items.find(|item| item["uri"] == made["uri"]).cloned()
        })
        .await;
        let path = |item: &Value| Path(format!("/api/v1/proposals/{}", text(&item["id"])));
        (path(&made), path(&copy))
    }

    /// The address of the answer.
    async fn respond(&self, there: &Path) -> String {
        let body = json!({
            "message": format!("Je peux aider : {}.", self.deal.key),
            "settlement": "hours",
            "planned": "samedi 14 h",
        });
        let path = format!("{}/responses", there.0);
        text(&self.say(1, "respond", &path, &body).await["uri"])
    }

    /// The agreement, at the hub that owns it.
    async fn accept(&self, here: &Path) -> (Path, Agreed) {
        let responses = format!("{}/responses", here.0);
        let response = eventually("the answer arrives", async || {
            let list = self.read(0, &responses).await?;
            let items = list["items"].as_array()?;
            assert!(items.len() < 2, "an answer is doubled: {list}");
            items.first().cloned()
        })
        .await;
        let path = format!("/api/v1/responses/{}/accept", text(&response["id"]));
        let made = self.say(0, "accept", &path, &nothing()).await;
        let proposal = self.read_until(0, &here.0, "the proposal").await;
        let agreed = Agreed {
            proposal: text(&proposal["uri"]),
            uri: text(&made["uri"]),
        };
        (agreement(&made["id"]), agreed)
    }

    /// The copy of the agreement at the other hub.
    async fn agreed(&self, there: &Path) -> Path {
        let path = format!("{}/responses", there.0);
        let id = eventually("the agreement is copied", async || {
            let list = self.read(1, &path).await?;
            let id = list["items"].as_array()?.first()?["agreement"].clone();
            id.is_string().then_some(id)
        })
        .await;
        agreement(&id)
    }

    /// Each sees the telephone of the other.
    async fn meet(&self, here: &Path, there: &Path) {
        let deal = self.deal;
        for (side, path, phone) in [
            (0, here, &deal.responder.phone),
            (1, there, &deal.proposer.phone),
        ] {
            eventually("the other's telephone is seen", async || {
                let agreement = self.read(side, &path.0).await?;
                let mut parties = agreement["parties"].as_array()?.iter();
                let other = parties.find(|party| party["me"] == false)?;
                (other["phone"] == phone.as_str()).then_some(())
            })
            .await;
        }
    }

    /// Each writes a message, which the other reads.
    async fn write(&self, here: &Path, there: &Path) -> [String; 2] {
        let texts = ["a", "b"].map(|side| format!("Message {} {side}", self.deal.key));
        for (side, path) in [(0, here), (1, there)] {
            let path = format!("{}/messages", path.0);
            let body = json!({"text": texts[side]});
            self.say(side, "message", &path, &body).await;
        }
        for (side, path) in [(0, here), (1, there)] {
            eventually("both messages are read", async || {
                let agreement = self.read(side, &path.0).await?;
                let messages = agreement["messages"].as_array()?;
                assert!(messages.len() < 3, "a message is doubled: {agreement}");
                (messages.len() == 2).then_some(())
            })
            .await;
        }
        texts
    }

    /// Whoever answered says that it is done, the other one confirms.
    async fn finish(&self, here: &Path, there: &Path) {
        let body = json!({"minutes": MINUTES});
        let path = format!("{}/done", there.0);
        self.say(1, "done", &path, &body).await;
        self.until_state(0, here, "declared_done").await;
        let path = format!("{}/confirm", here.0);
        self.say(0, "confirm", &path, &body).await;
        self.until_state(0, here, "confirmed").await;
        self.until_state(1, there, "confirmed").await;
    }

    async fn until_state(&self, side: usize, path: &Path, state: &str) {
        eventually(state, async || {
            let agreement = self.read(side, &path.0).await?;
            (agreement["state"] == state).then_some(())
        })
        .await;
    }

    async fn read_until(&self, side: usize, path: &str, what: &str) -> Value {
        eventually(what, async || self.read(side, path).await).await
    }
}

fn agreement(id: &Value) -> Path {
    Path(format!("/api/v1/agreements/{}", text(id)))
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
