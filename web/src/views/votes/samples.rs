//! Samples of the pages of votes: every state, long names, accents.

use super::{
    Asked, BallotForm, BallotSummary, ConfirmPage, Entry, Incident, NotForYou, Proof, Receipt,
    Signing, Stage, Told, VoteHead, VoteLine, VoteList, VotePage, VoterLine, WaitingBallot,
};
use crate::form::{Choice, Form, Problem};
use crate::locale::{Locale, Moment, Stamp};
use crate::markup;
use crate::page::Sample;
use crate::views::parts::Link;

mod proof;

pub(super) use proof::{minutes, open_forms, previews, recounts, registers};

const HREF: &str = "/decisions/0d1f2a3b4c5d6e7f0d1f2a3b4c5d6e7f0d1f2a3b4c5d6e7f0d1f2a3b4c5d6e7f";
const HASH: &str = "ead84edc2ad4593556254dd8acd89d710da4bb02de233bedbbd879f38a1ebf3c";
const TITLE: &str = "Le cadre, version 2 : élargir l’accueil à l’été";
/// 24 November 2026, 17:00 UTC.
const CLOSES_MS: i64 = 1_795_539_600_000;

fn closes(l: Locale) -> Stamp {
    l.full_stamp(Moment::utc(CLOSES_MS))
}

fn line(l: Locale, stage: Stage, result: Option<&str>, own: Option<&str>) -> VoteLine {
    VoteLine {
        href: HREF.into(),
        title: TITLE.into(),
        author: "La Bobinette".into(),
        stage,
        closes: closes(l),
        result: result.map(Into::into),
        own: own.map(Into::into),
    }
}

fn result(l: Locale) -> String {
    match l {
        Locale::Fr => "Adopté\u{a0}: 9 pour, 3 contre, 1 abstention, 2 sans réponse".into(),
        Locale::En => "Adopted: 9 for, 3 against, 1 abstention, 2 without an answer".into(),
    }
}

/// Open votes as the home page shows them.
pub(crate) fn lines(l: Locale) -> Vec<VoteLine> {
    let voted = l.t1("vote-own-voted", "choice", l.t("vote-word-approve"));
    vec![
        line(l, Stage::Open, None, Some(&l.t("vote-own-none"))),
        line(l, Stage::Open, None, Some(&voted)),
    ]
}

pub(super) fn lists(l: Locale) -> Vec<Sample<VoteList>> {
    let result = result(l);
    let full = VoteList {
        open: vec![
            line(l, Stage::Open, None, Some(&l.t("vote-own-none"))),
            line(l, Stage::Planned, None, None),
        ],
        closing: vec![line(l, Stage::Closing, None, None)],
        over: vec![
            line(l, Stage::Over, Some(&result), None),
            line(l, Stage::Refuted, None, None),
        ],
        may_open: true,
        in_network: true,
        next: Some(Link::new("/decisions?apres=x", "")),
    };
    let quiet = VoteList {
        open: Vec::new(),
        closing: Vec::new(),
        may_open: false,
        next: None,
        ..full.clone()
    };
    let empty = VoteList {
        over: Vec::new(),
        in_network: false,
        ..quiet.clone()
    };
    vec![
        Sample::member("full", full),
        Sample::visitor("nothing-open", quiet),
        Sample::visitor("empty", empty),
    ]
}

fn voter(name: &str, choice: Option<&str>, reason: Option<&str>) -> VoterLine {
    VoterLine {
        name: name.into(),
        is_own: name == "La Bobinette",
        choice: choice.map(Into::into),
        reason: reason.map(Into::into),
        mandate: choice.map(|_| "Par consentement".into()),
        tracking: choice.map(|_| "5lme5xbk2rmt".into()),
        received: choice.map(|_| "13 / 15".into()),
        signed: false,
    }
}

fn open_page(l: Locale) -> VotePage {
    VotePage {
        href: HREF.into(),
        title: TITLE.into(),
        author: "La Bobinette".into(),
        stage: Stage::Open,
        text: markup::member_text(
            "Nous adoptons la **version 2** du cadre.\n\n- un accueil d’été\n- deux heures de plus",
        ),
        text_link: None,
        lang: "fr".into(),
        kind: l.t("vote-kind-approval"),
        options: Vec::new(),
        voters: 15,
        rules: vec![
            l.t2("vote-rule-quorum", "n", 8, "all", 15),
            l.t("vote-rule-simple"),
        ],
        effect: Some(l.t("vote-effect-charter")),
        opens: closes(l),
        closes: closes(l),
        result: None,
        signing: None,
        voted: 2,
        is_hidden: false,
        own: Some(l.t("vote-own-none")),
        has_voted: false,
        may_vote: true,
        waiting: Some(WaitingBallot {
            href: format!("{HREF}/confirmer/0192f0a0-0000-7000-b000-000000000001"),
            by: "Karima".into(),
            choice: l.t("vote-word-approve"),
            may_confirm: true,
        }),
        lines: vec![
            voter("La Bobinette", None, None),
            voter(
                "Le Chevalement-des-Trois-Fontaines-Sainte-Élisabeth-de-Bruay",
                Some("Pour"),
                Some(
                    "L’été compte beaucoup pour les familles de Nœux-les-Mines, et l’accueil y manque.",
                ),
            ),
            voter("La Criée", Some("Contre"), None),
        ],
        incidents: Vec::new(),
        proof: None,
    }
}

pub(super) fn pages(l: Locale) -> Vec<Sample<VotePage>> {
    let open = open_page(l);
    let visitor = VotePage {
        own: None,
        may_vote: false,
        waiting: None,
        is_hidden: true,
        ..open.clone()
    };
    let planned = VotePage {
        stage: Stage::Planned,
        text_link: Some("https://cadre.example/v2".into()),
        options: vec!["Été".into(), "Hiver".into()],
        lines: Vec::new(),
        ..visitor.clone()
    };
    let closing = VotePage {
        stage: Stage::Closing,
        signing: Some(Signing {
            signed: 7,
            needed: 11,
            expected: closes(l),
        }),
        own: Some(l.t1("vote-own-voted", "choice", l.t("vote-word-approve"))),
        has_voted: true,
        may_vote: false,
        waiting: None,
        ..open.clone()
    };
    let mut over = VotePage {
        stage: Stage::Over,
        signing: None,
        result: Some(result(l)),
        incidents: vec![Incident {
            sentence: l.t1("vote-incident-ballot", "hub", "La Criée"),
            proofs: [
                format!("/gov/objects/{HASH}"),
                format!("/gov/objects/{HASH}"),
            ],
        }],
        proof: Some(Proof {
            value: HASH.into(),
            bundle: format!("/gov/polls/{HASH}/bundle.json"),
            command: format!("interkpa verify bundle.json --genesis sha256:{HASH}"),
            signed: 12,
            certified: closes(l),
        }),
        ..closing.clone()
    };
    for voter in &mut over.lines {
        voter.signed = true;
    }
    let refuted = VotePage {
        stage: Stage::Refuted,
        result: None,
        proof: None,
        ..over.clone()
    };
    vec![
        Sample::member("open", open),
        Sample::visitor("of-a-visitor", visitor),
        Sample::visitor("planned", planned),
        Sample::member("closing", closing),
        Sample::member("over", over),
        Sample::visitor("refuted", refuted),
    ]
}

fn head(l: Locale) -> VoteHead {
    VoteHead {
        href: HREF.into(),
        title: TITLE.into(),
        closes: closes(l),
    }
}

fn words(l: Locale, names: &[&str]) -> Vec<Choice> {
    let choice = |name: &&str| Choice::new(*name, l.t(&format!("vote-word-{name}")));
    names.iter().map(choice).collect()
}

fn entries(kind: &str) -> Vec<Entry> {
    let entry = |(id, label): (&str, &str)| Entry {
        field: format!("{kind}_{id}"),
        label: label.into(),
    };
    [
        (
            "o1",
            "Une presse à chaud partagée entre les KPA du bassin minier",
        ),
        ("o2", "Un été de fêtes"),
        ("o3", "Rien cette année"),
    ]
    .map(entry)
    .to_vec()
}

pub(super) fn ballots(l: Locale) -> Vec<Sample<BallotForm>> {
    let form = |asked| BallotForm {
        head: head(l),
        asked,
        present: None,
        form: Form::new(),
    };
    let options = || vec![Choice::new("o1", "Été"), Choice::new("o2", "Hiver")];
    let approval = form(Asked::One(words(l, &["approve", "oppose", "abstain"])));
    let mut refused = form(Asked::One(words(l, &["consent", "object", "abstain"])));
    refused.form = Form::from_pairs([("choice", "object"), ("mode", "majority")]);
    refused.form.refuse("reason", Problem::Required);
    let single = BallotForm {
        present: Some("Hiver".into()),
        ..form(Asked::One(options()))
    };
    let mut ranked = form(Asked::Ranking(entries("rank")));
    ranked.form = Form::from_pairs([("rank_o1", "2"), ("rank_o2", "1")]);
    let mut scores = form(Asked::Scores(entries("score"), -2, 5));
    scores.form.set("score_o1", "7");
    scores
        .form
        .refuse("score_o1", Problem::OutOfRange { min: -2, max: 5 });
    vec![
        Sample::member("approval", approval),
        Sample::member("consent-errors", refused),
        Sample::member("single", single),
        Sample::member("multiple", form(Asked::Some(options(), 1))),
        Sample::member("ranked", ranked),
        Sample::member("score-errors", scores),
    ]
}

fn told(l: Locale) -> Told {
    Told {
        choice: l.t("vote-word-approve"),
        reason: Some("L’été compte.".into()),
        mandate: vec![l.t("mandate-consent"), l.t1("mandate-counts", "n", 12)],
    }
}

pub(super) fn summaries(l: Locale) -> Vec<Sample<BallotSummary>> {
    let good = BallotSummary {
        head: head(l),
        told: told(l),
        fields: vec![
            ("choice".into(), "approve".into()),
            ("mode".into(), "consent".into()),
        ],
        second_person: true,
        refused: None,
        may_retry: false,
    };
    let late = BallotSummary {
        refused: Some(l.t1("ballot-too-late-at", "time", "18 h 00")),
        ..good.clone()
    };
    let again = BallotSummary {
        refused: Some(l.t("error-own-ballots-unknown")),
        may_retry: true,
        second_person: false,
        ..good.clone()
    };
    vec![
        Sample::member("good", good),
        Sample::member("too-late", late),
        Sample::member("try-again", again),
    ]
}

pub(super) fn confirmations(l: Locale) -> Vec<Sample<ConfirmPage>> {
    let other = ConfirmPage {
        head: head(l),
        action: format!("{HREF}/confirmer/0192f0a0-0000-7000-b000-000000000001"),
        by: "Karima".into(),
        told: told(l),
        is_own: false,
        refused: None,
    };
    let own = ConfirmPage {
        is_own: true,
        ..other.clone()
    };
    let late = ConfirmPage {
        refused: Some(l.t1("ballot-too-late-at", "time", "18 h 00")),
        ..other.clone()
    };
    vec![
        Sample::member("of-another", other),
        Sample::member("own", own),
        Sample::member("too-late", late),
    ]
}

pub(super) fn receipts(l: Locale) -> Vec<Sample<Receipt>> {
    let full = Receipt {
        head: head(l),
        told: told(l),
        tracking: "5lme5xbk2rmt".into(),
        hash: HASH.into(),
        received: "13 / 15".into(),
        by: Some(l.t2("vote-own-by-two", "name", "Karima", "second", "Léon")),
        may_change: true,
    };
    let seen = Receipt {
        by: None,
        may_change: false,
        ..full.clone()
    };
    vec![
        Sample::member("full", full),
        Sample::visitor("of-a-visitor", seen),
    ]
}

pub(super) fn refusals(l: Locale) -> Vec<Sample<NotForYou>> {
    let with = |why: &str, spokespeople: Vec<String>| NotForYou {
        next: HREF.into(),
        why: l.t(why),
        spokespeople,
    };
    vec![
        Sample::member(
            "named",
            with(
                "vote-not-for-you",
                vec!["Karima".into(), "Zoé d’Hérouville".into()],
            ),
        ),
        Sample::member("nobody", with("vote-nobody-yet", Vec::new())),
        Sample::member("closed", with("vote-over-words", Vec::new())),
    ]
}
