//! What holds for any document: reading is total, what we write is read back the same and passes
//! the linter.

use interkpa_federation::fuzz_inbox::fuzz_inbox;
use interkpa_federation::linter::{lint, unaccepted};
use interkpa_federation::vocabulary::agreement::{
    self, AgreementMessage, AgreementObject, Commitment, Party, PartyRef,
};
use interkpa_federation::vocabulary::proposal::{
    self, Hashtag, Intent, Place, ProposalMessage, ProposalObject, fits,
};
use interkpa_federation::vocabulary::quantity::{
    CENTS_MAX, MILLI_MAX, MINUTES_MAX, Quantity, Unit,
};
use interkpa_federation::vocabulary::response::{self, ResponseMessage, ResponseObject};
use interkpa_federation::vocabulary::terms::{
    AgreementState, KindName, Purpose, Settlement, Visibility,
};
use interkpa_federation::webfinger::Handle;
use interkpa_federation::{Activity, Body, Envelope, Instant, Recipients, Uri};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::fixtures;
use crate::keys::published;
use crate::vocabulary::{our_activities, written};

const HUB: &str = "https://bobinette.example/hub";
const AUTHOR: &str = "https://bobinette.example/members/0193a4f0-0001-7000-8000-000000000001";
const OTHER_HUB: &str = "https://chevalement.example/hub";

/// Keys that readers look at, so that arbitrary JSON reaches them.
const KEYS: &[&str] = &[
    "type",
    "id",
    "actor",
    "object",
    "to",
    "cc",
    "published",
    "updated",
    "attributedTo",
    "content",
    "contentMap",
    "name",
    "summary",
    "tag",
    "attachment",
    "url",
    "inReplyTo",
    "context",
    "result",
    "publishes",
    "reciprocal",
    "stipulates",
    "resourceQuantity",
    "hasUnit",
    "hasNumericalValue",
    "ikpa:kind",
    "ikpa:terms",
    "purpose",
    "inbox",
    "publicKey",
    "endpoints",
    "orderedItems",
    "next",
    "subject",
    "links",
    "proof",
    "@context",
    "location",
    "fr",
    "action",
    "satisfies",
];

const WORDS: &[&str] = &[
    "Create",
    "Update",
    "Offer",
    "Accept",
    "Undo",
    "Announce",
    "Delete",
    "Follow",
    "Note",
    "Article",
    "Agreement",
    "EconomicEvent",
    "Tombstone",
    "Person",
    "Group",
    "Intent",
    "Hashtag",
    "offer",
    "need",
    "contact",
    "service",
    "hour",
    "1",
    "as:Public",
    "https://a.example/hub",
    "https://b.example/x#y",
    "2026-11-22T08:00:00Z",
    "",
    "ikpa:Ballot",
    "OrderedCollectionPage",
    "acct:hub@hub.example",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        proptest::sample::select(WORDS).prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 80, 12, |inner| {
        let key = prop_oneof![
            8 => proptest::sample::select(KEYS).prop_map(str::to_owned),
            1 => ".{0,8}",
        ];
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            4 => prop::collection::vec((key, inner), 0..12)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn uri(text: &str) -> Uri {
    Uri::parse(text).unwrap()
}

fn object_uri() -> impl Strategy<Value = Uri> {
    (0_u64..1 << 48).prop_map(|n| {
        uri(&format!(
            "https://bobinette.example/objets/0193a4f0-0000-7000-8000-{n:012x}"
        ))
    })
}

fn instant() -> impl Strategy<Value = Instant> {
    // From 2020 to 2100, to the millisecond.
    (1_577_836_800_000_i64..4_102_444_800_000).prop_map(Instant::from_milliseconds)
}

fn quantity() -> impl Strategy<Value = Quantity> {
    prop_oneof![
        (1..=MINUTES_MAX).prop_map(|minutes| Quantity::Time { minutes }),
        (1..=CENTS_MAX).prop_map(|cents| Quantity::Money { cents }),
        (1..=MILLI_MAX, proptest::sample::select(Unit::ALL))
            .prop_map(|(milli, unit)| Quantity::Count { milli, unit }),
    ]
}

/// A line without anything the linter takes for an address or a phone number.
fn line() -> impl Strategy<Value = String> {
    "[A-Za-zéèàçœ&\"'’]{1,8}( ([A-Za-zéèàçœ&\"'’]{1,8}|< ?[0-9]|>)){0,3}"
}

fn html() -> impl Strategy<Value = String> {
    "(<p>[a-zéè ,.]{1,30}</p>){0,3}"
}

fn intent(fragment: &'static str, id: Uri) -> impl Strategy<Value = Intent> {
    (
        proptest::sample::select(KindName::ALL),
        option::of(Just("ikpa:service".to_owned())),
        quantity(),
        option::of(quantity()),
        option::of(instant()),
        option::of(instant()),
    )
        .prop_map(
            move |(kind, conforms_to, quantity, available, starts_at, ends_at)| Intent {
                id: uri(&format!("{id}#{fragment}")),
                action: kind.action(),
                conforms_to,
                quantity,
                available,
                minimum: None,
                starts_at,
                ends_at,
            },
        )
}

fn reciprocal(id: Uri) -> impl Strategy<Value = Vec<Intent>> {
    prop_oneof![
        Just(Vec::new()).boxed(),
        intent("reciprocal", id.clone())
            .prop_map(|intent| vec![intent])
            .boxed(),
        (intent("reciprocal", id.clone()), intent("reciprocal-2", id))
            .prop_map(|(first, second)| vec![first, second])
            .boxed(),
    ]
}

fn texts() -> impl Strategy<Value = (String, String, Option<String>)> {
    (line(), html(), option::of(html()))
}

fn proposal() -> impl Strategy<Value = ProposalObject> {
    object_uri()
        .prop_flat_map(|id| {
            let flows = (intent("primary", id.clone()), reciprocal(id.clone()));
            let words = (
                proptest::sample::select(Purpose::ALL),
                proptest::sample::select(KindName::ALL),
                prop::collection::vec(proptest::sample::select(Settlement::ALL), 0..4),
                any::<bool>(),
                any::<bool>(),
            );
            let dates = (
                instant(),
                option::of(0_i64..1_000_000),
                option::of(instant()),
            );
            let place = option::of((line(), option::of(Just("59512".to_owned()))));
            (Just(id), flows, words, dates, texts(), place)
        })
        .prop_map(|(id, (primary, reciprocal), words, dates, texts, place)| {
            let (purpose, kind, settlements, unit_based, public) = words;
            let (published, later, expires_at) = dates;
            ProposalObject {
                purpose,
                kind,
                attributed_to: uri(AUTHOR),
                hub: uri(HUB),
                to: if public {
                    Recipients::everybody()
                } else {
                    Recipients::only([uri(OTHER_HUB)])
                },
                cc: Recipients::only(public.then(|| uri(&format!("{HUB}/followers")))),
                visibility: if public {
                    Visibility::Public
                } else {
                    Visibility::Network
                },
                title: texts.0,
                description_html: texts.1,
                description_en_html: texts.2,
                url: id.clone(),
                published,
                updated: later.map(|ms| published + interkpa_federation::Span::milliseconds(ms)),
                expires_at,
                place: place.map(|(name, insee)| Place { name, insee }),
                category: None,
                rome: vec!["B1803".to_owned()],
                languages: vec!["fr".to_owned()],
                hashtags: vec![Hashtag {
                    name: "#offre".to_owned(),
                    href: Some(uri("https://bobinette.example/annonces?mot=offre")),
                }],
                attachments: Vec::new(),
                settlements,
                unit_based,
                primary,
                reciprocal,
                id,
            }
        })
}

fn envelope(to: Recipients, cc: Recipients, published: Instant) -> Envelope {
    Envelope {
        id: uri("https://bobinette.example/activites/0193a4f0-0001-7000-8000-000000000001"),
        actor: uri(AUTHOR),
        to,
        cc,
        published,
    }
}

/// A response to `proposal` that takes `units` of it.
fn response_to(proposal: &ProposalObject, units: i64) -> ResponseObject {
    let times = |quantity: Quantity| match quantity {
        Quantity::Time { minutes } => Quantity::Time {
            minutes: minutes * units,
        },
        Quantity::Money { cents } => Quantity::Money {
            cents: cents * units,
        },
        Quantity::Count { milli, unit } => Quantity::Count {
            milli: milli * units,
            unit,
        },
    };
    let commitment = |intent: &Intent| Commitment {
        id: None,
        satisfies: intent.id.clone(),
        quantity: times(intent.quantity),
        action: None,
        provider: None,
        receiver: None,
    };
    ResponseObject {
        responder: Party {
            actor: uri(AUTHOR),
            hub: uri(HUB),
            reference: PartyRef::parse("p-7f3a9c41d2"),
        },
        proposal: proposal.id.clone(),
        primary: commitment(&proposal.primary),
        reciprocal: proposal.reciprocal.iter().map(commitment).collect(),
        settlement: proposal.settlements.first().copied(),
        planned_at: Some(proposal.published),
        message_html: Some("<p>Bonjour</p>".to_owned()),
    }
}

fn agreement_of(proposal: &ProposalObject, state: AgreementState) -> AgreementObject {
    let response = response_to(proposal, 1);
    let id = uri("https://bobinette.example/objets/0193a4f0-0001-7000-8000-00000000000a");
    let numbered = |commitment: &Commitment, n: usize| Commitment {
        id: Some(uri(&format!("{id}#c{n}"))),
        action: Some(proposal.kind.action()),
        provider: Some(uri(AUTHOR)),
        receiver: Some(uri(OTHER_HUB)),
        ..commitment.clone()
    };
    AgreementObject {
        attributed_to: uri(AUTHOR),
        proposal: proposal.id.clone(),
        offer: uri("https://chevalement.example/activites/1"),
        title: Some(proposal.title.clone()),
        url: id.clone(),
        published: proposal.published,
        updated: proposal.updated,
        state,
        kind: proposal.kind,
        settlement: Settlement::Hours,
        planned_at: None,
        proposer: response.responder.clone(),
        responder: Party {
            actor: uri(OTHER_HUB),
            hub: uri(OTHER_HUB),
            reference: None,
        },
        primary: numbered(&response.primary, 0),
        reciprocal: response
            .reciprocal
            .iter()
            .enumerate()
            .map(|(n, c)| numbered(c, n + 1))
            .collect(),
        facts: vec![id.clone()],
        id,
    }
}

/// A failing seed belongs into a test of its own, not into a file nobody reads.
fn cases(number: u32) -> ProptestConfig {
    ProptestConfig {
        cases: number,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(4_000))]

    #[test]
    fn reading_any_json_returns(value in any_json()) {
        prop_assert!(fuzz_inbox(value.to_string().as_bytes()));
    }

    #[test]
    fn reading_any_bytes_returns(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(fuzz_inbox(&bytes));
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn any_proposal_survives_writing_and_passes_the_linter(p in proposal()) {
        let envelope = envelope(p.to.clone(), p.cc.clone(), p.published);
        let created = proposal::publish(&envelope, &p);
        let changed = proposal::change(&envelope, &p);

        let read = Activity::parse(created.clone()).unwrap().body;
        let Body::Proposal(ProposalMessage::Published(again)) = read else {
            return Err(TestCaseError::fail("no proposal"));
        };
        prop_assert_eq!(&*again, &p);
        prop_assert_eq!(unaccepted(lint(&created, &published)), []);
        prop_assert_eq!(unaccepted(lint(&changed, &published)), []);
        prop_assert_eq!(unaccepted(lint(&proposal::object(&p), &published)), []);
    }

    #[test]
    fn any_response_survives_and_fits_its_proposal(p in proposal(), units in 1_i64..4) {
        let response = response_to(&p, units);
        let fit = fits(&p.primary, &p.reciprocal, p.unit_based, &response);
        prop_assert_eq!(fit.is_ok(), units == 1 || p.unit_based);

        let one = response_to(&p, 1);
        let envelope = envelope(Recipients::only([uri(OTHER_HUB)]), Recipients::NOBODY, p.published);
        let offered = response::offer(&envelope, &one);
        let read = Activity::parse(offered.clone()).unwrap().body;
        let Body::Response(ResponseMessage::Offered(again)) = read else {
            return Err(TestCaseError::fail("no response"));
        };
        prop_assert_eq!(*again, one);
        prop_assert_eq!(unaccepted(lint(&offered, &published)), []);
    }

    #[test]
    fn any_agreement_survives_and_passes_the_linter(
        p in proposal(),
        state in proptest::sample::select(AgreementState::ALL),
    ) {
        let agreed = agreement_of(&p, state);
        let envelope = envelope(Recipients::only([uri(OTHER_HUB)]), Recipients::NOBODY, p.published);
        let copied = agreement::copy(&envelope, &agreed);
        let accepted = response::accept(&envelope, &agreed.offer, &agreed);

        let Body::Agreement(AgreementMessage::Copy(again)) = Activity::parse(copied.clone()).unwrap().body else {
            return Err(TestCaseError::fail("no copy"));
        };
        prop_assert_eq!(&*again, &agreed);
        prop_assert_eq!(unaccepted(lint(&copied, &published)), []);
        prop_assert_eq!(unaccepted(lint(&accepted, &published)), []);
    }

    #[test]
    fn any_quantity_survives(p in proposal(), q in quantity()) {
        let p = ProposalObject { primary: Intent { quantity: q, ..p.primary.clone() }, ..p };
        let envelope = envelope(p.to.clone(), p.cc.clone(), p.published);
        let read = Activity::parse(proposal::publish(&envelope, &p)).unwrap().body;

        prop_assert!(matches!(read, Body::Proposal(m) if m.object().primary.quantity == q));
    }

    #[test]
    fn any_handle_survives(user in "[a-zA-Z0-9_]{1,10}([.-][a-z0-9]{1,5})?", host in "[a-z][a-z0-9-]{0,8}[a-z0-9]\\.example(:[1-9][0-9]{0,3})?") {
        let handle = Handle::parse(&format!("{user}@{host}"));
        // Labels such as `ab--c` are no host names.
        prop_assume!(handle.is_ok());
        let handle = handle.unwrap();

        prop_assert_eq!(Handle::parse(&handle.to_string()), Ok(handle.clone()));
        prop_assert_eq!(Handle::parse(&handle.acct()), Ok(handle));
    }

    #[test]
    fn one_changed_value_in_a_message_of_ours_is_refused_or_read_alike_again(
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        value in any_json(),
    ) {
        let all = our_activities();
        let (name, mut changed) = all[which.index(all.len())].clone();
        let places = pointers(&changed);
        *changed.pointer_mut(&places[place.index(places.len())]).unwrap() = value;

        let Ok(activity) = Activity::parse(changed) else { return Ok(()) };
        let ours = matches!(
            &activity.body,
            Body::Proposal(_) | Body::Response(_) | Body::Follow(_) | Body::Like(_)
        );
        if ours && activity.published.is_some()
            && let Some(again) = written(&activity)
        {
            let again = Activity::parse(again).unwrap();
            prop_assert_eq!(&again.body, &activity.body, "{}", name);
        }
    }
}

/// Every place in a document below its top, as JSON pointers.
fn pointers(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((at, value)) = open.pop() {
        let escape = |key: &String| key.replace('~', "~0").replace('/', "~1");
        match value {
            Value::Object(map) => {
                open.extend(
                    map.iter()
                        .map(|(key, inner)| (format!("{at}/{}", escape(key)), inner)),
                );
            }
            Value::Array(items) => {
                open.extend(
                    items
                        .iter()
                        .enumerate()
                        .map(|(n, inner)| (format!("{at}/{n}"), inner)),
                );
            }
            _ => {}
        }
        if !at.is_empty() {
            found.push(at);
        }
    }
    found
}

#[test]
fn a_gift_needs_nothing_in_return_and_other_settlements_do() {
    let offer = match Activity::parse(fixtures::ours("offer_create"))
        .unwrap()
        .body
    {
        Body::Proposal(message) => message.object().clone(),
        other => panic!("{other:?}"),
    };
    let fit = |settlement, reciprocal: Vec<Commitment>| {
        let response = ResponseObject {
            settlement,
            reciprocal,
            ..response_to(&offer, 1)
        };
        fits(
            &offer.primary,
            &offer.reciprocal,
            offer.unit_based,
            &response,
        )
    };
    let given = response_to(&offer, 1).reciprocal;
    let twice = vec![given[0].clone(), given[0].clone()];
    let other_unit = vec![Commitment {
        quantity: Quantity::Money { cents: 1 },
        ..given[0].clone()
    }];
    let less = vec![Commitment {
        quantity: Quantity::Time { minutes: 60 },
        ..given[0].clone()
    }];

    assert_eq!(fit(Some(Settlement::Gift), vec![]), Ok(1));
    assert_eq!(fit(Some(Settlement::Hours), given), Ok(1));
    for (reciprocal, error) in [
        (vec![], proposal::FitError::NothingInReturn),
        (twice, proposal::FitError::Intent),
        (other_unit, proposal::FitError::Unit),
        (less, proposal::FitError::Amount),
    ] {
        assert_eq!(fit(Some(Settlement::Hours), reciprocal), Err(error));
    }
}
