//! S: transport and signature (D1–D21).

mod identity;
mod repeated;

use interkpa_federation::signature::SignatureScheme;
use interkpa_federation::{Instant, Span, Uri};
use serde_json::json;

use crate::forge::{COVERED, resigned};
use crate::scene::{BOTH, Scene};
use crate::table::Table;

pub(crate) async fn run(table: &mut Table) {
    for mode in BOTH {
        let scene = Scene::start(mode).await;
        body_and_digest(&scene, table).await;
        covered_headers(&scene, table).await;
        captured(&scene, table).await;
        times(&scene, table).await;
        parameters(&scene, table).await;
        identity::run(&scene, table).await;
        repeated::run(&scene, table).await;
    }
}

async fn body_and_digest(scene: &Scene, table: &mut Table) {
    let genuine = scene.signed(&scene.zoe, &scene.follow_of(&scene.zoe, 1));
    let mut case = scene
        .case(1, "a delivery without Signature", &[(401, "sig_missing")])
        .await;
    case.send(&genuine.with("signature", None)).await;
    case.end(table).await;

    let case = scene.case(
        2,
        "one byte of the body changed",
        &[(401, "digest_mismatch")],
    );
    let mut case = case.await;
    for scheme in [SignatureScheme::Cavage, SignatureScheme::Rfc9421] {
        let activity = scene.follow_of(&scene.zoe, 1);
        let delivery = scene
            .zoe
            .delivery_in(scheme, &scene.inbox(), &activity, scene.now());
        let mut body = delivery.body.clone();
        let at = body.len() - 3;
        body[at] ^= 1;
        case.send(&delivery.body(body)).await;
    }
    case.end(table).await;

    let case = scene.case(
        3,
        "two Digest headers, in both orders",
        &[(401, "header_repeated")],
    );
    let mut case = case.await;
    let genuine = scene.signed(&scene.zoe, &scene.follow_of(&scene.zoe, 1));
    let other = scene.signed(&scene.zoe, &scene.follow_of(&scene.zoe, 2));
    let digests = [
        genuine.header("digest").to_owned(),
        other.header("digest").to_owned(),
    ];
    for (first, second) in [(0, 1), (1, 0)] {
        let two = genuine
            .clone()
            .body(other.body.clone())
            .with("digest", Some(&digests[first]))
            .and("digest", Some(&digests[second]));
        case.send(&two).await;
    }
    case.end(table).await;

    let must = &[
        (401, "digest_mismatch"),
        (401, "sig_headers_insufficient"),
        (401, "digest_missing"),
    ];
    let case = scene.case(
        8,
        "Digest absent but signed, or md5, sha-1, sha-512, an unknown label",
        must,
    );
    let mut case = case.await;
    let genuine = scene.signed(&scene.zoe, &scene.follow_of(&scene.zoe, 1));
    let value = genuine.header("digest").replace("SHA-256=", "");
    for label in ["md5", "sha-1", "sha-512", "x"] {
        let labelled = genuine
            .clone()
            .with("digest", Some(&format!("{label}={value}")));
        case.send(&resigned(&scene.zoe, labelled, &COVERED, ""))
            .await;
    }
    let absent = genuine.with("digest", None);
    case.send(&resigned(&scene.zoe, absent, &COVERED, "")).await;
    case.end(table).await;
}

async fn covered_headers(scene: &Scene, table: &mut Table) {
    let must = &[(401, "sig_headers_insufficient")];
    let mut case = scene
        .case(4, "a signature over the digest alone", must)
        .await;
    let genuine = scene.signed(&scene.zoe, &scene.follow_of(&scene.zoe, 1));
    let only = resigned(&scene.zoe, genuine.clone(), &["digest"], "");
    case.send(&only).await;
    case.send(&only.with("date", None)).await;
    case.end(table).await;

    let case = scene.case(
        5,
        "host, (request-target), date or digest not covered",
        must,
    );
    let mut case = case.await;
    let genuine = scene.signed(&scene.zoe, &scene.follow_of(&scene.zoe, 1));
    for missing in COVERED {
        let covered: Vec<&str> = COVERED
            .into_iter()
            .filter(|name| *name != missing)
            .collect();
        case.send(&resigned(&scene.zoe, genuine.clone(), &covered, ""))
            .await;
    }
    case.end(table).await;
}

async fn captured(scene: &Scene, table: &mut Table) {
    let must = &[(401, "host_mismatch"), (401, "sig_invalid")];
    let case = scene.case(
        6,
        "a delivery signed for another hub, Host theirs or ours",
        must,
    );
    // A signature that does not hold may mean a new key: it is looked for once.
    let mut case = case.await.fetches(1);
    let elsewhere = Uri::parse("http://chevalement.localhost:8402/inbox").unwrap();
    let activity = scene.follow_of(&scene.zoe, 1);
    let captured = scene
        .zoe
        .delivery(&elsewhere, &activity, scene.now())
        .to(&scene.inbox());
    case.send(&captured).await;
    case.send(&captured.with("host", Some(scene.hub.origin().authority())))
        .await;
    case.end(table).await;

    let member = scene.hub.member("lucien").public_actor().create().await;
    let case = scene.case(
        7,
        "a delivery signed for /inbox at the inbox of a member",
        &[(401, "sig_invalid")],
    );
    let mut case = case.await.fetches(1);
    let genuine = scene.signed(&scene.zoe, &scene.follow_of(&scene.zoe, 1));
    let inbox = Uri::parse(&format!("{}/inbox", member.actor)).unwrap();
    case.send(&genuine.to(&inbox)).await;
    case.end(table).await;
}

async fn times(scene: &Scene, table: &mut Table) {
    let must = &[(401, "sig_time"), (401, "header_repeated")];
    let case = scene.case(
        9,
        "Date 2 h old, 2 h ahead, in 2050, 1999, unreadable, twice",
        must,
    );
    let mut case = case.await;
    let activity = scene.follow_of(&scene.zoe, 1);
    let far = |text| Instant::parse_rfc3339(text).unwrap();
    let hours = |n| scene.now() + Span::hours(n);
    let mut named = true;
    for date in [
        hours(-2),
        hours(2),
        far("2050-01-01T00:00:00Z"),
        far("1999-01-01T00:00:00Z"),
    ] {
        let answered = case
            .send(&scene.zoe.delivery(&scene.inbox(), &activity, date))
            .await;
        named &= answered.text.contains("horloge") || answered.text.contains("clock");
    }
    let genuine = scene.signed(&scene.zoe, &activity);
    let unreadable = genuine.clone().with("date", Some("yesterday"));
    case.send(&resigned(&scene.zoe, unreadable, &COVERED, ""))
        .await;
    let date = genuine.header("date").to_owned();
    case.send(&genuine.and("date", Some(&date))).await;
    case.holds("the message names the clock", named);
    case.end(table).await;

    let case = scene.case(
        10,
        "created and expires −1, 2^63−1, 2^64−1, 10^40, abc, 1.5, 2099",
        &[(401, "*")],
    );
    let mut case = case.await;
    let genuine = scene.signed(&scene.zoe, &activity);
    let long = "1".repeat(40);
    let absurd = [
        "-1",
        "9223372036854775807",
        "18446744073709551615",
        "abc",
        "1.5",
        "4070908800",
        &long,
    ];
    for parameter in ["created", "expires"] {
        for value in absurd {
            for text in [
                format!(",{parameter}={value}"),
                format!(",{parameter}=\"{value}\""),
            ] {
                case.send(&resigned(&scene.zoe, genuine.clone(), &COVERED, &text))
                    .await;
            }
            let activity = scene.follow_of(&scene.zoe, 1);
            let modern = SignatureScheme::Rfc9421;
            let delivery = scene
                .zoe
                .delivery_in(modern, &scene.inbox(), &activity, scene.now());
            let input = delivery.header("signature-input").to_owned();
            let (before, after) = input.split_once(";created=").unwrap();
            let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
            let changed = format!("{before};{parameter}={value}{after}");
            case.send(&delivery.with("signature-input", Some(&changed)))
                .await;
        }
    }
    case.holds(
        "alive afterwards",
        scene
            .signed(&scene.zoe, &scene.follow_of(&scene.zoe, 0))
            .send()
            .await
            .status
            == 202,
    );
    case.end(table).await;
}

async fn parameters(scene: &Scene, table: &mut Table) {
    let must = &[
        (401, "sig_malformed"),
        (401, "authorization_refused"),
        (401, "header_repeated"),
    ];
    let case = scene.case(
        19,
        "keyId, headers, signature doubled; commas in keyId; a second place",
        must,
    );
    let mut case = case.await;
    let genuine = scene.signed(&scene.zoe, &scene.follow_of(&scene.zoe, 1));
    let signature = genuine.header("signature").to_owned();
    for doubled in [
        format!("{signature},keyId=\"{}\"", scene.lea.key_id),
        format!("keyId=\"{}\",{signature}", scene.lea.key_id),
        format!("{signature},headers=\"date\""),
        format!("{signature},signature=\"AAAA\""),
        signature.replace("keyId=\"", "keyId=\"x\\\","),
        signature.replace("keyId=\"", "keyId=\"a,b=\\\"c\\\","),
    ] {
        case.send(&genuine.clone().with("signature", Some(&doubled)))
            .await;
    }
    let both = format!("Signature {signature}");
    case.send(&genuine.clone().and("authorization", Some(&both)))
        .await;
    case.send(&genuine.clone().and("signature", Some(&signature)))
        .await;
    case.end(table).await;

    let must = &[(401, "*"), (403, "origin_mismatch")];
    let case = scene.case(
        20,
        "a Linked Data Signature of A, without HTTP signature or sent by E",
        must,
    );
    let mut case = case.await.fetches(0);
    let mut forged = scene.follow_of(&scene.lea, 1);
    forged["signature"] = json!({
        "type": "RsaSignature2017", "creator": scene.lea.key_id.as_str(),
        "created": "2026-11-25T08:00:00Z", "signatureValue": "AAAA",
    });
    case.send(&scene.signed(&scene.lea, &forged).with("signature", None))
        .await;
    case.say(&scene.zoe, &forged).await;
    case.end(table).await;
}
