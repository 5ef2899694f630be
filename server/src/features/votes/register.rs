//! The register of the network as this hub knows it: the genesis, and the certified decisions and own
//! statements that came after it. It is derived anew from the signed originals each time.
//!
//! Source: votes.md 6.4, 6.5.

use std::collections::BTreeMap;

use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::effect::{Effect, Payload};
use interkpa_federation::governance::electorate::{
    Certified, Decision, ElectorateError, Register, replay, replay_at,
};
use interkpa_federation::governance::genesis::{Founder, Genesis};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::hub_id::HubId;
use interkpa_federation::governance::object::{Kind, Object};
use interkpa_federation::governance::poll::Poll;
use interkpa_federation::governance::poll::voters::Member;
use interkpa_federation::governance::register::KeyRotation;
use interkpa_federation::governance::result::Outcome;
use interkpa_federation::governance::rules::Rules;
use interkpa_federation::{Instant, Span, Uri};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::facts;
use crate::features::votes::store::{certificates, objects, polls};

/// The fact that holds the hash of the genesis of this hub's network.
pub(super) const GENESIS: &str = "genesis";
/// The effects that change the register or the rules.
pub(super) const REGISTER_EFFECTS: [&str; 4] = [
    "register.admit",
    "register.suspend",
    "register.key",
    "rule.change",
];
/// Whether the effect of that word changes the register or the rules.
pub(super) fn is_register_effect(word: &str) -> bool {
    REGISTER_EFFECTS.contains(&word)
}

/// How long a rotation, a pause or a return must have been held before a poll is stale without it.
/// Source: votes.md 4.4.
const STATEMENT_KNOWN: Span = Span::days(7);
/// Decisions behind decisions: more than any network takes in its life.
const DEPTH_MAX: usize = 64;
/// Statements of hubs about themselves that are looked at.
const STATEMENTS_MAX: i64 = 500;

/// Where a hub of the register lives, and what people call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Address of its actor.
    pub actor: String,
    /// Its name.
    pub name: String,
    /// Who hosts it, if not itself: hubs on one host fail and cheat together (decision 31).
    pub hosted_by: Option<String>,
}

/// The network at one instant.
#[derive(Debug, Clone)]
pub struct Network {
    /// The hash of its genesis.
    pub genesis: ObjectHash,
    /// Its name.
    pub name: String,
    /// Who has a voice, and the rules.
    pub register: Register,
    /// What it builds on: values, rotations, pauses.
    pub decisions: Vec<ObjectHash>,
    /// Every hub that was ever in it.
    pub homes: BTreeMap<HubId, Home>,
}

/// Why a poll has no register here.
#[derive(Debug)]
pub(super) enum NoRegister {
    /// This hub belongs to no network, or the poll stands on another genesis.
    OtherNetwork,
    /// A decision that it lists is not held and certified here yet.
    Missing(ObjectHash),
    /// It is wrong, everywhere alike.
    Refused(ElectorateError),
    /// The database did not answer.
    Store(StoreError),
}

impl From<StoreError> for NoRegister {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ElectorateError> for NoRegister {
    fn from(error: ElectorateError) -> Self {
        Self::Refused(error)
    }
}

/// The genesis of this hub's network, if it has one.
pub(super) fn genesis(conn: &mut Conn) -> Result<Option<Object>, StoreError> {
    let Some(text) = facts::get(conn, GENESIS)? else {
        return Ok(None);
    };
    let hash = ObjectHash::parse(&text)
        .ok_or_else(|| StoreError::broken("the stored genesis has a hash that is none"))?;
    objects::find(conn, hash)
}

/// A decision with what it stands on.
#[derive(Debug, Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "one for each step of a short list"
)]
enum Behind {
    Statement(Object),
    Certified {
        hash: ObjectHash,
        poll: Poll,
        outcome: Outcome,
        rules: Rules,
    },
}

impl Behind {
    const fn decision(&self) -> Decision<'_> {
        match self {
            Self::Statement(object) => Decision::Statement(object),
            Self::Certified {
                hash,
                poll,
                outcome,
                rules,
            } => Decision::Certified(Certified {
                poll_hash: *hash,
                poll,
                outcome: *outcome,
                rules,
            }),
        }
    }
}

/// The register as a poll must see it, and its rules.
pub(super) fn of_poll(conn: &mut Conn, poll: &Poll) -> Result<Register, NoRegister> {
    let genesis = genesis(conn)?.ok_or(NoRegister::OtherNetwork)?;
    let mut known = BTreeMap::new();
    replayed(conn, poll, &genesis, &mut known, 0)
}

/// Replays a poll, and every decision behind it, each once.
fn replayed(
    conn: &mut Conn,
    poll: &Poll,
    genesis: &Object,
    known: &mut BTreeMap<ObjectHash, Behind>,
    depth: usize,
) -> Result<Register, NoRegister> {
    if poll.electorate.genesis != genesis.hash() || depth > DEPTH_MAX {
        return Err(NoRegister::OtherNetwork);
    }
    let founded = objects::genesis_of(genesis).ok_or(NoRegister::OtherNetwork)?;
    let mut behind = vec![];
    for hash in &poll.electorate.decisions {
        behind.push(decision(conn, *hash, genesis, known, depth)?);
    }
    let decisions: Vec<Decision<'_>> = behind.iter().map(Behind::decision).collect();
    Ok(replay(poll, founded, &decisions)?)
}

fn decision(
    conn: &mut Conn,
    hash: ObjectHash,
    genesis: &Object,
    known: &mut BTreeMap<ObjectHash, Behind>,
    depth: usize,
) -> Result<Behind, NoRegister> {
    if let Some(behind) = known.get(&hash) {
        return Ok(behind.clone());
    }
    let object = objects::find(conn, hash)?.ok_or(NoRegister::Missing(hash))?;
    let behind = match object.body() {
        Body::KeyRotation(_) | Body::Pause(_) => Behind::Statement(object),
        Body::Value(value) => {
            let certified = certificates::of_value(conn, hash)?;
            if certified.is_none_or(|certificate| certificate.refuted_at.is_some()) {
                return Err(NoRegister::Missing(hash));
            }
            let asked = objects::find(conn, value.poll)?.ok_or(NoRegister::Missing(value.poll))?;
            let Body::Poll(poll) = asked.body() else {
                return Err(ElectorateError::NotADecision.into());
            };
            let register = replayed(conn, poll, genesis, known, depth + 1)?;
            Behind::Certified {
                hash: value.poll,
                poll: (**poll).clone(),
                outcome: value.result.outcome,
                rules: register.rules().clone(),
            }
        }
        _ => return Err(ElectorateError::NotADecision.into()),
    };
    known.insert(hash, behind.clone());
    Ok(behind)
}

/// What a poll with that notice instant has to build on, as far as this hub knows: a set. Statements
/// count when they came by `statements_by`.
fn decisions_at(
    conn: &mut Conn,
    notice_at: Instant,
    statements_by: Instant,
) -> Result<Vec<ObjectHash>, StoreError> {
    let mut found = vec![];
    for row in polls::binding(conn, &REGISTER_EFFECTS, notice_at)? {
        let certificate = certificates::of_poll(conn, row.hash)?;
        found.extend(
            certificate
                .filter(|certificate| certificate.refuted_at.is_none())
                .map(|certificate| certificate.value),
        );
    }
    let kinds = [Kind::KeyRotation, Kind::Pause];
    let statements = objects::of_kinds(conn, &kinds, None, STATEMENTS_MAX)?;
    let held: Vec<&Object> = statements
        .iter()
        .filter(|(_, came_at)| *came_at <= statements_by)
        .map(|(object, _)| object)
        .collect();
    found.extend(
        held.iter()
            .filter(|one| stands_alone(one, &held))
            .map(|one| one.hash()),
    );
    found.sort();
    Ok(found)
}

/// Whether no other statement fills the same place: two there would make a poll that lists both
/// invalid (votes.md 6.5).
fn stands_alone(object: &Object, all: &[&Object]) -> bool {
    let place = |object: &Object| match object.body() {
        Body::KeyRotation(rotation) => {
            let KeyRotation { hub, old, .. } = &**rotation;
            Some((*hub, old.to_multibase()))
        }
        Body::Pause(pause) => Some((pause.hub, pause.seq.to_string())),
        _ => None,
    };
    let own = place(object);
    all.iter().filter(|other| place(other) == own).count() == 1
}

/// The network as it is at an instant; none when this hub belongs to none.
///
/// # Errors
/// See [`StoreError`].
pub fn at(conn: &mut Conn, instant: Instant) -> Result<Option<Network>, StoreError> {
    let Some(genesis) = genesis(conn)? else {
        return Ok(None);
    };
    let decisions = decisions_at(conn, instant, Instant::from_milliseconds(i64::MAX))?;
    let Some(founded) = objects::genesis_of(&genesis) else {
        return Err(StoreError::broken("the stored genesis is none"));
    };
    let mut known = BTreeMap::new();
    let register = match between(conn, &genesis, instant, (&decisions, None), &mut known) {
        Ok(register) => register,
        Err(NoRegister::Store(error)) => return Err(error),
        Err(refused) => {
            let text = format!("the register cannot be replayed: {refused:?}");
            return Err(StoreError::broken(text));
        }
    };
    let homes = homes(founded, known.values());
    Ok(Some(Network {
        genesis: genesis.hash(),
        name: founded.network.clone(),
        register,
        decisions,
        homes,
    }))
}

fn homes<'b>(
    genesis: &Genesis,
    decisions: impl Iterator<Item = &'b Behind>,
) -> BTreeMap<HubId, Home> {
    let founder = |founder: &Founder| {
        let home = Home {
            actor: founder.actor.clone(),
            name: founder.name.clone(),
            hosted_by: founder.hosted_by.clone(),
        };
        (founder.hub(), home)
    };
    let mut homes: BTreeMap<HubId, Home> = genesis.founders.iter().map(founder).collect();
    for behind in decisions {
        if let Behind::Certified { poll, .. } = behind
            && let Some(Effect::Change { payload, .. }) = &poll.effect
            && let Payload::Admit(admission) = &**payload
        {
            homes.entry(admission.hub()).or_insert_with(|| Home {
                actor: admission.actor.clone(),
                name: admission.name.clone(),
                hosted_by: admission.hosted_by.clone(),
            });
        }
    }
    homes
}

/// The register between two polls, with one statement more.
fn between(
    conn: &mut Conn,
    genesis: &Object,
    instant: Instant,
    (decisions, more): (&[ObjectHash], Option<&Object>),
    known: &mut BTreeMap<ObjectHash, Behind>,
) -> Result<Register, NoRegister> {
    let founded = objects::genesis_of(genesis).ok_or(NoRegister::OtherNetwork)?;
    let mut behind = vec![];
    for hash in decisions {
        let one = decision(conn, *hash, genesis, known, 0)?;
        // The new one may be the second of its place: that proves a fault, and is kept as such.
        let is_rival = match (&one, more) {
            (Behind::Statement(other), Some(more)) => !stands_alone(more, &[other, more]),
            _ => false,
        };
        if !is_rival {
            behind.push(one);
        }
    }
    let listed = behind.iter().map(Behind::decision);
    let all: Vec<Decision<'_>> = listed.chain(more.map(Decision::Statement)).collect();
    Ok(replay_at(instant, genesis.hash(), founded, &all)?)
}

/// Whether a statement of a hub about itself holds with what this hub knows.
pub(super) fn statement_holds(
    conn: &mut Conn,
    now: Instant,
    statement: &Object,
) -> Result<(), NoRegister> {
    let genesis = genesis(conn)?.ok_or(NoRegister::OtherNetwork)?;
    let decisions = decisions_at(conn, now, now)?;
    let asked = (decisions.as_slice(), Some(statement));
    between(conn, &genesis, now, asked, &mut BTreeMap::new())?;
    Ok(())
}

/// A register object that the poll should have listed, as this hub knew it for long enough.
/// Source: votes.md 4.4, « stale ».
pub(super) fn stale(
    conn: &mut Conn,
    poll: &Poll,
    now: Instant,
) -> Result<Option<ObjectHash>, StoreError> {
    let needed = decisions_at(conn, poll.notice_at(), now - STATEMENT_KNOWN)?;
    let listed = &poll.electorate.decisions;
    Ok(needed.into_iter().find(|hash| !listed.contains(hash)))
}

/// The id of this hub in governance.
pub(super) fn own_id(app: &App) -> Result<HubId, StoreError> {
    HubId::parse(&app.keys.hub_id).map_err(|error| StoreError::Broken(Box::new(error)))
}

/// Where the other members of a poll live, by hub: as the register says, else as the poll does.
pub(super) fn others(
    app: &App,
    conn: &mut Conn,
    now: Instant,
    poll: &Poll,
) -> Result<Vec<(HubId, Uri)>, StoreError> {
    let me = own_id(app)?;
    let homes = at(conn, now)?
        .map(|network| network.homes)
        .unwrap_or_default();
    let of = |member: &Member| {
        let home = homes.get(&member.hub).map(|home| home.actor.as_str());
        let actor = Uri::parse(home.unwrap_or(&member.actor)).ok()?;
        (member.hub != me && actor.origin() != app.origin).then_some((member.hub, actor))
    };
    Ok(poll.electorate.members.iter().filter_map(of).collect())
}
