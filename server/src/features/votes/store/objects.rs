//! Signed originals by hash, what is held for each poll, own places, faults and receipts.

use diesel::prelude::*;
use interkpa_federation::Instant;
use interkpa_federation::governance::body::{Body, Slot};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::hub_id::HubId;
use interkpa_federation::governance::machine::{Arrival, Fault};
use interkpa_federation::governance::object::{Kind, Object};
use interkpa_federation::governance::receipt::Ack;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::{gov_faults, gov_held, gov_objects, gov_own_slots, gov_receipts};
use crate::db::types::ROWS_MAX;

/// Adds an original; held already, nothing changes and the answer is false.
pub(in super::super) fn insert(
    tx: &mut Conn,
    now: Instant,
    object: &Object,
) -> Result<bool, StoreError> {
    let body = object.body();
    let row = (
        gov_objects::hash.eq(object.hash().to_string()),
        gov_objects::kind.eq(object.kind().as_str()),
        gov_objects::poll_hash.eq(body.poll().map(|poll| poll.to_string())),
        gov_objects::signer_hub.eq(body.hub().map(|hub| hub.to_string())),
        gov_objects::received_at.eq(now.as_milliseconds()),
        gov_objects::original.eq(object.original().to_string()),
    );
    let insert = diesel::insert_into(gov_objects::table)
        .values(row)
        .on_conflict(gov_objects::hash)
        .do_nothing();
    Ok(Both(insert).execute(tx)? == 1)
}

/// An original that is held.
pub(in super::super) fn find(
    conn: &mut Conn,
    hash: ObjectHash,
) -> Result<Option<Object>, StoreError> {
    let text: Option<String> = gov_objects::table
        .find(hash.to_string())
        .select(gov_objects::original)
        .first(conn)
        .optional()?;
    text.map(|text| read(&text)).transpose()
}

/// Whether an original is held.
pub(in super::super) fn is_held(conn: &mut Conn, hash: ObjectHash) -> Result<bool, StoreError> {
    let held = gov_objects::table.find(hash.to_string());
    Ok(diesel::select(diesel::dsl::exists(held)).get_result(conn)?)
}

fn read(text: &str) -> Result<Object, StoreError> {
    Object::parse(text.as_bytes()).map_err(|error| StoreError::Broken(Box::new(error)))
}

fn parsed(text: &str) -> Result<ObjectHash, StoreError> {
    ObjectHash::parse(text).ok_or_else(|| StoreError::broken("a stored hash is none"))
}

/// Originals of some kinds in the order of their hash, after one of them.
pub(in super::super) fn of_kinds(
    conn: &mut Conn,
    kinds: &[Kind],
    after: Option<ObjectHash>,
    limit: i64,
) -> Result<Vec<(Object, Instant)>, StoreError> {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let after = after.map(|hash| hash.to_string()).unwrap_or_default();
    let rows: Vec<(String, i64)> = gov_objects::table
        .filter(gov_objects::kind.eq_any(words))
        .filter(gov_objects::hash.gt(after))
        .order(gov_objects::hash)
        .limit(limit.clamp(1, ROWS_MAX))
        .select((gov_objects::original, gov_objects::received_at))
        .load(conn)?;
    rows.iter()
        .map(|(text, at)| Ok((read(text)?, Instant::from_milliseconds(*at))))
        .collect()
}

/// How many originals of a kind one hub signed.
pub(in super::super) fn count_of(
    conn: &mut Conn,
    kind: Kind,
    hub: HubId,
) -> Result<i64, StoreError> {
    Ok(gov_objects::table
        .filter(gov_objects::kind.eq(kind.as_str()))
        .filter(gov_objects::signer_hub.eq(hub.to_string()))
        .count()
        .get_result(conn)?)
}

/// How many receipts of one hub for one poll are kept.
pub(in super::super) fn count_acks(
    conn: &mut Conn,
    poll: ObjectHash,
    hub: HubId,
) -> Result<i64, StoreError> {
    Ok(gov_objects::table
        .filter(gov_objects::kind.eq(Kind::Ack.as_str()))
        .filter(gov_objects::signer_hub.eq(hub.to_string()))
        .filter(gov_objects::poll_hash.eq(poll.to_string()))
        .count()
        .get_result(conn)?)
}

/// What a hub holds for a poll: the object, and whether it was good in time.
#[derive(Debug, Clone)]
pub(in super::super) struct HeldObject {
    /// The object.
    pub object: Object,
    /// Whether it was good before our own closing.
    pub arrival: Arrival,
}

/// Everything held for a poll after a place, in the order in which it came; at most 500.
pub(in super::super) fn held(
    conn: &mut Conn,
    poll: ObjectHash,
    after: i64,
) -> Result<Vec<(i64, HeldObject)>, StoreError> {
    let rows: Vec<(i64, bool, String)> = gov_held::table
        .inner_join(gov_objects::table)
        .filter(gov_held::poll_hash.eq(poll.to_string()))
        .filter(gov_held::place.gt(after))
        .order((gov_held::place, gov_held::poll_hash))
        .limit(ROWS_MAX)
        .select((gov_held::place, gov_held::on_time, gov_objects::original))
        .load(conn)?;
    rows.iter()
        .map(|(place, on_time, text)| {
            let arrival = if *on_time {
                Arrival::OnTime
            } else {
                Arrival::Other
            };
            let object = read(text)?;
            Ok((*place, HeldObject { object, arrival }))
        })
        .collect()
}

/// Hashes of what is held for a poll, after one of them, of one signer or of all.
pub(in super::super) fn held_hashes(
    conn: &mut Conn,
    poll: ObjectHash,
    after: Option<ObjectHash>,
    signer: Option<&str>,
    limit: i64,
) -> Result<Vec<ObjectHash>, StoreError> {
    let after = after.map(|hash| hash.to_string()).unwrap_or_default();
    let mut query = gov_held::table
        .inner_join(gov_objects::table)
        .filter(gov_held::poll_hash.eq(poll.to_string()))
        .filter(gov_held::hash.gt(after))
        .order(gov_held::hash)
        .limit(limit.clamp(1, ROWS_MAX))
        .select(gov_held::hash)
        .into_boxed();
    if let Some(signer) = signer {
        query = query.filter(gov_objects::signer_hub.eq(signer.to_owned()));
    }
    let rows: Vec<String> = query.load(conn)?;
    rows.iter().map(|text| parsed(text)).collect()
}

/// Holds an object for a poll at a place; held already, nothing changes and the answer is false.
pub(in super::super) fn hold(
    tx: &mut Conn,
    poll: ObjectHash,
    place: i64,
    hash: ObjectHash,
) -> Result<bool, StoreError> {
    let row = (
        gov_held::poll_hash.eq(poll.to_string()),
        gov_held::place.eq(place),
        gov_held::hash.eq(hash.to_string()),
    );
    let insert = diesel::insert_into(gov_held::table)
        .values(row)
        .on_conflict((gov_held::poll_hash, gov_held::hash))
        .do_nothing();
    Ok(Both(insert).execute(tx)? == 1)
}

/// Notes that an object was good before our own closing.
pub(in super::super) fn on_time(
    tx: &mut Conn,
    poll: ObjectHash,
    hash: ObjectHash,
) -> Result<(), StoreError> {
    let held = gov_held::table
        .filter(gov_held::poll_hash.eq(poll.to_string()))
        .filter(gov_held::hash.eq(hash.to_string()));
    diesel::update(held)
        .set(gov_held::on_time.eq(true))
        .execute(tx)?;
    Ok(())
}

/// The word and number of an own place.
fn place(slot: Slot) -> (&'static str, i64) {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    match slot {
        Slot::PollCancel => ("cancel", 0),
        Slot::Ballot(seq) => ("ballot", i64::from(seq)),
        Slot::Seal => ("seal", 0),
        Slot::Minutes(round) => ("minutes", number(round)),
        Slot::Reread(round) => ("reread", number(round)),
        Slot::Sign(round) => ("sign", number(round)),
        Slot::Pause(seq) => ("pause", number(seq)),
    }
}

/// Fills an own place before anything leaves: filled already, the transaction fails (S9).
pub(in super::super) fn fill_slot(tx: &mut Conn, object: &Object) -> Result<(), StoreError> {
    let Some(slot) = object.body().slot() else {
        return Ok(());
    };
    let (kind, number) = place(slot);
    let row = slot_row(object, kind, number);
    diesel::insert_into(gov_own_slots::table)
        .values(row)
        .execute(tx)?;
    Ok(())
}

/// Fills an own place with what came back from others after a restore; what stands there stays.
pub(in super::super) fn remember_slot(tx: &mut Conn, object: &Object) -> Result<(), StoreError> {
    let Some(slot) = object.body().slot() else {
        return Ok(());
    };
    let (kind, number) = place(slot);
    let columns = (
        gov_own_slots::poll_hash,
        gov_own_slots::kind,
        gov_own_slots::slot,
    );
    let insert = diesel::insert_into(gov_own_slots::table)
        .values(slot_row(object, kind, number))
        .on_conflict(columns)
        .do_nothing();
    Both(insert).execute(tx)?;
    Ok(())
}

type SlotRow = (
    diesel::dsl::Eq<gov_own_slots::poll_hash, String>,
    diesel::dsl::Eq<gov_own_slots::kind, &'static str>,
    diesel::dsl::Eq<gov_own_slots::slot, i64>,
    diesel::dsl::Eq<gov_own_slots::object_hash, String>,
);

fn slot_row(object: &Object, kind: &'static str, number: i64) -> SlotRow {
    let poll = object.body().poll().map(|poll| poll.to_string());
    (
        gov_own_slots::poll_hash.eq(poll.unwrap_or_default()),
        gov_own_slots::kind.eq(kind),
        gov_own_slots::slot.eq(number),
        gov_own_slots::object_hash.eq(object.hash().to_string()),
    )
}

/// Keeps the proof of a fault; known already, nothing changes and the answer is false.
pub(in super::super) fn insert_fault(
    tx: &mut Conn,
    now: Instant,
    poll: ObjectHash,
    fault: &Fault,
) -> Result<bool, StoreError> {
    let [one, other] = fault.objects;
    let row = (
        gov_faults::hash_a.eq(one.to_string()),
        gov_faults::hash_b.eq(other.to_string()),
        gov_faults::kind.eq(place(fault.slot).0),
        gov_faults::hub.eq(fault.hub.to_string()),
        gov_faults::poll_hash.eq(poll.to_string()),
        gov_faults::found_at.eq(now.as_milliseconds()),
    );
    let insert = diesel::insert_into(gov_faults::table)
        .values(row)
        .on_conflict((gov_faults::hash_a, gov_faults::hash_b))
        .do_nothing();
    Ok(Both(insert).execute(tx)? == 1)
}

/// A proof of fault as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRow {
    /// Who.
    pub hub: String,
    /// Which place: `ballot`, `seal`, ….
    pub kind: String,
    /// The two objects.
    pub objects: [String; 2],
    /// When it was found.
    pub found_at: Instant,
}

/// Proofs of fault in a poll; at most 500.
pub(in super::super) fn faults(
    conn: &mut Conn,
    poll: ObjectHash,
) -> Result<Vec<FaultRow>, StoreError> {
    let rows: Vec<(String, String, String, String, i64)> = gov_faults::table
        .filter(gov_faults::poll_hash.eq(poll.to_string()))
        .order((gov_faults::hash_a, gov_faults::hash_b))
        .limit(ROWS_MAX)
        .select((
            gov_faults::hub,
            gov_faults::kind,
            gov_faults::hash_a,
            gov_faults::hash_b,
            gov_faults::found_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(hub, kind, one, other, at)| FaultRow {
            hub,
            kind,
            objects: [one, other],
            found_at: Instant::from_milliseconds(at),
        })
        .collect())
}

/// Notes what a receipt says; what a hub said before stays.
pub(in super::super) fn insert_receipts(
    tx: &mut Conn,
    object: &Object,
    ack: &Ack,
) -> Result<(), StoreError> {
    for ballot in &ack.received {
        let row = (
            gov_receipts::poll_hash.eq(ack.poll.to_string()),
            gov_receipts::hub.eq(ack.hub.to_string()),
            gov_receipts::ballot_hash.eq(ballot.to_string()),
            gov_receipts::ack_hash.eq(object.hash().to_string()),
            gov_receipts::said_at.eq(ack.at.as_milliseconds()),
        );
        let columns = (
            gov_receipts::poll_hash,
            gov_receipts::hub,
            gov_receipts::ballot_hash,
        );
        let insert = diesel::insert_into(gov_receipts::table)
            .values(row)
            .on_conflict(columns)
            .do_nothing();
        Both(insert).execute(tx)?;
    }
    Ok(())
}

/// Who said that it holds which ballot of a poll: `(hub, ballot)`, at most 10 000.
pub(in super::super) fn receipts(
    conn: &mut Conn,
    poll: ObjectHash,
) -> Result<Vec<(String, ObjectHash)>, StoreError> {
    let rows: Vec<(String, String)> = gov_receipts::table
        .filter(gov_receipts::poll_hash.eq(poll.to_string()))
        .order((gov_receipts::hub, gov_receipts::ballot_hash))
        .limit(RECEIPTS_MAX)
        .select((gov_receipts::hub, gov_receipts::ballot_hash))
        .load(conn)?;
    rows.into_iter()
        .map(|(hub, ballot)| Ok((hub, parsed(&ballot)?)))
        .collect()
}

/// Most receipts of a poll that a page counts: 100 hubs, 100 ballots.
const RECEIPTS_MAX: i64 = 10_000;

/// Ballots of a poll that were on time here and that this hub gave no receipt for; at most 200.
pub(in super::super) fn unacknowledged(
    conn: &mut Conn,
    poll: ObjectHash,
    me: &str,
) -> Result<Vec<ObjectHash>, StoreError> {
    let given = gov_receipts::table
        .filter(gov_receipts::poll_hash.eq(poll.to_string()))
        .filter(gov_receipts::hub.eq(me.to_owned()))
        .select(gov_receipts::ballot_hash);
    let rows: Vec<String> = gov_held::table
        .inner_join(gov_objects::table)
        .filter(gov_held::poll_hash.eq(poll.to_string()))
        .filter(gov_held::on_time.eq(true))
        .filter(gov_objects::kind.eq(Kind::Ballot.as_str()))
        .filter(gov_objects::signer_hub.ne(me.to_owned()))
        .filter(gov_held::hash.ne_all(given))
        .order(gov_held::hash)
        .limit(200)
        .select(gov_held::hash)
        .load(conn)?;
    rows.iter().map(|text| parsed(text)).collect()
}

/// What the body of an object says it is, when it is a genesis.
pub(in super::super) fn genesis_of(
    object: &Object,
) -> Option<&interkpa_federation::governance::genesis::Genesis> {
    match object.body() {
        Body::Genesis(genesis) => Some(genesis),
        _ => None,
    }
}

/// Whether an object is held for a poll.
pub(in super::super) fn is_held_for(
    conn: &mut Conn,
    poll: ObjectHash,
    hash: ObjectHash,
) -> Result<bool, StoreError> {
    let held = gov_held::table
        .filter(gov_held::poll_hash.eq(poll.to_string()))
        .filter(gov_held::hash.eq(hash.to_string()));
    Ok(diesel::select(diesel::dsl::exists(held)).get_result(conn)?)
}

fn kinds_of(rows: Vec<(String, String)>) -> Result<Vec<(ObjectHash, Kind)>, StoreError> {
    let kind = |word: &str| {
        Kind::parse(word).ok_or_else(|| StoreError::broken("a stored object is of no known kind"))
    };
    rows.into_iter()
        .map(|(hash, word)| Ok((parsed(&hash)?, kind(&word)?)))
        .collect()
}

/// Hashes and kinds of what is held for a poll, after one of them, of one signer or of all.
pub(in super::super) fn held_kinds(
    conn: &mut Conn,
    poll: ObjectHash,
    after: Option<ObjectHash>,
    signer: Option<&str>,
    limit: i64,
) -> Result<Vec<(ObjectHash, Kind)>, StoreError> {
    let after = after.map(|hash| hash.to_string()).unwrap_or_default();
    let mut query = gov_held::table
        .inner_join(gov_objects::table)
        .filter(gov_held::poll_hash.eq(poll.to_string()))
        .filter(gov_held::hash.gt(after))
        .order(gov_held::hash)
        .limit(limit.clamp(1, ROWS_MAX))
        .select((gov_held::hash, gov_objects::kind))
        .into_boxed();
    if let Some(signer) = signer {
        query = query.filter(gov_objects::signer_hub.eq(signer.to_owned()));
    }
    kinds_of(query.load(conn)?)
}

/// Hashes of originals of some kinds, after one of them.
pub(in super::super) fn hashes_of(
    conn: &mut Conn,
    kinds: &[Kind],
    after: Option<ObjectHash>,
    limit: i64,
) -> Result<Vec<(ObjectHash, Kind)>, StoreError> {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let after = after.map(|hash| hash.to_string()).unwrap_or_default();
    let rows = gov_objects::table
        .filter(gov_objects::kind.eq_any(words))
        .filter(gov_objects::hash.gt(after))
        .order(gov_objects::hash)
        .limit(limit.clamp(1, ROWS_MAX))
        .select((gov_objects::hash, gov_objects::kind))
        .load(conn)?;
    kinds_of(rows)
}

/// Whether this hub has cast a ballot in a poll.
pub(in super::super) fn has_own_ballot(
    conn: &mut Conn,
    poll: ObjectHash,
) -> Result<bool, StoreError> {
    let own = gov_own_slots::table
        .filter(gov_own_slots::poll_hash.eq(poll.to_string()))
        .filter(gov_own_slots::kind.eq(place(Slot::Ballot(1)).0));
    Ok(diesel::select(diesel::dsl::exists(own)).get_result(conn)?)
}
