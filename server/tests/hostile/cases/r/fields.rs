//! Fields too long (D58) and figures that are none (D62), of members and of peers.

use serde_json::{Value, json};

use super::SAID;
use crate::browser::Browser;
use crate::forge::{activity, offer};
use crate::scene::Scene;
use crate::table::Table;

pub(super) async fn run(scene: &Scene, table: &mut Table) {
    long(scene, table).await;
    figures(scene, table).await;
}

async fn long(scene: &Scene, table: &mut Table) {
    let member = scene.hub.member("bavard").create().await;
    let browser = Browser::of(&scene.hub, &member);
    let must = &[(413, "*"), (422, "*"), (400, "*")];
    let case = scene.case(
        58,
        "100 kB and 1 MiB in each field of the forms and of the JSON twin",
        must,
    );
    let mut case = case.await;
    let (some, much) = ("é".repeat(50_000), "a".repeat(1 << 20));
    let fine = [
        ("purpose", "offer"),
        ("kind", "service"),
        ("title", "Couture"),
        ("settlement", "gift"),
    ];
    for field in [
        "title",
        "text",
        "when",
        "place",
        "category",
        "price",
        "minutes",
        "quantity",
        "expires",
        "purpose",
        "kind",
        "settlement",
        "audience",
        "lang",
    ] {
        for text in [&some, &much] {
            let fields: Vec<(&str, &str)> = fine
                .iter()
                .copied()
                .filter(|(name, _)| *name != field)
                .chain([(field, text.as_str())])
                .collect();
            let answered = browser.post("/publier", &fields).await;
            let kept = answered.status != 422
                || fields
                    .iter()
                    .any(|(name, value)| *name == "title" && answered.text.contains(value))
                || field == "title";
            case.holds("what was typed comes back", kept);
            case.answered(&answered);
            let mut body = json!({"purpose": "offer", "title": "Couture", "settlements": ["gift"]});
            let name = match field {
                "settlement" => "settlements",
                "place" => "town",
                "audience" => "visibility",
                "text" => "description",
                other => other,
            };
            body[name] = json!(text);
            let answered = scene
                .hub
                .api(&member, "POST", "/api/v1/proposals", Some(body))
                .await;
            if answered.status == 422 {
                let named = answered.json()["errors"]
                    .as_array()
                    .is_some_and(|errors| !errors.is_empty());
                case.holds("the JSON twin names the field", named);
            }
            case.answered(&answered);
        }
    }
    for field in [
        "name",
        "about",
        "skills",
        "languages",
        "place",
        "phone",
        "email",
        "contact_note",
    ] {
        let mut fields = vec![("name", "Bavard"), ("lang", "fr")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, &some));
        case.answered(&browser.post("/moi/profil", &fields).await);
    }
    case.end(table).await;

    let lea = &scene.lea;
    let case = scene.case(
        58,
        "500 kB in each field of an offer and an actor of a peer",
        &[(202, ""), (400, "*"), (422, "*"), (403, "*")],
    );
    let mut case = case.await.rows(SAID);
    let long = "x".repeat(500_000);
    for (n, field) in [
        "name",
        "content",
        "summary",
        "url",
        "published",
        "ikpa:terms",
        "purpose",
        "id",
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("{}/objets/58{n}", lea.uri);
        let number = 5_800 + u32::try_from(n).unwrap();
        let mut object = offer(lea, &id, json!({}));
        object[field] = json!(long);
        case.say(lea, &activity("Create", lea, number, object))
            .await;
    }
    let mut person = lea.document("Person");
    person["name"] = json!(long);
    person["summary"] = json!(format!("<p>{long}</p>"));
    case.say(lea, &activity("Update", lea, 5_890, person)).await;
    let widest = widest(scene).await;
    case.holds(
        "what is kept of a title is at most 200 characters",
        widest <= 200,
    );
    case.end(table).await;
}

/// Characters of the longest title held.
async fn widest(scene: &Scene) -> usize {
    use diesel::prelude::*;
    use interkpa_server::db::error::StoreError;
    use interkpa_server::db::schema::proposals;
    let read = scene
        .hub
        .app
        .store
        .read(|conn| -> Result<Vec<String>, StoreError> {
            Ok(proposals::table.select(proposals::title).load(conn)?)
        });
    let titles = read.await.unwrap();
    titles
        .iter()
        .map(|title| title.chars().count())
        .max()
        .unwrap_or(0)
}

async fn figures(scene: &Scene, table: &mut Table) {
    let member = scene.hub.member("compte").create().await;
    let browser = Browser::of(&scene.hub, &member);
    let must = &[(422, "*"), (400, "*")];
    let case = scene.case(
        62,
        "durations, prices, quantities: 1e308, −1, 0, NaN, 2^63, 3 decimals, 10^12, other scripts",
        must,
    );
    let mut case = case.await;
    let fine = [
        ("purpose", "offer"),
        ("kind", "service"),
        ("title", "Couture"),
        ("settlement", "hours"),
    ];
    let odd = [
        "1e308",
        "1e-9",
        "-1",
        "NaN",
        "Infinity",
        "9223372036854775808",
        "1000000000000",
        "0x10",
        "١٢",
        "1;2",
        "12.345",
    ];
    for text in odd {
        for field in ["minutes", "price", "quantity", "expires"] {
            let mut fields = fine.to_vec();
            fields.push((field, text));
            case.answered(&browser.post("/publier", &fields).await);
            let mut body =
                json!({"purpose": "offer", "title": "Couture", "settlements": ["hours"]});
            body[field] = json!(text);
            case.answered(
                &scene
                    .hub
                    .api(&member, "POST", "/api/v1/proposals", Some(body))
                    .await,
            );
        }
    }
    for number in [
        json!(1e308),
        json!(-1),
        json!(0),
        json!(1.5),
        json!(u64::MAX),
        json!([1]),
        json!({"a": 1}),
    ] {
        let body = json!({"purpose": "offer", "title": "Couture", "settlements": ["hours"], "quantity": number});
        case.answered(
            &scene
                .hub
                .api(&member, "POST", "/api/v1/proposals", Some(body))
                .await,
        );
    }
    case.end(table).await;

    let lea = &scene.lea;
    let must = &[(400, "*"), (422, "*")];
    let mut case = scene
        .case(62, "the same as quantities of a peer's offer", must)
        .await;
    let odd: [Value; 12] = [
        json!("1e308"),
        json!("-1"),
        json!("0"),
        json!("NaN"),
        json!("1,5"),
        json!("9223372036854775808"),
        json!(1.5),
        json!(null),
        json!("1.00001"),
        json!("0x1"),
        json!(["1"]),
        json!("1000000000000000"),
    ];
    for (n, number) in odd.into_iter().enumerate() {
        let id = format!("{}/objets/62{n}", lea.uri);
        let mut object = offer(lea, &id, json!({}));
        object["publishes"]["resourceQuantity"]["hasNumericalValue"] = number;
        case.say(
            lea,
            &activity("Create", lea, 6_200 + u32::try_from(n).unwrap(), object),
        )
        .await;
    }
    case.end(table).await;
}
