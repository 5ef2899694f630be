//! U: uploads (D71–D78): the only one is the photo of an announcement.

use image::{ImageFormat, Rgb, RgbImage};
use interkpa_server::testing::caller::Caller;
use interkpa_server::testing::members::TestMember;

use crate::browser::Browser;
use crate::raw;
use crate::scene::{BOTH, Scene};
use crate::table::Table;

const FIELDS: &[(&str, &str)] = &[
    ("purpose", "offer"),
    ("kind", "gift"),
    ("title", "Chutes de voile"),
    ("settlement", "gift"),
    ("audience", "public"),
    ("photo_alt", "Un tas de voiles"),
];
/// What publishing with a photo writes.
const PUBLISHED: &[&str] = &[
    "proposals",
    "proposal_details",
    "proposal_entries",
    "media",
    "outbox_activities",
    "deliveries",
    "delivery_peers",
    "audit_events",
    "jobs",
    "idempotency",
    "notifications",
];

pub(crate) async fn run(table: &mut Table) {
    for mode in BOTH {
        let scene = Scene::start(mode).await;
        let member = scene.hub.member("jeanne").create().await;
        lies(&scene, &member, table).await;
        hidden(&scene, &member, table).await;
        bombs(&scene, &member, table).await;
        names(&scene, &member, table).await;
        floods(&scene, table).await;
    }
}

fn png(side: u32) -> Vec<u8> {
    encoded(side, ImageFormat::Png)
}

fn encoded(side: u32, format: ImageFormat) -> Vec<u8> {
    let picture = RgbImage::from_fn(side, side, |x, y| {
        Rgb([
            u8::try_from(x % 256).unwrap(),
            u8::try_from(y % 256).unwrap(),
            7,
        ])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn files(scene: &Scene) -> usize {
    std::fs::read_dir(scene.hub.data().join("media")).map_or(0, Iterator::count)
}

/// D71, D73, D77.
async fn lies(scene: &Scene, member: &TestMember, table: &mut Table) {
    let browser = Browser::of(&scene.hub, member);
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let mut case = scene
        .case(
            71,
            "SVG with a script, as SVG, PNG and nothing",
            &[(422, "")],
        )
        .await;
    for (name, kind) in [
        ("a.svg", "image/svg+xml"),
        ("a.png", "image/png"),
        ("a", ""),
    ] {
        let answered = browser
            .post_files("/publier", FIELDS, &[("photo", name, kind, svg)])
            .await;
        case.holds(
            "what was typed comes back",
            answered.text.contains("Chutes de voile"),
        );
        case.answered(&answered);
    }
    case.holds("no file", files(scene) == 0);
    case.end(table).await;

    let case = scene.case(
        73,
        "HTML, PDF, GIF, ZIP, MP4, half a PNG under the name of a picture",
        &[(422, "")],
    );
    let mut case = case.await;
    let half = &png(60)[..200];
    let lies: [&[u8]; 8] = [
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7\n",
        b"GIF89a/*\x01\x00\x01\x00*/=alert(1);",
        b"PK\x03\x04",
        b"\0\0\0\x18ftypmp42",
        half,
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x24\0\0\0WEBPVP8 ",
    ];
    for bytes in lies {
        case.answered(
            &browser
                .post_files(
                    "/publier",
                    FIELDS,
                    &[("photo", "photo.png.html", "image/png", bytes)],
                )
                .await,
        );
    }
    case.holds("no file", files(scene) == 0);
    case.end(table).await;

    let case = scene.case(
        77,
        "a JSON actor as a photo; a real photo asked for as ActivityPub",
        &[(422, ""), (303, "")],
    );
    let mut case = case.await.rows(PUBLISHED);
    let actor = scene.zoe.document("Person").to_string();
    case.answered(
        &browser
            .post_files(
                "/publier",
                FIELDS,
                &[(
                    "photo",
                    "a.json",
                    "application/activity+json",
                    actor.as_bytes(),
                )],
            )
            .await,
    );
    // A picture that is also a page: the pixels are drawn anew, the rest is left behind.
    let polyglot = [png(40), b"<script>alert('polyglotte')</script>".to_vec()].concat();
    case.answered(
        &browser
            .post_files(
                "/publier",
                FIELDS,
                &[("photo", "a.html", "text/html", &polyglot)],
            )
            .await,
    );
    let (kind, safe, bytes) = served(scene).await;
    case.holds(
        "served as image/jpeg, nosniff, sandboxed, whatever is asked for",
        kind == "image/jpeg" && safe,
    );
    case.holds(
        "nothing but the pixels is kept",
        !contains(&bytes, b"polyglotte"),
    );
    case.end(table).await;
}

/// The last picture as a program of the fediverse gets it: type, whether its headers are safe, bytes.
async fn served(scene: &Scene) -> (String, bool, Vec<u8>) {
    let list = scene.hub.page(None, "/entraide").await.text;
    let path = list
        .split("/media/")
        .nth(1)
        .unwrap()
        .split(['"', '/'])
        .next()
        .unwrap();
    let uri = scene.hub.uri(&format!("/media/{path}"));
    let answered = Caller::new().activity_json(&uri).await;
    let safe = answered.header("x-content-type-options") == "nosniff"
        && answered
            .header("content-security-policy")
            .contains("sandbox");
    let folder = scene.hub.data().join("media");
    let bytes = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .flat_map(|entry| std::fs::read(entry.path()).unwrap())
        .collect();
    (answered.header("content-type").to_owned(), safe, bytes)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// D72.
async fn hidden(scene: &Scene, member: &TestMember, table: &mut Table) {
    let browser = Browser::of(&scene.hub, member);
    let case = scene.case(
        72,
        "JPEG with EXIF, GPS, XMP, a comment; PNG with eXIf and text",
        &[(303, "")],
    );
    let mut case = case.await.rows(PUBLISHED);
    let jpeg = encoded(50, ImageFormat::Jpeg);
    let secret = b"Exif\0\0GPSLatitude 50.7264N serie-4242 http://ns.adobe.com/xap/1.0/";
    let length = u16::try_from(secret.len() + 2).unwrap().to_be_bytes();
    let marked = |marker: u8| {
        [
            &jpeg[..2],
            &[0xff, marker],
            &length[..],
            &secret[..],
            &jpeg[2..],
        ]
        .concat()
    };
    for (name, bytes) in [
        ("exif.jpg", marked(0xe1)),
        ("mot.jpg", marked(0xfe)),
        ("texte.png", with_text(secret)),
    ] {
        case.answered(
            &browser
                .post_files("/publier", FIELDS, &[("photo", name, "image/jpeg", &bytes)])
                .await,
        );
    }
    let (_, _, bytes) = served(scene).await;
    let found = [&b"GPSLatitude"[..], b"serie-4242", b"adobe", b"Exif"]
        .iter()
        .any(|part| contains(&bytes, part));
    case.holds("no copy has any of it", !found);
    case.end(table).await;
}

/// A PNG with a text chunk after its header.
fn with_text(text: &[u8]) -> Vec<u8> {
    let picture = png(40);
    let body = [b"tEXtcle\0", text].concat();
    let length = u32::try_from(body.len() - 4).unwrap().to_be_bytes();
    let crc = crc(&body).to_be_bytes();
    [&picture[..33], &length, &body, &crc, &picture[33..]].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                0xedb8_8320 ^ (crc >> 1)
            } else {
                crc >> 1
            }
        })
    })
}

/// D74.
async fn bombs(scene: &Scene, member: &TestMember, table: &mut Table) {
    let browser = Browser::of(&scene.hub, member);
    let case = scene.case(
        74,
        "PNG of 50 000 × 50 000, 2^31 × 1, 0 × 0; PNG of 12 000 × 12 000 in 400 kB",
        &[(422, "")],
    );
    let mut case = case.await;
    let before = resident_mib();
    for (width, height) in [
        (50_000_u32, 50_000_u32),
        (0x7fff_ffff, 1),
        (0, 0),
        (12_000, 12_000),
    ] {
        let bytes = announced(width, height);
        case.answered(
            &browser
                .post_files(
                    "/publier",
                    FIELDS,
                    &[("photo", "a.png", "image/png", &bytes)],
                )
                .await,
        );
    }
    case.holds(
        "memory grows by less than 50 MiB",
        resident_mib() < before + 50,
    );
    case.end(table).await;
}

/// A PNG whose header says this size, with the data of a small one.
fn announced(width: u32, height: u32) -> Vec<u8> {
    let mut picture = png(30);
    picture[16..20].copy_from_slice(&width.to_be_bytes());
    picture[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc(&picture[12..29]);
    picture[29..33].copy_from_slice(&crc.to_be_bytes());
    picture
}

fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<u64>()
        .unwrap()
        / 1_024
}

/// D75.
async fn names(scene: &Scene, member: &TestMember, table: &mut Table) {
    let browser = Browser::of(&scene.hub, member);
    let case = scene.case(
        75,
        "names ../../x, C:\\x, NUL, 5 000 letters, .htaccess, a Unicode slash; /media/..%2f",
        &[(303, ""), (404, "*"), (400, "*")],
    );
    let mut case = case.await.rows(PUBLISHED);
    let long = "a".repeat(5_000);
    for name in [
        "../../interkpa.toml",
        "C:\\x.png",
        "a%00.png",
        ".htaccess",
        "..\u{2215}x",
        &long,
        "",
        "/etc/passwd",
    ] {
        case.answered(
            &browser
                .post_files(
                    "/publier",
                    FIELDS,
                    &[("photo", name, "image/png", &png(20))],
                )
                .await,
        );
    }
    let folder = scene.hub.data().join("media");
    let ours = std::fs::read_dir(&folder).unwrap().flatten().all(|entry| {
        let name = entry.file_name().into_string().unwrap();
        let bare = name.trim_end_matches(".jpg").trim_end_matches(".small");
        bare.len() == 36 && bare.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
    });
    case.holds("every file has a name of the hub's", ours);
    let outside =
        scene.hub.data().join("x").exists() || scene.hub.data().join("../interkpa.toml").exists();
    case.holds("nothing outside its folder", !outside);
    for path in [
        "/media/..%2f..%2finterkpa.toml",
        "/media/%2e%2e%2fkeys",
        "/media/x",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%00",
        "/media/..\\x",
    ] {
        let status = raw::get(&scene.hub, path).await;
        case.holds("no such path leads anywhere", matches!(status, 400 | 404));
        case.came(status, "");
    }
    case.end(table).await;
}

/// D78: too much, too many, cut short, twice.
async fn floods(scene: &Scene, table: &mut Table) {
    let case = scene.case(
        78,
        "11 MB, 5 files, 101 fields, a form cut short, a part without end, the same twice",
        &[
            (413, "*"),
            (422, "*"),
            (400, "*"),
            (401, "*"),
            (403, "*"),
            (303, ""),
        ],
    );
    let mut case =
        case.await
            .rows(PUBLISHED)
            .rows(&["members", "member_roles", "sessions", "api_tokens"]);
    let member = scene.hub.member("fonceuse").create().await;
    let browser = Browser::of(&scene.hub, &member);
    let before = files(scene);
    let big = vec![7; 11 << 20];
    case.answered(
        &browser
            .post_files("/publier", FIELDS, &[("photo", "a.png", "image/png", &big)])
            .await,
    );
    let small = png(10);
    let faulty = [("title", "x"), ("photo_alt", "Un tas")];
    let stranger = Browser::stranger(&scene.hub).await;
    for browser in [&browser, &stranger] {
        let answered = browser
            .post_files(
                "/publier",
                &faulty,
                &[("photo", "a.png", "image/png", &small)],
            )
            .await;
        case.holds(
            "a photo that cannot come back is named",
            answered
                .text
                .contains("Choisissez votre photo encore une fois"),
        );
        case.answered(&answered);
    }
    let five: Vec<(&str, &str, &str, &[u8])> = (0..5)
        .map(|_| ("photo", "a.png", "image/png", small.as_slice()))
        .collect();
    case.answered(&browser.post_files("/publier", FIELDS, &five).await);
    let many: Vec<(&str, &str)> = (0..101).map(|_| ("x", "y")).collect();
    case.answered(&browser.post_files("/publier", &many, &[]).await);
    let form = "multipart/form-data; boundary=grenze";
    let bodies: [&[u8]; 6] = [
        b"--grenze\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\n\x89PNG",
        b"--grenze\r\n",
        b"--grenze\r\ncontent-disposition: form-data\r\n\r\nx\r\n--grenze--\r\n",
        b"--grenze\r\ncontent-disposition: form-data; name=\"\xff\xfe\"\r\n\r\nx\r\n--grenze--\r\n",
        b"",
        b"--autre\r\n--autre--",
    ];
    for body in bodies {
        case.answered(&browser.post_bytes("/publier", form, body.to_vec()).await);
    }
    let headers = [
        b"--grenze\r\n".to_vec(),
        b"x: y\r\n".repeat(20_000),
        b"\r\n--grenze--".to_vec(),
    ]
    .concat();
    case.answered(&browser.post_bytes("/publier", form, headers).await);
    case.answered(
        &browser
            .post_bytes("/publier", "multipart/form-data", b"x".to_vec())
            .await,
    );
    case.holds(
        "nothing is left of what was refused",
        files(scene) == before,
    );
    let twice = [FIELDS, &[("_once", "une-fois")]].concat();
    for _ in 0..2 {
        case.answered(
            &browser
                .post_files(
                    "/publier",
                    &twice,
                    &[("photo", "a.png", "image/png", &png(30))],
                )
                .await,
        );
    }
    case.holds(
        "the same form twice keeps one photo",
        files(scene) == before + 2,
    );
    case.end(table).await;
}
