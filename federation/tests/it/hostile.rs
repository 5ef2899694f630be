//! Broken and hostile JSON: security.md D29, D52-D62, and thousands of deterministic mutations.

use interkpa_federation::fuzz_inbox::fuzz_inbox;
use interkpa_federation::json::{JsonLimits, strict_json};
use interkpa_federation::vocabulary::note::NoteMessage;
use interkpa_federation::vocabulary::proposal::ProposalMessage;
use interkpa_federation::vocabulary::quantity::{Quantity, QuantityError};
use interkpa_federation::vocabulary::terms::Visibility;
use interkpa_federation::{Activity, Body, Instant, ParseError, Trust};
use serde_json::{Value, json};

use crate::fixtures::{self, ours};
use crate::foreign;

fn refused(name: &str, change: impl FnOnce(&mut Value)) -> ParseError {
    let mut value = ours(name);
    change(&mut value);
    Activity::parse(value).expect_err("it must be refused")
}

fn read(name: &str, change: impl FnOnce(&mut Value)) -> Body {
    let mut value = ours(name);
    change(&mut value);
    Activity::parse(value).expect("it must be read").body
}

#[test]
fn what_is_no_activity_is_refused_by_name() {
    for (value, field) in [
        (json!(null), "activity"),
        (json!([]), "activity"),
        (json!([{"type": "Follow"}]), "activity"),
        (json!("Follow"), "activity"),
        (json!({}), "type"),
        (
            json!({"type": ["Follow"], "id": "https://a.example/1", "actor": "https://a.example/a"}),
            "type",
        ),
        (json!({"type": "Follow"}), "actor"),
        (
            json!({"type": "Follow", "actor": "https://a.example/a", "object": "https://b.example/hub"}),
            "id",
        ),
        (
            json!({"type": "Follow", "id": "https://a.example/1", "actor": "https://a.example/a"}),
            "object",
        ),
        (json!({"@graph": [{"type": "Create"}]}), "type"),
    ] {
        let error = Activity::parse(value.clone()).unwrap_err();

        assert_eq!(
            (error.code(), error.field()),
            ("bad_json", field),
            "{value}"
        );
    }
}

// D27
#[test]
fn addresses_that_name_no_host_are_refused() {
    for actor in [
        "https://127.0.0.1/a",
        "https://2130706433/a",
        "https://[::1]/a",
        "https://hub.example./a",
        "https://me@hub.example/a",
        "did:key:z6Mk",
        "urn:uuid:1",
        "mailto:a@b.example",
        "/hub",
        "",
    ] {
        let error = refused("follow", |v| v["actor"] = actor.into());

        assert_eq!(
            (error.code(), error.field()),
            ("address_invalid", "actor"),
            "{actor}"
        );
    }
}

// D58: the refused field is named
#[test]
fn a_mebibyte_in_any_field_is_refused_or_left_out() {
    let long = "a".repeat(1 << 20);
    for (name, pointer) in [
        ("offer_create", "name"),
        ("offer_create", "content"),
        ("offer_create", "ikpa:category"),
        ("reply", "content"),
        ("reply", "name"),
        ("reply", "summary"),
        ("agreement_contest", "content"),
        ("message", "content"),
        ("contact", "name"),
        ("contact", "ikpa:phone"),
        ("offer_delete", "ikpa:kind"),
    ] {
        let error = refused(name, |v| v["object"][pointer] = long.clone().into());

        assert_eq!(
            (error.code(), error.field()),
            ("too_long", pointer),
            "{name}"
        );
    }
    assert_eq!(
        refused("response_offer", |v| v["content"] = long.clone().into()).code(),
        "too_long"
    );
    assert_eq!(
        refused("response_reject", |v| v["content"] = long.clone().into()).code(),
        "too_long"
    );
    assert_eq!(
        refused("flag", |v| v["content"] = long.clone().into()).code(),
        "too_long"
    );
}

// D53
#[test]
fn long_lists_are_refused_or_cut() {
    let many = |item: &str| Value::from(vec![Value::from(item); 5_000]);
    let uri = "https://a.example/a";

    assert_eq!(
        refused("offer_create", |v| v["to"] = many(uri)).code(),
        "too_long"
    );
    assert_eq!(
        refused("offer_create", |v| v["object"]["cc"] = many(uri)).code(),
        "too_long"
    );
    assert_eq!(
        refused("offer_create", |v| v["object"]["ikpa:rome"] = many("B1803")).code(),
        "too_long"
    );
    assert_eq!(
        refused("flag", |v| v["object"] = many(uri)).code(),
        "too_long"
    );
    assert_eq!(
        refused("agreement_update", |v| v["object"]["ikpa:facts"] =
            many(uri))
        .code(),
        "too_long"
    );
    let tags = json!(vec![json!({"type": "Hashtag", "name": "#a"}); 5_000]);
    match read("offer_create", |v| v["object"]["tag"] = tags) {
        Body::Proposal(message) => assert_eq!(message.object().hashtags.len(), 50),
        other => panic!("{other:?}"),
    }
}

// D62
#[test]
fn quantities_are_whole_minutes_cents_and_thousandths() {
    let read = |unit: &str, number: Value| {
        let body = read_quantity(unit, &number);
        body.map_err(|error| match error {
            ParseError::Quantity { source, .. } => source,
            other => panic!("{other}"),
        })
    };
    let time = |minutes| Ok(Quantity::Time { minutes });

    assert_eq!(read("hour", json!("2")), time(120));
    assert_eq!(read("hour", json!("1.25")), time(75));
    assert_eq!(read("hour", json!(3)), time(180));
    assert_eq!(read("minute", json!("45")), time(45));
    assert_eq!(
        read("euro", json!("12.00")),
        Ok(Quantity::Money { cents: 1_200 })
    );
    assert_eq!(
        read("euro", json!("12.5")),
        Ok(Quantity::Money { cents: 1_250 })
    );
    for (unit, number, error) in [
        ("hour", json!("1e308"), QuantityError::Number),
        ("hour", json!(1e308), QuantityError::Number),
        ("hour", json!(1.5), QuantityError::Number),
        ("hour", json!("NaN"), QuantityError::Number),
        ("hour", json!("1,5"), QuantityError::Number),
        ("hour", json!("0.000000001"), QuantityError::TooFine),
        ("hour", json!("0.01"), QuantityError::TooFine),
        ("hour", json!("0"), QuantityError::OutOfRange),
        ("hour", json!("-1"), QuantityError::OutOfRange),
        ("hour", json!(-1), QuantityError::OutOfRange),
        (
            "hour",
            json!("9223372036854775808"),
            QuantityError::OutOfRange,
        ),
        (
            "hour",
            json!(9_223_372_036_854_775_808_u64),
            QuantityError::OutOfRange,
        ),
        ("minute", json!("0.5"), QuantityError::TooFine),
        ("euro", json!("1.005"), QuantityError::TooFine),
        (
            "euro",
            json!("99999999999999999999999999"),
            QuantityError::Number,
        ),
        ("one", json!("1000000000000"), QuantityError::OutOfRange),
        ("one", json!(" 1"), QuantityError::Number),
        ("one", json!("+1"), QuantityError::Number),
        ("one", json!(""), QuantityError::Number),
        ("one", json!("."), QuantityError::Number),
        ("one", json!("1."), QuantityError::Number),
        ("one", json!({}), QuantityError::Number),
        ("parsec", json!("1"), QuantityError::Unit),
    ] {
        assert_eq!(read(unit, number.clone()), Err(error), "{number} {unit}");
    }
}

fn read_quantity(unit: &str, number: &Value) -> Result<Quantity, ParseError> {
    let mut value = ours("offer_create");
    value["object"]["publishes"]["resourceQuantity"] =
        json!({"hasUnit": unit, "hasNumericalValue": number});
    match Activity::parse(value)?.body {
        Body::Proposal(message) => Ok(message.object().primary.quantity),
        other => panic!("{other:?}"),
    }
}

// D56
#[test]
fn impossible_dates_are_refused_in_ours_and_left_out_elsewhere() {
    for date in [
        "-0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "2026-11-22",
        "2026-11-22T08:00:00",
        "10000-01-01T00:00:00Z",
    ] {
        assert_eq!(
            refused("offer_create", |v| v["object"]["published"] = date.into()).code(),
            "date_invalid"
        );
        assert_eq!(
            refused("fact_done", |v| v["object"]["hasPointInTime"] = date.into()).code(),
            "date_invalid"
        );
        match read("reply", |v| v["object"]["published"] = date.into()) {
            Body::Note(message) => assert_eq!(message.object().published, None),
            other => panic!("{other:?}"),
        }
    }
    let before = refused("offer_update", |v| {
        v["object"]["updated"] = "2026-11-01T00:00:00Z".into();
    });
    assert_eq!((before.code(), before.field()), ("date_invalid", "updated"));
}

// D56
#[test]
fn a_post_from_the_far_future_is_sorted_at_our_time() {
    let now = Instant::parse_rfc3339("2026-11-22T12:00:00Z").unwrap();
    let sorted = |date: &str| match read("reply", |v| v["object"]["published"] = date.into()) {
        Body::Note(NoteMessage::Published(note)) => note.sorted_at(now),
        other => panic!("{other:?}"),
    };

    assert_eq!(sorted("9999-12-31T23:59:59Z"), now);
    assert_eq!(sorted("2026-11-23T13:00:01Z"), now);
    assert_eq!(
        sorted("2026-11-22T11:00:00Z").to_rfc3339(),
        "2026-11-22T11:00:00Z"
    );
}

// D59
#[test]
fn names_of_json_ld_mean_nothing_here() {
    for type_name in [
        "as:Create",
        "https://www.w3.org/ns/activitystreams#Create",
        "create",
    ] {
        let body = read("offer_create", |v| v["type"] = type_name.into());

        assert!(matches!(body, Body::Unknown(_)), "{type_name}");
    }
    let aliased = read("offer_create", |v| {
        v["object"]["to"] = json!("as:Public");
        v["object"].as_object_mut().unwrap().remove("cc");
    });
    match aliased {
        Body::Proposal(message) => assert!(message.object().to.public),
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_several_object_types_the_first_known_counts() {
    let body = read("reply", |v| {
        v["object"]["type"] = json!(["vf:Proposal", "Note"]);
    });

    assert!(matches!(body, Body::Note(_)));
}

#[test]
fn an_unknown_kind_is_kept_and_can_be_shown_as_its_note() {
    let body = read("offer_create", |v| {
        v["object"]["ikpa:kind"] = "sailing".into();
    });

    match &body {
        Body::Unknown(unknown) => {
            assert_eq!(unknown.kind.as_deref(), Some("sailing"));
            assert!(unknown.note.as_ref().unwrap().name.is_some());
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(body.trust_min(), Trust::Allowed);
}

#[test]
fn an_unknown_word_in_our_own_kinds_is_refused() {
    for (name, pointer) in [
        ("offer_create", "purpose"),
        ("offer_create", "ikpa:terms"),
        ("offer_create", "ikpa:settlement"),
        ("agreement_update", "ikpa:state"),
        ("agreement_update", "ikpa:settlement"),
        ("fact_done", "action"),
        ("fact_done", "ikpa:kind"),
        ("dispute_resolution", "ikpa:outcome"),
    ] {
        let error = refused(name, |v| v["object"][pointer] = "sailing".into());

        assert_eq!(
            (error.code(), error.field()),
            ("bad_json", pointer),
            "{name}"
        );
    }
}

#[test]
fn visibility_is_never_wider_than_the_addresses() {
    let visibility = |name: &str, change: &dyn Fn(&mut Value)| match read(name, |v| change(v)) {
        Body::Proposal(ProposalMessage::Published(p)) => p.visibility,
        other => panic!("{other:?}"),
    };

    assert_eq!(visibility("offer_create", &|_| {}), Visibility::Public);
    assert_eq!(
        visibility("need_create_network", &|v| v["object"]["ikpa:visibility"] =
            "public".into()),
        Visibility::Network
    );
    assert_eq!(
        visibility("offer_create", &|v| v["object"]["ikpa:visibility"] =
            "network".into()),
        Visibility::Network
    );
}

#[test]
fn private_words_to_everybody_are_refused() {
    let public = json!(["https://www.w3.org/ns/activitystreams#Public"]);
    for name in [
        "message",
        "contact",
        "agreement_contest",
        "agreement_cancel",
        "dispute_resolution",
    ] {
        for key in ["to", "cc"] {
            let error = refused(name, |v| v["object"][key] = public.clone());

            assert_eq!(
                (error.code(), error.field()),
                ("audience_invalid", key),
                "{name}"
            );
        }
    }
    let two = json!([
        "https://chevalement.example/hub",
        "https://criee.example/hub"
    ]);
    assert_eq!(
        refused("contact", |v| v["object"]["to"] = two).code(),
        "audience_invalid"
    );
}

#[test]
fn a_contact_carries_a_phone_number_and_nothing_else_in_its_place() {
    for phone in ["javascript:1", "12", "<b>03</b>", "01234567890123456789012"] {
        let error = refused("contact", |v| v["object"]["ikpa:phone"] = phone.into());

        assert_eq!(error.field(), "ikpa:phone", "{phone}");
    }
}

#[test]
fn commitments_of_another_agreement_or_proposal_are_refused() {
    let other = "https://bobinette.example/objets/x#primary";

    assert_eq!(
        refused("response_accept", |v| v["result"]["stipulates"]["id"] =
            other.into())
        .field(),
        "stipulates"
    );
    assert_eq!(
        refused("response_offer", |v| v["object"]["stipulatesReciprocal"]
            ["satisfies"] = other.into())
        .field(),
        "stipulatesReciprocal"
    );
    assert_eq!(
        refused("offer_create", |v| v["object"]["publishes"]["id"] =
            other.into())
        .field(),
        "publishes"
    );
    assert_eq!(
        refused("response_accept", |v| v["result"]["id"] =
            "https://chevalement.example/objets/1".into())
        .field(),
        "id"
    );
}

// D65, D69
#[test]
fn bad_links_are_dropped_and_direction_marks_removed() {
    let body = read("reply", |v| {
        v["object"]["url"] = "javascript:alert(1)".into();
        v["object"]["name"] = "a\u{202e}b\u{200b}c\u{7}\n d".into();
        v["object"]["tag"] = json!([
            {"type": "Hashtag", "name": "#\"><img", "href": "data:text/html,x"},
            {"type": "Hashtag", "name": "#ok", "href": "data:text/html,x"},
            {"type": "Emoji", "name": "x"}, 1, null,
        ]);
        v["object"]["attachment"] =
            json!([{"type": "Link", "href": "vbscript:x"}, {"url": "//evil.example"}]);
    });
    let Body::Note(message) = body else {
        panic!("{body:?}");
    };
    let note = message.object();

    assert_eq!(note.url, None);
    assert_eq!(note.name.as_deref(), Some("abc d"));
    assert_eq!(note.hashtags.len(), 1);
    assert_eq!(note.hashtags[0].href, None);
    assert!(note.attachments.is_empty());
}

#[test]
fn a_title_that_is_cleaned_is_still_taken_off_the_text() {
    let body = read("offer_create", |v| {
        v["object"]["name"] = " Cours  de\u{200b} couture\t".into();
        v["object"]["content"] = "<p><strong>Cours de couture</strong></p><p>Texte</p>".into();
    });
    let Body::Proposal(message) = body else {
        panic!("{body:?}");
    };

    assert_eq!(message.object().title, "Cours de couture");
    assert_eq!(message.object().description_html, "<p>Texte</p>");
}

/// A small deterministic generator (xorshift), so that a failure can be run again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below.max(1)).unwrap()).unwrap()
    }
}

const TOKENS: &[&str] = &[
    "null",
    "[]",
    "{}",
    "\"\"",
    "1e999",
    "-0",
    "9223372036854775808",
    "\"as:Public\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "[[[[[[[[]]]]]]]]",
    "\"https://evil.example/x\"",
    "\"https://127.0.0.1/x\"",
    "true",
    "\"9999-12-31T23:59:60Z\"",
    "\"type\"",
    "{\"id\":{\"id\":[]}}",
    "\u{202e}",
    "\u{feff}",
];

fn mutated(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(bytes.len());
        let end = (at + dice.roll(40)).min(bytes.len());
        match dice.roll(6) {
            0 => bytes[at] ^= 1 << dice.roll(8),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.truncate(at),
            3 => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            4 => drop(bytes.splice(at..end, TOKENS[dice.roll(TOKENS.len())].bytes())),
            _ => replace_value(&mut bytes, dice),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// Puts a token in the place of a whole string, so that the JSON often stays JSON.
fn replace_value(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let quotes: Vec<usize> = (0..bytes.len()).filter(|i| bytes[*i] == b'"').collect();
    let at = dice.roll(quotes.len() / 2) * 2;
    if let (Some(from), Some(to)) = (quotes.get(at), quotes.get(at + 1)) {
        let token = TOKENS[dice.roll(TOKENS.len())];
        bytes.splice(*from..=*to, token.bytes());
    }
}

#[test]
fn no_mutation_of_any_fixture_panics_or_is_read_in_two_ways() {
    let all = fixtures::of("ours").into_iter().chain(foreign::all());
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let (mut tried, mut still_json) = (0_u32, 0_u32);
    for (name, value) in all {
        let seed = value.to_string().into_bytes();
        assert!(fuzz_inbox(&seed), "{name}");
        for round in 0..200 {
            let bytes = mutated(&seed, &mut dice);
            tried += 1;
            still_json += u32::from(strict_json(&bytes, JsonLimits::DOCUMENT).is_ok());

            assert!(fuzz_inbox(&bytes), "{name}, round {round}");
        }
    }
    // The mutations must reach what lies behind the JSON reader.
    assert!(
        still_json * 5 > tried,
        "only {still_json} of {tried} are JSON"
    );
}
