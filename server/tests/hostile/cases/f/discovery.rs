//! Handles: what is typed, and what other servers say about them (D48, D49).

use interkpa_server::config::FederationMode;
use interkpa_server::features::people::rights::Role;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::scene::Scene;
use crate::script::{Script, document, reply};
use crate::table::Table;

pub(super) async fn run(table: &mut Table) {
    let scene = Scene::start(FederationMode::Open).await;
    let member = scene
        .hub
        .member("samir")
        .role(Role::Spokesperson)
        .create()
        .await;
    let browser = Browser::of(&scene.hub, &member);
    webfinger(&scene, table, &browser).await;
    handles(&scene, table, &browser).await;
}

async fn webfinger(scene: &Scene, table: &mut Table, browser: &Browser<'_>) {
    let must = &[(422, ""), (429, "*")];
    let case = scene.case(
        48,
        "WebFinger: another subject, 3 self links, another host, no JSON, 1 MiB, nested",
        must,
    );
    let mut case = case.await;
    let server = Script::start(|host, target| {
        let name = target.split("acct%3A").nth(1).unwrap_or(target);
        let name = name.split("%40").next().unwrap_or_default().to_owned();
        let link =
            |href: &str| json!({"rel": "self", "type": "application/activity+json", "href": href});
        let of = |subject: String, links: Vec<Value>| {
            document(&json!({"subject": subject, "links": links}).to_string())
        };
        let own = format!("http://{host}/u");
        match name.as_str() {
            "autre" => of(format!("acct:lea@{host}"), vec![link(&own)]),
            "trois" => of(
                format!("acct:trois@{host}"),
                vec![link(&own), link("http://ami.localhost:1/u"), link(&own)],
            ),
            "ailleurs" => of(
                format!("acct:ailleurs@{host}"),
                vec![link("http://ami.localhost:1/u")],
            ),
            "js" => of(format!("acct:js@{host}"), vec![link("javascript:alert(1)")]),
            "html" => reply(200, &[("Content-Type", "text/html")], b"<html>"),
            "gros" => reply(
                200,
                &[("Content-Type", "application/jrd+json")],
                &vec![b' '; (1 << 20) + 1],
            ),
            "rien" => document("{}"),
            "nul" => document("null"),
            _ => reply(
                200,
                &[("Content-Type", "application/jrd+json")],
                "[".repeat(50_000).as_bytes(),
            ),
        }
    })
    .await;
    for name in [
        "autre", "trois", "ailleurs", "js", "html", "gros", "rien", "nul", "profond",
    ] {
        let handle = format!("@{name}@wf.localhost:{}", server.port);
        case.answered(
            &browser
                .post("/kpa/suivre", &[("address", &handle), ("who", "me")])
                .await,
        );
        let stranger = Browser::stranger(&scene.hub).await;
        case.answered(
            &stranger
                .post("/@bobinette/suivre", &[("account", &handle)])
                .await,
        );
    }
    case.end(table).await;
}

async fn handles(scene: &Scene, table: &mut Table, browser: &Browser<'_>) {
    let must = &[(422, ""), (400, "*"), (200, "")];
    let case = scene.case(
        49,
        "handles with &, ?, #, %00, @@, a line break, 10 kB",
        must,
    );
    let mut case = case.await;
    let asked = scene.evil.asked().len();
    let host = scene.evil.origin.authority().to_owned();
    let long = format!("@{}@{host}", "a".repeat(10_000));
    for text in [
        format!("a&resource=acct:x@y@{host}"),
        format!("a?b#c@{host}"),
        "@@".to_owned(),
        format!("%00@{host}"),
        format!("a\r\nHost: x@{host}"),
        format!("../../x@{host}"),
        format!("@a@{host}@{host}"),
        "@".to_owned(),
        String::new(),
        long,
    ] {
        case.answered(
            &browser
                .post("/kpa/suivre", &[("address", &text), ("who", "me")])
                .await,
        );
        let stranger = Browser::stranger(&scene.hub).await;
        case.answered(
            &stranger
                .post("/@bobinette/suivre", &[("account", &text)])
                .await,
        );
    }
    let targets: Vec<String> = scene
        .evil
        .asked()
        .into_iter()
        .skip(asked)
        .map(|asked| asked.target)
        .collect();
    let odd = targets
        .iter()
        .any(|target| target.matches("resource=").count() > 1 || target.contains(".."));
    case.holds("whatever is asked is one well-formed question", !odd);
    case.fetches(6).end(table).await;
}
