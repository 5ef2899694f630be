//! X: content (D63–D70): what strangers and members wrote, on every page that shows it.

mod attacks;
mod places;

use interkpa_server::config::FederationMode;
use interkpa_server::testing::caller::Caller;
use interkpa_server::testing::members::TestMember;
use serde_json::json;

use crate::browser::{Browser, dangers};
use crate::forge::{activity, merged, note, offer};
use crate::scene::{BOTH, Scene};
use crate::table::Table;

pub(crate) use attacks::ATTACKS;

/// Rows of what is said and shown here.
pub(super) const SAID: &[&str] = &[
    "inbox_activities",
    "outbox_activities",
    "deliveries",
    "delivery_peers",
    "proposals",
    "proposal_details",
    "proposal_entries",
    "responses",
    "replies",
    "reports",
    "notifications",
    "jobs",
    "audit_events",
    "idempotency",
    "remote_actors",
    "members",
    "member_roles",
    "sessions",
    "api_tokens",
    "member_profiles",
    "tombstones",
    "follows",
];

pub(crate) async fn run(table: &mut Table) {
    for mode in BOTH {
        let scene = Scene::start(mode).await;
        remote(&scene, table).await;
        if mode == FederationMode::Network {
            // Whom a hub hears plays no part in what its members write.
            local(&scene, table).await;
        }
        places::run(&scene, table).await;
    }
}

/// D63: 120 attacks in every field of offers, remarks and names of other servers.
async fn remote(scene: &Scene, table: &mut Table) {
    let must = &[(202, ""), (400, "*"), (422, "*"), (403, "*"), (200, "")];
    let case = scene.case(
        63,
        "120 scripts in name, content, summary, place of offers, remarks and actors of peers",
        must,
    );
    let mut case = case.await.rows(SAID).fetches(200);
    let (uri, id) = super::r::public_offer(scene, "Une perceuse").await;
    let moderator = scene
        .hub
        .member("moderatrice")
        .role(interkpa_server::features::people::rights::Role::Facilitator)
        .create()
        .await;
    let (lea, zoe) = (&scene.lea, &scene.zoe);
    for (n, attack) in ATTACKS.iter().enumerate() {
        let number = u32::try_from(n).unwrap();
        let object = offer(
            lea,
            &format!("{}/objets/x{n}", lea.uri),
            json!({
                "name": format!("x{n} {attack}"), "content": format!("<p>y{n}</p>{attack}"), "summary": attack,
                "location": {"type": "Place", "name": attack},
            }),
        );
        case.say(lea, &activity("Create", lea, 63_000 + number, object))
            .await;
        let reply = note(
            zoe,
            &format!("{}/notes/x{n}", zoe.uri),
            json!({
                "inReplyTo": uri, "content": format!("z{n}{attack}"), "name": attack, "summary": attack,
            }),
        );
        case.say(zoe, &activity("Create", zoe, 63_000 + number, reply))
            .await;
        if n % 30 == 0 {
            // A name as a script, told by its own server.
            let person = merged(
                zoe.document("Person"),
                json!({"name": attack, "summary": attack}),
            );
            case.say(zoe, &activity("Update", zoe, 64_000 + number, person))
                .await;
        }
    }
    let found = crawl(
        scene,
        &moderator,
        &[format!("/objets/{id}"), "/moderation".to_owned()],
    )
    .await;
    case.holds(
        &format!("no element that acts on any page {}", found.join(", ")),
        found.is_empty(),
    );
    case.end(table).await;
}

/// D63, D64: the same in what members write.
async fn local(scene: &Scene, table: &mut Table) {
    let must = &[
        (201, ""),
        (303, ""),
        (200, ""),
        (422, "*"),
        (400, "*"),
        (429, "*"),
    ];
    let case = scene.case(
        64,
        "the same as Markdown of members: links, images, HTML, fences; quotes 10 000 deep",
        must,
    );
    let mut case = case.await.rows(SAID);
    let member = scene.hub.member("plume").create().await;
    let browser = Browser::of(&scene.hub, &member);
    let deep = format!("{}x", "> ".repeat(2_000));
    let nested = format!("{}x{}", "*".repeat(2_400), "*".repeat(2_400));
    let mut texts: Vec<String> = ATTACKS
        .iter()
        .flat_map(|attack| [format!("[a]({attack})"), format!("![b]({attack}) {attack}")])
        .collect();
    texts.extend([
        deep,
        nested,
        "[x][r]\n\n[r]: javascript:alert(1)".to_owned(),
        "<javascript:alert(1)>".to_owned(),
        "```html\n<script>alert(1)</script>\n```".to_owned(),
        "[".repeat(4_900),
        "![](".repeat(1_200),
    ]);
    let mut paths = vec!["/moi".to_owned(), "/moi/annonces".to_owned()];
    let began = tokio::time::Instant::now();
    for (n, text) in texts.iter().enumerate() {
        let title: String = format!("t{n} {text}").chars().take(110).collect();
        let body = json!({"purpose": "request", "title": title, "description": text, "settlements": ["gift"], "visibility": "public", "town": text.chars().take(100).collect::<String>(), "when": text.chars().take(100).collect::<String>()});
        let made = scene
            .hub
            .api(&member, "POST", "/api/v1/proposals", Some(body))
            .await;
        if made.status == 201 && n % 9 == 0 {
            paths.push(format!("/objets/{}", made.json()["id"].as_str().unwrap()));
        }
        case.answered(&made);
    }
    for attack in ATTACKS.iter().step_by(7) {
        let short: String = attack.chars().take(90).collect();
        let fields = [
            ("name", short.as_str()),
            ("about", attack),
            ("skills", attack),
            ("languages", &short),
            ("place", &short),
            ("contact_note", attack),
            ("lang", "fr"),
            ("consent_about", "public"),
            ("consent_skills", "public"),
        ];
        case.answered(&browser.post("/moi/profil", &fields).await);
        case.answered(
            &browser
                .get(&format!(
                    "/publier?genre=need&title={}",
                    url::form_urlencoded::byte_serialize(attack.as_bytes()).collect::<String>()
                ))
                .await,
        );
    }
    case.holds(
        "each within 200 ms on average",
        began.elapsed().as_millis() / 200 < u128::try_from(texts.len()).unwrap(),
    );
    let found = crawl(scene, &member, &paths).await;
    case.holds(
        &format!("no element that acts on any page {}", found.join(", ")),
        found.is_empty(),
    );
    case.end(table).await;
}

/// Every page a member and a stranger read, and the feeds and documents beside them: what of them a
/// browser would act on.
pub(super) async fn crawl(scene: &Scene, member: &TestMember, more: &[String]) -> Vec<String> {
    const PAGES: [&str; 13] = [
        "/",
        "/entraide",
        "/entraide?q=x",
        "/kpa",
        "/hub",
        "/publier",
        "/moi",
        "/notifications",
        "/moi/annonces",
        "/temps",
        "/aide",
        "/entraide?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/publier?title=%3Cimg%20src=x%20onerror=alert(1)%3E",
    ];
    let signed_in = Browser::of(&scene.hub, member);
    let stranger = Browser::stranger(&scene.hub).await;
    let origin = scene.hub.origin().as_str().to_owned();
    let mut found = Vec::new();
    let mut paths: Vec<String> = PAGES.iter().map(|path| (*path).to_owned()).collect();
    paths.extend(more.iter().cloned());
    let list = signed_in.get("/entraide").await.text;
    paths.extend(links(&list).into_iter().take(40));
    for path in &paths {
        for browser in [&signed_in, &stranger] {
            let page = browser.get(path).await;
            if page.status >= 500 {
                found.push(format!("{path}: {}", page.status));
            }
            let csp = page.header("content-security-policy");
            if csp.contains("unsafe") || csp.is_empty() {
                found.push(format!("{path}: policy {csp}"));
            }
            found.extend(
                dangers(&page.text, &origin)
                    .into_iter()
                    .map(|danger| format!("{path}: {danger}")),
            );
        }
    }
    for feed in ["/entraide.atom", "/hub.atom"] {
        let feed = Caller::new()
            .send("GET", &scene.hub.uri(feed), &[], None)
            .await;
        // Markup inside a feed is escaped text: nothing but Atom stands there as an element.
        for element in ["<script", "<img", "<svg", "<iframe", "<a "] {
            if feed.text.contains(element) {
                found.push(format!("{element} in a feed"));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn links(page: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(page);
    let selector = scraper::Selector::parse("a[href^='/objets/']").unwrap();
    html.select(&selector)
        .filter_map(|link| link.value().attr("href"))
        .map(str::to_owned)
        .collect()
}
