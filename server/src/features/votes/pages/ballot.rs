//! A ballot as a form holds it: what is asked, and what was typed.

use std::collections::BTreeMap;

use interkpa_federation::governance::choice::{Choice as Answer, Word};
use interkpa_federation::governance::poll::Poll;
use interkpa_federation::governance::question::{OptionId, PollOption, Question, Scale};
use interkpa_federation::{Instant, Span};
use interkpa_web::Locale;
use interkpa_web::form::{Choice, Form as WebForm, Problem};
use interkpa_web::views::votes::{Asked, Entry, Told};

use super::words;
use crate::features::votes::commands::NewBallot;
use crate::features::votes::model::Mandated;
use crate::http::form::Form;
use crate::http::render;
use crate::typed;

/// Longest reason, in characters. Source: `commands`.
const REASON_MAX: usize = 2_000;
/// Most members of a hub that a mandate may count.
const PEOPLE_MAX: i64 = 100_000;

/// What a poll asks, as a form asks it.
pub(super) fn asked(l: Locale, question: &Question) -> Asked {
    let options = |options: &[PollOption]| -> Vec<Choice> {
        let choice = |option: &PollOption| Choice::new(option.id.to_string(), &option.label);
        options.iter().map(choice).collect()
    };
    let entries = |kind: &str, options: &[PollOption]| -> Vec<Entry> {
        let entry = |option: &PollOption| Entry {
            field: format!("{kind}_{}", option.id),
            label: option.label.clone(),
        };
        options.iter().map(entry).collect()
    };
    match question {
        Question::Approval => one_word(l, &[Word::Approve, Word::Oppose, Word::Abstain]),
        Question::Consent => one_word(l, &[Word::Consent, Word::Object, Word::Abstain]),
        Question::Single(of) => {
            let mut choices = options(of);
            choices.push(answer(l, Word::Abstain));
            Asked::One(choices)
        }
        Question::Multiple {
            options: of,
            choices_max,
        } => Asked::Some(options(of), *choices_max),
        Question::Ranked(of) => Asked::Ranking(entries("rank", of)),
        Question::Score { options: of, scale } => {
            Asked::Scores(entries("score", of), scale.min, scale.max)
        }
    }
}

fn answer(l: Locale, word: Word) -> Choice {
    let icon = match word {
        Word::Approve | Word::Consent => "check",
        Word::Oppose => "close",
        Word::Object => "warn",
        Word::Abstain => "pause",
    };
    Choice::new(word.as_str(), words::word(l, word)).icon(icon)
}

fn one_word(l: Locale, words: &[Word]) -> Asked {
    Asked::One(words.iter().map(|word| answer(l, *word)).collect())
}

/// What was typed; what is wrong is added to the form.
pub(super) fn read(
    l: Locale,
    form: &Form,
    typed: &mut WebForm,
    poll: &Poll,
    now: Instant,
) -> Option<NewBallot> {
    let choice = choice(form, typed, &poll.question);
    let reason = reason(typed, choice.as_ref());
    let mandate = mandate(l, typed, now);
    let choice = choice.filter(|_| typed.is_fine())?;
    Some(NewBallot {
        choice: choice.write(),
        reason,
        mandate: mandate?,
    })
}

fn choice(form: &Form, typed: &mut WebForm, question: &Question) -> Option<Answer> {
    let has_box = matches!(
        question,
        Question::Multiple { .. } | Question::Ranked(_) | Question::Score { .. }
    );
    if has_box && form.has("abstain") {
        return Some(Answer::Word(Word::Abstain));
    }
    let read = match question {
        Question::Approval | Question::Consent => word(typed),
        Question::Single(_) => match OptionId::parse(typed.value("choice")) {
            Some(id) => Some(Answer::Options(vec![id])),
            None => word(typed),
        },
        Question::Multiple { choices_max, .. } => some(form, typed, *choices_max),
        Question::Ranked(options) => ranking(typed, options),
        Question::Score { options, scale } => scores(typed, options, *scale),
    }?;
    if read.answers(question) {
        return Some(read);
    }
    typed.refuse("choice", Problem::UnknownChoice);
    None
}

fn word(typed: &mut WebForm) -> Option<Answer> {
    let found = Word::parse(typed.value("choice"));
    if found.is_none() {
        typed.refuse("choice", Problem::ChoiceRequired);
    }
    found.map(Answer::Word)
}

fn some(form: &Form, typed: &mut WebForm, choices_max: u64) -> Option<Answer> {
    let mut ids: Vec<OptionId> = form.all("options").filter_map(OptionId::parse).collect();
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        typed.refuse("options", Problem::ChoiceRequired);
        return None;
    }
    if u64::try_from(ids.len()).unwrap_or(u64::MAX) > choices_max {
        let max = u32::try_from(choices_max).unwrap_or(u32::MAX);
        typed.refuse("options", Problem::TooMany { max });
        return None;
    }
    Some(Answer::Options(ids))
}

fn ranking(typed: &mut WebForm, options: &[PollOption]) -> Option<Answer> {
    let most = i64::try_from(options.len()).unwrap_or(i64::MAX);
    let mut places: BTreeMap<i64, Vec<OptionId>> = BTreeMap::new();
    for option in options {
        let field = format!("rank_{}", option.id);
        let text = typed.value(&field).trim().to_owned();
        if text.is_empty() {
            continue;
        }
        match typed::whole(&text, 1, most) {
            Ok(place) => places.entry(place).or_default().push(option.id),
            Err(problem) => typed.refuse(&field, problem),
        }
    }
    if places.is_empty() {
        if let Some(first) = options.first() {
            typed.refuse(&format!("rank_{}", first.id), Problem::ChoiceRequired);
        }
        return None;
    }
    let mut groups: Vec<Vec<OptionId>> = places.into_values().collect();
    for group in &mut groups {
        group.sort();
    }
    Some(Answer::Ranking(groups))
}

fn scores(typed: &mut WebForm, options: &[PollOption], scale: Scale) -> Option<Answer> {
    let mut found = BTreeMap::new();
    for option in options {
        let field = format!("score_{}", option.id);
        match signed(typed.value(&field), scale) {
            Ok(score) => {
                found.insert(option.id, score);
            }
            Err(problem) => typed.refuse(&field, problem),
        }
    }
    (found.len() == options.len()).then_some(Answer::Scores(found))
}

/// A whole number that may be below zero, with either sign people type.
fn signed(text: &str, scale: Scale) -> Result<i64, Problem> {
    let text = text.trim().replace('−', "-");
    if text.is_empty() {
        return Err(Problem::Required);
    }
    let score: i64 = text.parse().map_err(|_no_number| Problem::NotANumber)?;
    if (scale.min..=scale.max).contains(&score) {
        Ok(score)
    } else {
        Err(Problem::OutOfRange {
            min: scale.min,
            max: scale.max,
        })
    }
}

fn reason(typed: &mut WebForm, choice: Option<&Answer>) -> Option<String> {
    let text = typed.value("reason").trim().to_owned();
    if text.chars().count() > REASON_MAX {
        let max = u32::try_from(REASON_MAX).unwrap_or(u32::MAX);
        typed.refuse("reason", Problem::TooLong { max });
    }
    if text.is_empty() && choice == Some(&Answer::Word(Word::Object)) {
        typed.refuse("reason", Problem::Required);
    }
    (!text.is_empty()).then_some(text)
}

fn mandate(l: Locale, typed: &mut WebForm, now: Instant) -> Option<Mandated> {
    let mode = typed.value("mode").to_owned();
    if !["consent", "majority", "delegate", "assembly"].contains(&mode.as_str()) {
        typed.refuse("mode", Problem::ChoiceRequired);
    }
    let decided_at = day(typed, now);
    let mandate = Mandated {
        mode,
        decided_at: decided_at.to_rfc3339(),
        participants: people(typed, "participants"),
        in_favour: people(typed, "in_favour"),
        against: people(typed, "against"),
        abstained: people(typed, "abstained"),
        minutes_sha256: None,
        local_ref: None,
    };
    if !typed.is_fine() {
        return None;
    }
    match mandate.read(now) {
        Ok(_good) => Some(mandate),
        Err((_field, code)) => {
            let problem = Problem::Sentence(render::field_sentence(l, code));
            typed.refuse("participants", problem);
            None
        }
    }
}

fn people(typed: &mut WebForm, field: &str) -> Option<u64> {
    let text = typed.value(field).trim().to_owned();
    if text.is_empty() {
        return None;
    }
    match typed::whole(&text, 0, PEOPLE_MAX) {
        Ok(number) => u64::try_from(number).ok(),
        Err(problem) => {
            typed.refuse(field, problem);
            None
        }
    }
}

/// The day as typed, at its end, but never later than now; now when none was typed. Whole seconds.
fn day(typed: &mut WebForm, now: Instant) -> Instant {
    let now = Instant::from_seconds(now.as_seconds());
    let text = typed.value("decided_on").trim().to_owned();
    if text.is_empty() {
        return now;
    }
    // Read as seen from a year ago, so that past days are not refused as past.
    let a_year_ago = now + Span::days(-366);
    match typed::end_of_day(&text, a_year_ago, 366) {
        Ok(at) => at.min(now),
        Err(problem) => {
            typed.refuse("decided_on", problem);
            now
        }
    }
}

/// What a ballot says, in words.
pub(super) fn told(l: Locale, question: &Question, ballot: &NewBallot) -> Told {
    Told {
        choice: words::choice(l, question, &ballot.choice),
        reason: ballot.reason.clone(),
        mandate: mandate_told(l, &ballot.mandate),
    }
}

/// A mandate, one line for each thing it says.
pub(super) fn mandate_told(l: Locale, mandate: &Mandated) -> Vec<String> {
    let mut lines = vec![l.t(words::mandate(&mandate.mode))];
    if let Some(many) = mandate.participants {
        lines.push(l.t1("mandate-counts", "n", many));
    }
    let counts = [
        ("vote-n-approve", mandate.in_favour),
        ("vote-n-oppose", mandate.against),
        ("vote-n-abstain", mandate.abstained),
    ];
    let said: Vec<String> = counts
        .into_iter()
        .filter_map(|(key, count)| Some(l.t1(key, "n", count?)))
        .collect();
    if !said.is_empty() {
        lines.push(said.join(", "));
    }
    lines
}
