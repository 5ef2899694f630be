//! The story through a network that repeats, reorders and cuts every kind of delivery.

use crate::books::assert_balanced;
use crate::chance::Chance;
use crate::deal::{Deal, Party};
use crate::proxy::Fault;
use crate::rig::{Rig, person};

fn party(handle: &str, phone: &str) -> Party {
    Party {
        handle: handle.to_owned(),
        phone: phone.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_need_is_met_between_two_hubs_though_deliveries_are_repeated_reordered_and_cut() {
    let chance = Chance::of_run("story");
    let (aicha, lucien) = ("06 39 98 00 21", "06 39 98 00 11");
    let (bruno, marthe) = ("06 39 98 00 22", "06 39 98 00 12");
    let rig = Rig::start(
        "story",
        [
            vec![
                person("aicha", "Aïcha", aicha),
                person("bruno", "Bruno", bruno),
            ],
            vec![
                person("lucien", "Lucien", lucien),
                person("marthe", "Marthe", marthe),
            ],
        ],
    )
    .await;
    for hub in &rig.hubs {
        hub.proxy.mistreat(&chance, &Fault::ALL);
    }

    let (aicha, lucien) = (party("aicha", aicha), party("lucien", lucien));
    let (bruno, marthe) = (party("bruno", bruno), party("marthe", marthe));
    let deal = |key: &str, at, proposer: &Party, responder: &Party| Deal {
        key: key.to_owned(),
        at,
        proposer: proposer.clone(),
        responder: responder.clone(),
    };
    // Each engine owns half of the agreements.
    let deals = [
        deal("un", 0, &aicha, &lucien),
        deal("deux", 0, &bruno, &lucien),
        deal("trois", 1, &lucien, &aicha),
        deal("quatre", 1, &marthe, &bruno),
    ];
    let (one, two, three, four) = tokio::join!(
        deals[0].close(&rig, &chance),
        deals[1].close(&rig, &chance),
        deals[2].close(&rig, &chance),
        deals[3].close(&rig, &chance),
    );
    rig.until_quiet().await;

    rig.stop();
    assert_balanced(&rig.hubs, &[one, two, three, four]);
    for hub in &rig.hubs {
        let suffered = hub.proxy.dealt();
        assert_eq!(
            suffered.len(),
            Fault::ALL.len(),
            "{}: {suffered:?}",
            hub.slug
        );
        println!("{}: {suffered:?}", hub.slug);
    }
}
