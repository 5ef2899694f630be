//! What pages and programs read of votes: the list, one poll with its voices, receipts, result and
//! incidents. Everything is recomputed from the signed originals; no counter is stored (votes.md T5).

use std::collections::{BTreeMap, BTreeSet};

use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::hub_id::HubId;
use interkpa_federation::governance::ledger::{Ledger, State};
use interkpa_federation::governance::machine::Machine;
use interkpa_federation::governance::numbers::Numbers;
use interkpa_federation::governance::poll::{Poll, Shown};
use interkpa_federation::governance::result::PollResult;
use interkpa_federation::{Instant, Span};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::votes::model::PollState;
use crate::features::votes::register::{self, Home};
use crate::features::votes::store::certificates::{self, Certificate};
use crate::features::votes::store::polls::PollRow;
use crate::features::votes::store::{drafts, objects, polls};
use crate::features::votes::{bundle, engine, store};

pub use store::drafts::BallotDraft;
pub use store::objects::FaultRow;

/// One line of the list of votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The name of the poll.
    pub hash: ObjectHash,
    /// Its title.
    pub title: String,
    /// Who opened it.
    pub author: String,
    /// How far it is here.
    pub state: PollState,
    /// Whether its result is certified and still recounts.
    pub certified: bool,
    /// What it came to, once certified.
    pub outcome: Option<String>,
    /// From when hubs may cast.
    pub opens_at: Instant,
    /// When hubs seal.
    pub closes_at: Instant,
    /// Whether this hub has voted in it.
    pub voted: bool,
}

/// The place of a list behind which a page begins.
pub type Cursor = (Instant, ObjectHash);

/// Polls, those that close last first, after one of them.
///
/// # Errors
/// Those of the store.
pub fn list(
    app: &App,
    conn: &mut Conn,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Summary>, StoreError> {
    let homes = homes(app, conn)?;
    let mut found = vec![];
    for row in polls::page(conn, after, limit)? {
        let certificate = certificates::of_poll(conn, row.hash)?;
        let voted = objects::has_own_ballot(conn, row.hash)?;
        found.push(summary(&row, certificate.as_ref(), &homes, voted));
    }
    Ok(found)
}

fn homes(app: &App, conn: &mut Conn) -> Result<BTreeMap<HubId, Home>, StoreError> {
    let network = register::at(conn, app.now())?;
    Ok(network.map(|network| network.homes).unwrap_or_default())
}

fn summary(
    row: &PollRow,
    certificate: Option<&Certificate>,
    homes: &BTreeMap<HubId, Home>,
    voted: bool,
) -> Summary {
    let author = HubId::parse(&row.author)
        .ok()
        .and_then(|hub| homes.get(&hub));
    Summary {
        hash: row.hash,
        title: row.title.clone(),
        author: author.map_or_else(|| row.author.clone(), |home| home.name.clone()),
        state: row.state,
        certified: certificate.is_some_and(|one| one.refuted_at.is_none()),
        outcome: row.outcome.clone(),
        opens_at: row.opens_at,
        closes_at: row.closes_at,
        voted,
    }
}

/// What was asked and what it came to; none while it is not certified here or no longer recounts.
///
/// # Errors
/// Those of the store.
pub fn decided(
    conn: &mut Conn,
    hash: ObjectHash,
) -> Result<Option<(Poll, PollResult)>, StoreError> {
    let certificate = certificates::of_poll(conn, hash)?;
    let Some(certificate) = certificate.filter(|one| one.refuted_at.is_none()) else {
        return Ok(None);
    };
    let (poll, value) = (
        objects::find(conn, hash)?,
        objects::find(conn, certificate.value)?,
    );
    Ok(match (poll.as_ref(), value.as_ref()) {
        (Some(poll), Some(value)) => match (poll.body(), value.body()) {
            (Body::Poll(poll), Body::Value(value)) => {
                Some(((**poll).clone(), value.result.clone()))
            }
            _ => None,
        },
        _ => None,
    })
}

/// One ballot of a hub, as it stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct Voice {
    /// Its hash.
    pub ballot: ObjectHash,
    /// Its number.
    pub seq: u8,
    /// What people compare on another hub.
    pub tracking_number: String,
    /// The answer, JSON as in the ballot; none while it is hidden until the close.
    pub choice: Option<serde_json::Value>,
    /// Why; none while it is hidden.
    pub reason: Option<String>,
    /// How its members decided.
    pub mandate_mode: &'static str,
    /// How many hubs hold it, as far as this one heard, the voter included.
    pub received_by: usize,
}

/// One hub of the electorate.
#[derive(Debug, Clone, PartialEq)]
pub struct Elector {
    /// Who.
    pub hub: HubId,
    /// What people call it.
    pub name: String,
    /// Address of its actor.
    pub actor: String,
    /// Its ballots of the highest number: none, one, or two that contradict each other.
    pub voices: Vec<Voice>,
    /// Whether its seal is here.
    pub sealed: bool,
    /// Whether it signed the certified value.
    pub signed: bool,
}

/// A certified result.
#[derive(Debug, Clone, PartialEq)]
pub struct Certified {
    /// What names the decision everywhere.
    pub value: ObjectHash,
    /// The result as signed.
    pub result: PollResult,
    /// In which round it was signed.
    pub round: u64,
    /// The seals it names.
    pub seals: Vec<ObjectHash>,
    /// When it was certified here.
    pub certified_at: Instant,
    /// When its effect was taken over here.
    pub applied_at: Option<Instant>,
    /// Whether a recount gave something else: it is not to be shown as certified.
    pub refuted: bool,
}

/// One poll as a page shows it.
#[derive(Debug, Clone)]
pub struct Whole {
    /// Its line in the list.
    pub summary: Summary,
    /// What was signed, read.
    pub poll: Poll,
    /// What was signed, as it was.
    pub original: serde_json::Value,
    /// When it came here.
    pub received_at: Instant,
    /// `n`, `Q`, `f`, `s` of its certifiers.
    pub numbers: Numbers,
    /// The hubs with a voice, by id.
    pub electors: Vec<Elector>,
    /// The certified result.
    pub certified: Option<Certified>,
    /// While it closes: the round here, once it began.
    pub round: Option<u64>,
    /// While it closes: how many signatures the value with most of them has.
    pub signatures: usize,
    /// While it closes: by when the result is to be expected if more than two thirds answer.
    pub expected_by: Instant,
    /// Proofs that a hub said two things in one place.
    pub faults: Vec<FaultRow>,
    /// Ballots that our own people prepared, the newest first.
    pub drafts: Vec<BallotDraft>,
}

/// One poll; none when it is unknown here.
///
/// # Errors
/// Those of the store.
pub fn one(app: &App, conn: &mut Conn, hash: ObjectHash) -> Result<Option<Whole>, StoreError> {
    let Some(row) = polls::find(conn, hash)? else {
        return Ok(None);
    };
    let machine = engine::look(app, conn, &row)?;
    let certificate = certificates::of_poll(conn, hash)?;
    let homes = homes(app, conn)?;
    let receipts = objects::receipts(conn, hash)?;
    let voted = objects::has_own_ballot(conn, hash)?;
    let ledger = machine.ledger();
    let poll = ledger.poll().clone();
    let seen = Seen {
        ledger,
        hidden: poll.shown == Shown::AfterClose && app.now() < poll.closes_at,
        homes: &homes,
        receipts: by_ballot(receipts),
        value: certificate.as_ref().map(|one| one.value),
    };
    let electors = poll
        .electorate
        .members
        .iter()
        .map(|member| seen.elector(member.hub, &member.actor))
        .collect();
    Ok(Some(Whole {
        summary: summary(&row, certificate.as_ref(), &homes, voted),
        received_at: row.received_at,
        numbers: poll.numbers(),
        electors,
        certified: certificate.and_then(|one| certified(ledger, &one)),
        round: machine.round(),
        signatures: signatures(&machine),
        expected_by: expected_by(&row, &poll, machine.round()),
        faults: objects::faults(conn, hash)?,
        drafts: drafts::of_poll(conn, hash)?,
        original: ledger.poll_object().original().clone(),
        poll,
    }))
}

fn by_ballot(receipts: Vec<(String, ObjectHash)>) -> BTreeMap<ObjectHash, BTreeSet<String>> {
    let mut found: BTreeMap<ObjectHash, BTreeSet<String>> = BTreeMap::new();
    for (hub, ballot) in receipts {
        found.entry(ballot).or_default().insert(hub);
    }
    found
}

/// What the lines of the electors are made from.
struct Seen<'s> {
    ledger: &'s Ledger,
    hidden: bool,
    homes: &'s BTreeMap<HubId, Home>,
    receipts: BTreeMap<ObjectHash, BTreeSet<String>>,
    value: Option<ObjectHash>,
}

impl Seen<'_> {
    fn elector(&self, hub: HubId, actor: &str) -> Elector {
        let home = self.homes.get(&hub);
        let of_hub = || {
            self.ledger
                .objects()
                .filter(|object| object.body().hub() == Some(hub))
        };
        let sealed = of_hub().any(|object| matches!(object.body(), Body::Seal(_)));
        let signed = of_hub().any(|object| match object.body() {
            Body::Sign(sign) => sign.value.is_some() && sign.value == self.value,
            _ => false,
        });
        Elector {
            hub,
            name: home.map_or_else(|| hub.to_string(), |home| home.name.clone()),
            actor: home.map_or(actor, |home| &home.actor).to_owned(),
            voices: self.voices(hub),
            sealed,
            signed,
        }
    }

    /// Its good ballots of the highest number.
    fn voices(&self, hub: HubId) -> Vec<Voice> {
        let mut found: Vec<Voice> = vec![];
        for object in self.ledger.objects() {
            let Body::Ballot(ballot) = object.body() else {
                continue;
            };
            if ballot.hub != hub || self.ledger.state(object.hash()) != State::Good {
                continue;
            }
            let said_by = self.receipts.get(&object.hash());
            let voter = hub.to_string();
            let others = said_by.map_or(0, |hubs| hubs.iter().filter(|by| **by != voter).count());
            let shown = !self.hidden;
            found.push(Voice {
                ballot: object.hash(),
                seq: ballot.place.seq(),
                tracking_number: object.hash().tracking_number(),
                choice: shown.then(|| ballot.choice.write()),
                reason: ballot.reason.clone().filter(|_| shown),
                mandate_mode: ballot.mandate.mode.as_str(),
                received_by: others + 1,
            });
        }
        let highest = found.iter().map(|voice| voice.seq).max();
        found.retain(|voice| Some(voice.seq) == highest);
        found
    }
}

fn certified(ledger: &Ledger, certificate: &Certificate) -> Option<Certified> {
    let value = ledger.value(certificate.value)?;
    Some(Certified {
        value: certificate.value,
        result: value.result.clone(),
        round: certificate.round,
        seals: value.seals.clone(),
        certified_at: certificate.certified_at,
        applied_at: certificate.applied_at,
        refuted: certificate.refuted_at.is_some(),
    })
}

/// How many signatures the value with most of them has, in one round.
fn signatures(machine: &Machine) -> usize {
    let mut signed: BTreeMap<(u64, ObjectHash), BTreeSet<HubId>> = BTreeMap::new();
    for object in machine.ledger().objects() {
        if let Body::Sign(sign) = object.body()
            && let Some(value) = sign.value
        {
            let hubs = signed.entry((sign.round, value)).or_default();
            hubs.insert(sign.hub);
        }
    }
    signed.values().map(BTreeSet::len).max().unwrap_or(0)
}

/// The close, the grace, and the time-outs of one round, of the round here and after it.
fn expected_by(row: &PollRow, poll: &Poll, round: Option<u64>) -> Instant {
    let rounds = i64::try_from(round.unwrap_or(0)).unwrap_or(i64::MAX);
    let spent: i64 = rounds
        .saturating_add(1)
        .saturating_mul(rounds.saturating_add(2));
    // Each round r may take up to 3 T(r) = 3 (r + 1) roundMs; the sum of r + 1 is half of `spent`.
    let wait = row.round_ms.saturating_mul(3).saturating_mul(spent) / 2;
    poll.closes_at + poll.grace + Span::milliseconds(wait)
}

/// The network of this hub at an instant; none when it belongs to none.
///
/// # Errors
/// Those of the store.
pub fn network(conn: &mut Conn, at: Instant) -> Result<Option<register::Network>, StoreError> {
    register::at(conn, at)
}

/// The bundle of a certified poll, the file with which anybody recounts it; none while it is not
/// certified here, or no longer recounts.
///
/// # Errors
/// Those of the store.
pub fn bundle(conn: &mut Conn, hash: ObjectHash) -> Result<Option<serde_json::Value>, StoreError> {
    let certificate = certificates::of_poll(conn, hash)?;
    if certificate.is_none_or(|one| one.refuted_at.is_some()) {
        return Ok(None);
    }
    bundle::of_poll(conn, hash)
}
