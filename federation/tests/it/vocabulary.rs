//! Our own shapes: each fixture is read as the message it means, and what we write equals it.

use interkpa_federation::vocabulary::agreement::{self, AgreementMessage};
use interkpa_federation::vocabulary::fact;
use interkpa_federation::vocabulary::follow::{self, FollowMessage};
use interkpa_federation::vocabulary::note::{self, NoteMessage};
use interkpa_federation::vocabulary::proposal::{self, ProposalMessage};
use interkpa_federation::vocabulary::reaction;
use interkpa_federation::vocabulary::response::{self, ResponseMessage};
use interkpa_federation::vocabulary::{announce, delete, statement};
use interkpa_federation::{Activity, Body, Envelope};
use serde_json::Value;

use crate::fixtures;

/// Fixtures of ours that are no activities.
pub(crate) const DOCUMENTS: &[&str] = &[
    "followers",
    "hub_actor",
    "instance_actor",
    "member_actor",
    "nodeinfo",
    "nodeinfo_links",
    "outbox",
    "outbox_page",
    "webfinger_hub",
    "webfinger_instance",
];

pub(crate) fn our_activities() -> Vec<(String, Value)> {
    let mut all = fixtures::of("ours");
    all.retain(|(name, _)| !DOCUMENTS.contains(&name.as_str()));
    assert!(all.len() > 25, "fixtures are missing");
    all
}

fn envelope(activity: &Activity) -> Envelope {
    Envelope {
        id: activity.id.clone(),
        actor: activity.actor.clone(),
        to: activity.to.clone(),
        cc: activity.cc.clone(),
        published: activity.published.expect("ours are dated"),
    }
}

/// The activity written anew from what was read; `None` for what we never send.
pub(crate) fn written(activity: &Activity) -> Option<Value> {
    let envelope = envelope(activity);
    let signed = || activity.object().expect("embedded").clone();
    Some(match &activity.body {
        Body::Proposal(ProposalMessage::Published(p)) => proposal::publish(&envelope, p),
        Body::Proposal(ProposalMessage::Changed(p)) => proposal::change(&envelope, p),
        Body::Response(ResponseMessage::Offered(r)) => response::offer(&envelope, r),
        Body::Response(ResponseMessage::TakenBack { offer }) => {
            response::take_back(&envelope, offer)
        }
        Body::Response(ResponseMessage::Accepted { offer, agreement }) => {
            response::accept(&envelope, offer, agreement)
        }
        Body::Response(ResponseMessage::Refused(refusal)) => response::reject(&envelope, refusal),
        Body::Agreement(message) => match message {
            AgreementMessage::Fact(f) => {
                let mut unsigned = signed();
                unsigned
                    .as_object_mut()
                    .unwrap()
                    .remove("proof")
                    .expect("a proof");
                assert_eq!(fact::object(f), unsigned);
                fact::record(&envelope, &f.agreement, signed())
            }
            AgreementMessage::Contested(s) => statement::contest(&envelope, s),
            AgreementMessage::Cancelled(s) => statement::cancel(&envelope, s),
            AgreementMessage::Said(s) => statement::message(&envelope, s),
            AgreementMessage::Contact(c) => statement::share_contact(&envelope, c),
            AgreementMessage::Copy(a) => agreement::copy(&envelope, a),
            AgreementMessage::Resolved(r) => {
                let entry = signed().get("ikpa:counterEntry").cloned();
                statement::resolve(&envelope, &r.statement, r.outcome, entry)
            }
        },
        Body::Follow(FollowMessage::Asked { object }) => follow::ask(&envelope, object),
        Body::Follow(FollowMessage::Accepted(f)) => follow::accept(&envelope, f),
        Body::Follow(FollowMessage::Rejected(f)) => follow::reject(&envelope, f),
        Body::Follow(FollowMessage::Undone(f)) => follow::undo(&envelope, f),
        Body::Note(NoteMessage::Published(n)) => note::reply(&envelope, n),
        Body::Announce(a) => match &a.embedded {
            None => announce::announce_id(&envelope, &a.announced),
            Some(inner) => announce::announce_activity(&envelope, (**inner).clone()),
        },
        Body::Delete(d) if d.of_actor => delete::delete_actor(&envelope),
        Body::Delete(d) => delete::delete(
            &envelope,
            &d.object,
            d.former_type.as_deref().unwrap(),
            d.kind.as_deref(),
        ),
        Body::Like(l) => reaction::like(&envelope, &l.object),
        Body::Flag(f) => reaction::flag(&envelope, f),
        Body::Move(m) => reaction::move_to(&envelope, m),
        _ => return None,
    })
}

#[test]
fn what_we_write_equals_the_fixture() {
    for (name, fixture) in our_activities() {
        let activity = Activity::parse(fixture.clone()).unwrap_or_else(|e| panic!("{name}: {e}"));

        let written = written(&activity).unwrap_or_else(|| panic!("{name} is never written"));

        assert_eq!(written, fixture, "{name}");
        assert_eq!(Activity::parse(written).unwrap(), activity, "{name}");
    }
}

#[test]
fn an_activity_is_kept_as_the_json_it_came_as() {
    for (name, fixture) in our_activities() {
        let activity: Activity = serde_json::from_value(fixture.clone()).unwrap();

        assert_eq!(serde_json::to_value(&activity).unwrap(), fixture, "{name}");
    }
}

#[test]
fn every_shape_of_the_spine_has_a_fixture() {
    let names: Vec<String> = our_activities().into_iter().map(|(name, _)| name).collect();
    for shape in [
        "offer_create",
        "offer_create_by_hub",
        "need_create_network",
        "offer_update",
        "offer_delete",
        "follow",
        "follow_accept",
        "follow_reject",
        "follow_undo",
        "announce_id",
        "announce_activity",
        "response_offer",
        "response_offer_by_hub",
        "response_accept",
        "response_accept_by_hub",
        "response_reject",
        "response_undo",
        "fact_done",
        "fact_confirm",
        "agreement_contest",
        "agreement_cancel",
        "dispute_resolution",
        "agreement_update",
        "message",
        "contact",
        "reply",
        "like",
        "flag",
        "move",
    ] {
        assert!(names.iter().any(|name| name == shape), "{shape} is missing");
    }
}

#[test]
fn a_member_without_public_actor_leaves_no_name() {
    for name in [
        "offer_create_by_hub",
        "response_offer_by_hub",
        "response_accept_by_hub",
    ] {
        let text = fixtures::ours(name).to_string();

        assert!(!text.contains("/members/"), "{name}");
    }
}
