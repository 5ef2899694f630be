//! The minutes of a vote to print, and its recount.

use super::{Incident, VoteHead, VoterLine, samples};
use crate::locale::{Locale, Stamp};
use crate::page::{Page, Sample, body};

/// The minutes (`/decisions/<hash>/proces-verbal`), for the file of the KPA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinutesPage {
    /// The vote.
    pub head: VoteHead,
    /// The KPA that asked, without the word.
    pub author: String,
    /// The result in one finished sentence.
    pub result: String,
    /// The rule, in finished sentences.
    pub rules: Vec<String>,
    /// How many KPA had a voice.
    pub voters: usize,
    /// How many KPA signed.
    pub signed: usize,
    /// When the result was certified here.
    pub certified: Stamp,
    /// Every KPA with a voice, by name.
    pub lines: Vec<VoterLine>,
    /// What was done against the rules.
    pub incidents: Vec<Incident>,
    /// What names the decision everywhere.
    pub value: String,
    /// The fingerprint of the act of foundation.
    pub genesis: String,
    /// The line to type.
    pub command: String,
    /// The whole address of the file.
    pub bundle: String,
}

impl Page for MinutesPage {
    fn title(&self, l: Locale) -> String {
        l.t1("minutes-title", "title", self.head.title.as_str())
    }

    body!(MinutesPage, "votes/minutes.html");

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::minutes(l)
    }
}

/// One check of a recount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckLine {
    /// What is checked, finished.
    pub what: String,
    /// What is wrong or missing, finished; nothing when it holds.
    pub faults: Vec<String>,
}

/// This KPA recounts a vote now (`/decisions/<hash>/verifier`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyPage {
    /// The vote.
    pub head: VoteHead,
    /// What came out, finished.
    pub verdict: String,
    /// The result as recounted, in one finished sentence.
    pub result: Option<String>,
    /// Every check, in order.
    pub checks: Vec<CheckLine>,
    /// The fingerprint of the act of foundation against which it was checked.
    pub genesis: String,
    /// The line to type elsewhere.
    pub command: String,
}

impl Page for VerifyPage {
    fn title(&self, l: Locale) -> String {
        l.t1("verify-title", "title", self.head.title.as_str())
    }

    body!(VerifyPage, "votes/verify.html");

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::recounts(l)
    }
}
