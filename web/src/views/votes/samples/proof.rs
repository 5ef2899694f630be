//! Samples of opening a vote, of minutes, recounts and the register.

use super::{HASH, TITLE, closes, head, open_page, result};
use crate::form::{Form, Problem};
use crate::locale::Locale;
use crate::markup;
use crate::page::Sample;
use crate::views::votes::{
    CheckLine, Incident, MinutesPage, OpenVoteForm, OpenVotePreview, RegisterLine, RegisterPage,
    VerifyPage,
};

pub(in crate::views::votes) fn open_forms(l: Locale) -> Vec<Sample<OpenVoteForm>> {
    let empty = OpenVoteForm {
        voters: 15,
        earliest: closes(l),
        form: Form::from_pairs([("kind", "approval"), ("majority", "simple")]),
    };
    let mut refused = empty.clone();
    refused.form = Form::from_pairs([("title", "Été"), ("kind", "single"), ("options", "Un")]);
    refused.form.refuse("text", Problem::Required);
    let few = Problem::Sentence(l.t("open-choices-two"));
    refused.form.refuse("options", few);
    refused.form.refuse("closes_on", Problem::NotADate);
    vec![
        Sample::member("empty", empty),
        Sample::member("errors", refused),
    ]
}

pub(in crate::views::votes) fn previews(l: Locale) -> Vec<Sample<OpenVotePreview>> {
    let good = OpenVotePreview {
        title: TITLE.into(),
        text: markup::member_text("Nous adoptons la **version 2**."),
        kind: l.t("vote-kind-single"),
        options: vec!["Été".into(), "Hiver".into()],
        rules: vec![l.t("vote-rule-most")],
        voters: 15,
        closes: closes(l),
        is_hidden: true,
        fields: vec![("title".into(), TITLE.into())],
        refused: None,
    };
    let refused = OpenVotePreview {
        refused: Some(l.t("error-notice-too-short")),
        is_hidden: false,
        ..good.clone()
    };
    vec![
        Sample::member("good", good),
        Sample::member("refused", refused),
    ]
}

pub(in crate::views::votes) fn minutes(l: Locale) -> Vec<Sample<MinutesPage>> {
    let page = MinutesPage {
        head: head(l),
        author: "La Bobinette".into(),
        result: result(l),
        rules: open_page(l).rules,
        voters: 15,
        signed: 12,
        certified: closes(l),
        lines: open_page(l).lines,
        incidents: vec![Incident {
            sentence: l.t1("vote-incident-seal", "hub", "La Criée"),
            proofs: [String::new(), String::new()],
        }],
        value: HASH.into(),
        genesis: HASH.into(),
        command: format!("interkpa verify bundle.json --genesis sha256:{HASH}"),
        bundle: format!("https://bobinette.example/gov/polls/{HASH}/bundle.json"),
    };
    vec![Sample::visitor("full", page)]
}

pub(in crate::views::votes) fn recounts(l: Locale) -> Vec<Sample<VerifyPage>> {
    let check = |key: &str, faults: Vec<String>| CheckLine {
        what: l.t(key),
        faults,
    };
    let good = VerifyPage {
        head: head(l),
        verdict: l.t("verify-valid"),
        result: Some(result(l)),
        checks: vec![
            check("verify-objects", Vec::new()),
            check("verify-tally", Vec::new()),
        ],
        genesis: HASH.into(),
        command: format!("interkpa verify bundle.json --genesis sha256:{HASH}"),
    };
    let bad = VerifyPage {
        verdict: l.t("verify-invalid"),
        result: None,
        checks: vec![
            check("verify-objects", vec![l.t("error-proof-invalid")]),
            check("verify-tally", Vec::new()),
        ],
        ..good.clone()
    };
    vec![Sample::visitor("good", good), Sample::visitor("bad", bad)]
}

pub(in crate::views::votes) fn registers(l: Locale) -> Vec<Sample<RegisterPage>> {
    const GROUPS: &str =
        "ead8 4edc 2ad4 5935 5625 4dd8 acd8 9d71 0da4 bb02 de23 3bed bbd8 79f3 8a1e bf3c";
    let line = |name: &str, key: &str, host: Option<&str>| RegisterLine {
        name: name.into(),
        href: "https://bobinette.example".into(),
        is_own: name == "La Bobinette",
        standing: l.t(key),
        fingerprint: GROUPS.into(),
        host: host.map(Into::into),
    };
    let full = RegisterPage {
        is_sheet: false,
        network: "KPA-Cité".into(),
        genesis: GROUPS.into(),
        voices: 4,
        may_fail: 1,
        warnings: vec![l.t2("register-warning", "host", "La Bobinette", "n", 2)],
        lines: vec![
            line("La Bobinette", "register-standing-voice", None),
            line(
                "Le Chevalement-des-Trois-Fontaines-Sainte-Élisabeth",
                "register-standing-voice",
                Some("La Bobinette"),
            ),
            line("La Criée", "register-standing-observer", None),
        ],
        at: closes(l),
    };
    let empty = RegisterPage {
        network: String::new(),
        lines: Vec::new(),
        warnings: Vec::new(),
        ..full.clone()
    };
    let sheet = RegisterPage {
        is_sheet: true,
        ..full.clone()
    };
    vec![
        Sample::visitor("full", full),
        Sample::visitor("empty", empty),
        Sample::visitor("sheet", sheet),
    ]
}
