//! Both hubs killed at random moments while their members deal with each other.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use interkpa_server::testing::database::setting;

use crate::books::assert_balanced;
use crate::chance::Chance;
use crate::deal::{CALLS, Closed, Deal, Party};
use crate::hub::Person;
use crate::proxy::Fault;
use crate::rig::{Rig, person};

/// Kills of one run unless the environment says otherwise.
const KILLS: usize = 50;
/// Deals at any time. Each has two members of its own.
const WORKERS: usize = 6;
/// Longest calm between two kills, in milliseconds.
const CALM: u64 = 1_000;

fn members(hub: usize) -> Vec<Person> {
    (0..WORKERS)
        .map(|n| {
            person(
                &format!("membre{n}"),
                &format!("Membre {n}"),
                &phone(hub, n),
            )
        })
        .collect()
}

fn phone(hub: usize, n: usize) -> String {
    format!("06 39 98 0{hub} 0{n}")
}

fn party(hub: usize, n: usize) -> Party {
    Party {
        handle: format!("membre{n}"),
        phone: phone(hub, n),
    }
}

/// What the kills interrupted: calls not answered yet, by kind.
type Interrupted = BTreeMap<&'static str, usize>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled_when_hubs_are_killed() {
    let chance = Chance::of_run("kills");
    let kills = setting("INTERKPA_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let rig = Rc::new(Rig::start("kills", [members(0), members(1)]).await);
    for hub in &rig.hubs {
        hub.proxy.mistreat(&chance, &Fault::QUIET);
    }
    let begun = tokio::time::Instant::now();

    let together = tokio::task::LocalSet::new();
    let (closed, interrupted) = together
        .run_until(async {
            let over = Rc::new(Cell::new(false));
            let mut workers = tokio::task::JoinSet::new();
            for n in 0..WORKERS {
                let (rig, chance, over) = (Rc::clone(&rig), chance.clone(), Rc::clone(&over));
                workers.spawn_local(async move { work(&rig, &chance, n, &over).await });
            }
            let interrupted = tokio::select! {
                interrupted = kill_and_restart(&rig, &chance, kills) => interrupted,
                Some(ended) = workers.join_next() => panic!("a member gave up: {:?}", ended.err()),
            };
            over.set(true);
            let closed: Vec<Closed> = workers.join_all().await.into_iter().flatten().collect();
            (closed, interrupted)
        })
        .await;
    rig.until_quiet().await;

    rig.stop();
    assert_balanced(&rig.hubs, &closed);
    let busy: usize = rig.hubs.iter().map(|hub| hub.proxy.busy()).sum();
    println!(
        "{kills} kills in {} s, {} deals, {} calls acknowledged, 0 lost, 0 doubled, \
         {busy} deliveries put off; interrupted: {interrupted:?}",
        begun.elapsed().as_secs(),
        closed.len(),
        closed.len() * CALLS,
    );
}

/// Deals without end, from either side, until it is over; none is left half done.
async fn work(rig: &Rig, chance: &Chance, n: usize, over: &Cell<bool>) -> Vec<Closed> {
    let mut closed = Vec::new();
    while !over.get() {
        let at = usize::from(chance.once_in(2));
        let deal = Deal {
            key: format!("m{n}d{}", closed.len()),
            at,
            proposer: party(at, n),
            responder: party(Rig::beyond(at), n),
        };
        closed.push(deal.close(rig, chance).await);
    }
    closed
}

/// Kills one hub or the other so many times; sometimes while it starts.
async fn kill_and_restart(rig: &Rig, chance: &Chance, kills: usize) -> Interrupted {
    let mut interrupted = Interrupted::new();
    for _ in 0..kills {
        let victim = usize::from(chance.once_in(2));
        let hub = &rig.hubs[victim];
        if chance.once_in(5) {
            // The one before may still be starting, or just have begun to serve.
            tokio::time::sleep(chance.within(300)).await;
        } else {
            hub.until_it_serves().await;
            hub.assert_whole();
            tokio::time::sleep(chance.within(CALM)).await;
            if chance.once_in(2) {
                let sent = rig.sent[victim].notified();
                let _ = tokio::time::timeout(Duration::from_secs(1), sent).await;
                tokio::time::sleep(chance.within(25)).await;
            }
        }
        for kind in rig.under_way(victim) {
            *interrupted.entry(kind).or_default() += 1;
        }
        hub.kill();
        hub.spawn();
    }
    for hub in &rig.hubs {
        hub.until_it_serves().await;
        hub.assert_whole();
    }
    interrupted
}
