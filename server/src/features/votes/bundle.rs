//! The bundle of a certified poll: everything that anybody needs to recount it without us.
//! Source: votes.md 4.10.

use std::collections::BTreeMap;

use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::bundle::Bundle;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::object::Object;
use serde_json::Value;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::votes::store::{certificates, objects};

/// The bundle of a poll; none while it is not certified here.
pub(super) fn of_poll(conn: &mut Conn, poll: ObjectHash) -> Result<Option<Value>, StoreError> {
    let mut found = Collected::default();
    if !found.poll(conn, poll)? {
        return Ok(None);
    }
    Ok(Some(Bundle::write(poll, found.0.values())))
}

#[derive(Default)]
struct Collected(BTreeMap<ObjectHash, Object>);

impl Collected {
    /// An object of the store, collected; none when it was collected before.
    fn add(&mut self, conn: &mut Conn, hash: ObjectHash) -> Result<Option<Object>, StoreError> {
        if self.0.contains_key(&hash) {
            return Ok(None);
        }
        let object = objects::find(conn, hash)?.ok_or(StoreError::NotFound)?;
        self.0.insert(hash, object.clone());
        Ok(Some(object))
    }

    /// A certified poll with its certificate and every decision behind it.
    fn poll(&mut self, conn: &mut Conn, poll: ObjectHash) -> Result<bool, StoreError> {
        let Some(certificate) = certificates::of_poll(conn, poll)? else {
            return Ok(false);
        };
        let Some(object) = self.add(conn, poll)? else {
            return Ok(true);
        };
        let Body::Poll(asked) = object.body() else {
            return Err(StoreError::broken("a stored poll is none"));
        };
        self.add(conn, asked.electorate.genesis)?;
        self.value(conn, certificate.value)?;
        self.signatures(conn, poll, certificate.round, certificate.value)?;
        for decision in &asked.electorate.decisions {
            let object = objects::find(conn, *decision)?.ok_or(StoreError::NotFound)?;
            match object.body() {
                Body::Value(value) => {
                    self.poll(conn, value.poll)?;
                }
                _ => {
                    self.0.insert(*decision, object);
                }
            }
        }
        Ok(true)
    }

    /// A value with its seals, their lists, and the ballots with their chains.
    fn value(&mut self, conn: &mut Conn, hash: ObjectHash) -> Result<(), StoreError> {
        let Some(object) = self.add(conn, hash)? else {
            return Ok(());
        };
        let Body::Value(value) = object.body() else {
            return Err(StoreError::broken("a certified value is none"));
        };
        for seal in &value.seals {
            let Some(seal) = self.add(conn, *seal)? else {
                continue;
            };
            let Body::Seal(seal) = seal.body() else {
                continue;
            };
            if let Some(list) = self.add(conn, seal.list)?
                && let Body::SealList(list) = list.body()
            {
                for ballot in list.entries.iter().flat_map(|entry| entry.held.ballots()) {
                    self.chain(conn, *ballot)?;
                }
            }
        }
        Ok(())
    }

    /// A ballot and those before it.
    fn chain(&mut self, conn: &mut Conn, ballot: ObjectHash) -> Result<(), StoreError> {
        let mut next = Some(ballot);
        while let Some(hash) = next {
            let object = self.add(conn, hash)?;
            next = match object.as_ref().map(Object::body) {
                Some(Body::Ballot(ballot)) => ballot.place.prev(),
                _ => None,
            };
        }
        Ok(())
    }

    /// The signatures of the round in which the value was certified.
    fn signatures(
        &mut self,
        conn: &mut Conn,
        poll: ObjectHash,
        round: u64,
        value: ObjectHash,
    ) -> Result<(), StoreError> {
        let mut after = -1;
        loop {
            let page = objects::held(conn, poll, after)?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = *last;
            for (_, held) in page {
                if let Body::Sign(sign) = held.object.body()
                    && sign.round == round
                    && sign.value == Some(value)
                {
                    self.0.insert(held.object.hash(), held.object);
                }
            }
        }
    }
}
