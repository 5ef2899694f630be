//! Photos: drawn anew, served as nothing but pictures, to whoever may see what they show.

use interkpa_federation::Span;
use interkpa_server::features::proposals::pictures::{UNNAMED, sweep};
use interkpa_server::keeping;
use interkpa_server::testing::caller::{Answered, Caller};
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

use super::browser::{Browser, led_to, texts};
use super::{copy_of, get, offer, path_of, publish};

const FIELDS: &[(&str, &str)] = &[
    ("purpose", "offer"),
    ("kind", "gift"),
    ("title", "Chutes de voile"),
    ("settlement", "gift"),
    ("photo_alt", "Un tas de voiles"),
];

fn png(side: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(side, side, |x, y| {
        image::Rgb([
            u8::try_from(x % 256).unwrap(),
            u8::try_from(y % 256).unwrap(),
            0,
        ])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn a_photo_is_served_with_headers_that_make_it_nothing_else() {
    let network = TestNetwork::new(70);
    let hub = network.hub("deuxvoiles").await;
    let jeanne = hub.member("jeanne").create().await;
    let browser = Browser::of(&hub, &jeanne).await;
    let tokens = browser.tokens("/publier").await;

    let mut fields = FIELDS.to_vec();
    fields.push(("audience", "public"));
    let page = led_to(
        &browser
            .post_with_photo("/publier", &tokens, &fields, &png(900))
            .await,
    );

    let id = page.rsplit('/').next().unwrap();
    let made: Value = get(&hub, &jeanne, &format!("/api/v1/proposals/{id}"))
        .await
        .json();
    let picture = &made["pictures"][0];
    assert_eq!(picture["alt"], "Un tas de voiles");
    let path = |name: &str| {
        picture[name]
            .as_str()
            .unwrap()
            .replace(hub.origin().as_str(), "")
    };
    let stranger = Browser::stranger(&hub);
    let small = stranger.get(&path("small_url")).await;
    assert_eq!(small.status, 200);
    assert_eq!(small.header("content-type"), "image/jpeg");
    assert_eq!(small.header("x-content-type-options"), "nosniff");
    assert_eq!(
        small.header("content-security-policy"),
        "default-src 'none'; sandbox"
    );
    assert!(small.header("cache-control").contains("immutable"));
    let json = [("accept", "application/activity+json")];
    let asked = stranger.get_with(&path("url"), &json).await;
    assert_eq!(
        asked.header("content-type"),
        "image/jpeg",
        "never an ActivityPub type"
    );
    assert!(stranger.get(&page).await.text.contains("Un tas de voiles"));
    assert!(
        stranger
            .get("/entraide")
            .await
            .text
            .contains(&path("small_url"))
    );

    let tokens = browser.tokens(&format!("{page}/retirer")).await;
    led_to(&browser.post(&format!("{page}/retirer"), &tokens, &[]).await);
    assert_eq!(
        stranger.get(&path("url")).await.status,
        404,
        "it goes with what it showed"
    );
    let left = std::fs::read_dir(hub.data().join("media")).unwrap().count();
    assert_eq!(left, 0, "no file is left");
}

#[tokio::test]
async fn a_photo_of_something_not_public_is_for_members() {
    let network = TestNetwork::new(71);
    let hub = network.hub("deuxvoiles").await;
    let jeanne = hub.member("jeanne").create().await;
    let browser = Browser::of(&hub, &jeanne).await;
    let tokens = browser.tokens("/publier").await;
    let mut fields = FIELDS.to_vec();
    fields.push(("audience", "hub"));
    let page = led_to(
        &browser
            .post_with_photo("/publier", &tokens, &fields, &png(60))
            .await,
    );
    let id = page.rsplit('/').next().unwrap();
    let made: Value = get(&hub, &jeanne, &format!("/api/v1/proposals/{id}"))
        .await
        .json();
    let path = made["pictures"][0]["url"]
        .as_str()
        .unwrap()
        .replace(hub.origin().as_str(), "");

    assert_eq!(Browser::stranger(&hub).get(&path).await.status, 404);
    assert_eq!(browser.get(&path).await.status, 200);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_the_text_is_kept() {
    let network = TestNetwork::new(72);
    let hub = network.hub("deuxvoiles").await;
    let jeanne = hub.member("jeanne").create().await;
    let browser = Browser::of(&hub, &jeanne).await;
    let tokens = browser.tokens("/publier").await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";

    let refused = browser
        .post_with_photo("/publier", &tokens, FIELDS, svg)
        .await;

    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Chutes de voile"));
    let no_words: Vec<_> = FIELDS
        .iter()
        .copied()
        .filter(|(name, _)| *name != "photo_alt")
        .collect();
    let undescribed = browser
        .post_with_photo("/publier", &tokens, &no_words, &png(20))
        .await;
    assert_eq!(undescribed.status, 422, "a photo needs a description");
    assert!(!hub.data().join("media").exists(), "nothing was kept");
}

#[tokio::test]
async fn a_member_keeps_no_more_pictures_than_there_is_room_for() {
    let network = TestNetwork::new(73);
    let hub = network
        .build("deuxvoiles")
        .settings(|config| config.media.member_bytes_max = 20_000)
        .start()
        .await;
    let jeanne = hub.member("jeanne").create().await;
    let browser = Browser::of(&hub, &jeanne).await;
    let mut last = 303;
    for n in 0..8 {
        let tokens = browser.tokens("/publier").await;
        let text = format!("Photo {n}");
        let fields = [FIELDS, &[("text", text.as_str())]].concat();
        last = browser
            .post_with_photo("/publier", &tokens, &fields, &png(200))
            .await
            .status;
        if last != 303 {
            break;
        }
    }

    assert_eq!(last, 422);
}

/// Publishes with so many photos, each with its description; answers the path of the page.
async fn with_photos(browser: &Browser<'_>, title: &str, count: usize) -> String {
    let tokens = browser.tokens("/publier").await;
    let fields = [
        ("purpose", "offer"),
        ("kind", "gift"),
        ("title", title),
        ("settlement", "gift"),
        ("audience", "public"),
        ("photo_alt", "Une voile rouge"),
        ("photo_alt_2", "Une voile bleue"),
        ("photo_alt_3", "Une voile verte"),
        ("photo_alt_4", "Une voile blanche"),
    ];
    let pictures: Vec<Vec<u8>> = (0..4).map(|n| png(40 + n)).collect();
    let names = ["photo", "photo_2", "photo_3", "photo_4"];
    let sent: Vec<(&str, &[u8])> = names
        .into_iter()
        .zip(pictures.iter().map(Vec::as_slice))
        .take(count)
        .collect();
    let answered = browser
        .post_with_photos("/publier", &tokens, &fields, &sent)
        .await;
    led_to(&answered)
}

async fn read(hub: &TestHub, member: &TestMember, page: &str) -> Value {
    let id = page.rsplit('/').next().unwrap();
    get(hub, member, &format!("/api/v1/proposals/{id}"))
        .await
        .json()
}

/// The descriptions of the photos, in their order.
fn alts(made: &Value) -> Vec<&str> {
    let pictures = made["pictures"].as_array().unwrap();
    pictures
        .iter()
        .map(|picture| picture["alt"].as_str().unwrap())
        .collect()
}

fn files(hub: &TestHub) -> usize {
    std::fs::read_dir(hub.data().join("media")).map_or(0, Iterator::count)
}

/// Sends a picture as a program does.
async fn upload(hub: &TestHub, member: &TestMember, path: &str, body: Vec<u8>) -> Answered {
    let headers = [
        (
            "authorization".to_owned(),
            format!("Bearer {}", member.token),
        ),
        ("content-type".to_owned(), "image/png".to_owned()),
        ("idempotency-key".to_owned(), path.to_owned()),
    ];
    Caller::new()
        .send("POST", &hub.uri(path), &headers, Some(body))
        .await
}

#[tokio::test]
async fn four_photos_are_published_at_once_described_anew_and_taken_away_without_javascript() {
    let network = TestNetwork::new(74);
    let hub = network.hub("deuxvoiles").await;
    let jeanne = hub.member("jeanne").create().await;
    let browser = Browser::of(&hub, &jeanne).await;
    let page = with_photos(&browser, "Chutes de voile", 4).await;
    let made = read(&hub, &jeanne, &page).await;
    assert_eq!(
        alts(&made),
        [
            "Une voile rouge",
            "Une voile bleue",
            "Une voile verte",
            "Une voile blanche"
        ]
    );
    let shown = browser.get(&page).await.text;
    assert_eq!(shown.matches("post-photo").count(), 4);
    let key = |n: usize| made["pictures"][n]["id"].as_str().unwrap().to_owned();

    let edit = format!("{page}/modifier");
    let form = browser.get(&edit).await.text;
    assert!(
        !form.contains("name=\"photo\""),
        "there is no room for another one"
    );
    let tokens = browser.tokens(&edit).await;
    let (drop, alt) = (
        format!("photo_drop_{}", key(1)),
        format!("photo_alt_of_{}", key(2)),
    );
    let fields = [
        ("title", "Chutes de voile"),
        ("settlement", "gift"),
        (drop.as_str(), "1"),
        (alt.as_str(), "Une voile vert clair"),
        ("photo_alt", "Une voile jaune"),
    ];
    let answered = browser
        .post_with_photo(&edit, &tokens, &fields, &png(60))
        .await;
    led_to(&answered);

    let changed = read(&hub, &jeanne, &page).await;
    assert_eq!(
        alts(&changed),
        [
            "Une voile rouge",
            "Une voile vert clair",
            "Une voile blanche",
            "Une voile jaune"
        ]
    );
    assert_eq!(files(&hub), 8, "two files a photo, none of the one taken");
}

#[tokio::test]
async fn a_fifth_photo_is_refused_and_each_new_one_needs_its_words() {
    let network = TestNetwork::new(75);
    let hub = network.hub("deuxvoiles").await;
    let jeanne = hub.member("jeanne").create().await;
    let browser = Browser::of(&hub, &jeanne).await;
    let page = with_photos(&browser, "Chutes de voile", 3).await;
    let edit = format!("{page}/modifier");
    let tokens = browser.tokens(&edit).await;
    let fields = [
        ("title", "Chutes de voile"),
        ("settlement", "gift"),
        ("photo_alt", "Une voile jaune"),
        ("photo_alt_2", "Une voile noire"),
    ];
    let (one, two) = (png(61), png(62));

    let both: [(&str, &[u8]); 2] = [("photo", &one), ("photo_2", &two)];
    let too_many = browser
        .post_with_photos(&edit, &tokens, &fields, &both)
        .await;
    let no_words = browser
        .post_with_photos(&edit, &tokens, &fields[..2], &both[..1])
        .await;

    assert_eq!(too_many.status, 422);
    let said = texts(&too_many.text, ".error").join(" ");
    assert!(said.contains("4 photos au plus"), "{said}");
    assert!(too_many.text.contains("encore une fois"));
    assert_eq!(no_words.status, 422);
    assert_eq!(alts(&read(&hub, &jeanne, &page).await).len(), 3);
    assert_eq!(files(&hub), 6, "nothing that was refused is kept");
}

#[tokio::test]
async fn a_program_adds_describes_and_takes_away_one_picture_at_a_time() {
    let network = TestNetwork::new(76);
    let hub = network.hub("deuxvoiles").await;
    let jeanne = hub.member("jeanne").create().await;
    let loic = hub.member("loic").create().await;
    let made = publish(&hub, &jeanne, offer("Couture de voiles", json!({}))).await;
    let pictures = path_of(&made, "/pictures");

    let added = upload(
        &hub,
        &jeanne,
        &format!("{pictures}?alt=Une%20voile"),
        png(40),
    )
    .await;
    let again = upload(
        &hub,
        &jeanne,
        &format!("{pictures}?alt=Une%20voile"),
        png(40),
    )
    .await;
    assert_eq!(added.status, 201, "{}", added.text);
    assert_eq!(again.text, added.text, "the same call twice adds one");
    let key = added.json()["pictures"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let one = format!("{pictures}/{key}");
    for (path, body, status, code) in [
        (format!("{pictures}?"), png(40), 422, "description_required"),
        (
            format!("{pictures}?alt=a"),
            b"<svg/>".to_vec(),
            422,
            "not_a_picture",
        ),
    ] {
        let refused = upload(&hub, &jeanne, &path, body).await;
        assert_eq!(refused.status, status, "{path}");
        assert_eq!(refused.json()["errors"][0]["code"], code, "{path}");
    }
    let stranger = upload(&hub, &loic, &format!("{pictures}?alt=a"), png(40)).await;
    assert_eq!(stranger.status, 403);
    let by_another = hub.api(&loic, "DELETE", &one, None).await;
    assert_eq!(by_another.status, 403);

    let words = Some(json!({"alt": "Une grand-voile"}));
    let described = hub.api(&jeanne, "POST", &one, words).await;
    assert_eq!(alts(&described.json()), ["Une grand-voile"]);
    for n in 2..=4 {
        let path = format!("{pictures}?alt=voile{n}");
        assert_eq!(upload(&hub, &jeanne, &path, png(40 + n)).await.status, 201);
    }
    let fifth = upload(&hub, &jeanne, &format!("{pictures}?alt=x"), png(50)).await;
    assert_eq!(
        (fifth.status, fifth.code().as_str()),
        (409, "too_many_pictures")
    );
    let other = publish(&hub, &jeanne, offer("Autre chose", json!({}))).await;
    let of_another = path_of(&other, &format!("/pictures/{key}"));
    assert_eq!(
        hub.api(&jeanne, "DELETE", &of_another, None).await.status,
        404
    );

    assert_eq!(hub.api(&jeanne, "DELETE", &one, None).await.status, 204);
    assert_eq!(hub.api(&jeanne, "DELETE", &one, None).await.status, 404);
    let left = get(&hub, &jeanne, &path_of(&made, "")).await.json();
    assert_eq!(alts(&left), ["voile2", "voile3", "voile4"]);
    assert_eq!(files(&hub), 6);
}

/// The attachments of the copy that another hub holds.
async fn copied(hub: &TestHub, uri: &Value) -> Vec<String> {
    use diesel::prelude::*;
    use interkpa_server::db::schema::proposal_details as details;
    use interkpa_server::db::schema::proposals;
    let uri = uri.as_str().unwrap().to_owned();
    let document: String = hub
        .app
        .store
        .read(
            move |conn| -> Result<_, interkpa_server::db::error::StoreError> {
                Ok(proposals::table
                    .inner_join(details::table)
                    .filter(proposals::uri.eq(uri))
                    .select(details::document)
                    .first(conn)?)
            },
        )
        .await
        .unwrap();
    let document: Value = serde_json::from_str(&document).unwrap();
    let attached = document["attachment"].as_array().cloned();
    attached
        .unwrap_or_default()
        .iter()
        .map(|one| {
            assert_eq!(one["type"], "Image");
            assert_eq!(one["mediaType"], "image/jpeg");
            one["name"].as_str().unwrap().to_owned()
        })
        .collect()
}

#[tokio::test]
async fn every_photo_is_on_the_wire_and_the_one_taken_away_goes_at_the_other_hub() {
    let network = TestNetwork::new(77);
    let hub = network.hub("deuxvoiles").await;
    let other = network.hub("bobinette").await;
    network.befriend(&[&hub, &other]).await;
    let jeanne = hub.member("jeanne").create().await;
    let aicha = other.member("aicha").create().await;
    let browser = Browser::of(&hub, &jeanne).await;
    let page = with_photos(&browser, "Chutes de voile", 2).await;
    network.settle(&[&hub, &other]).await;
    let made = read(&hub, &jeanne, &page).await;
    assert!(copy_of(&other, &aicha, &made["uri"]).await.is_some());
    assert_eq!(
        copied(&other, &made["uri"]).await,
        ["Une voile rouge", "Une voile bleue"]
    );

    let first = made["pictures"][0]["id"].as_str().unwrap();
    let one = path_of(&made, &format!("/pictures/{first}"));
    assert_eq!(hub.api(&jeanne, "DELETE", &one, None).await.status, 204);
    network.settle(&[&hub, &other]).await;

    assert_eq!(copied(&other, &made["uri"]).await, ["Une voile bleue"]);
}

#[tokio::test]
async fn files_that_nobody_names_go_after_a_day_and_the_others_stay() {
    let network = TestNetwork::new(78);
    let hub = network.hub("deuxvoiles").await;
    let jeanne = hub.member("jeanne").create().await;
    let browser = Browser::of(&hub, &jeanne).await;
    with_photos(&browser, "Chutes de voile", 1).await;
    let folder = hub.data().join("media");
    let lost = hub.app.new_id();
    for name in [
        format!("{lost}.jpg"),
        format!("{lost}.small.jpg"),
        format!("{lost}.small.part"),
        "lisez-moi.txt".to_owned(),
    ] {
        std::fs::write(folder.join(name), b"x").unwrap();
    }

    let early = sweep(&hub.app, hub.app.now()).await.unwrap();
    keeping::plan(&hub.app).await.unwrap();
    network.clock.advance(UNNAMED);
    network.clock.advance(Span::hours(2));
    hub.run_due_jobs().await;

    assert_eq!(early, 0, "its row may be about to be written");
    let mut left: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(left.contains(&"lisez-moi.txt".to_owned()));
    assert!(!left.iter().any(|name| name.starts_with(&lost)), "{left:?}");
}
