//! One vote: the question, who votes, the rule, what was cast, the result and how to recount it.

use super::{Stage, samples};
use crate::locale::{Locale, Stamp};
use crate::markup::SafeHtml;
use crate::page::{Page, Sample, Width, body};

/// The minutes on their way: how many KPA signed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    /// How many signed.
    pub signed: usize,
    /// How many must.
    pub needed: usize,
    /// By when to expect them.
    pub expected: Stamp,
}

/// One KPA with a voice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoterLine {
    /// Its name, without the word.
    pub name: String,
    /// True for this KPA.
    pub is_own: bool,
    /// What it answers, finished; nothing while it has not voted.
    pub choice: Option<String>,
    /// Why, plain.
    pub reason: Option<String>,
    /// How its members decided, finished.
    pub mandate: Option<String>,
    /// What people compare on another site.
    pub tracking: Option<String>,
    /// How many KPA hold the ballot, of how many: « 13 / 15 ».
    pub received: Option<String>,
    /// True if it signed the result.
    pub signed: bool,
}

/// Something that a KPA did against the rules, with its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// A finished sentence.
    pub sentence: String,
    /// The two signed pieces that prove it.
    pub proofs: [String; 2],
}

/// How anybody recounts the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What names the decision everywhere.
    pub value: String,
    /// The file.
    pub bundle: String,
    /// The line to type.
    pub command: String,
    /// How many KPA signed.
    pub signed: usize,
    /// When the result was certified here.
    pub certified: Stamp,
}

/// A ballot of this KPA that waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingBallot {
    /// The page to confirm it.
    pub href: String,
    /// Who prepared it.
    pub by: String,
    /// What it says, finished.
    pub choice: String,
    /// True if the reader may confirm it.
    pub may_confirm: bool,
}

/// One vote (`/decisions/<hash>`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VotePage {
    /// Its own path.
    pub href: String,
    /// Its title, cleaned.
    pub title: String,
    /// The KPA that asks, without the word.
    pub author: String,
    /// How far it is.
    pub stage: Stage,
    /// The text voted on, safe; empty if it stands elsewhere.
    pub text: SafeHtml,
    /// Where the text stands, if not in the vote.
    pub text_link: Option<String>,
    /// The language of title and text.
    pub lang: String,
    /// The kind of question, finished: « Pour ou contre ».
    pub kind: String,
    /// The options, in the author's order.
    pub options: Vec<String>,
    /// How many KPA have a voice.
    pub voters: usize,
    /// The rule, in finished sentences.
    pub rules: Vec<String>,
    /// What follows from adoption, finished.
    pub effect: Option<String>,
    /// From when KPA vote.
    pub opens: Stamp,
    /// When it closes.
    pub closes: Stamp,
    /// The result in one finished sentence.
    pub result: Option<String>,
    /// While the minutes are signed.
    pub signing: Option<Signing>,
    /// How many KPA voted.
    pub voted: usize,
    /// True while the answers are hidden until the close.
    pub is_hidden: bool,
    /// For a member: the voice of the own KPA and who cast it, finished.
    pub own: Option<String>,
    /// True once the own KPA voted.
    pub has_voted: bool,
    /// True if the reader may cast or change the voice now.
    pub may_vote: bool,
    /// The ballot that waits for a second person.
    pub waiting: Option<WaitingBallot>,
    /// Every KPA with a voice, by name.
    pub lines: Vec<VoterLine>,
    /// What was done against the rules.
    pub incidents: Vec<Incident>,
    /// How to recount the result.
    pub proof: Option<Proof>,
}

impl Page for VotePage {
    fn title(&self, l: Locale) -> String {
        l.t1("vote-title", "title", self.title.as_str())
    }

    body!(VotePage, "votes/page.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn may_be_indexed(&self) -> bool {
        true
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::pages(l)
    }
}
