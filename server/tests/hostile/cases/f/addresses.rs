//! Where the hub never connects, whoever asks it to (D39–D42).

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};

use interkpa_federation::Uri;
use interkpa_server::config::{FederationMode, Profile};
use interkpa_server::features::people::rights::Role;
use interkpa_server::fediverse::peers::{self, Decider};
use interkpa_server::fediverse::resolve::{Found, Looking, Lookup, ResolveError};
use interkpa_server::testing::addresses::NOT_PUBLIC;
use interkpa_server::testing::foreign::ForeignActor;
use interkpa_server::testing::members::TestMember;

use crate::browser::Browser;
use crate::scene::{Scene, actor_at};
use crate::script::{Script, reply};
use crate::table::Table;

/// An address that every filter lets pass.
const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::new(93, 184, 216, 34));
const ANY: &[(u16, &str)] = &[
    (401, "*"),
    (422, ""),
    (200, ""),
    (429, "*"),
    (400, "*"),
    (404, "*"),
];

/// A name service that gives each name its answers in turn.
#[derive(Debug, Default, Clone)]
struct Names(Arc<Mutex<HashMap<String, Vec<Vec<Found>>>>>);

impl Names {
    fn answers(&self, name: &str, answers: Vec<Vec<Found>>) {
        self.0.lock().unwrap().insert(name.to_owned(), answers);
    }
}

impl Lookup for Names {
    fn lookup(&self, name: &str) -> Looking {
        let mut names = self.0.lock().unwrap();
        let answer = names.get_mut(name).and_then(|queue| {
            if queue.len() > 1 {
                Some(queue.remove(0))
            } else {
                queue.first().cloned()
            }
        });
        Box::pin(std::future::ready(answer.ok_or(ResolveError::NoAddress)))
    }
}

/// Every way in which somebody makes the hub ask another server, with an address of it.
async fn every_call_site(scene: &Scene, member: &TestMember, host: &str) -> Vec<(u16, String)> {
    let mut came = Vec::new();
    let actor = actor_at(Uri::parse(&format!("https://{host}/zoe")).unwrap(), 1);
    came.push((post_as(scene, &actor).await, "inbox".to_owned()));
    let browser = Browser::of(&scene.hub, member);
    let stranger = Browser::stranger(&scene.hub).await;
    let uri = format!("https://{host}/zoe");
    let handle = format!("@zoe@{host}");
    for text in [uri.as_str(), handle.as_str(), host] {
        let followed = browser
            .post("/kpa/suivre", &[("address", text), ("who", "me")])
            .await;
        came.push((followed.status, "follow".to_owned()));
        let found = stranger
            .post("/@bobinette/suivre", &[("account", text)])
            .await;
        came.push((found.status, "remote follow".to_owned()));
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let shown = browser.get(&format!("/interagir?uri={query}")).await;
        came.push((shown.status, "interact".to_owned()));
    }
    let by = Decider::Operator("test");
    let allowed = peers::allow(&scene.hub.app, &format!("https://{host}"), "", by).await;
    came.push((if allowed.is_ok() { 200 } else { 422 }, "allow".to_owned()));
    came
}

/// A Follow of an actor, sent to a hub whose public name is another than where it listens.
async fn post_as(scene: &Scene, actor: &ForeignActor) -> u16 {
    let follow = scene.follow_of(actor, 1);
    let delivery = actor.delivery(&scene.inbox(), &follow, scene.now());
    let real = format!(
        "http://bobinette.localhost:{}/inbox",
        scene.hub.socket().port()
    );
    delivery.to(&Uri::parse(&real).unwrap()).send().await.status
}

pub(super) async fn run(table: &mut Table) {
    let trap = Script::trap().await;
    let names = Names::default();
    let lookup: Arc<dyn Lookup> = Arc::new(names.clone());
    let scene = Scene::bare(FederationMode::Open, |hub| {
        hub.lookup(lookup).settings(|config| {
            config.profile = Profile::Production;
            "https://bobinette.example".clone_into(&mut config.hub.base_url);
            config.federation.stranger_requests_per_minute = 100_000;
        })
    })
    .await;
    let member = scene
        .hub
        .member("karima")
        .role(Role::Spokesperson)
        .create()
        .await;
    let trapped = |address: IpAddr| Found {
        address,
        connect: trap.socket(),
    };

    let case = scene.case(
        39,
        "27 private and special addresses × inbox, follow, remote follow, interact, allow",
        ANY,
    );
    let mut case = case.await;
    for (n, ip) in NOT_PUBLIC.into_iter().enumerate() {
        scene
            .network
            .clock
            .advance(interkpa_federation::Span::seconds(61));
        let host = format!("h{n}.example");
        names.answers(&host, vec![vec![trapped(ip.parse().unwrap())]]);
        for (status, site) in every_call_site(&scene, &member, &host).await {
            case.came(status, &site);
        }
    }
    case.holds("0 connections", trap.connections() == 0);
    case.end(table).await;

    let case = scene.case(
        41,
        "a name with one bad address among good ones, or a bad one the second time",
        ANY,
    );
    let mut case = case.await;
    let once = Script::trap().await;
    let good = Found {
        address: PUBLIC,
        connect: once.socket(),
    };
    let bad = trapped("127.0.0.1".parse().unwrap());
    names.answers("melange.example", vec![vec![good, bad]]);
    names.answers("retour.example", vec![vec![good], vec![bad]]);
    for host in ["melange.example", "retour.example"] {
        for (status, site) in every_call_site(&scene, &member, host).await {
            case.came(status, &site);
        }
    }
    case.holds("the bad address is never reached", trap.connections() == 0);
    case.end(table).await;

    asked_for_by_hand(&scene, table, &member, &trap).await;
    redirects(table, &trap).await;
}

/// D42: what people type.
async fn asked_for_by_hand(scene: &Scene, table: &mut Table, member: &TestMember, trap: &Script) {
    let case = scene.case(42, "search and follow fields with user-info, numbers, back-slashes, other schemes, our own address", ANY);
    let mut case = case.await;
    let port = trap.port;
    let browser = Browser::of(&scene.hub, member);
    let mut quiet = true;
    for text in [
        format!("http://user@localhost:{port}/"),
        format!("http://localhost:{port}\\@x"),
        format!("http://127.0.0.1:{port}/secret"),
        format!("http://[::1]:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("https://0x7f.1:{port}/"),
        "file:///etc/passwd".to_owned(),
        "gopher://x.example/".to_owned(),
        "javascript:alert(1)".to_owned(),
        "data:application/json,{}".to_owned(),
        "//x".to_owned(),
        scene.hub.origin().as_str().to_owned(),
        "\u{0}".to_owned(),
    ] {
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for answered in [
            browser.post("/kpa/suivre", &[("address", &text)]).await,
            browser.post("/interagir", &[("uri", &text)]).await,
            browser.get(&format!("/interagir?uri={query}")).await,
            browser.get(&format!("/entraide?q={query}")).await,
        ] {
            quiet &= !answered.text.contains("root:");
            case.answered(&answered);
        }
    }
    case.holds(
        "0 connections, no fetched byte shown",
        trap.connections() == 0 && quiet,
    );
    case.end(table).await;
}

/// D40: a document that leads elsewhere.
async fn redirects(table: &mut Table, trap: &Script) {
    let scene = Scene::start(FederationMode::Open).await;
    let port = trap.port;
    let places = [
        format!("http://127.0.0.1:{port}/x"),
        format!("http://localhost.:{port}/x"),
        format!("http://[::1]:{port}/x"),
        "file:///etc/passwd".to_owned(),
        "data:application/activity+json,{}".to_owned(),
        "ftp://127.0.0.1/x".to_owned(),
        "gopher://127.0.0.1/x".to_owned(),
    ];
    let count = places.len();
    let leading = Script::start(move |_, target| {
        let number: usize = target.trim_start_matches("/r").parse().unwrap_or(0);
        let (status, place) = (number / 100, &places[number % 100]);
        match status {
            // 200 with a Location, and a page that leads on by itself.
            200 => reply(
                200,
                &[("Location", place), ("Content-Type", "text/html")],
                format!("<meta http-equiv=refresh content='0;url={place}'>").as_bytes(),
            ),
            status => reply(u16::try_from(status).unwrap(), &[("Location", place)], b""),
        }
    })
    .await;
    let case = scene.case(40, "301, 302, 303, 307, 308, 200+Location and meta refresh to private, file, data, ftp, gopher", &[(401, "key_not_of_actor")]);
    let mut case = case.await;
    for status in [301, 302, 303, 307, 308, 200] {
        scene
            .network
            .clock
            .advance(interkpa_federation::Span::seconds(61));
        for place in 0..count {
            let actor = actor_at(leading.uri("e", &format!("/r{}", status * 100 + place)), 1);
            case.say(&actor, &scene.follow_of(&actor, 1)).await;
        }
    }
    case.holds("0 connections to the trap", trap.connections() == 0);
    case.end(table).await;
}
