//! What no honest server makes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use interkpa_federation::signature::{BodyDigest, digest_header};
use interkpa_server::testing::foreign::{Delivery, ForeignActor};
use serde_json::{Value, json};

use crate::scene::Scene;

/// What a signature of the hub's own kind covers.
pub(crate) const COVERED: [&str; 4] = ["(request-target)", "host", "date", "digest"];

/// The stream of everybody.
pub(crate) const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

impl Scene {
    /// Any bytes as a body, properly signed.
    pub(crate) fn signed_bytes(&self, actor: &ForeignActor, body: Vec<u8>) -> Delivery {
        let digest = digest_header(BodyDigest::of(&body));
        let delivery = self
            .signed(actor, &json!({}))
            .body(body)
            .with("digest", Some(&digest));
        resigned(actor, delivery, &COVERED, "")
    }
}

/// The same delivery with a `Signature` over other headers, or with more parameters.
pub(crate) fn resigned(
    actor: &ForeignActor,
    delivery: Delivery,
    covered: &[&str],
    parameters: &str,
) -> Delivery {
    let signature = actor.cavage_over("/inbox", &delivery.headers, covered, parameters);
    delivery.with("signature", Some(&signature))
}

/// An activity of an actor about an object.
pub(crate) fn activity(kind: &str, actor: &ForeignActor, number: u32, object: Value) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams", {"ikpa": "urn:interkpa:ns:"}],
        "id": format!("{}/activities/{number}", actor.uri), "type": kind,
        "actor": actor.uri.as_str(), "to": PUBLIC,
        "published": "2026-11-25T07:30:00Z", "object": object,
    })
}

/// An offer of an actor.
pub(crate) fn offer(owner: &ForeignActor, id: &str, changes: Value) -> Value {
    merged(
        json!({
            "id": id, "type": "Note", "ikpa:kind": "offer", "ikpa:terms": "service",
            "purpose": "offer", "attributedTo": owner.uri.as_str(), "ikpa:visibility": "public",
            "to": PUBLIC, "name": "Couture", "content": "<p>Deux heures</p>",
            "url": id, "published": "2026-11-25T07:00:00Z", "ikpa:settlement": ["hours"],
            "unitBased": true,
            "publishes": {
                "type": "Intent", "id": format!("{id}#primary"), "action": "deliverService",
                "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "1"},
            },
        }),
        changes,
    )
}

/// A plain Note of an actor.
pub(crate) fn note(owner: &ForeignActor, id: &str, changes: Value) -> Value {
    merged(
        json!({
            "id": id, "type": "Note", "attributedTo": owner.uri.as_str(), "to": PUBLIC,
            "content": "<p>Bonjour</p>", "published": "2026-11-25T07:00:00Z",
        }),
        changes,
    )
}

/// An object with some members changed.
pub(crate) fn merged(mut object: Value, changes: Value) -> Value {
    if let (Some(object), Value::Object(changes)) = (object.as_object_mut(), changes) {
        object.extend(changes);
    }
    object
}

/// A public key in PEM of any modulus and exponent.
pub(crate) fn rsa_pem(bits: usize, exponent: &[u8]) -> String {
    let mut modulus = vec![0xff; bits / 8];
    *modulus.last_mut().unwrap() = 0x61;
    let key = element(0x30, &[integer(&modulus), integer(exponent)].concat());
    pem(&spki(RSA, &key))
}

/// A key on the curve P-256: not one of ours.
pub(crate) fn ec_pem() -> String {
    let mut point = vec![4];
    point.extend([7; 64]);
    pem(&spki(EC, &point))
}

/// rsaEncryption and NULL.
const RSA: &[u8] = &[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];
/// id-ecPublicKey on P-256.
const EC: &[u8] = &[
    0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
    0x03, 0x01, 0x07,
];

fn spki(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    let bits = [&[0], key].concat();
    element(
        0x30,
        &[element(0x30, algorithm), element(0x03, &bits)].concat(),
    )
}

fn integer(big_endian: &[u8]) -> Vec<u8> {
    let mut content = big_endian.to_vec();
    if content.first().is_some_and(|byte| *byte >= 0x80) {
        content.insert(0, 0);
    }
    element(0x02, &content)
}

/// A DER element.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut der = vec![tag];
    if length < 0x80 {
        der.push(u8::try_from(length).unwrap());
    } else {
        let bytes: Vec<u8> = length
            .to_be_bytes()
            .into_iter()
            .skip_while(|byte| *byte == 0)
            .collect();
        der.push(0x80 | u8::try_from(bytes.len()).unwrap());
        der.extend(bytes);
    }
    der.extend(content);
    der
}

fn pem(der: &[u8]) -> String {
    format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        STANDARD.encode(der)
    )
}
