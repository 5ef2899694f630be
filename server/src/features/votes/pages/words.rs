//! What the signed JSON of a vote says, in plain words.

use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::effect::{Effect, EffectKind};
use interkpa_federation::governance::question::{OptionId, Question, QuestionKind};
use interkpa_federation::governance::result::{Counts, Outcome, PollResult};
use interkpa_federation::governance::rule::{
    Abstentions, Base, Bound, Decision, Fraction, Rule, Threshold,
};
use interkpa_web::Locale;
use serde_json::Value;

use crate::features::votes::view::Voice;

/// Several things in one list: « Été, Automne et Hiver ».
fn joined(l: Locale, mut parts: Vec<String>) -> String {
    let Some(last) = parts.pop() else {
        return String::new();
    };
    if parts.is_empty() {
        return last;
    }
    format!("{} {} {last}", parts.join(", "), l.t("vote-and"))
}

fn label(question: &Question, id: OptionId) -> String {
    let mut options = question.options().iter();
    options
        .find(|option| option.id == id)
        .map_or_else(|| id.to_string(), |option| option.label.clone())
}

fn labels(l: Locale, question: &Question, ids: &[OptionId]) -> String {
    joined(l, ids.iter().map(|id| label(question, *id)).collect())
}

/// The label of an answer of one word.
pub(super) fn word(l: Locale, word: Word) -> String {
    l.t(match word {
        Word::Approve => "vote-word-approve",
        Word::Oppose => "vote-word-oppose",
        Word::Consent => "vote-word-consent",
        Word::Object => "vote-word-object",
        Word::Abstain => "vote-word-abstain",
    })
}

/// A choice as it stands in a ballot.
pub(super) fn choice(l: Locale, question: &Question, choice: &Value) -> String {
    match Choice::read(choice) {
        None => choice.to_string(),
        Some(Choice::Word(one)) => word(l, one),
        Some(Choice::Options(ids)) => labels(l, question, &ids),
        Some(Choice::Ranking(groups)) => {
            let line = |(at, group): (usize, &Vec<OptionId>)| {
                format!("{}. {}", at + 1, labels(l, question, group))
            };
            let lines: Vec<String> = groups.iter().enumerate().map(line).collect();
            lines.join(" · ")
        }
        Some(Choice::Scores(scores)) => {
            let line = |option: &interkpa_federation::governance::question::PollOption| {
                let score = scores.get(&option.id).copied().unwrap_or_default();
                format!("{}{}{score}", option.label, l.t("colon"))
            };
            let lines: Vec<String> = question.options().iter().map(line).collect();
            lines.join(" · ")
        }
    }
}

/// What a voice says; that it is there while what it says is hidden.
pub(super) fn voice(l: Locale, question: &Question, voice: &Voice) -> String {
    voice.choice.as_ref().map_or_else(
        || l.t("vote-hidden-choice"),
        |said| choice(l, question, said),
    )
}

/// The key of the sentence for a mandate.
pub(super) fn mandate(mode: &str) -> &'static str {
    match mode {
        "majority" => "mandate-majority",
        "assembly" => "mandate-assembly",
        "delegate" => "mandate-delegate",
        _ => "mandate-consent",
    }
}

/// The kind of a question.
pub(super) fn kind(l: Locale, kind: QuestionKind) -> String {
    l.t(match kind {
        QuestionKind::Approval => "vote-kind-approval",
        QuestionKind::Consent => "vote-kind-consent",
        QuestionKind::Single => "vote-kind-single",
        QuestionKind::Multiple => "vote-kind-multiple",
        QuestionKind::Ranked => "vote-kind-ranked",
        QuestionKind::Score => "vote-kind-score",
    })
}

/// What follows from adoption; nothing for a vote without an effect.
pub(super) fn effect(l: Locale, effect: Option<&Effect>) -> Option<String> {
    let key = match effect?.kind() {
        EffectKind::CharterAmend => "vote-effect-charter",
        EffectKind::RegisterAdmit => "vote-effect-admit",
        EffectKind::RegisterSuspend => "vote-effect-suspend",
        EffectKind::RegisterKey => "vote-effect-key",
        EffectKind::FundContribution => "vote-effect-fund",
        EffectKind::RuleChange => "vote-effect-rules",
        EffectKind::Nothing => return None,
    };
    Some(l.t(key))
}

/// The least number of `all` that meets a fraction; one more than all when none does.
fn least(fraction: Fraction, all: u64) -> u64 {
    (0..=all)
        .find(|part| fraction.is_met(*part, all))
        .unwrap_or(all.saturating_add(1))
}

/// How it is decided, one sentence each.
pub(super) fn rules(l: Locale, kind: QuestionKind, rule: &Rule, voters: usize) -> Vec<String> {
    let all = u64::try_from(voters).unwrap_or(u64::MAX);
    let mut said = vec![];
    let quorum = least(rule.quorum.fraction, all);
    if quorum > 0 {
        said.push(l.t2("vote-rule-quorum", "n", quorum, "all", all));
        if rule.quorum.abstentions == Abstentions::LeftOut {
            said.push(l.t("vote-rule-no-abstention"));
        }
    }
    match rule.decision {
        Decision::Threshold(threshold) => said.push(reach(l, threshold, all)),
        Decision::ObjectionsMax(most) => said.push(l.t1("vote-rule-objections", "n", most)),
        Decision::Most if kind == QuestionKind::Score => {
            said.push(l.t("vote-rule-sum"));
        }
        Decision::Most => said.push(l.t("vote-rule-most")),
        Decision::Schulze => {
            said.extend([l.t("vote-rule-ranked"), l.t("vote-rule-unranked")]);
        }
    }
    said
}

fn reach(l: Locale, threshold: Threshold, all: u64) -> String {
    let base = match threshold.base {
        Base::Electorate => {
            let least = least(threshold.fraction, all).max(1);
            return l.t2("vote-rule-of-all", "n", least, "all", all);
        }
        Base::Expressed if threshold.fraction.is_strict_half() => {
            return l.t("vote-rule-simple");
        }
        Base::Expressed => "vote-rule-expressed",
        Base::Participants => "vote-rule-participants",
    };
    let (numerator, denominator, bound) = threshold.fraction.parts();
    let key = match bound {
        Bound::Strict => "vote-rule-more",
        Bound::Reached => "vote-rule-reached",
    };
    let part = format!("{numerator}/{denominator}");
    format!("{} {}", l.t1(key, "part", part), l.t(base))
}

/// The result in one sentence: « Adopté : 9 pour, 3 contre, 1 abstention, 2 sans réponse ».
pub(super) fn result(l: Locale, question: &Question, result: &PollResult) -> String {
    format!(
        "{}{}{}",
        outcome(l, question, result),
        l.t("colon"),
        counts(l, question, result).join(", ")
    )
}

fn outcome(l: Locale, question: &Question, result: &PollResult) -> String {
    let winners = result.winners.as_deref().unwrap_or_default();
    let key = match result.outcome {
        Outcome::Adopted if !winners.is_empty() => {
            let option = labels(l, question, winners);
            return l.t1("vote-outcome-chosen", "option", option);
        }
        Outcome::Tie if !winners.is_empty() => {
            let options = labels(l, question, winners);
            return l.t1("vote-outcome-tie-of", "options", options);
        }
        Outcome::Adopted => "vote-outcome-adopted",
        Outcome::Rejected => "vote-outcome-rejected",
        Outcome::NoQuorum => "vote-outcome-no-quorum",
        Outcome::Tie => "vote-outcome-tie",
        Outcome::VoidNotice => "vote-outcome-void-notice",
        Outcome::VoidElectorate => "vote-outcome-void-electorate",
        Outcome::Cancelled => "vote-outcome-cancelled",
    };
    l.t(key)
}

fn counts(l: Locale, question: &Question, result: &PollResult) -> Vec<String> {
    let (mut said, participants) = match &result.counts {
        Counts::Approval {
            approve,
            oppose,
            abstain,
        } => (
            vec![
                l.t1("vote-n-approve", "n", approve),
                l.t1("vote-n-oppose", "n", oppose),
                l.t1("vote-n-abstain", "n", abstain),
            ],
            approve + oppose + abstain,
        ),
        Counts::Consent {
            consent,
            object,
            abstain,
        } => (
            vec![
                l.t1("vote-n-consent", "n", consent),
                l.t1("vote-n-object", "n", object),
                l.t1("vote-n-abstain", "n", abstain),
            ],
            consent + object + abstain,
        ),
        Counts::Options {
            abstain,
            participants,
            options,
        } => {
            let numbered =
                |(id, number): (&OptionId, &i64)| format!("{} {number}", label(question, *id));
            let mut said: Vec<String> = options.iter().map(numbered).collect();
            said.push(l.t1("vote-n-voted", "n", participants));
            said.push(l.t1("vote-n-abstain", "n", abstain));
            (said, *participants)
        }
    };
    if result.void > 0 {
        said.push(l.t1("vote-n-void", "n", result.void));
    }
    let answered = participants.saturating_add(result.void);
    let silent = result.electorate.saturating_sub(answered);
    said.push(l.t1("vote-n-silent", "n", silent));
    said
}
