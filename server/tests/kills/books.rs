//! What the databases say in the end: everything acknowledged is there, once, on both hubs.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use interkpa_server::db::conn::Conn;
use interkpa_server::db::schema::{
    agreements, deliveries, economic_events, hour_facts, inbox_activities, jobs, messages,
    notifications, outbox_activities, proposals, responses,
};

use crate::deal::{Closed, MINUTES};
use crate::hub::Hub;

/// What a hub has still to send, or to do with what it took in.
pub(crate) fn waiting(hub: &Hub) -> usize {
    let conn = &mut hub.look();
    let to_send: i64 = deliveries::table
        .filter(deliveries::state.eq("waiting"))
        .count()
        .get_result(conn)
        .unwrap_or(1);
    let to_apply: i64 = inbox_activities::table
        .filter(inbox_activities::state.eq("waiting"))
        .count()
        .get_result(conn)
        .unwrap_or(1);
    usize::try_from(to_send + to_apply).unwrap()
}

/// Compares both hubs with what was acknowledged, and with each other.
pub(crate) fn assert_balanced(hubs: &[Hub; 2], closed: &[Closed]) {
    for hub in hubs {
        hub.assert_whole();
        hub.assert_never_failed();
        let refused = hub.proxy.refused();
        assert!(refused.is_empty(), "{} refused {refused:#?}", hub.slug);
        let conn = &mut hub.look();
        assert_deals(hub.slug, conn, closed);
        assert_told_once(hub.slug, conn);
        let buried: Vec<(String, Option<String>)> = jobs::table
            .filter(jobs::state.eq("dead"))
            .select((jobs::kind, jobs::last_error))
            .load(conn)
            .unwrap();
        assert!(buried.is_empty(), "{}: {buried:?}", hub.slug);
    }
    assert_arrived(&hubs[0], &hubs[1]);
    assert_arrived(&hubs[1], &hubs[0]);
}

/// Each activity that left one hub was taken in by the other, and nothing else was.
fn assert_arrived(from: &Hub, to: &Hub) {
    let rows: Vec<(String, String)> = deliveries::table
        .inner_join(outbox_activities::table)
        .select((outbox_activities::uri, deliveries::state))
        .load(&mut from.look())
        .unwrap();
    let sent: BTreeMap<String, String> = rows.into_iter().collect();
    let undone: Vec<_> = sent.iter().filter(|(_, state)| *state != "done").collect();
    assert!(undone.is_empty(), "{}: {undone:?}", from.slug);
    let rows: Vec<(String, String, Option<String>)> = inbox_activities::table
        .select((
            inbox_activities::id,
            inbox_activities::state,
            inbox_activities::note,
        ))
        .load(&mut to.look())
        .unwrap();
    let taken: BTreeSet<&String> = rows.iter().map(|(id, ..)| id).collect();
    assert_eq!(taken.len(), rows.len());
    assert_eq!(sent.keys().collect::<BTreeSet<_>>(), taken, "{}", to.slug);
    // A copy of an agreement that a later one overtook says nothing new.
    let is_applied = |state: &str, note: &Option<String>| {
        state == "applied" || note.as_deref() == Some("older_copy")
    };
    let unapplied: Vec<_> = rows
        .iter()
        .filter(|(_, state, note)| !is_applied(state, note))
        .collect();
    assert!(unapplied.is_empty(), "{}: {unapplied:?}", to.slug);
}

/// The deals of the test and no others, each part of them once.
fn assert_deals(slug: &str, conn: &mut Conn, closed: &[Closed]) {
    let found: Vec<(String, String)> = proposals::table
        .select((proposals::uri, proposals::title))
        .load(conn)
        .unwrap();
    let expected = closed
        .iter()
        .map(|deal| (deal.proposal.clone(), deal.title.clone()));
    assert_same(slug, "proposals", found, expected);
    let found: Vec<(String, String)> = responses::table
        .select((responses::uri, responses::state))
        .load(conn)
        .unwrap();
    let expected = closed
        .iter()
        .map(|deal| (deal.response.clone(), "accepted".to_owned()));
    assert_same(slug, "responses", found, expected);
    let found: Vec<(String, String)> = agreements::table
        .select((agreements::uri, agreements::state))
        .load(conn)
        .unwrap();
    let expected = closed
        .iter()
        .map(|deal| (deal.agreement.clone(), "confirmed".to_owned()));
    assert_same(slug, "agreements", found, expected);
    let found: Vec<(String, String)> = messages::table
        .inner_join(agreements::table.on(agreements::id.eq(messages::agreement_id)))
        .select((agreements::uri, messages::text))
        .load(conn)
        .unwrap();
    let written = |deal: &Closed| {
        deal.texts
            .clone()
            .map(|text| (deal.agreement.clone(), text))
    };
    assert_same(slug, "messages", found, closed.iter().flat_map(written));
    let found: Vec<(String, String)> = economic_events::table
        .inner_join(agreements::table.on(agreements::id.eq(economic_events::agreement_id)))
        .select((agreements::uri, economic_events::side))
        .load(conn)
        .unwrap();
    let said = |deal: &Closed| {
        ["proposer", "responder"].map(|side| (deal.agreement.clone(), side.to_owned()))
    };
    assert_same(slug, "facts", found, closed.iter().flat_map(said));
    let found: Vec<(String, i64)> = hour_facts::table
        .inner_join(agreements::table.on(agreements::id.eq(hour_facts::agreement_id)))
        .select((agreements::uri, hour_facts::minutes))
        .load(conn)
        .unwrap();
    let expected = closed.iter().map(|deal| (deal.agreement.clone(), MINUTES));
    assert_same(slug, "hours", found, expected);
}

/// Nobody is told the same thing twice.
fn assert_told_once(slug: &str, conn: &mut Conn) {
    let rows: Vec<(String, String, String, String)> = notifications::table
        .select((
            notifications::member_id,
            notifications::kind,
            notifications::href,
            notifications::args,
        ))
        .load(conn)
        .unwrap();
    let distinct: BTreeSet<_> = rows.iter().collect();
    let mut doubled: BTreeMap<_, usize> = BTreeMap::new();
    for row in &rows {
        *doubled.entry(row).or_default() += 1;
    }
    doubled.retain(|_, count| *count > 1);
    assert_eq!(
        distinct.len(),
        rows.len(),
        "{slug}: told twice: {doubled:#?}"
    );
}

fn assert_same<T: Ord + std::fmt::Debug>(
    slug: &str,
    what: &str,
    mut found: Vec<T>,
    expected: impl Iterator<Item = T>,
) {
    let mut expected: Vec<T> = expected.collect();
    found.sort();
    expected.sort();
    let missing: Vec<_> = expected.iter().filter(|one| !found.contains(one)).collect();
    let beyond: Vec<_> = found.iter().filter(|one| !expected.contains(one)).collect();
    assert!(
        missing.is_empty() && beyond.is_empty() && found.len() == expected.len(),
        "{slug}, {what}: missing {missing:#?}, beyond {beyond:#?}, {} for {}",
        found.len(),
        expected.len()
    );
}
