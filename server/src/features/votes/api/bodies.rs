//! The shapes of votes in the JSON twin.

use interkpa_federation::Instant;
use interkpa_federation::governance::hash::ObjectHash;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::features::votes::commands::{NewPoll, Prepared};
use crate::features::votes::model::{Mandated, bare};
use crate::features::votes::view::{Certified, Elector, FaultRow, Summary, Voice, Whole};
use crate::http::AppError;
use crate::http::error::FieldError;

/// A vote to open. `question`, `rule` and `effect` are written as the protocol UKV-1 does, without the
/// prefix of its keys.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct OpenBody {
    /// Its title.
    pub title: String,
    /// The text voted on, in Markdown.
    pub text: String,
    /// Language of the texts; French without it.
    #[serde(default = "french")]
    pub language: String,
    /// RFC 3339; at once without it.
    pub opens_at: Option<String>,
    /// RFC 3339; after the notice that the rules ask for.
    pub closes_at: String,
    /// `{"kind": "approval"}`, `{"kind": "single", "options": [{"id": "o1", "label": "…"}, …]}`, ….
    #[schema(value_type = Object)]
    pub question: Value,
    /// How it is decided; for a vote with an effect, as the rules of the network say.
    #[schema(value_type = Object)]
    pub rule: Value,
    /// What follows from its adoption.
    #[schema(value_type = Object)]
    pub effect: Option<Value>,
    /// Hash of the poll that it replaces.
    pub previous: Option<String>,
    /// 1, 2 or 3.
    pub convocation: Option<u8>,
    /// Whether screens show the ballots only after the close.
    #[serde(default)]
    pub hidden: bool,
}

fn french() -> String {
    "fr".to_owned()
}

fn field(name: &str, code: &'static str) -> AppError {
    AppError::invalid(vec![FieldError::new(name, code)])
}

fn instant(name: &str, text: &str) -> Result<Instant, AppError> {
    Instant::parse_rfc3339(text).map_err(|_no_date| field(name, "date_invalid"))
}

impl TryFrom<OpenBody> for NewPoll {
    type Error = AppError;
    fn try_from(body: OpenBody) -> Result<Self, AppError> {
        let opens_at = body.opens_at.as_deref();
        let previous = body
            .previous
            .as_deref()
            .map(|text| ObjectHash::parse(text).ok_or_else(|| field("previous", "hash_invalid")));
        Ok(Self {
            title: body.title,
            language: body.language,
            text: body.text,
            opens_at: opens_at.map(|text| instant("opens_at", text)).transpose()?,
            closes_at: instant("closes_at", &body.closes_at)?,
            question: body.question,
            rule: body.rule,
            effect: body.effect,
            previous: previous.transpose()?,
            convocation: body.convocation,
            hidden: body.hidden,
        })
    }
}

/// A vote that was opened.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Opened {
    /// What names it everywhere.
    pub hash: String,
}

/// The ballot of this KPA.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct BallotBody {
    /// `"approve"`, `"oppose"`, `"abstain"`, `"consent"`, `"object"`, `["o1"]`, `[["o2"], ["o1"]]` or
    /// `{"o1": 3}`, by the kind of the question.
    #[schema(value_type = Object)]
    pub choice: Value,
    /// Why, for everyone to read; an objection has one.
    pub reason: Option<String>,
    /// How the members decided: counts, never names.
    pub mandate: Mandated,
}

/// A ballot that somebody prepared.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PreparedView {
    /// Its key.
    pub id: String,
    /// `waiting` for a second person, or `cast`.
    pub state: &'static str,
    /// Hash of the ballot, once cast.
    pub ballot: Option<String>,
    /// What people compare on another hub.
    pub tracking_number: Option<String>,
}

impl PreparedView {
    pub(super) fn of(done: &Prepared) -> Self {
        Self {
            id: done.id.clone(),
            state: done.state.as_str(),
            ballot: done.ballot.map(|hash| hash.to_string()),
            tracking_number: done.ballot.map(|hash| hash.tracking_number()),
        }
    }
}

/// One line of the list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VoteLine {
    /// What names it everywhere.
    pub hash: String,
    /// Its title.
    pub title: String,
    /// The KPA that opened it.
    pub author: String,
    /// `open`, `closing` or `certified`.
    pub state: &'static str,
    /// Whether the result is certified, and recounts.
    pub certified: bool,
    /// `adopted`, `rejected`, `no_quorum`, `tie`, `void_notice`, `void_electorate` or `cancelled`.
    pub outcome: Option<String>,
    /// RFC 3339.
    pub opens_at: String,
    /// RFC 3339.
    pub closes_at: String,
    /// Whether this KPA has voted.
    pub voted: bool,
}

impl VoteLine {
    /// From what is read.
    pub fn of(summary: &Summary) -> Self {
        Self {
            hash: summary.hash.to_string(),
            title: summary.title.clone(),
            author: summary.author.clone(),
            state: summary.state.as_str(),
            certified: summary.certified,
            outcome: summary.outcome.clone().filter(|_| summary.certified),
            opens_at: summary.opens_at.to_rfc3339(),
            closes_at: summary.closes_at.to_rfc3339(),
            voted: summary.voted,
        }
    }
}

/// A page of votes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VoteList {
    /// Those that close last first.
    pub items: Vec<VoteLine>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// One ballot as it stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VoiceView {
    /// Its hash.
    pub ballot: String,
    /// Its number: 2 is the first change.
    pub seq: u8,
    /// What people compare on another hub.
    pub tracking_number: String,
    /// The answer; none while it is hidden until the close.
    #[schema(value_type = Object)]
    pub choice: Option<Value>,
    /// Why.
    pub reason: Option<String>,
    /// `consent`, `majority`, `delegate` or `assembly`.
    pub mandate_mode: &'static str,
    /// How many KPA hold it, as far as this one heard.
    pub received_by: usize,
    /// Of how many.
    pub received_of: usize,
}

/// One KPA with a voice.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ElectorView {
    /// Its id in the register.
    pub hub: String,
    /// Its name.
    pub name: String,
    /// Address of its actor.
    pub actor: String,
    /// Whether it has voted.
    pub voted: bool,
    /// Its ballots of the highest number; two when it contradicts itself.
    pub voices: Vec<VoiceView>,
    /// Whether its seal is here.
    pub sealed: bool,
    /// Whether it signed the result.
    pub signed: bool,
}

/// A certified result.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CertifiedView {
    /// What names the decision everywhere.
    pub value: String,
    /// The result as signed, without the prefix of its keys.
    #[schema(value_type = Object)]
    pub result: Value,
    /// In which round it was signed.
    pub round: u64,
    /// Hashes of the seals it names.
    pub seals: Vec<String>,
    /// RFC 3339, here.
    pub certified_at: String,
    /// RFC 3339; none while no effect was taken over.
    pub applied_at: Option<String>,
    /// Whether a recount gave something else.
    pub refuted: bool,
    /// Path of the file with which anybody recounts it.
    pub bundle: String,
}

/// A proof that a KPA said two things in one place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FaultView {
    /// Its id.
    pub hub: String,
    /// `ballot`, `seal`, `minutes`, `reread`, `sign` or `cancel`.
    pub kind: String,
    /// Hashes of the two.
    pub objects: Vec<String>,
}

/// One vote.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VoteView {
    /// Its line in the list.
    #[serde(flatten)]
    pub line: VoteLine,
    /// The poll as signed, without the prefix of its keys.
    #[schema(value_type = Object)]
    pub poll: Value,
    /// How many KPA certify it.
    pub certifiers: usize,
    /// How many signatures certify.
    pub needed_to_sign: usize,
    /// How many holders make it certain that a ballot counts.
    pub holders_to_be_certain: usize,
    /// Who has a voice.
    pub electors: Vec<ElectorView>,
    /// The result.
    pub result: Option<CertifiedView>,
    /// While it closes: the most signatures that one value has.
    pub signatures: usize,
    /// While it closes: RFC 3339, by when a result is to be expected.
    pub expected_by: String,
    /// Incidents.
    pub faults: Vec<FaultView>,
}

impl VoteView {
    /// From what is read.
    pub fn of(whole: &Whole) -> Self {
        let many = whole.electors.len();
        Self {
            line: VoteLine::of(&whole.summary),
            poll: bare(&whole.original),
            certifiers: whole.numbers.n(),
            needed_to_sign: whole.numbers.to_sign(),
            holders_to_be_certain: whole.numbers.to_guarantee(),
            electors: whole
                .electors
                .iter()
                .map(|elector| ElectorView::of(elector, many))
                .collect(),
            result: whole
                .certified
                .as_ref()
                .map(|one| CertifiedView::of(one, whole.summary.hash)),
            signatures: whole.signatures,
            expected_by: whole.expected_by.to_rfc3339(),
            faults: whole.faults.iter().map(FaultView::of).collect(),
        }
    }
}

impl ElectorView {
    fn of(elector: &Elector, many: usize) -> Self {
        Self {
            hub: elector.hub.to_string(),
            name: elector.name.clone(),
            actor: elector.actor.clone(),
            voted: !elector.voices.is_empty(),
            voices: elector
                .voices
                .iter()
                .map(|voice| VoiceView::of(voice, many))
                .collect(),
            sealed: elector.sealed,
            signed: elector.signed,
        }
    }
}

impl VoiceView {
    fn of(voice: &Voice, many: usize) -> Self {
        Self {
            ballot: voice.ballot.to_string(),
            seq: voice.seq,
            tracking_number: voice.tracking_number.clone(),
            choice: voice.choice.clone(),
            reason: voice.reason.clone(),
            mandate_mode: voice.mandate_mode,
            received_by: voice.received_by,
            received_of: many,
        }
    }
}

impl CertifiedView {
    fn of(certified: &Certified, poll: ObjectHash) -> Self {
        Self {
            value: certified.value.to_string(),
            result: bare(&certified.result.to_json()),
            round: certified.round,
            seals: certified.seals.iter().map(ToString::to_string).collect(),
            certified_at: certified.certified_at.to_rfc3339(),
            applied_at: certified.applied_at.map(Instant::to_rfc3339),
            refuted: certified.refuted,
            bundle: format!("/gov/polls/{poll}/bundle.json"),
        }
    }
}

impl FaultView {
    fn of(fault: &FaultRow) -> Self {
        Self {
            hub: fault.hub.clone(),
            kind: fault.kind.clone(),
            objects: fault.objects.to_vec(),
        }
    }
}
