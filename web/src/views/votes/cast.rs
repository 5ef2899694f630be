//! Casting the voice of a KPA: at most four screens. The choice, the summary, the word of a second
//! mandated person, the receipt. Source: votes.md 6.6, 7.6; web.md §10, journey 4.

use super::samples;
use crate::form::{Choice, Form};
use crate::locale::{Locale, Stamp};
use crate::page::{Page, Sample, body};

/// What stands on top of each of these screens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteHead {
    /// The vote.
    pub href: String,
    /// Its title, cleaned.
    pub title: String,
    /// When it closes.
    pub closes: Stamp,
}

/// One option with the name of its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name of its field, or its id where one field takes the id of an option.
    pub field: String,
    /// What people read.
    pub label: String,
}

/// What is asked, as a form asks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// One of these answers: field `choice`. The last one abstains.
    One(Vec<Choice>),
    /// Some of these, at most so many: field `options`, several times.
    Some(Vec<Choice>, u64),
    /// A place for each: fields `rank_<id>`, `1` is best, empty is no place.
    Ranking(Vec<Entry>),
    /// A number for each, both ends included: fields `score_<id>`.
    Scores(Vec<Entry>, i64, i64),
}

impl Asked {
    /// True if abstaining has a box of its own (field `abstain`).
    pub const fn has_box(&self) -> bool {
        !matches!(self, Self::One(_))
    }

    /// The places of a ranking, the first one empty.
    pub(crate) fn places(count: usize, l: impl Into<Locale>) -> Vec<Choice> {
        let none = Choice::new("", l.into().t("ballot-no-place"));
        let places = (1..=count).map(|place| Choice::new(place.to_string(), place.to_string()));
        std::iter::once(none).chain(places).collect()
    }
}

/// The choice of the KPA with its reason and mandate (`/decisions/<hash>/voter`).
/// Posts to the same path; fields `choice`, `options`, `rank_<id>`, `score_<id>` or `abstain`, then
/// `reason`, `mode`, `decided_on`, `participants`, `in_favour`, `against`, `abstained`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotForm {
    /// The vote.
    pub head: VoteHead,
    /// What is asked.
    pub asked: Asked,
    /// What the KPA answered so far, finished.
    pub present: Option<String>,
    /// What was typed.
    pub form: Form,
}

impl BallotForm {
    fn modes(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        vec![
            Choice::new("consent", l.t("mandate-consent")),
            Choice::new("majority", l.t("mandate-majority")),
            Choice::new("assembly", l.t("mandate-assembly")),
            Choice::new("delegate", l.t("mandate-delegate")),
        ]
    }
}

impl Page for BallotForm {
    fn title(&self, l: Locale) -> String {
        let title = l.t1("ballot-title", "title", self.head.title.as_str());
        if self.form.is_fine() {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(BallotForm, "votes/ballot.html");

    fn scripts(&self) -> &'static [&'static str] {
        &["draft.js"]
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::ballots(l)
    }
}

/// What a ballot says, finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The choice.
    pub choice: String,
    /// Why, plain.
    pub reason: Option<String>,
    /// How the members decided, one finished line each.
    pub mandate: Vec<String>,
}

/// The summary before the voice is cast. Posts to `/decisions/<hash>/deposer`, or back to the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotSummary {
    /// The vote.
    pub head: VoteHead,
    /// What the ballot says.
    pub told: Told,
    /// What was typed, by field: carried along unseen.
    pub fields: Vec<(String, String)>,
    /// True if a second mandated person has to confirm.
    pub second_person: bool,
    /// Why it was not counted, finished: « Le vote a fermé à 18 h 00. … ». Then nothing can be sent.
    pub refused: Option<String>,
    /// True if trying again may help.
    pub may_retry: bool,
}

impl Page for BallotSummary {
    fn title(&self, l: Locale) -> String {
        l.t1("ballot-summary-title", "title", self.head.title.as_str())
    }

    body!(BallotSummary, "votes/summary.html");

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::summaries(l)
    }
}

/// The word of the second mandated person (`/decisions/<hash>/confirmer/<id>`); posts to the same path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmPage {
    /// The vote.
    pub head: VoteHead,
    /// Where it posts to.
    pub action: String,
    /// Who prepared the ballot.
    pub by: String,
    /// What it says.
    pub told: Told,
    /// True if the reader prepared it: somebody else has to confirm.
    pub is_own: bool,
    /// The vote is closed: what it says, finished.
    pub refused: Option<String>,
}

impl Page for ConfirmPage {
    fn title(&self, l: Locale) -> String {
        l.t1("ballot-confirm-title", "title", self.head.title.as_str())
    }

    body!(ConfirmPage, "votes/confirm.html");

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::confirmations(l)
    }
}

/// The receipt of a voice (`/decisions/<hash>/recu`), for the wall or the file of the KPA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The vote.
    pub head: VoteHead,
    /// What the ballot says; the choice alone for who is not mandated.
    pub told: Told,
    /// What people compare on another site.
    pub tracking: String,
    /// The whole hash of the ballot.
    pub hash: String,
    /// How many KPA hold it: « 13 / 15 ».
    pub received: String,
    /// Who cast it, finished; nothing for strangers.
    pub by: Option<String>,
    /// True while it may still change.
    pub may_change: bool,
}

impl Page for Receipt {
    fn title(&self, l: Locale) -> String {
        l.t1("receipt-title", "title", self.head.title.as_str())
    }

    body!(Receipt, "votes/receipt.html");

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::receipts(l)
    }
}

/// Who does not vote for the KPA, or no longer: what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotForYou {
    /// Where to go on: the vote, or the list.
    pub next: String,
    /// Why, finished.
    pub why: String,
    /// The spokespersons of the KPA, by name.
    pub spokespeople: Vec<String>,
}

impl Page for NotForYou {
    fn title(&self, l: Locale) -> String {
        l.t("vote-not-for-you-title")
    }

    body!(NotForYou, "votes/not_for_you.html");

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::refusals(l)
    }
}
