//! What is believed of an answer: its type, its address, its id (security.md D15, D25, D43, D44,
//! D48–D51).

use interkpa_federation::webfinger::{Handle, WebfingerError};
use interkpa_server::fediverse::client::{NetError, Purpose, RedirectRefused};

use super::rig::{AP, Act, Server, document, honest, loopback, redirect, reply, reply_with};

#[tokio::test]
async fn a_document_is_believed_only_under_its_own_type() {
    for content_type in [
        AP,
        "application/activity+json; charset=utf-8",
        "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
        "application/ld+json;profile=\"https://www.w3.org/ns/activitystreams\"; charset=UTF-8",
    ] {
        let server = Server::start(move |seen| {
            let id = format!("http://{}{}", seen.header("host"), seen.target);
            Act::Reply(reply(200, content_type, format!(r#"{{"id":"{id}"}}"#)))
        })
        .await;
        let asked = server.uri("e", "/a");

        let got = loopback().document(&asked, Purpose::Object).await.unwrap();

        assert_eq!(got.id, asked, "{content_type}");
        assert_eq!(got.fetched_at, super::rig::now());
    }
}

#[tokio::test]
async fn a_document_under_another_type_is_refused() {
    let wrong: [&[(&str, &str)]; 8] = [
        &[("Content-Type", "text/html")],
        &[("Content-Type", "text/plain")],
        &[("Content-Type", "image/png")],
        &[("Content-Type", "application/octet-stream")],
        &[("Content-Type", "application/json")],
        &[("Content-Type", "application/ld+json")],
        &[],
        &[("Content-Type", AP), ("Content-Type", "text/html")],
    ];
    for headers in wrong {
        let server = Server::start(move |seen| {
            let id = format!("http://{}{}", seen.header("host"), seen.target);
            Act::Reply(reply_with(200, headers, format!(r#"{{"id":"{id}"}}"#)))
        })
        .await;
        for purpose in [
            Purpose::Actor,
            Purpose::Key,
            Purpose::Object,
            Purpose::Collection,
        ] {
            let refused = loopback().document(&server.uri("e", "/a"), purpose).await;
            assert_eq!(refused.unwrap_err(), NetError::ContentType, "{headers:?}");
        }
    }
}

#[tokio::test]
async fn what_is_no_json_object_by_our_limits_is_refused() {
    for body in [
        "",
        "<html>",
        "[]",
        "\"text\"",
        r#"{"id":"http://e.localhost/a""#,
        r#"{"id":"http://e.localhost/a","id":"http://e.localhost/b"}"#,
        &format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)),
    ] {
        let bytes = reply(200, AP, body);
        let server = Server::start(move |_| Act::Reply(bytes.clone())).await;

        let refused = loopback()
            .document(&server.uri("e", "/a"), Purpose::Object)
            .await;

        assert_eq!(refused.unwrap_err(), NetError::Json, "{body:.40}");
    }
}

#[tokio::test]
async fn a_document_with_an_id_elsewhere_or_none_is_refused() {
    for id in [
        "https://a.example/users/1",
        "http://other.localhost/a",
        "http://e.localhost:1/a",
        "not an address",
        "",
    ] {
        let server = Server::start(move |_| document(id)).await;

        let refused = loopback()
            .document(&server.uri("e", "/a"), Purpose::Actor)
            .await;

        assert_eq!(refused.unwrap_err(), NetError::Id, "{id}");
        assert_eq!(server.seen().len(), 1, "{id}");
    }
}

#[tokio::test]
async fn another_id_on_the_same_origin_is_asked_once_and_must_then_be_right() {
    let server = Server::start(|seen| {
        let host = seen.header("host").to_owned();
        match seen.target.as_str() {
            // A key document that answers with its actor, as GoToSocial does.
            "/users/1/main-key" => document(&format!("http://{host}/users/1")),
            "/users/1" => honest(seen),
            // An endless chain of ids.
            other => document(&format!("http://{host}{other}x")),
        }
    })
    .await;
    let client = loopback();

    let key = server.uri("e", "/users/1/main-key");
    let actor = client.document(&key, Purpose::Key).await.unwrap();
    let chain = client.document(&server.uri("e", "/x"), Purpose::Key).await;

    assert_eq!(actor.id, server.uri("e", "/users/1"));
    assert_eq!(chain.unwrap_err(), NetError::Id);
    assert_eq!(
        server.targets(),
        ["/users/1/main-key", "/users/1", "/x", "/xx"]
    );
}

#[tokio::test]
async fn a_fragment_names_a_part_of_the_document_that_is_fetched() {
    let server = Server::start(honest).await;

    let got = loopback()
        .document(&server.uri("e", "/users/1#main-key"), Purpose::Key)
        .await
        .unwrap();

    assert_eq!(got.id, server.uri("e", "/users/1"));
    assert_eq!(server.targets(), ["/users/1"]);
}

#[tokio::test]
async fn three_redirects_are_followed_and_a_fourth_is_not() {
    let server = Server::start(|seen| match seen.target.strip_prefix("/hop/") {
        Some("0") | None => honest(seen),
        Some(left) => redirect(302, &format!("/hop/{}", left.parse::<u32>().unwrap() - 1)),
    })
    .await;
    let client = loopback();

    let three = client
        .document(&server.uri("e", "/hop/3"), Purpose::Object)
        .await;
    let fifty = client
        .document(&server.uri("e", "/hop/50"), Purpose::Object)
        .await;

    assert_eq!(three.unwrap().id, server.uri("e", "/hop/0"));
    assert_eq!(
        fifty.unwrap_err(),
        NetError::Redirect(RedirectRefused::TooMany)
    );
    assert_eq!(server.seen().len(), 4 + 4);
}

#[tokio::test]
async fn a_redirect_back_to_where_we_were_is_refused() {
    let server = Server::start(|seen| match seen.target.as_str() {
        "/self" => redirect(301, "/self#elsewhere"),
        "/a" => redirect(302, "/b"),
        _ => redirect(302, "/a"),
    })
    .await;
    for path in ["/self", "/a"] {
        let refused = loopback()
            .document(&server.uri("e", path), Purpose::Object)
            .await;
        assert_eq!(
            refused.unwrap_err(),
            NetError::Redirect(RedirectRefused::Loop),
            "{path}"
        );
    }
}

#[tokio::test]
async fn after_a_redirect_to_another_host_only_that_host_is_believed() {
    let honest_server = Server::start(honest).await;
    let good = honest_server.uri("f", "/a");
    let liar = Server::start(|_| document("http://e.localhost/a")).await;
    let bad = liar.uri("f", "/a");
    let (good_target, bad_target) = (good.to_string(), bad.to_string());
    let first = Server::start(move |seen| match seen.target.as_str() {
        "/good" => redirect(302, &good_target),
        _ => redirect(302, &bad_target),
    })
    .await;
    let client = loopback();

    let believed = client
        .document(&first.uri("e", "/good"), Purpose::Object)
        .await;
    let refused = client
        .document(&first.uri("e", "/bad"), Purpose::Object)
        .await;

    assert_eq!(believed.unwrap().id, good);
    assert_eq!(refused.unwrap_err(), NetError::Id);
}

#[tokio::test]
async fn every_status_but_200_is_told_apart_and_none_gives_a_document() {
    let server = Server::start(|seen| {
        let status = seen.target[1..].parse().unwrap();
        let id = format!("http://{}{}", seen.header("host"), seen.target);
        Act::Reply(reply(status, AP, format!(r#"{{"id":"{id}"}}"#)))
    })
    .await;
    let client = loopback();

    for status in [201, 202, 206, 300, 304, 400, 401, 403, 404, 429, 500, 503] {
        let refused = client
            .document(&server.uri("e", &format!("/{status}")), Purpose::Object)
            .await
            .unwrap_err();
        assert_eq!(refused, NetError::Status(status));
        assert_eq!(refused.may_pass(), matches!(status, 429 | 500 | 503));
    }
    let gone = client
        .document(&server.uri("e", "/410"), Purpose::Actor)
        .await;
    assert_eq!(gone.unwrap_err(), NetError::Gone);
}

#[tokio::test]
async fn a_login_page_in_place_of_an_actor_is_refused() {
    let server =
        Server::start(|_| Act::Reply(reply(200, "text/html", "<form>secret</form>"))).await;

    let refused = loopback()
        .document(&server.uri("e", "/users/1"), Purpose::Actor)
        .await
        .unwrap_err();

    assert_eq!(refused, NetError::ContentType);
    assert!(!format!("{refused:?} {refused}").contains("secret"));
}

/// A WebFinger answer for a handle, with these `self` links.
fn jrd(subject: &str, hrefs: &[String]) -> Vec<u8> {
    let links: Vec<String> = hrefs
        .iter()
        .map(|href| format!(r#"{{"rel":"self","type":"{AP}","href":"{href}"}}"#))
        .collect();
    let body = format!(r#"{{"subject":"{subject}","links":[{}]}}"#, links.join(","));
    reply(200, "application/jrd+json; charset=utf-8", body)
}

#[tokio::test]
async fn a_handle_leads_to_the_one_actor_that_its_own_server_names() {
    let server = Server::start(|seen| {
        let host = seen.header("host");
        Act::Reply(jrd(
            &format!("acct:hub@{host}"),
            &[format!("http://{host}/hub")],
        ))
    })
    .await;
    let handle = Handle::parse(&format!("@hub@e.localhost:{}", server.port)).unwrap();

    let actor = loopback().actor_of_handle(&handle).await.unwrap();

    assert_eq!(actor, server.uri("e", "/hub"));
    assert_eq!(
        server.targets(),
        [format!(
            "/.well-known/webfinger?resource=acct%3Ahub%40e.localhost%3A{}",
            server.port
        )]
    );
}

#[tokio::test]
async fn an_answer_about_another_handle_or_host_is_not_believed() {
    let here =
        |seen: &super::rig::Seen, path: &str| format!("http://{}{path}", seen.header("host"));
    let server = Server::start(move |seen| {
        let user = seen.target.split("%3A").nth(1).unwrap();
        let user = user.split("%40").next().unwrap();
        let own = format!("acct:{user}@{}", seen.header("host"));
        Act::Reply(match user {
            "subject" => jrd("acct:other@e.localhost", &[here(seen, "/hub")]),
            "three" => jrd(&own, &["/1", "/2", "/3"].map(|path| here(seen, path))),
            "host" => jrd(&own, &["http://f.localhost/hub".to_owned()]),
            "none" => jrd(&own, &[]),
            "nojson" => reply(200, "application/jrd+json", "<html>"),
            "html" => reply(200, "text/html", "<html>"),
            _ => reply(200, "application/jrd+json", vec![b' '; (1 << 20) + 1]),
        })
    })
    .await;
    let client = loopback();

    for (user, refusal) in [
        ("subject", NetError::WebFinger(WebfingerError::Subject)),
        ("three", NetError::WebFinger(WebfingerError::SelfLink)),
        ("host", NetError::WebFinger(WebfingerError::SelfLink)),
        ("none", NetError::WebFinger(WebfingerError::SelfLink)),
        ("nojson", NetError::Json),
        ("html", NetError::ContentType),
        ("long", NetError::TooLong),
    ] {
        let handle = Handle::parse(&format!("{user}@e.localhost:{}", server.port)).unwrap();
        let refused = client.actor_of_handle(&handle).await;
        assert_eq!(refused, Err(refusal), "{user}");
    }
}

#[tokio::test]
async fn the_software_of_a_server_is_read_from_that_server_alone() {
    let server = Server::start(|seen| {
        let host = seen.header("host");
        let index = |href: String| {
            let rel = "http://nodeinfo.diaspora.software/ns/schema/2.1";
            format!(r#"{{"links":[{{"rel":"{rel}","href":"{href}"}}]}}"#)
        };
        let body = match (seen.target.as_str(), host.starts_with("good")) {
            ("/.well-known/nodeinfo", true) => index(format!("http://{host}/nodeinfo/2.1")),
            ("/.well-known/nodeinfo", false) => index("http://f.localhost/nodeinfo".to_owned()),
            _ => r#"{"version":"2.1","software":{"name":"mastodon","version":"4.7"}}"#.to_owned(),
        };
        Act::Reply(reply(200, "application/json; charset=utf-8", body))
    })
    .await;
    let client = loopback();

    let good = client.nodeinfo(&server.uri("good", "/").origin()).await;
    let elsewhere = client.nodeinfo(&server.uri("bad", "/").origin()).await;

    assert_eq!(good.unwrap().software, "mastodon");
    assert_eq!(elsewhere.unwrap_err(), NetError::Id);
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_picture_must_say_that_it_is_one() {
    let server = Server::start(|seen| {
        let content_type = match seen.target.as_str() {
            "/good" => "image/webp",
            "/svg" => "image/svg+xml",
            _ => "text/html",
        };
        Act::Reply(reply(200, content_type, [1, 2, 3]))
    })
    .await;
    let client = loopback();

    let good = client.picture(&server.uri("e", "/good")).await.unwrap();

    assert_eq!(
        (good.content_type.as_str(), good.bytes),
        ("image/webp", vec![1, 2, 3])
    );
    for path in ["/svg", "/html"] {
        let refused = client.picture(&server.uri("e", path)).await;
        assert_eq!(refused.unwrap_err(), NetError::ContentType, "{path}");
    }
}
