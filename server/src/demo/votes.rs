//! The votes of the sample network: four KPA found it, one vote is certified within a minute, one stays
//! open. The fifth follows both and has no voice.

use anyhow::Context as _;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::multikey::SecretKey;
use interkpa_federation::{Instant, Span};
use serde_json::{Value, json};

use super::samples::SampleHub;
use super::told;
use crate::app::App;
use crate::db::error::StoreError;
use crate::features::people;
use crate::features::people::rights::{Right, Roles};
use crate::features::votes::commands::{self, Hand, NewBallot, NewPoll};
use crate::features::votes::founding;
use crate::features::votes::model::{DraftState, Mandated};

/// So many of the sample hubs found the network.
const FOUNDERS: usize = 4;
/// The shortest notice of the sample network.
const NOTICE: Span = Span::seconds(10);
/// The unit of its time-outs.
const ROUND_MS: u64 = 6_000;
/// When the first vote closes.
const FIRST_CLOSES: Span = Span::seconds(25);

/// A sample hub and who acts for it.
pub(super) struct Delegation<'h> {
    /// The hub.
    pub(super) app: &'h App,
    /// Its people.
    pub(super) sample: &'static SampleHub,
}

/// Founds the network and opens its first votes.
///
/// # Errors
/// A refusal of a command.
pub(super) async fn begin(hubs: &[Delegation<'_>], open_for: Span) -> anyhow::Result<()> {
    let founders = hubs.get(..FOUNDERS.min(hubs.len())).unwrap_or_default();
    let Some(first) = founders.first() else {
        return Ok(());
    };
    found(hubs, founders, first.app.now()).await?;
    let now = first.app.now();
    let texts = [
        (
            "Un kit d’outils commun pour les chantiers",
            "Chaque KPA met dans un pot commun de quoi acheter **un kit d’outils** que les chantiers se prêtent.",
            FIRST_CLOSES,
            ["approve", "approve", "oppose", "approve"].as_slice(),
        ),
        (
            "Une rencontre du réseau au printemps",
            "Nous nous retrouvons **deux jours au printemps**, chez le KPA qui peut accueillir tout le monde.",
            open_for,
            ["approve", "approve"].as_slice(),
        ),
    ];
    for (title, text, life, choices) in texts {
        let poll = open(first, title, text, now + life).await?;
        for (hub, choice) in founders.iter().zip(choices) {
            received(hub.app, poll).await?;
            vote(hub, poll, choice).await?;
        }
    }
    Ok(())
}

async fn found(
    hubs: &[Delegation<'_>],
    founders: &[Delegation<'_>],
    now: Instant,
) -> anyhow::Result<()> {
    let cards = founders.iter().map(|hub| {
        let seed = hub.app.random.bytes::<32>();
        founding::card(hub.app, SecretKey::from_seed(&seed).public())
    });
    let rules = founding::short_rules(NOTICE, ROUND_MS);
    let genesis = founding::genesis("KPA-Cité (démonstration)", now, cards.collect(), rules);
    let copies = founders
        .iter()
        .map(|hub| founding::sign(hub.app, &genesis, now))
        .collect::<Result<Vec<_>, _>>()?;
    let signed = founding::join(&copies)?;
    for hub in hubs {
        founding::import(hub.app, signed.clone(), signed.hash()).await?;
    }
    Ok(())
}

async fn open(
    hub: &Delegation<'_>,
    title: &str,
    text: &str,
    closes_at: Instant,
) -> anyhow::Result<ObjectHash> {
    let new = NewPoll {
        title: title.to_owned(),
        language: "fr".to_owned(),
        text: text.to_owned(),
        opens_at: None,
        closes_at,
        question: json!({"kind": "approval"}),
        rule: json!({
            "threshold": {"num": 1, "den": 2, "strict": true, "base": "expressed"},
            "quorum": {"num": 1, "den": 2, "strict": true, "base": "electorate"},
            "abstainCountsInQuorum": true,
        }),
        effect: None,
        previous: None,
        convocation: None,
        hidden: false,
    };
    let by = hand(hub, Right::Vote, None).await?;
    commands::open(hub.app, &by, new).await.map_err(told)
}

/// Waits until a hub knows a poll: asked for it, it has it at once.
async fn received(app: &App, poll: ObjectHash) -> anyhow::Result<()> {
    commands::ask_for_poll(app, poll)
        .await
        .map_err(told)
        .with_context(|| format!("{} does not get the vote", app.origin))
}

async fn vote(hub: &Delegation<'_>, poll: ObjectHash, choice: &str) -> anyhow::Result<()> {
    let by = hand(hub, Right::Vote, None).await?;
    let new = NewBallot {
        choice: Value::from(choice),
        reason: None,
        mandate: Mandated {
            mode: "assembly".to_owned(),
            decided_at: hub.app.now().to_rfc3339(),
            participants: Some(9),
            in_favour: None,
            against: None,
            abstained: None,
            minutes_sha256: None,
            local_ref: None,
        },
    };
    let prepared = commands::prepare(hub.app, &by, poll, new, String::new())
        .await
        .map_err(told)?;
    if prepared.state == DraftState::Waiting {
        let second = hand(hub, Right::ConfirmVote, Some(&by)).await?;
        commands::confirm(hub.app, &second, poll, &prepared.id)
            .await
            .map_err(told)?;
    }
    Ok(())
}

/// A person of the sample with a right, and not that other one.
async fn hand(hub: &Delegation<'_>, right: Right, but: Option<&Hand>) -> anyhow::Result<Hand> {
    for person in hub.sample.people {
        let roles: Roles = person.roles.iter().copied().collect();
        if !roles.may(right) {
            continue;
        }
        let handle = person.handle;
        let id = hub
            .app
            .store
            .read(move |conn| -> Result<_, StoreError> { people::id_of_handle(conn, handle) })
            .await?;
        if let Some(member) = id.filter(|id| but.is_none_or(|but| but.member != *id)) {
            return Ok(Hand { member, roles });
        }
    }
    anyhow::bail!("nobody of {} may {}", hub.sample.name, right.as_str())
}
