//! Hours that nobody agreed on (D111).

use serde_json::{Value, json};

use crate::forge::activity;
use crate::scene::Scene;
use crate::table::Table;

pub(super) async fn run(scene: &Scene, table: &mut Table) {
    let member = scene.hub.member("creancier").create().await;
    let body = json!({"purpose": "request", "title": "Deux heures de couture", "settlements": ["hours"], "visibility": "public", "minutes": "120"});
    let made = scene
        .hub
        .api(&member, "POST", "/api/v1/proposals", Some(body))
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    let ours = made.json()["uri"].as_str().unwrap().to_owned();
    let must = &[
        (202, ""),
        (403, "*"),
        (400, "*"),
        (422, "*"),
        (404, "*"),
        (409, "*"),
    ];
    let case = scene.case(
        111,
        "hours done, confirmed, settled, undone, by one side alone, by a third, of no agreement",
        must,
    );
    let mut case = case.await.rows(&["inbox_activities", "jobs", "tombstones"]);
    let mut number = 11_100;
    for by in [&scene.zoe, &scene.group, &scene.lea] {
        let id = |n: u32| format!("{}/objets/111{n}", by.uri);
        let fact = |n: u32, kind: &str, of: &str, proof: Value| {
            json!({
                "id": id(n), "type": "EconomicEvent", "ikpa:kind": kind, "attributedTo": by.uri.as_str(),
                "context": of, "url": of, "published": "2026-11-25T07:00:00Z", "action": "deliverService",
                "fulfills": format!("{of}#primary"), "provider": by.uri.as_str(),
                "receiver": scene.hub.uri("/hub").as_str(), "hasPointInTime": "2026-11-25T06:00:00Z",
                "effortQuantity": {"hasUnit": "hour", "hasNumericalValue": "2"}, "proof": proof,
            })
        };
        let proof = json!({
            "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod",
            "verificationMethod": format!("{}#ed25519-key", by.uri), "created": "2026-11-25T07:00:00Z",
            "proofValue": "z5Awyj7vCUiz5kosTLqJAQ4i1x2AwVvNzwbj2WWzD7tfeNn5Vk1NXsKPE8Wo8MJG3s63tDErXCcMQe961hSMDLkaF",
        });
        let invented = format!("{}/objets/accord", by.uri);
        for of in [ours.as_str(), &invented, scene.lea.uri.as_str()] {
            for kind in ["done", "settled", "settlement", "correction"] {
                for proof in [proof.clone(), Value::Null] {
                    number += 1;
                    let object = fact(number, kind, of, proof);
                    case.say(by, &activity("Create", by, number, object)).await;
                }
            }
            for kind in ["Accept", "Reject", "Undo", "Delete"] {
                // Whoever takes back what is its own may.
                if kind == "Delete" && of == by.uri.as_str() {
                    continue;
                }
                number += 1;
                case.say(by, &activity(kind, by, number, json!(of))).await;
            }
        }
    }
    let held = scene.look().await.rows;
    case.holds(
        "no hour is written",
        held["hour_facts"] == 0 && held["economic_events"] == 0 && held["agreements"] == 0,
    );
    case.end(table).await;
}
