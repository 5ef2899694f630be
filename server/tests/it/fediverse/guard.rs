//! Each row of security.md 3.1 and D1–D10, D19, D52, D53, D60, D61 through real HTTP: one thing is
//! changed in a genuine delivery, nothing else.

use interkpa_federation::signature::SignatureScheme;
use interkpa_federation::{Instant, Uri};
use interkpa_server::testing::caller::{Answered, Caller};
use interkpa_server::testing::foreign::Delivery;
use serde_json::json;

use super::stage::Stage;

const COVERED: [&str; 4] = ["(request-target)", "host", "date", "digest"];

/// The delivery is refused with this status and code, and has no effect at all.
async fn refused(stage: &Stage, delivery: &Delivery, status: u16, code: &str) {
    let before = (stage.followers().await, stage.rows().await);
    let fetches = stage.foreign.fetches();

    let answered = delivery.send().await;

    assert_eq!(
        (answered.status, answered.code().as_str()),
        (status, code),
        "{}",
        answered.text
    );
    assert_eq!(
        before,
        (stage.followers().await, stage.rows().await),
        "{code} had an effect"
    );
    // A signature that does not hold may mean a new key: it is looked for once.
    let allowed = usize::from(code == "sig_invalid");
    assert!(
        stage.foreign.fetches() <= fetches + allowed,
        "{code} made us fetch"
    );
}

/// The same delivery with a `Signature` of the test's own making.
fn resigned(stage: &Stage, delivery: Delivery, covered: &[&str], parameters: &str) -> Delivery {
    let signature = stage
        .zoe
        .cavage_over("/inbox", &delivery.headers, covered, parameters);
    delivery.with("signature", Some(&signature))
}

/// Zoé is known: her key is held, so that only the guard stands between a request and its effect.
async fn stage() -> Stage {
    let stage = Stage::allowed().await;
    assert_eq!(stage.delivery(0).send().await.status, 202);
    stage
}

#[tokio::test]
async fn a_genuine_delivery_is_taken_in_in_both_schemes() {
    let stage = Stage::allowed().await;
    let activity = stage.follow(&stage.group, 1);

    let cavage = stage.delivery(1).send().await;
    let rfc9421 = stage
        .group
        .delivery_in(
            SignatureScheme::Rfc9421,
            &stage.inbox(),
            &activity,
            stage.now(),
        )
        .send()
        .await;

    assert_eq!(
        (cavage.status, rfc9421.status),
        (202, 202),
        "{}",
        rfc9421.text
    );
    assert_eq!(stage.followers().await, 2);
}

#[tokio::test]
async fn an_unsigned_delivery_is_refused_without_a_fetch() {
    let stage = stage().await;
    let genuine = stage.delivery(1);

    refused(&stage, &genuine.with("signature", None), 401, "sig_missing").await;
}

#[tokio::test]
async fn a_changed_body_is_refused_with_one_digest_or_two() {
    let stage = stage().await;
    let genuine = stage.delivery(1);
    let other = stage.follow(&stage.zoe, 2).to_string();
    let of_other = stage.delivery(2).header("digest").to_owned();
    let signed = genuine.header("digest").to_owned();

    let one = genuine.clone().body(other.clone());
    refused(&stage, &one, 401, "digest_mismatch").await;
    for (first, second) in [(&of_other, &signed), (&signed, &of_other)] {
        let two = genuine
            .clone()
            .body(other.clone())
            .with("digest", Some(first))
            .and("digest", Some(second));
        refused(&stage, &two, 401, "header_repeated").await;
    }
}

#[tokio::test]
async fn a_delivery_signed_for_another_hub_is_worth_nothing_here() {
    let stage = stage().await;
    let elsewhere = Uri::parse("http://chevalement.localhost:8402/inbox").unwrap();
    let activity = stage.follow(&stage.zoe, 1);
    let captured = stage
        .zoe
        .delivery(&elsewhere, &activity, stage.now())
        .to(&stage.inbox());

    refused(&stage, &captured, 401, "host_mismatch").await;
    let renamed = captured.with("host", Some(stage.hub.origin().authority()));
    refused(&stage, &renamed, 401, "sig_invalid").await;
}

#[tokio::test]
async fn a_delivery_is_good_at_the_address_it_was_signed_for_and_nowhere_else() {
    let stage = stage().await;

    let elsewhere = stage.delivery(1).to(&stage.hub.uri("/hub/inbox"));

    refused(&stage, &elsewhere, 401, "sig_invalid").await;
}

#[tokio::test]
async fn every_part_that_must_be_signed_must_be_signed() {
    let stage = stage().await;

    for missing in COVERED {
        let covered: Vec<&str> = COVERED
            .into_iter()
            .filter(|name| *name != missing)
            .collect();
        let delivery = resigned(&stage, stage.delivery(1), &covered, "");
        refused(&stage, &delivery, 401, "sig_headers_insufficient").await;
    }
    let only_digest = resigned(&stage, stage.delivery(1), &["digest"], "").with("date", None);
    refused(&stage, &only_digest, 401, "sig_headers_insufficient").await;
}

#[tokio::test]
async fn a_date_far_from_our_clock_is_refused_and_the_message_names_the_clock() {
    let stage = stage().await;
    let year_2050 = Instant::parse_rfc3339("2050-01-01T00:00:00Z").unwrap();
    let hours = |n| stage.now() + interkpa_federation::Span::hours(n);
    let activity = stage.follow(&stage.zoe, 1);

    for date in [hours(-2), hours(2), year_2050] {
        let delivery = stage.zoe.delivery(&stage.inbox(), &activity, date);
        refused(&stage, &delivery, 401, "sig_time").await;
    }
    let unreadable = stage.delivery(1).with("date", Some("yesterday"));
    refused(
        &stage,
        &resigned(&stage, unreadable, &COVERED, ""),
        401,
        "sig_time",
    )
    .await;
    let twice = stage.delivery(1);
    let date = twice.header("date").to_owned();
    refused(
        &stage,
        &twice.and("date", Some(&date)),
        401,
        "header_repeated",
    )
    .await;
    let half_an_hour = stage.now() + interkpa_federation::Span::minutes(30);
    let within = stage
        .zoe
        .delivery(&stage.inbox(), &activity, half_an_hour)
        .send()
        .await;
    assert_eq!(within.status, 202);
}

#[tokio::test]
async fn absurd_times_in_the_signature_are_refused_and_kill_nothing() {
    let stage = stage().await;
    let huge = [
        "-1",
        "9223372036854775807",
        "18446744073709551615",
        "abc",
        "1.5",
        "4070908800",
    ];

    for parameter in ["created", "expires"] {
        for value in huge.iter().copied().chain(["1".repeat(40).as_str()]) {
            for text in [
                format!(",{parameter}={value}"),
                format!(",{parameter}=\"{value}\""),
            ] {
                let delivery = resigned(&stage, stage.delivery(1), &COVERED, &text);
                let answered = delivery.send().await;
                assert_eq!(answered.status, 401, "{text}: {}", answered.text);
            }
        }
    }
    assert_eq!(stage.delivery(1).send().await.status, 202);
}

#[tokio::test]
async fn a_digest_under_a_wrong_label_or_of_another_kind_is_refused() {
    let stage = stage().await;
    let value = stage.delivery(1).header("digest").replace("SHA-256=", "");

    for label in ["md5", "sha-1", "sha-512", "x"] {
        let delivery = stage
            .delivery(1)
            .with("digest", Some(&format!("{label}={value}")));
        let delivery = resigned(&stage, delivery, &COVERED, "");
        refused(&stage, &delivery, 401, "digest_mismatch").await;
    }
    let absent = stage.delivery(1).with("digest", None);
    assert_eq!(absent.send().await.status, 401);
}

#[tokio::test]
async fn doubled_parameters_and_a_second_place_for_the_signature_are_refused() {
    let stage = stage().await;
    let signature = stage.delivery(1).header("signature").to_owned();

    for doubled in [
        format!("{signature},keyId=\"{}\"", stage.group.key_id),
        format!("{signature},headers=\"date\""),
        format!("{signature},signature=\"AAAA\""),
        signature.replace("keyId=\"", "keyId=\"x\\\","),
    ] {
        let delivery = stage.delivery(1).with("signature", Some(&doubled));
        refused(&stage, &delivery, 401, "sig_malformed").await;
    }
    let both = stage
        .delivery(1)
        .and("authorization", Some(&format!("Signature {signature}")));
    refused(&stage, &both, 401, "authorization_refused").await;
    let twice = stage.delivery(1).and("signature", Some(&signature));
    refused(&stage, &twice, 401, "header_repeated").await;
}

#[tokio::test]
async fn a_body_over_one_mebibyte_is_413() {
    let stage = stage().await;

    let delivery = stage.delivery(1).body(vec![b' '; 3 << 20]);

    refused(&stage, &delivery, 413, "too_large").await;
}

#[tokio::test]
async fn json_that_two_readers_could_read_in_two_ways_is_400() {
    let stage = stage().await;
    let good = stage.follow(&stage.zoe, 1).to_string();
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let actor = stage.zoe.uri.as_str();
    let broken: Vec<Vec<u8>> = vec![
        good.replacen('{', &format!("{{\"actor\":\"{actor}\","), 1)
            .into(),
        good.replacen('{', "{\"x\":\"\\ud800\",", 1).into(),
        good.replacen('{', "{\"x\":\"\\u0000\",", 1).into(),
        good.replacen('}', "", 1).into(),
        format!("{good} x").into(),
        format!("\u{feff}{good}").into(),
        [good.as_bytes(), b"\xff"].concat(),
        deep.into(),
    ];

    for body in broken {
        let delivery = signed_body(&stage, body);
        refused(&stage, &delivery, 400, "bad_json").await;
    }
}

#[tokio::test]
async fn addresses_that_are_no_names_are_400() {
    let stage = stage().await;

    for (id, actor) in [
        ("http://127.0.0.1:1/a", "http://10.0.0.1:1/b"),
        ("urn:x:a", "did:key:z6Mk"),
        ("mailto:a@b.example", "mailto:a@b.example"),
    ] {
        let activity = json!({"id": id, "type": "Follow", "actor": actor, "object": "x"});
        refused(
            &stage,
            &signed_body(&stage, activity.to_string().into()),
            400,
            "bad_json",
        )
        .await;
    }
}

#[tokio::test]
async fn only_an_activity_under_its_own_type_may_be_posted() {
    let stage = stage().await;

    for content_type in [
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=x",
    ] {
        let delivery = stage.delivery(1).with("content-type", Some(content_type));
        refused(&stage, &delivery, 415, "content_type").await;
    }
    let none = stage.delivery(1).with("content-type", None);
    refused(&stage, &none, 415, "content_type").await;
    for method in ["PUT", "TRACE", "DELETE", "GET"] {
        let answered: Answered = Caller::new().send(method, &stage.inbox(), &[], None).await;
        assert_eq!(answered.status, 405, "{method}");
    }
    let profile = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
    let good = stage
        .delivery(1)
        .with("content-type", Some(profile))
        .send()
        .await;
    assert_eq!(good.status, 202);
}

/// A body signed as it is, whatever it is.
fn signed_body(stage: &Stage, body: Vec<u8>) -> Delivery {
    let digest = interkpa_federation::signature::BodyDigest::of(&body);
    let digest = interkpa_federation::signature::digest_header(digest);
    let delivery = stage.delivery(1).body(body).with("digest", Some(&digest));
    resigned(stage, delivery, &COVERED, "")
}
