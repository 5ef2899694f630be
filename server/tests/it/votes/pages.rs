//! The pages of votes: everybody reads, a spokesperson votes, a second person confirms, nothing typed is lost.

use std::net::IpAddr;

use interkpa_federation::Span;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_server::fediverse::verify;
use interkpa_server::testing::caller::Answered;
use interkpa_server::testing::members::TestMember;
use serde_json::{Value, json};

use super::stage::{Place, Stage};

/// Without the spaces of French typography, to compare with what is typed here.
fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
        .replace("&#39;", "'")
}

fn holds(answered: &Answered, words: &str) {
    let text = plain(&answered.text);
    assert!(
        text.contains(words),
        "{} without « {words} »: {text}",
        answered.status
    );
}

fn lacks(answered: &Answered, words: &str) {
    assert!(!plain(&answered.text).contains(words), "holds « {words} »");
}

/// A voice for approval, with its mandate.
const APPROVE: [(&str, &str); 4] = [
    ("choice", "approve"),
    ("mode", "majority"),
    ("participants", "12"),
    ("in_favour", "9"),
];

async fn sends(
    place: &Place,
    who: &TestMember,
    path: &str,
    fields: &[(&str, &str)],
    once: &str,
) -> Answered {
    let all: Vec<(&str, &str)> = fields.iter().copied().chain([("_once", once)]).collect();
    place.hub.form(who, path, &all).await
}

async fn opened_as(stage: &Stage, question: Value, rule: Value) -> ObjectHash {
    let mut poll = stage.poll();
    poll["question"] = question;
    poll["rule"] = rule;
    let poll = stage.places[0].opens(&poll).await;
    stage.settle().await;
    poll
}

#[tokio::test]
async fn without_a_vote_the_list_says_so_and_offers_nothing_to_strangers() {
    let stage = Stage::founded(3).await;
    let hub = &stage.places[0].hub;

    let list = hub.page(None, "/decisions").await;

    assert_eq!(list.status, 200);
    holds(&list, "Aucune décision en cours.");
    lacks(&list, "/decisions/ouvrir");
    let absent = format!("/decisions/{}", super::stage::nowhere());
    assert_eq!(hub.page(None, &absent).await.status, 404);
    assert_eq!(hub.page(None, "/decisions/nothing").await.status, 404);
    assert_eq!(hub.page(None, "/decisions?apres=x").await.status, 400);
}

#[tokio::test]
async fn everybody_reads_a_vote_and_only_members_read_who_cast_the_voice() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    stage.places[0].votes(poll, "approve").await;
    stage.settle().await;
    // Receipts leave at most once a minute.
    stage.pass(Span::minutes(2)).await;
    let (hub, path) = (&stage.places[0].hub, format!("/decisions/{poll}"));

    let stranger = hub.page(None, &path).await;
    let member = hub.page(Some(&stage.places[0].facilitator), &path).await;
    let elsewhere = stage.places[1].hub.page(None, &path).await;

    assert_eq!(stranger.status, 200);
    holds(&stranger, "3 KPA, une voix chacun");
    holds(&stranger, "Il faut plus de pour que de contre.");
    holds(&stranger, "1 KPA a voté sur 3.");
    holds(&stranger, "3 / 3");
    lacks(&stranger, "Préparé par");
    lacks(&stranger, "Voter au nom");
    holds(&member, "Préparé par Yasmine, confirmé par Leon.");
    let whole = stage.places[0].whole(poll).await;
    let number = &whole.electors.iter().find_map(|one| one.voices.first());
    let number = &number.unwrap().tracking_number;
    holds(&stranger, number);
    holds(&elsewhere, number);
}

#[tokio::test]
async fn a_spokesperson_votes_on_four_screens_and_another_person_confirms() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    let place = &stage.places[1];
    let (writer, second) = (&place.spokesperson, &place.facilitator);
    let path = format!("/decisions/{poll}");

    let form = place.hub.page(Some(writer), &format!("{path}/voter")).await;
    assert_eq!(form.status, 200);
    holds(&form, "Vous votez au nom de KPA");
    let summary = sends(place, writer, &format!("{path}/voter"), &APPROVE, "a").await;
    assert_eq!(summary.status, 200);
    holds(&summary, "Relisez avant de voter");
    holds(&summary, "12 personnes présentes");
    assert!(
        place.whole(poll).await.drafts.is_empty(),
        "a summary changes nothing"
    );
    let cast = sends(place, writer, &format!("{path}/deposer"), &APPROVE, "b").await;
    assert_eq!(cast.status, 303);
    assert!(cast.header("location").ends_with("?fait=ballot_waiting"));
    let draft = place.whole(poll).await.drafts[0].id.clone();
    let confirm = format!("{path}/confirmer/{draft}");
    let own = place.hub.page(Some(writer), &confirm).await;
    holds(&own, "Demandez à une autre personne mandatée de confirmer.");
    let alone = sends(place, writer, &confirm, &[], "c").await;
    assert_eq!(alone.status, 403);
    let asked = place.hub.page(Some(second), &path).await;
    holds(&asked, "Relire et confirmer");
    let done = sends(place, second, &confirm, &[], "d").await;
    let again = sends(place, second, &confirm, &[], "d").await;

    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(done.header("location"), format!("{path}/recu?fait=voted"));
    assert!(again.header("location").ends_with("fait=already_done"));
    let receipt = place.hub.page(Some(writer), &format!("{path}/recu")).await;
    holds(&receipt, "Reçu de vote");
    holds(&receipt, "Préparé par Yasmine, confirmé par Leon.");
    let whole = place.whole(poll).await;
    let voices: usize = whole.electors.iter().map(|one| one.voices.len()).sum();
    assert_eq!(voices, 1);
}

#[tokio::test]
async fn the_same_showing_casts_once_and_a_new_one_changes_the_voice() {
    let stage = Stage::founded_with(3, |config| config.votes.second_person = false).await;
    let poll = stage.opened().await;
    let place = &stage.places[0];
    let path = format!("/decisions/{poll}/deposer");

    let first = sends(place, &place.spokesperson, &path, &APPROVE, "one").await;
    let twice = sends(place, &place.spokesperson, &path, &APPROVE, "one").await;
    let after_two = place.whole(poll).await;
    let other = [("choice", "oppose"), ("mode", "consent")];
    let changed = sends(place, &place.spokesperson, &path, &other, "two").await;

    assert!(first.header("location").ends_with("/recu?fait=voted"));
    assert!(
        twice
            .header("location")
            .ends_with("/recu?fait=already_done")
    );
    assert_eq!(changed.status, 303);
    let seq = |whole: &interkpa_server::features::votes::view::Whole| {
        let mut voices = whole.electors.iter().flat_map(|one| &one.voices);
        voices.next().map(|voice| voice.seq)
    };
    assert_eq!(seq(&after_two), Some(1), "a double tap casts once");
    assert_eq!(seq(&place.whole(poll).await), Some(2));
    let form = format!("/decisions/{poll}/voter");
    let form = place.hub.page(Some(&place.spokesperson), &form).await;
    holds(&form, "Votre voix en ce moment");
}

#[tokio::test]
async fn who_does_not_vote_reads_whom_to_ask() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    let place = &stage.places[0];
    let cooperant = place.hub.member("aicha").create().await;
    let path = format!("/decisions/{poll}/voter");

    let stranger = place.hub.page(None, &path).await;
    let kind = place.hub.page(Some(&cooperant), &path).await;
    let posted = sends(place, &cooperant, &path, &APPROVE, "a").await;
    let cast = format!("/decisions/{poll}/deposer");
    let cast = sends(place, &place.facilitator, &cast, &APPROVE, "a").await;

    assert_eq!(stranger.status, 303, "to the sign-in");
    assert_eq!(kind.status, 403);
    holds(&kind, "Votre porte-parole");
    holds(&kind, "Yasmine");
    assert_eq!((posted.status, cast.status), (403, 403));
    assert!(place.whole(poll).await.drafts.is_empty());
}

#[tokio::test]
async fn without_the_token_of_the_session_nothing_is_cast_and_nothing_typed_is_lost() {
    let stage = Stage::founded_with(3, |config| config.votes.second_person = false).await;
    let poll = stage.opened().await;
    let place = &stage.places[0];
    let mut forged = place.spokesperson.clone();
    forged.csrf = "forged".to_owned();
    let fields = [
        ("choice", "oppose"),
        ("mode", "consent"),
        ("reason", "Trop tôt."),
    ];

    let refused = sends(
        place,
        &forged,
        &format!("/decisions/{poll}/deposer"),
        &fields,
        "a",
    )
    .await;

    assert!(refused.status >= 400);
    holds(&refused, "Trop tôt.");
    assert!(!place.whole(poll).await.summary.voted);
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_what_was_typed() {
    let stage = Stage::founded(3).await;
    let rule = json!({
        "quorum": {"num": 0, "den": 1, "strict": false, "base": "electorate"},
        "abstainCountsInQuorum": true, "maxObjections": 0,
    });
    let poll = opened_as(&stage, json!({"kind": "consent"}), rule).await;
    let place = &stage.places[0];
    let path = format!("/decisions/{poll}/voter");
    let fields = [("choice", "object"), ("participants", "trois")];

    let refused = sends(place, &place.spokesperson, &path, &fields, "a").await;

    assert_eq!(refused.status, 422);
    holds(&refused, "value=\"trois\"");
    holds(&refused, "value=\"object\" checked");
    for field in ["f-reason", "f-mode", "f-participants"] {
        holds(&refused, &format!("href=\"#{field}\""));
    }
}

#[tokio::test]
async fn a_vote_that_closes_while_one_writes_counts_nothing_and_keeps_what_was_typed() {
    let stage = Stage::founded_with(3, |config| config.votes.second_person = false).await;
    let poll = stage.opened().await;
    let place = &stage.places[0];
    stage
        .network
        .clock
        .set(place.whole(poll).await.poll.closes_at);
    let fields = [
        ("choice", "oppose"),
        ("mode", "consent"),
        ("reason", "Trop tôt."),
    ];

    for step in ["voter", "deposer"] {
        let path = format!("/decisions/{poll}/{step}");
        let late = sends(place, &place.spokesperson, &path, &fields, step).await;

        assert_eq!(late.status, 409, "{step}");
        holds(&late, "Le vote a fermé à");
        holds(&late, "Votre choix n’a pas été compté.");
        holds(&late, "Trop tôt.");
    }
    assert!(!place.whole(poll).await.summary.voted);
    let form = format!("/decisions/{poll}/voter");
    let form = place.hub.page(Some(&place.spokesperson), &form).await;
    assert_eq!(form.status, 403);
    holds(&form, "Ce vote est fermé.");
}

/// One kind of question, what is typed to answer it, and what the ballot then says.
struct Kind {
    question: Value,
    rule: Value,
    typed: Vec<(&'static str, &'static str)>,
    choice: Value,
}

fn kinds() -> Vec<Kind> {
    let options = json!([{"id": "o1", "label": "Été"}, {"id": "o2", "label": "Hiver"}]);
    let rule = json!({
        "quorum": {"num": 0, "den": 1, "strict": false, "base": "electorate"},
        "abstainCountsInQuorum": true,
    });
    let mut ranked = rule.clone();
    ranked["method"] = json!("schulze-wv");
    ranked["unranked"] = json!("last");
    let scale = json!({"min": -2, "max": 5});
    vec![
        Kind {
            question: json!({"kind": "single", "options": options}),
            rule: rule.clone(),
            typed: vec![("choice", "o2")],
            choice: json!(["o2"]),
        },
        Kind {
            question: json!({"kind": "multiple", "options": options, "maxChoices": 2}),
            rule: rule.clone(),
            typed: vec![("options", "o2"), ("options", "o1")],
            choice: json!(["o1", "o2"]),
        },
        Kind {
            question: json!({"kind": "ranked", "options": options}),
            rule: ranked,
            typed: vec![("rank_o1", "2"), ("rank_o2", "1")],
            choice: json!([["o2"], ["o1"]]),
        },
        Kind {
            question: json!({"kind": "score", "options": options, "scale": scale}),
            rule,
            typed: vec![("score_o1", "−1"), ("score_o2", "5")],
            choice: json!({"o1": -1, "o2": 5}),
        },
    ]
}

#[tokio::test]
async fn every_kind_of_question_is_answered_without_javascript() {
    let stage = Stage::founded_with(3, |config| config.votes.second_person = false).await;
    let place = &stage.places[0];
    let writer = &place.spokesperson;
    for kind in kinds() {
        let (question, mode) = (kind.question.clone(), ("mode", "consent"));
        let poll = opened_as(&stage, kind.question, kind.rule).await;
        let (form, cast) = (
            format!("/decisions/{poll}/voter"),
            format!("/decisions/{poll}/deposer"),
        );
        holds(&place.hub.page(Some(writer), &form).await, "Hiver");
        let wrong = sends(place, writer, &form, &[mode], "w").await;
        assert_eq!(wrong.status, 422, "{question}");

        let all: Vec<_> = kind.typed.into_iter().chain([mode]).collect();
        let done = sends(place, writer, &cast, &all, "a").await;

        assert_eq!(done.status, 303, "{question}: {}", done.text);
        let whole = place.whole(poll).await;
        let mut voices = whole.electors.iter().flat_map(|one| &one.voices);
        assert_eq!(voices.next().unwrap().choice, Some(kind.choice));
        let blank = [("abstain", "1"), ("choice", "abstain"), mode];
        let blank = sends(place, writer, &cast, &blank, "b").await;
        assert_eq!(blank.status, 303, "{question}");
    }
}

#[tokio::test]
async fn the_home_page_tells_a_member_whether_the_own_hub_has_voted() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    let place = &stage.places[0];

    let before = place.hub.page(Some(&place.facilitator), "/").await;
    let stranger = place.hub.page(None, "/").await;
    place.votes(poll, "approve").await;
    let after = place.hub.page(Some(&place.facilitator), "/").await;

    holds(&before, "Votre KPA n’a pas encore voté.");
    lacks(&stranger, "Le réseau décide");
    holds(&after, "Votre KPA a voté : Pour");
    holds(&after, "confirmé par Leon");
}

#[tokio::test]
async fn a_closed_vote_is_visibly_sealed_and_its_result_is_one_sentence() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    for (place, choice) in stage.places.iter().zip(["approve", "approve", "oppose"]) {
        place.votes(poll, choice).await;
    }
    stage.settle().await;
    let (hub, path) = (&stage.places[0].hub, format!("/decisions/{poll}"));
    stage
        .network
        .clock
        .set(stage.places[0].whole(poll).await.poll.closes_at);

    let sealed = hub.page(None, &path).await;
    stage.until_certified(poll, &[0, 1, 2]).await;
    let over = hub.page(None, &path).await;
    let list = hub.page(None, "/decisions").await;
    let english = hub.page(None, "/decisions?lang=en").await;

    holds(
        &sealed,
        "Le vote est fermé. Les KPA relisent le procès-verbal.",
    );
    let sentence = "Adopté : 2 pour, 1 contre, 0 abstention, 0 sans réponse";
    holds(&over, sentence);
    holds(&over, &format!("/gov/polls/{poll}/bundle.json"));
    holds(&over, &format!("--genesis sha256:{}", stage.genesis));
    holds(&list, sentence);
    holds(&english, "Adopted: 2 for, 1 against");
}

/// What a spokesperson types to open a vote.
fn a_vote<'a>(day: &'a str, hour: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("title", "Une presse à plusieurs"),
        ("text", "Nous achetons une **presse à chaud**."),
        ("kind", "approval"),
        ("majority", "two_thirds"),
        ("quorum", "half"),
        ("closes_on", day),
        ("closes_time", hour),
    ]
}

/// Day and hour here, some time from now, as a browser sends them.
fn later(stage: &Stage, minutes: i64) -> (String, String) {
    let civil = interkpa_server::moments::moment(stage.now() + Span::minutes(minutes)).civil;
    (
        format!("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day),
        format!("{:02}:{:02}", civil.hour, civil.minute),
    )
}

#[tokio::test]
async fn a_spokesperson_opens_a_vote_after_a_preview_once() {
    let stage = Stage::founded(3).await;
    let place = &stage.places[0];
    let (day, hour) = later(&stage, 60);
    let fields = a_vote(&day, &hour);

    let form = place
        .hub
        .page(Some(&place.spokesperson), "/decisions/ouvrir")
        .await;
    let preview = sends(
        place,
        &place.spokesperson,
        "/decisions/ouvrir",
        &fields,
        "a",
    )
    .await;
    let before = place.hub.page(None, "/decisions").await;
    let opened = sends(
        place,
        &place.spokesperson,
        "/decisions/publier",
        &fields,
        "b",
    )
    .await;
    let twice = sends(
        place,
        &place.spokesperson,
        "/decisions/publier",
        &fields,
        "b",
    )
    .await;
    stage.settle().await;

    holds(&form, "3 KPA répondent, une voix chacun.");
    assert_eq!(preview.status, 200);
    holds(&preview, "rien ne change plus");
    holds(
        &preview,
        "Il faut au moins 2/3 de pour, sans compter les abstentions.",
    );
    holds(&before, "Aucune décision en cours.");
    assert_eq!(opened.status, 303, "{}", opened.text);
    let location = opened.header("location").to_owned();
    assert!(location.ends_with("?fait=vote_opened"), "{location}");
    assert!(twice.header("location").ends_with("?fait=already_done"));
    let path = location.split('?').next().unwrap();
    let elsewhere = stage.places[2].hub.page(None, path).await;
    holds(&elsewhere, "Une presse à plusieurs");
    let list = stage.places[2].hub.page(None, "/decisions").await;
    assert_eq!(list.text.matches("Une presse à plusieurs").count(), 1);
}

#[tokio::test]
async fn a_vote_that_the_rules_refuse_keeps_what_was_typed() {
    let stage = Stage::founded(3).await;
    let place = &stage.places[0];
    let (day, hour) = later(&stage, 2);
    let soon = a_vote(&day, &hour);
    let (day, hour) = later(&stage, 60);
    let mut one_choice = a_vote(&day, &hour);
    one_choice.retain(|(name, _)| *name != "kind");
    one_choice.extend([("kind", "single"), ("options", "Été")]);

    for path in ["/decisions/ouvrir", "/decisions/publier"] {
        let early = sends(place, &place.spokesperson, path, &soon, path).await;
        assert_eq!(early.status, 422, "{path}");
        holds(&early, "le réseau demande un préavis");
        holds(&early, "Une presse à plusieurs");
    }
    let few = sends(
        place,
        &place.spokesperson,
        "/decisions/ouvrir",
        &one_choice,
        "a",
    )
    .await;
    assert_eq!(few.status, 422);
    holds(&few, "Écrivez au moins 2 choix, un par ligne.");
    holds(&few, "Été");
}

#[tokio::test]
async fn only_a_spokesperson_opens_a_vote_and_others_read_whom_to_ask() {
    let stage = Stage::founded(3).await;
    let place = &stage.places[0];
    let (day, hour) = later(&stage, 60);

    let kind = place
        .hub
        .page(Some(&place.facilitator), "/decisions/ouvrir")
        .await;
    let posted = sends(
        place,
        &place.facilitator,
        "/decisions/publier",
        &a_vote(&day, &hour),
        "a",
    )
    .await;

    assert_eq!((kind.status, posted.status), (403, 403));
    holds(&kind, "Yasmine");
}

#[tokio::test]
async fn the_minutes_are_printed_and_the_hub_recounts_the_vote_check_by_check() {
    let stage = Stage::founded(3).await;
    let poll = stage.opened().await;
    for place in &stage.places {
        place.votes(poll, "approve").await;
    }
    stage.settle().await;
    let (hub, path) = (&stage.places[0].hub, format!("/decisions/{poll}"));
    let (minutes, recount) = (format!("{path}/proces-verbal"), format!("{path}/verifier"));

    for early in [&minutes, &recount] {
        assert_eq!(hub.page(None, early).await.status, 404, "{early}");
    }
    stage.until_certified(poll, &[0, 1, 2]).await;
    let minutes = hub.page(None, &minutes).await;
    let recount = hub.page(None, &recount).await;

    let value = stage.places[0].whole(poll).await.certified.unwrap().value;
    holds(
        &minutes,
        "Adopté : 3 pour, 0 contre, 0 abstention, 0 sans réponse",
    );
    holds(&minutes, &value.to_string());
    holds(&minutes, &format!("sha256:{}", stage.genesis));
    holds(&recount, "Ce résultat est prouvé");
    holds(
        &recount,
        "Plus des deux tiers des inscrits ont signé le même procès-verbal.",
    );
    lacks(&recount, "pas bon");

    // Who asks without end is asked to wait; a member never is.
    let stranger = Some(IpAddr::from([127, 0, 0, 1]));
    while verify::charge_stranger(&hub.app, stranger).is_ok() {}
    let recount = format!("{path}/verifier");
    assert_eq!(hub.page(None, &recount).await.status, 429);
    let member = hub.member("amina").create().await;
    assert_eq!(hub.page(Some(&member), &recount).await.status, 200);
}

#[tokio::test]
async fn the_register_tells_who_has_a_voice_and_warns_of_no_host_when_each_is_at_home() {
    let stage = Stage::founded(4).await;
    let hub = &stage.places[0].hub;

    let register = hub.page(None, "/registre").await;
    let sheet = hub.page(None, "/registre/empreintes").await;

    assert_eq!((register.status, sheet.status), (200, 200));
    holds(&register, "4 voix.");
    assert_eq!(register.text.matches("A une voix").count(), 4);
    holds(&register, "même si 1 KPA tombe en panne ou triche");
    lacks(&register, "c’est trop");
    let groups: Vec<String> = stage
        .genesis
        .to_string()
        .as_bytes()
        .chunks(4)
        .map(|four| String::from_utf8_lossy(four).into_owned())
        .collect();
    holds(&sheet, &groups.join(" "));
}
