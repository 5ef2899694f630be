//! Who is heard, and who may say what: federation.md 3.2 and 3.3, security.md D21-D38.

use interkpa_federation::permission::{self, PermissionError, Side, Voice};
use interkpa_federation::trust::{Deed, NotHeard, Verdict, verdict};
use interkpa_federation::vocabulary::agreement::{AgreementMessage, AgreementObject};
use interkpa_federation::vocabulary::fact::Fact;
use interkpa_federation::{Activity, Body, Heard, Mode, Origin, Peer, Trust, Uri};
use serde_json::Value;

use crate::fixtures;
use crate::vocabulary::our_activities;

const EVIL: &str = "https://evil.example";

fn ours() -> Origin {
    Origin::parse("https://deuxvoiles.example").unwrap()
}

fn peer(origin: &Uri, trust: Trust, mode: Mode) -> Peer {
    Peer {
        origin: origin.origin(),
        trust,
        mode,
    }
}

fn sent(value: Value, voice: Voice) -> Result<Heard, PermissionError> {
    let activity = Activity::parse(value).unwrap();
    let peer = peer(&activity.actor, Trust::Member, Mode::Network);
    permission::check(&activity, &peer, voice, &ours())
}

fn changed(name: &str, change: impl Fn(&mut Value)) -> Value {
    let mut value = fixtures::ours(name);
    change(&mut value);
    value
}

fn code(result: Result<Heard, PermissionError>) -> &'static str {
    result.map_or_else(PermissionError::code, |_heard| "heard")
}

#[test]
fn all_we_send_is_heard_from_a_member_and_an_allowed_peer() {
    for (name, value) in our_activities() {
        let activity = Activity::parse(value).unwrap();
        for trust in [Trust::Member, Trust::Allowed] {
            let peer = peer(&activity.actor, trust, Mode::Network);

            let heard = permission::check(&activity, &peer, Voice::Hub, &ours());

            assert_eq!(heard.as_ref().map(Heard::trust), Ok(trust), "{name}");
        }
    }
}

#[test]
fn a_guest_touches_nothing_economic() {
    for (name, value) in our_activities() {
        let activity = Activity::parse(value).unwrap();
        let economic = matches!(
            activity.body,
            Body::Proposal(_) | Body::Response(_) | Body::Agreement(_)
        );
        let guest = peer(&activity.actor, Trust::Guest, Mode::Open);

        let heard = permission::check(&activity, &guest, Voice::Hub, &ours());

        let expected = if economic {
            "guest_not_allowed"
        } else {
            "heard"
        };
        assert_eq!(code(heard), expected, "{name}");
    }
}

#[test]
fn blocked_and_unknown_servers_are_not_heard() {
    for (name, value) in our_activities() {
        let activity = Activity::parse(value).unwrap();
        for (trust, mode) in [
            (Trust::Blocked, Mode::Open),
            (Trust::Blocked, Mode::Network),
            (Trust::Guest, Mode::Network),
        ] {
            let peer = peer(&activity.actor, trust, mode);

            let heard = permission::check(&activity, &peer, Voice::Hub, &ours());

            assert_eq!(code(heard), "peer_not_allowed", "{name}");
        }
    }
}

#[test]
fn the_table_and_the_least_trust_of_each_message_agree() {
    let governance = serde_json::json!({
        "type": "Create", "id": "https://criee.example/1", "actor": "https://criee.example/hub",
        "object": {"type": "ikpa:Ballot"},
    });
    let all = our_activities().into_iter().map(|(_, value)| value);
    for value in all.chain([governance]) {
        let body = Activity::parse(value).unwrap().body;
        let guest = verdict(body.deed(), Trust::Guest, Mode::Open);

        assert_eq!(
            guest.is_refused(),
            body.trust_min() > Trust::Guest,
            "{body:?}"
        );
        assert!(!verdict(body.deed(), Trust::Allowed, Mode::Network).is_refused());
    }
}

#[test]
fn the_table_has_the_rows_of_the_design() {
    let row = |deed| {
        [
            verdict(deed, Trust::Member, Mode::Network),
            verdict(deed, Trust::Allowed, Mode::Network),
            verdict(deed, Trust::Guest, Mode::Open),
        ]
    };
    let no = Verdict::Refused(NotHeard::GuestNotAllowed);
    let (yes, marked) = (Verdict::Yes, Verdict::Marked);

    for (deed, expected) in [
        (Deed::Post, [yes, yes, Verdict::TightBudget]),
        (Deed::ReadPublic, [yes, yes, yes]),
        (
            Deed::ReadPrivate,
            [Verdict::IfEntitled, Verdict::IfEntitled, Verdict::NotFound],
        ),
        (Deed::Follow, [yes, yes, yes]),
        (Deed::Reply, [yes, yes, marked]),
        (Deed::Own, [yes, yes, yes]),
        (Deed::PlainPost, [yes, yes, Verdict::FollowersOnly]),
        (Deed::Publication, [yes, marked, no]),
        (Deed::Join, [yes, yes, Verdict::WaitingList]),
        (Deed::Economic, [yes, yes, no]),
        (Deed::Recognition, [yes, yes, no]),
        (Deed::Charter, [yes, Verdict::Ordinary, Verdict::Ordinary]),
        (
            Deed::GovernanceAuthor,
            [yes, Verdict::Refused(NotHeard::MemberNeeded), no],
        ),
        (Deed::GovernanceCarrier, [yes, yes, no]),
        (Deed::Backfill, [yes, yes, no]),
    ] {
        assert_eq!(row(deed), expected, "{deed:?}");
    }
}

#[test]
fn only_a_member_is_heard_as_a_member() {
    let origin = Uri::parse(EVIL).unwrap();

    let heard = |trust| peer(&origin, trust, Mode::Open).heard_as(Trust::Member);

    assert!(heard(Trust::Member).is_ok());
    assert_eq!(heard(Trust::Allowed), Err(NotHeard::MemberNeeded));
    assert_eq!(heard(Trust::Guest), Err(NotHeard::GuestNotAllowed));
    assert_eq!(heard(Trust::Blocked), Err(NotHeard::PeerNotAllowed));
}

// D22
#[test]
fn an_activity_id_on_another_origin_than_its_actor_is_refused() {
    let value = changed("offer_create", |v| v["id"] = format!("{EVIL}/1").into());

    assert_eq!(code(sent(value, Voice::Hub)), "origin_mismatch");
}

// D22: scheme and port are part of the origin
#[test]
fn another_port_or_scheme_is_another_origin() {
    for id in [
        "https://bobinette.example:8443/1",
        "http://bobinette.example/1",
    ] {
        let value = changed("offer_create", |v| v["id"] = id.into());

        assert_eq!(code(sent(value, Voice::Hub)), "origin_mismatch", "{id}");
    }
}

// D23
#[test]
fn an_object_of_another_origin_is_not_trusted_from_the_body() {
    for name in [
        "reply",
        "contact",
        "agreement_contest",
        "fact_done",
        "offer_delete",
    ] {
        let value = changed(name, |v| {
            v["object"]["id"] = format!("{EVIL}/objets/1").into();
        });

        assert_eq!(code(sent(value, Voice::Hub)), "origin_mismatch", "{name}");
    }
}

// D24, D29
#[test]
fn attributed_to_is_one_owner_of_the_actors_origin() {
    let owners = [
        serde_json::json!(1),
        serde_json::json!("1"),
        Value::Null,
        serde_json::json!([]),
        serde_json::json!(["https://chevalement.example/hub", EVIL]),
        serde_json::json!({"id": format!("{EVIL}/x")}),
        serde_json::json!(format!("{EVIL}/x")),
    ];
    for name in [
        "offer_create",
        "reply",
        "fact_done",
        "agreement_contest",
        "contact",
    ] {
        for owner in &owners {
            let value = changed(name, |v| v["object"]["attributedTo"] = owner.clone());

            let error = Activity::parse(value).unwrap_err();

            assert_eq!(error.code(), "attributed_to_invalid", "{name} {owner}");
        }
    }
}

// D26
#[test]
fn nobody_outside_speaks_with_our_addresses() {
    let local = format!("{}/objets/1", ours());
    let id = changed("offer_create", |v| v["id"] = local.clone().into());
    let object = changed("reply", |v| v["object"]["id"] = local.clone().into());
    let deleted = changed("offer_delete", |v| v["object"]["id"] = local.clone().into());
    let actor = changed("follow", |v| v["actor"] = format!("{}/hub", ours()).into());

    for value in [id, object, deleted, actor] {
        assert_eq!(code(sent(value, Voice::Hub)), "origin_mismatch");
    }
}

// D30
#[test]
fn another_member_of_the_same_hub_cannot_change_an_offer() {
    let other = "https://bobinette.example/members/0193a4f0-0099-7000-8000-000000000099";
    let value = changed("offer_update", |v| v["actor"] = other.into());

    assert_eq!(code(sent(value.clone(), Voice::Single)), "not_owner");
    // The hub's own actor may: it moderates what its members publish.
    assert_eq!(code(sent(value, Voice::Hub)), "heard");
}

#[test]
fn a_hub_cannot_say_in_a_members_name_what_happened() {
    for name in ["fact_done", "agreement_contest", "contact", "message"] {
        let value = changed(name, |v| {
            let hub = format!(
                "{}/hub",
                Uri::parse(v["actor"].as_str().unwrap()).unwrap().origin()
            );
            v["actor"] = hub.into();
        });

        assert_eq!(code(sent(value, Voice::Hub)), "not_owner", "{name}");
    }
}

// D34, D35
#[test]
fn a_follow_is_undone_by_its_author_and_answered_by_its_target() {
    for (name, key) in [
        ("follow_undo", "actor"),
        ("follow_accept", "object"),
        ("follow_reject", "object"),
    ] {
        let value = changed(name, |v| v["object"][key] = format!("{EVIL}/hub").into());

        assert_eq!(code(sent(value, Voice::Hub)), "not_owner", "{name}");
    }
}

// D30, D33, D34
#[test]
fn stored_things_are_changed_by_their_owner_or_its_hub_and_undone_by_their_author() {
    let uri = |text: &str| Uri::parse(text).unwrap();
    let (lea, ali) = (uri("https://b.example/lea"), uri("https://b.example/ali"));
    let hub = uri("https://b.example/hub");
    let other = uri("https://c.example/hub");

    assert!(permission::may_change(&lea, &lea, Voice::Single).is_ok());
    assert!(permission::may_change(&lea, &hub, Voice::Hub).is_ok());
    assert!(permission::may_change(&lea, &ali, Voice::Single).is_err());
    assert!(permission::may_change(&lea, &other, Voice::Hub).is_err());
    assert!(permission::may_undo(&lea, &lea).is_ok());
    assert!(permission::may_undo(&lea, &hub).is_err());
}

fn agreement() -> AgreementObject {
    match Activity::parse(fixtures::ours("agreement_update"))
        .unwrap()
        .body
    {
        Body::Agreement(AgreementMessage::Copy(agreement)) => *agreement,
        other => panic!("{other:?}"),
    }
}

fn fact(name: &str, change: impl Fn(&mut Value)) -> Fact {
    let value = changed(name, |v| change(&mut v["object"]));
    match Activity::parse(value).unwrap().body {
        Body::Agreement(AgreementMessage::Fact(fact)) => *fact,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_party_states_facts_about_what_was_agreed() {
    let agreement = agreement();

    assert_eq!(
        permission::fact_fits(&agreement, &fact("fact_done", |_| {})),
        Ok(Side::Proposer)
    );
    assert_eq!(
        permission::fact_fits(&agreement, &fact("fact_confirm", |_| {})),
        Ok(Side::Responder)
    );
}

#[test]
fn a_fact_about_something_else_is_refused() {
    let agreement = agreement();
    let strangers = [
        fact("fact_done", |o| {
            o["attributedTo"] = "https://bobinette.example/members/x".into();
        }),
        fact("fact_done", |o| {
            o["provider"] = "https://bobinette.example/members/x".into();
        }),
        fact("fact_done", |o| {
            o["fulfills"] = "https://bobinette.example/objets/x#primary".into();
        }),
        fact("fact_done", |o| {
            o["context"] = "https://bobinette.example/objets/x".into();
        }),
        fact("fact_done", |o| {
            o["effortQuantity"]["hasUnit"] = "kilogram".into();
        }),
        fact("fact_done", |o| {
            o["ikpa:kind"] = "counter_entry".into();
            o["corrects"] = "https://bobinette.example/objets/x".into();
        }),
    ];

    for stranger in strangers {
        assert_eq!(
            permission::fact_fits(&agreement, &stranger),
            Err(PermissionError::NotParty)
        );
    }
}
