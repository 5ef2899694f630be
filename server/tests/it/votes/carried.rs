//! What arrives by an inbox: only members and allowed peers are heard, only what proves itself is kept,
//! nothing strange is an error of the server.

use interkpa_federation::Span;
use interkpa_federation::governance::ballot::{Ballot, Mandate, MandateMode, Place as Seat};
use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::hub_id::HubId;
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::prove::Signatory;
use interkpa_federation::multikey::SecretKey;
use interkpa_server::fediverse::peers::{self, Decider};
use interkpa_server::testing::foreign::{Foreign, ForeignActor};
use serde_json::{Value, json};

use super::stage::Stage;

/// A ballot signed with any key in the name of any hub.
fn ballot(stage: &Stage, poll: ObjectHash, hub: HubId, key: &SecretKey, reason: &str) -> Object {
    let ballot = Ballot {
        hub,
        poll,
        place: Seat::FIRST,
        resolves: None,
        choice: Choice::Word(Word::Oppose),
        reason: Some(reason.to_owned()),
        mandate: Mandate {
            mode: MandateMode::Delegate,
            decided_at: stage.now(),
            participants: None,
            in_favour: None,
            against: None,
            abstained: None,
            minutes_sha256: None,
            local_ref: None,
        },
        delegate_proof: None,
    };
    let signatory = Signatory {
        hub,
        key,
        created: stage.now(),
    };
    Object::sign(Body::Ballot(Box::new(ballot)), &[signatory]).unwrap()
}

fn key_of(stage: &Stage, place: usize) -> (HubId, SecretKey) {
    let key = stage.places[place].hub.app.keys.governance.clone();
    (HubId::of(&key.public()), key)
}

/// A foreign server and its hub.
struct Carrier {
    foreign: Foreign,
    group: ForeignActor,
}

impl Carrier {
    async fn start(name: &str) -> Self {
        let foreign = Foreign::start(name).await;
        let group = foreign.hub();
        Self { foreign, group }
    }
}

/// Delivers an object to the first hub as the hub of a foreign server.
async fn deliver(stage: &Stage, carrier: &Carrier, number: u32, object: &Value) -> (u16, String) {
    let Carrier { foreign, group } = carrier;
    let activity = json!({
        "@context": ["https://www.w3.org/ns/activitystreams", {"ikpa": "urn:interkpa:ns:"}],
        "id": format!("{}/activites/0199c0de-7000-7000-8000-00000000{number:04x}", foreign.origin),
        "type": "Create",
        "actor": group.uri.as_str(),
        "to": [stage.places[0].hub.uri("/hub").as_str()],
        "object": object,
    });
    let inbox = stage.places[0].hub.uri("/inbox");
    let answered = group.delivery(&inbox, &activity, stage.now()).send().await;
    (answered.status, answered.text)
}

async fn allowed(stage: &Stage) -> Carrier {
    let carrier = Carrier::start("ailleurs").await;
    let by = Decider::Operator("test");
    peers::allow(
        &stage.places[0].hub.app,
        carrier.foreign.origin.as_str(),
        "test",
        by,
    )
    .await
    .unwrap();
    carrier
}

#[tokio::test]
async fn an_allowed_peer_carries_a_well_signed_ballot_and_a_stranger_does_not() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    let (hub, key) = key_of(&stage, 1);
    let object = ballot(&stage, poll, hub, &key, "Portée par un autre.");

    let stranger = Carrier::start("inconnu").await;
    let refused = deliver(&stage, &stranger, 1, object.original()).await;
    let foreign = allowed(&stage).await;
    let taken = deliver(&stage, &foreign, 2, object.original()).await;

    assert_eq!(refused.0, 403, "{}", refused.1);
    assert_eq!(taken.0, 202, "{}", taken.1);
    let seen = stage.places[0].whole(poll).await;
    let voices: usize = seen.electors.iter().map(|one| one.voices.len()).sum();
    assert_eq!(voices, 1, "kept once, by its proof");
}

#[tokio::test]
async fn what_does_not_prove_itself_is_refused_with_a_code_and_never_breaks_the_hub() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    let foreign = allowed(&stage).await;
    let (hub, key) = key_of(&stage, 1);
    let stolen = SecretKey::from_seed(&[99; 32]);
    let good = ballot(&stage, poll, hub, &key, "Bonne.").original().clone();
    let mut changed = good.clone();
    changed["ikpa:choice"] = json!("approve");
    let mut unknown_key = good.clone();
    unknown_key["ikpa:more"] = json!(true);
    let mut huge = good.clone();
    huge["ikpa:reason"] = json!("x".repeat(20_000));
    let outsider = HubId::of(&stolen.public());

    let cases: Vec<(&str, Value, u16, &str)> = vec![
        ("a changed letter", changed, 422, "proof_invalid"),
        ("an unknown key", unknown_key, 400, "ballot_invalid"),
        ("too long", huge, 400, "ballot_invalid"),
        (
            "in another's name",
            ballot(&stage, poll, hub, &stolen, "Volée.")
                .original()
                .clone(),
            422,
            "proof_invalid",
        ),
        (
            "no elector",
            ballot(&stage, poll, outsider, &stolen, "Dehors.")
                .original()
                .clone(),
            422,
            "not_elector",
        ),
        (
            "of no type",
            json!({"type": "ikpa:Crown"}),
            400,
            "object_invalid",
        ),
    ];
    for (number, (what, object, status, code)) in (10_u32..).zip(cases) {
        let (answered, text) = deliver(&stage, &foreign, number, &object).await;
        assert_eq!(answered, status, "{what}: {text}");
        assert!(text.contains(code), "{what}: {text}");
    }
    let seen = stage.places[0].whole(poll).await;
    assert!(seen.electors.iter().all(|one| one.voices.is_empty()));
}

#[tokio::test]
async fn two_ballots_of_one_number_are_a_proof_that_everybody_sees_and_count_for_nothing() {
    let stage = Stage::founded(4).await;
    let poll = stage.opened().await;
    let foreign = allowed(&stage).await;
    let (hub, key) = key_of(&stage, 3);
    for (number, reason) in [(30, "Une voix."), (31, "Une autre."), (32, "Une de plus.")] {
        let object = ballot(&stage, poll, hub, &key, reason);
        let taken = deliver(&stage, &foreign, number, object.original()).await;
        assert_eq!(taken.0, 202, "{}", taken.1);
    }
    for place in &stage.places[..3] {
        place.votes(poll, "approve").await;
    }
    // Only the first hub was given both: the others get them by comparing.
    for _ in 0..4 {
        stage.pass(Span::seconds(15)).await;
    }

    let seen = stage.places[0].whole(poll).await;
    assert_eq!(seen.faults.len(), 1);
    assert_eq!(seen.faults[0].kind, "ballot");
    let cheat = seen.electors.iter().find(|one| one.hub == hub).unwrap();
    assert_eq!(cheat.voices.len(), 2, "the third is not kept");
    stage.until_certified(poll, &[0, 1, 2]).await;

    let result = stage.places[0].whole(poll).await.certified.unwrap().result;
    assert_eq!(result.void, 1);
}

#[tokio::test]
async fn what_comes_before_its_poll_waits_within_bounds() {
    let stage = Stage::founded(3).await;
    let foreign = allowed(&stage).await;
    let (hub, key) = key_of(&stage, 1);
    let object = ballot(&stage, super::stage::nowhere(), hub, &key, "Trop tôt.");

    let (status, text) = deliver(&stage, &foreign, 50, object.original()).await;

    assert_eq!(status, 202, "{text}");
    let (again, text) = deliver(&stage, &foreign, 51, object.original()).await;
    assert_eq!(again, 202, "{text}");
}

#[tokio::test]
async fn objects_and_lists_are_served_to_anybody_and_nothing_else_is() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    let place = &stage.places[1];

    for path in [
        format!("/gov/poll/{poll}"),
        format!("/gov/objects/{poll}"),
        format!("/gov/genesis/{}", stage.genesis),
        format!("/gov/polls/{poll}/objects"),
        format!("/gov/polls/{poll}/digest"),
        "/gov/polls".to_owned(),
        "/gov/statements".to_owned(),
    ] {
        assert_eq!(place.fetched(&path).await.status, 200, "{path}");
    }
    for path in [
        format!("/gov/ballot/{poll}"),
        format!("/gov/objects/{}", super::stage::nowhere()),
        "/gov/objects/x".to_owned(),
        format!("/gov/polls/{}/objects", super::stage::nowhere()),
        format!("/gov/polls/{}/digest", stage.genesis),
    ] {
        assert_eq!(place.fetched(&path).await.status, 404, "{path}");
    }
    let odd = place
        .fetched(&format!("/gov/polls/{poll}/objects?after=x"))
        .await;
    assert_eq!(odd.status, 400);
}
