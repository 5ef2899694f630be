//! A hub told to end at any moment, by either signal.

use crate::chance::Chance;
use crate::rig::Rig;

/// How often each hub is told.
const TIMES: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_told_to_end_at_any_moment_ends_well_and_starts_again_at_once() {
    let chance = Chance::of_run("ending");
    let rig = Rig::start("ending", [vec![], vec![]]).await;
    rig.stop();

    for hub in &rig.hubs {
        for time in 0..TIMES {
            let before = hub.starts();
            hub.spawn();
            // From the first moments of its start, when nothing is open yet, to after it serves.
            if time > 0 {
                tokio::time::sleep(chance.within(200)).await;
            }
            let signal = if chance.once_in(2) { "-TERM" } else { "-INT" };
            let code = hub.end(signal);
            // A process that does not listen to signals yet is ended by the system.
            let by_system = code.is_none() && hub.starts() == before;
            assert!(code == Some(0) || by_system, "{}: {code:?}", hub.slug);
        }
        hub.spawn();
        hub.until_it_serves().await;
        assert_eq!(hub.end("-TERM"), Some(0));
        hub.assert_whole();
        hub.assert_never_failed();
    }
}
