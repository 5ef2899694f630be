//! Documents in the shape of other servers: all are read, and as what they mean.

use interkpa_federation::actor::{ActorType, PublicKey, RemoteActor};
use interkpa_federation::vocabulary::follow::FollowMessage;
use interkpa_federation::vocabulary::note::{NoteMessage, NoteObject, NoteType};
use interkpa_federation::vocabulary::response::ResponseMessage;
use interkpa_federation::{Activity, Body, Instant, Trust, Uri};
use serde_json::Value;

use crate::fixtures;

/// Software and the least number of its shapes kept here.
const SOFTWARE: &[(&str, usize)] = &[
    ("fedify", 7),
    ("gotosocial", 8),
    ("lemmy", 11),
    ("mastodon", 18),
    ("misskey", 8),
    ("mitra", 5),
    ("mobilizon", 8),
    ("peertube", 1),
    ("pixelfed", 6),
    ("wordpress", 1),
];

pub(crate) fn all() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (software, least) in SOFTWARE {
        let found = fixtures::of(software);
        assert!(found.len() >= *least, "{software} lost fixtures");
        all.extend(
            found
                .into_iter()
                .map(|(n, v)| (format!("{software}/{n}"), v)),
        );
    }
    all
}

fn name_of(body: &Body) -> &'static str {
    match body {
        Body::Proposal(_) => "proposal",
        Body::Response(_) => "response",
        Body::Agreement(_) => "agreement",
        Body::Follow(FollowMessage::Asked { .. }) => "follow",
        Body::Follow(FollowMessage::Accepted(_)) => "accept_follow",
        Body::Follow(FollowMessage::Rejected(_)) => "reject_follow",
        Body::Follow(FollowMessage::Undone(_)) => "undo_follow",
        Body::Note(NoteMessage::Published(_)) => "create",
        Body::Note(NoteMessage::Changed(_)) => "update",
        Body::Announce(_) => "announce",
        Body::Delete(_) => "delete",
        Body::Actor(_) => "update_actor",
        Body::Participation(p) if p.joins => "join",
        Body::Participation(_) => "leave",
        Body::Like(_) => "like",
        Body::Flag(_) => "flag",
        Body::Move(_) => "move",
        Body::Answer(_) => "answer",
        Body::Undo(_) => "undo",
        Body::Governance(_) => "governance",
        Body::Unknown(_) => "unknown",
    }
}

#[test]
fn every_activity_of_other_servers_is_read_as_what_its_file_is_called() {
    for (name, value) in all() {
        let file = name.split_once('/').unwrap().1;
        if file.starts_with("actor_") {
            continue;
        }
        let activity = Activity::parse(value).unwrap_or_else(|e| panic!("{name}: {e}"));

        let read = name_of(&activity.body);

        // `undo_follow` of Fedify names the Follow by its id only.
        let by_id = name == "fedify/undo_follow" && read == "undo";
        assert!(file.starts_with(read) || by_id, "{name} is read as {read}");
    }
}

#[test]
fn every_actor_of_other_servers_is_read_with_its_key() {
    for (name, value) in all() {
        let file = name.split_once('/').unwrap().1;
        let Some(kind) = file.strip_prefix("actor_").filter(|kind| *kind != "stub") else {
            continue;
        };
        let actor = RemoteActor::read(&value).unwrap_or_else(|e| panic!("{name}: {e}"));

        assert_eq!(actor.actor_type.as_str().to_lowercase(), kind, "{name}");
        assert!(actor.preferred_username.is_some(), "{name}");
        assert_eq!(actor.inbox.origin(), actor.id.origin(), "{name}");
        let key = actor
            .public_key
            .unwrap_or_else(|| panic!("{name} has no key"));
        assert_eq!(key.owner, actor.id, "{name}");
        assert!(key.pem.contains("PUBLIC KEY"), "{name}");
    }
}

#[test]
fn a_stub_served_at_a_key_id_names_the_owner() {
    let key = PublicKey::read(&fixtures::one("gotosocial", "actor_stub")).unwrap();

    assert_eq!(key.id, uri("https://gts.example/users/noe/main-key"));
    assert_eq!(key.owner, uri("https://gts.example/users/noe"));
}

#[test]
fn a_document_without_key_or_owner_is_no_key() {
    for document in [
        serde_json::json!({"id": "https://x.example/k", "publicKeyPem": "-"}),
        serde_json::json!({"id": "https://x.example/k", "publicKey": {"publicKeyPem": "-"}}),
        serde_json::json!([]),
    ] {
        assert!(PublicKey::read(&document).is_err(), "{document}");
    }
}

fn uri(text: &str) -> Uri {
    Uri::parse(text).unwrap()
}

fn note(software: &str, name: &str) -> NoteObject {
    match Activity::parse(fixtures::one(software, name)).unwrap().body {
        Body::Note(NoteMessage::Published(note) | NoteMessage::Changed(note)) => *note,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_mastodon_reply_keeps_what_the_page_shows() {
    let reply = note("mastodon", "create_reply");

    assert_eq!(reply.language.as_deref(), Some("fr"));
    assert_eq!(reply.summary_html, None);
    assert_eq!(reply.mentions[0].href, uri("https://bobinette.example/hub"));
    assert!(reply.in_reply_to.is_some());
    assert!(reply.to.public);
    assert!(reply.content_html.unwrap().contains("gauchers"));
}

#[test]
fn a_direct_note_is_for_its_recipient_alone() {
    let direct = note("mastodon", "create_direct");

    assert!(!direct.to.public && !direct.cc.public);
    assert!(direct.to.names(&uri("https://bobinette.example/hub")));
    assert!(direct.sensitive);
    assert_eq!(direct.attachments[0].name.as_deref(), Some("Mon ouvrage"));
}

#[test]
fn a_question_is_shown_as_text_and_never_a_vote() {
    let question = note("mastodon", "create_question");

    assert_eq!(question.note_type, NoteType::Question);
    assert_eq!(
        question.content_html.as_deref(),
        Some("<p>Samedi ou dimanche ?</p>")
    );
    assert_eq!(question.hashtags[0].name, "#couture");
}

#[test]
fn gotosocial_gives_strings_where_others_give_lists() {
    let reply = note("gotosocial", "create_reply");

    assert!(reply.to.public);
    assert_eq!(reply.mentions.len(), 1);
    assert_eq!(reply.summary_html, None);
    assert_eq!(
        reply.published,
        Instant::parse_rfc3339("2026-11-22T09:00:00Z").ok()
    );
}

#[test]
fn what_lemmy_announces_is_a_hint_with_the_id_of_its_object() {
    let activity = Activity::parse(fixtures::one("lemmy", "announce_create")).unwrap();
    let Body::Announce(announcement) = activity.body else {
        panic!("{:?}", activity.body);
    };

    assert_eq!(
        announcement.object,
        Some(uri("https://lemmy.example/post/101"))
    );
    let inner = Activity::parse(*announcement.embedded.unwrap()).unwrap();
    assert_eq!(name_of(&inner.body), "create");
}

#[test]
fn lemmy_posts_have_a_title_and_links_as_attachments() {
    let page = note("lemmy", "create_page");

    assert_eq!(page.note_type, NoteType::Page);
    assert_eq!(page.name.as_deref(), Some("Qui prête une presse à chaud ?"));
    assert_eq!(page.attachments[0].url, uri("https://example.org/presse"));
    assert_eq!(
        page.audience,
        Some(uri("https://lemmy.example/c/reparation"))
    );
}

#[test]
fn a_mobilizon_event_has_its_times_and_place() {
    let event = note("mobilizon", "create_event");

    assert_eq!(event.note_type, NoteType::Event);
    assert_eq!(
        event.starts_at,
        Instant::parse_rfc3339("2026-12-05T13:00:00Z").ok()
    );
    assert_eq!(event.place.unwrap().name, "La Coulée");
    assert_eq!(
        event.attributed_to,
        uri("https://mobilizon.example/@atelier")
    );
}

#[test]
fn mitra_answers_a_proposal_in_plain_fep_0837() {
    let activity = Activity::parse(fixtures::one("mitra", "response_offer_agreement")).unwrap();
    let Body::Response(ResponseMessage::Offered(response)) = &activity.body else {
        panic!("{:?}", activity.body);
    };

    assert_eq!(response.responder.actor, activity.actor);
    assert_eq!(
        response.proposal,
        uri("https://bobinette.example/objets/0193a4f0-0091-7000-8000-000000000091")
    );
    assert_eq!(activity.body.trust_min(), Trust::Allowed);
}

#[test]
fn keys_of_unknown_kinds_are_left_out_beside_a_good_one() {
    let mitra = RemoteActor::read(&fixtures::one("mitra", "actor_person")).unwrap();
    let fedify = RemoteActor::read(&fixtures::one("fedify", "actor_person")).unwrap();
    let service = RemoteActor::read(&fixtures::one("fedify", "actor_service")).unwrap();

    assert!(
        mitra
            .assertion_methods
            .iter()
            .all(|k| k.controller == mitra.id)
    );
    assert_eq!(fedify.assertion_methods.len(), 1);
    assert_eq!(service.actor_type, ActorType::Service);
    assert_eq!(service.icon, Some(uri("https://fedify.example/i.png")));
}

#[test]
fn fedify_shortens_public_and_embeds_the_actor() {
    let create = note("fedify", "create_note");
    let follow = Activity::parse(fixtures::one("fedify", "follow")).unwrap();

    assert!(create.to.public);
    assert_eq!(create.language.as_deref(), Some("fr"));
    assert_eq!(create.url, Some(uri("https://fedify.example/@mika/1")));
    assert_eq!(follow.actor, uri("https://fedify.example/users/mika"));
}

#[test]
fn misskey_nulls_count_as_absent() {
    let quote = note("misskey", "create_quote");
    let actor = RemoteActor::read(&fixtures::one("misskey", "actor_person")).unwrap();

    assert_eq!(quote.content_html, None);
    assert_eq!(actor.name, None);
    assert_eq!(actor.icon, Some(uri("https://misskey.example/files/1")));
}

#[test]
fn owners_of_one_server_pass_and_the_first_counts() {
    let video = note("peertube", "create_video");

    assert_eq!(
        video.attributed_to,
        uri("https://peertube.example/accounts/ami")
    );
    assert_eq!(video.url, Some(uri("https://peertube.example/w/1")));
}

#[test]
fn a_change_dated_before_its_publication_is_left_out() {
    let article = note("wordpress", "create_article");

    assert!(article.published.is_some());
    assert_eq!(article.updated, None);
}

#[test]
fn a_deleted_actor_is_told_from_a_deleted_note() {
    let of_actor =
        |software, name| match Activity::parse(fixtures::one(software, name)).unwrap().body {
            Body::Delete(deletion) => deletion.of_actor,
            other => panic!("{other:?}"),
        };

    assert!(of_actor("mastodon", "delete_actor"));
    assert!(of_actor("pixelfed", "delete_actor"));
    assert!(!of_actor("mastodon", "delete_note"));
    assert!(!of_actor("fedify", "delete_note"));
}
