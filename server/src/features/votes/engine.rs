//! The machine of a poll, driven by the database: one step is one transaction.
//!
//! The row of the poll is locked, the machine is taken as it stands at the last step, what it says is
//! stored, own places before anything else, and only the commit lets the outbox send. Its timers are
//! jobs. Source: votes.md 4.9, S9.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use interkpa_federation::Instant;
use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::hub_id::HubId;
use interkpa_federation::governance::ledger::{Ledger, Verified};
use interkpa_federation::governance::machine::{Input, Machine, Opening, Output, Refusal, Stored};
use interkpa_federation::governance::object::{Kind, Object};
use interkpa_federation::governance::poll::Poll;
use interkpa_federation::multikey::SecretKey;
use tracing::{info, warn};

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::facts;
use crate::features::votes::model::PollState;
use crate::features::votes::store::certificates::{self, Certificate};
use crate::features::votes::store::polls::PollRow;
use crate::features::votes::store::{objects, polls};
use crate::features::votes::{jobs, register, send};

/// When an own object came back from others that this database did not know: as good as a restore.
const VOTES_RESTORED_AT: &str = "votes_restored_at";

/// What a step did, beside what it stored.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// Why the hub's own wish is refused.
    pub(super) refused: Option<Refusal>,
    /// What this hub signed.
    pub(super) emitted: Vec<Arc<Object>>,
    /// Whether the input was kept; a machine lets no junk in.
    pub(super) kept: bool,
    /// The result that was certified in this step.
    pub(super) certified: Option<ObjectHash>,
}

/// The latest instant at which this hub was restored from a backup.
pub(super) fn restored_at(conn: &mut Conn) -> Result<Option<Instant>, StoreError> {
    let mut latest = None;
    for key in [facts::RESTORED_AT, VOTES_RESTORED_AT] {
        let at = facts::get(conn, key)?.and_then(|text| text.parse().ok());
        latest = latest.max(at.map(Instant::from_milliseconds));
    }
    Ok(latest)
}

/// The key with which this hub signs in a poll: the one that the poll froze.
pub(super) fn key_for(app: &App, me: HubId, poll: &Poll) -> SecretKey {
    let frozen = poll.member(me).map(|member| member.key);
    let former = app
        .keys
        .governance_former
        .iter()
        .find(|key| frozen.is_some_and(|frozen| frozen == key.public()));
    former.unwrap_or(&app.keys.governance).clone()
}

/// The machine of a poll from its rows.
fn open(app: &App, conn: &mut Conn, row: &PollRow) -> Result<Machine, StoreError> {
    let broken = |error| StoreError::Broken(Box::new(error));
    let poll = objects::find(conn, row.hash)?.ok_or(StoreError::NotFound)?;
    let poll = Arc::new(poll);
    let mut stored = vec![];
    let mut after = -1;
    loop {
        let page = objects::held(conn, row.hash, after)?;
        let Some((last, _)) = page.last() else {
            break;
        };
        after = *last;
        for (_, held) in page {
            let object = Verified::in_poll(&poll, Arc::new(held.object)).map_err(broken)?;
            stored.push(Stored {
                object,
                arrival: held.arrival,
            });
        }
    }
    let opening = Opening {
        poll,
        me: register::own_id(app)?,
        round: interkpa_federation::Span::milliseconds(row.round_ms),
        poll_received_at: row.received_at,
        stale: row.stale,
        restored_at: restored_at(conn)?,
    };
    Machine::open(opening, stored).map_err(broken)
}

/// A copy of the machine of a poll as it stands, for reading.
pub(super) fn look(app: &App, conn: &mut Conn, row: &PollRow) -> Result<Machine, StoreError> {
    match app.caches.machines.copy(row.hash, &row.step) {
        Some(machine) => Ok(machine),
        None => open(app, conn, row),
    }
}

/// One step of the machine of a poll, in the caller's transaction; none for an unknown poll.
///
/// # Errors
/// Those of the store: nothing of the step was stored then, and nothing leaves.
pub(super) fn step(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    poll: ObjectHash,
    input: Input,
) -> Result<Option<Done>, StoreError> {
    let Some(mut row) = polls::lock(tx, poll)? else {
        return Ok(None);
    };
    let mut machine = match app.caches.machines.take(poll, &row.step) {
        Some(machine) => machine,
        None => open(app, tx, &row)?,
    };
    let me = register::own_id(app)?;
    let key = key_for(app, me, machine.poll());
    let outputs = machine.step(now, input, &key);
    let mut turn = Turn {
        app,
        now,
        me,
        machine: &machine,
        row: &mut row,
        done: Done::default(),
        leaving: vec![],
        stored: false,
    };
    for output in outputs {
        turn.store(tx, output)?;
    }
    let done = turn.finish(tx)?;
    jobs::plan_tick(app, tx, now, poll, machine.wake_at())?;
    app.caches.machines.put(poll, row.step, machine);
    Ok(Some(done))
}

/// What one step stores.
struct Turn<'t> {
    app: &'t App,
    now: Instant,
    me: HubId,
    machine: &'t Machine,
    row: &'t mut PollRow,
    done: Done,
    leaving: Vec<Arc<Object>>,
    stored: bool,
}

impl Turn<'_> {
    fn store(&mut self, tx: &mut Conn, output: Output) -> Result<(), StoreError> {
        let poll = self.row.hash;
        match output {
            Output::Keep(object) => {
                self.hold(tx, &object)?;
                if object.body().hub() == Some(self.me) {
                    objects::remember_slot(tx, &object)?;
                }
                if matches!(object.body(), Body::Ballot(_)) {
                    jobs::plan_ack(self.app, tx, self.now, self.row)?;
                }
                self.done.kept = true;
            }
            Output::OnTime(hash) => objects::on_time(tx, poll, hash)?,
            Output::Emit(object) => {
                if object.body().hub() == Some(self.me) {
                    objects::fill_slot(tx, &object)?;
                }
                self.hold(tx, &object)?;
                self.done.emitted.push(Arc::clone(&object));
                self.leaving.push(object);
            }
            Output::Resend(object) => self.leaving.push(object),
            Output::Certified(value) => self.certify(tx, value)?,
            Output::Fault(fault) => {
                if objects::insert_fault(tx, self.now, poll, &fault)? {
                    let hub = fault.hub.to_string();
                    warn!(hub, poll = %poll, "signed two things in one place");
                    self.note(tx, "poll_fault", Some(&hub))?;
                }
            }
            Output::Restored(at) => {
                let at = at.as_milliseconds().to_string();
                facts::put(tx, VOTES_RESTORED_AT, &at, self.now)?;
                self.note(tx, "poll_own_object_unknown", None)?;
            }
            Output::Refused(refusal) => self.done.refused = Some(refusal),
        }
        Ok(())
    }

    /// Stores an object at the next place of the poll.
    fn hold(&mut self, tx: &mut Conn, object: &Object) -> Result<(), StoreError> {
        objects::insert(tx, self.now, object)?;
        if objects::hold(tx, self.row.hash, self.row.places, object.hash())? {
            self.row.places += 1;
        }
        self.stored = true;
        Ok(())
    }

    fn certify(&mut self, tx: &mut Conn, value: ObjectHash) -> Result<(), StoreError> {
        let ledger = self.machine.ledger();
        let Some(certified) = ledger.value(value) else {
            return Err(StoreError::broken("a certified value is not held"));
        };
        let result = &certified.result;
        let certificate = Certificate {
            value,
            poll: self.row.hash,
            round: round_of(ledger, value).unwrap_or(0),
            result: result.to_json().to_string(),
            certified_at: self.now,
            applied_at: None,
            refuted_at: None,
        };
        certificates::insert(tx, &certificate)?;
        self.row.outcome = Some(result.outcome.as_str().to_owned());
        self.done.certified = Some(value);
        self.stored = true;
        info!(poll = %self.row.hash, outcome = %result.outcome, "certified");
        self.note(tx, "poll_certify", Some(result.outcome.as_str()))
    }

    /// A line of the audit trail about this poll.
    fn note(
        &self,
        tx: &mut Conn,
        command: &'static str,
        new_state: Option<&str>,
    ) -> Result<(), StoreError> {
        let subject = self.row.hash.to_string();
        let event = Event {
            new_state,
            ..Event::new(Actor::System("votes"), command, "poll", &subject)
        };
        audit::record(tx, &self.app.new_id(), self.now, &event)
    }

    /// Writes the row, then puts what leaves into the outbox.
    fn finish(mut self, tx: &mut Conn) -> Result<Done, StoreError> {
        let state = if self.machine.certified().is_some() {
            PollState::Certified
        } else if self.now >= self.row.closes_at {
            PollState::Closing
        } else {
            PollState::Open
        };
        if self.stored || state != self.row.state {
            self.row.state = state;
            self.row.step = self.app.new_id();
            polls::stepped(tx, self.row)?;
        }
        let leaving = std::mem::take(&mut self.leaving);
        send::to_electors(self.app, tx, self.now, self.machine.poll(), &leaving)?;
        if let Some(value) = self.done.certified {
            jobs::after_certificate(self.app, tx, self.now, self.row, value)?;
        }
        Ok(self.done)
    }
}

/// The first round in which enough certifiers signed a value.
pub(super) fn round_of(ledger: &Ledger, value: ObjectHash) -> Option<u64> {
    let mut signed: BTreeMap<u64, BTreeSet<HubId>> = BTreeMap::new();
    for object in ledger.objects() {
        if let Body::Sign(sign) = object.body()
            && sign.value == Some(value)
        {
            signed.entry(sign.round).or_default().insert(sign.hub);
        }
    }
    let enough = ledger.poll().numbers().to_sign();
    signed
        .into_iter()
        .find(|(_, hubs)| hubs.len() >= enough)
        .map(|(round, _)| round)
}

/// The polls whose machines want an object: lists belong to no poll.
pub(super) fn wanted_by(
    app: &App,
    conn: &mut Conn,
    object: &Object,
) -> Result<Vec<ObjectHash>, StoreError> {
    if object.kind() != Kind::SealList {
        return Ok(vec![]);
    }
    let mut found = vec![];
    for row in polls::live(conn)? {
        if look(app, conn, &row)?.wanted().contains(&object.hash()) {
            found.push(row.hash);
        }
    }
    Ok(found)
}
