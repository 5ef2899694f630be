//! Words and rules of the votes that need nothing else. The rules of UKV-1 are in
//! `interkpa_federation::governance`.

use interkpa_federation::governance::ballot::{Mandate, MandateMode};
use interkpa_federation::governance::composed;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::{Instant, Span};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::features::people::rights::{Role, Roles};

/// How far a poll is on this hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollState {
    /// Ballots are taken in.
    Open,
    /// The closing time is past, no result is certified here yet.
    Closing,
    /// The result is certified.
    Certified,
}

impl PollState {
    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closing => "closing",
            Self::Certified => "certified",
        }
    }

    /// The state of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Closing, Self::Certified]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// How far a ballot is that somebody of ours prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftState {
    /// A second person has to confirm it.
    Waiting,
    /// It was signed and sent.
    Cast,
    /// Another one took its place.
    Dropped,
}

impl DraftState {
    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Cast => "cast",
            Self::Dropped => "dropped",
        }
    }

    /// The state of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Cast, Self::Dropped]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// The mandate behind a ballot, as people enter it: counts, never names. Source: votes.md 4.5, 6.6.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Mandated {
    /// `consent`, `majority`, `delegate` or `assembly`.
    pub mode: String,
    /// When the members decided, RFC 3339.
    pub decided_at: String,
    /// How many took part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participants: Option<u64>,
    /// How many were for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_favour: Option<u64>,
    /// How many were against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<u64>,
    /// How many abstained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abstained: Option<u64>,
    /// SHA-256 of the local minutes, hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes_sha256: Option<String>,
    /// What the hub itself finds them by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_ref: Option<String>,
}

impl Mandated {
    /// As it is signed.
    ///
    /// # Errors
    /// The field at fault, with its stable code.
    pub fn read(&self, now: Instant) -> Result<Mandate, (&'static str, &'static str)> {
        let mode =
            MandateMode::parse(&self.mode).ok_or(("mandate.mode", "mandate_mode_unknown"))?;
        let decided_at = Instant::parse_rfc3339(&self.decided_at)
            .map_err(|_no_date| ("mandate.decided_at", "date_invalid"))?;
        if decided_at > now {
            return Err(("mandate.decided_at", "date_in_the_future"));
        }
        let minutes_sha256 = match &self.minutes_sha256 {
            Some(text) => {
                Some(ObjectHash::parse(text).ok_or(("mandate.minutes_sha256", "hash_invalid"))?)
            }
            None => None,
        };
        let counted = [self.in_favour, self.against, self.abstained];
        let sum = counted
            .into_iter()
            .flatten()
            .try_fold(0_u64, u64::checked_add);
        let fits = match (self.participants, sum) {
            (Some(participants), Some(sum)) => sum <= participants,
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if !fits {
            return Err(("mandate.participants", "mandate_counts_differ"));
        }
        Ok(Mandate {
            mode,
            decided_at,
            participants: self.participants,
            in_favour: self.in_favour,
            against: self.against,
            abstained: self.abstained,
            minutes_sha256,
            local_ref: self.local_ref.as_deref().and_then(one_text),
        })
    }
}

/// A text as signed objects hold it; none for an empty one.
fn one_text(text: &str) -> Option<String> {
    let text = composed(text.trim());
    (!text.is_empty()).then_some(text)
}

/// Whether a ballot written by a holder of these roles needs a second person: the setting of the hub
/// says so, or the writer is who runs the machine, who never votes alone.
pub fn needs_second_person(setting: bool, roles: &Roles) -> bool {
    setting || roles.has(Role::TechnicalAdmin)
}

/// Keys whose members are data: they have no prefix. Source: votes.md 4.2.
const DATA_KEYS: [&str; 2] = ["choice", "amendments"];

/// The same JSON with the prefix `ikpa:` before each key, as governance objects carry it. People and
/// programs write `question`, `rule` and `effect` as votes.md shows them, without it.
pub fn prefixed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(prefixed).collect(),
        Value::Object(members) => {
            let member = |(name, member): (&String, &Value)| {
                let member = if DATA_KEYS.contains(&name.as_str()) {
                    member.clone()
                } else {
                    prefixed(member)
                };
                (format!("ikpa:{name}"), member)
            };
            Value::Object(members.iter().map(member).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// The same JSON without the prefix: what people and programs read.
pub fn bare(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(bare).collect(),
        Value::Object(members) => {
            let member = |(name, member): (&String, &Value)| {
                let name = name.strip_prefix("ikpa:").unwrap_or(name);
                (name.to_owned(), bare(member))
            };
            Value::Object(members.iter().map(member).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// Shortest wait between two comparisons with other hubs.
const GOSSIP_MIN: Span = Span::seconds(1);

/// When a poll is next compared with others: every 10 minutes, every minute from the last hour on, for
/// rounds of 30 minutes; shorter rounds make all of it shorter. Source: votes.md 4.7.
pub fn next_gossip(now: Instant, closes_at: Instant, round_ms: i64) -> Instant {
    let is_near = now >= closes_at - Span::milliseconds(round_ms.saturating_mul(2));
    let part = if is_near { 30 } else { 3 };
    let wait = Span::milliseconds(round_ms / part).max(GOSSIP_MIN);
    // What was planned before the last hour does not sleep through it.
    let near_at = closes_at - Span::milliseconds(round_ms.saturating_mul(2));
    let next = now + wait;
    if now < near_at && next > near_at {
        near_at
    } else {
        next
    }
}
