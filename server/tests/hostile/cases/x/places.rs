//! Where content could do harm beside pages: addresses (D65, D69), emoji and tags (D66), previews (D67),
//! headers, feeds and logs (D68), and what looks like ours (D70).

use interkpa_server::testing::caller::Caller;
use serde_json::{Value, json};

use super::{SAID, crawl};
use crate::browser::Browser;
use crate::forge::{activity, note, offer};
use crate::scene::Scene;
use crate::table::Table;

const TAKEN: &[(u16, &str)] = &[(202, ""), (400, "*"), (422, "*"), (403, "*")];

pub(super) async fn run(scene: &Scene, table: &mut Table) {
    addresses(scene, table).await;
    tags(scene, table).await;
    lines(scene, table).await;
    imitations(scene, table).await;
}

/// D65.
async fn addresses(scene: &Scene, table: &mut Table) {
    let lea = &scene.lea;
    let case = scene.case(
        65,
        "url of offers, attachments, icons: javascript:, data:, //evil, https:evil, controls",
        TAKEN,
    );
    let mut case = case.await.rows(SAID).fetches(2);
    let odd = [
        "javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example/",
        "https:evil.example",
        "http://a\u{9}b.example/",
        "HTTP://evil.example:99999/",
        "file:///etc/passwd",
        "https://user:mot@evil.example/",
    ];
    for (n, address) in odd.into_iter().enumerate() {
        let number = 6_500 + u32::try_from(n).unwrap();
        let object = offer(
            lea,
            &format!("{}/objets/65{n}", lea.uri),
            json!({
                "name": format!("Adresse {n}"), "url": address,
                "attachment": [{"type": "Image", "url": address}, {"type": "Link", "href": address}],
                "icon": {"type": "Image", "url": address},
            }),
        );
        case.say(lea, &activity("Create", lea, number, object))
            .await;
    }
    let member = scene.hub.member("lectrice").create().await;
    let found = crawl(scene, &member, &[]).await;
    case.holds(
        &format!("no page leads there {}", found.join(", ")),
        found.is_empty(),
    );
    case.rows(&["members", "member_roles", "sessions", "api_tokens"])
        .end(table)
        .await;
}

/// D66, D67.
async fn tags(scene: &Scene, table: &mut Table) {
    let (lea, zoe) = (&scene.lea, &scene.zoe);
    let (uri, id) = crate::cases::r::public_offer(scene, "Un escabeau").await;
    let case = scene.case(
        66,
        "emoji with quotes in name and picture, unknown tags, #\"><img, HTML hashtags",
        TAKEN,
    );
    let mut case = case.await.rows(SAID);
    let tag: Value = json!([
        {"type": "Emoji", "name": ":x\"><img src=x onerror=alert(1)>:", "icon": {"type": "Image", "url": "\"><script>alert(1)</script>"}},
        {"type": "Hashtag", "name": "#\"><img src=x>", "href": "javascript:alert(1)"},
        {"type": "Inconnu", "x": [1, 2, {"y": null}]}, 7, null, "texte",
    ]);
    let object = offer(
        lea,
        &format!("{}/objets/66", lea.uri),
        json!({"name": ":x: Émoji", "tag": tag}),
    );
    case.say(lea, &activity("Create", lea, 66, object)).await;
    let reply = note(
        zoe,
        &format!("{}/notes/66", zoe.uri),
        json!({"inReplyTo": uri, "content": ":x: :y:", "tag": tag}),
    );
    case.say(zoe, &activity("Create", zoe, 66, reply)).await;
    let member = scene.hub.member("lecteur").create().await;
    let found = crawl(scene, &member, &[format!("/objets/{id}")]).await;
    case.holds(
        &format!("escaped or dropped {}", found.join(", ")),
        found.is_empty(),
    );
    case.rows(&["members", "member_roles", "sessions", "api_tokens"])
        .end(table)
        .await;

    let case = scene.case(
        67,
        "HTML in summary, name and the preview of an attachment",
        TAKEN,
    );
    let mut case = case.await.rows(SAID);
    let object = offer(
        lea,
        &format!("{}/objets/67", lea.uri),
        json!({
            "name": "<b>Gras</b> & <i>titre</i>", "summary": "<form><input></form>",
            "preview": {"type": "Document", "content": "<iframe src=//evil.example></iframe>"},
        }),
    );
    case.say(lea, &activity("Create", lea, 67, object)).await;
    let page = scene.hub.page(None, "/entraide").await;
    case.holds(
        "text only",
        !page.text.contains("<b>Gras") && !page.text.contains("<iframe"),
    );
    case.end(table).await;
}

/// D68, D69.
async fn lines(scene: &Scene, table: &mut Table) {
    let lea = &scene.lea;
    let case = scene.case(
        68,
        "CRLF, ANSI escapes, formulas, header injection in names, titles, addresses",
        &[
            (202, ""),
            (400, "*"),
            (422, "*"),
            (200, ""),
            (303, ""),
            (404, "*"),
            (403, "*"),
        ],
    );
    let mut case = case.await.rows(SAID);
    let odd = [
        "a\r\nSet-Cookie: session=x",
        "\u{1b}[31mrouge\u{1b}[0m",
        "=HYPERLINK(\"//evil\")",
        "+cmd|' /C calc'!A0",
        "x\u{2028}y\u{85}z",
        "BEGIN:VEVENT\r\nEND:VCALENDAR",
    ];
    for (n, text) in odd.into_iter().enumerate() {
        let number = 6_800 + u32::try_from(n).unwrap();
        let object = offer(
            lea,
            &format!("{}/objets/68{n}", lea.uri),
            json!({"name": text, "content": text}),
        );
        case.say(lea, &activity("Create", lea, number, object))
            .await;
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for path in [
            format!("/entraide?q={query}"),
            format!("/connexion?next=/{query}"),
            format!("/entraide?lang={query}"),
            format!("/{query}/suivre"),
            format!("/aide?fait={query}"),
        ] {
            let answered = scene.hub.page(None, &path).await;
            let stolen = answered.headers.get_all("set-cookie").iter().any(|cookie| {
                cookie
                    .to_str()
                    .is_ok_and(|cookie| cookie.starts_with("session=x"))
            });
            case.holds("no header of theirs", !stolen);
            case.answered(&answered);
        }
    }
    let titles = scene
        .hub
        .page(None, "/api/v1/proposals?limit=100")
        .await
        .json();
    let lines = titles["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["title"].as_str());
    let odd = lines
        .filter(|title| title.chars().any(interkpa_web::markup::is_hidden))
        .count();
    case.holds("titles are one line without controls", odd == 0);
    case.end(table).await;

    let case = scene.case(
        69,
        "a link that shows another host; bidi and zero-width characters in names",
        TAKEN,
    );
    let mut case = case.await.rows(SAID);
    let (uri, id) = crate::cases::r::public_offer(scene, "Une brouette").await;
    let content = "<p><a href=\"https://evil.example/x\">https://banque.example</a></p>";
    let reply = note(
        lea,
        &format!("{}/notes/69", lea.uri),
        json!({"inReplyTo": uri, "content": content}),
    );
    case.say(lea, &activity("Create", lea, 69, reply)).await;
    let object = offer(
        lea,
        &format!("{}/objets/69", lea.uri),
        json!({"name": "\u{202e}erutuoC\u{200b}\u{2066} 69"}),
    );
    case.say(lea, &activity("Create", lea, 690, object)).await;
    let page = scene.hub.page(None, &format!("/objets/{id}")).await;
    let list = scene.hub.page(None, "/entraide").await;
    case.holds(
        "the real host is shown",
        page.text.contains("evil.example)") || page.text.matches("evil.example").count() > 1,
    );
    case.holds(
        "controls are removed",
        !list.text.contains(['\u{202e}', '\u{200b}', '\u{2066}']),
    );
    case.end(table).await;
}

/// D70.
async fn imitations(scene: &Scene, table: &mut Table) {
    let zoe = &scene.zoe;
    let (uri, id) = crate::cases::r::public_offer(scene, "Une remorque").await;
    let case = scene.case(70, "a remark that looks like a notice of this KPA", TAKEN);
    let mut case = case.await.rows(SAID);
    let content = "<p>Votre KPA a voté : votre accord est annulé.</p><p>KPA bobinette</p>";
    let reply = note(
        zoe,
        &format!("{}/notes/70", zoe.uri),
        json!({"inReplyTo": uri, "content": content}),
    );
    case.say(zoe, &activity("Create", zoe, 70, reply)).await;
    let member = scene.hub.member("vigilante").create().await;
    let page = Browser::of(&scene.hub, &member)
        .get(&format!("/objets/{id}"))
        .await;
    let shown = page.text.contains("Votre KPA a voté");
    case.holds(
        "shown, if at all, with the server it comes from",
        !shown || page.text.contains(zoe.uri.origin().authority()) || page.text.contains("zoe"),
    );
    let feed = Caller::new()
        .send("GET", &scene.hub.uri("/hub.atom"), &[], None)
        .await;
    case.holds(
        "never as words of this hub",
        !feed.text.contains("Votre KPA a voté"),
    );
    case.rows(&["members", "member_roles", "sessions", "api_tokens"])
        .end(table)
        .await;
}
