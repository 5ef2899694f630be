//! Thousands of changed copies of genuine and hostile bytes, the same at every run, to everything
//! that reads what strangers send: it returns, and nothing panics.

use axum::body::Body as HttpBody;
use axum::extract::{FromRequest as _, Request};
use interkpa_federation::fuzz;
use interkpa_federation::fuzz_inbox::fuzz_inbox;
use interkpa_server::config::FederationMode;
use interkpa_server::features::people::rights::Role;
use interkpa_server::http::form::Form;
use interkpa_server::http::json::Body as JsonBody;
use interkpa_server::http::router::routes;
use interkpa_server::http::{Method, Surface};
use interkpa_server::testing::members::MemberBuilder;
use interkpa_web::markup;
use serde_json::{Map, Value, json};

use crate::browser::{Browser, dangers};
use crate::cases::ATTACKS;
use crate::forge::{activity, note, offer};
use crate::scene::Scene;
use crate::table::panics;

/// Where the changes begin: a failure is repeated by running the same test.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const ROUNDS: usize = 4_000;
const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=grenze";

/// A source of changes; xorshift.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }

    /// A copy with one to four bytes cut, changed, removed, a piece put in, or a part doubled.
    fn change(&mut self, seed: &[u8], pieces: &[&[u8]]) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=self.roll(4) {
            let at = self.roll(bytes.len() + 1).min(bytes.len());
            match self.roll(8) {
                0 => bytes.truncate(at),
                1..4 if at < bytes.len() => bytes[at] = u8::try_from(self.roll(256)).unwrap(),
                4 if at < bytes.len() => drop(bytes.remove(at)),
                5 => {
                    let part = bytes[at..(at + self.roll(40)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, part);
                }
                _ => {
                    let piece = pieces[self.roll(pieces.len())];
                    bytes.splice(at..at, piece.iter().copied());
                }
            }
        }
        bytes
    }
}

const MULTIPART_SEEDS: &[&[u8]] = &[
    b"--grenze\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nCouture\r\n--grenze\r\n\
      content-disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\ncontent-type: image/png\r\n\r\n\
      \x89PNG\r\n--grenze--\r\n",
    b"--grenze\r\nContent-Disposition: form-data; name*=utf-8''t%C3%AFtre; filename*=UTF-8''%2e%2e%2fx\r\n\
      Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--grenze--\r\n",
];
const MULTIPART_PIECES: &[&[u8]] = &[
    b"--grenze",
    b"--grenze--",
    b"\r\n",
    b"\r\n\r\n",
    b"name=\"",
    b"filename=\"../../x\"",
    b"\0",
    b"\xff",
    b"; ",
    b"=?utf-8?q?x?=",
];
const FORM_SEEDS: &[&[u8]] = &[
    b"_csrf=x&title=Couture&settlement=hours&settlement=gift&text=a%0D%0Ab",
    b"handle=karima59&password=quatre+mots&next=%2Fentraide",
];
const FORM_PIECES: &[&[u8]] = &[
    b"&",
    b"=",
    b"%",
    b"%00",
    b"%ff",
    b"%C3",
    b"+",
    b"&&&&",
    b"a=1&a=1&",
    b"_csrf=",
];
const JSON_SEEDS: &[&[u8]] = &[
    br#"{"purpose":"offer","title":"Couture","settlements":["hours"],"quantity":2,"minutes":"1 h 30"}"#,
    br#"{"message":"Je viens.","quantity":1,"settlement":"hours","planned":"mardi"}"#,
    br#"{"address":"https://ami.example","who":"hub"}"#,
];
const JSON_PIECES: &[&[u8]] = &[
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"1e999",
    b"-0",
    b"\\ud800",
    b"\\u0000",
    b"{\"a\":",
    b"9223372036854775808",
    b"\xff",
];

async fn form(kind: &str, body: Vec<u8>) -> bool {
    let request = Request::post("/")
        .header("content-type", kind)
        .body(HttpBody::from(body))
        .unwrap();
    Form::from_request(request, &()).await.is_ok()
}

#[tokio::test]
async fn forms_of_any_bytes_are_read_or_refused() {
    let mut dice = Dice(SEED);
    for round in 0..ROUNDS {
        let urlencoded = dice.change(FORM_SEEDS[round % FORM_SEEDS.len()], FORM_PIECES);
        let multipart = dice.change(
            MULTIPART_SEEDS[round % MULTIPART_SEEDS.len()],
            MULTIPART_PIECES,
        );

        // Nobody is signed in: whatever is read has no good token.
        assert!(!form(URLENCODED, urlencoded).await, "round {round}");
        assert!(!form(MULTIPART, multipart).await, "round {round}");
    }
    for kind in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"",
        "multipart/form-data; boundary=\u{e9}",
    ] {
        assert!(!form(kind, MULTIPART_SEEDS[0].to_vec()).await, "{kind}");
    }
}

#[tokio::test]
async fn json_bodies_of_any_bytes_are_read_or_refused() {
    let mut dice = Dice(SEED);
    let mut read = 0;
    for round in 0..ROUNDS {
        let bytes = dice.change(JSON_SEEDS[round % JSON_SEEDS.len()], JSON_PIECES);
        let request = Request::post("/")
            .header("content-type", "application/json")
            .body(HttpBody::from(bytes))
            .unwrap();
        read += usize::from(
            JsonBody::<Map<String, Value>>::from_request(request, &())
                .await
                .is_ok(),
        );
    }
    assert!(read > 100, "only {read} of {ROUNDS} are still JSON");
}

#[test]
fn html_of_any_bytes_holds_nothing_that_acts_and_is_clean_once_and_for_all() {
    let mut dice = Dice(SEED);
    let pieces: Vec<&[u8]> = ATTACKS.iter().map(|attack| attack.as_bytes()).collect();
    for round in 0..ROUNDS {
        let bytes = dice.change(ATTACKS[round % ATTACKS.len()].as_bytes(), &pieces);
        let (remote, member) = markup::fuzz(&bytes);
        for html in [&remote, &member] {
            let found = dangers(html.as_str(), "https://bobinette.example");
            assert!(found.is_empty(), "round {round}: {found:?} in {html}");
            assert_eq!(
                markup::remote_html(html.as_str()),
                *html,
                "round {round}: cleaned twice"
            );
        }
    }
}

#[test]
fn activities_and_signature_headers_of_any_bytes_are_read_or_refused() {
    let mut dice = Dice(SEED);
    let (zoe, inbox) = (
        crate::scene::actor_at(
            interkpa_federation::Uri::parse("https://mechant.example/zoe").unwrap(),
            1,
        ),
        interkpa_federation::Uri::parse("https://bobinette.example/inbox").unwrap(),
    );
    let now = interkpa_federation::Instant::from_seconds(1_795_593_600);
    let said = [
        activity(
            "Create",
            &zoe,
            1,
            offer(&zoe, "https://mechant.example/o/1", json!({})),
        ),
        activity(
            "Create",
            &zoe,
            2,
            note(&zoe, "https://mechant.example/n/1", json!({})),
        ),
        activity(
            "Undo",
            &zoe,
            3,
            json!({"type": "Follow", "actor": zoe.uri.as_str()}),
        ),
        zoe.document("Person"),
    ];
    // Signing is slow: each is signed once.
    let deliveries: Vec<_> = said
        .iter()
        .map(|said| zoe.delivery(&inbox, said, now))
        .collect();
    let header_pieces: &[&[u8]] = &[
        b"\"",
        b",",
        b"=",
        b"(",
        b";",
        b":",
        b"\\",
        b"created=9223372036854775807",
        b"keyId=",
        b"\xff\0",
        b"\n",
    ];
    for round in 0..ROUNDS {
        let seed = &said[round % said.len()];
        let bytes = dice.change(seed.to_string().as_bytes(), JSON_PIECES);
        assert!(fuzz_inbox(&bytes), "round {round} is read in two ways");
        let delivery = &deliveries[round % said.len()];
        let lines: Vec<String> = delivery
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let lines = dice.change(lines.join("\n").as_bytes(), header_pieces);
        fuzz::signature_headers(&lines);
        fuzz::signature_header(
            &dice.change(delivery.header("signature").as_bytes(), header_pieces),
        );
    }
}

/// P9 in small: changed requests through real sockets, to the inbox and to every route that changes
/// something.
#[tokio::test]
async fn no_changed_request_is_answered_with_500_or_above() {
    let scene = Scene::start(FederationMode::Open).await;
    let mut dice = Dice(SEED);
    let every = Role::ALL
        .into_iter()
        .filter(|role| *role != Role::Cooperant);
    let member = every
        .fold(scene.hub.member("tout"), MemberBuilder::role)
        .create()
        .await;
    let browser = Browser::of(&scene.hub, &member);
    let mut answers = 0_u32;
    let mut wrong = Vec::new();
    let said = activity(
        "Create",
        &scene.zoe,
        1,
        note(&scene.zoe, &format!("{}/n/1", scene.zoe.uri), json!({})),
    );
    for _ in 0..400 {
        let body = dice.change(said.to_string().as_bytes(), JSON_PIECES);
        let answered = scene.signed_bytes(&scene.zoe, body).send().await;
        answers += 1;
        if answered.status >= 500 {
            wrong.push(format!("inbox: {} {}", answered.status, answered.text));
        }
    }
    for route in routes()
        .into_iter()
        .filter(|route| route.method == Method::Post)
    {
        for round in 0..8 {
            let path = crate::cases::filled(&route, crate::cases::NOTHING);
            let answered = match route.surface {
                Surface::Api => {
                    let body = dice.change(JSON_SEEDS[round % JSON_SEEDS.len()], JSON_PIECES);
                    let headers = [
                        ("authorization", format!("Bearer {}", member.token)),
                        ("content-type", "application/json".to_owned()),
                    ];
                    let headers = headers.map(|(name, value)| (name.to_owned(), value));
                    interkpa_server::testing::caller::Caller::new()
                        .send("POST", &scene.hub.uri(&path), &headers, Some(body))
                        .await
                }
                Surface::Page => {
                    let token = format!("_csrf={}&", member.csrf);
                    let body = [
                        token.as_bytes(),
                        &dice.change(FORM_SEEDS[round % FORM_SEEDS.len()], FORM_PIECES),
                    ]
                    .concat();
                    browser.post_bytes(&path, URLENCODED, body).await
                }
                Surface::Fediverse => continue,
            };
            answers += 1;
            if answered.status >= 500 {
                wrong.push(format!(
                    "{path}: {} {:.200}",
                    answered.status, answered.text
                ));
            }
        }
    }

    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(answers > 600, "{answers}");
    assert_eq!(panics(), 0);
}
