//! Photos: drawn anew, served as nothing but pictures, to whoever may see what they show.

use interkpa_server::testing::network::TestNetwork;
use serde_json::Value;

use super::browser::{Browser, led_to};
use super::get;

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
